#include "office/named_heads.h"

#include "office/records.h"

namespace blo::office {
namespace {

Result<bool> began_after_loss(store::Store& store, const store::JournalRow& row) {
  if (row.size() == 0) return false;
  const auto first = store.journals().entry(row, 0);
  if (!first) return first.error();
  const auto start = find_record<journal::GenerationStart>(*first);
  return start && start->after_loss;
}

}  // namespace

Result<journal::StampVerdict> NamedHeads::judge(const journal::Stamp& stamp) {
  const auto generations = pair_.generations(true);
  const auto row = std::ranges::find(generations, stamp.generation,
                                     [](const auto* one) { return one->origin.generation; });
  journal::NamedGeneration known{journal::NamedGeneration::Extent::kNone};
  if (row != generations.end()) {
    auto found = named(**row);
    if (!found) return found.error();
    known = *found;
  }
  return journal::judge_stamp(stamp, known, [&](std::uint64_t) { return had_root(**row, stamp); });
}

Result<journal::NamedGeneration> NamedHeads::named(const store::JournalRow& row) {
  journal::NamedGeneration found{journal::NamedGeneration::Extent::kWhole, row.size()};
  const auto generations = pair_.generations(true);
  const auto next = std::ranges::find(generations, row.origin.generation + 1,
                                      [](const auto* one) { return one->origin.generation; });
  if (next == generations.end()) {
    found.lost = given_back_;
    return found;
  }
  const auto lost = began_after_loss(store_, **next);
  if (!lost) return lost.error();
  found.lost = *lost;
  return found;
}

Result<bool> NamedHeads::had_root(const store::JournalRow& row, const journal::Stamp& stamp) {
  const auto root = root_at(row, stamp.size);
  if (!root) return root.error();
  if (*root != stamp.root) return false;
  if (row.id == pair_.sent->row.id && stamp.size > signed_size_) {
    return Error(OfficeError::kHeadMismatch,
                 "a stamp names " + std::to_string(stamp.size) +
                     " entries of ours, and checkpoints were signed for " +
                     std::to_string(signed_size_));
  }
  return true;
}

Result<journal::Hash> NamedHeads::root_at(const store::JournalRow& row, std::uint64_t size) {
  if (journal_ == row.id && size_ == size) return root_;
  auto root = store_.journals().root_at(row, size);
  if (!root) return root.error();
  if (!*root) {  // from before subtrees were stored
    const auto frontier = frontier_at(store_, row, size);
    if (!frontier) return frontier.error();
    *root = frontier->root();
  }
  journal_ = row.id;
  size_ = size;
  root_ = **root;
  return root_;
}

}  // namespace blo::office
