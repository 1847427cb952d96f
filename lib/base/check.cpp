#include "base/check.h"

#include <cstdio>
#include <cstdlib>

namespace blo {

void check_failed(const char* what, const char* file, int line) {
  std::fprintf(stderr, "blo: internal error: %s (%s:%d)\n", what, file, line);
  std::abort();
}

}  // namespace blo
