#include "journal/reader.h"

#include <catch2/catch.hpp>

#include "journal/opened.h"
#include "world.h"

namespace blo::journal {
namespace {

/// The next leaf, whose stamp names what the opposite journal was.
ReadEntry read_next(Reader& reader, ByteView leaf, StampVerdict stamp = StampVerdict::kHolds) {
  return reader.read(parse_leaf(leaf), stamp);
}
ReadEntry read_next(Reader&& reader, ByteView leaf) { return read_next(reader, leaf); }
/// Makes `envelope` the opened by which person 7 answers a message.
void make_opened(Envelope& envelope) {
  envelope.kind = static_cast<std::uint32_t>(Kind::kOpened);
  envelope.in_reply_to = MessageId{9};
  const auto fields =
      derive_opened(envelope.network, envelope.from, envelope.to, *envelope.in_reply_to, 7);
  envelope.message_id = fields.message_id;
  envelope.precedence = fields.precedence;
  envelope.created = fields.created;
  envelope.commitment = fields.commitment;
  envelope.padded_bytes = fields.padded_bytes;
}

/// A journal begun and one officer introduced, and a reader that has read both.
struct Begun {
  Begun() {
    journal.start();
    journal.introduce(officer);
    for (const Bytes& leaf : journal.leaves) last = read_next(reader, leaf);
  }

  /// Reads what the journal holds and the reader has not read.
  ReadEntry read() {
    while (reader.next() < journal.leaves.size())
      last = read_next(reader, journal.leaves[reader.next()]);
    return last;
  }

  TestOffice uz{"UZ-OYBEK"};
  TestOffice tj{"TJ-FOTEHOBOD"};
  TestJournal journal{uz, tj};
  TestOfficer officer = uz.officer();
  Reader reader{journal.origin, uz.office};
  ReadEntry last;
};

template <class Change>
ReadEntry read_changed(Begun& begun, Change change) {
  Envelope envelope = begun.journal.envelope(begun.officer, 1);
  change(envelope);
  begun.journal.append(envelope, begun.officer.key);
  return begun.read();
}

/// A release by `releaser` of the envelope that `append` is about to sign with the officer's key.
Release release_of(const Begun& begun, const Envelope& envelope, const TestOfficer& releaser) {
  const Bytes bytes = envelope.encode();
  const auto author = crypto::sign(crypto::Purpose::kEnvelope, begun.officer.key, {bytes});
  return {releaser.certificate.fingerprint(),
          crypto::sign(crypto::Purpose::kRelease, releaser.key, {bytes, author})};
}

}  // namespace

TEST_CASE("a message of an officer introduced before is accepted") {
  Begun begun;
  CHECK_FALSE(begun.last.refusal.has_value());
  begun.journal.message(begun.officer);
  const ReadEntry entry = begun.read();
  CHECK(entry.detail.empty());
  CHECK_FALSE(entry.refusal.has_value());
  CHECK(entry.index == 2);
  REQUIRE(entry.author);
  CHECK(entry.author->since == 1);
  CHECK(check_signatures(entry));
}

TEST_CASE("bytes that are no entry are refused as malformed and reading goes on") {
  Begun begun;
  begun.journal.append(to_bytes("not an entry"));
  CHECK(begun.read().refusal == RefusalReason::kMalformed);
  begun.journal.append(Bytes());
  CHECK(begun.read().refusal == RefusalReason::kMalformed);
  begun.journal.message(begun.officer);
  CHECK_FALSE(begun.read().refusal.has_value());
}

TEST_CASE("a stamp that goes back is malformed and does not become the last stamp") {
  Begun begun;
  const Stamp before = begun.reader.last_stamp();
  begun.journal.stamp.time -= std::chrono::hours(1);
  begun.journal.message(begun.officer);
  CHECK(begun.read().refusal == RefusalReason::kMalformed);
  CHECK((begun.reader.last_stamp().time == before.time));
}

TEST_CASE("an entry whose stamp lies is refused for that, and only its time counts") {
  Begun begun;
  const Stamp before = begun.reader.last_stamp();
  begun.journal.stamp.time += seconds(60);
  begun.journal.stamp.generation = 1;
  begun.journal.stamp.size = 99;
  begun.journal.message(begun.officer);
  const ReadEntry lied = read_next(begun.reader, begun.journal.leaves.back(), StampVerdict::kFalse);
  CHECK(lied.refusal == RefusalReason::kFalseStamp);
  CHECK(lied.finding == FindingCode::kInterlock);
  CHECK(lied.envelope.has_value());
  CHECK(begun.reader.last_stamp().generation == before.generation);
  CHECK((begun.reader.last_stamp().time == begun.journal.stamp.time));
  // What is less than the lie said follows still, and a time before the lie's does not.
  begun.journal.stamp.size = 1;
  begun.journal.message(begun.officer, 2);
  CHECK_FALSE(begun.read().refusal.has_value());
  begun.journal.stamp.time -= seconds(30);
  begun.journal.message(begun.officer, 3);
  CHECK(begun.read().refusal == RefusalReason::kMalformed);
}

TEST_CASE("heads that go back are malformed to whoever has both journals and to nobody else") {
  const bool both = GENERATE(false, true);
  const auto verdict = both ? StampVerdict::kHolds : StampVerdict::kUnjudged;
  Begun begun;
  begun.journal.stamp.generation = 1;
  begun.journal.stamp.size = 7;
  begun.journal.message(begun.officer);
  CHECK_FALSE(read_next(begun.reader, begun.journal.leaves.back(), verdict).refusal.has_value());
  begun.journal.stamp.size = 6;
  begun.journal.message(begun.officer, 2);
  const ReadEntry back = read_next(begun.reader, begun.journal.leaves.back(), verdict);
  CHECK(back.refusal.has_value() == both);
  CHECK(back.stamp == (both ? StampOrder::kHeadGoesBack : StampOrder::kHeadsUnjudged));
  CHECK(begun.reader.last_stamp().size == (both ? 7 : 6));
}

TEST_CASE("entry 0 is a generation start with the office's certificate and the journal's") {
  Begun begun;
  Reader other(begun.journal.origin, begun.tj.office);
  CHECK(read_next(other, begun.journal.leaves[0]).refusal == RefusalReason::kUnauthorised);
  const Origin another{Network::kLive, begun.uz.id, *OfficeId::parse("KG-BATKEN"), 1};
  CHECK(read_next(Reader(another, begun.uz.office), begun.journal.leaves[0]).refusal ==
        RefusalReason::kUnauthorised);
  Reader begins_with_record(begun.journal.origin, begun.uz.office);
  CHECK(read_next(begins_with_record, begun.journal.leaves[1]).refusal ==
        RefusalReason::kMalformed);
  begun.journal.start();
  CHECK(begun.read().refusal == RefusalReason::kMalformed);
}

TEST_CASE("every generation but the first says how the one before ended") {
  Begun begun;
  const auto refusal = [&](std::uint32_t generation, std::optional<ClosedGeneration> previous) {
    Origin origin = begun.journal.origin;
    origin.generation = generation;
    const auto key = crypto::SigningKey::generate();
    const GenerationStart start{begun.uz.authority.bytes(), begun.uz.office.bytes(),
                                begun.uz.certify_journal(origin, key).bytes(), previous};
    const Entry entry{begun.journal.next_stamp(), encode_record(start)};
    return read_next(Reader(origin, begun.uz.office), entry.encode()).refusal;
  };
  const ClosedGeneration end{7, Hash{1}};
  CHECK_FALSE(refusal(1, {}).has_value());
  CHECK_FALSE(refusal(2, end).has_value());
  CHECK_FALSE(refusal(2, ClosedGeneration{0, empty_root()}).has_value());
  CHECK(refusal(2, ClosedGeneration{0, Hash{1}}) == RefusalReason::kMalformed);
  CHECK(refusal(2, {}) == RefusalReason::kMalformed);
  CHECK(refusal(1, end) == RefusalReason::kMalformed);
}

TEST_CASE("an erasure names an entry of its own generation or of an earlier one") {
  Begun begun;
  const auto refusal = [&](std::uint64_t index, std::uint32_t generation, bool received = false) {
    begun.journal.append(Erasure{index, "rule", 0, generation, received});
    return begun.read().refusal;
  };
  CHECK_FALSE(refusal(1, 0).has_value());
  CHECK_FALSE(refusal(0, 0).has_value());  // what lies beside it is the caller's to know
  CHECK(refusal(1, 1, true) == RefusalReason::kMalformed);
  CHECK(refusal(1000, 0) == RefusalReason::kMalformed);
  CHECK(refusal(1, 1) == RefusalReason::kMalformed);
  CHECK(refusal(1, 2) == RefusalReason::kMalformed);
}

TEST_CASE("a message as entry 0 is malformed") {
  Begun begun;
  begun.journal.message(begun.officer);
  Reader reader(begun.journal.origin, begun.uz.office);
  CHECK(read_next(reader, begun.journal.leaves[2]).refusal == RefusalReason::kMalformed);
}

TEST_CASE("a certificate of another office or past its time introduces nobody") {
  Begun begun;
  const auto stranger = begun.tj.officer();
  begun.journal.introduce(stranger);
  CHECK(begun.read().refusal == RefusalReason::kUnauthorised);
  CHECK(begun.reader.officer(stranger.certificate.fingerprint()) == nullptr);
  const auto late = begun.uz.officer({.not_after = kStart});
  begun.journal.introduce(late);
  CHECK(begun.read().refusal == RefusalReason::kUnauthorised);
  begun.journal.message(late);
  CHECK(begun.read().refusal == RefusalReason::kUnauthorised);
}

TEST_CASE("a message is misaddressed unless network and both offices are the journal's") {
  Begun begun;
  const auto reason = [&](auto change) { return read_changed(begun, change).refusal; };
  CHECK(reason([](Envelope& e) { e.network = Network::kExercise; }) ==
        RefusalReason::kMisaddressed);
  CHECK(reason([](Envelope& e) { std::swap(e.from, e.to); }) == RefusalReason::kMisaddressed);
  CHECK(reason([](Envelope& e) { e.to = *OfficeId::parse("KG-BATKEN"); }) ==
        RefusalReason::kMisaddressed);
}

TEST_CASE("a message of an unknown kind is refused for its kind alone") {
  Begun begun;
  CHECK(read_changed(begun, [](Envelope& e) { e.kind = 99; }).refusal ==
        RefusalReason::kUnknownKind);
  CHECK(read_changed(begun, [](Envelope& e) {
          e.kind = 99;
          e.officer = Hash{9};
        }).refusal == RefusalReason::kUnauthorised);
}

TEST_CASE("what an envelope says of its time is not judged") {
  Begun begun;
  CHECK_FALSE(read_changed(begun, [](Envelope& e) {
                e.created += std::chrono::hours(9999);
              }).refusal.has_value());
}

TEST_CASE("an officer without a sending role or past the certificate's time is unauthorised") {
  Begun begun;
  const auto auditor = begun.uz.officer({.person = 8, .roles = {identity::Role::kAuditor}});
  begun.journal.introduce(auditor);
  begun.journal.message(auditor);
  CHECK(begun.read().refusal == RefusalReason::kUnauthorised);
  begun.journal.stamp.time += std::chrono::hours(24 * 366);
  begun.journal.message(begun.officer);
  CHECK(begun.read().refusal == RefusalReason::kUnauthorised);
}

TEST_CASE("four eyes are two persons and the second is a releaser") {
  Begun begun;
  const auto releaser = begun.uz.officer({.person = 8, .roles = {identity::Role::kReleaser}});
  const auto clerk = begun.uz.officer({.person = 9, .roles = {identity::Role::kOperator}});
  for (const auto* officer : {&releaser, &clerk}) begun.journal.introduce(*officer);
  const auto stranger = begun.uz.officer({.person = 10, .roles = {identity::Role::kReleaser}});
  const auto read_released = [&](const TestOfficer& by) {
    const Envelope envelope = begun.journal.envelope(begun.officer, 1);
    begun.journal.append(envelope, begun.officer.key, release_of(begun, envelope, by));
    return begun.read();
  };
  const ReadEntry released = read_released(releaser);
  CHECK_FALSE(released.refusal.has_value());
  CHECK(check_signatures(released));
  CHECK(read_released(clerk).refusal == RefusalReason::kUnauthorised);
  CHECK(read_released(stranger).refusal == RefusalReason::kUnauthorised);
}

TEST_CASE("four eyes are two keys whatever the person numbers say") {
  Begun begun;
  const auto second = begun.uz.officer(
      {.person = 8, .roles = {identity::Role::kReleaser}, .key = &begun.officer.key});
  begun.journal.introduce(second);
  const Envelope envelope = begun.journal.envelope(begun.officer, 1);
  begun.journal.append(envelope, begun.officer.key, release_of(begun, envelope, second));
  const ReadEntry released = begun.read();
  CHECK(released.refusal == RefusalReason::kUnauthorised);
  CHECK(released.finding == FindingCode::kSelfRelease);
}

TEST_CASE("an opened or acted answers something") {
  for (const auto kind : {Kind::kOpened, Kind::kActed}) {
    Begun begun;
    const auto step = [&](auto change) {
      return read_changed(begun, [&](Envelope& envelope) {
        envelope.kind = static_cast<std::uint32_t>(kind);
        change(envelope);
      });
    };
    const auto nothing = step([](Envelope&) {});
    CHECK(nothing.refusal == RefusalReason::kMalformed);
    CHECK(nothing.detail == "an opened or acted that answers nothing");
    const auto answer = step([&](Envelope& envelope) {
      if (kind == Kind::kOpened) make_opened(envelope);
      envelope.in_reply_to = MessageId{9};
    });
    CHECK_FALSE(answer.refusal.has_value());
  }
}

TEST_CASE("an opened says nothing but that") {
  const std::vector<std::function<void(Envelope&)>> more = {
      [](Envelope& envelope) { envelope.expires = envelope.created + std::chrono::hours(1); },
      [](Envelope& envelope) { envelope.supersedes = MessageId{8}; },
      [](Envelope& envelope) { envelope.message_id[15] ^= 1U; },
      [](Envelope& envelope) { envelope.precedence = Precedence::kFlash; },
      [](Envelope& envelope) { envelope.created += milliseconds(1); },
      [](Envelope& envelope) { envelope.commitment[31] ^= 1U; },
      [](Envelope& envelope) { envelope.padded_bytes += 4; },
      [](Envelope& envelope) { envelope.in_reply_to->front() ^= 1U; },
      [](Envelope& envelope) {
        envelope.attachments = {{Hash{}, 1}};
      }};
  for (const auto& change : more) {
    Begun begun;
    const auto entry = read_changed(begun, [&](Envelope& envelope) {
      make_opened(envelope);
      change(envelope);
    });
    CHECK(entry.refusal == RefusalReason::kMalformed);
    CHECK(entry.detail == "an opened that says more than that");
  }
}

TEST_CASE("an opened is the one of its own author and of nobody else") {
  Begun begun;
  const auto other = begun.uz.officer({.person = 8});
  begun.journal.introduce(other);
  Envelope envelope = begun.journal.envelope(other, 1);
  make_opened(envelope);  // as person 7 would say it
  begun.journal.append(envelope, other.key);
  CHECK(begun.read().refusal == RefusalReason::kMalformed);
}

TEST_CASE("a leaf says how large the body beside it is") {
  Begun begun;
  begun.journal.message(begun.officer);
  const auto bytes = [&](std::size_t index) {
    return body_bytes(parse_leaf(begun.journal.leaves.at(index)));
  };
  CHECK(bytes(0) == 0);  // a generation start
  const auto introduced = std::get<CertificateRecord>(*begun.last.record);
  CHECK(bytes(1) == (introduced.padded_bytes == 0 ? 0 : introduced.padded_bytes + 16));
  CHECK(bytes(2) == begun.journal.envelope(begun.officer, 1).padded_bytes + 16);
  CHECK_FALSE(body_bytes(parse_leaf(to_bytes("no entry"))).has_value());
}

TEST_CASE("no policy holds back an opened and every policy may hold back an acted") {
  Policy policy;
  policy.release = {{std::nullopt, std::nullopt}, {3U, std::nullopt}, {4U, Precedence::kFlash}};
  for (const auto precedence : {Precedence::kRoutine, Precedence::kFlash}) {
    CHECK_FALSE(policy.requires_release(3, precedence));
    CHECK(policy.requires_release(4, precedence));
  }
}

TEST_CASE("what the policy in force asks a release for is refused without one") {
  Begun begun;
  const auto releaser = begun.uz.officer({.person = 8, .roles = {identity::Role::kReleaser}});
  begun.journal.introduce(releaser);
  const auto alert = static_cast<std::uint32_t>(Kind::kAlert);
  begun.journal.append(Record(Policy{{{alert, Precedence::kFlash}}, false}));
  const auto read = [&](Precedence precedence, bool released) {
    Envelope envelope = begun.journal.envelope(begun.officer, 1);
    envelope.kind = alert;
    envelope.precedence = precedence;
    std::optional<Release> release;
    if (released) release = release_of(begun, envelope, releaser);
    begun.journal.append(envelope, begun.officer.key, release);
    return begun.read().refusal;
  };
  CHECK(read(Precedence::kFlash, false) == RefusalReason::kNotReleased);
  CHECK_FALSE(read(Precedence::kFlash, true).has_value());
  CHECK_FALSE(read(Precedence::kRoutine, false).has_value());
  begun.journal.append(Record(Policy{}));
  CHECK_FALSE(read(Precedence::kFlash, false).has_value());
}

TEST_CASE("the policy of a resumed reader is the newest") {
  Begun begun;
  const Policy first{{{std::nullopt, std::nullopt}}, false};
  const Policy second{{{std::nullopt, Precedence::kFlash}}, true};
  Reader resumed(begun.journal.origin, begun.uz.office);
  resumed.resume(4, begun.reader.stamps(), {{2, encode_record(first)}, {3, encode_record(second)}});
  CHECK(resumed.policy() == second);
}

TEST_CASE("signatures by other keys or over other bytes do not hold") {
  Begun begun;
  const auto other = begun.uz.officer();
  begun.journal.append(begun.journal.envelope(begun.officer, 1), other.key);
  const ReadEntry forged = begun.read();
  CHECK_FALSE(forged.refusal.has_value());
  CHECK_FALSE(check_signatures(forged));

  const auto releaser = begun.uz.officer({.person = 8, .roles = {identity::Role::kReleaser}});
  begun.journal.introduce(releaser);
  const Envelope first = begun.journal.envelope(begun.officer, 1);
  const Envelope second = begun.journal.envelope(begun.officer, 2);
  begun.journal.append(second, begun.officer.key, release_of(begun, first, releaser));
  CHECK_FALSE(check_signatures(begun.read()));
}

TEST_CASE("the author does not release a message with a newer certificate of the same person") {
  Begun begun;
  const auto renewed = begun.uz.officer(
      {.person = 7, .roles = {identity::Role::kOperator, identity::Role::kReleaser}});
  begun.journal.introduce(renewed);
  const Envelope envelope = begun.journal.envelope(renewed, 1);
  const Bytes bytes = envelope.encode();
  const auto author = crypto::sign(crypto::Purpose::kEnvelope, renewed.key, {bytes});
  begun.journal.append(
      envelope, renewed.key,
      Release{renewed.certificate.fingerprint(),
              crypto::sign(crypto::Purpose::kRelease, renewed.key, {bytes, author})});
  const ReadEntry entry = begun.read();
  CHECK(entry.refusal == RefusalReason::kUnauthorised);
  CHECK(entry.detail == "author and releaser are one person");
}

TEST_CASE("under a policy what it fits needs a release and the rest does not") {
  Begun begun;
  const auto releaser = begun.uz.officer({.person = 8, .roles = {identity::Role::kReleaser}});
  begun.journal.introduce(releaser);
  const auto alerts = static_cast<std::uint32_t>(Kind::kAlert);
  const Envelope alert = begun.journal.envelope(begun.officer, 1);
  REQUIRE(alert.kind == alerts);
  begun.journal.append(Record(Policy{{{alerts, Precedence::kFlash}}, false}));
  begun.journal.append(alert, begun.officer.key);
  CHECK_FALSE(begun.read().refusal.has_value());  // not FLASH
  begun.journal.append(Record(Policy{{{alerts, std::nullopt}}, false}));
  begun.journal.append(alert, begun.officer.key);
  CHECK(begun.read().refusal == RefusalReason::kNotReleased);
  begun.journal.append(alert, begun.officer.key, release_of(begun, alert, releaser));
  CHECK_FALSE(begun.read().refusal.has_value());
  begun.journal.append(Record(Policy()));
  begun.journal.append(alert, begun.officer.key);
  CHECK_FALSE(begun.read().refusal.has_value());
}

TEST_CASE("a newer certificate of a person ends the older one") {
  Begun begun;
  const auto renewed = begun.uz.officer();
  begun.journal.introduce(renewed);
  begun.journal.message(renewed, 1);
  CHECK_FALSE(begun.read().refusal.has_value());
  begun.journal.message(begun.officer, 2);
  const ReadEntry entry = begun.read();
  CHECK(entry.refusal == RefusalReason::kUnauthorised);
  CHECK(entry.detail == "officer's certificate was replaced");
}

TEST_CASE("a revocation ends what came before it and no older statement undoes it") {
  Begun begun;
  const auto& of = begun.officer.certificate.details();
  const auto revoke = [&](std::uint64_t statement, const TestOffice& by) {
    identity::RevocationDetails details;
    details.subject = begun.uz.id.text();
    details.person = of.person;
    details.statement = statement;
    details.issuer = by.office.fingerprint();
    const auto revocation =
        identity::Revocation::issue(details, by.keys.signing_key(identity::KeyUse::kIdentity));
    begun.journal.append(Record(RevocationRecord{revocation.bytes()}));
    return begun.read();
  };
  CHECK(revoke(of.statement + 10, begun.tj).refusal == RefusalReason::kUnauthorised);
  CHECK(revoke(of.statement, begun.uz).refusal == RefusalReason::kSuperseded);
  CHECK_FALSE(revoke(of.statement + 10, begun.uz).refusal.has_value());
  begun.journal.message(begun.officer, 1);
  CHECK(begun.read().detail == "officer's certificate was revoked");
  begun.journal.introduce(begun.officer);
  CHECK(begun.read().refusal == RefusalReason::kSuperseded);
  begun.journal.introduce(begun.uz.officer({.statement = of.statement + 9}));
  CHECK(begun.read().refusal == RefusalReason::kSuperseded);
  const auto anew = begun.uz.officer({.statement = of.statement + 11});
  begun.journal.introduce(anew);
  CHECK_FALSE(begun.read().refusal.has_value());
  begun.journal.message(anew, 1);
  CHECK_FALSE(begun.read().refusal.has_value());
}

TEST_CASE("a certificate that is in force may be said again") {
  Begun begun;
  begun.journal.introduce(begun.officer);
  CHECK_FALSE(begun.read().refusal.has_value());
  begun.journal.message(begun.officer, 1);
  CHECK(begun.read().author->since == 1);
}

TEST_CASE("acts stand in a trail and messages in a pair journal") {
  Begun begun;
  begun.journal.append(Record(Act()));
  CHECK(begun.read().refusal == RefusalReason::kMalformed);
  TestJournal trail(begun.uz, begun.uz);
  trail.start();
  trail.introduce(begun.officer);
  trail.append(Record(Act()));
  trail.append(Record(Policy()));
  trail.append(trail.envelope(begun.officer, 1), begun.officer.key);
  Reader reader(trail.origin, begun.uz.office);
  std::vector<std::optional<RefusalReason>> refusals;
  for (const Bytes& leaf : trail.leaves) refusals.push_back(read_next(reader, leaf).refusal);
  REQUIRE(refusals.size() == 5);
  CHECK_FALSE(refusals[0].has_value());
  CHECK_FALSE(refusals[1].has_value());
  CHECK_FALSE(refusals[2].has_value());
  CHECK(refusals[3] == RefusalReason::kMalformed);
  CHECK(refusals[4] == RefusalReason::kMalformed);
}

TEST_CASE("a resumed reader knows who was revoked and which policy is in force") {
  Begun begun;
  identity::RevocationDetails details;
  details.subject = begun.uz.id.text();
  details.person = 7;
  details.statement = begun.officer.certificate.details().statement + 1;
  details.issuer = begun.uz.office.fingerprint();
  const auto revocation =
      identity::Revocation::issue(details, begun.uz.keys.signing_key(identity::KeyUse::kIdentity));
  Reader resumed(begun.journal.origin, begun.uz.office);
  resumed.resume(4, begun.reader.stamps(),
                 {{1, encode_record(CertificateRecord{begun.officer.certificate.bytes(), 0})},
                  {2, encode_record(RevocationRecord{revocation.bytes()})},
                  {3, encode_record(Policy{{ReleaseRule{}}, false})}});
  CHECK(resumed.officer(begun.officer.certificate.fingerprint()) == nullptr);
  CHECK(resumed.statement_about(7) == details.statement);
  CHECK(resumed.policy().requires_release(1, Precedence::kRoutine));
}

TEST_CASE("a resumed reader knows the officers and the stamp of before") {
  Begun begun;
  Reader resumed(begun.journal.origin, begun.uz.office);
  resumed.resume(
      2, begun.reader.stamps(),
      {{1, journal::encode_record(CertificateRecord{begun.officer.certificate.bytes(), 0})}});
  begun.journal.message(begun.officer);
  const ReadEntry entry = read_next(resumed, begun.journal.leaves[2]);
  CHECK_FALSE(entry.refusal.has_value());
  CHECK(entry.index == 2);
  CHECK(entry.author->since == 1);
}

TEST_CASE("resuming with a certificate the office did not sign makes no officer") {
  Begun begun;
  const auto stranger = begun.tj.officer();
  Reader resumed(begun.journal.origin, begun.uz.office);
  resumed.resume(2, begun.reader.stamps(),
                 {{1, journal::encode_record(CertificateRecord{stranger.certificate.bytes(), 0})}});
  CHECK(resumed.officer(stranger.certificate.fingerprint()) == nullptr);
}

}  // namespace blo::journal
