// What a refusal is worth: it counts in its place, right after the receipt over what it names, and
// anywhere else it changes nothing. Functions of values for daemon and auditor.
#ifndef BLO_JOURNAL_ACROSS_REFUSALS_H
#define BLO_JOURNAL_ACROSS_REFUSALS_H

#include "journal/across/stamps.h"

namespace blo::journal {

/// Where a refusal stands in its journal.
struct RefusalPlace {
  std::uint64_t index = 0;
  HeadRun run;                     // of the head in force at it, which its own stamp names
  bool begins_after_loss = false;  // in a generation begun after a loss, before its first message
};

/// What a refusal names, as far as that is at hand.
struct RefusedEntry {
  enum class Found : std::uint8_t { kEntry, kNothing, kAnother, kUnknown };
  Found found = Found::kUnknown;
  bool refused_before = false;
  bool is_erasure = false;
  std::optional<std::uint64_t> receipted = {};  // the smallest receipted size over it that is known
};

/// Entries that name the head in force: how far they are refusals in their place and nothing else.
struct RefusalRun {
  std::uint64_t first = 0;
  std::uint64_t end = 0;
};

enum class RefusalWorth : std::uint8_t {
  kCounts,
  kUnjudged,  // what it names is not at hand
  // Of the rest each changes nothing.
  kNamesNothing,
  kNamesAnother,  // under that number
  kAgain,
  kOutOfPlace
};
/// "it names an entry that is not there".
[[nodiscard]] std::string_view to_string(RefusalWorth worth);

/// The refusals of one journal, in their order; `run` goes on from the one before.
[[nodiscard]] RefusalWorth judge_refusal(const Refusal& refusal, const RefusalPlace& place,
                                         const RefusedEntry& named, RefusalRun& run);

}  // namespace blo::journal

#endif
