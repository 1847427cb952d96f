// The heads of our own journal that a counterpart's stamps name, compared with our tree on arrival.
#ifndef BLO_OFFICE_NAMED_HEADS_H
#define BLO_OFFICE_NAMED_HEADS_H

#include "office/pair.h"

namespace blo::office {

class NamedHeads {
 public:
  /// `signed_size`: of the newest checkpoint of our newest generation that was signed. Store and
  /// pair outlive it.
  NamedHeads(store::Store& store, const Pair& pair, std::uint64_t signed_size)
      : store_(store), pair_(pair), signed_size_(signed_size) {}
  /// While what we lost is given back: what a stamp names beyond that is lost.
  NamedHeads(store::Store& store, const Pair& pair)
      : store_(store), pair_(pair), signed_size_(UINT64_MAX), given_back_(true) {}

  /// kHeadMismatch where it names entries of ours that no checkpoint was signed for: nobody can
  /// have given a receipt for them, and whoever guessed them is told to wait until one is.
  [[nodiscard]] Result<journal::StampVerdict> judge(const journal::Stamp& stamp);

 private:
  [[nodiscard]] Result<journal::NamedGeneration> named(const store::JournalRow& row);
  [[nodiscard]] Result<bool> had_root(const store::JournalRow& row, const journal::Stamp& stamp);
  [[nodiscard]] Result<journal::Hash> root_at(const store::JournalRow& row, std::uint64_t size);

  store::Store& store_;
  const Pair& pair_;
  std::uint64_t signed_size_;
  bool given_back_ = false;
  // The last of them: a batch's stamps mostly name one head.
  std::int64_t journal_ = 0;
  std::uint64_t size_ = 0;
  journal::Hash root_{};
};

}  // namespace blo::office

#endif
