// The office across the border where nobody names it.
#ifndef BLO_CLI_BLO_COUNTERPART_H
#define BLO_CLI_BLO_COUNTERPART_H

#include "base/ids.h"
#include "daemon.h"
#include "failure.h"

namespace blo::cli {

/// The only office with which a pairing is confirmed or frozen. Failures: there is none; there are
/// several, which are named.
[[nodiscard]] Outcome<OfficeId> only_counterpart(Daemon& daemon);

}  // namespace blo::cli

#endif
