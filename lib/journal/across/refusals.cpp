#include "journal/across/refusals.h"

namespace blo::journal {
namespace {

/// The smallest receipted head over the entry, be it receipted by a receipt or by a stamp's word.
bool names_first_head(const Refusal& refusal, const RefusalPlace& place,
                      const RefusedEntry& named) {
  const HeadRun& run = place.run;
  return run.head.covers(refusal.generation, refusal.index) &&
         !run.before.covers(refusal.generation, refusal.index) &&
         !(named.receipted && *named.receipted < run.head.size);
}

RefusalWorth worth_of(const Refusal& refusal, const RefusalPlace& place, const RefusedEntry& named,
                      bool follows) {
  using Found = RefusedEntry::Found;
  switch (named.found) {
    case Found::kUnknown: return RefusalWorth::kUnjudged;
    case Found::kNothing: return RefusalWorth::kNamesNothing;
    case Found::kAnother: return RefusalWorth::kNamesAnother;
    case Found::kEntry: break;
  }
  // A hold may be placed at any time, and lifted and placed again.
  if (refusal.reason == RefusalReason::kHeld && named.is_erasure) return RefusalWorth::kCounts;
  if (named.refused_before) return RefusalWorth::kAgain;
  if (place.begins_after_loss) return RefusalWorth::kCounts;
  const bool in_place = follows && names_first_head(refusal, place, named);
  return in_place ? RefusalWorth::kCounts : RefusalWorth::kOutOfPlace;
}

}  // namespace

std::string_view to_string(RefusalWorth worth) {
  switch (worth) {
    case RefusalWorth::kCounts: return "it counts";
    case RefusalWorth::kUnjudged: return "what it names is not at hand";
    case RefusalWorth::kNamesNothing: return "it names an entry that is not there";
    case RefusalWorth::kNamesAnother: return "it names another entry than the one there";
    case RefusalWorth::kAgain: return "it refuses what was refused before";
    case RefusalWorth::kOutOfPlace:
      return "it does not stand right after the receipt over what it refuses";
  }
  return "unknown";
}

RefusalWorth judge_refusal(const Refusal& refusal, const RefusalPlace& place,
                           const RefusedEntry& named, RefusalRun& run) {
  if (run.first != place.run.first) run = {place.run.first, place.run.first};
  const bool follows = place.index == run.end;
  const RefusalWorth worth = worth_of(refusal, place, named, follows);
  const bool counts = worth == RefusalWorth::kCounts || worth == RefusalWorth::kUnjudged;
  if (follows && counts) run.end = place.index + 1;
  return worth;
}

}  // namespace blo::journal
