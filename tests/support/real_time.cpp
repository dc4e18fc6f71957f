#include "support/real_time.h"

#include <dlfcn.h>
#include <pthread.h>

namespace {
thread_local int64_t locked = 0;
}

int64_t nr::mutexes_locked() { return locked; }

// Takes the place of the C library's in the test programs.
extern "C" int pthread_mutex_lock(pthread_mutex_t* mutex) {
  static const auto real = reinterpret_cast<int (*)(pthread_mutex_t*)>(dlsym(RTLD_NEXT, "pthread_mutex_lock"));
  ++locked;
  return real(mutex);
}
