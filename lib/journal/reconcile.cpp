#include "journal/reconcile.h"

#include <algorithm>

#include "journal/reconcile_journal.h"

namespace blo::journal {
namespace {

/// The newest thing in an export that an office dated by its own clock.
std::optional<WallTime> newest_of(const OfficeId& office, const Verdict& verdict,
                                  const Timelines& timelines) {
  std::optional<WallTime> newest;
  for (const JournalVerdict& journal : verdict.journals) {
    const auto timeline = timelines.journals.find(journal.origin);
    if (journal.origin.from == office && !journal.origin.is_trail() &&
        timeline != timelines.journals.end())
      newest = std::max(newest, timeline->second.newest_stamp());
    if (journal.origin.to == office && !journal.origin.is_trail())
      newest = std::max(newest, journal.last_receipt);
  }
  return newest;
}

}  // namespace

Result<Reconciliation> reconcile(const std::array<const ExportFiles*, 2>& exports,
                                 const std::vector<identity::Certificate>& authorities,
                                 const Executor& execute) {
  Reconciliation result;
  std::array<Timelines, 2> timelines;
  std::map<Origin, std::array<const JournalVerdict*, 2>> journals;
  for (std::size_t side = 0; side < 2; ++side) {
    timelines[side].keep = KeepReceipts::kAll;
    auto verdict = verify_export(*exports[side], authorities, execute, &timelines[side]);
    if (!verdict) return verdict.error().within(side == 0 ? "export A" : "export B");
    result.verdicts[side] = std::move(*verdict);
    for (const JournalVerdict& journal : result.verdicts[side].journals) {
      if (!journal.origin.is_trail()) journals[journal.origin][side] = &journal;
    }
  }
  if (!result.compared()) return result;
  for (const auto& [origin, verdicts] : journals) {
    std::array<Side, 2> sides;
    std::array<std::optional<WallTime>, 2> newest;
    for (std::size_t side = 0; side < 2; ++side) {
      sides[side].files = exports[side];
      newest[side] = newest_of(origin.to, result.verdicts[side], timelines[side]);
      if (verdicts[side] == nullptr) continue;
      sides[side].verdict = verdicts[side];
      sides[side].receipts = &timelines[side].journals.at(origin).receipts();
    }
    auto journal = reconcile_journal(origin, std::move(sides), newest, result.findings);
    if (!journal) return journal.error();
    result.journals.push_back(std::move(*journal));
  }
  return result;
}

}  // namespace blo::journal
