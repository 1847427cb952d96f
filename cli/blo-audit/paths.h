// Whether what was named on the command line can be what it was named for: a wrong folder gets a
// sentence, never a verdict.
#ifndef BLO_CLI_BLO_AUDIT_PATHS_H
#define BLO_CLI_BLO_AUDIT_PATHS_H

#include "arguments.h"

namespace blo::audit {

/// What is wrong with the folder or file that a command was given, and which to give instead: an
/// ordinary file, a journal's folder or one within it, a folder of exports. Nothing where there is
/// none of that name, which opening it will say, or where it may be one that was emptied.
[[nodiscard]] std::optional<UsageError> wrong_path(const Parsed& parsed);

}  // namespace blo::audit

#endif
