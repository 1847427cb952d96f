#include "daemon/requests.h"

#include "base/diag.h"
#include "base/limits.h"
#include "base/version.h"
#include "base/wire.h"
#include "blo/v1/control.pb.h"
#include "daemon/failure.h"
#include "daemon/handler.h"
#include "daemon/page.h"
#include "daemon/permissions.h"
#include "daemon/views.h"
#include "office/clock_doubt.h"
#include "office/known_time.h"
#include "office/message_list.h"
#include "office/watching.h"

namespace blo::daemon {
namespace {

/// A request that is kept whole in the trail is at most this long; of a longer one its hash.
constexpr std::size_t kRequestKeptBytesMax = 4'096;
constexpr milliseconds kUnknownRepeatedAfter{60 * 60 * 1000};

Bytes to_owned(const std::string& text) { return to_bytes(std::string_view(text)); }

/// Whom a refused request would have sent to.
std::string addressee(const v1::SendRequest& request) {
  if (request.messages().empty()) return "";
  const auto envelope = journal::Envelope::parse(as_bytes(request.messages(0).envelope()));
  return envelope ? envelope->to.text() : "";
}

/// What a request is about, in a word that tells nothing of any content.
std::string subject_of(const v1::Request& request) {
  switch (request.what_case()) {
    case v1::Request::kSend: return addressee(request.send());
    case v1::Request::kTrySend: return addressee(request.try_send());
    case v1::Request::kList: return request.list().counterpart();
    case v1::Request::kFind: return std::to_string(request.find().index());
    case v1::Request::kShow: return request.show().number();
    case v1::Request::kExport: return request.export_().counterpart();
    case v1::Request::kChallenge: return request.challenge().counterpart();
    case v1::Request::kEvidence: return request.evidence().number();
    case v1::Request::kOfficerAdd:
      return request.officer_add().person() == 0
                 ? "a new officer"
                 : "officer " + std::to_string(request.officer_add().person());
    case v1::Request::kOfficerRevoke:
      return "officer " + std::to_string(request.officer_revoke().person());
    case v1::Request::kOfficerForget:
      return "officer " + std::to_string(request.officer_forget().person());
    case v1::Request::kPairInvite: return request.pair_invite().counterpart();
    case v1::Request::kPairAccept: {
      const auto file = identity::PairingFile::reread(as_bytes(request.pair_accept().file()));
      return file ? file->from.text() : "";
    }
    case v1::Request::kPairRevoke: {
      const auto revocation =
          identity::Revocation::parse(as_bytes(request.pair_revoke().revocation()));
      return revocation ? revocation->details().subject : "";
    }
    case v1::Request::kPairAgain: return request.pair_again().counterpart();
    case v1::Request::kPairConfirm: return request.pair_confirm().counterpart();
    case v1::Request::kPairAddress: return request.pair_address().counterpart();
    case v1::Request::kPairShow: return request.pair_show().counterpart();
    case v1::Request::kPairFreeze: return request.pair_freeze().counterpart();
    case v1::Request::kPairEnd: return request.pair_end().counterpart();
    case v1::Request::kPairRotate: return request.pair_rotate().counterpart();
    case v1::Request::kPairRenew: return request.pair_renew().counterpart();
    case v1::Request::kOfficeRecover: return request.office_recover().counterpart();
    case v1::Request::kHold: return request.hold().number();
    case v1::Request::kClockConfirm: return request.clock_confirm().date();
    case v1::Request::kErasureAllow: return request.erasure_allow().what();
    case v1::Request::kDraftShow: return request.draft_show().draft();
    case v1::Request::kDraftRelease: return request.draft_release().draft();
    case v1::Request::kDraftReject: return request.draft_reject().draft();
    case v1::Request::kPolicySet: return request.policy_set().counterpart();
    case v1::Request::kPolicyShow: return request.policy_show().counterpart();
    case v1::Request::kTrail:
      return request.trail().person() == 0 ? request.trail().message()
                                           : "officer " + std::to_string(request.trail().person());
    case v1::Request::kAlarmAck: return "alarm " + std::to_string(request.alarm_ack().alarm());
    default: return "";
  }
}

/// Printable ASCII of at most 100 characters, whatever a client wrote.
std::string plain(std::string text) {
  text.resize(std::min<std::size_t>(text.size(), 100));
  for (char& c : text) c = c >= ' ' && c <= '~' ? c : '?';
  return text;
}

/// Evidence without the content shows no more than a list does.
OnFullDisk on_full_disk(const Permission& permission, const v1::Request& request) {
  const bool envelope_alone = request.has_evidence() && !request.evidence().disclose();
  return envelope_alone ? OnFullDisk::kCounted : permission.full_disk;
}

}  // namespace

office::TrailEntry Question::act(std::uint32_t what, std::string subject, bool refused) const {
  office::TrailEntry entry;
  entry.officer = asker.officer;
  entry.act.officer = officer;
  entry.act.signature = signature;
  entry.act.nonce = nonce;
  entry.act.sequence = sequence;
  entry.act.request_hash = crypto::sha256(request);
  entry.act.request = what;
  entry.act.subject = plain(std::move(subject));
  entry.act.refused = refused;
  entry.act.user = user;
  return entry;
}

Answer Requests::answer(const Question& question, Now now) {
  v1::Request request;
  const Permission* permission = nullptr;
  if (parse_wire(question.request, request)) {
    permission = permission_of(static_cast<std::uint32_t>(request.what_case()));
  }
  if (permission == nullptr || request.purpose().size() > limits::kSentenceBytesMax)
    return failure_response(Error(office::OfficeError::kMalformed, "the request"));
  const bool allowed = permission->allows(question.asker) &&
                       !(question.asker.only_monitors() && asks_more_than_a_monitor(request));
  // What is sent enters the trail with the message itself.
  const bool with_effect = allowed && permission->entered_with_effect;
  auto act = question.act(permission->what, subject_of(request), !allowed);
  // A name must be erasable, and a certification holds one: its hash is enough.
  const bool holds_a_name = request.has_officer_add();
  if (question.request.size() <= kRequestKeptBytesMax && !permission->entered_with_effect &&
      !holds_a_name) {
    act.request = question.request;
  }
  if (!allowed && question.asker.officer == nullptr) {
    enter_outsider(question, act, now);
    return unauthorised_response(permission->sentence());
  }
  if (const auto valid = check_validity(*permission, request, question.asker, office_);
      allowed && !valid) {
    enter_outsider(question, question.act(permission->what, subject_of(request), true), now);
    return failure_response(valid.error());
  }
  if (allowed && request.has_pair_again()) {
    const auto begun =
        office_.begin_trail_after_loss(as_bytes(request.pair_again().their_file()), now);
    if (!begun) return failure_response(begun.error());
  }
  std::optional<std::uint64_t> index;
  if (permission->recorded && !with_effect) {
    const auto entered = enter(question, act, on_full_disk(*permission, request), now);
    if (!entered) return failure_response(entered.error());
    index = *entered;
  }
  if (!allowed) return unauthorised_response(permission->sentence());
  Handler handler(office_, node_, question, now);
  Answer answer = handler.handle(request);
  const auto* failed = std::get_if<Failed>(&answer);
  if (with_effect && !handler.entered()) {
    const auto entered = office_.trail().enter(act, now);
    if (entered) index = *entered;
  }
  if (index && failed != nullptr) {
    note_failure(question, {*index, failed->exit_code}, now);
  }
  return answer;
}

Result<std::optional<std::uint64_t>> Requests::enter(const Question& question,
                                                     office::TrailEntry act,
                                                     OnFullDisk on_full_disk, Now now) {
  const bool only_reads = journal::needs_of(act.act.request) == journal::ActNeeds::kReading;
  const auto entered = office_.trail().enter(act, now);
  if (entered) {
    node_.note_store_success();
    return std::optional(*entered);
  }
  // Before the office's certificate begins it can still be read.
  if (entered.error() == office::OfficeError::kNoValidTime && only_reads)
    return std::optional<std::uint64_t>();
  node_.note_store_failure(entered.error());
  const bool reads = on_full_disk != OnFullDisk::kRefused;
  if (!store::reads_go_on(entered.error()) || !reads) return entered.error();
  return enter_on_full_disk(question, std::move(act), on_full_disk, now);
}

/// What only reads goes on, for the officer at the barrier: out of the reserve, and beyond it
/// counted.
Result<std::optional<std::uint64_t>> Requests::enter_on_full_disk(const Question& question,
                                                                  office::TrailEntry act,
                                                                  OnFullDisk on_full_disk,
                                                                  Now now) {
  if (question.asker.officer == nullptr) return Error(office::OfficeError::kUnentered);
  const std::uint64_t person = question.asker.officer->person;
  if (act.request.size() > office::kReserveRequestBytesMax) act.request.clear();
  if (office_.full_disk().take(person)) {
    const auto entered = office_.trail().enter(act, now, store::Space::kReserve);
    if (entered) return std::optional(*entered);
    node_.note_store_failure(entered.error());
    if (!store::reads_go_on(entered.error())) return entered.error();
  }
  if (on_full_disk == OnFullDisk::kReserve) return Error(office::OfficeError::kUnentered);
  if (act.act.refused) return std::optional<std::uint64_t>();  // nothing is shown
  office_.full_disk().count(person, now.wall);
  node_.tell_of_store("the audit trail has no room: officer " + std::to_string(person) +
                      " reads, which is counted and not entered");
  return std::optional<std::uint64_t>();
}

/// Beside an act out of the reserve it costs one more of it.
void Requests::note_failure(const Question& question, const journal::ActFailed& failed, Now now) {
  auto noted = office_.trail().enter(failed, now);
  if (noted) return;
  const bool from_reserve = store::reads_go_on(noted.error()) &&
                            question.asker.officer != nullptr &&
                            office_.full_disk().take(question.asker.officer->person);
  if (from_reserve) noted = office_.trail().enter(failed, now, store::Space::kReserve);
  if (!noted) node_.note_store_failure(noted.error());
}

void Requests::enter_unknown(const Question& question, Now now) {
  const char* subject =
      question.officer ? "an officer not in force" : "a signature that does not hold";
  enter_outsider(question, question.act(0, subject, true), now);
}

/// Whoever reaches the socket without an officer's key must not fill the trail.
void Requests::enter_outsider(const Question& question, const office::TrailEntry& act, Now now) {
  const auto last = unknown_.find(question.user);
  if (last != unknown_.end() && now.steady - last->second < kUnknownRepeatedAfter) return;
  const auto entered = office_.trail().enter(act, now);
  if (!entered) return node_.note_store_failure(entered.error());
  unknown_[question.user] = now.steady;
}

Answer Handler::handle(const v1::Request& request) {
  if (const auto stated = check_purpose(request); !stated) return fail(stated.error());
  switch (request.what_case()) {
    case v1::Request::kStatus: return status();
    case v1::Request::kSend: return send(request.send());
    case v1::Request::kTrySend: return try_send(request.try_send());
    case v1::Request::kList: return list(request.list());
    case v1::Request::kFind: return find(request.find());
    case v1::Request::kShow: return show(request.show());
    case v1::Request::kFollow: return StartFollowing{states_purpose(request)};
    case v1::Request::kExport: return start_export(request.export_());
    case v1::Request::kChallenge: return challenge(request.challenge());
    case v1::Request::kEvidence: return start_evidence(request.evidence());
    case v1::Request::kOfficerAdd: return officer_add(request.officer_add());
    case v1::Request::kOfficerRevoke: return officer_revoke(request.officer_revoke());
    case v1::Request::kOfficerForget: return officer_forget(request.officer_forget());
    case v1::Request::kPairRevoke: return pair_revoke(request.pair_revoke());
    case v1::Request::kOfficerList: return officer_list(request.officer_list());
    case v1::Request::kPairInvite: return pair_invite(request.pair_invite());
    case v1::Request::kPairAgain: return pair_again(request.pair_again());
    case v1::Request::kPairAccept: return pair_accept(request.pair_accept());
    case v1::Request::kPairConfirm: return pair_confirm(request.pair_confirm());
    case v1::Request::kPairList: return pair_list(request.pair_list());
    case v1::Request::kTrail: return trail(request.trail());
    case v1::Request::kTrailExport: return StartExport{nullptr};
    case v1::Request::kPairShow: return pair_show(request.pair_show());
    case v1::Request::kPairFreeze: return pair_freeze(request.pair_freeze());
    case v1::Request::kPairEnd: return pair_end(request.pair_end());
    case v1::Request::kPairAddress: return pair_address(request.pair_address());
    case v1::Request::kPairRotate: return pair_rotate(request.pair_rotate());
    case v1::Request::kPairRenew: return pair_renew(request.pair_renew());
    case v1::Request::kOfficeRecover: return office_recover(request.office_recover());
    case v1::Request::kBackup: return start_backup(request.backup());
    case v1::Request::kAlarmList: return alarm_list(request.alarm_list());
    case v1::Request::kAlarmAck: return alarm_ack(request.alarm_ack());
    case v1::Request::kRetention: return retention(request.retention());
    case v1::Request::kHold: return hold(request.hold());
    case v1::Request::kHoldList: return hold_list(request.hold_list());
    case v1::Request::kClockConfirm: return clock_confirm(request.clock_confirm());
    case v1::Request::kErasureAllow: return erasure_allow(request.erasure_allow());
    case v1::Request::kDraftList: return draft_list(request.draft_list());
    case v1::Request::kDraftShow: return draft_show(request.draft_show());
    case v1::Request::kDraftRelease: return draft_release(request.draft_release());
    case v1::Request::kDraftReject: return draft_reject(request.draft_reject());
    case v1::Request::kPolicySet: return policy_set(request.policy_set());
    case v1::Request::kPolicyShow: return policy_show(request.policy_show());
    default: break;
  }
  return fail(Error(office::OfficeError::kMalformed, "the request"));
}

Answer Handler::status() {
  v1::Response response;
  auto& out = *response.mutable_status();
  out.set_office(office_.keys().id.text());
  out.set_network(static_cast<v1::Network>(office_.keys().network));
  out.set_version(std::string(version()));
  out.set_started_ms(to_unix_ms(node_.started()));
  // Past the end for certain, it is no fault of the clock.
  const bool over =
      office_.keys().certificate.details().not_after < office::newest_date_kept(office_);
  const std::string doubt = over ? "" : office::clock_doubt(office_.keys(), now_.wall);
  out.set_clock_ms(to_unix_ms(now_.wall));
  out.set_clock_doubt(doubt);
  out.set_degraded(!node_.degraded_why().empty() || !doubt.empty());
  out.set_degraded_why(node_.degraded_why());
  PageAnswer pairs(Page<OfficeId>().rows(), *out.mutable_pairs());
  for (const auto& pair : office_.pairs()) {
    v1::PairStatus row;
    add_pair(*pair, row);
    if (!pairs.add(std::move(row), pair->counterpart().text())) break;
  }
  out.set_pairs_next(pairs.next());
  for (const auto& address : node_.listening()) out.add_listening(address);
  for (const auto& each : node_.not_listening()) {
    auto& row = *out.add_not_listening();
    row.set_address(each.address);
    row.set_why(each.why);
  }
  out.set_officers(office_.officers().all().size());
  out.set_strangers(node_.strangers());
  const auto backup = office::newest_backup(office_);
  if (!backup) return fail(backup.error());
  if (*backup) out.set_backup_ms(to_unix_ms(**backup));
  if (const auto written = write_open_alarms(out); !written) return fail(written.error());
  out.set_pairs_frozen(
      static_cast<std::uint64_t>(std::ranges::count_if(office_.pairs(), [](const auto& pair) {
        return pair->row.state == store::PairingState::kFrozen;
      })));
  if (const auto drafts = office_.drafts().waiting()) out.set_drafts(*drafts);
  const auto unopened = office::count_unopened(office_);
  if (!unopened) return fail(unopened.error());
  write_unopened(*unopened, *out.mutable_unopened());
  out.set_memory_unlocked_why(node_.memory_unlocked_why());
  const auto scrubbed = office_.store().scrubbed();
  if (!scrubbed) return fail(scrubbed.error());
  write_scrub(*scrubbed, office_.scrubbing(), *out.mutable_scrub());
  const WallTime end = office_.keys().certificate.details().not_after;
  out.set_certificate_until_s(to_unix_s(end));
  out.set_certificate_over(end < office::asked_now(office_, now_).time);
  if (question_.asker.validity == journal::Validity::kOwnOver) {
    out.set_reads_until_s(to_unix_s(question_.asker.officer->certificate.details().not_after +
                                    journal::kReadsAfterEnd));
  }
  write_clock(*out.mutable_clock());
  return last(std::move(response));
}

Bytes Handler::last(v1::Response response) {
  response.set_last(true);
  return encode_wire(response);
}

Answer Handler::fail(const Error& error) {
  v1::Response response;
  write_failure(error, *response.mutable_failure());
  const auto exit_code = static_cast<std::uint32_t>(response.failure().exit_code());
  return Failed{last(std::move(response)), exit_code};
}

std::uint64_t Handler::person() const {
  return question_.asker.officer == nullptr ? 0 : question_.asker.officer->person;
}

std::string Handler::name_of(std::uint64_t person) const {
  const auto* officer = office_.officers().newest(person);
  return officer == nullptr ? std::string() : officer->name.name;
}

Signer find_signer(office::Office& office, ByteView signed_bytes,
                   const identity::Fingerprint& fingerprint, const crypto::Signature& signature,
                   Now now) {
  const auto* officer = office.officers().find(fingerprint);
  if (officer == nullptr) return {};
  const auto key = officer->certificate.details().verify_key(identity::KeyUse::kOfficer);
  if (!key || !crypto::verify(crypto::Purpose::kControlRequest, *key, {signed_bytes}, signature))
    return {};
  // By the stamp that the request's entry will bear, as an auditor judges it.
  const auto at = office::asked_now(office, now);
  return {officer, office.officers().state(*officer, at.time),
          office.officers().validity(*officer, at)};
}

Bytes failure_response(const Error& error) {
  v1::Response response;
  write_failure(error, *response.mutable_failure());
  response.set_last(true);
  return encode_wire(response);
}

Bytes unauthorised_response(const std::string& sentence) {
  v1::Response response;
  auto& failure = *response.mutable_failure();
  failure.set_exit_code(v1::EXIT_CODE_NOT_AUTHORISED);
  failure.set_reason("not-authorised");
  failure.set_sentence(sentence);
  failure.set_next_step("Use --as with an officer who has the role; blo officer list shows them.");
  response.set_last(true);
  return encode_wire(response);
}

Bytes following_event(const office::Office& office) {
  v1::Response response;
  auto& following = *response.mutable_event()->mutable_following();
  for (const auto& number : office::newest_received(office)) following.add_newest(number.text());
  return encode_wire(response);
}

Bytes arrived_event(const office::MessageView& message, WallTime now) {
  v1::Response response;
  write_summary(message, now, *response.mutable_event()->mutable_arrived());
  return encode_wire(response);
}

Bytes receipted_event(const office::ReceiptedHead& head) {
  v1::Response response;
  write_receipt(head, *response.mutable_event()->mutable_receipted());
  return encode_wire(response);
}

Bytes export_file_response(const std::string& path, ByteView contents) {
  v1::Response response;
  response.mutable_export_file()->set_path(path);
  response.mutable_export_file()->set_contents(to_string(contents));
  return encode_wire(response);
}

Bytes export_done_response(const office::ExportJob& job) {
  v1::Response response;
  auto& done = *response.mutable_export_done();
  for (const auto& folder : job.folders()) done.add_folders(folder);
  for (const auto& note : job.notes()) done.add_notes(note);
  response.set_last(true);
  return encode_wire(response);
}

Bytes evidence_response(const office::EvidenceJob& job) {
  v1::Response response;
  response.mutable_evidence()->set_file(to_string(job.encode()));
  response.set_last(true);
  return encode_wire(response);
}

Bytes greeting(const office::OfficeKeys& keys, ByteView nonce) {
  v1::Greeting greeting;
  greeting.set_version(1);
  greeting.set_office(keys.id.text());
  greeting.set_network(static_cast<v1::Network>(keys.network));
  greeting.set_nonce(to_string(nonce));
  return encode_wire(greeting);
}

std::optional<SignedParts> parse_signed_request(ByteView bytes) {
  v1::SignedRequest in;
  if (!parse_wire(bytes, in)) return std::nullopt;
  return SignedParts{to_owned(in.request()), to_owned(in.officer()), to_owned(in.signature())};
}

}  // namespace blo::daemon
