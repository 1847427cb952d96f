// What inbox and outbox share.
#ifndef BLO_CLI_BLO_LISTING_H
#define BLO_CLI_BLO_LISTING_H

#include "arguments.h"
#include "daemon.h"
#include "report.h"

namespace blo::v1 {
class ListRequest;
class ListResponse;
}  // namespace blo::v1

namespace blo::cli {

/// Asks for a v1::Direction's messages as the command line names them.
[[nodiscard]] Outcome<v1::Response> list_messages(Daemon& daemon, int direction,
                                                  const Listing& listing);

/// A list's messages, and what it leaves out.
[[nodiscard]] Json messages_of(const v1::ListResponse& list);
[[nodiscard]] Json rest_of(const v1::ListResponse& list);
/// Writes the messages; `nothing` is said when there are none.
void show_messages(const v1::ListResponse& list, const char* nothing);
/// Writes what the list leaves out, and what lists it: "1,150 more, 1 of them FLASH and unopened:
/// blo inbox --before …".
void show_rest(const v1::ListResponse& list, int direction, const Listing& listing);

}  // namespace blo::cli

#endif
