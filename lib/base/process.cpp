#include "base/process.h"

#include <sys/prctl.h>
#include <sys/resource.h>

namespace blo {

bool harden_process() {
  const rlimit none{0, 0};
  return ::setrlimit(RLIMIT_CORE, &none) == 0 && ::prctl(PR_SET_DUMPABLE, 0) == 0;
}

}  // namespace blo
