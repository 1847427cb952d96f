#include "journal/pending.h"

#include <algorithm>

namespace blo::journal {
namespace {

constexpr std::size_t kSentencesMax = 1'000;
constexpr char kNotKept[] = "it does not hold; only of the first of so many it is said why";

}  // namespace

void PendingFindings::add(std::uint64_t index, FindingCode code, std::string what) {
  if (sentences_.empty() || sentences_.back() != what) {
    if (sentences_.size() < kSentencesMax) {
      sentences_.push_back(std::move(what));
    } else if (sentences_.size() == kSentencesMax) {
      sentences_.emplace_back(kNotKept);
    }
  }
  all_.push_back({index, static_cast<std::uint32_t>(sentences_.size() - 1), code});
}

bool PendingFindings::has(std::uint64_t index, std::size_t count) const {
  const auto end = all_.begin() + static_cast<std::ptrdiff_t>(count);
  const auto found = std::ranges::lower_bound(all_.begin(), end, index, {}, &Pending::index);
  return found != end && found->index == index;
}

}  // namespace blo::journal
