#include "peer_world.h"

#include "base/file.h"
#include "base/limits.h"
#include "base/wire.h"
#include "blo/v1/journal.pb.h"
#include "journal/verify.h"
#include "office/policies.h"
#include "office/query.h"
#include "office/retention.h"
#include "sim/lies.h"

namespace blo::fuzz {
namespace {

/// Both offices at one moment.
struct Stage {
  Bytes uz;
  Bytes tj;
  Now now;
};

struct Stages {
  Stage paired;
  Stage early;
  Stage late;
  Stage renewed;
};

void exchange(Side& a, Side& b, int messages) {
  for (int i = 0; i < messages; ++i) {
    BLO_CHECK(a.say(alert("from UZ " + std::to_string(i))));
    BLO_CHECK(b.say(alert("from TJ " + std::to_string(i))));
    connect(a, b);
    settle(a, b);
  }
}

Stage stage_of(Side& a, Side& b) {
  a.hang_up();
  b.hang_up();
  for (Side* side : {&a, &b}) {
    side->now.wall += seconds(10);
    side->now.steady += seconds(10);
  }
  return {a.image(), b.image(), a.now};
}

Stages make_stages() {
  BLO_CHECK(crypto::initialise());
  const Now start{sim::kStart, SteadyTime(milliseconds(1'000'000))};
  Side a(kit_of(false), {}, start);
  Side b(kit_of(true), {}, start);
  Stages stages;
  pair_offices(a, b);
  stages.paired = stage_of(a, b);
  exchange(a, b, 2);
  stages.early = stage_of(a, b);
  for (Side* side : {&a, &b}) {
    BLO_CHECK(side->office->trail().enter(office::TrailEntry(), side->now).has_value());
    BLO_CHECK(side->say(long_alert()));
  }
  exchange(a, b, 2);
  BLO_CHECK(a.office->revoke_officer(2, identity::RevocationReason::kLeft, a.now).has_value());
  const journal::Policy policy{{{2U, journal::Precedence::kFlash}}, false};
  BLO_CHECK(office::set_policy(*b.office, b.pair(), policy, 0, b.now).has_value());
  exchange(a, b, 1);
  stages.late = stage_of(a, b);
  for (Side* side : {&a, &b})
    BLO_CHECK(side->office->open_next_generation(side->pair(), side->now).has_value());
  exchange(a, b, 1);
  stages.renewed = stage_of(a, b);
  return stages;
}

const Stages& stages() {
  static const Stages made = make_stages();
  return made;
}

struct Start {
  const Stage Stages::*ours;
  bool we_recover;
  const Stage Stages::*theirs;
  bool they_recover;
};

constexpr Start kStarts[kStates] = {
    {&Stages::paired, false, &Stages::paired, false},    // confirmed, and no more
    {&Stages::late, false, &Stages::late, false},        // in step
    {&Stages::late, false, &Stages::early, true},        // serving
    {&Stages::early, true, &Stages::late, false},        // recovering
    {&Stages::early, false, &Stages::late, false},       // the heads say that we lost something
    {&Stages::late, false, &Stages::early, false},       // that they did
    {&Stages::renewed, false, &Stages::renewed, false},  // in step, in a second generation
    {&Stages::late, true, &Stages::renewed, false},      // a generation is lost here
    {&Stages::renewed, false, &Stages::late, true},      // or there
    {&Stages::early, true, &Stages::late, true},         // both ask
    {&Stages::paired, true, &Stages::renewed, false},    // everything is lost here
    {&Stages::renewed, false, &Stages::paired, true},    // or there
};

const Start& start(std::size_t state) { return kStarts[state % kStates]; }

/// A good example of each record that can stand in a journal between two offices.
std::vector<journal::Record> records(Side& side) {
  const auto& kit = side.kit;
  const auto& officer = side.office->officers().all().front();
  const auto& sent = side.pair().sent->row;
  const auto& received = side.pair().received->row;
  identity::RevocationDetails ended;
  ended.network = sim::kNetwork;
  ended.subject = kit.id.text();
  ended.statement = to_unix_ms(side.now.wall) + 1;
  ended.person = 2;
  ended.time = side.now.wall;
  ended.issuer = kit.certificate.fingerprint();
  const auto revocation =
      identity::Revocation::issue(ended, kit.ring.signing_key(identity::KeyUse::kIdentity));
  journal::Act act;
  act.officer = officer.certificate.fingerprint();
  act.request = 4;
  return {
      journal::GenerationStart{kit.authority.bytes(), kit.certificate.bytes(), sent.certificate,
                               journal::ClosedGeneration{sent.size(), sent.frontier.root(), 0}},
      journal::CertificateRecord{officer.certificate.bytes(), 0},
      journal::CertificateRecord{side.office->officers().all().back().certificate.bytes(), 0},
      journal::Refusal{received.origin.generation, received.size() - 1, received.frontier.root(),
                       journal::RefusalReason::kInvalidContent},
      journal::RevocationRecord{revocation.bytes()},
      journal::Policy{{{1U, journal::Precedence::kFlash}}, false},
      journal::TrailHead{crypto::sha256(as_bytes("a head"))},
      act,
      journal::ActFailed{1, 3},
      journal::PeerRefused{side.pair().counterpart().text(), "certificate"},
      journal::Erasure{2, "because", 1, 0, false},
      journal::Erasure{2, "because", 1, received.origin.generation, true},
      journal::AuditChallenge{"an auditor's text"},
      journal::Unentered{1, 2, sim::kStart, sim::kStart},
  };
}

/// The lie of that number about the message; its own bytes for 0.
Bytes told(const google::protobuf::Message& truth, std::size_t lie) {
  if (lie == 0) return encode_wire(truth);
  const auto lies = sim::lies_of(truth);
  return lies.empty() ? encode_wire(truth) : encode_wire(*lies[(lie - 1) % lies.size()].told);
}

/// A message of ours that theirs can answer.
std::optional<MessageId> answerable(Side& side) {
  const auto listed =
      office::list_messages(*side.office, side.pair(), office::Box::kReceived, {}, 1);
  if (!listed || listed->empty() || !listed->front().envelope) return std::nullopt;
  return listed->front().envelope->message_id;
}

using Begin = std::function<Result<office::ExportJob>(journal::FileSink)>;

void verify(const Begin& begin, Side& ours, const Side& theirs) {
  const sim::Folder folder;
  bool has_journal = false;
  const journal::FileSink sink = [&](const std::string& path, ByteView bytes) -> Result<void> {
    has_journal = has_journal || path.find('/') != std::string::npos;
    std::filesystem::create_directories((folder.path() / path).parent_path());
    return write_file(folder.path() / path, bytes, 0600, Overwrite::kYes);
  };
  auto job = begin(sink);
  if (!job) return;  // there is no trail yet
  for (;;) {
    const auto more = job->step();
    BLO_CHECK(more.has_value());
    if (!*more) break;
  }
  if (!has_journal) {  // nothing has a receipt, or what has one names what is not given back yet
    BLO_CHECK(!job->notes().empty());
    return;
  }
  const auto verdict =
      journal::verify_export(folder.path(), {ours.kit.authority, theirs.kit.authority});
  BLO_CHECK(verdict.has_value());
  const std::string from = "_" + theirs.kit.id.text() + "_";
  for (const auto& finding : verdict->findings) {
    // A refusal that changes nothing is a finding against the office that wrote it.
    const auto place = finding.where.find(from);
    const bool accuses = finding.code == journal::FindingCode::kRefusal &&
                         place != std::string::npos && place == finding.where.find('_');
    if (!accuses) check_failed(finding.what.c_str(), finding.where.c_str(), 0);
  }
}

}  // namespace

const sim::Kit& kit_of(bool tj) {
  static const sim::Kit uz("UZ-OYBEK");
  static const sim::Kit other("TJ-FOTEHOBOD");
  return tj ? other : uz;
}

Now start_of(std::size_t state) {
  const Start& at = start(state);
  return std::max(stages().*at.ours, stages().*at.theirs,
                  [](const Stage& a, const Stage& b) { return a.now.wall < b.now.wall; })
      .now;
}

Bytes image_of(std::size_t state, Party party, bool tj) {
  const Stage& stage = stages().*(party == Party::kOurs ? start(state).ours : start(state).theirs);
  return tj ? stage.tj : stage.uz;
}

bool recovers(std::size_t state, Party party) {
  return party == Party::kOurs ? start(state).we_recover : start(state).they_recover;
}

Bytes earlier_image(bool tj) { return tj ? stages().early.tj : stages().early.uz; }

void begin_recovery(Side& side) {
  BLO_CHECK(office::freeze(side.office->store(), side.pair(), "restored", "",
                           store::Recovery::kRecovering)
                .has_value());
}

void erase_all(Side& side) {
  const office::RetentionRules rules{{1, milliseconds(0), "a rule"}};
  static_cast<void>(office::apply_retention(*side.office, rules, 50, 0, side.now));
}

void hold_newest(Side& side) {
  const auto listed =
      office::list_messages(*side.office, side.pair(), office::Box::kReceived, {}, 1);
  if (!listed || listed->empty()) return;
  static_cast<void>(
      office::place_hold(*side.office, listed->front().number, "a court asks", 1, side.now));
}

void append_leaf(Side& side, ByteView leaf) {
  side.append(leaf.first(std::min(leaf.size(), limits::kEntryBytesMax)), nullptr);
}

void append_record(Side& side, ByteView record) {
  const auto kept = record.first(std::min(record.size(), limits::kEntryBytesMax / 2));
  side.append(journal::Entry{side.next_stamp(), to_bytes(kept)}.encode(), nullptr);
}

void append_lie_of_record(Side& side, std::size_t kind, std::size_t lie) {
  const auto all = records(side);
  v1::Record truth;
  BLO_CHECK(parse_wire(journal::encode_record(all[kind % all.size()]), truth));
  append_record(side, told(truth, lie));
}

void append_message(Side& side, std::uint32_t kind, std::size_t lie, Bytes content) {
  if (content.empty()) content = alert("a message");
  auto envelope = side.envelope_for(content, kind & 0x7FU, journal::Precedence::kRoutine);
  envelope.expires = side.now.wall + std::chrono::days(30);
  envelope.in_reply_to = answerable(side);
  auto made = side.sign(envelope, std::move(content));
  v1::Envelope truth;
  BLO_CHECK(parse_wire(made.envelope, truth));
  made.envelope = told(truth, lie % 2 == 0 ? lie / 2 : 0);
  made.signature = crypto::sign(crypto::Purpose::kEnvelope, side.kit.officer, {made.envelope});
  journal::SignedEnvelope message{made.envelope, made.signature, std::nullopt};
  if ((kind & 0x80U) != 0) {
    const auto& releaser = side.office->officers().all().back().certificate;
    message.release = journal::Release{
        releaser.fingerprint(), crypto::sign(crypto::Purpose::kRelease, releaser_key(side.kit),
                                             {made.envelope, made.signature})};
  }
  v1::Entry entry;
  BLO_CHECK(parse_wire(journal::Entry{side.next_stamp(), std::move(message)}.encode(), entry));
  side.append(told(entry, lie % 2 == 1 ? (lie + 1) / 2 : 0), &made);
}

void audit(Side& ours, const Side& theirs) {
  verify(
      [&](journal::FileSink sink) {
        return office::ExportJob::begin(*ours.office, ours.pair(), std::move(sink));
      },
      ours, theirs);
  verify(
      [&](journal::FileSink sink) {
        return office::ExportJob::begin_trail(*ours.office, std::move(sink));
      },
      ours, theirs);
}

}  // namespace blo::fuzz
