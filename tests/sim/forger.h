// An office that writes into its own journal what its daemon would not, and what an auditor says of
// the other office's export afterwards.
#ifndef BLO_TESTS_SIM_FORGER_H
#define BLO_TESTS_SIM_FORGER_H

#include "journal/verify.h"
#include "world.h"

namespace blo::sim {

/// The next entry of the node's journal, of any bytes; its own last stamp stays.
std::uint64_t append_leaf(Node& node, ByteView leaf);
/// A whole alert under any stamp.
MessageNumber append_message(Node& node, const std::string& text, const journal::Stamp& stamp);
/// A record under any stamp.
std::uint64_t append_record(Node& node, const journal::Record& record, const journal::Stamp& stamp);
/// What the node's next entry would be stamped with.
[[nodiscard]] journal::Stamp next_stamp(Node& node);

/// Of the node's export, with both authorities trusted.
[[nodiscard]] journal::Verdict audit(World& world, Node& node);
[[nodiscard]] std::vector<std::string_view> codes(const journal::Verdict& verdict);
[[nodiscard]] bool has_alarm(Node& node, std::string_view code);

}  // namespace blo::sim

#endif
