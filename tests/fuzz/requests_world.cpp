#include "requests_world.h"

#include "base/wire.h"
#include "blo/v1/control.pb.h"
#include "journal/opened.h"
#include "office/holds.h"
#include "office/policies.h"
#include "office/query.h"
#include "sim/lies.h"

namespace blo::fuzz {
namespace {

using identity::Role;

struct World {
  sim::Kit uz;
  sim::Kit tj;
  sim::Kit kg;
  std::vector<crypto::SigningKey> keys;
  std::vector<identity::Fingerprint> officers;
  Bytes image;
  Bytes draft_envelope;
  crypto::Signature draft_signature;
  std::vector<v1::Request> requests;
};

crypto::SigningKey key_of(const std::string& name) {
  return crypto::SigningKey::from_seed(crypto::Key(crypto::sha256(as_bytes(name))));
}

void certify(Side& side, const crypto::SigningKey& key, std::vector<Role> roles) {
  auto request = identity::CertificateRequest::parse(side.kit.officer_request()).value();
  request.keys = {{identity::KeyUse::kOfficer, key.verify_key().bytes()}};
  BLO_CHECK(side.office->certify_officer(request.sign(key), std::move(roles), 365, 0, 0, side.now)
                .has_value());
}

std::string text(ByteView bytes) { return to_string(bytes); }

/// About officers and pairings.
void add_administration(World& world, Side& ours, Side& theirs, Side& third) {
  const auto add = [&]() -> v1::Request& { return world.requests.emplace_back(); };
  const std::string tj = world.tj.id.text();
  const std::string kg = world.kg.id.text();
  add().mutable_status();
  auto& certified = *add().mutable_officer_add();
  auto request = identity::CertificateRequest::parse(world.uz.officer_request()).value();
  const auto key = key_of("a new officer");
  request.keys = {{identity::KeyUse::kOfficer, key.verify_key().bytes()}};
  certified.set_request(text(request.sign(key)));
  certified.add_roles(v1::ROLE_OPERATOR);
  certified.set_valid_days(30);
  add().mutable_officer_list();
  auto& revoked = *add().mutable_officer_revoke();
  revoked.set_person(1);
  revoked.set_reason(v1::REVOCATION_REASON_LEFT);
  add().mutable_officer_forget()->set_person(6);
  auto& invited = *add().mutable_pair_invite();
  invited.set_counterpart("KZ-ALMATY");
  invited.set_legal_basis("an agreement");
  const auto file = third.office->invite({world.uz.id, {}, "an agreement"}, third.now).value();
  add().mutable_pair_accept()->set_file(text(file->ours.bytes));
  BLO_CHECK(
      third.office->accept(ours.office->find(world.kg.id)->ours.bytes, third.now).has_value());
  auto& confirmed = *add().mutable_pair_confirm();
  confirmed.set_counterpart(kg);
  confirmed.set_digits(office::digits(
      **third.office->accept(ours.office->find(world.kg.id)->ours.bytes, third.now)));
  confirmed.set_how("by telephone");
  add().mutable_pair_list();
  add().mutable_pair_show()->set_counterpart(tj);
  auto& frozen = *add().mutable_pair_freeze();
  frozen.set_counterpart(tj);
  frozen.set_reason("a reason");
  auto& ended = *add().mutable_pair_end();
  ended.set_counterpart(tj);
  ended.set_reason("a reason");
  identity::RevocationDetails gone;
  gone.kind = identity::CertificateKind::kOffice;
  gone.network = sim::kNetwork;
  gone.subject = tj;
  gone.statement = 3;
  gone.time = theirs.now.wall;
  gone.issuer = world.tj.authority.fingerprint();
  const auto revocation = identity::Revocation::issue(gone, key_of("TJ authority"));
  add().mutable_pair_revoke()->set_revocation(text(revocation.bytes()));
  auto& moved = *add().mutable_pair_address();
  moved.set_counterpart(tj);
  moved.add_addresses("127.0.0.1:7117");
  add().mutable_pair_rotate()->set_counterpart(tj);
  add().mutable_pair_renew()->set_counterpart(tj);
  add().mutable_pair_again()->set_counterpart(tj);
  add().mutable_office_recover()->set_counterpart(tj);
  add().mutable_backup()->set_recipient(text(ByteView(Bytes(32, 9))));
}

/// About messages, and what is kept of them.
void add_messages(World& world, Side& ours) {
  const auto add = [&]() -> v1::Request& { return world.requests.emplace_back(); };
  const std::string tj = world.tj.id.text();
  const auto newest = [&](office::Box box) {
    return office::list_messages(*ours.office, ours.pair(), box, {}, 9)
        .value()
        .back()
        .number.text();
  };
  const std::string received = newest(office::Box::kReceived);
  const std::string sent = newest(office::Box::kSent);
  for (const auto direction : {v1::DIRECTION_RECEIVED, v1::DIRECTION_SENT}) {
    auto& list = *add().mutable_list();
    list.set_direction(direction);
    list.set_counterpart(tj);
    list.set_receipts(true);
  }
  add().mutable_list()->set_before(received);
  add().mutable_find()->set_index(1);
  auto& find = *add().mutable_find();
  find.set_index(2);
  find.set_counterpart(tj);
  find.set_direction(v1::DIRECTION_RECEIVED);
  add().mutable_show()->set_number(received);
  add().mutable_show()->set_number(sent);
  add().mutable_follow();
  add().mutable_export_()->set_counterpart(tj);
  add().mutable_evidence()->set_number(sent);
  auto& evidence = *add().mutable_evidence();
  evidence.set_number(received);
  evidence.set_disclose(true);
  auto& challenge = *add().mutable_challenge();
  challenge.set_counterpart(tj);
  challenge.set_text("an auditor's text");
  add().mutable_draft_list();
  add().mutable_draft_show()->set_draft("D-1");
  auto& rejected = *add().mutable_draft_reject();
  rejected.set_draft("D-1");
  rejected.set_reason("a reason");
  v1::Record policy;
  BLO_CHECK(parse_wire(
      journal::encode_record(journal::Policy{{{1U, journal::Precedence::kRoutine}}, true}),
      policy));
  auto& set = *add().mutable_policy_set();
  set.set_counterpart(tj);
  set.set_policy(text(encode_wire(policy.policy())));
  add().mutable_policy_show();
  add().mutable_trail();
  add().mutable_trail()->set_message(sent);
  add().mutable_trail_export();
  add().mutable_alarm_list()->set_all(true);
  auto& acknowledged = *add().mutable_alarm_ack();
  acknowledged.set_alarm(1);
  acknowledged.set_sentence("seen");
  add().mutable_retention();
  add().mutable_retention()->set_apply(true);
  for (const bool lift : {false, true}) {
    auto& hold = *add().mutable_hold();
    hold.set_number(lift ? received : sent);
    hold.set_reason("a court asks");
    hold.set_lift(lift);
  }
  add().mutable_hold_list();
  for (auto& request : world.requests) request.set_salt(std::string(32, 's'));
  world.requests.front().set_purpose("a purpose");
  auto& purpose = add();
  purpose.mutable_list()->set_counterpart(tj);
  purpose.set_purpose("a purpose");
  add().mutable_clock_confirm()->set_date(to_rfc3339(ours.now.wall).substr(0, 10));
  add().mutable_erasure_allow()->set_what(tj);
  add().mutable_erasure_allow()->set_what(received);
}

void add_people(World& world, Side& ours) {
  using enum Role;
  world.keys.push_back(key_of(world.uz.id.text() + " officer"));
  world.keys.push_back(releaser_key(world.uz));
  const std::vector<std::vector<Role>> others = {
      {kSecurityOfficer}, {kAdministrator}, {kAuditor}, {kOperator}};
  for (const auto& roles : others) {
    world.keys.push_back(key_of("officer " + std::to_string(world.keys.size())));
    certify(ours, world.keys.back(), roles);
  }
  BLO_CHECK(ours.office->revoke_officer(kOfficers, identity::RevocationReason::kLeft, ours.now)
                .has_value());
  for (const auto& officer : ours.office->officers().all())
    world.officers.push_back(officer.certificate.fingerprint());
  BLO_CHECK(world.keys.size() == kOfficers && world.officers.size() == kOfficers);
}

World make_world() {
  BLO_CHECK(crypto::initialise());
  // The daemon reads the machine's clocks, and this was an hour ago.
  Now now = read_clocks();
  now.wall -= std::chrono::hours(1);
  World world{sim::Kit("UZ-OYBEK", now.wall),
              sim::Kit("TJ-FOTEHOBOD", now.wall),
              sim::Kit("KG-DOSTUK", now.wall),
              {},
              {},
              {},
              {},
              {},
              {}};
  Side ours(world.uz, {}, now);
  Side theirs(world.tj, {}, now);
  Side third(world.kg, {}, now);
  pair_offices(ours, theirs);
  add_people(world, ours);
  for (int i = 0; i < 3; ++i) {
    BLO_CHECK(ours.say(alert("from UZ")) && theirs.say(alert("from TJ")));
    connect(ours, theirs);
    settle(ours, theirs);
  }
  const journal::Policy policy{{{1U, journal::Precedence::kFlash}}, false};
  BLO_CHECK(office::set_policy(*ours.office, ours.pair(), policy, 0, ours.now).has_value());
  BLO_CHECK(ours.say(alert("for two"), 1, journal::Precedence::kFlash));
  const auto draft = ours.office->drafts().show(1).value();
  world.draft_envelope = draft.row.envelope;
  world.draft_signature = draft.row.signature;
  BLO_CHECK(ours.office->invite({world.kg.id, {}, "an agreement"}, ours.now).has_value());
  BLO_CHECK(ours.office->trail().enter(office::TrailEntry(), ours.now).has_value());
  const auto received =
      office::list_messages(*ours.office, ours.pair(), office::Box::kReceived, {}, 9).value();
  BLO_CHECK(
      office::place_hold(*ours.office, received.back().number, "a court", 3, ours.now).has_value());
  add_administration(world, ours, theirs, third);
  add_messages(world, ours);
  ours.hang_up();
  theirs.hang_up();
  world.image = ours.image();
  return world;
}

const World& world() {
  static const World made = make_world();
  return made;
}

Bytes told(const google::protobuf::Message& truth, std::size_t lie) {
  if (lie == 0) return encode_wire(truth);
  const auto lies = sim::lies_of(truth);
  return lies.empty() ? encode_wire(truth) : encode_wire(*lies[(lie - 1) % lies.size()].told);
}

}  // namespace

const crypto::SigningKey& officer_key(std::size_t officer) {
  return world().keys[officer % kOfficers];
}

const identity::Fingerprint& officer_fingerprint(std::size_t officer) {
  return world().officers[officer % kOfficers];
}

const sim::Kit& office_kit() { return world().uz; }

Bytes office_image() { return world().image; }

Bytes good_request(std::size_t which, std::size_t lie) {
  return told(world().requests[which % world().requests.size()], lie);
}

Bytes send_request(std::size_t officer, std::uint32_t kind, unsigned precedence, std::size_t lie,
                   Bytes content) {
  if (content.empty()) content = alert("over the socket");
  journal::Envelope envelope{sim::kNetwork,
                             {},
                             world().uz.id,
                             world().tj.id,
                             officer_fingerprint(officer),
                             kind,
                             static_cast<journal::Precedence>(1 + precedence % 4),
                             read_clocks().wall,
                             {},
                             seal::commit_to_content(salt_of(content), content),
                             seal::padded_bytes(content.size()),
                             {},
                             {},
                             {}};
  std::copy_n(crypto::sha256(content).begin(), envelope.message_id.size(),
              envelope.message_id.begin());
  Bytes time;
  append_be(time, to_unix_ms(envelope.created));
  std::copy_n(time.begin() + 2, 6, envelope.message_id.begin());
  v1::Envelope truth;
  BLO_CHECK(parse_wire(envelope.encode(), truth));
  const Bytes signed_envelope = told(truth, lie);
  v1::Request request;
  auto& message = *request.mutable_send()->add_messages();
  message.set_envelope(text(signed_envelope));
  message.set_signature(
      text(crypto::sign(crypto::Purpose::kEnvelope, officer_key(officer), {signed_envelope})));
  message.set_content(text(content));
  message.set_salt(text(salt_of(content)));
  return encode_wire(request);
}

Bytes release_request(std::size_t officer, std::uint64_t draft) {
  v1::Request request;
  auto& release = *request.mutable_draft_release();
  release.set_draft("D-" + std::to_string(draft));
  release.set_signature(text(crypto::sign(crypto::Purpose::kRelease, officer_key(officer),
                                          {world().draft_envelope, world().draft_signature})));
  return encode_wire(request);
}

}  // namespace blo::fuzz
