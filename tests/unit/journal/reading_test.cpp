#include "journal/reading.h"

#include <catch2/catch.hpp>

namespace blo::journal {
namespace {

using std::chrono::days;
using std::chrono::seconds;

constexpr WallTime kBegin{seconds(1'700'000'000)};
constexpr WallTime kOwnEnd = kBegin + days(100);
constexpr WallTime kOfficeEnd = kBegin + days(1000);
constexpr WallTime k1970{};

identity::CertificateDetails holds(WallTime from, WallTime to) {
  identity::CertificateDetails details;
  details.not_before = from;
  details.not_after = to;
  return details;
}

Validity validity(WallTime time, WallTime known, WallTime office_end = kOfficeEnd) {
  AskedAt at(time);
  at.may_be(known);
  return validity_of(holds(kBegin, kOwnEnd), holds(kBegin - days(10), office_end), at);
}

Validity at(WallTime time) { return validity(time, time); }

}  // namespace

TEST_CASE("a certificate that is over reads and is renewed for thirty days and no longer") {
  CHECK(at(kBegin - milliseconds(1)) == Validity::kNone);
  CHECK(at(kBegin) == Validity::kInForce);
  CHECK(at(kOwnEnd) == Validity::kInForce);
  CHECK(at(kOwnEnd + milliseconds(1)) == Validity::kOwnOver);
  CHECK(at(kOwnEnd + days(30)) == Validity::kOwnOver);
  CHECK(at(kOwnEnd + days(30) + milliseconds(1)) == Validity::kNone);
  CHECK(at(kOfficeEnd) == Validity::kNone);
}

TEST_CASE("once the office's certificate is over its officers read without an end") {
  CHECK(at(kOfficeEnd + milliseconds(1)) == Validity::kOfficeOver);
  CHECK(at(kOfficeEnd + days(5000)) == Validity::kOfficeOver);
  CHECK(validity(kOwnEnd + days(1), kOwnEnd, kOwnEnd) == Validity::kOfficeOver);
  CHECK(validity(kOfficeEnd + days(1), kOwnEnd + days(400)) == Validity::kOfficeOver);
  CHECK(validity(k1970, kOfficeEnd + days(1)) == Validity::kOfficeOver);
  CHECK(validity(kBegin - days(5), kBegin - days(5)) == Validity::kNone);
}

TEST_CASE("no clock however wrong keeps anybody from reading who was in force by the time known") {
  for (const WallTime known : {kBegin, kBegin + days(50), kOwnEnd}) {
    for (const WallTime clock :
         {k1970, kBegin - days(400), known, known + days(31), known + days(400), kOfficeEnd,
          kOfficeEnd + days(1), kOfficeEnd + days(9000)}) {
      INFO(to_rfc3339(clock) << " known " << to_rfc3339(known));
      CHECK(suffices(validity(clock, known), ActNeeds::kReading));
      CHECK((clock > kOfficeEnd || suffices(validity(clock, known), ActNeeds::kRenewal)));
    }
  }
}

TEST_CASE("a clock that is ahead gives nobody back what was over by the time known") {
  const WallTime long_over = kOwnEnd + days(40);
  for (const WallTime clock : {long_over, long_over + days(400), kOfficeEnd})
    CHECK(validity(clock, long_over) == Validity::kNone);
}

TEST_CASE("a known time that is wrongly ahead does not outlast the clock's being set right") {
  CHECK(validity(kBegin + days(50), kOwnEnd + days(400)) == Validity::kInForce);
  CHECK(validity(kOwnEnd + days(5), kOwnEnd + days(400)) == Validity::kOwnOver);
}

TEST_CASE("what is left by a certificate that is over is enough to read and not to act") {
  CHECK(suffices(Validity::kInForce, ActNeeds::kInForce));
  for (const auto over : {Validity::kNone, Validity::kOfficeOver, Validity::kOwnOver})
    CHECK_FALSE(suffices(over, ActNeeds::kInForce));
  CHECK(suffices(Validity::kOwnOver, ActNeeds::kRenewal));
  CHECK_FALSE(suffices(Validity::kOfficeOver, ActNeeds::kRenewal));
  CHECK(suffices(Validity::kOfficeOver, ActNeeds::kReading));
  CHECK_FALSE(suffices(Validity::kNone, ActNeeds::kReading));
}

TEST_CASE("a request that nobody listed needs a certificate in force") {
  CHECK(needs_of(0) == ActNeeds::kInForce);
  CHECK(needs_of(2) == ActNeeds::kInForce);
  CHECK(needs_of(UINT32_MAX) == ActNeeds::kInForce);
  CHECK(needs_of(4) == ActNeeds::kReading);
}

TEST_CASE("a trail takes what tells of reading after the end and no other act") {
  Act act;
  act.request = 4;
  CHECK(may_follow_end(act));
  act.request = 2;
  CHECK_FALSE(may_follow_end(act));
  act.request = 10;
  CHECK_FALSE(may_follow_end(act));
  CHECK(may_follow_end(ActFailed{1, 3}));
  CHECK(may_follow_end(Unentered{7, 1, kBegin, kBegin}));
  CHECK_FALSE(may_follow_end(PeerRefused{"TJ-FOTEHOBOD", "clock"}));
  CHECK_FALSE(may_follow_end(Erasure{1, "rule", 0}));
}

}  // namespace blo::journal
