// How this program ends: what scripts rely on. docs/auditing.md has the table.
#ifndef BLO_CLI_BLO_AUDIT_EXIT_CODE_H
#define BLO_CLI_BLO_AUDIT_EXIT_CODE_H

#include "journal/outcome.h"

namespace blo::audit {

enum ExitCode { kVerified = 0, kNotCompleted = 1, kUsage = 2, kNotWhole = 3, kNotVerified = 6 };

[[nodiscard]] constexpr ExitCode exit_code_of(journal::Outcome outcome) {
  switch (outcome) {
    case journal::Outcome::kVerified: return kVerified;
    case journal::Outcome::kNotWhole: return kNotWhole;
    case journal::Outcome::kNotVerified: return kNotVerified;
  }
  return kNotVerified;
}

}  // namespace blo::audit

#endif
