#include "journal/challenge.h"

#include <ranges>

#include "journal/findings.h"

namespace blo::journal {

void note_challenge(JournalVerdict& verdict, std::uint64_t index, const std::string& text) {
  if (verdict.challenges.size() >= kChallengesKeptMax) verdict.challenges.pop_front();
  verdict.challenges.push_back({index, text, std::nullopt});
}

void note_receipt(JournalVerdict& verdict, std::uint64_t size, WallTime time) {
  for (Challenge& challenge : std::views::reverse(verdict.challenges)) {
    if (challenge.receipted) return;  // and so are those before it
    if (challenge.index < size) challenge.receipted = time;
  }
}

const Challenge* find_challenge(const JournalVerdict& verdict, std::string_view text) {
  const Challenge* found = nullptr;
  for (const Challenge& challenge : verdict.challenges) {
    if (challenge.text != text) continue;
    if (challenge.receipted || found == nullptr || !found->receipted) found = &challenge;
  }
  return found;
}

void judge_challenge(const std::string& text, Verdict& verdict) {
  const Challenge* waiting = nullptr;
  const JournalVerdict* where = nullptr;
  for (const JournalVerdict& journal : verdict.journals) {
    const Challenge* found = find_challenge(journal, text);
    if (found == nullptr) continue;
    if (found->receipted) return;
    waiting = found;
    where = &journal;
  }
  Finding finding{FindingCode::kChallenge, ".", {}, printable(text), {}};
  if (waiting == nullptr) {
    finding.what = "no journal of this export holds the challenge: it may end before it";
  } else {
    finding.where = export_folder(where->origin) + "/entry " + std::to_string(waiting->index);
    finding.what = "the challenge is under no receipt of the counterpart";
  }
  verdict.findings.push_back(std::move(finding));
}

}  // namespace blo::journal
