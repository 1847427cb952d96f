#include "transport/bindings.h"

#include <catch2/catch.hpp>

namespace blo::transport {
namespace {

using Places = std::vector<std::size_t>;

SteadyTime at(milliseconds time) { return SteadyTime(std::chrono::hours(1)) + time; }

TEST_CASE("an address is tried again after waits that double to half a minute and never end") {
  Bindings bindings;
  SteadyTime now = at(seconds(0));
  bindings.failed(1, "[::]:7117", "off", now);
  for (const int wait : {1, 2, 4, 8, 16, 30, 30, 30}) {
    CHECK(bindings.due(now + seconds(wait) - milliseconds(1)).empty());
    now += seconds(wait);
    CHECK(bindings.due(now) == Places{1});
    bindings.failed(1, "[::]:7117", "off", now);
  }
  now += std::chrono::days(400);
  CHECK(bindings.due(now) == Places{1});
}

TEST_CASE("each address has its own wait and the newest reason and the first time it was tried") {
  Bindings bindings;
  bindings.failed(2, "192.0.2.1:7117", "not there", at(seconds(0)));
  bindings.failed(0, "0.0.0.0:7117", "in use", at(seconds(5)));
  CHECK(bindings.due(at(seconds(2))) == Places{2});
  bindings.failed(2, "192.0.2.1:7117", "in use", at(seconds(2)));
  CHECK(bindings.due(at(seconds(6))) == Places{0, 2});
  const auto unbound = bindings.unbound();
  REQUIRE(unbound.size() == 2);
  CHECK(unbound[0].address == "0.0.0.0:7117");
  CHECK(unbound[1].address == "192.0.2.1:7117");
  CHECK(unbound[1].why == "in use");
  CHECK(unbound[1].since == at(seconds(0)));
}

TEST_CASE("an address that is bound waits no more") {
  Bindings bindings;
  bindings.failed(0, "0.0.0.0:7117", "in use", at(seconds(0)));
  bindings.bound(0);
  CHECK(bindings.due(at(seconds(60))).empty());
  CHECK(bindings.unbound().empty());
}

}  // namespace
}  // namespace blo::transport
