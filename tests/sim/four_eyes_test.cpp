// Four eyes from the other side of the border: an office that does not keep to its own policy.
#include <catch2/catch.hpp>

#include "crypto/random.h"
#include "office/policies.h"
#include "world.h"

namespace blo::sim {
namespace {

const journal::Policy kEveryAlert{{{static_cast<std::uint32_t>(journal::Kind::kAlert), {}}}, false};

store::OfficerRow certify(Node& node, const crypto::SigningKey& key, identity::Role role,
                          std::uint64_t person) {
  identity::CertificateRequest request =
      identity::CertificateRequest::parse(node.kit.officer_request()).value();
  request.keys = {{identity::KeyUse::kOfficer, key.verify_key().bytes()}};
  const Bytes bytes = request.sign(key);
  return **node.office->officers().add(bytes, {role}, 300, person, node.now);
}

}  // namespace

TEST_CASE("a message that its office sends past its own policy is refused as not released") {
  World world;
  world.converge();
  REQUIRE(
      office::set_policy(*world.a.office, world.a.pair(), kEveryAlert, 1, world.a.now).has_value());
  world.a.pair().sent->policy = {};  // a daemon that pays no heed to what it has entered
  const Said past = world.a.say("with two eyes only");
  world.a.said.pop_back();
  world.converge();
  const auto seen = world.b.show(past.number);
  CHECK(seen.state == office::MessageState::kRefused);
  CHECK(seen.refusal == journal::RefusalReason::kNotReleased);
  CHECK(seen.content.empty());
  CHECK(world.a.show(past.number).refusal == journal::RefusalReason::kNotReleased);
}

TEST_CASE("what the policy says nothing of goes on without a release") {
  World world;
  journal::Policy flashes = kEveryAlert;
  flashes.release.front().precedence = journal::Precedence::kFlash;
  REQUIRE(office::set_policy(*world.a.office, world.a.pair(), flashes, 1, world.a.now).has_value());
  const Said routine = world.a.say("routine");
  world.converge();
  world.check_converged();
  CHECK(world.b.show(routine.number).state == office::MessageState::kReceived);
}

TEST_CASE("a released message arrives with both officers and its draft is gone") {
  World world;
  const auto key = crypto::SigningKey::generate();
  const auto releaser = certify(world.a, key, identity::Role::kReleaser, 0);
  REQUIRE(
      office::set_policy(*world.a.office, world.a.pair(), kEveryAlert, 1, world.a.now).has_value());
  const auto made = world.a.submission(alert("with four eyes"));
  auto& office = *world.a.office;
  const auto drafted = office.outgoing()
                           .accept(world.a.pair(), world.a.officer().certificate.fingerprint(),
                                   {made}, nullptr, world.a.now)
                           .front()
                           .value();
  REQUIRE(drafted.draft == 1);
  const auto again = office.outgoing()
                         .accept(world.a.pair(), world.a.officer().certificate.fingerprint(),
                                 {made}, nullptr, world.a.now)
                         .front()
                         .value();
  CHECK(again.again);
  CHECK(again.draft == 1);
  world.crash(world.a);
  REQUIRE(world.a.office->drafts().waiting().value() == 1);
  const auto signature =
      crypto::sign(crypto::Purpose::kRelease, key, {made.envelope, made.signature});
  const auto* known = world.a.office->officers().find(releaser.certificate.fingerprint());
  REQUIRE(known != nullptr);
  const auto released = world.a.office->drafts()
                            .release(world.a.pair(), 1, *known, signature, nullptr, world.a.now)
                            .value();
  CHECK(world.a.office->drafts().waiting().value() == 0);
  world.crash(world.a);
  CHECK(world.a.office->drafts().waiting().value() == 0);
  world.converge();
  const auto seen = world.b.show(released.number);
  CHECK(seen.state == office::MessageState::kReceived);
  CHECK(seen.author.person == 1);
  REQUIRE(seen.releaser);
  CHECK(seen.releaser->person == releaser.person);
}

TEST_CASE("the author does not release, whatever certificate they come with") {
  World world;
  REQUIRE(
      office::set_policy(*world.a.office, world.a.pair(), kEveryAlert, 1, world.a.now).has_value());
  const auto made = world.a.submission(alert("with one pair of eyes"));
  auto& office = *world.a.office;
  REQUIRE(office.outgoing()
              .accept(world.a.pair(), world.a.officer().certificate.fingerprint(), {made}, nullptr,
                      world.a.now)
              .front()
              .has_value());
  const auto key = crypto::SigningKey::generate();
  const auto renewed = certify(world.a, key, identity::Role::kReleaser, 1);
  const auto signature =
      crypto::sign(crypto::Purpose::kRelease, key, {made.envelope, made.signature});
  const auto before = world.a.sent_size();
  const auto refused = office.drafts().release(
      world.a.pair(), 1, *office.officers().find(renewed.certificate.fingerprint()), signature,
      nullptr, world.a.now);
  CHECK(refused.error() == office::OfficeError::kOwnDraft);
  CHECK(world.a.sent_size() == before);
  CHECK(office.drafts().waiting().value() == 1);
}

TEST_CASE("an officer who holds the author's key does not release") {
  World world;
  auto& node = world.a;
  REQUIRE(office::set_policy(*node.office, node.pair(), kEveryAlert, 1, node.now).has_value());
  const auto made = node.submission(alert("with one key"));
  REQUIRE(
      node.office->outgoing()
          .accept(node.pair(), node.officer().certificate.fingerprint(), {made}, nullptr, node.now)
          .front()
          .has_value());
  // No certificate of this kind is given out here; a store that was given back may hold one.
  auto details = node.officer().certificate.details();
  details.person = 2;
  details.roles = {identity::Role::kReleaser};
  const auto certificate =
      identity::Certificate::issue(details, node.kit.ring.signing_key(identity::KeyUse::kIdentity));
  const store::OfficerRow other{2, certificate, {}, {}};
  const auto signature =
      crypto::sign(crypto::Purpose::kRelease, node.kit.officer, {made.envelope, made.signature});
  const auto before = node.sent_size();
  const auto refused =
      node.office->drafts().release(node.pair(), 1, other, signature, nullptr, node.now);
  CHECK(refused.error() == office::OfficeError::kOwnDraft);
  CHECK(node.sent_size() == before);
}

TEST_CASE("no more drafts wait than releasers can read") {
  World world;
  auto& node = world.a;
  REQUIRE(office::set_policy(*node.office, node.pair(), kEveryAlert, 1, node.now).has_value());
  std::vector<office::Submission> many;
  for (std::uint64_t i = 0; i <= office::kDraftsWaitingMax; ++i)
    many.push_back(node.submission(alert("one of many")));
  const auto outcomes = node.office->outgoing().accept(
      node.pair(), node.officer().certificate.fingerprint(), many, nullptr, node.now);
  CHECK(outcomes[office::kDraftsWaitingMax - 1].value().draft != 0);
  CHECK(outcomes[office::kDraftsWaitingMax].error() == office::OfficeError::kDraftsFull);
  CHECK(node.office->drafts().waiting().value() == office::kDraftsWaitingMax);
}

TEST_CASE("only what was rejected long ago goes from the list of drafts") {
  World world;
  auto& node = world.a;
  REQUIRE(office::set_policy(*node.office, node.pair(), kEveryAlert, 1, node.now).has_value());
  const auto officer = node.officer().certificate.fingerprint();
  const std::vector<office::Submission> made{node.submission(alert("rejected first")),
                                             node.submission(alert("waits")),
                                             node.submission(alert("rejected a day later"))};
  for (const auto& outcome :
       node.office->outgoing().accept(node.pair(), officer, made, nullptr, node.now)) {
    REQUIRE(outcome.has_value());
  }
  auto& drafts = node.office->drafts();
  Now later = node.now;
  REQUIRE(drafts.reject(1, node.officer(), "wrong", later).has_value());
  later.wall += std::chrono::days(1);
  REQUIRE(drafts.reject(3, node.officer(), "wrong", later).has_value());
  const auto listed = [&] {
    std::vector<std::int64_t> ids;
    for (const auto& draft : drafts.list(later).value()) ids.push_back(draft.row.id);
    return ids;
  };
  using Ids = std::vector<std::int64_t>;
  CHECK(listed() == Ids{1, 2, 3});
  later.wall += office::kRejectedDraftsKept;
  CHECK(listed() == Ids{2, 3});
  CHECK(drafts.show(3).value().row.rejected->reason == "wrong");
  later.wall += std::chrono::days(365);
  CHECK(listed() == Ids{2});
  CHECK(drafts.waiting().value() == 1);
}

TEST_CASE("drafts that wait and drafts that were rejected are listed page by page") {
  World world;
  auto& node = world.a;
  REQUIRE(office::set_policy(*node.office, node.pair(), kEveryAlert, 1, node.now).has_value());
  REQUIRE(node.office->outgoing()
              .accept(node.pair(), node.officer().certificate.fingerprint(),
                      {node.submission(alert("waits, and is the oldest"))}, nullptr, node.now)
              .front()
              .has_value());
  auto& store = node.office->store();
  auto& drafts = node.office->drafts();
  const auto waiting = drafts.show(1).value();
  auto transaction = store.begin().value();
  constexpr std::int64_t kRejected = 1'000;
  for (std::int64_t i = 0; i < kRejected; ++i) {
    store::DraftRow row = waiting.row;
    row.message_id = crypto::random_array<16>();
    row.import_key.clear();
    REQUIRE(store.drafts().put(row, as_bytes("sealed"), crypto::random_key()).has_value());
    REQUIRE(store.drafts().reject(row, {node.now.wall, 1, "wrong"}).has_value());
  }
  REQUIRE(transaction.commit().has_value());
  std::int64_t next = 0;
  while (next <= kRejected) {
    const auto listed = drafts.list(node.now, Page<std::int64_t>(next, 0)).value();
    REQUIRE(!listed.empty());
    CHECK(listed.size() <= limits::kPageRowsMax + 1);
    for (const auto& draft : listed) REQUIRE(draft.row.id == ++next);
  }
  CHECK(next == kRejected + 1);
  CHECK(drafts.list(node.now, Page<std::int64_t>(next, 0)).value().empty());
}

TEST_CASE("a rejected draft is gone after thirty days") {
  World world;
  auto& node = world.a;
  REQUIRE(office::set_policy(*node.office, node.pair(), kEveryAlert, 1, node.now).has_value());
  const auto made = node.submission(alert("withdrawn"));
  REQUIRE(
      node.office->outgoing()
          .accept(node.pair(), node.officer().certificate.fingerprint(), {made}, nullptr, node.now)
          .front()
          .has_value());
  auto& drafts = node.office->drafts();
  REQUIRE(drafts.reject(1, node.officer(), "found to be wrong", node.now).has_value());
  Now later = node.now;
  later.wall += office::kRejectedDraftsKept;
  const auto kept = drafts.list(later).value();
  REQUIRE(kept.size() == 1);
  CHECK(kept.front().row.rejected->reason == "found to be wrong");
  CHECK(kept.front().content.empty());
  later.wall += milliseconds(1);
  CHECK(drafts.list(later).value().empty());
  auto& clock = node.office->clock();
  REQUIRE(clock.may_destroy(later).error() == office::OfficeError::kDateUnproven);
  const std::chrono::year_month_day today(std::chrono::floor<std::chrono::days>(later.wall));
  REQUIRE(clock.confirm({today, true}, later).has_value());
  REQUIRE(drafts.forget_rejected(*clock.may_destroy(later), later).has_value());
  CHECK(drafts.show(1).error() == office::OfficeError::kUnknownDraft);
}

}  // namespace blo::sim
