#include "journal/reconcile.h"

#include <algorithm>

#include "journal/error.h"
#include "journal/reconcile_journal.h"

namespace blo::journal {
namespace {

using Sides = std::array<const JournalVerdict*, 2>;

bool same_way(const Origin& origin, const Origin& journal) {
  return journal.network == origin.network && journal.from == origin.from &&
         journal.to == origin.to;
}

bool opposite_way(const Origin& origin, const Origin& journal) {
  return journal.network == origin.network && journal.from == origin.to &&
         journal.to == origin.from;
}

/// What a journal's receiver said in an export: the newest that it dated by its own clock, and what
/// it named. Of another pairing nothing counts: its folders may have been exported at another time.
void take_receivers_word(const Origin& origin, const Verdict& verdict, const Timelines& timelines,
                         Side& side) {
  for (const JournalVerdict& journal : verdict.journals) {
    if (same_way(origin, journal.origin))
      side.newest_receipt = std::max(side.newest_receipt, journal.last_receipt);
    const auto found = timelines.journals.find(journal.origin);
    if (!opposite_way(origin, journal.origin) || found == timelines.journals.end()) continue;
    const Timeline& timeline = found->second;
    side.newest = std::max(side.newest, timeline.newest());
    side.named = std::max(side.named, timeline.named());
    side.long_named = std::max(side.long_named, timeline.long_named());
  }
}

bool in_both(const Sides& sides) { return sides[0] != nullptr && sides[1] != nullptr; }

/// Those to compare, as each export has them.
std::map<Origin, Sides> journals_of(const std::array<Verdict, 2>& verdicts) {
  std::map<Origin, Sides> journals;
  for (std::size_t side = 0; side < 2; ++side) {
    for (const JournalVerdict& journal : verdicts[side].journals)
      journals[journal.origin][side] = &journal;
  }
  std::erase_if(journals,
                [](const auto& one) { return one.first.is_trail() && !in_both(one.second); });
  return journals;
}

bool has_pair_journal_in_both(const std::map<Origin, Sides>& journals) {
  return std::ranges::any_of(
      journals, [](const auto& one) { return !one.first.is_trail() && in_both(one.second); });
}

}  // namespace

Result<Reconciliation> reconcile(const std::array<const ExportFiles*, 2>& exports,
                                 const std::vector<identity::Certificate>& authorities,
                                 const Executor& execute) {
  Reconciliation result;
  std::array<Timelines, 2> timelines;
  for (std::size_t side = 0; side < 2; ++side) {
    timelines[side].keep = KeepReceipts::kAll;
    auto verdict = verify_export(*exports[side], authorities, execute, &timelines[side]);
    if (!verdict) return verdict.error().within(side == 0 ? "export A" : "export B");
    result.verdicts[side] = std::move(*verdict);
  }
  if (!result.compared()) return result;
  const auto journals = journals_of(result.verdicts);
  for (const auto& [origin, verdicts] : journals) {
    std::array<Side, 2> sides;
    for (std::size_t side = 0; side < 2; ++side) {
      sides[side].files = exports[side];
      take_receivers_word(origin, result.verdicts[side], timelines[side], sides[side]);
      if (verdicts[side] == nullptr) continue;
      sides[side].verdict = verdicts[side];
      sides[side].receipts = &timelines[side].journals.at(origin).receipts();
    }
    auto journal = reconcile_journal(origin, std::move(sides), result.findings);
    if (!journal) return journal.error();
    result.journals.push_back(std::move(*journal));
  }
  if (result.findings.empty() && !has_pair_journal_in_both(journals))
    return Error(JournalError::kNothingToCompare);
  return result;
}

}  // namespace blo::journal
