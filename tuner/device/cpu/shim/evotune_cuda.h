// The CUDA dialect on a host: force-included before a kernel's source. <cuda_fp16.h> and
// <cuda_bf16.h> are included by the kernels that use them, as with NVRTC.
#pragma once

#include "abi.h"
#include "atomics.h"
#include "collectives.h"
#include "entry.h"
#include "integer_functions.h"
#include "math_functions.h"
#include "memory_functions.h"
#include "qualifiers.h"
#include "vectors.h"

namespace std {}  // namespace std
