#include "../cub.h"
