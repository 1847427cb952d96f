#include "daemon/permissions.h"

#include <catch2/catch.hpp>
#include <set>

#include "blo/v1/control.pb.h"

namespace blo::daemon {
namespace {

std::vector<std::uint32_t> all_requests() {
  std::vector<std::uint32_t> numbers;
  const auto* what = v1::Request::descriptor()->FindOneofByName("what");
  for (int i = 0; i < what->field_count(); ++i)
    numbers.push_back(static_cast<std::uint32_t>(what->field(i)->number()));
  return numbers;
}

}  // namespace

TEST_CASE("every request says what it needs of its officer's certificate, and an auditor agrees") {
  std::set<std::uint32_t> listed;
  for (const auto& one : journal::listed_needs()) {
    CHECK(one.needs != journal::ActNeeds::kInForce);
    CHECK(listed.insert(one.request).second);
  }
  for (const std::uint32_t number : all_requests()) {
    INFO("request " << number);
    const Permission* permission = permission_of(number);
    REQUIRE(permission != nullptr);
    CHECK(journal::needs_of(number) == permission->needs);
    listed.erase(number);
  }
  CHECK(listed.empty());
}

TEST_CASE("what a full disk does not refuse only reads") {
  for (const std::uint32_t number : all_requests()) {
    const Permission* permission = permission_of(number);
    REQUIRE(permission != nullptr);
    INFO(permission->name);
    CHECK((!permission->reads() || permission->needs == journal::ActNeeds::kReading));
  }
}

TEST_CASE("a monitor asks for the status and the list of alarms, and for nothing else") {
  Asker monitor;
  monitor.is_monitor = true;
  for (const std::uint32_t number : all_requests()) {
    const Permission* permission = permission_of(number);
    REQUIRE(permission != nullptr);
    INFO(permission->name);
    const bool may = number == v1::Request::kStatus || number == v1::Request::kAlarmList;
    CHECK(permission->allows(monitor) == may);
    CHECK_FALSE(permission->allows(Asker()));
  }
  v1::Request request;
  request.mutable_alarm_list()->set_all(true);
  CHECK_FALSE(asks_more_than_a_monitor(request));
  request.mutable_alarm_list()->set_alarm(7);
  CHECK(asks_more_than_a_monitor(request));
}

}  // namespace blo::daemon
