// Who gives way when a counterpart opens sessions without end.
#include "office/sessions.h"

#include <catch2/catch.hpp>
#include <vector>

namespace blo::office {
namespace {

constexpr SessionLimits kLimits{3, 6};
const int kNames[4]{};

SessionFacts session(int whose, std::uint64_t opened) {
  return {&kNames[whose], opened, false, false, false};
}

/// Opens `count` sessions of one counterpart, each end as it must, and gives what is left.
void open(std::vector<SessionFacts>& sessions, int whose, int count) {
  for (int i = 0; i < count; ++i) {
    sessions.push_back(session(whose, sessions.empty() ? 1 : sessions.back().opened + 1));
    if (const auto out = gives_way(sessions, kLimits))
      sessions.erase(sessions.begin() + static_cast<std::ptrdiff_t>(*out));
  }
}

auto count_of(const std::vector<SessionFacts>& sessions, int whose) {
  return std::ranges::count(sessions, &kNames[whose], [](const SessionFacts& one) {
    return static_cast<const int*>(one.counterpart);
  });
}

}  // namespace

TEST_CASE("a counterpart has so many sessions and no more") {
  std::vector<SessionFacts> sessions;
  open(sessions, 0, 1000);
  CHECK(sessions.size() == kLimits.per_counterpart);
  CHECK(sessions.back().opened == 1000);
}

TEST_CASE("the oldest without a hello gives way, and one that is ending before it") {
  std::vector<SessionFacts> sessions{session(0, 1), session(0, 2), session(0, 3), session(0, 4)};
  sessions[0].heard_hello = true;
  CHECK(gives_way(sessions, kLimits) == 1U);
  sessions[2].ending = true;
  CHECK(gives_way(sessions, kLimits) == 2U);
}

TEST_CASE("the session that talks never gives way, not even to one that said hello later") {
  std::vector<SessionFacts> sessions{session(0, 1), session(0, 2), session(0, 3), session(0, 4)};
  for (auto& one : sessions) one.heard_hello = true;
  sessions[0].talks = true;
  CHECK(gives_way(sessions, kLimits) == 1U);
}

TEST_CASE("a known office finds room among the sessions of one that took all it could") {
  std::vector<SessionFacts> sessions;
  open(sessions, 0, 1000);
  open(sessions, 1, 1000);
  REQUIRE(sessions.size() == kLimits.in_all);
  open(sessions, 2, 1);
  CHECK(count_of(sessions, 2) == 1);
  open(sessions, 3, 1);
  CHECK(count_of(sessions, 3) == 1);
  CHECK(sessions.size() == kLimits.in_all);
  // And those two cannot be pushed out by who has more.
  open(sessions, 0, 1000);
  CHECK(count_of(sessions, 2) == 1);
  CHECK(count_of(sessions, 3) == 1);
}

TEST_CASE("where there is room nobody gives way") {
  std::vector<SessionFacts> sessions{session(0, 1), session(0, 2), session(0, 3)};
  CHECK_FALSE(gives_way(sessions, kLimits));
  CHECK_FALSE(gives_way({}, kLimits));
}

}  // namespace blo::office
