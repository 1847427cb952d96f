// Entries that a dishonest or broken office puts into its journal: refused by record, never
// blocking.
#include <catch2/catch.hpp>

#include "auditor.h"
#include "crypto/random.h"
#include "forger.h"
#include "message/steps.h"
#include "office/writer.h"

namespace blo::sim {
namespace {

using journal::RefusalReason;

/// What goes into the journal as one message; a forgery changes parts of it.
struct Draft {
  Bytes content;
  seal::Salt salt{};
  journal::Envelope envelope;
  std::optional<Bytes> sealed_content;  // where the body says something else than was committed to
  crypto::SigningKey key;
};

Draft draft(Node& node, const std::string& text) {
  const Bytes content = alert(text);
  const seal::Salt salt = crypto::sha256(as_bytes(text));
  return {content, salt, node.envelope_for(content, salt), {}, node.kit.officer.clone()};
}

/// Appends past all of Outgoing's rules. The forger's own store remembers it by another id.
std::uint64_t append_unchecked(Node& node, const Draft& made) {
  auto& store = node.office->store();
  auto& pair = node.pair();
  auto transaction = store.begin().value();
  std::optional<journal::Checkpoint> receipted;
  if (pair.received->head) receipted = pair.received->head->checkpoint;
  office::Writer writer(store, pair.sent->row, node.office->clock().dating(node.now), receipted);
  const Bytes bytes = made.envelope.encode();
  office::Writer::Body body{{}, crypto::random_key()};
  body.sealed = seal::seal_body(body.content_key, bytes, made.salt,
                                made.sealed_content ? *made.sealed_content : made.content);
  const auto signature = crypto::sign(crypto::Purpose::kEnvelope, made.key, {bytes});
  journal::Envelope remembered = made.envelope;
  remembered.message_id = crypto::random_array<16>();
  const auto index = writer.add_message({bytes, signature, std::nullopt}, remembered, body).value();
  BLO_CHECK(writer.finish().has_value());
  BLO_CHECK(transaction.commit().has_value());
  pair.sent->row = writer.row();
  return index;
}

/// A leaf of any bytes.
std::uint64_t append_leaf(Node& node, const Bytes& leaf) {
  auto& store = node.office->store();
  auto& row = node.pair().sent->row;
  auto transaction = store.begin().value();
  const auto index = row.size();
  BLO_CHECK(store.journals()
                .append(row, leaf, journal::leaf_hash(leaf), {1, {}, {}}, nullptr)
                .has_value());
  BLO_CHECK(store.journals().save(row).has_value());
  BLO_CHECK(transaction.commit().has_value());
  return index;
}

/// The refusal of entry `index` that stands in the receiver's own journal.
std::optional<journal::Refusal> find_refusal(Node& node, std::uint64_t index) {
  for (const auto& stored : node.office->store()
                                .journals()
                                .records(node.pair().sent->row, store::RecordKind::kRefusal)
                                .value()) {
    const auto entry = journal::Entry::parse(stored.leaf).value();
    const auto record = journal::parse_record(std::get<Bytes>(entry.what)).value();
    const auto* refusal = std::get_if<journal::Refusal>(&record);
    if (refusal != nullptr && refusal->index == index) return *refusal;
  }
  return std::nullopt;
}

void check_refused(World& world, std::uint64_t index, RefusalReason reason) {
  const auto& origin = world.a.pair().sent->row.origin;
  const MessageNumber number{origin.from, origin.to, origin.generation, index};
  INFO(number.text());
  const auto here = world.a.show(number);
  CHECK(here.state == office::MessageState::kRefused);
  CHECK(here.refusal == reason);
  if (reason == RefusalReason::kMalformed) {  // nobody can say that it was a message
    CHECK(office::show_message(*world.b.office, number).error() == office::OfficeError::kNotFound);
  } else {
    const auto there = world.b.show(number);
    CHECK(there.state == office::MessageState::kRefused);
    CHECK(there.refusal == reason);
    CHECK(there.content.empty());
  }
  const auto refusal = find_refusal(world.b, index);
  REQUIRE(refusal);
  CHECK(refusal->generation == 1);
  CHECK(refusal->reason == reason);
  CHECK(refusal->leaf_hash == here.leaf_hash);
}

void make_opened(Node& node, Draft& made, const MessageId& answered) {
  made.content = message::opened_content();
  made.envelope.kind = message::kOpened;
  made.envelope.in_reply_to = answered;
  made.salt = derive_fields(made.envelope, node.officer().person);
}

/// The alarms of this code that are open, and how often each happened.
std::vector<std::uint64_t> occurrences(Node& node, const std::string& code) {
  std::vector<std::uint64_t> found;
  for (const auto& alarm : node.office->alarms().list(false).value()) {
    if (alarm.code == code) found.push_back(alarm.occurrences);
  }
  return found;
}

using Counts = std::vector<std::uint64_t>;

/// An officer whose name, as the certificate commits to it, is out of form.
void introduce_nameless(Node& node) {
  auto& store = node.office->store();
  auto& pair = node.pair();
  const auto keys = node.kit.keys();
  auto details = node.officer().certificate.details();
  details.statement += 1;
  details.person += 1;
  const identity::OfficerName name{"two\nlines", "Customs"};
  const std::array<Byte, 32> salt{};
  details.name_commitment = identity::commit_to_name(salt, name.encode());
  auto transaction = store.begin().value();
  office::Writer writer(store, pair.sent->row, node.office->clock().dating(node.now), std::nullopt);
  BLO_CHECK(writer
                .add_officer({details.person, identity::Certificate::issue(details, keys.identity),
                              name, salt})
                .has_value());
  BLO_CHECK(writer.finish().has_value());
  BLO_CHECK(transaction.commit().has_value());
  pair.sent->row = writer.row();
}

/// What was appended past Outgoing goes out with the next connection.
void deliver(World& world) {
  world.cut();
  world.converge();
}

/// Draws up one forgery, with what it must be refused for.
struct Forgery {
  RefusalReason reason;
  std::function<void(Node&, Draft&)> forge;
};

std::vector<Forgery> forgeries(const Said& earlier) {
  return {
      {RefusalReason::kBadSignature,
       [](Node&, Draft& made) { made.key = crypto::SigningKey::generate(); }},
      {RefusalReason::kUnknownKind, [](Node&, Draft& made) { made.envelope.kind = 99; }},
      {RefusalReason::kDuplicate,
       [earlier](Node&, Draft& made) { made.envelope.message_id = earlier.id; }},
      {RefusalReason::kMismatch,
       [](Node&, Draft& made) { made.sealed_content = alert("faked  4"); }},
      {RefusalReason::kNotTaken,
       [](Node&, Draft& made) {
         made.envelope.attachments = {{journal::Hash{1}, 64}};
       }},
      {RefusalReason::kMisaddressed,
       [](Node&, Draft& made) { made.envelope.network = Network::kLive; }},
      {RefusalReason::kMisaddressed,
       [](Node&, Draft& made) { made.envelope.to = OfficeId::parse("KG-KARAMYK").value(); }},
      {RefusalReason::kUnauthorised, [](Node&, Draft& made) { made.envelope.officer[0] ^= 1U; }},
      {RefusalReason::kInvalidContent,
       [](Node&, Draft& made) {
         made.content = to_bytes("not a message");
         made.envelope.commitment = seal::commit_to_content(made.salt, made.content);
         made.envelope.padded_bytes = seal::padded_bytes(made.content.size());
       }},
      {RefusalReason::kInvalidContent,
       [](Node& node, Draft& made) {
         make_opened(node, made, MessageId{1});  // of a message nobody sent
       }},
      {RefusalReason::kInvalidContent,
       [earlier](Node& node, Draft& made) {
         make_opened(node, made, earlier.id);  // of the forger's own
       }},
  };
}

}  // namespace

TEST_CASE("a refused message stands as a record of the receiver and blocks nothing after it") {
  World world;
  const Said earlier = world.a.say("the first good one");
  std::vector<std::pair<std::uint64_t, RefusalReason>> refused;
  int number = 0;
  for (const auto& forgery : forgeries(earlier)) {
    Draft made = draft(world.a, "forged " + std::to_string(++number));
    forgery.forge(world.a, made);
    refused.emplace_back(append_unchecked(world.a, made), forgery.reason);
    world.a.say("good " + std::to_string(number));
  }
  refused.emplace_back(append_leaf(world.a, to_bytes("no entry at all")),
                       RefusalReason::kMalformed);
  const Bytes envelope = draft(world.a, "without a body").envelope.encode();
  const auto signature = crypto::sign(crypto::Purpose::kEnvelope, world.a.kit.officer, {envelope});
  const journal::Entry bare{world.a.pair().sent->row.last_stamp,
                            journal::SignedEnvelope{envelope, signature, std::nullopt}};
  refused.emplace_back(append_leaf(world.a, bare.encode()), RefusalReason::kUnopenable);
  world.a.say("the last good one");
  world.connect();
  world.run();
  REQUIRE(world.connected());
  world.check_converged();
  CHECK(world.b.pair().received->row.refused == refused.size());
  for (const auto& [index, reason] : refused) check_refused(world, index, reason);
}

TEST_CASE("a content key that does not open the body is refused") {
  World world;
  const Said message = world.a.say("under another key");
  world.a.meddle = [](sync::Frame& frame) {
    if (auto* items = std::get_if<sync::Items>(&frame))
      items->parts.back().item.content_key.back() ^= 1U;
  };
  world.connect();
  world.run();
  REQUIRE(world.connected());
  check_refused(world, message.number.index, RefusalReason::kUnopenable);
}

TEST_CASE("an officer whose name does not open may speak all the same") {
  World world;
  world.a.meddle = [](sync::Frame& frame) {
    auto* items = std::get_if<sync::Items>(&frame);
    if (items == nullptr) return;
    const std::uint64_t first = items->first.unjudged();
    if (first <= 1 && first + items->parts.size() > 1)
      items->parts[1 - first].item.content_key.back() ^= 1U;
  };
  const Said first = world.a.say("in the batch that introduces the officer");
  world.connect();
  world.run();
  const Said second = world.a.say("in another batch");
  world.run();
  world.crash(world.b);
  const Said third = world.a.say("after a restart");
  world.converge();
  for (const Said& message : {first, second, third}) {
    const auto view = world.b.show(message.number);
    CHECK(view.state == office::MessageState::kReceived);
    CHECK(view.content == message.content);
    CHECK(view.author.person == 1);
    CHECK(view.author.name.name.empty());
  }
  CHECK(find_refusal(world.b, 1)->reason == RefusalReason::kUnopenable);
}

TEST_CASE("refusals are the same whether batches are judged before or after a restart") {
  World world;
  const Said earlier = world.a.say("the first good one");
  world.connect();
  world.run();
  world.cut();
  world.b.restart();
  Draft made = draft(world.a, "the id again");
  made.envelope.message_id = earlier.id;
  const auto index = append_unchecked(world.a, made);
  world.a.say("good after it");
  world.connect();
  while (world.b.received_size() < world.a.sent_size()) REQUIRE(world.step());
  world.crash(world.b);
  world.converge();
  world.check_converged();
  check_refused(world, index, RefusalReason::kDuplicate);
  CHECK(world.b.pair().received->row.refused == 1);
}

TEST_CASE(
    "a message that its receiver alone refuses has used its id and an earlier flaw uses none") {
  for (const bool together : {false, true}) {
    World world;
    world.a.say("introduces the officer");
    world.b.say("has a head");
    world.converge();
    const auto flawed = [&](const std::function<void(Draft&)>& flaw, const Draft& like) {
      Draft made = draft(world.a, "flawed");
      made.envelope.message_id = like.envelope.message_id;
      flaw(made);
      const auto index = append_unchecked(world.a, made);
      if (!together) {
        world.cut();
        world.converge();
      }
      return index;
    };
    const auto mismatch = [](Draft& made) { made.sealed_content = alert("another"); };
    const auto unsigned_one = [](Draft& made) { made.key = crypto::SigningKey::generate(); };
    const auto good = [](Draft&) {};
    const Draft one = draft(world.a, "one");
    const Draft other = draft(world.a, "other");
    const auto unopened = flawed(mismatch, one);
    const auto again = flawed(good, one);
    const auto third = flawed(mismatch, one);
    const auto forged = flawed(unsigned_one, other);
    const auto accepted = flawed(good, other);
    world.cut();
    world.converge();
    check_refused(world, unopened, RefusalReason::kMismatch);
    check_refused(world, again, RefusalReason::kDuplicate);
    check_refused(world, third, RefusalReason::kDuplicate);
    check_refused(world, forged, RefusalReason::kBadSignature);
    const auto& origin = world.a.pair().sent->row.origin;
    CHECK(world.b.show({origin.from, origin.to, 1, accepted}).state ==
          office::MessageState::kReceived);
    CHECK(codes(audit(world, world.b)).empty());
    world.b.restart();
    const auto last = flawed(good, one);
    world.cut();
    world.converge();
    check_refused(world, last, RefusalReason::kDuplicate);
  }
}

TEST_CASE("an id that the receiver used for its own message is refused as a duplicate") {
  World world;
  const Said theirs = world.b.say("mine");
  world.a.say("introduces the officer");
  Draft made = draft(world.a, "yours");
  made.envelope.message_id = theirs.id;
  const auto index = append_unchecked(world.a, made);
  world.converge();
  world.check_converged();
  check_refused(world, index, RefusalReason::kDuplicate);
}

TEST_CASE("forged officers' signatures are one alarm with a count and name nobody") {
  World world;
  world.a.say("introduces the officer");
  world.converge();
  std::vector<std::uint64_t> forged;
  for (int i = 0; i < 3; ++i) {
    Draft made = draft(world.a, "forged " + std::to_string(i));
    made.key = crypto::SigningKey::generate();
    forged.push_back(append_unchecked(world.a, made));
    if (i == 1) deliver(world);  // two in one batch, then another
  }
  deliver(world);
  CHECK(occurrences(world.b, "forged-signature") == Counts{3});
  const auto views =
      office::list_messages(*world.b.office, world.b.pair(), office::Box::kReceived, {}, 50)
          .value();
  for (const auto& view : views) {
    const bool is_forged = std::ranges::find(forged, view.number.index) != forged.end();
    CHECK(view.unproven == is_forged);
    CHECK(view.author.name.name.empty() == is_forged);
    CHECK((view.author.person == 0) == is_forged);
  }

  const auto open = world.b.office->alarms().list(false).value();
  auto request = identity::CertificateRequest::parse(world.b.kit.officer_request()).value();
  const auto key = crypto::SigningKey::generate();
  request.keys = {{identity::KeyUse::kOfficer, key.verify_key().bytes()}};
  const store::OfficerRow security = **world.b.office->officers().add(
      request.sign(key), {identity::Role::kSecurityOfficer}, 300, 0, world.b.now);
  for (const auto& alarm : open)
    REQUIRE(
        world.b.office->alarms().acknowledge(alarm.id, security, "seen", world.b.now).has_value());
  Draft again = draft(world.a, "forged once more");
  again.key = crypto::SigningKey::generate();
  append_unchecked(world.a, again);
  deliver(world);
  CHECK(occurrences(world.b, "forged-signature") == Counts{1});
}

TEST_CASE("one id over two contents is an alarm and the same message again is none") {
  World world;
  const Said first = world.a.say("first content");
  world.converge();
  SECTION("another content") {
    Draft other = draft(world.a, "second content");
    other.envelope.message_id = first.id;
    append_unchecked(world.a, other);
    Draft third = draft(world.a, "third content");
    third.envelope.message_id = first.id;
    append_unchecked(world.a, third);
    deliver(world);
    CHECK(occurrences(world.b, "two-contents") == Counts{2});
  }
  SECTION("two in one batch") {
    for (const char* text : {"one of two", "two of two"}) {
      Draft made = draft(world.a, text);
      made.envelope.message_id = MessageId{77};
      append_unchecked(world.a, made);
    }
    deliver(world);
    CHECK(occurrences(world.b, "two-contents") == Counts{1});
  }
  SECTION("the same") {
    const auto& row = world.a.pair().sent->row;
    append_leaf(world.a, world.a.office->store().journals().entry(row, first.number.index)->leaf);
    deliver(world);
    CHECK(find_refusal(world.b, world.a.sent_size() - 1));
    CHECK(occurrences(world.b, "two-contents").empty());
  }
}

TEST_CASE("an officer's name out of form is refused under a reason of its own") {
  World world;
  world.a.say("introduces the officer");
  introduce_nameless(world.a);
  const auto index = world.a.sent_size() - 1;
  world.a.say("goes on");
  world.converge();
  world.check_converged();
  const auto refusal = find_refusal(world.b, index);
  REQUIRE(refusal);
  CHECK(refusal->reason == RefusalReason::kNameForm);
  CHECK_FALSE(
      world.b.office->store().journals().has_body(world.b.pair().received->row, index).value());
}

TEST_CASE("what a message takes the place of is shown at both offices") {
  World world;
  const Said first = world.a.say("a white van");
  for (const auto& before : {first.id, MessageId{99}}) {
    auto made = world.a.submission(alert("no, a red one"));
    auto envelope = journal::Envelope::parse(made.envelope).value();
    envelope.supersedes = before;
    made.envelope = envelope.encode();
    made.signature = crypto::sign(crypto::Purpose::kEnvelope, world.a.kit.officer, {made.envelope});
    const auto accepted = world.a.hand_in(made);
    deliver(world);
    for (Node* node : {&world.a, &world.b}) {
      const auto view = node->show(accepted.number);
      CHECK(view.envelope->supersedes == before);
      CHECK(view.supersedes.has_value() == (before == first.id));
      if (view.supersedes) CHECK(*view.supersedes == first.number);
    }
  }
}

TEST_CASE("an id is used up by what only its receiver refuses and by nothing else refused") {
  const bool in_one_batch = GENERATE(true, false);
  World world;
  world.a.say("introduces the officer");
  const MessageId unopenable{1};
  const MessageId forged{2};
  const auto append = [&](const MessageId& id, const std::string& text, bool sound) {
    Draft made = draft(world.a, text);
    made.envelope.message_id = id;
    if (!sound && id == unopenable) made.sealed_content = alert(std::string(text.size(), 'x'));
    if (!sound && id == forged) made.key = crypto::SigningKey::generate();
    return append_unchecked(world.a, made);
  };
  const auto first = append(unopenable, "with another content", false);
  const auto second = append(forged, "by nobody", false);
  if (!in_one_batch) deliver(world);
  const auto third = append(unopenable, "the id once more", true);
  const auto fourth = append(forged, "by its author", true);
  deliver(world);
  check_refused(world, first, RefusalReason::kMismatch);
  check_refused(world, second, RefusalReason::kBadSignature);
  check_refused(world, third, RefusalReason::kDuplicate);
  CHECK_FALSE(find_refusal(world.b, fourth));
  check_auditable(world, world.a);
  check_auditable(world, world.b);
}

}  // namespace blo::sim
