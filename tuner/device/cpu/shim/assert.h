// A failed assertion ends the launch with a sentence, not the process.
#undef assert
#ifdef NDEBUG
#define assert(condition) ((void)0)
#else
#define assert(condition) \
  ((condition) ? (void)0 : evotune_trap("assertion failed: " #condition, __LINE__))
#endif
