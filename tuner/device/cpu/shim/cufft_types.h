// What kernels name of <cufft.h>.
#pragma once

#include "cuComplex.h"

using cufftReal = float;
using cufftDoubleReal = double;
using cufftComplex = cuComplex;
using cufftDoubleComplex = cuDoubleComplex;
