// What becomes a macro, or the value of a constant.
#include "rendered_text.h"

namespace evotune {
namespace {

TEST(Render, SizesAreMacrosOnlyWhereTheTemplateDefinesThem) {
  const std::string space = "problem: {M: 8, N: 9}\nparameters: {BM: [64]}\n";
  const Bindings bound{{"BM", std::int64_t{64}}, {"M", std::int64_t{8}}, {"N", std::int64_t{9}}};
  const std::string text = text_of("#define M 1\nvoid f(int N);\nint x = BM;\n", space, bound);
  EXPECT_TRUE(contains(text, "#define M 8\n"));
  EXPECT_TRUE(contains(text, "// M is set above\n"));
  EXPECT_FALSE(contains(text, "#define N"));
}

// Many kernels write their tile sizes so; a macro would turn it into `constexpr int 64 = 16`.
TEST(Render, AMacroThatIsDefinedBehindADeclarationOfItsNameKeepsItsPlace) {
  const std::string space = "problem: {M: 8}\nparameters: {BM: [64]}\n";
  const Bindings bound{{"BM", std::int64_t{64}}, {"M", std::int64_t{8}}};
  const std::string kernel = "__global__ void k(float* y, int M);\n", define = "#define M 1\n",
                    host = "int main() { k<<<1, 1>>>(0, M); }\n";
  EXPECT_EQ(text_of(kernel + define + "#undef M\n" + define + host, space, bound),
            "#line 1 \"kernel.cu\"\n" + kernel + "#define M 8\n#undef M\n#define M 8\n" + host);
  EXPECT_EQ(text_of(kernel + "#ifndef M\n" + define + "#endif\n", space, bound),
            "#line 1 \"kernel.cu\"\n" + kernel + "#ifndef M\n#define M 8\n#endif\n");
  for (const std::string& before :
       {define + kernel, "#ifndef M\n" + define + "#endif\n" + kernel,
        "void f(int M) { cudaFree(0); }\n" + define + "__global__ void k(float* y);\n"})
    EXPECT_TRUE(text_of(before + host, space, bound).starts_with("#define M 8\n")) << before;
}

TEST(Render, AConstantOfTheTemplateSaysWhatTheVariantSays) {
  const std::string kernel =
      "constexpr int BM = 16, BN = (4 + 4) * 4;\n__global__ void gemm(float* C) {\n"
      "  static const bool FAST =\n false;\n  const int other = BM;\n}\n";
  EXPECT_EQ(text_of(kernel, "parameters: {BM: [64], BN: [32], FAST: [false, true]}\n",
                    {{"BM", std::int64_t{64}}, {"BN", std::int64_t{32}}, {"FAST", true}}),
            "#line 1 \"kernel.cu\"\nconstexpr int BM = 64, BN = 32;\n"
            "__global__ void gemm(float* C) {\n"
            "  static const bool FAST =\n true;\n  const int other = BM;\n}\n");
}

TEST(Render, AConstantMayBeSpelledInAnyWay) {
  const auto set_in = [](const std::string& kernel) {
    const std::string text = text_of(kernel, "parameters: {BM: [64], BN: [32]}\n",
                                     {{"BM", std::int64_t{64}}, {"BN", std::int64_t{32}}});
    EXPECT_FALSE(contains(text, "#define")) << text;
    return text.substr(text.find('\n') + 1);
  };
  EXPECT_EQ(set_in("constexpr int BM{16}, BN = {8};"), "constexpr int BM{64}, BN = 32;\n");
  EXPECT_EQ(set_in("unsigned int const BM = 16;\nint static const BN = 8;\n"),
            "unsigned int const BM = 64;\nint static const BN = 32;\n");
  EXPECT_EQ(set_in("enum { BM = 16, OTHER, BN = 1 << 3 };"), "enum { BM = 64, OTHER, BN = 32 };\n");
  EXPECT_EQ(set_in("struct S { enum Tiles : int { BM = (4 + 4), BN = 2, }; };"),
            "struct S { enum Tiles : int { BM = 64, BN = 32, }; };\n");
}

TEST(Render, ASizeIsThatOfAConstantAtFileScopeAlone) {
  const std::string kernel =
      "namespace a {\nconst int M = 1 << 4;\n}\nvoid f() { const int N = 3; }\n";
  const Bindings sizes = {{"M", std::int64_t{8}}, {"N", std::int64_t{9}}};
  EXPECT_TRUE(contains(text_of(kernel, "problem: {M: 8, N: 9}\n", sizes),
                       "namespace a {\nconst int M = 8;\n}\nvoid f() { const int N = 3; }\n"));
  for (const char* another :
       {"enum class Size { N = 3 };", "enum Op { T, N = 3 };", "struct S { enum { N = 3 }; };",
        "void f(int const N = 3);", "const int3 N{3, 3, 3};", "const float N = 0.5f;"})
    EXPECT_TRUE(contains(text_of(another, "problem: {N: 9}\n", {{"N", std::int64_t{9}}}), another));
}

TEST(Render, ASizeThatTheTemplateSaysAndDeclaresNowhereIsAMacro) {
  const auto of = [](const std::string& kernel) {
    const std::string text = text_of(kernel, "problem: {N: 9}\nparameters: {BM: [64]}\n",
                                     {{"BM", std::int64_t{64}}, {"N", std::int64_t{9}}});
    return contains(text, "#define N 9\n");
  };
  for (const char* used :
       {"int x = BM * N;", "#ifndef N\n#error\n#endif\nint x[N];", "int f(int i) { return N; }",
        "int x = i < N && f(2, N);", "int x[2] = {1, N};", "int x[2][2] = {{1, 2}, {N, N}};",
        "const int x{N};", "int x = f<2, N>();", "P f() { return {g(1), N}; }",
        "int x = f({1, N});", "int x = f(P{1, N});", "auto f = [] { for (int t : {1, N}) g(t); };",
        "#define SHAPE {1, N}\nint x[2] = SHAPE;", "void f() { h<2, N, 3>(); }",
        "void f() { h<1, N * 2>(); }"})
    EXPECT_TRUE(of(used)) << used;
  for (const char* declared : {"void f(int N) { g(2 * N); }",
                               "template <typename T, int N> int x = N;",
                               "int x = N, N;",
                               "void f(const long& N);",
                               "int M = 1, N = 2;",
                               "void f(p q) { g(q.N, q->N); }",
                               "enum { N };",
                               "enum E : int { M, N };",
                               "enum E : unsigned int { N };",
                               "enum [[maybe_unused]] E { M, N };",
                               "enum __attribute__((packed)) E { M, N };",
                               "struct S { int M, N; };",
                               "void f() { { int M, N; } }",
                               "int x = ({ int M, N; M; });",
                               "int x = [] { int M, N; return 1; }();",
                               "enum E { N };",
                               "auto f(index_t* N) { return N; }",
                               "// N",
                               "void f(float4 *N);",
                               "struct V {}; void f(const V& N);",
                               "void f(a::B<float>& N);",
                               "A<float, 2> N;",
                               "void f(float (*N)[4]);",
                               "void f() { auto [N, M] = g(); }",
                               "auto f = [](auto&& N) {};",
                               "#define EACH for (int N = 0; N < 4; ++N)",
                               "#define ITS q.N",
                               "__global__ void k(Unknown *N) { g(2 * N); }"})
    EXPECT_FALSE(of(declared)) << declared;
}

TEST(Render, OnlyWhatIsMeantIsTakenForAParametersConstant) {
  const auto text = [](const std::string& kernel) {
    return text_of(kernel, "parameters: {BM: [64]}\n", {{"BM", std::int64_t{64}}});
  };
  // The host's own, which goes later; one that an #if asks for.
  for (const char* other : {"int x = BM; int main() { const int BM = 32; }",
                            "#ifndef BM\nconstexpr int BM = 32;\n#endif\n#if BM > 32\n#endif\n"})
    EXPECT_TRUE(contains(text(other), "#define BM 64\n")) << other;
  // A template's parameter, beside another's constant of that name.
  EXPECT_TRUE(
      contains(text("template <int BM> void k(); __device__ void f() { const int BM = 4; }"),
               "const int BM = 4;"));
  EXPECT_TRUE(contains(text("struct S { static constexpr int BM = 32; };"), "int BM = 64;"));
  EXPECT_TRUE(contains(text("constexpr int BM = C<2, 4>::V;"), "= C<2, 4>::V;"));
}

TEST(Render, LetsAreMacrosOnlyWhereTheTemplateDefinesThem) {
  const std::string space = "parameters: {BM: [64]}\nlet: {THREADS: BM * 2, twice: BM * 2}\n";
  const Bindings bound{
      {"BM", std::int64_t{64}}, {"THREADS", std::int64_t{128}}, {"twice", std::int64_t{128}}};
  const std::string text =
      text_of("#ifndef THREADS\n#define THREADS 1\n#endif\nint twice;\n", space, bound);
  EXPECT_TRUE(contains(text, "#define THREADS 128\n"));
  EXPECT_FALSE(contains(text, "#define twice"));
}

TEST(Render, AParameterInTheEntrysListOfArgumentsIsNoMacro) {
  const KernelFolder folder("__global__ void gemm(float* C, int BM) { C[0] = BM; }\n");
  const SpaceFile file = folder.space("parameters: {BM: [64]}\n" + small_rest);
  const std::string text = rendered(folder.kernel(), file, bm64).text;
  EXPECT_TRUE(contains(text, "int BM) { C[0] = BM; }")) << text;
  EXPECT_FALSE(contains(text, "#define BM")) << text;
}

}  // namespace
}  // namespace evotune
