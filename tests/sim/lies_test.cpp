// A counterpart that holds the right keys and lies in every field of every entry and every frame in
// turn. Whatever it says: what the honest office exports, gives as evidence and keeps in its trail
// verifies, what its officers were shown is in the export, and the pairing goes on once the lies
// end.
#include <catch2/catch.hpp>

#include <google/protobuf/descriptor.h>

#include "base/file.h"
#include "base/wire.h"
#include "blo/v1/journal.pb.h"
#include "blo/v1/sync.pb.h"
#include "crypto/random.h"
#include "forger.h"
#include "journal/verify.h"
#include "journal/verify_evidence.h"
#include "lies.h"
#include "message/alert.h"
#include "office/evidence.h"
#include "office/writer.h"
#include "old_store.h"

namespace blo::sim {
namespace {

using Authorities = std::vector<identity::Certificate>;

/// Of the office's audit trail.
journal::Verdict audit_trail(office::Office& office, const Authorities& authorities) {
  const Folder folder;
  const journal::FileSink sink = [&](const std::string& path, ByteView bytes) -> Result<void> {
    std::filesystem::create_directories((folder.path() / path).parent_path());
    return write_file(folder.path() / path, bytes, 0600, Overwrite::kYes);
  };
  auto job = office::ExportJob::begin_trail(office, sink).value();
  while (job.step().value()) {
  }
  return journal::verify_export(folder.path(), authorities).value();
}

/// A refusal that changes nothing is a finding against the office that wrote it, whoever exports
/// it.
bool accuses(const journal::Finding& finding, const Node& liar) {
  const std::string from = "_" + liar.kit.id.text() + "_";
  const auto place = finding.where.find(from);
  return finding.code == journal::FindingCode::kRefusal && place != std::string::npos &&
         place == finding.where.find('_');  // network_FROM_TO_generation
}

void require_verified(const journal::Verdict& verdict, const Node& liar) {
  for (const auto& finding : verdict.findings) {
    INFO(journal::to_string(finding.code) << " " << finding.where << ": " << finding.what);
    REQUIRE(accuses(finding, liar));
  }
}

/// Of one message, where it is under a receipt.
void require_evidence(Node& honest, const MessageNumber& number, const Authorities& authorities) {
  auto job = office::EvidenceJob::begin(*honest.office, number, false);
  if (!job && job.error() == office::OfficeError::kNoReceipt) return;
  // Until what was lost is here again it is withheld; settle() waits for that.
  if (!job && job.error() == office::OfficeError::kMayBeErased) return;
  INFO(number.text());
  REQUIRE(job.has_value());
  while (job->step().value()) {
  }
  const auto verdict = journal::verify_evidence(job->encode(), authorities);
  for (const auto& finding : verdict.findings)
    UNSCOPED_INFO(journal::to_string(finding.code) << " " << finding.where << ": " << finding.what);
  REQUIRE(verdict.verified());
}

/// The newest messages, among which is whatever came of the last lies.
constexpr std::size_t kProvenEach = 4;

void require_honest(World& world, Node& honest) {
  const Authorities authorities{world.a.kit.authority, world.b.kit.authority};
  const auto verdict = audit(world, honest);
  require_verified(verdict, world.other(honest));
  require_verified(audit_trail(*honest.office, authorities), world.other(honest));
  for (const auto box : {office::Box::kReceived, office::Box::kSent}) {
    const auto listed =
        office::list_messages(*honest.office, honest.pair(), box, {}, 10'000).value();
    std::size_t proven = 0;
    for (const auto& view : listed) {
      if (view.refusal || (box == office::Box::kSent && !view.receipt)) continue;
      INFO(view.number.text());
      const auto in = std::ranges::find_if(verdict.journals, [&](const auto& journal) {
        return journal.origin.from == view.number.from &&
               journal.origin.generation == view.number.generation;
      });
      REQUIRE(in != verdict.journals.end());
      REQUIRE(in->receipted > view.number.index);
      if (proven++ < kProvenEach) require_evidence(honest, view.number, authorities);
    }
  }
}

/// Both say something more, and it is stored there and receipted.
void require_going_on(World& world, bool heard) {
  for (int i = 0; i < 3; ++i) {
    world.cut();
    world.pass(milliseconds(1'000));
    if (!world.a.frozen() && !world.b.frozen()) break;
  }
  REQUIRE_FALSE(world.a.frozen());
  REQUIRE_FALSE(world.b.frozen());
  const Said from_a = world.a.say("after the lies");
  const Said from_b = world.b.say("after the lies");
  world.converge();
  REQUIRE(world.a.show(from_a.number).receipt.has_value());
  REQUIRE(world.b.show(from_b.number).state == office::MessageState::kReceipted);
  REQUIRE(world.a.show(from_b.number).state == office::MessageState::kReceived);
  if (heard) REQUIRE(world.b.show(from_a.number).state == office::MessageState::kReceived);
}

/// UZ-OYBEK lies to TJ-FOTEHOBOD by entries under good checkpoints.
class Liar {
 public:
  Liar() : releaser_(crypto::SigningKey::generate()) {
    auto request = identity::CertificateRequest::parse(world.a.kit.officer_request()).value();
    request.keys = {{identity::KeyUse::kOfficer, releaser_.verify_key().bytes()}};
    second_ = world.a.office->officers()
                  .add(request.sign(releaser_), {identity::Role::kReleaser}, 300, 0, world.a.now)
                  .value()
                  ->certificate.fingerprint();
    REQUIRE(world.b.office->trail().enter(office::TrailEntry(), world.b.now).has_value());
    first = world.a.say("true");
    theirs = world.b.say("an answer");
    world.converge();
    append_record(world.a, introduction(*world.a.office->officers().find(second_)),
                  next_stamp(world.a));
    world.cut();
    world.converge();
    world.a.say("true, too");
    world.converge();
    REQUIRE(world.b.pair().received->row.refused == 0);
  }

  journal::Record introduction(const store::OfficerRow& officer) const {
    return journal::CertificateRecord{officer.certificate.bytes(), 0};
  }

  /// Any bytes, with the body of `envelope` beside it where there is one.
  void append_leaf(const Bytes& leaf, const Bytes& envelope, const office::Submission& made) {
    auto& store = world.a.office->store();
    auto row = world.a.pair().sent->row;
    auto transaction = store.begin().value();
    const auto index = row.size();
    REQUIRE(store.journals()
                .append(row, leaf, journal::leaf_hash(leaf), {1, crypto::random_array<16>(), {}},
                        nullptr)
                .has_value());
    if (!envelope.empty()) {
      const auto key = crypto::random_key();
      const auto sealed = seal::seal_body(key, envelope, made.salt, made.content);
      // Of another size than the envelope says it would be a frame out of form.
      const auto said = journal::body_bytes(journal::parse_leaf(leaf));
      if (!said || *said == sealed.size())
        REQUIRE(store.journals().put_body(row, index, sealed, key).has_value());
    }
    REQUIRE(store.journals().save(row).has_value());
    REQUIRE(transaction.commit().has_value());
    world.a.pair().sent->row = row;
  }

  /// A message with everything that an envelope can hold, released.
  struct Message {
    office::Submission made;
    v1::Envelope envelope;
  };
  Message message() {
    Message message{world.a.submission(alert("a lie")), {}};
    auto envelope = journal::Envelope::parse(message.made.envelope).value();
    envelope.expires = world.a.now.wall + std::chrono::days(30);
    envelope.in_reply_to = theirs->id;
    envelope.supersedes = first->id;
    REQUIRE(parse_wire(envelope.encode(), message.envelope));
    return message;
  }
  /// Under both officers' signatures.
  v1::SignedEnvelope sign(const Bytes& envelope) const {
    v1::SignedEnvelope out;
    const auto signature =
        crypto::sign(crypto::Purpose::kEnvelope, world.a.kit.officer, {envelope});
    const auto release = crypto::sign(crypto::Purpose::kRelease, releaser_, {envelope, signature});
    out.set_envelope(to_string(envelope));
    out.set_signature(to_string(ByteView(signature)));
    out.mutable_release()->set_officer(to_string(ByteView(second_)));
    out.mutable_release()->set_signature(to_string(ByteView(release)));
    return out;
  }

  v1::Entry entry() {
    v1::Entry entry;
    REQUIRE(parse_wire(journal::Entry{next_stamp(world.a), Bytes{1}}.encode(), entry));
    entry.clear_record();
    return entry;
  }

  World world;
  std::optional<Said> first;
  std::optional<Said> theirs;

 private:
  crypto::SigningKey releaser_;
  identity::Fingerprint second_{};
};

/// One good example of each record, as far as a journal between two offices can have it.
std::vector<journal::Record> records(Liar& liar) {
  auto& a = liar.world.a;
  const auto& officer = a.office->officers().all().front();
  const auto& sent = a.pair().sent->row;
  const auto& received = a.pair().received->row;
  const auto theirs =
      a.office->store().journals().entry(received, liar.theirs->number.index).value();
  identity::RevocationDetails ended;
  ended.network = kNetwork;
  ended.subject = a.kit.id.text();
  ended.statement = to_unix_ms(a.now.wall) + 1;
  ended.person = 2;
  ended.time = a.now.wall;
  ended.issuer = a.kit.certificate.fingerprint();
  const auto revocation =
      identity::Revocation::issue(ended, a.kit.ring.signing_key(identity::KeyUse::kIdentity));
  journal::Act act;
  act.officer = officer.certificate.fingerprint();
  act.signature[0] = 1;
  act.sequence = 3;
  act.request = 4;
  act.subject = liar.first->number.text();
  act.user = 1'000;
  return {
      journal::GenerationStart{a.kit.authority.bytes(), a.kit.certificate.bytes(), sent.certificate,
                               journal::ClosedGeneration{sent.size(), sent.frontier.root(), 0}},
      journal::CertificateRecord{officer.certificate.bytes(), 0},
      journal::Refusal{1, liar.theirs->number.index, journal::leaf_hash(theirs.leaf),
                       journal::RefusalReason::kInvalidContent},
      journal::RevocationRecord{revocation.bytes()},
      journal::Policy{{{1U, journal::Precedence::kFlash}}, false},
      journal::TrailHead{crypto::sha256(as_bytes("a head"))},
      act,
      journal::ActFailed{1, 3},
      journal::PeerRefused{"TJ-FOTEHOBOD", "certificate"},
      journal::Erasure{liar.first->number.index, "because", 1, 0, false},
      journal::Erasure{liar.theirs->number.index, "because", 1, 1, true},
      journal::AuditChallenge{"an auditor's text"},
      journal::Unentered{1, 2, sim::kStart, sim::kStart},
  };
}

/// As many lies as one office is told before its exports are looked at.
constexpr std::size_t kLiesTogether = 8;

/// Tells the lies about `example`, to an office that believed none of those before.
template <class Example, class Tell>
void tell_all(const Example& example, const Tell& tell, std::set<std::string>& told) {
  std::size_t count = 1;
  for (std::size_t i = 0; i < count;) {
    Liar liar;
    std::string said;
    bool heard = true;
    // A lie that was refused leaves nothing behind, and the next one is told to the same office.
    for (std::size_t n = 0; heard && n < kLiesTogether && i < count; ++n, ++i) {
      const auto truth = example(liar);
      const auto lies = chosen_lies_of(truth);
      count = lies.size();
      if (i >= count) break;
      said += lies[i].field + ": " + lies[i].value + "\n";
      INFO(said);
      told.insert(lies[i].field);
      const auto refused = liar.world.b.pair().received->row.refused;
      const auto before = liar.world.b.received_size();
      tell(liar, *lies[i].told);
      liar.world.cut();
      liar.world.converge();
      REQUIRE(liar.world.b.received_size() == before + 1);
      heard = liar.world.b.pair().received->row.refused > refused;
    }
    INFO(said);
    require_honest(liar.world, liar.world.b);
    require_going_on(liar.world, heard);
    require_honest(liar.world, liar.world.b);
  }
}

}  // namespace

/// Values that a counterpart may say of its own clock or its own people are no lies to anybody who
/// cannot know better; they are told all the same, and must do no harm.
TEST_CASE("lies in every field of a message and its entry harm nobody") {
  std::set<std::string> told;
  const auto whole = [](Liar& liar) {
    auto entry = liar.entry();
    *entry.mutable_message() = liar.sign(encode_wire(liar.message().envelope));
    return entry;
  };
  const auto append_whole = [](Liar& liar, const google::protobuf::Message& lie) {
    const auto& entry = dynamic_cast<const v1::Entry&>(lie);
    const auto& envelope = entry.message().envelope();
    liar.append_leaf(encode_wire(entry), to_bytes(std::string_view(envelope)), liar.message().made);
  };
  tell_all(whole, append_whole, told);
  const auto envelope = [](Liar& liar) {
    auto truth = liar.message().envelope;
    auto& attachment = *truth.add_attachments();
    attachment.set_commitment(std::string(32, 'c'));
    attachment.set_padded_bytes(512);
    return truth;
  };
  const auto append_envelope = [](Liar& liar, const google::protobuf::Message& lie) {
    const Bytes bytes = encode_wire(lie);
    auto entry = liar.entry();
    *entry.mutable_message() = liar.sign(bytes);
    liar.append_leaf(encode_wire(entry), bytes, liar.message().made);
  };
  tell_all(envelope, append_envelope, told);
  told.merge(std::set<std::string>{"blo.v1.Entry.record"});
  for (const char* part :
       {"Entry", "Stamp", "SignedEnvelope", "Release", "Envelope", "AttachmentHeader"}) {
    for (const auto& field : fields_of(*v1::Entry::descriptor()->file())) {
      INFO(field);
      if (field.starts_with(std::string("blo.v1.") + part + ".")) CHECK(told.contains(field));
    }
  }
}

TEST_CASE("lies in every field of every record harm nobody") {
  std::set<std::string> told;
  Liar counted;
  const std::size_t kinds = records(counted).size();
  for (std::size_t kind = 0; kind < kinds; ++kind) {
    const auto record = [kind](Liar& liar) {
      v1::Record truth;
      REQUIRE(parse_wire(journal::encode_record(records(liar)[kind]), truth));
      return truth;
    };
    const auto append_record = [](Liar& liar, const google::protobuf::Message& lie) {
      auto entry = liar.entry();
      entry.set_record(to_string(encode_wire(lie)));
      liar.append_leaf(encode_wire(entry), {}, {});
    };
    tell_all(record, append_record, told);
  }
  for (const auto& field : fields_of(*v1::Record::descriptor()->file())) {
    const auto message = field.substr(0, field.rfind('.'));
    static const std::set<std::string> kOfMessages{
        "blo.v1.Entry",   "blo.v1.Stamp",    "blo.v1.SignedEnvelope",
        "blo.v1.Release", "blo.v1.Envelope", "blo.v1.AttachmentHeader"};
    INFO(field);
    if (!kOfMessages.contains(message)) CHECK(told.contains(field));
  }
}

namespace {

/// What makes a side send a frame: UZ-OYBEK lies, or TJ-FOTEHOBOD, which offers secrets.
struct Occasion {
  const char* frame;
  bool uz_lies;
  std::function<void(World&)> happens;
  std::function<void(World&)> ends = {};  // what must pass before anything can go on
};

void exchange_both(World& world) {
  world.a.say("while it lies");
  world.b.say("while it lies");
  if (!world.connected()) world.connect();
  world.run();
}

void lose_and_ask(World& world, Node& lost) {
  const auto old = copy_of(world, lost);
  exchange(world, 1);
  put_back_from_backup(world, lost, old);
  world.connect();
  world.run();
}

void wait(World& world, milliseconds time) {
  exchange_both(world);
  world.pass(time);
}

void change_secret(World& world) {
  REQUIRE(world.b.office->rotate(world.b.pair()).has_value());
  wait(world, seconds(3));
}

/// UZ-OYBEK takes no more than a small day's entries.
void hold_back(World& world) {
  world.a.office->set_quota({10, 1U << 30U, 5});
  world.connect();
  for (int i = 0; i < 12; ++i) world.b.say("as much as a day has");
  world.run();
  world.b.say("one more");
  world.run();
}

/// The longest wait that can be asked for.
void take_again(World& world) {
  world.a.office->set_quota({});
  world.cut();
  world.pass(std::chrono::hours(26));
}

std::vector<Occasion> occasions() {
  const auto silence = [](World& world) { wait(world, seconds(40)); };
  const auto end = [](World& world) {
    exchange_both(world);
    if (world.a.end && world.a.end->peer) world.a.end->peer->close(sync::CloseReason::kShutdown);
    world.run();
  };
  const auto long_body = [](World& world) {
    message::AlertFlags flags;
    flags.persons.assign(60, std::string(350, 'X') + ", " + std::string(350, 'y'));
    flags.reason = "a long list";
    flags.action = "stop";
    world.a.say_content(message::alert_from_flags(flags).value());
    exchange_both(world);
  };
  const auto uz_lost = [](World& world) { lose_and_ask(world, world.a); };
  const auto tj_lost = [](World& world) { lose_and_ask(world, world.b); };
  return {{"hello", true, exchange_both},
          {"heads", true, exchange_both},
          {"items", true, exchange_both},
          {"body_chunk", true, long_body},
          {"batch_end", true, exchange_both},
          {"receipt", true, exchange_both},
          {"not_taken", true, hold_back, take_again},
          {"ping", true, silence},
          {"pong", true, silence},
          {"rekey", true, exchange_both},
          {"close", true, end},
          {"secret_offer", false, change_secret},
          {"secret_answer", true, change_secret},
          {"recall", true, uz_lost},
          {"recall_begin", true, tj_lost},
          {"recall_end", true, tj_lost}};
}

/// The lies have ended: whoever lost something is given it back and goes on.
void settle(World& world) {
  for (int i = 0; i < 30; ++i) {
    for (Node* node : {&world.a, &world.b})
      if (recovery_of(*node) == store::Recovery::kRecovered) static_cast<void>(go_on(*node));
    if (!world.a.frozen() && !world.b.frozen() && i > 1) return;
    world.cut();
    world.connect();
    world.run();
  }
}

/// Tells the `n`th lie about the first frame of a kind that leaves; how many there are of it.
struct FrameLiar {
  std::string frame;
  std::size_t n;
  std::size_t count = 0;
  std::string field = {};
  std::string value = {};
  bool in_form = false;

  void operator()(sync::Frame& leaving) {
    v1::Frame truth;
    if (!field.empty() || !parse_wire(sync::encode_frame(leaving), truth)) return;
    const auto* what = truth.GetDescriptor()->FindFieldByNumber(truth.what_case());
    if (what == nullptr || what->name() != frame) return;
    const auto lies = chosen_lies_of(truth);
    count = std::max(count, lies.size());
    if (n >= lies.size()) return;
    field = lies[n].field;
    value = lies[n].value;
    auto told = sync::parse_frame(encode_wire(*lies[n].told));
    in_form = told.has_value();  // else the parser of who receives it ends the session
    if (told) leaving = std::move(*told);
  }
};

}  // namespace

TEST_CASE("lies in every field of every frame harm nobody") {
  std::set<std::string> told;
  for (const auto& occasion : occasions()) {
    std::size_t count = 1;
    for (std::size_t n = 0; n < count; ++n) {
      World world(n);
      Node& liar = occasion.uz_lies ? world.a : world.b;
      Node& honest = world.other(liar);
      REQUIRE(honest.office->trail().enter(office::TrailEntry(), honest.now).has_value());
      exchange(world, 1);
      world.cut();
      auto lie = std::make_shared<FrameLiar>(FrameLiar{occasion.frame, n});
      liar.meddle = [lie](sync::Frame& frame) { (*lie)(frame); };
      liar.own.announced = {IpEndpoint::parse("192.0.2.1:7117").value(),
                            IpEndpoint::parse("[2001:db8::1]:7117").value()};
      liar.office->set_own_addresses(liar.own);
      if (std::string(occasion.frame) == "rekey") liar.rekey_after_frames = 1;
      occasion.happens(world);
      INFO(occasion.frame << " " << lie->field << ": " << lie->value);
      REQUIRE((n > 0 || !lie->field.empty()));
      count = std::max(count, lie->count);
      told.insert(lie->field);
      if (!lie->in_form) continue;
      world.cut();
      liar.meddle = nullptr;
      require_honest(world, honest);
      settle(world);
      if (occasion.ends) occasion.ends(world);
      require_going_on(world, true);
      require_honest(world, honest);
    }
  }
  // Of a list that is empty in this version there is one more, and of a frame without fields none.
  for (const auto& field : fields_of(*v1::Frame::descriptor()->file())) {
    INFO(field);
    CHECK(told.contains(field));
  }
}

}  // namespace blo::sim
