// How blod ends when it cannot start: whether trying again can help.
#ifndef BLO_DAEMON_ENDING_H
#define BLO_DAEMON_ENDING_H

#include <span>

#include "base/error.h"

namespace blo::daemon {

/// The process's exit code. packaging/blod.service starts blod again after any but 78.
enum class Ending {
  kPassing = 1,   // time or somebody else mends it: the same start works later
  kLasting = 78,  // EX_CONFIG of sysexits.h: somebody must change something here first
};

/// By one table, which docs/operating.md gives in words. What is not in it is about what keys,
/// store and certificates say, and lasts.
[[nodiscard]] Ending ending_of(const Error& error);

struct EndingRow {
  boost::system::error_code code;
  Ending ending;
};
/// For the test that walks it.
[[nodiscard]] std::span<const EndingRow> endings();

}  // namespace blo::daemon

#endif
