#include "../cub.h"
#include "block/block_radix_sort.cuh"
