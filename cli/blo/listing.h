// What inbox and outbox share.
#ifndef BLO_CLI_BLO_LISTING_H
#define BLO_CLI_BLO_LISTING_H

#include "daemon.h"
#include "report.h"

namespace blo::cli {

/// Asks for the newest `limit` messages of a v1::Direction with `counterpart` (empty: all).
/// `receipts`: those that say opened and acted are among them.
[[nodiscard]] Outcome<v1::Response> list_messages(Daemon& daemon, int direction,
                                                  const std::string& counterpart,
                                                  std::uint32_t limit, bool receipts);

/// A list's messages.
[[nodiscard]] Json json_of(const v1::Response& response);
/// Writes a list's messages; `nothing` is said when there are none.
void show_list(const v1::Response& response, bool json, const std::string& nothing);

}  // namespace blo::cli

#endif
