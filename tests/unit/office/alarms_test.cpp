#include "office/alarms.h"

#include <catch2/catch.hpp>
#include <set>

#include "../../sim/kit.h"
#include "base/file.h"

namespace blo::office {
namespace {

using identity::Role;

const Now kNow{sim::kStart, SteadyTime(milliseconds(1))};

struct Fixture {
  sim::Folder folder;
  sim::Kit kit{"UZ-OYBEK"};
  std::unique_ptr<Office> office = Office::open(kit.keys(), folder.path() / "store.db").value();

  const store::OfficerRow& officer(Role role) {
    const auto key = crypto::SigningKey::generate();
    auto request = identity::CertificateRequest::parse(kit.officer_request()).value();
    request.keys = {{identity::KeyUse::kOfficer, key.verify_key().bytes()}};
    return **office->officers().add(request.sign(key), {role}, 30, 0, kNow);
  }
  store::AlarmRow newest() { return office->alarms().list(true).value().back(); }
};

}  // namespace

TEST_CASE("every code of an alarm has one row in the table and a word of its own") {
  std::set<std::string_view> words;
  int next = 1;
  for (const auto& kind : alarm_kinds()) {
    CHECK(static_cast<int>(kind.code) == next++);  // the enum's order, and none left out
    CHECK(to_string(kind.code) == kind.text);
    CHECK(words.insert(kind.text).second);
    CHECK(acknowledged_by(kind.text) == kind.by);
    CHECK(severity_of(kind.text) == kind.severity);
  }
  CHECK(severity_of("of a newer version") == Severity::kCritical);
  CHECK(acknowledged_by("of a newer version") == AcknowledgedBy::kSecurity);
}

TEST_CASE("the handbook has each code with its severity") {
  const auto page = read_file(BLO_DOCS "/operating.md", 1U << 20U).value();
  for (const auto& kind : alarm_kinds()) {
    const std::string row =
        "\n| `" + std::string(kind.text) + "` | " + std::string(to_string(kind.severity)) + " | ";
    INFO(row);
    CHECK(as_text(page).find(row) != std::string_view::npos);
  }
}

TEST_CASE("who may acknowledge an alarm is its code's to say") {
  Fixture at;
  const std::set<std::string_view> security{
      "forked",         "rewound",    "key-changed",        "old-statement",
      "revoked-office", "runs-twice", "officer-introduced", "policy-weakened"};
  auto& alarms = at.office->alarms();
  const std::vector<Role> stricter{Role::kSecurityOfficer, Role::kAdministrator};
  for (const auto& kind : alarm_kinds()) {
    INFO(kind.text);
    if (security.contains(kind.text)) CHECK(kind.by == AcknowledgedBy::kSecurity);
    for (const auto role : {Role::kOperator, Role::kReleaser, stricter[0], stricter[1]}) {
      const auto& officer = at.officer(role);
      REQUIRE(
          alarms.raise({kind.code, std::to_string(officer.person), "it happened", "look", ""}, kNow)
              .has_value());
      const auto open = alarms.count_open().value();
      const auto done = alarms.acknowledge(at.newest().id, officer, "seen", kNow);
      const bool may = kind.by == AcknowledgedBy::kDuty || std::ranges::count(stricter, role) > 0;
      CHECK(done.has_value() == may);
      if (!may) CHECK(done.error() == OfficeError::kNotAuthorised);
      CHECK(alarms.count_open().value() == (may ? open - 1 : open));
    }
  }
}

TEST_CASE("what is about several things is one open alarm that names each, and not without end") {
  Fixture at;
  auto& alarms = at.office->alarms();
  const auto about = [&](const std::string& what) {
    return alarms.raise(
        {AlarmCode::kOfficerIntroduced, "TJ-FOTEHOBOD", "new: " + what, "ask", "", 1, what}, kNow);
  };
  CHECK(about("officer 7").value());
  CHECK(about("officer 8").value());
  CHECK(alarms.count_open().value() == 1);
  CHECK(at.newest().sentence == "new: officer 7; officer 8");
  CHECK(at.newest().next_step == "ask");
  for (int i = 0; i < 1'000; ++i)
    REQUIRE(about("officer " + std::to_string(1'000 + i)).has_value());
  CHECK(at.newest().sentence.size() < 2'100);
  CHECK(at.newest().sentence.ends_with("; and others"));
  CHECK_FALSE(about("one more").value());
  REQUIRE(alarms.acknowledge(at.newest().id, at.officer(Role::kSecurityOfficer), "seen", kNow)
              .has_value());
  CHECK(about("officer 9").value());
  CHECK(at.newest().sentence == "new: officer 9");
}

TEST_CASE("an alarm acknowledged under a clock that ran ahead is raised again when it is due") {
  Fixture at;
  auto& alarms = at.office->alarms();
  const auto& officer = at.officer(Role::kOperator);
  for (const auto code : {AlarmCode::kCertificateExpires, AlarmCode::kClockSkew}) {
    const auto raised_at = [&](milliseconds later) {
      const Now now{kNow.wall + later, kNow.steady};
      return alarms.raise({code, "officer 1", "it ends", "look", ""}, now).value();
    };
    const Now ahead{kNow.wall + std::chrono::days(20), kNow.steady};
    CHECK(raised_at(std::chrono::days(20)));
    REQUIRE(alarms.acknowledge(at.newest().id, officer, "the clock was wrong", ahead).has_value());
    CHECK_FALSE(raised_at(std::chrono::days(20)));
    CHECK(raised_at(std::chrono::days(0)));
    REQUIRE(alarms.acknowledge(at.newest().id, officer, "seen", kNow).has_value());
    CHECK_FALSE(raised_at(std::chrono::hours(1)));
    CHECK_FALSE(raised_at(-seconds(1)));
  }
}

TEST_CASE("an alarm is told once it is committed, and by the next run where this one did not") {
  Fixture at;
  const auto raise = [&](AlarmCode code) {
    return at.office->alarms().raise_within({code, "TJ-FOTEHOBOD", "it happened", "look", ""},
                                            kNow);
  };
  {
    auto transaction = at.office->store().begin().value();
    REQUIRE(raise(AlarmCode::kForked).value());
  }
  CHECK(at.office->alarms().untold().value().empty());  // rolled back
  {
    auto transaction = at.office->store().begin().value();
    REQUIRE(raise(AlarmCode::kForked).value());
    REQUIRE(raise(AlarmCode::kHeldBack).value());
    REQUIRE(transaction.commit().has_value());
  }
  const auto codes = [&] {
    std::vector<std::string> found;
    for (const auto& alarm : at.office->alarms().untold().value()) found.push_back(alarm.code);
    return found;
  };
  CHECK(codes() == std::vector<std::string>{"forked", "held-back"});
  REQUIRE(at.office->alarms().mark_told(1).has_value());
  CHECK(codes() == std::vector<std::string>{"held-back"});
  at.office.reset();
  at.office = Office::open(at.kit.keys(), at.folder.path() / "store.db").value();
  CHECK(codes() == std::vector<std::string>{"held-back"});
  REQUIRE(at.office->alarms().mark_told(2).has_value());
  CHECK(codes().empty());
}

}  // namespace blo::office
