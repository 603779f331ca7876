#pragma once

#include <string_view>
#include <vector>

#include "space/reader.h"
#include "space/space_file.h"

namespace evotune {

// The sections of a space file, one function each. Each notes its mistakes in the Reader and leaves
// what it could read.

void read_kernel(Reader&, const YamlNode&, KernelDeclaration&);
void read_launch(Reader&, const YamlNode&, std::string_view key, LaunchDeclaration&);
void read_reference(Reader&, const YamlNode&, ReferenceDeclaration&);

/// A map of sizes, or a list of such maps.
void read_problem(Reader&, const YamlNode&, std::vector<Shape>&);
void read_shapes(Reader&, const YamlNode&, SpaceFile&);
void apply_overrides(Reader&, const Bindings& overrides, SpaceFile&);

void read_parameters(Reader&, const YamlNode&, std::vector<ParameterDeclaration>&);
/// A scalar fixes an option, a list tunes it.
void read_options(Reader&, const YamlNode&, SpaceFile&);
/// A map of parameters and values: a baseline or a preset. Reads after the parameters.
void read_config(Reader&, const YamlNode&, const std::vector<ParameterDeclaration>&, NamedConfig&);
void read_baseline(Reader&, const YamlNode&, SpaceFile&);
void read_presets(Reader&, const YamlNode&, SpaceFile&);

void read_lets(Reader&, const YamlNode&, std::vector<NamedExpression>&);
void read_constraints(Reader&, const YamlNode&, std::vector<PlacedExpression>&);

/// Reads after the parameters: an element type may be one of theirs.
void read_arguments(Reader&, const YamlNode&, const std::vector<ParameterDeclaration>&,
                    std::vector<ArgumentSpec>&);

void read_verify(Reader&, const YamlNode&, VerifySettings&);
void read_gates(Reader&, const YamlNode&, std::vector<NamedExpression>&);
void read_metrics(Reader&, const YamlNode&, std::vector<NamedExpression>&);
void read_fitness(Reader&, const YamlNode&, SpaceFile&);
void read_search(Reader&, const YamlNode&, SearchSettings&);
void read_stop(Reader&, const YamlNode&, StopSettings&);
void read_measure(Reader&, const YamlNode&, MeasureSettings&);

/// Two things with one name, names that C++ or the expression language keep.
void check_declared_names(Reader&, const YamlNode& root, const SpaceFile&);

}  // namespace evotune
