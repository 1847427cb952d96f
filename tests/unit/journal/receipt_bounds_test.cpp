#include "journal/across/receipt_bounds.h"

#include <catch2/catch.hpp>

#include "world.h"

namespace blo::journal {
namespace {

using std::chrono::days;

constexpr auto kFlawless = std::optional<ReceiptFlaw>();

/// Judges a time by what whoever keeps the receipt knows.
struct Judge {
  [[nodiscard]] std::optional<ReceiptFlaw> operator()(WallTime time) const {
    return receipt_flaw(to_unix_s(time), {tj.authority, tj.office, last, first_signed, beside},
                        now);
  }
  TestOffice tj{"TJ-FOTEHOBOD"};
  std::optional<std::uint64_t> last;
  std::optional<WallTime> first_signed;
  std::optional<WallTime> beside;
  WallTime now = kStart + days(100);
};

}  // namespace

TEST_CASE("a receipt's time has a first and a last second at which it is kept") {
  Judge judge;
  const auto& details = judge.tj.office.details();
  CHECK(judge(details.not_before) == kFlawless);
  CHECK(judge(details.not_before - seconds(1)) == ReceiptFlaw::kUncertified);
  CHECK(judge(judge.now + days(1)) == kFlawless);
  CHECK(judge(judge.now + days(1) + seconds(1)) == ReceiptFlaw::kAhead);
  // While both clocks were ahead it was given, and lost.
  judge.beside = judge.now + days(49);
  CHECK(judge(judge.now + days(50)) == kFlawless);
  CHECK(judge(judge.now + days(50) + seconds(1)) == ReceiptFlaw::kAhead);
  judge.beside = judge.now - days(49);
  CHECK(judge(judge.now + days(1)) == kFlawless);
  judge.now = details.not_after + days(100);
  CHECK(judge(details.not_after) == kFlawless);
  CHECK(judge(details.not_after + seconds(1)) == ReceiptFlaw::kUncertified);
}

TEST_CASE("a receipt is kept no more than a day before its checkpoint was first signed") {
  Judge judge;
  judge.first_signed = judge.now - days(30);
  CHECK(judge(judge.now - days(31)) == kFlawless);
  CHECK(judge(judge.now - days(31) - seconds(1)) == ReceiptFlaw::kTooEarly);
  judge.first_signed = judge.now - days(30) + milliseconds(999);  // receipts have whole seconds
  CHECK(judge(judge.now - days(31)) == kFlawless);
  // Noted by a clock that ran ahead: it says nothing.
  judge.first_signed = judge.now + days(400);
  CHECK(judge(judge.now - days(40)) == kFlawless);
}

TEST_CASE("a receipt is not before the one kept last and may repeat its time for ever") {
  Judge judge;
  const WallTime last = judge.now - days(2);
  judge.last = to_unix_s(last);
  CHECK(judge(last) == kFlawless);
  CHECK(judge(last - seconds(1)) == ReceiptFlaw::kGoesBack);
  for (const WallTime ahead :
       {judge.now + days(400), judge.tj.office.details().not_after + days(1)}) {
    judge.last = to_unix_s(ahead);
    judge.first_signed = ahead + days(10);
    CHECK(judge(ahead) == kFlawless);
    CHECK(judge(ahead + seconds(1)).has_value());
  }
}

TEST_CASE("times beyond the year 9999 are out of range whatever was kept last") {
  const TestOffice tj("TJ-FOTEHOBOD");
  const ReceiptBounds bounds{tj.authority, tj.office, {}, {}, {}};
  for (const std::uint64_t time_s :
       {std::uint64_t{253'402'300'800}, std::uint64_t{INT64_MAX}, std::uint64_t{UINT64_MAX}}) {
    CHECK(receipt_flaw(time_s, bounds, kStart) == ReceiptFlaw::kOutOfRange);
    CHECK(order_flaw(time_s, time_s) == ReceiptFlaw::kOutOfRange);
  }
  CHECK(receipt_flaw(0, bounds, kStart) == ReceiptFlaw::kUncertified);
}

}  // namespace blo::journal
