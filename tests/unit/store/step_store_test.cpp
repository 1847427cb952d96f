#include "store/step_store.h"

#include "world.h"

namespace blo::store {
namespace {

using journal::Precedence;
using test::Folder;
using test::Rows;

constexpr WallTime kNoon{milliseconds(1'704'110'400'000)};
constexpr WaitTime kBegin{std::chrono::hours(100)};
constexpr std::uint32_t kOpened = 3;
constexpr std::uint32_t kActed = 4;

/// Ten entries of ours, entered a minute apart.
struct Ten {
  Ten() : rows(folder.file()), row(rows.make_journal()), steps(rows.store->steps()) {
    for (std::uint64_t i = 0; i < 10; ++i) {
      REQUIRE(rows.append(row, "entry " + std::to_string(i)).has_value());
      const auto precedence = i % 2 == 0 ? Precedence::kRoutine : Precedence::kFlash;
      REQUIRE(steps.await(row, i, {precedence, kBegin + std::chrono::minutes(i), {}}).has_value());
    }
  }
  OverdueQuery query(Awaited what, std::uint64_t from, std::uint64_t to, WaitTime since) {
    return {what, Precedence::kFlash, from, to, since, kNoon};
  }

  Folder folder;
  Rows rows;
  JournalRow row;
  StepStore& steps;
};

}  // namespace

TEST_CASE("of what answers a message the first opened and the newest acted are given") {
  Ten ten;
  const MessageId id{7};
  CHECK(ten.steps.furthest(ten.rows.pairing, id).value() == 0);
  CHECK_FALSE(ten.steps.opened(ten.rows.pairing, id).value().has_value());
  for (const std::uint64_t index : {2U, 5U})
    REQUIRE(ten.steps.add(ten.row, index, kOpened, id).has_value());
  CHECK(ten.steps.furthest(ten.rows.pairing, id).value() == kOpened);
  for (const std::uint64_t index : {3U, 6U, 8U})
    REQUIRE(ten.steps.add(ten.row, index, kActed, id).has_value());
  CHECK(ten.steps.furthest(ten.rows.pairing, id).value() == kActed);
  CHECK(ten.steps.opened(ten.rows.pairing, id).value()->index == 2);
  std::vector<std::pair<std::uint32_t, std::uint64_t>> found;
  for (const auto& step : ten.steps.of(ten.rows.pairing, id, 2).value()) {
    CHECK(step.journal == ten.row.id);
    found.emplace_back(step.kind, step.index);
  }
  CHECK(found == decltype(found){{kOpened, 2}, {kActed, 6}, {kActed, 8}});
  CHECK(ten.steps.of(ten.rows.pairing, MessageId{8}, 2).value().empty());
  CHECK(ten.steps.of(ten.rows.pairing + 1, id, 2).value().empty());
}

TEST_CASE("a receipt is overdue beyond the receipted ones and after its time") {
  Ten ten;
  const auto all = ten.steps.overdue(
      ten.row, ten.query(Awaited::kReceipt, 4, 10, kBegin + std::chrono::minutes(8)));
  CHECK(all.value().count == 2);  // entries 5 and 7
  CHECK(all.value().oldest == 5);
  const auto none = ten.steps.overdue(ten.row, ten.query(Awaited::kReceipt, 4, 10, kBegin));
  CHECK(none.value().count == 0);
}

TEST_CASE("what was opened or done with is not waited for") {
  Ten ten;
  REQUIRE(ten.steps.note_opened(ten.row, 1, kBegin + std::chrono::hours(1)).has_value());
  REQUIRE(ten.steps.note_opened(ten.row, 1, kBegin + std::chrono::hours(9))
              .has_value());  // the first counts
  REQUIRE(ten.steps.note_done(ten.row, 3).has_value());
  const auto unopened = ten.steps.overdue(ten.row, ten.query(Awaited::kOpening, 0, 10, kBegin));
  CHECK(unopened.value().count == 3);
  CHECK(unopened.value().oldest == 5);
  const auto outcome = [&](WaitTime since) {
    return ten.steps.overdue(ten.row, ten.query(Awaited::kOutcome, 0, 10, since)).value().count;
  };
  CHECK(outcome(kBegin) == 0);
  CHECK(outcome(kBegin + std::chrono::hours(1)) == 1);
}

TEST_CASE("a message that is over is waited for no longer") {
  Ten ten;
  REQUIRE(ten.rows.append(ten.row, "entry 10").has_value());
  REQUIRE(ten.steps.await(ten.row, 10, {Precedence::kFlash, kBegin, kNoon + std::chrono::hours(1)})
              .has_value());
  auto query = ten.query(Awaited::kOpening, 10, 11, kBegin);
  CHECK(ten.steps.overdue(ten.row, query).value().count == 1);
  query.now = kNoon + std::chrono::hours(1);
  CHECK(ten.steps.overdue(ten.row, query).value().count == 0);
}

TEST_CASE("of what one receipt covers those are found that were over by its time") {
  Ten ten;
  for (std::uint64_t i = 10; i < 13; ++i) {
    REQUIRE(ten.rows.append(ten.row, "entry").has_value());
    const auto expires = kNoon + std::chrono::hours(i);
    REQUIRE(ten.steps.await(ten.row, i, {Precedence::kFlash, kBegin, expires}).has_value());
  }
  const auto found = [&](std::uint64_t from, std::uint64_t to, WallTime time) {
    const auto all = ten.steps.arrived_expired(ten.row, from, to, time).value();
    return std::pair(all.count, all.oldest);
  };
  using Pair = std::pair<std::uint64_t, std::uint64_t>;
  CHECK(found(0, 13, kNoon + std::chrono::hours(10)) == Pair(0, 0));
  CHECK(found(0, 13, kNoon + std::chrono::hours(10) + seconds(1)) == Pair(1, 10));
  CHECK(found(0, 13, kNoon + std::chrono::hours(20)) == Pair(3, 10));
  CHECK(found(11, 12, kNoon + std::chrono::hours(20)) == Pair(1, 11));
}

TEST_CASE("what stands in an alarm is not new any more until the next wait") {
  Ten ten;
  const auto query = ten.query(Awaited::kReceipt, 0, 10, kBegin + std::chrono::minutes(3));
  CHECK(ten.steps.overdue(ten.row, query).value().unannounced == 2);
  REQUIRE(ten.steps.mark_announced(ten.row, query).has_value());
  CHECK(ten.steps.overdue(ten.row, query).value().unannounced == 0);
  const auto later = ten.query(Awaited::kReceipt, 0, 10, kBegin + std::chrono::minutes(5));
  CHECK(ten.steps.overdue(ten.row, later).value().unannounced == 1);
  CHECK(ten.steps.overdue(ten.row, later).value().count == 3);
  const auto opening = ten.query(Awaited::kOpening, 0, 10, kBegin);
  CHECK(ten.steps.overdue(ten.row, opening).value().unannounced == 5);
}

TEST_CASE("what was received waits to be opened until its content is destroyed") {
  const Folder folder;
  Rows rows(folder.file());
  const Origin theirs{Network::kExercise, test::office("TJ-FOTEHOBOD"), test::office("UZ-OYBEK"),
                      1};
  JournalRow row =
      rows.journals.create(rows.pairing, theirs, false, as_bytes("certificate"), nullptr).value();
  StepStore& steps = rows.store->steps();
  for (std::uint64_t i = 0; i < 4; ++i) {
    REQUIRE(rows.append(row, "entry " + std::to_string(i)).has_value());
    const auto precedence = i == 0 ? Precedence::kFlash : Precedence::kRoutine;
    REQUIRE(steps.await(row, i, {precedence, kBegin, {}}).has_value());
  }
  CHECK(steps.count_unopened(row, 0, 4, 10).value() == UnopenedCounts{3, 0, 0, 1});
  CHECK(steps.count_unopened(row, 1, 4, 2).value() == UnopenedCounts{2, 0, 0, 0});
  CHECK(steps.unopened(row, Precedence::kRoutine, 0, 4, 2).value() ==
        std::vector<std::uint64_t>{3, 2});
  CHECK(steps.is_unopened(row, 0).value());
  REQUIRE(rows.journals.erase_body(row, 0).has_value());
  CHECK_FALSE(steps.is_unopened(row, 0).value());
  CHECK(steps.count_unopened(row, 0, 4, 10).value() == UnopenedCounts{3, 0, 0, 0});
}

}  // namespace blo::store
