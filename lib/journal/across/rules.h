// All rules that an entry is judged by, in their order: docs/format/entry.md has the same table,
// and daemon and auditor judge by it.
#ifndef BLO_JOURNAL_ACROSS_RULES_H
#define BLO_JOURNAL_ACROSS_RULES_H

#include <span>

#include "journal/entry.h"

namespace blo::journal {

/// What one needs to have to tell whether an entry breaks a rule.
enum class JudgedFrom : std::uint8_t {
  kThisJournal,   // with all its generations
  kBoth,          // the opposite journal, or its office's certificates, too
  kReceiverAlone  // bodies, contents and holds, which no journal has
};
/// As the table says it: "this journal", "both", "the receiver alone".
[[nodiscard]] std::string_view to_string(JudgedFrom from);

struct Rule {
  RefusalReason reason;  // of an entry that breaks it before any other
  JudgedFrom from;
};
[[nodiscard]] std::span<const Rule> rules();

/// Nobody but the receiver can refuse an entry for this. To everybody else such an entry holds: its
/// signatures do, and a message has used up its id.
[[nodiscard]] bool is_receivers_own(RefusalReason reason);

}  // namespace blo::journal

#endif
