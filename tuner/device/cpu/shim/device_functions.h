#include "evotune_cuda.h"
