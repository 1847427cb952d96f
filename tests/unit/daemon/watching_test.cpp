// What the node watches of its surroundings, with a time that is the test's.
#include "office/watching.h"

#include <unistd.h>

#include <algorithm>
#include <boost/asio/io_context.hpp>
#include <catch2/catch.hpp>
#include <cstdio>

#include "../../sim/world.h"
#include "base/diag.h"
#include "daemon/node.h"

namespace blo::daemon {
namespace {

using std::chrono::hours;
using std::chrono::minutes;

/// What goes to standard error, while it lives.
class Stderr {
 public:
  Stderr() : file_(std::tmpfile()), before_(::dup(STDERR_FILENO)) {
    BLO_CHECK(file_ != nullptr && before_ >= 0 && ::dup2(::fileno(file_), STDERR_FILENO) >= 0);
  }
  ~Stderr() {
    ::dup2(before_, STDERR_FILENO);
    ::close(before_);
    std::fclose(file_);
  }
  Stderr(const Stderr&) = delete;
  Stderr& operator=(const Stderr&) = delete;
  [[nodiscard]] std::string text() const {
    std::string text(4'096, '\0');
    const auto size = ::pread(::fileno(file_), text.data(), text.size(), 0);
    text.resize(static_cast<std::size_t>(std::max<ssize_t>(size, 0)));
    return text;
  }

 private:
  std::FILE* file_;
  int before_;
};

/// An office whose node ticks once a minute.
struct Watched {
  explicit Watched(Config wanted = {}, WallTime wall = sim::kStart) : config(std::move(wanted)) {
    now.wall = wall;
    config.listen.clear();
    begin();
  }
  ~Watched() { end(); }
  Watched(const Watched&) = delete;
  Watched& operator=(const Watched&) = delete;

  void begin() {
    if (!office) office = office::Office::open(kit.keys(), folder.path() / "store.db").value();
    node = std::make_unique<Node>(loop, *office, now.wall);
    REQUIRE(node->start(config, now).has_value());
    node->tick(now);
  }
  void end() {
    if (!node) return;
    node->stop([] {});
    loop.poll();
    node.reset();
  }
  /// Off for so long by the wall, started again.
  void off(milliseconds time) {
    end();
    office.reset();
    now.wall += time;
    now.steady = SteadyTime(minutes(7));
    begin();
  }
  void pass(milliseconds time) {
    for (milliseconds gone(0); gone < time; gone += minutes(1)) {
      now.wall += minutes(1);
      now.steady += minutes(1);
      node->tick(now);
    }
  }
  std::vector<std::string> open() {
    std::vector<std::string> codes;
    for (const auto& alarm : office->alarms().list(false).value()) codes.push_back(alarm.code);
    return codes;
  }
  void acknowledge() {
    if (!officer) {
      const auto key = crypto::SigningKey::generate();
      auto request = identity::CertificateRequest::parse(kit.officer_request()).value();
      request.keys = {{identity::KeyUse::kOfficer, key.verify_key().bytes()}};
      officer =
          **office->officers().add(request.sign(key), {identity::Role::kOperator}, 200, 0, now);
    }
    for (const auto& alarm : office->alarms().list(false).value())
      REQUIRE(office->alarms().acknowledge(alarm.id, *officer, "seen", now).has_value());
  }

  sim::Folder folder;
  sim::Kit kit{"UZ-OYBEK"};
  Config config;
  std::unique_ptr<office::Office> office;
  boost::asio::io_context loop{1};
  Now now{sim::kStart, SteadyTime(minutes(5))};
  std::unique_ptr<Node> node;
  std::optional<store::OfficerRow> officer;
};

using Codes = std::vector<std::string>;

TEST_CASE("a disk that is nearly full is an alarm, another once half of the rest is gone") {
  Watched at;
  constexpr std::uint64_t kGib = 1ULL << 30;
  const office::DiskFloor floor{2 * kGib, 10};
  const auto with_free = [&](std::uint64_t free) {
    REQUIRE(office::watch_disk(*at.office, {free, 100 * kGib}, floor, at.now).has_value());
    return at.open();
  };
  CHECK(with_free(3 * kGib).empty());
  CHECK(with_free(2 * kGib).empty());
  CHECK(with_free(2 * kGib - 1) == Codes{"disk-low"});
  at.acknowledge();
  CHECK(with_free(kGib + 1).empty());
  CHECK(with_free(kGib / 2 - 1) == Codes{"disk-low"});
  at.acknowledge();
  CHECK(with_free(kGib / 2 - 1).empty());
  CHECK(with_free(2 * kGib + 1).empty());  // to and fro about the limit
  CHECK(with_free(kGib).empty());
  CHECK(with_free(3 * kGib).empty());
  CHECK(with_free(kGib) == Codes{"disk-low"});
  at.acknowledge();
  CHECK(with_free(0) == Codes{"disk-low"});
}

TEST_CASE("of a small disk a tenth is little") {
  Watched at;
  const office::DiskFloor floor{2ULL << 30, 10};
  REQUIRE(office::watch_disk(*at.office, {11'000, 100'000}, floor, at.now).has_value());
  CHECK(at.open().empty());
  REQUIRE(office::watch_disk(*at.office, {9'999, 100'000}, floor, at.now).has_value());
  CHECK(at.open() == Codes{"disk-low"});
}

TEST_CASE("a backup that is too old is an alarm once one was made") {
  Watched at;
  at.pass(hours(40));
  CHECK(at.open().empty());
  REQUIRE(office::note_backup(*at.office, at.now).has_value());
  CHECK(office::newest_backup(*at.office).value() == at.now.wall);
  at.pass(hours(35));
  CHECK(at.open().empty());
  at.pass(hours(2));
  CHECK(at.open() == Codes{"backup-old"});
  at.acknowledge();
  at.pass(hours(30));
  CHECK(at.open().empty());
  at.pass(hours(6));
  CHECK(at.open() == Codes{"backup-old"});  // another 36 hours
  REQUIRE(office::note_backup(*at.office, at.now).has_value());
  at.acknowledge();
  at.pass(hours(35));
  CHECK(at.open().empty());
  at.pass(hours(2));
  CHECK(at.open() == Codes{"backup-old"});  // the one before was of an older backup
}

TEST_CASE("each hour the diagnostics say what it brought, in counts alone") {
  Watched at;
  at.pass(minutes(59));
  std::string said;
  {
    const Stderr captured;
    diag::start(diag::Level::kInfo);
    at.pass(minutes(1));
    said = captured.text();
    at.pass(minutes(59));
    CHECK(captured.text() == said);
  }
  CHECK(
      said.ends_with("entries of the last hour: accepted 0, received 0, receipted 0, refused 0\n"));
}

TEST_CASE("each hour counts what came since the last alone") {
  sim::World world;
  Config config;
  config.listen.clear();
  boost::asio::io_context loop{1};
  Node node(loop, *world.a.office, world.a.now.wall);
  REQUIRE(node.start(config, world.a.now).has_value());
  const auto said_after = [&](milliseconds time) {
    const Stderr captured;
    diag::start(diag::Level::kInfo);
    world.a.now.wall += time;
    world.a.now.steady += time;
    node.tick(world.a.now);
    return captured.text();
  };
  world.a.say("a van");
  CHECK_THAT(said_after(hours(1)),
             Catch::Contains("the last hour: accepted 2, "));  // and who says it
  world.a.say("another van");
  CHECK_THAT(said_after(hours(1)), Catch::Contains("the last hour: accepted 1, "));
  CHECK_THAT(said_after(hours(1)), Catch::Contains("the last hour: accepted 0, "));
  node.stop([] {});
  loop.poll();
}

TEST_CASE("a backup is waited for over a time off") {
  Watched at;
  REQUIRE(office::note_backup(*at.office, at.now).has_value());
  at.pass(hours(1));
  at.off(hours(40));
  CHECK(at.open().empty());  // a clock that just started may be wrong
  at.pass(minutes(10));
  CHECK(at.open() == Codes{"backup-old"});
}

TEST_CASE("an office that wants backups is told that none was ever made") {
  Config config;
  config.alarms.backup = office::BackupPatience{hours(36), true};
  Watched at(config);
  at.pass(hours(35));
  CHECK(at.open().empty());
  at.pass(hours(2));
  REQUIRE(at.open() == Codes{"backup-old"});
  CHECK(at.office->alarms().list(false).value()[0].sentence ==
        "No backup was ever made of this office");
}

TEST_CASE("a clock that is not believed for an hour is an alarm, another once it is unsure again") {
  Watched at({}, WallTime());
  at.pass(minutes(50));
  CHECK(at.open().empty());
  at.pass(minutes(20));
  CHECK(at.open() == Codes{"clock-unsure"});
  at.now.wall = sim::kStart;
  at.pass(minutes(5));
  at.acknowledge();
  at.pass(hours(3));
  CHECK(at.open().empty());
  at.now.wall += std::chrono::days(30);
  at.pass(minutes(50));
  CHECK(std::ranges::count(at.open(), "clock-unsure") == 0);
  at.pass(minutes(20));
  CHECK(std::ranges::count(at.open(), "clock-unsure") == 1);
}

/// Two paired offices; UZ-OYBEK looks whom it hears.
struct Heard {
  Heard() { hear(); }
  void hear() {
    world.connect();
    world.run();
    look();
    world.cut();
    world.run();
  }
  void look() { REQUIRE(watch.look(*world.a.office, hours(24), world.a.now).has_value()); }
  void pass(milliseconds time) {
    for (milliseconds gone(0); gone < time; gone += minutes(1)) {
      world.a.now.wall += minutes(1);
      world.a.now.steady += minutes(1);
      REQUIRE(world.a.office->store().waits().keep(world.a.now).has_value());
      look();
    }
  }
  void off(milliseconds time) {
    world.a.office.reset();
    watch = {};
    world.a.now.wall += time;
    world.a.open();
    look();
  }
  void acknowledge() {
    for (const auto& alarm : world.a.office->alarms().list(false).value())
      REQUIRE(world.a.office->alarms()
                  .acknowledge(alarm.id, world.a.officer(), "seen", world.a.now)
                  .has_value());
  }
  Codes open() {
    Codes codes;
    for (const auto& alarm : world.a.office->alarms().list(false).value()) {
      CHECK(alarm.subject == "TJ-FOTEHOBOD");
      codes.push_back(alarm.code);
    }
    return codes;
  }
  sim::World world;
  office::ContactWatch watch;
};

TEST_CASE("a counterpart that is not heard for a day is an alarm, and another a day later") {
  Heard at;
  at.pass(hours(23));
  CHECK(at.open().empty());
  at.pass(hours(2));
  REQUIRE(at.open() == Codes{"no-contact"});
  CHECK(at.world.a.office->alarms().list(false).value()[0].sentence ==
        "Nothing was heard of TJ-FOTEHOBOD in 24 hours that blod ran");
  at.acknowledge();
  at.pass(hours(22));
  CHECK(at.open().empty());
  at.pass(hours(2));
  CHECK(at.open() == Codes{"no-contact"});
  at.hear();
  at.acknowledge();
  at.pass(hours(23));
  CHECK(at.open().empty());
  at.pass(hours(2));
  CHECK(at.open() == Codes{"no-contact"});
}

TEST_CASE("an office that works at night waits for its counterpart in its nights alone") {
  Heard at;
  at.pass(hours(10));
  at.off(hours(14));
  at.pass(hours(10));
  at.off(std::chrono::days(3));
  CHECK(at.open().empty());
  at.pass(hours(3));
  CHECK(at.open().empty());
  at.pass(hours(2));
  CHECK(at.open() == Codes{"no-contact"});
}

TEST_CASE("a node looks by itself whom it hears") {
  sim::World world;
  Config config;
  config.listen.clear();
  config.alarms.contact = hours(24);
  boost::asio::io_context loop{1};
  Node node(loop, *world.a.office, world.a.now.wall);
  REQUIRE(node.start(config, world.a.now).has_value());
  const auto alarms_after = [&](milliseconds time) {
    for (milliseconds gone(0); gone < time; gone += minutes(1)) {
      world.a.now.wall += minutes(1);
      world.a.now.steady += minutes(1);
      node.tick(world.a.now);
    }
    const auto alarms = world.a.office->alarms().list(false).value();
    return std::ranges::count(alarms, "no-contact", &store::AlarmRow::code);
  };
  CHECK(alarms_after(hours(23)) == 0);
  CHECK(alarms_after(hours(2)) == 1);
  node.stop([] {});
  loop.poll();
}

TEST_CASE("a watch that is switched off is silent") {
  Config config;
  config.alarms = {std::nullopt, std::nullopt, std::nullopt, std::nullopt};
  Watched at(config, WallTime());
  at.pass(hours(3));
  CHECK(at.open().empty());
}

}  // namespace
}  // namespace blo::daemon
