#include "office/standing.h"

#include <catch2/catch.hpp>

#include "../../sim/kit.h"
#include "identity/revocation.h"

namespace blo::office {
namespace {

using identity::Role;
using journal::Kind;
using journal::Policy;
using journal::Precedence;

const sim::Kit& kit() {
  static const sim::Kit made("UZ-OYBEK");
  return made;
}

journal::CertificateRecord certificate(std::uint64_t person, std::vector<Role> roles,
                                       std::uint64_t statement) {
  identity::CertificateDetails details;
  details.kind = identity::CertificateKind::kOfficer;
  details.network = sim::kNetwork;
  details.subject = kit().id.text();
  details.statement = statement;
  details.keys = {
      {identity::KeyUse::kOfficer, crypto::SigningKey::generate().verify_key().bytes()}};
  details.not_before = sim::kStart;
  details.not_after = sim::kStart + std::chrono::days(30);
  details.issuer = kit().certificate.fingerprint();
  details.person = person;
  details.roles = std::move(roles);
  details.name_commitment = crypto::Hash{};
  return {identity::Certificate::issue(details, kit().ring.signing_key(identity::KeyUse::kIdentity))
              .bytes(),
          0};
}

journal::RevocationRecord revocation(std::uint64_t person, std::uint64_t statement) {
  identity::RevocationDetails details;
  details.network = sim::kNetwork;
  details.subject = kit().id.text();
  details.statement = statement;
  details.person = person;
  details.time = sim::kStart;
  details.issuer = kit().certificate.fingerprint();
  return {identity::Revocation::issue(details, kit().ring.signing_key(identity::KeyUse::kIdentity))
              .bytes()};
}

Policy releases(std::optional<Kind> kind, std::optional<Precedence> precedence = {}) {
  journal::ReleaseRule rule{{}, precedence};
  if (kind) rule.kind = static_cast<std::uint32_t>(*kind);
  return {{rule}, false};
}

struct Follower {
  Standing standing;
  std::uint64_t next = 0;

  /// The persons that are news, 0 for a weakened policy.
  std::vector<std::uint64_t> take(const journal::Record& record) {
    standing.take(next, record, sim::kStart + seconds(next));
    ++next;
    return news();
  }
  std::vector<std::uint64_t> news() {
    std::vector<std::uint64_t> persons;
    for (const auto& one : standing.take_news())
      persons.push_back(one.speaker ? one.speaker->person : 0);
    return persons;
  }
};

using Persons = std::vector<std::uint64_t>;

}  // namespace

TEST_CASE("whoever could not speak before is news and a renewal is none") {
  Follower at;
  CHECK(at.take(certificate(1, {Role::kOperator}, 1)).empty());  // what the pairing was made for
  CHECK(at.take(certificate(2, {Role::kReleaser}, 2)) == Persons{2});
  CHECK(at.take(certificate(2, {Role::kReleaser}, 3)).empty());
  CHECK(at.take(certificate(2, {Role::kOperator, Role::kReleaser}, 4)) == Persons{2});
  CHECK(at.take(certificate(2, {Role::kOperator}, 5)).empty());
  CHECK(at.take(certificate(2, {Role::kReleaser}, 6)) == Persons{2});
  CHECK(at.take(revocation(2, 7)).empty());
  CHECK_FALSE(at.standing.speakers().at(2).may_speak(sim::kStart));
  CHECK(at.take(certificate(2, {Role::kReleaser}, 8)) == Persons{2});  // came back
  const auto& speaker = at.standing.speakers().at(2);
  CHECK(speaker.may_speak(sim::kStart));
  CHECK_FALSE(speaker.may_speak(sim::kStart + std::chrono::days(31)));
  CHECK(speaker.first == sim::kStart + seconds(1));
  CHECK(speaker.since == sim::kStart + seconds(7));
}

TEST_CASE("what a next generation introduces again is no news") {
  Follower at;
  const auto first = certificate(1, {Role::kOperator}, 1);
  const auto second = certificate(2, {Role::kReleaser}, 2);
  at.take(first);
  at.take(second);
  CHECK(at.take(journal::GenerationStart{}).empty());
  CHECK(at.take(second).empty());
  CHECK(at.take(first).empty());
  CHECK(at.standing.speakers().at(2).since == sim::kStart + seconds(1));
  CHECK(at.take(certificate(3, {Role::kOperator}, 3)) == Persons{3});
}

TEST_CASE("a policy asks for less when any message goes without what it needed before") {
  const Policy nothing;
  const Policy all = releases({});
  const Policy alerts = releases(Kind::kAlert);
  const Policy flashes = releases({}, Precedence::kFlash);
  const Policy purpose{{}, true};
  CHECK(nothing.asks_less_than(all));
  CHECK(nothing.asks_less_than(alerts));
  CHECK(nothing.asks_less_than(flashes));
  CHECK(nothing.asks_less_than(purpose));
  CHECK(alerts.asks_less_than(all));
  CHECK(alerts.asks_less_than(flashes));
  CHECK(flashes.asks_less_than(alerts));
  CHECK(alerts.asks_less_than(releases(Kind::kSeizureNotice)));
  CHECK(all.asks_less_than(purpose));
  for (const auto* before : {&nothing, &alerts, &flashes, &all}) {
    CHECK_FALSE(all.asks_less_than(*before));
    CHECK_FALSE(before->asks_less_than(*before));
    CHECK_FALSE(before->asks_less_than(nothing));
  }
  // The same said in another way.
  Policy each;
  for (const auto precedence :
       {Precedence::kRoutine, Precedence::kPriority, Precedence::kImmediate, Precedence::kFlash})
    each.release.push_back({std::nullopt, precedence});
  CHECK_FALSE(each.asks_less_than(all));
  each.release.pop_back();
  CHECK(each.asks_less_than(all));
}

TEST_CASE("a weaker policy is news even where a stronger one follows at once") {
  Follower at;
  CHECK(at.take(releases(Kind::kAlert)).empty());
  CHECK(at.take(Policy()) == Persons{0});
  CHECK(at.take(releases(Kind::kAlert)).empty());
  CHECK(at.standing.policy().since == sim::kStart + seconds(2));
  CHECK(at.take(releases(Kind::kAlert)).empty());
  CHECK(at.standing.policy().since == sim::kStart + seconds(2));
}

TEST_CASE("a generation that begins without the policy before it is news, and with it is none") {
  Follower at;
  at.take(releases(Kind::kAlert));
  CHECK(at.take(journal::GenerationStart{}).empty());
  CHECK(at.take(releases(Kind::kAlert)).empty());
  at.standing.settle();
  CHECK(at.news().empty());
  CHECK(at.take(journal::GenerationStart{}).empty());
  at.standing.settle();  // a message comes before any policy
  CHECK(at.news() == Persons{0});
  CHECK(at.standing.policy().policy == Policy());
}

}  // namespace blo::office
