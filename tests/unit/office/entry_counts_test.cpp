#include "office/entry_counts.h"

#include <catch2/catch.hpp>

#include "../../sim/world.h"

namespace blo::office {
namespace {

TEST_CASE("what an hour brought is counted each way, and no more is said of it") {
  sim::World world;
  world.connect();
  world.run();
  const auto before = count_entries(*world.a.office);
  const auto before_at_b = count_entries(*world.b.office);
  world.a.say("a van");
  world.a.say("another van");
  world.b.say("a lorry");
  const auto sent = between(before, count_entries(*world.a.office));
  CHECK(sent.accepted == 2);
  CHECK(sent.receipted == 0);
  world.run();
  const auto exchanged = between(before, count_entries(*world.a.office));
  CHECK(exchanged == EntryCounts{2, 1, 2, 0});
  CHECK(between(before_at_b, count_entries(*world.b.office)) == EntryCounts{1, 2, 1, 0});
  CHECK(to_text(exchanged) == "accepted 2, received 1, receipted 2, refused 0");
  CHECK(between(exchanged, {}) == EntryCounts{});
}

}  // namespace
}  // namespace blo::office
