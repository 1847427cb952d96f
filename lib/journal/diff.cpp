#include "journal/diff.h"

#include <algorithm>
#include <set>

#include "base/hex.h"
#include "journal/verified.h"

namespace blo::journal {
namespace {

constexpr std::array<const char*, 2> kNames = {"export A", "export B"};

const std::deque<ReceiptedSize>& receipts_of(ShownExport& side, const Origin& origin) {
  static const std::deque<ReceiptedSize> none;
  const auto& timelines = side.kept().timelines.journals;
  const auto found = timelines.find(origin);
  return found == timelines.end() ? none : found->second.receipts();
}

}  // namespace

Result<ExportDiff> ExportDiff::open(const std::array<const ExportFiles*, 2>& exports,
                                    const std::vector<identity::Certificate>& authorities,
                                    const Executor& execute) {
  auto a = ShownExport::open(*exports[0], authorities, execute);
  if (!a) return a.error().within(kNames[0]);
  auto b = ShownExport::open(*exports[1], authorities, execute);
  if (!b) return b.error().within(kNames[1]);
  ExportDiff diff(std::move(*a), std::move(*b));
  std::set<Origin> origins;
  for (ShownExport& side : diff.sides_) {
    for (const auto& [origin, facts] : side.kept().journals) origins.insert(origin);
  }
  for (const Origin& origin : origins) {
    if (auto compared = diff.compare(origin); !compared) return compared.error();
  }
  return diff;
}

Result<void> ExportDiff::compare(const Origin& origin) {
  DiffJournal journal{origin};
  for (std::size_t side = 0; side < 2; ++side) {
    journal.size[side] = sides_[side].size(origin);
    const auto& journals = sides_[side].kept().journals;
    const auto found = journals.find(origin);
    if (found != journals.end()) journal.receipted[side] = found->second.verdict.receipted;
  }
  if (auto compared = compare_entries(journal); !compared) return compared;
  compare_receipts(journal);
  judge(journal);
  journals_.push_back(std::move(journal));
  return {};
}

Result<void> ExportDiff::compare_entries(DiffJournal& journal) {
  const std::uint64_t both = std::min(journal.size[0], journal.size[1]);
  if (both == 0) return {};
  KeptTree& a = sides_[0].kept().journals.at(journal.origin).tree;
  KeptTree& b = sides_[1].kept().journals.at(journal.origin).tree;
  for (; journal.equal < both; ++journal.equal) {
    const auto ours = a.leaf_hash(journal.equal);
    if (!ours) return ours.error().within(kNames[0]);
    const auto theirs = b.leaf_hash(journal.equal);
    if (!theirs) return theirs.error().within(kNames[1]);
    if (*ours != *theirs) break;
  }
  if (journal.equal == both) return {};
  journal.differs = FirstDifference{journal.equal, {}};
  for (std::size_t side = 0; side < 2; ++side) {
    auto details = sides_[side].entry(journal.origin, journal.equal);
    if (!details) return details.error().within(kNames[side]);
    journal.differs->entries[side] = std::move(details->entry);
  }
  return {};
}

void ExportDiff::compare_receipts(DiffJournal& journal) {
  const auto& a = receipts_of(sides_[0], journal.origin);
  const auto& b = receipts_of(sides_[1], journal.origin);
  const auto comparable = [&journal](const ReceiptedSize& receipt) {
    return !journal.differs || receipt.size <= journal.equal;
  };
  bool twice = false;
  for (auto left = a.begin(), right = b.begin(); left != a.end() || right != b.end();) {
    if (right == b.end() || (left != a.end() && left->size < right->size)) {
      if (comparable(*left)) journal.receipts_missing.push_back(*left);
      ++left;
    } else if (left == a.end() || right->size < left->size) {
      if (comparable(*right)) journal.receipts_added.push_back(*right);
      ++right;
    } else {
      if (left->time != right->time && comparable(*left) && !std::exchange(twice, true)) {
        add(FindingCode::kReceiptTwice, journal, "size " + std::to_string(left->size),
            journal.origin.to.text() + " receipted the first " + std::to_string(left->size) +
                " entries twice: at " + to_rfc3339(left->time) + " in export A, at " +
                to_rfc3339(right->time) + " in export B; this is the first such checkpoint");
      }
      ++left, ++right;
    }
  }
}

void ExportDiff::judge(const DiffJournal& journal) {
  if (journal.size[0] == 0) return;  // new in B, or not read in A, whose own findings say why
  if (journal.differs) {
    const auto& entries = journal.differs->entries;
    const std::string place = "entry " + std::to_string(journal.differs->index);
    const std::string evidence =
        "A " + to_hex(entries[0].leaf_hash) + " B " + to_hex(entries[1].leaf_hash);
    if (both_hold()) {
      add(FindingCode::kFork, journal, place,
          "the exports hold different entries, and " + journal.origin.from.text() +
              " signed a checkpoint over each",
          evidence);
    } else {
      add(FindingCode::kDiffers, journal, place,
          "the exports hold different entries, and one of them is not verified", evidence);
    }
  } else if (journal.size[1] < journal.size[0]) {
    add(FindingCode::kLost, journal, "entry " + std::to_string(journal.size[1]),
        "export B lacks the " + std::to_string(journal.size[0] - journal.size[1]) +
            " entries from here on that export A has");
  }
  if (journal.receipts_missing.empty()) return;
  const ReceiptedSize& first = journal.receipts_missing.front();
  add(FindingCode::kLost, journal, "size " + std::to_string(first.size),
      "export B lacks " + std::to_string(journal.receipts_missing.size()) +
          " receipts that export A has; the first is of " + to_rfc3339(first.time));
}

void ExportDiff::add(FindingCode code, const DiffJournal& journal, const std::string& place,
                     std::string what, std::string evidence) {
  const auto& journals = sides_[0].kept().journals;
  const auto found = journals.find(journal.origin);
  const bool on_receipts = code == FindingCode::kReceiptTwice;
  std::string rests_on;
  if (found != journals.end()) {
    const JournalVerdict& verdict = found->second.verdict;
    rests_on = on_receipts ? verdict.counterpart_authority : verdict.sender_authority;
  }
  if (!rests_on.empty()) rests_on = "authority " + rests_on;
  findings_.push_back({code, journal.origin.text() + " " + place, std::move(what),
                       std::move(evidence), std::move(rests_on)});
}

Result<void> ExportDiff::added(const DiffJournal& journal, const ShownExport::EntrySink& sink) {
  if (journal.differs) return {};
  return sides_[1].entries(journal.origin, journal.equal, sink);
}

}  // namespace blo::journal
