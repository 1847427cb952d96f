// Auditors' challenges in a verified export: up to where it is shown to be complete.
#ifndef BLO_JOURNAL_CHALLENGE_H
#define BLO_JOURNAL_CHALLENGE_H

#include "journal/verify.h"

namespace blo::journal {

/// Of one journal the newest are kept: the one an auditor looks for was entered last.
inline constexpr std::size_t kChallengesKeptMax = 1'000;

/// While the journal is read: entry `index` is a challenge, and then everything below `size` was
/// found to be receipted at `time`.
void note_challenge(JournalVerdict& verdict, std::uint64_t index, const std::string& text);
void note_receipt(JournalVerdict& verdict, std::uint64_t size, WallTime time);

/// The newest challenge with that text under a receipt; else the newest without; null: none.
[[nodiscard]] const Challenge* find_challenge(const JournalVerdict& verdict, std::string_view text);

/// A finding (kChallenge) for each pairing of which no journal has the text under a receipt, with
/// all of its earlier generations and of the opposite ones that it names in the export. With `of`,
/// only that office's journals answer: a text in the counterpart's shows nothing of them.
void judge_challenge(const std::string& text, const std::optional<OfficeId>& of, Verdict& verdict);

}  // namespace blo::journal

#endif
