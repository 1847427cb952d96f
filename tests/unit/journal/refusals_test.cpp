#include "journal/across/refusals.h"

#include <catch2/catch.hpp>

namespace blo::journal {
namespace {

using Found = RefusedEntry::Found;

constexpr Refusal kOfEntry5{1, 5, {}, RefusalReason::kInvalidContent};
constexpr RefusedEntry kThere{Found::kEntry, false, false, 8};

/// Entry `index`, in a run of the head (1, 8) that begins at entry 20.
RefusalPlace at(std::uint64_t index, NamedHead before = {1, 5}) {
  return {index, {{1, 8}, 20, before}, false};
}

RefusalWorth worth(const Refusal& refusal, const RefusalPlace& place, const RefusedEntry& named) {
  RefusalRun run{20, 20};
  return judge_refusal(refusal, place, named, run);
}

}  // namespace

TEST_CASE("a refusal is in its place right after the receipt over its entry") {
  CHECK(worth(kOfEntry5, at(20), kThere) == RefusalWorth::kCounts);
  CHECK(worth(kOfEntry5, at(21), kThere) == RefusalWorth::kOutOfPlace);  // entry 20 is none
  // The one before names the entry already, by a stamp or by a receipt.
  CHECK(worth(kOfEntry5, at(20, {1, 6}), kThere) == RefusalWorth::kOutOfPlace);
  RefusedEntry receipted = kThere;
  receipted.receipted = 7;
  CHECK(worth(kOfEntry5, at(20), receipted) == RefusalWorth::kOutOfPlace);
  // A receipt that was lost on the way is not known.
  receipted.receipted = 12;
  CHECK(worth(kOfEntry5, at(20), receipted) == RefusalWorth::kCounts);
  receipted.receipted.reset();
  CHECK(worth(kOfEntry5, at(20), receipted) == RefusalWorth::kCounts);
  // Not under the head, and of another generation than the head's.
  CHECK(worth({1, 8, {}, RefusalReason::kMalformed}, at(20), kThere) == RefusalWorth::kOutOfPlace);
  CHECK(worth({2, 5, {}, RefusalReason::kMalformed}, at(20), kThere) == RefusalWorth::kOutOfPlace);
}

TEST_CASE("refusals in their place follow each other, and nothing else stands between") {
  RefusalRun run;
  CHECK(judge_refusal(kOfEntry5, at(20), kThere, run) == RefusalWorth::kCounts);
  CHECK(judge_refusal({1, 6, {}, RefusalReason::kMalformed}, at(21), kThere, run) ==
        RefusalWorth::kCounts);
  RefusedEntry none{Found::kNothing};
  CHECK(judge_refusal(kOfEntry5, at(22), none, run) == RefusalWorth::kNamesNothing);
  CHECK(judge_refusal({1, 7, {}, RefusalReason::kMalformed}, at(23), kThere, run) ==
        RefusalWorth::kOutOfPlace);
  // The next head begins anew.
  const RefusalPlace next{24, {{1, 11}, 24, {1, 8}}, false};
  RefusedEntry later = kThere;
  later.receipted = 11;
  CHECK(judge_refusal({1, 9, {}, RefusalReason::kMalformed}, next, later, run) ==
        RefusalWorth::kCounts);
}

TEST_CASE("after a loss whatever was refused is refused again before the first message") {
  RefusalPlace late = at(40);
  CHECK(worth(kOfEntry5, late, kThere) == RefusalWorth::kOutOfPlace);
  late.begins_after_loss = true;
  CHECK(worth(kOfEntry5, late, kThere) == RefusalWorth::kCounts);
  RefusedEntry again = kThere;
  again.refused_before = true;
  CHECK(worth(kOfEntry5, late, again) == RefusalWorth::kAgain);
}

TEST_CASE("an erasure may be refused as held at any time and again, and nothing else may") {
  constexpr Refusal held{1, 5, {}, RefusalReason::kHeld};
  RefusedEntry erasure = kThere;
  erasure.is_erasure = true;
  erasure.refused_before = true;
  CHECK(worth(held, at(40), erasure) == RefusalWorth::kCounts);
  CHECK(worth(held, at(40), kThere) == RefusalWorth::kOutOfPlace);
  CHECK(worth(kOfEntry5, at(40), erasure) == RefusalWorth::kAgain);
}

}  // namespace blo::journal
