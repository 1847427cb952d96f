// A message's number as people type it: whole, or its last part alone where that means one message.
#ifndef BLO_CLI_BLO_NUMBERS_H
#define BLO_CLI_BLO_NUMBERS_H

#include "base/ids.h"
#include "daemon.h"
#include "failure.h"

namespace blo::cli {

/// UZ-OYBEK/TJ-FOTEHOBOD/1042, or 1042.
struct TypedNumber {
  std::optional<MessageNumber> whole;
  std::uint64_t index = 0;  // where it is not whole
};
[[nodiscard]] Outcome<TypedNumber> parse_typed_number(const std::string& text);

/// Among which messages a short number is looked for.
struct Among {
  std::string counterpart = {};  // exchanged with this office; empty: with any
  bool received_alone = false;
};

/// The message's whole number; a short one is asked of the daemon. Failures: no message has it;
/// several have, which are named.
[[nodiscard]] Outcome<MessageNumber> find_number(Daemon& daemon, const TypedNumber& typed,
                                                 const Among& among = {});

}  // namespace blo::cli

#endif
