#include "kernel/host_code.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace evotune {
namespace {

/// What is left, without the blanks that stand for what is gone.
std::string left_of(std::string_view source) {
  std::string text;
  for (const char c : without_host_code(source))
    if (c != ' ' || (!text.empty() && text.back() != ' ' && text.back() != '\n')) text += c;
  return text;
}

TEST(HostCode, ASourceWithoutAnyIsLeftAsItIs) {
  const std::string source =
      "#include <stdint.h>\nstatic int table[] = {1, 2};\nfloat half_of(float x) { return x / 2; "
      "}\n"
      "struct string { int length; };\n__global__ void k(float* y) { y[0] = half_of(table[1]); }\n";
  EXPECT_EQ(without_host_code(source), source);
}

TEST(HostCode, AnOperatorsNameBeginsNoInitialiser) {
  const std::string device =
      "__device__ void operator+=(float2& a, float2 b) { a.x += b.x; }\n"
      "__device__ bool operator==(float2 a, float2 b) { return a.x == b.x; }\n"
      "__global__ void k(float2* y) { y[0] += y[1]; }\n";
  EXPECT_EQ(left_of(device + "int main() { std::vector<float> v; k<<<1, 1>>>(0); }\n"),
            device + "\n");
}

TEST(HostCode, AConstantThatACallMakesIsNoFunction) {
  const std::string constants =
      "static const int bytes = 16 * sizeof(float);\nconst int width = DIV_UP(100, 32);\n";
  EXPECT_EQ(left_of(constants + "int main() { cudaMalloc(0, bytes); }\n"), constants + "\n");
}

TEST(HostCode, LinesAndLengthsStay) {
  const std::string source =
      "#include <iostream>\n__device__ int f();\nint main() {\n  f<<<1, 2>>>();\n}\nint x;\n";
  const std::string rest = without_host_code(source);
  EXPECT_EQ(rest.size(), source.size());
  EXPECT_EQ(std::count(rest.begin(), rest.end(), '\n'), 6);
}

TEST(HostCode, WhatALibrarysHeaderBringsAlongStays) {
  const std::string include = "#include <cublas_v2.h>\n",
                    kernel = "__global__ void k(half* y) {}\n";
  EXPECT_EQ(without_host_code(include + kernel), "#include<cuda_fp16.h> \n" + kernel);
  EXPECT_EQ(left_of(include + "__global__ void k(int* y) {}"), "\n__global__ void k(int* y) {}");
}

TEST(HostCode, MainLaunchesAndCallsOfTheRuntimeGo) {
  const std::string kernel = "__global__ void k(int* y) { *y = 1; }";
  for (const char* host : {"int main() { return 0; }", "void run() { k<<<1, 1>>>(0); }",
                           "void run() { cudaMalloc(0, 4); }", "static cudaStream_t stream;",
                           "struct Timer { cudaEvent_t start; Timer() { start = 0; } };",
                           "template <typename T> void fill(std::vector<T>& v) { v.clear(); }",
                           "extern \"C\" float call(float* p) { std::cout << p; return 1; }"})
    EXPECT_EQ(left_of(host + std::string("\n") + kernel), "\n" + kernel) << host;
}

TEST(HostCode, WhatCallsAHostFunctionIsOneToo) {
  EXPECT_EQ(left_of("void a() { cudaFree(0); }\nvoid b() { a(); }\nvoid c() { b(); }\n"), "\n\n\n");
}

TEST(HostCode, OfTheHostAreDeclarationsWithoutBodyMembersAndTheirInitialisersToo) {
  const std::string kernel = "__global__ void k(int* y) { *y = 1; }", host = "int main() {}\n";
  for (const char* gone :
       {"extern void init(int id, Matrix m);", "extern \"C\" int gold(const Matrix, Matrix);",
        "extern \"C\" void hash(void* to) { sph_context c; sph_init(&c); }",
        "Solver::Solver(int n) : size{n}, data_(nullptr), next{} { size = 1; }",
        "Solver::~Solver() {}", "template class Solver<float>;",
        "struct option options[] = {{\"n\", 1}};",
        "struct work* next(struct work* w) { return w; }"})
    EXPECT_EQ(left_of(host + gone + "\n" + kernel), "\n\n" + kernel) << gone;
  for (const char* kept : {"extern __shared__ float s[];", "extern const int n;", "struct A;",
                           "struct B final { int n; } b;", "struct C : B { int m; };"})
    EXPECT_EQ(left_of(host + kept), std::string("\n") + kept) << kept;
}

TEST(HostCode, ANamespaceThatNothingOpensCameWithAHeaderOfTheHost) {
  const std::string host = "int main() {}\n";
  for (const char* gone : {"using namespace cv;", "using namespace std::chrono;",
                           "namespace fs = std::filesystem;", "namespace po = ::boost::options;"})
    EXPECT_EQ(left_of(host + gone), "\n") << gone;
  for (const char* kept :
       {"using namespace std;", "namespace cg = cooperative_groups;\nusing namespace cg;",
        "namespace a::b { struct S; }\nusing namespace a::b;", "using namespace nvcuda::wmma;"})
    EXPECT_EQ(left_of(host + kept), std::string("\n") + kept) << kept;
  EXPECT_EQ(left_of("using namespace cv;"), "using namespace cv;");  // for the kernel, then
}

TEST(HostCode, AFunctionMayHaveAHeadInEachBranch) {
  const std::string heads =
      "#ifdef A\n__global__ void k(double* y) {\n#elif B\n__global__ void k(float* y) {\n#else\n"
      "__global__ void k(int* y) {\n#endif\n*y = 1;\n}\n";
  EXPECT_EQ(left_of(heads + "int main() { cudaFree(0); }\n"), heads + "\n");
  EXPECT_EQ(left_of("int main() {\n#ifdef A\n  if (a) {\n#else\n  if (b) {\n#endif\n"
                    "    cudaFree(0); }\n}\n__device__ int x;\n"),
            "\n#ifdef A\n\n#else\n\n#endif\n\n\n__device__ int x;\n");
  const std::string ends =
      "__device__ void f() {\n#ifdef A\n}\n#else\ng(); }\n#endif\n__device__ int x;\n";
  EXPECT_EQ(left_of(ends + "int main() {}\n"), ends + "\n");
}

TEST(HostCode, TexturesAreOfTheDevice) {
  const std::string textures =
      "texture<float, 1, cudaReadModeElementType> t;\nstatic surface<void, 2> s;\n";
  EXPECT_EQ(left_of(textures + "int main() {}"), textures);
  EXPECT_EQ(left_of("void f(int texture) { cudaFree(texture < 3); }"), "");
}

TEST(HostCode, WithAHostsProgramUnannotatedFunctionsAreIts) {
  const std::string host = "int main() {}\n";
  EXPECT_EQ(left_of(host + "float reference(float x) { return x; }"), "\n");
  EXPECT_EQ(left_of(host + "static int repetitions = 10;"), "\n");
  for (const char* kept : {"constexpr int twice(int x) { return 2 * x; }", "const int n = 3;",
                           "struct Point { float x; float norm() { return x; } };",
                           "typedef float real;", "__host__ __device__ int f(int x) { return x; }"})
    EXPECT_EQ(left_of(host + kept), std::string("\n") + kept) << kept;
}

TEST(HostCode, AKernelsDefaultArgumentsHideNoHostFunctionBehindIt) {
  const std::string kernel = "template <int N = 4> __global__ void k(int* y) { *y = N; }\n";
  EXPECT_EQ(left_of(kernel + "void run() { k<><<<1, 1>>>(0); }\n__device__ int x;"),
            kernel + "\n__device__ int x;");
  EXPECT_EQ(left_of("namespace n { template void run(float*, cudaStream_t); }\nint x();"),
            "namespace n { }\n");
}

TEST(HostCode, AMacroMaySayOfWhichSideItIs) {
  const std::string device = "#define HD __host__ __device__ inline\nHD int f() { return 1; }\n",
                    host = "#define CHECK(x) if (x) exit(1)\n";
  EXPECT_EQ(left_of(device + "int main() {}"), device);
  EXPECT_EQ(left_of(host + "void run() { CHECK(1); }"), host);
}

TEST(HostCode, BindingsOfPyTorchGo) {
  const std::string kernel = "__global__ void k(float* y) {}",
                    bind = "#define BIND(T) void run_##T(torch::Tensor a) { k<<<1, 1>>>(0); }\n";
  EXPECT_EQ(left_of("#include <torch/types.h>\n" + bind + "BIND(float)\n" + kernel +
                    "\nBIND(int)\nPYBIND11_MODULE(NAME, m) { m.def(1); }\n"),
            "\n" + bind + "\n" + kernel + "\n\n\n");
  EXPECT_EQ(left_of("at::Tensor f(at::Tensor x) { return x; }\n" + kernel), "\n" + kernel);
  EXPECT_EQ(left_of("struct Row { int at; int list(); };"), "struct Row { int at; int list(); };");
}

TEST(HostCode, TheHeaderOfALibraryStaysWhereADeviceNamesIt) {
  const std::string header = "#include <thrust/complex.h>\n";
  EXPECT_EQ(left_of(header + "void f() { thrust::sort(a); cudaFree(0); }"), "\n");
  EXPECT_EQ(left_of(header + "__device__ thrust::complex<float> z;"),
            header + "__device__ thrust::complex<float> z;");
  EXPECT_EQ(left_of("#include <cuda_fp8.h>\n__device__ int x;\n"), "\n__device__ int x;\n");
  const std::string by_macro = header + "#define C thrust::complex<float>\n__device__ C z;\n";
  EXPECT_EQ(left_of(by_macro + "int main() {}"), by_macro);
}

TEST(HostCode, PyTorchsHeadersGoAndLeaveTheSmallFloatsThatTheyBring) {
  EXPECT_EQ(left_of("#include <torch/extension.h>\n#include <ATen/cuda/CUDAContext.h>\n"
                    "__device__ half x; __device__ __nv_bfloat16 y;"),
            "#include<cuda_fp16.h> \n#include<cuda_bf16.h> \n"
            "__device__ half x; __device__ __nv_bfloat16 y;");
}

TEST(HostCode, OpenCVsHeadersGoAndLeaveTheTypeOfAPixel) {
  const std::string headers = "#include <opencv2/core.hpp>\n#include \"opencv2/imgproc.hpp\"\n";
  EXPECT_EQ(left_of(headers + "__device__ uchar x;"),
            "using uchar=unsigned char; \n\n__device__ uchar x;");
  const std::string own = "#define uchar unsigned char\n__device__ uchar x;";
  EXPECT_EQ(left_of(headers + own), "\n\n" + own);
  EXPECT_EQ(left_of(headers + "__device__ char x;"), "\n\n__device__ char x;");
}

TEST(HostCode, MacrosAndClassesOfWhatIsTheHostsAreItsToo) {
  const std::string launch = "void Norm::compute(int n) { k<<<1, n>>>(); }\n",
                    macro = "#define DECLARE(T) template void Norm::compute<T>(int)\n";
  EXPECT_EQ(left_of(launch + macro + "DECLARE(float);\n"), "\n" + macro + "\n");
  EXPECT_EQ(left_of("struct Run final { void go() { k<<<1, 2>>>(); } };\n"
                    "class Kernel final : public Base { void go() { Run().go(); } };\nint x();"),
            "\n\n");
  EXPECT_EQ(left_of("using std::vector;\nint sum(const vector<int>& all);\n"), "\n\n");
}

TEST(HostCode, AFunctionThatAMacroWritesIsTheHostsIfNothingSaysOtherwise) {
  const std::string host = "int main() {}\n",
                    plain =
                        "#define CPU(name) template <class T> void cpu_##name(T* x) { *x = 0; }\n",
                    device = "#define DEV(T) __device__ T zero_##T(T x) { return 0; }\n",
                    type = "#define BOX(T) struct Box##T { T x; T get() { return x; } }\n";
  EXPECT_EQ(left_of(host + plain + "CPU(sign)\nCPU(abs)\n"), "\n" + plain + "\n\n");
  for (const std::string& kept : {device + "DEV(int)\n", type + "BOX(int);\n"})
    EXPECT_EQ(left_of(host + kept), "\n" + kept);
}

TEST(HostCode, WordsOfTheLanguageAreNobodysNames) {
  const std::string kept = "enum { left };\nstruct alignas(8) Two { float x, y; };\n";
  EXPECT_EQ(left_of("enum { a = sizeof(cudaStream_t) };\n"
                    "struct alignas(16) S { cudaStream_t s; };\n" +
                    kept),
            "\n\n" + kept);
}

TEST(HostCode, RegistrationsOfFrameworksGo) {
  const std::string host = "int main() {}\n", device = "__device__ int x;";
  for (const char* call : {"REGISTER_LAYER(Convolution);",
                           "PD_REGISTER_KERNEL(adam, GPU, f, float) { kernel->run(); }",
                           "NNVM_REGISTER_OP(Norm).set_attr<F>(\"x\", g);", "INSTANTIATE(float)"})
    EXPECT_EQ(left_of(host + call + "\n" + device), "\n\n" + device) << call;
  EXPECT_EQ(left_of(host + "NVBENCH_BENCH(f)\n.set_name(\"f\")\n;\n" + device),
            "\n\n\n\n" + device);
  EXPECT_EQ(left_of(host + "#define VALUE(T) T x\nVALUE(int);"),
            "\n#define VALUE(T) T x\nVALUE(int);");
}

TEST(HostCode, ANamespaceThatNoLineOpensIsNotUsed) {
  const std::string kernel = "namespace b { __device__ int x; }\n";
  EXPECT_EQ(left_of("using namespace a;\nusing namespace a::b;\n" + kernel +
                    "using namespace b;\nint main() {}"),
            "\n\n" + kernel + "using namespace b;\n");
  EXPECT_EQ(left_of("using namespace nvcuda;\nint main() {}"), "using namespace nvcuda;\n");
  EXPECT_EQ(left_of("namespace a = b;\nnamespace cg = cooperative_groups;\nint main() {}"),
            "\nnamespace cg = cooperative_groups;\n");
}

TEST(HostCode, AMacroAtTheHeadOfADeclarationGoesWithIt) {
  EXPECT_EQ(left_of("#define ANY(T) template <typename T>\n"
                    "ANY(T) void launch(T* x) { k<<<1, 1>>>(x); }\n__device__ int x;"),
            "#define ANY(T) template <typename T>\n\n__device__ int x;");
}

TEST(HostCode, LaunchesMayBeSpaced) {
  EXPECT_EQ(left_of("void run() { k << <1, 1 >> > (0); }\n"), "\n");
  EXPECT_EQ(left_of("int f(int x) { return x << 2; }\n"), "int f(int x) { return x << 2; }\n");
}

TEST(HostCode, WhatIsSaidToBeOfTheHostAloneGoes) {
  EXPECT_EQ(left_of("__host__ float f() { return 1; }\n"), "\n");
}

TEST(HostCode, WhatNamesATypeOfTheHostByAnotherNameGoes) {
  const std::string kernel = "__global__ void k() {}\n";
  for (const char* alias :
       {"using Fn = cudaError_t (*)(float*, cudaStream_t);\nconstexpr Fn table[] = {f};\n",
        "typedef cudaError_t (*Fn)(float*);\nstruct Entry { Fn fn; int block; };\n",
        "typedef std::vector<float> Line;\nconst Line lines[2];\n"})
    EXPECT_EQ(left_of(kernel + alias), kernel + "\n\n") << alias;
  const std::string device = "typedef float real;\nconst real half = 0.5f;\n" + kernel;
  EXPECT_EQ(left_of(device + "int main() {}"), device);
}

TEST(HostCode, OfATypedefOnlyTheNewNameIsTheHosts) {
  const std::string kept = "constexpr int n = 64;\n__global__ void k(float* y) { *y = n; }\n";
  for (const char* alias :
       {"typedef struct { int n; std::vector<float> v; } H;",
        "typedef struct O { int n; std::string file; } H;", "typedef cudaError_t f(float *n);",
        "typedef void (*H)(cudaStream_t s, float *n);"})
    EXPECT_EQ(left_of(alias + ("\n" + kept) + "int main() {}"), "\n" + kept) << alias;
  EXPECT_EQ(left_of("typedef struct { int n; std::vector<float> v; } H;\nconst H all[2];\n"),
            "\n\n");
}

TEST(HostCode, ATemplatesParameterIsNotWhatElseHasItsName) {
  const std::string host = "using T = std::vector<float>;\n",
                    own = "template <typename A, class T = A> struct Two { T a, b; };\n";
  EXPECT_EQ(left_of(host + own), "\n" + own);
  EXPECT_EQ(left_of(host + "template <typename A = T> struct Two { A a; };\n"), "\n\n");
}

TEST(HostCode, AnAttributeIsNoLambda) {
  const std::string host = "int main() { cudaFree(0); }\n";
  for (const char* kept : {"[[nodiscard]] __device__ float f(float x) { return x; }",
                           "[[gnu::noinline]] __global__ void k(float* y) {}",
                           "template <class T> [[gnu::cold]] __global__ void k(T* y) {}"})
    EXPECT_EQ(left_of(host + kept), std::string("\n") + kept) << kept;
  EXPECT_EQ(left_of(host + "void f() { g([x = a[0]] __device__(int i) { return x; }); }\n"),
            "\n\n");
}

TEST(HostCode, IsFoundWhereThereIsMoreThanHeaders) {
  EXPECT_FALSE(has_host_code("#include <iostream>\n__global__ void k() {}\nint f();"));
  EXPECT_TRUE(has_host_code("__global__ void k() {}\nint main() {}"));
}

TEST(HostCode, AConceptIsNoVariableOfTheHost) {
  const std::string kernel =
      "template <typename T>\nconcept Real = std::same_as<T, float> || std::same_as<T, double>;\n"
      "template <Real T> __global__ void k(T* y) {}\n";
  EXPECT_EQ(left_of(kernel + "int main() { cudaFree(0); }\n"), kernel + "\n");
}

TEST(HostCode, WhatIsAssertedOfAHostsVariableGoesWithIt) {
  const std::string kept =
      "constexpr int sizes[] = {1, 2};\nstatic_assert(sizeof(sizes) == 8, \"two\");\n";
  EXPECT_EQ(left_of(kept + "using Run = void (*)(cudaStream_t);\nconstexpr Run runs[] = {f, g};\n"
                           "static_assert(sizeof(runs) / sizeof(runs[0]) == 2, \"two\");\n"),
            kept + "\n\n\n");
  const std::string size = "constexpr int B = 64;\nstatic_assert(B <= 64);\n";
  EXPECT_EQ(left_of(size + "void run(cudaStream_t s, int B = 64) { cudaFree(0); }\n"), size + "\n");
}

TEST(HostCode, ALambdaOfTheDeviceMakesNoDeviceFunctionOfItsHost) {
  EXPECT_EQ(
      left_of("int main() { run([] __host__ __device__(int x) { return x; }); cudaFree(0); }\n"),
      "\n");
  const std::string kept = "const auto add = [] __device__(int x) { return x + 1; };\n";
  EXPECT_EQ(left_of("int main() { cudaFree(0); }\n" + kept), "\n" + kept);
}

TEST(HostCode, DirectivesInsideOfItStay) {
  EXPECT_EQ(left_of("int main() {\n#ifdef A\n  cudaFree(0);\n#endif\n}\n"),
            "\n#ifdef A\n\n#endif\n\n");
}

TEST(HostCode, HeadersOfTheHostGo) {
  EXPECT_EQ(left_of("#include <iostream>\n#include <cuda_fp16.h>\n#include \"helper_cuda.h\"\n"),
            "\n#include <cuda_fp16.h>\n\n");
}

TEST(HostCode, SurvivesEveryPrefixOfASource) {
  const std::string source =
      "#include <vector>\ntemplate <class T, int N> static void f(T* p) { k<<<1, N>>>(p); }\n"
      "namespace a { extern \"C\" { int main(int argc, char** argv) { return argv[0][0]; } } }";
  for (std::size_t i = 0; i <= source.size(); ++i)
    EXPECT_EQ(without_host_code(std::string_view(source).substr(0, i)).size(), i);
}

}  // namespace
}  // namespace evotune
