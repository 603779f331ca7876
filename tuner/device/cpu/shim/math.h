// Always C's math.h: libstdc++'s wrapper would declare float overloads that ours would clash with,
// and takes longer to parse than a kernel. <cmath> still works beside it.
#ifndef _GLIBCXX_INCLUDE_NEXT_C_HEADERS
#define _GLIBCXX_INCLUDE_NEXT_C_HEADERS
#include_next <math.h>
#undef _GLIBCXX_INCLUDE_NEXT_C_HEADERS
#else
#include_next <math.h>
#endif
