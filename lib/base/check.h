// CHECK: what only a bug can make false. Never used on anything a peer, a user or a file can
// influence.
#ifndef BLO_BASE_CHECK_H
#define BLO_BASE_CHECK_H

namespace blo {

/// Writes one line to stderr and aborts.
[[noreturn]] void check_failed(const char* what, const char* file, int line);

}  // namespace blo

/// On in release builds, too.
#define BLO_CHECK(condition) \
  (static_cast<bool>(condition) ? void(0) : ::blo::check_failed(#condition, __FILE__, __LINE__))

#endif
