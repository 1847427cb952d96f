// What people send, and order to be destroyed, while an old store waits to be let go on: it is
// kept, and goes out once, in the order in which it was sent, in the next generation.
#include <catch2/catch.hpp>

#include "message/steps.h"
#include "office/policies.h"
#include "old_store.h"

namespace blo::sim {
namespace {

using office::OfficeError;
using std::chrono::hours;

const journal::Policy kEveryAlert{{{static_cast<std::uint32_t>(journal::Kind::kAlert), {}}}, false};

/// An officer with a key of their own.
struct Officer {
  crypto::SigningKey key;
  identity::Fingerprint certificate;
};

Officer certify(Node& node, identity::Role role, std::uint64_t person = 0,
                std::uint32_t days = 300) {
  auto key = crypto::SigningKey::generate();
  identity::CertificateRequest request{
      identity::CertificateKind::kOfficer, kNetwork, node.kit.id.text(), {}, {}, {}, {}};
  request.keys = {{identity::KeyUse::kOfficer, key.verify_key().bytes()}};
  request.name = {"Somebody", "Customs"};
  const auto* added =
      node.office->officers().add(request.sign(key), {role}, days, person, node.now).value();
  return {std::move(key), added->certificate.fingerprint()};
}

/// By the node's own officer, or another; `edit` changes the envelope before it is signed.
office::Submission written(Node& node, const std::string& text, const Officer* by = nullptr,
                           const std::function<void(journal::Envelope&)>& edit = {}) {
  auto made = node.submission(alert(text));
  auto envelope = journal::Envelope::parse(made.envelope).value();
  if (by != nullptr) envelope.officer = by->certificate;
  if (edit) edit(envelope);
  made.envelope = envelope.encode();
  const auto& key = by == nullptr ? node.kit.officer : by->key;
  made.signature = crypto::sign(crypto::Purpose::kEnvelope, key, {made.envelope});
  return made;
}

/// That an officer has opened a message.
office::Submission opened_by(Node& node, const MessageId& id, const Officer* by = nullptr) {
  office::Submission made;
  made.content = message::opened_content();
  auto envelope = node.envelope_for(made.content, {});
  envelope.kind = message::kOpened;
  envelope.in_reply_to = id;
  if (by != nullptr) envelope.officer = by->certificate;
  made.salt = derive_fields(envelope, node.office->officers().find(envelope.officer)->person);
  made.envelope = envelope.encode();
  const auto& key = by == nullptr ? node.kit.officer : by->key;
  made.signature = crypto::sign(crypto::Purpose::kEnvelope, key, {made.envelope});
  return made;
}

Result<office::Acceptance> hand_in(Node& node, const office::Submission& made) {
  const auto author = journal::Envelope::parse(made.envelope).value().officer;
  return node.office->outgoing().accept(node.pair(), author, {made}, nullptr, node.now).front();
}

/// Sent while the pairing waits: it is a draft without a number.
std::int64_t wait(Node& node, const office::Submission& made) {
  const auto kept = hand_in(node, made);
  REQUIRE(kept.has_value());
  REQUIRE((kept->for_generation && !kept->again));
  node.said.push_back(
      {kept->number, journal::Envelope::parse(made.envelope).value().message_id, made.content});
  return kept->draft;
}
std::int64_t wait(Node& node, const std::string& text) { return wait(node, written(node, text)); }

std::uint64_t waiting(Node& node) {
  return node.office->drafts().waiting_for_generation(node.pair()).value();
}

std::string why_not_sent(Node& node, std::int64_t draft) {
  const auto view = node.office->drafts().show(draft).value();
  REQUIRE(view.row.rejected);
  CHECK(view.row.rejected->person == 0);
  CHECK_FALSE(view.content.empty());  // so that somebody can write it again
  return view.row.rejected->reason;
}

/// Of what the node sent, in the order in which the other one holds it.
std::vector<Bytes> arrived(World& world, Node& from) {
  std::vector<Bytes> contents;
  auto& to = world.other(from);
  for (const auto* row : to.pair().generations(false)) {
    for (std::uint64_t i = 0; i < row->size(); ++i) {
      const auto stored = to.office->store().journals().entry(*row, i).value();
      if (stored.facts.kind != 1 || stored.facts.refusal) continue;
      contents.push_back(to.show(office::number_of(*row, i)).content);
    }
  }
  return contents;
}

/// UZ-OYBEK's store is older than what was sent from it, and not given back anything yet.
struct Old {
  explicit Old(World& of) : world(of) {
    exchange(world, 1);
    const auto old = copy_of(world, world.a);
    exchange(world, 1);
    put_back_from_backup(world, world.a, old);
    world.a.said.pop_back();
    lost = alert("from UZ 0");
  }
  World& world;
  Bytes lost;
};

}  // namespace

TEST_CASE("what is sent while an old store waits goes out once and in order when it goes on") {
  World world;
  exchange(world, 1);
  const auto old = copy_of(world, world.a);
  exchange(world, 1);
  put_back(world, world.a, old);
  world.a.say("accepted on the old store");
  world.connect();
  for (int i = 0; i < 1000 && recovery_of(world.a) == store::Recovery::kNone; ++i) world.step();
  REQUIRE(recovery_of(world.a) == store::Recovery::kRecovering);
  const auto first = written(world.a, "sent while it is given back");
  wait(world.a, first);
  give_back(world, world.a);
  wait(world.a, "sent when all is back");
  world.crash(world.a);
  wait(world.a, "and after a kill");
  CHECK(waiting(world.a) == 3);
  CHECK(world.a.office->drafts().waiting().value() == 0);
  CHECK_FALSE(signs(world.a));

  const auto recovered = go_on(world.a);
  CHECK(recovered.reentered == 4);
  CHECK(recovered.left_out == 0);
  CHECK(waiting(world.a) == 0);
  world.converge();
  world.check_converged();
  const auto all = arrived(world, world.a);
  const std::vector<Bytes> expected{alert("from UZ 0"),
                                    alert("from UZ 0"),
                                    alert("accepted on the old store"),
                                    alert("sent while it is given back"),
                                    alert("sent when all is back"),
                                    alert("and after a kill")};
  CHECK(all == expected);
  // Under the officer's own signature, as it was given.
  const auto again = hand_in(world.a, first).value();
  CHECK(again.again);
  CHECK(again.draft == 0);
  const auto stored =
      world.b.office->store().journals().entry(world.b.pair().received->row, again.number.index);
  const auto entry = journal::Entry::parse(stored.value().leaf).value();
  const auto& message = std::get<journal::SignedEnvelope>(entry.what);
  CHECK(message.envelope == first.envelope);
  CHECK(message.signature == first.signature);
}

TEST_CASE("the office killed after any event while messages wait loses and doubles none") {
  for (int at = 0; at <= 60; at += 4) {
    CAPTURE(at);
    World world;
    world.weather.segment_bytes_max = 900;
    const Old old(world);
    wait(world.a, "before it is given back");
    world.connect();
    for (int event = 0; event < at; ++event) world.step();
    wait(world.a, "meanwhile");
    world.crash(world.a);
    give_back(world, world.a);
    CHECK(waiting(world.a) == 2);
    go_on(world.a);
    world.crash(world.a);
    CHECK(waiting(world.a) == 0);
    world.converge();
    const auto all = arrived(world, world.a);
    REQUIRE(all.size() == 4);
    CHECK(all[2] == alert("before it is given back"));
    CHECK(all[3] == alert("meanwhile"));
    CHECK(world.b.pair().received->row.refused == 0);
  }
}

TEST_CASE("a message handed in twice while it waits waits once") {
  World world;
  const Old old(world);
  auto made = written(world.a, "twice");
  made.import_key = Bytes(32, Byte{7});
  const auto draft = wait(world.a, made);
  const auto again = hand_in(world.a, made).value();
  CHECK((again.again && again.for_generation));
  CHECK(again.draft == draft);
  auto row = written(world.a, "the same row of a table under another id");
  row.import_key = made.import_key;
  CHECK(hand_in(world.a, row).value().draft == draft);
  auto other = made;
  other.content = alert("another content under its id");
  CHECK_FALSE(hand_in(world.a, other).has_value());
  CHECK(waiting(world.a) == 1);
}

TEST_CASE("a backup with what waited, put back after that has gone out, says nothing twice") {
  World world;
  const Old old(world);
  wait(world.a, "sent once");
  const auto backup = copy_of(world, world.a);
  give_back(world, world.a);
  go_on(world.a);
  world.converge();
  put_back(world, world.a, backup);
  CHECK(waiting(world.a) == 1);
  give_back(world, world.a);
  CHECK(go_on(world.a).reentered == 0);
  CHECK(waiting(world.a) == 0);
  world.converge();
  CHECK(arrived(world, world.a).size() == 3);
}

TEST_CASE("what an old store had accepted and is handed in again while it waits is said once") {
  World world;
  exchange(world, 1);
  const auto old = copy_of(world, world.a);
  exchange(world, 1);
  put_back(world, world.a, old);
  auto made = written(world.a, "a row of a table");
  made.import_key = Bytes(32, Byte{7});
  REQUIRE(hand_in(world.a, made).value().draft == 0);
  auto again = written(world.a, "the same row, imported again");
  again.import_key = made.import_key;
  give_back(world, world.a);
  wait(world.a, made);
  world.a.said.pop_back();
  CHECK(hand_in(world.a, again).value().again);
  CHECK(go_on(world.a).reentered == 1);
  CHECK(waiting(world.a) == 0);
  CHECK(hand_in(world.a, made).value().number == hand_in(world.a, again).value().number);
  world.converge();
  CHECK(arrived(world, world.a).size() == 3);
}

TEST_CASE("what may not be sent any more is listed with the reason and nothing else is held up") {
  World world;
  const Old old(world);
  const auto revoked = certify(world.a, identity::Role::kOperator);
  const auto over = certify(world.a, identity::Role::kOperator, 0, 2);
  const auto renewed = certify(world.a, identity::Role::kOperator);
  const auto by_revoked = wait(world.a, written(world.a, "by who is revoked", &revoked));
  const auto by_over = wait(world.a, written(world.a, "under a certificate that ends", &over));
  wait(world.a, written(world.a, "under a certificate that is replaced", &renewed));
  const auto expires = [&](journal::Envelope& envelope) {
    envelope.expires = world.a.now.wall + hours(1);
  };
  const auto expired = wait(world.a, written(world.a, "for an hour", nullptr, expires));
  wait(world.a, "the last one");
  give_back(world, world.a);
  REQUIRE(world.a.office->revoke_officer(2, identity::RevocationReason::kLeft, world.a.now)
              .has_value());
  certify(world.a, identity::Role::kOperator, 4);
  world.cut();
  world.a.now.wall += hours(24 * 3);  // both share one clock
  world.a.said.erase(world.a.said.end() - 2);
  world.a.said.erase(world.a.said.end() - 4, world.a.said.end() - 2);

  const auto recovered = go_on(world.a);
  CHECK(recovered.reentered == 2);
  CHECK(recovered.left_out == 3);
  CHECK(why_not_sent(world.a, by_revoked).find("revoked") != std::string::npos);
  CHECK(why_not_sent(world.a, by_over).find("ended") != std::string::npos);
  CHECK(why_not_sent(world.a, expired).find("expired") != std::string::npos);
  CHECK(world.a.office->drafts().list(world.a.now).value().size() == 3);
  world.converge();
  const auto all = arrived(world, world.a);
  REQUIRE(all.size() == 4);
  CHECK(all[2] == alert("under a certificate that is replaced"));
  CHECK(all[3] == alert("the last one"));
  CHECK(world.b.pair().received->row.refused == 0);
}

TEST_CASE("what an old store had accepted and may not be sent any more is listed, too") {
  World world;
  exchange(world, 1);
  const auto old = copy_of(world, world.a);
  exchange(world, 1);
  put_back(world, world.a, old);
  const auto over = certify(world.a, identity::Role::kOperator, 0, 2);
  REQUIRE(hand_in(world.a, written(world.a, "accepted", &over)).value().draft == 0);
  give_back(world, world.a);
  world.cut();
  world.a.now.wall += hours(24 * 3);
  CHECK(go_on(world.a).left_out == 1);
  const auto listed = world.a.office->drafts().list(world.a.now).value();
  REQUIRE(listed.size() == 1);
  CHECK(why_not_sent(world.a, listed.front().row.id).find("ended") != std::string::npos);
  CHECK(listed.front().content == alert("accepted"));
}

TEST_CASE("a policy that comes back asks for the release of what waited, and a release counts") {
  World world;
  exchange(world, 1);
  const auto old = copy_of(world, world.a);
  const auto releaser = certify(world.a, identity::Role::kReleaser);
  REQUIRE(
      office::set_policy(*world.a.office, world.a.pair(), kEveryAlert, 1, world.a.now).has_value());
  world.converge();
  put_back_from_backup(world, world.a, old);
  const auto early = wait(world.a, "before the policy is back");
  world.a.said.pop_back();
  give_back(world, world.a);
  auto& node = world.a;
  const auto second = certify(node, identity::Role::kReleaser);
  const auto late = hand_in(node, written(node, "after it")).value();
  CHECK((late.draft != 0 && !late.for_generation));
  CHECK(go_on(node).awaiting_release == 1);
  CHECK(waiting(node) == 0);
  REQUIRE(node.office->drafts().waiting().value() == 2);
  const auto made = node.office->drafts().show(early).value();
  const auto word =
      crypto::sign(crypto::Purpose::kRelease, second.key, {made.row.envelope, made.row.signature});
  REQUIRE(node.office->drafts()
              .release(node.pair(), early, *node.office->officers().find(second.certificate), word,
                       nullptr, node.now)
              .has_value());
  world.converge();
  CHECK(arrived(world, node).back() == alert("before the policy is back"));
  CHECK(world.b.pair().received->row.refused == 0);
}

TEST_CASE("a draft is released while the pairing waits and goes out with both signatures") {
  World world;
  REQUIRE(
      office::set_policy(*world.a.office, world.a.pair(), kEveryAlert, 1, world.a.now).has_value());
  world.converge();
  const auto old = copy_of(world, world.a);
  world.b.say("what the old store lacks");
  world.converge();
  put_back_from_backup(world, world.a, old);
  auto& node = world.a;
  const auto releaser = certify(node, identity::Role::kReleaser);
  const auto made = written(node, "with four eyes");
  const auto drafted = hand_in(node, made).value();
  REQUIRE((drafted.draft != 0 && !drafted.for_generation));
  give_back(world, node);
  const auto word =
      crypto::sign(crypto::Purpose::kRelease, releaser.key, {made.envelope, made.signature});
  const auto release = [&] {
    return node.office->drafts()
        .release(node.pair(), drafted.draft, *node.office->officers().find(releaser.certificate),
                 word, nullptr, node.now)
        .value();
  };
  CHECK(release().for_generation);
  CHECK(release().again);
  CHECK(waiting(node) == 1);
  world.crash(node);
  CHECK(go_on(node).reentered == 1);
  world.converge();
  CHECK(arrived(world, node) == std::vector<Bytes>{alert("with four eyes")});
  const auto& row = world.b.pair().received->row;
  CHECK(world.b.show(office::number_of(row, row.size() - 1)).releaser);
}

TEST_CASE("its author withdraws what waits and nobody withdraws that a message was opened") {
  World world;
  const Old old(world);
  const auto kept = wait(world.a, "a mistake");
  world.a.said.pop_back();
  give_back(world, world.a);
  auto& node = world.a;
  REQUIRE(node.office->drafts().reject(kept, node.officer(), "a mistake", node.now).has_value());

  // Two officers read the same message; whoever was first has opened it.
  const auto second = certify(node, identity::Role::kOperator);
  const auto made = opened_by(node, world.b.said.front().id);
  const auto opened = hand_in(node, made).value().draft;
  CHECK(hand_in(node, made).value().again);
  CHECK(hand_in(node, opened_by(node, world.b.said.front().id, &second)).value().for_generation);
  const auto refused = node.office->drafts().reject(opened, node.officer(), "unseen", node.now);
  CHECK(refused.error() == OfficeError::kNotAuthorised);
  CHECK(go_on(node).reentered == 1);
  world.converge();
  CHECK(world.b.show(world.b.said.front().number).state == office::MessageState::kOpened);
  CHECK(world.b.show(world.b.said.front().number).steps.size() == 1);
  CHECK(world.b.show(world.b.said.front().number).steps.front().officer.person == 1);
  CHECK(arrived(world, node).size() == 2);
}

TEST_CASE("no more waits than has room, and readers leave some of it to writers") {
  World world;
  const Old old(world);
  auto& node = world.a;
  const auto send = [&](std::uint64_t count) {
    std::vector<office::Submission> many;
    for (std::uint64_t i = 0; i < count; ++i) many.push_back(node.submission(alert("one of many")));
    return node.office->outgoing()
        .accept(node.pair(), node.officer().certificate.fingerprint(), many, nullptr, node.now)
        .back();
  };
  CHECK(send(office::kOpenedWaitingMax).value().for_generation);
  const auto opened = hand_in(node, opened_by(node, world.b.said.front().id));
  CHECK(opened.error() == OfficeError::kDraftsFull);
  CHECK(send(office::kDraftsWaitingMax - office::kOpenedWaitingMax).value().for_generation);
  CHECK(send(1).error() == OfficeError::kDraftsFull);
  give_back(world, node);
  CHECK(node.office->recover(node.pair(), node.now).value().reentered == office::kDraftsWaitingMax);
  world.converge();
  CHECK(arrived(world, node).size() == office::kDraftsWaitingMax + 2);
}

TEST_CASE("a pairing that somebody froze takes nothing, and one that ends says what was not sent") {
  World world;
  const Old old(world);
  const auto kept = wait(world.a, "never sent");
  auto& node = world.a;
  const auto other = certify(node, identity::Role::kOperator);
  REQUIRE(office::end(node.office->store(), node.pair(), "over", node.now).has_value());
  CHECK(why_not_sent(node, kept).find("over") != std::string::npos);
  CHECK(hand_in(node, written(node, "too late", &other)).error() == OfficeError::kEnded);

  World frozen;
  REQUIRE(office::freeze_by_hand(frozen.a.office->store(), frozen.a.pair(), "stolen").has_value());
  begin_recovery(frozen.a);
  CHECK(hand_in(frozen.a, written(frozen.a, "not now")).error() == OfficeError::kFrozen);
}

TEST_CASE("a draft that is damaged while it waits hides no other and is not signed") {
  World world;
  const Old old(world);
  auto& node = world.a;
  const auto damaged = hand_in(node, written(node, "damaged since")).value().draft;
  const auto whole = hand_in(node, written(node, "whole")).value().draft;
  node.office.reset();
  {
    const auto database = store::Database::open(node.path).value();
    REQUIRE(database
                ->execute(("UPDATE draft SET sealed = zeroblob(length(sealed)) WHERE id = " +
                           std::to_string(damaged))
                              .c_str())
                .has_value());
  }
  node.open();
  auto& drafts = node.office->drafts();
  const auto listed =
      drafts.list_for_generation(node.pair(), 10, store::JournalStore::Steps::kListed).value();
  REQUIRE(listed.size() == 2);
  CHECK(std::ranges::count_if(listed, [](const auto& one) { return one.content.empty(); }) == 1);
  CHECK(drafts.show(whole).value().content == alert("whole"));
  give_back(world, node);
  go_on(node);
  world.converge();
  CHECK(world.b.pair().received->row.refused == 0);
  const auto left = node.office->drafts().show(damaged).value();
  REQUIRE(left.row.rejected.has_value());
  CHECK(left.row.rejected->reason.find("not here any more as it was handed in") !=
        std::string::npos);
  CHECK(std::ranges::count(arrived(world, node), alert("whole")) == 1);
}

}  // namespace blo::sim
