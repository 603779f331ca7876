// Shared memory in every spelling, static and dynamic.
__shared__ float at_file_scope[128];
extern __shared__ float whole[];

struct Tile {
  float row[8];
  __device__ float* dynamic() {
    extern __shared__ float own[];
    return own;
  }
};
template <int N>
struct Reverser {
  __device__ static float reversed(float v) {
    __shared__ float line[N];
    line[threadIdx.x] = v;
    __syncthreads();
    return line[N - 1 - threadIdx.x];
  }
};

extern "C" __global__ void static_spellings(const float* in, float* out) {
  __shared__ alignas(16) float a[4][32];
  alignas(16) __shared__ float b[128];
  __shared__ __align__(16) float c[128];
  static __shared__ float d[128];
  volatile __shared__ float e[128];
  __shared__ volatile float f[128], g[128];
  float __shared__ h[128];
  const int t = threadIdx.x, u = 127 - t;
  const float v = in[t];
  a[t / 32][t % 32] = b[t] = c[t] = d[t] = v;
  e[t] = v, f[t] = v, g[t] = v, h[t] = v;
  __syncthreads();
  out[t] = a[u / 32][u % 32] + b[u] + c[u] + d[u] + e[u] + f[u] + g[u] + h[u];
}
extern "C" __global__ void structs_and_vectors(const float* in, float* out) {
  __shared__ Tile tiles[16];
  __shared__ float4 fours[32];
  __shared__ struct { float x, y; } pairs[128];
  const int t = threadIdx.x;
  tiles[t / 8].row[t % 8] = in[t];
  if (t < 32) fours[t] = make_float4(in[4 * t], in[4 * t + 1], in[4 * t + 2], in[4 * t + 3]);
  pairs[t].y = in[t];
  __syncthreads();
  const int u = 127 - t;
  const float4 four = fours[u / 4];
  const float parts[4] = {four.x, four.y, four.z, four.w};
  out[t] = tiles[u / 8].row[u % 8] + parts[u % 4] + pairs[u].y;
}
extern "C" __global__ void in_a_member_function(const float* in, float* out) {
  out[threadIdx.x] = Reverser<128>::reversed(in[threadIdx.x]);
}
extern "C" __global__ void at_the_files_scope(const float* in, float* out) {
  at_file_scope[threadIdx.x] = in[threadIdx.x];
  whole[threadIdx.x] = 2 * in[threadIdx.x];
  __syncthreads();
  out[threadIdx.x] = at_file_scope[127 - threadIdx.x] + whole[127 - threadIdx.x];
}
extern "C" __global__ void dynamic_rows(const float* in, float* out) {
  extern __shared__ float rows[][16];
  rows[threadIdx.x / 16][threadIdx.x % 16] = in[threadIdx.x];
  __syncthreads();
  const int u = 127 - threadIdx.x;
  out[threadIdx.x] = rows[u / 16][u % 16];
}
extern "C" __global__ void dynamic_volatile(const float* in, float* out) {
  extern volatile __shared__ float line[];
  line[threadIdx.x] = in[threadIdx.x];
  __syncthreads();
  out[threadIdx.x] = line[127 - threadIdx.x];
}
extern "C" __global__ void dynamic_bytes(const float* in, float* out) {
  extern __shared__ __align__(16) unsigned char bytes[];
  float4* fours = reinterpret_cast<float4*>(bytes);
  float* last = reinterpret_cast<float*>(bytes + 32 * sizeof(float4));
  const int t = threadIdx.x;
  if (t < 32) fours[t] = reinterpret_cast<const float4*>(in)[t];
  last[t] = in[t];
  __syncthreads();
  out[t] = fours[31 - t / 4].w + last[127 - t] + Tile().dynamic()[127 - t];
}
