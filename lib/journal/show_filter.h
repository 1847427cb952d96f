// Which entries of an export are shown: by what they are, who signed them, when, and what became of
// them.
#ifndef BLO_JOURNAL_SHOW_FILTER_H
#define BLO_JOURNAL_SHOW_FILTER_H

#include "journal/show.h"

namespace blo::journal {

/// What became of an entry.
enum class EntryState : std::uint8_t {
  kReceipted,    // it is under a receipt
  kUnreceipted,  // it is under none
  kRefused,      // the counterpart refused it
  kOpened,       // a message that somebody opened, whatever else became of it
  kActed,        // a message that somebody acted upon
  kUnanswered,   // a message of a kind that is opened, and that nobody opened or acted upon
  kClaim,        // dated by a wrong clock
  kUnsure,       // its office was not sure of its clock
  kFinding       // something was found of it
};

/// Every part that is there has to fit.
struct ShowFilter {
  std::optional<std::string> kind;           // as entry_kind() gives it, or "message" for any
  std::optional<OfficeId> officer_of;        // whose officers `person` counts
  std::optional<std::uint64_t> person;       // who signed or released it
  std::optional<std::chrono::sys_days> day;  // in UTC, by the time that counts
  std::optional<EntryState> state;

  [[nodiscard]] bool fits(const Origin& origin, const ShownEntry& entry) const;
  [[nodiscard]] bool any() const { return kind || person || day || state; }
};

/// "alert", or a record's name with dashes: "generation-start". All there are: kEntryKinds.
[[nodiscard]] std::string entry_kind(const ShownEntry& entry);
[[nodiscard]] std::vector<std::string> entry_kinds();
/// "receipted", "unanswered": a name for each state. All there are: entry_states().
[[nodiscard]] std::optional<EntryState> parse_entry_state(std::string_view text);
[[nodiscard]] std::vector<std::string> entry_states();

}  // namespace blo::journal

#endif
