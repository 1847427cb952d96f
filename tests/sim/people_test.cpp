// What people are told of each other's officers and policies, until two persons are needed.
#include <catch2/catch.hpp>
#include <set>

#include "office/holds.h"
#include "office/policies.h"
#include "world.h"

namespace blo::sim {
namespace {

using identity::Role;

const journal::Policy kEveryAlert{{{static_cast<std::uint32_t>(journal::Kind::kAlert), {}}}, true};

struct Person {
  const store::OfficerRow* row;
  crypto::SigningKey key;
};

Person certify(Node& node, std::vector<Role> roles, std::uint64_t person = 0) {
  auto key = crypto::SigningKey::generate();
  auto request = identity::CertificateRequest::parse(node.kit.officer_request()).value();
  request.keys = {{identity::KeyUse::kOfficer, key.verify_key().bytes()}};
  const auto* row =
      node.office->certify_officer(request.sign(key), std::move(roles), 300, person, 0, node.now)
          .value();
  return {row, std::move(key)};
}

/// Code and subject of those that are open.
std::set<std::pair<std::string, std::string>> alarms(Node& node) {
  std::set<std::pair<std::string, std::string>> open;
  for (const auto& alarm : node.office->alarms().list(false).value())
    REQUIRE(open.emplace(alarm.code, alarm.subject).second);
  return open;
}

std::string sentence(Node& node, const std::string& code) {
  for (const auto& alarm : node.office->alarms().list(false).value())
    if (alarm.code == code) return alarm.sentence;
  return "";
}

/// Sent by one and released by the other.
MessageNumber send(Node& node, const Person& author, const Person& releaser) {
  auto made = node.submission(alert("nobody else has seen this"));
  auto envelope = journal::Envelope::parse(made.envelope).value();
  envelope.officer = author.row->certificate.fingerprint();
  made.envelope = envelope.encode();
  made.signature = crypto::sign(crypto::Purpose::kEnvelope, author.key, {made.envelope});
  auto& office = *node.office;
  const auto drafted = office.outgoing()
                           .accept(node.pair(), envelope.officer, {made}, nullptr, node.now)
                           .front()
                           .value();
  const auto signature =
      crypto::sign(crypto::Purpose::kRelease, releaser.key, {made.envelope, made.signature});
  return office.drafts()
      .release(node.pair(), drafted.draft, *releaser.row, signature, nullptr, node.now)
      .value()
      .number;
}

using Alarms = std::set<std::pair<std::string, std::string>>;

}  // namespace

TEST_CASE("two ghosts that one person certified are an alarm at both offices and listed at both") {
  World world;
  world.a.say("the first officer, for whom the pairing was made");
  world.converge();
  CHECK(alarms(world.a).empty());
  CHECK(alarms(world.b).empty());
  REQUIRE(
      office::set_policy(*world.a.office, world.a.pair(), kEveryAlert, 1, world.a.now).has_value());
  const auto author = certify(world.a, {Role::kOperator});
  const auto releaser = certify(world.a, {Role::kReleaser});
  CHECK(alarms(world.a) == Alarms{{"officer-introduced", "UZ-OYBEK"}});
  CHECK(sentence(world.a, "officer-introduced")
            .find("officer 2 (operator) by the user blod runs as; "
                  "officer 3 (releaser) by") != std::string::npos);
  send(world.a, author, releaser);
  world.cut();
  world.converge();
  CHECK(alarms(world.b) == Alarms{{"officer-introduced", "UZ-OYBEK"}});
  const auto told = sentence(world.b, "officer-introduced");
  CHECK(told.find("officer 2 (operator) in entry") != std::string::npos);
  CHECK(told.find("officer 3 (releaser) in entry") != std::string::npos);
  CHECK(told.find("Karimov") == std::string::npos);  // alarms are kept, and names are forgotten
  for (const bool restarted : {false, true}) {
    if (restarted) world.b.restart();
    const auto& speakers = world.b.pair().received->standing->speakers();
    REQUIRE(speakers.size() == 3);
    CHECK(speakers.at(3).may_speak(world.b.now.wall));
    CHECK(speakers.at(3).first > speakers.at(1).first);
    CHECK(world.b.pair().received->standing->policy().policy == kEveryAlert);
    CHECK(to_unix_ms(world.b.pair().received->standing->policy().since) != 0);
  }
  world.a.restart();
  CHECK(world.a.pair().sent->policy_since == world.b.pair().received->standing->policy().since);
}

TEST_CASE("a renewed certificate is no alarm at either office and a further role is one") {
  World world;
  world.a.say("first");
  world.converge();
  const auto renewed = certify(world.a, {Role::kOperator}, 1);
  CHECK(alarms(world.a).empty());
  const auto more = certify(world.a, {Role::kOperator, Role::kReleaser}, 1);
  CHECK(alarms(world.a) == Alarms{{"officer-introduced", "UZ-OYBEK"}});
  static_cast<void>(renewed);
  static_cast<void>(more);
}

TEST_CASE("officers certified before anybody can be spoken to are no alarm") {
  Folder folder;
  Now now{kStart, SteadyTime(milliseconds(1))};
  Node node("UZ-OYBEK", folder.path(), now);
  certify(node, {Role::kOperator});
  certify(node, {Role::kReleaser});
  CHECK(alarms(node).empty());
}

TEST_CASE(
    "a policy that asks for less is an alarm at both offices and one that asks for more is none") {
  World world;
  const auto set = [&](const journal::Policy& policy) {
    return office::set_policy(*world.a.office, world.a.pair(), policy, 7, world.a.now).has_value();
  };
  REQUIRE(set(kEveryAlert));
  world.cut();
  world.converge();
  CHECK(alarms(world.a).empty());
  CHECK(alarms(world.b).empty());
  REQUIRE(set({}));  // and back, before anything leaves
  REQUIRE(set(kEveryAlert));
  world.cut();
  world.converge();
  CHECK(alarms(world.a) == Alarms{{"policy-weakened", "this office for TJ-FOTEHOBOD"}});
  CHECK(sentence(world.a, "policy-weakened").find("officer 7 set") != std::string::npos);
  CHECK(alarms(world.b) == Alarms{{"policy-weakened", "UZ-OYBEK"}});
}

TEST_CASE("a hold is lifted by who placed it or a security officer and by nobody else") {
  World world;
  const Said said = world.a.say("evidence");
  world.converge();
  const auto placer = certify(world.b, {Role::kReleaser});
  const auto other = certify(world.b, {Role::kReleaser, Role::kAdministrator});
  const auto security = certify(world.b, {Role::kSecurityOfficer});
  const auto place = [&] {
    return office::place_hold(*world.b.office, said.number, "a court", placer.row->person,
                              world.b.now)
        .has_value();
  };
  const auto lift = [&](const Person& person) {
    return office::lift_hold(*world.b.office, said.number, *person.row, world.b.now);
  };
  REQUIRE(place());
  CHECK(lift(other).error() == office::OfficeError::kNotAuthorised);
  CHECK(office::list_holds(*world.b.office)->size() == 1);
  CHECK(lift(placer).has_value());
  REQUIRE(place());
  CHECK(lift(security).has_value());
}

}  // namespace blo::sim
