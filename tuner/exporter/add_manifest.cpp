#include <nlohmann/json.hpp>

#include "base/hash.h"
#include "exporter/formats.h"
#include "exporter/json_value.h"
#include "kernel/structure.h"

namespace evotune {
namespace {

using Json = nlohmann::ordered_json;

Json texts_of(const std::vector<PlacedExpression>& expressions) {
  Json list = Json::array();
  for (const PlacedExpression& one : expressions) list.push_back(one.expression.text());
  return list;
}

Json launch_json(const Winner& winner) {
  const LaunchDeclaration& declared = winner.file.launch;
  Json json;
  json["grid"] = winner.launch.grid;
  json["block"] = winner.launch.block;
  json["shared_bytes"] = winner.launch.shared_bytes;
  json["expressions"]["grid"] = texts_of(declared.grid);
  json["expressions"]["block"] = texts_of(declared.block);
  json["expressions"]["shared_bytes"] =
      declared.shared_bytes ? declared.shared_bytes->expression.text() : "0";
  Json lets = Json::object();
  for (const NamedExpression& let : winner.file.lets) lets[let.name] = let.expression.text();
  json["expressions"]["let"] = lets;
  return json;
}

Json value_json(const std::vector<Expression>& components) {
  if (components.size() == 1) return components.front().text();
  Json list = Json::array();
  for (const Expression& one : components) list.push_back(one.text());
  return list;
}

Json members_json(const ArgumentSpec& spec, const Argument& structure);

Json argument_json(const ArgumentSpec& spec, const Argument& argument) {
  Json json;
  json["name"] = argument.name;
  json["role"] = to_text(argument.role);
  json["type"] = spec.members.empty() ? to_text(argument.type) : "struct";
  if (spec.members.empty()) json["count"] = argument.count;
  json["bytes"] = argument.bytes();
  if (!spec.members.empty()) json["members"] = members_json(spec, argument);
  Json extents = Json::array();
  for (const Expression& extent : spec.extents) extents.push_back(extent.text());
  if (!extents.empty()) json["extents"] = extents;
  if (!spec.value.empty()) json["value"] = value_json(spec.value);
  if (!argument.within.empty()) json["within"] = argument.within;
  if (!argument.symbol.empty()) json["symbol"] = argument.symbol;
  return json;
}

Json members_json(const ArgumentSpec& spec, const Argument& structure) {
  const std::vector<std::uint64_t> offsets = offsets_of(structure.members);
  Json list = Json::array();
  for (std::size_t i = 0; i < structure.members.size(); ++i) {
    const Argument& member = structure.members[i];
    if (member.role == Role::scalar)
      list.push_back(argument_json(spec.members.at(i), member));
    else  // described behind the structure
      list.push_back({{"name", member.name}, {"role", to_text(member.role)}});
    list.back()["offset"] = offsets[i];
  }
  return list;
}

Json arguments_json(const Winner& winner) {
  Json list = Json::array();
  const std::size_t count = std::min(winner.arguments.size(), winner.file.arguments.size());
  for (std::size_t i = 0; i < count; ++i)
    list.push_back(argument_json(winner.file.arguments[i], winner.arguments[i]));
  return list;
}

Json shapes_json(const std::vector<Shape>& shapes) {
  Json list = Json::array();
  for (const Shape& shape : shapes) list.push_back(to_json(shape.sizes));
  return list;
}

// Of what has a name at the tuned shape, those that these declarations name.
Json lets_json(const Winner& winner) {
  Bindings lets;
  for (const NamedExpression& let : winner.file.lets)
    if (const auto found = winner.bound.find(let.name); found != winner.bound.end())
      lets.insert(*found);
  return to_json(lets);
}

Json device_json(const Winner& winner) {
  Bindings facts;
  for (const auto& [name, value] : winner.bound)
    if (name.starts_with("device.")) facts.emplace(name, value);
  return {{"id", winner.device.id},
          {"name", winner.device.name},
          {"arch", winner.device.arch},
          {"compiler", winner.device.compiler},
          {"facts", to_json(facts)}};
}

Json facts_json(const CompilerFacts& facts) {
  Json json = Json::object();
  if (facts.registers) json["registers"] = *facts.registers;
  if (facts.spill_bytes) json["spill_bytes"] = *facts.spill_bytes;
  if (facts.stack_bytes) json["stack_bytes"] = *facts.stack_bytes;
  if (facts.static_shared_bytes) json["static_shared_bytes"] = *facts.static_shared_bytes;
  return json;
}

Json tolerance_json(const VerifySettings& verify) {
  Json json = Json::object();
  if (verify.max_abs) json["max_abs"] = *verify.max_abs;
  if (verify.relative) json["relative"] = *verify.relative;
  if (verify.absolute) json["absolute"] = *verify.absolute;
  if (verify.reduction) json["reduction"] = verify.reduction->expression.text();
  return json;
}

Json evidence_json(const Winner& winner) {
  Json json;
  json["speedup"] = {{"median", winner.speedup.median},
                     {"low", winner.speedup.low},
                     {"high", winner.speedup.high}};
  if (const Measurement* measurement = winner.outcome.measurement()) {
    json["latency_us"] = latency_of(*measurement) * 1e6;
    for (const ShapeTiming& shape : measurement->shapes)
      json["pairs"][shape.shape] = shape.pairs.size();
  }
  if (winner.outcome.accuracy) {
    json["max_error"] = winner.outcome.accuracy->max_error;
    json["worst_of_allowed"] = winner.outcome.accuracy->worst_of_allowed;
  }
  json["tolerance"] = tolerance_json(winner.file.verify);
  json["shapes_checked"] = shapes_json(winner.file.check);
  if (winner.outcome.facts) json["compiler_facts"] = facts_json(*winner.outcome.facts);
  return json;
}

Json images_json(const Winner& winner) {
  Json list = Json::array();
  for (const Image& image : winner.images)
    list.push_back({{"file", image.name}, {"symbol", image.symbol}});
  return list;
}

Json hashes_json(const ExportedFiles& files) {
  Json json = Json::object();
  for (const ExportedFile& file : files) json[file.name] = content_hash(file.content);
  return json;
}

}  // namespace

void add_manifest(const Winner& winner, ExportedFiles& files) {
  Json json;
  json["format"] = manifest_format;
  json["name"] = winner.file.name;
  json["evotune"] = winner.evotune_version;
  json["kernel"] = {{"file", "kernel.cu"},
                    {"entry", winner.source.entry},
                    {"symbol", symbol_of(winner)},
                    {"options", winner.source.options},
                    {"source_hash", winner.source.hash},
                    {"fixed", to_json(fixed_in_source(winner))}};
  json["parameters"] = to_json(winner.values);
  json["baseline"] = to_json(winner.baseline_values);
  json["problem"] = shapes_json(winner.file.problem);
  json["let"] = lets_json(winner);
  json["launch"] = launch_json(winner);
  json["arguments"] = arguments_json(winner);
  json["images"] = images_json(winner);
  json["device"] = device_json(winner);
  json["provenance"] = {{"space", winner.file.name},
                        {"space_hash", winner.file.hash},
                        {"run", winner.run},
                        {"candidate", winner.candidate},
                        {"seed", winner.seed}};
  json["evidence"] = evidence_json(winner);
  json["files"] = hashes_json(files);
  // What is no UTF-8 in a device's or a file's name is replaced, not refused.
  const auto lenient = Json::error_handler_t::replace;
  files.push_back({"kernel.json", json.dump(2, ' ', false, lenient) + "\n"});
}

}  // namespace evotune
