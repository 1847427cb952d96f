#include "journal/challenge.h"

#include <map>
#include <ranges>

#include "journal/findings.h"

namespace blo::journal {
namespace {

constexpr char kNotHeld[] = " holds the challenge: the export may end before it";

/// How far a journal carries an auditor's text, and why no further.
enum class Reach : std::uint8_t { kNowhere, kNotThere, kWaits, kInPart, kWhole };
struct Carried {
  Reach reach;
  std::string where;
  std::string what;
};

/// A journal of another office than the one whose journals are to answer.
Carried pass_over(const Origin& origin, const OfficeId& of) {
  return {Reach::kNowhere, ".",
          "no journal of " + of.text() + " is there between " + origin.from.text() + " and " +
              origin.to.text() + " to hold the challenge"};
}

/// `generations` of its direction are in the export up to this one.
Carried find_in(const JournalVerdict& journal, const std::string& text,
                const std::optional<OfficeId>& of, std::size_t generations) {
  const Origin& origin = journal.origin;
  const Challenge* found = find_challenge(journal, text);
  if (found == nullptr) {
    return {
        Reach::kNotThere, ".",
        of ? "no journal of " + origin.from.text() + " to " + origin.to.text() + kNotHeld
           : "no journal between " + origin.from.text() + " and " + origin.to.text() + kNotHeld};
  }
  const std::string where = export_folder(origin) + "/entry " + std::to_string(found->index);
  if (!found->receipted)
    return {Reach::kWaits, where, "the challenge is under no receipt of the counterpart"};
  if (generations < origin.generation) {
    return {Reach::kInPart, where,
            "the challenge is receipted, but an earlier generation of its journal is not in this "
            "export"};
  }
  if (journal.absent) {
    return {Reach::kInPart, where,
            "the challenge is receipted, but " + journal.absent->text() +
                ", which its journal names, is not in this export"};
  }
  return {Reach::kWhole, {}, {}};
}

using Pairing = std::pair<OfficeId, OfficeId>;
Pairing pairing_of(const Origin& origin) { return std::minmax(origin.from, origin.to); }

bool same_direction(const Origin& a, const Origin& b) {
  return a.network == b.network && a.from == b.from && a.to == b.to;
}

}  // namespace

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

void judge_challenge(const std::string& text, const std::optional<OfficeId>& of, Verdict& verdict) {
  // Of each pairing the journal that carries the text farthest.
  std::map<std::pair<Network, Pairing>, Carried> pairings;
  const Origin* direction = nullptr;
  std::size_t generations = 0;
  for (const JournalVerdict& journal : verdict.journals) {  // sorted by origin
    const Origin& origin = journal.origin;
    if (origin.is_trail()) continue;
    generations = direction != nullptr && same_direction(*direction, origin) ? generations + 1 : 1;
    direction = &origin;
    const bool may_answer = !of || origin.from == *of;
    Carried carried = may_answer ? find_in(journal, text, of, generations) : pass_over(origin, *of);
    auto& farthest =
        pairings.try_emplace({origin.network, pairing_of(origin)}, carried).first->second;
    if (carried.reach > farthest.reach) farthest = std::move(carried);
  }
  const auto add = [&](const std::string& where, const std::string& what) {
    verdict.findings.push_back({FindingCode::kChallenge, where, what, printable(text), {}});
  };
  if (pairings.empty()) add(".", "no journal of a pairing is in this export to hold the challenge");
  for (const auto& [pairing, carried] : pairings) {
    if (carried.reach != Reach::kWhole) add(carried.where, carried.what);
  }
}

}  // namespace blo::journal
