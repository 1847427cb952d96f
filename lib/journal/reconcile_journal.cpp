#include "journal/reconcile_journal.h"

#include <algorithm>

#include "base/hex.h"
#include "base/limits.h"
#include "journal/error.h"
#include "journal/export_layout.h"
#include "journal/kept_tree.h"

namespace blo::journal {
namespace {

constexpr std::array<const char*, 2> kNames = {"A", "B"};
constexpr milliseconds kLate{kLateMs};

std::string export_name(std::size_t side) { return std::string("export ") + kNames[side]; }

class JournalReconciler {
 public:
  JournalReconciler(const Origin& origin, std::array<Side, 2> sides, std::vector<Finding>& findings)
      : origin_(origin), sides_(std::move(sides)), findings_(findings), journal_{origin, {}, {}} {
    for (std::size_t side = 0; side < 2; ++side) {
      journal_.size[side] = sides_[side].size();
      if (sides_[side].verdict != nullptr)
        journal_.receipted[side] = sides_[side].verdict->receipted;
    }
  }

  Result<ReconciledJournal> run();

 private:
  Result<Bytes> read_bundle(std::size_t side, std::uint64_t bundle);
  void compare(std::uint64_t index, ByteView a, ByteView b);
  void judge_time(std::uint64_t index, ByteView leaf);
  void judge_length();
  void judge_receipts();
  void judge_unreceipted();
  void add_fork(std::uint64_t index, ByteView a, ByteView b);
  [[nodiscard]] std::size_t longer() const { return sides_[1].size() > sides_[0].size() ? 1 : 0; }
  [[nodiscard]] std::string rests_on(bool on_receipts) const;
  void note(std::string text) { journal_.notes.push_back(std::move(text)); }

  Origin origin_;
  std::array<Side, 2> sides_;
  std::vector<Finding>& findings_;
  ReconciledJournal journal_;
  bool forked_ = false;
  std::size_t next_receipt_ = 0;
  std::uint64_t late_ = 0;
  std::string first_late_;
};

std::string JournalReconciler::rests_on(bool on_receipts) const {
  const JournalVerdict& verdict = *sides_[longer()].verdict;
  return "authority " + (on_receipts ? verdict.counterpart_authority : verdict.sender_authority);
}

Result<Bytes> JournalReconciler::read_bundle(std::size_t side, std::uint64_t bundle) {
  const std::uint64_t width = tile_width(sides_[side].size(), 0, bundle);
  if (width == 0) return Bytes{};
  return sides_[side].files->read(
      export_folder(origin_) + "/tile/entries/" + tile_path(bundle, width), kBundleBytesMax);
}

Result<ReconciledJournal> JournalReconciler::run() {
  const std::uint64_t size = sides_[longer()].size();
  for (std::uint64_t bundle = 0; bundle * kTileWidth < size; ++bundle) {
    std::array<std::vector<ByteView>, 2> leaves;
    std::array<Bytes, 2> bytes;
    for (std::size_t side = 0; side < 2; ++side) {
      auto read = read_bundle(side, bundle);
      if (!read) return read.error();
      bytes[side] = std::move(*read);
      ByteView rest;
      leaves[side] = split_bundle(bytes[side], tile_width(sides_[side].size(), 0, bundle), rest);
      for (const ByteView leaf : leaves[side]) sides_[side].tree.append(leaf_hash(leaf));
    }
    const std::size_t both = std::min(leaves[0].size(), leaves[1].size());
    for (std::size_t i = 0; i < both; ++i)
      compare(bundle * kTileWidth + i, leaves[0][i], leaves[1][i]);
    for (std::size_t i = 0; i < leaves[longer()].size(); ++i)
      judge_time(bundle * kTileWidth + i, leaves[longer()][i]);
  }
  for (const Side& side : sides_) {
    if (side.size() > 0 &&
        (side.tree.size() != side.size() || side.tree.root() != side.verdict->root)) {
      return Error(JournalError::kRootMismatch,
                   "the export changed while it was being read: " + export_folder(origin_));
    }
  }
  if (!forked_) judge_length();
  if (!forked_ && !origin_.is_trail()) {
    judge_receipts();
    judge_unreceipted();
  }
  if (late_ > 0) {
    note(
        std::to_string(late_) +
        " entries were receipted more than 24 hours after their stamp: they waited, or a clock was "
        "set; " +
        first_late_);
  }
  return std::move(journal_);
}

void JournalReconciler::compare(std::uint64_t index, ByteView a, ByteView b) {
  if (forked_) return;
  if (equal(a, b)) {
    journal_.equal = index + 1;
    return;
  }
  forked_ = true;
  add_fork(index, a, b);
}

void JournalReconciler::add_fork(std::uint64_t index, ByteView a, ByteView b) {
  std::string what = "the exports hold different entries, and " + origin_.from.text() +
                     " signed a checkpoint over each:";
  for (std::size_t side = 0; side < 2; ++side) {
    const JournalVerdict& verdict = *sides_[side].verdict;
    what += std::string(side == 0 ? " " : "; ") + kNames[side] + " size " +
            std::to_string(verdict.size) + ", root " + to_hex(verdict.root);
    if (origin_.is_trail()) continue;
    what += verdict.receipted > index ? ", receipted by " + origin_.to.text() : ", not receipted";
  }
  findings_.push_back({FindingCode::kFork, origin_.text() + " entry " + std::to_string(index), what,
                       "A " + to_hex(leaf_hash(a)) + " B " + to_hex(leaf_hash(b)),
                       rests_on(false)});
}

/// Against the first receipt over it, where the longer export has one.
void JournalReconciler::judge_time(std::uint64_t index, ByteView leaf) {
  const auto& receipts = *sides_[longer()].receipts;
  while (next_receipt_ < receipts.size() && receipts[next_receipt_].size <= index) ++next_receipt_;
  if (next_receipt_ == receipts.size()) return;
  const auto entry = Entry::parse(leaf);
  if (!entry || receipts[next_receipt_].time - entry->stamp.time <= kLate) return;
  if (late_++ == 0) {
    first_late_ = "the first is entry " + std::to_string(index) + ", stamped " +
                  to_rfc3339(entry->stamp.time) + ", receipted " +
                  to_rfc3339(receipts[next_receipt_].time);
  }
}

void JournalReconciler::judge_length() {
  const std::size_t more = longer(), less = 1 - more;
  const std::uint64_t size = sides_[less].size();
  if (size == sides_[more].size()) return;
  const std::string lacks = export_name(less) + " lacks the entries from " + std::to_string(size) +
                            " on that " + export_name(more) + " has";
  if (origin_.is_trail()) return note(lacks);
  const auto& receipts = *sides_[more].receipts;
  const auto covering = std::ranges::find_if(
      receipts, [&](const ReceiptedSize& receipt) { return receipt.size > size; });
  // Receipts never go back, and have whole seconds; a stamp is made by a clock that may have been
  // set since.
  const auto later = [&](const std::optional<WallTime>& time, milliseconds by) {
    return covering != receipts.end() && time && *time >= covering->time + by;
  };
  const bool by_receipt = later(sides_[less].newest_receipt, seconds(1));
  if (!by_receipt && !later(sides_[less].newest, limits::kClockSkewMax)) {
    note(lacks + (later(sides_[less].newest, seconds(1))
                      ? "; it holds what " + origin_.to.text() +
                            " dated later, but not by a day: "
                            "a clock that was set explains it"
                      : "; nothing shows that it was made later than they were receipted"));
    return;
  }
  const auto& newest = by_receipt ? sides_[less].newest_receipt : sides_[less].newest;
  findings_.push_back({FindingCode::kWithheld, origin_.text() + " entry " + std::to_string(size),
                       lacks + ", though " + origin_.to.text() + " receipted " +
                           std::to_string(covering->size) + " entries at " +
                           to_rfc3339(covering->time) + " and " + export_name(less) +
                           " holds what it dated " + to_rfc3339(*newest),
                       export_name(more) + " size " + std::to_string(sides_[more].size()) +
                           " root " + to_hex(sides_[more].verdict->root),
                       rests_on(true)});
}

void JournalReconciler::judge_receipts() {
  std::array<std::uint64_t, 2> alone{};
  std::uint64_t twice = 0;
  auto a = sides_[0].receipts->begin(), b = sides_[1].receipts->begin();
  const auto a_end = sides_[0].receipts->end(), b_end = sides_[1].receipts->end();
  while (a != a_end || b != b_end) {
    if (b == b_end || (a != a_end && a->size < b->size)) {
      ++alone[0], ++a;
    } else if (a == a_end || b->size < a->size) {
      ++alone[1], ++b;
    } else {
      if (a->time != b->time && twice++ == 0) {
        findings_.push_back({FindingCode::kReceiptTwice,
                             origin_.text() + " size " + std::to_string(a->size),
                             origin_.to.text() + " receipted the first " + std::to_string(a->size) +
                                 " entries twice: at " + to_rfc3339(a->time) + " in export A, at " +
                                 to_rfc3339(b->time) + " in export B",
                             "", rests_on(true)});
      }
      ++a, ++b;
    }
  }
  for (std::size_t side = 0; side < 2; ++side) {
    if (alone[side] == 0) continue;
    note(export_name(side) + " has " + std::to_string(alone[side]) + " receipts that " +
         export_name(1 - side) + " lacks");
  }
  if (twice > 1)
    note(std::to_string(twice) + " checkpoints were receipted twice; the first is listed");
  const std::uint64_t receipted = std::max(journal_.receipted[0], journal_.receipted[1]);
  if (receipted < sides_[longer()].size())
    note("entries from " + std::to_string(receipted) + " on are receipted in neither export");
}

/// An export may have been made between a stamp that names a head and the receipt for it, which
/// come over one session in this order (docs/format/sync.md). A session lasts no more than a day,
/// and the next begins with the newest receipt: what the receiver entered later came after the
/// receipt.
void JournalReconciler::judge_unreceipted() {
  const std::size_t more = journal_.receipted[1] > journal_.receipted[0] ? 1 : 0, less = 1 - more;
  const Side& side = sides_[less];
  const std::uint64_t receipted = journal_.receipted[less];
  const NamedHead covered{origin_.generation, receipted};
  if (side.verdict == nullptr || receipted == journal_.receipted[more] || side.named <= covered)
    return;
  const bool withheld = side.long_named > covered;
  const NamedHead& named = withheld ? side.long_named : side.named;
  Origin there = origin_;
  there.generation = named.generation;
  const std::string says = export_name(less) + " lacks the receipt for the entries from " +
                           std::to_string(receipted) + " on, and holds a stamp of " +
                           origin_.to.text() + " that says that it had receipted " +
                           std::to_string(named.size) + " entries of " + there.text();
  if (!withheld) return note(says + "; the receipt may have been on its way");
  findings_.push_back(
      {FindingCode::kWithheld, origin_.text() + " entry " + std::to_string(receipted),
       says + ", more than two days before its newest stamp there",
       export_name(more) + " has receipts for " + std::to_string(journal_.receipted[more]) +
           " entries, the last of " + to_rfc3339(*sides_[more].verdict->last_receipt),
       rests_on(true)});
}

}  // namespace

Result<ReconciledJournal> reconcile_journal(const Origin& origin, std::array<Side, 2> sides,
                                            std::vector<Finding>& findings) {
  return JournalReconciler(origin, std::move(sides), findings).run();
}

}  // namespace blo::journal
