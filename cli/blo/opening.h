// The sender learns that a message was opened, and by whom.
#ifndef BLO_CLI_BLO_OPENING_H
#define BLO_CLI_BLO_OPENING_H

#include "daemon.h"

namespace blo::v1 {
class ShowResponse;
}

namespace blo::cli {

/// Sends that `officer` has opened what is shown, where that is a readable message received from
/// the counterpart, nobody has opened it before, and the officer's role is to send or release. The
/// number of what was sent; empty where there was nothing to tell.
[[nodiscard]] Outcome<std::string> tell_opened(Daemon& daemon, const Officer& officer,
                                               const v1::ShowResponse& shown);

}  // namespace blo::cli

#endif
