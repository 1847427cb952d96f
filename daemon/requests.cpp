#include "daemon/requests.h"

#include "base/limits.h"
#include "base/wire.h"
#include "blo/v1/control.pb.h"
#include "control/framing.h"
#include "daemon/failure.h"
#include "daemon/views.h"
#include "message/message.h"

namespace blo::daemon {
namespace {

using identity::Role;

Bytes last(v1::Response response) {
  response.set_last(true);
  return encode_wire(response);
}

Bytes to_owned(const std::string& text) { return to_bytes(std::string_view(text)); }

bool has_role(const Asker& asker, std::initializer_list<Role> roles) {
  if (asker.officer == nullptr) return false;
  const auto& details = asker.officer->certificate.details();
  return std::ranges::any_of(roles, [&](Role role) { return details.has_role(role); });
}

/// Who signs is judged by the roles alone, whatever Unix user they share.
bool may_administer(const Asker& asker) {
  if (asker.officer == nullptr) return asker.owns_daemon;
  return has_role(asker, {Role::kAdministrator, Role::kSecurityOfficer});
}

/// Everything a request may need, and one function for each.
class Handler {
 public:
  Handler(office::Office& office, Node& node, const Asker& asker, Now now)
      : office_(office), node_(node), asker_(asker), now_(now) {}

  Answer handle(const v1::Request& request) {
    switch (request.what_case()) {
      case v1::Request::kStatus: return status();
      case v1::Request::kSend: return send(request.send());
      case v1::Request::kList: return list(request.list());
      case v1::Request::kShow: return show(request.show());
      case v1::Request::kFollow: return asker_.officer ? Answer(StartFollowing()) : needs_officer();
      case v1::Request::kExport: return start_export(request.export_());
      case v1::Request::kOfficerAdd: return officer_add(request.officer_add());
      case v1::Request::kOfficerList: return officer_list();
      case v1::Request::kPairInvite: return pair_invite(request.pair_invite());
      case v1::Request::kPairAccept: return pair_accept(request.pair_accept());
      case v1::Request::kPairConfirm: return pair_confirm(request.pair_confirm());
      case v1::Request::kPairList: return pair_list();
      case v1::Request::WHAT_NOT_SET: break;
    }
    return failure_response(Error(office::OfficeError::kMalformed, "the request"));
  }

 private:
  Answer needs_officer() {
    return unauthorised_response("This needs an officer of the office, and the request has none.");
  }
  Answer needs_administrator() {
    return unauthorised_response(
        "Only an administrator, a security officer or the user blod runs as may do this.");
  }

  Result<office::Pair*> find_pair(const std::string& counterpart) {
    const auto id = OfficeId::parse(counterpart);
    office::Pair* pair = id ? office_.find(*id) : nullptr;
    if (pair == nullptr) return Error(office::OfficeError::kUnknownCounterpart, counterpart);
    return pair;
  }

  void add_pair(const office::Pair& pair, v1::PairStatus& out) {
    write_pair(pair, node_.syncing(pair), node_.last_failure(pair), out);
    const auto counters = node_.counters(pair);
    out.set_session_bytes_in(counters.bytes_in);
    out.set_session_bytes_out(counters.bytes_out);
  }

  Answer status() {
    if (asker_.officer == nullptr && !asker_.owns_daemon) return needs_officer();
    v1::Response response;
    auto& out = *response.mutable_status();
    out.set_office(office_.keys().id.text());
    out.set_network(static_cast<v1::Network>(office_.keys().network));
    out.set_version(BLO_VERSION);
    out.set_started_ms(to_unix_ms(node_.started()));
    out.set_degraded(!node_.degraded_why().empty());
    out.set_degraded_why(node_.degraded_why());
    for (const auto& pair : office_.pairs()) add_pair(*pair, *out.add_pairs());
    for (const auto& address : node_.listening()) out.add_listening(address);
    out.set_officers(office_.officers().size());
    out.set_strangers(node_.strangers());
    return last(std::move(response));
  }

  Answer send(const v1::SendRequest& in) {
    if (!has_role(asker_, {Role::kOperator}))
      return unauthorised_response("Sending needs an officer with the role operator.");
    if (in.messages().empty() ||
        static_cast<std::size_t>(in.messages_size()) > limits::kControlMessagesMax) {
      return failure_response(Error(office::OfficeError::kMalformed, "messages"));
    }
    // All messages of one request go to one counterpart; each stands alone.
    std::vector<office::Submission> submissions;
    office::Pair* pair = nullptr;
    for (const auto& message : in.messages()) {
      office::Submission submission{to_owned(message.envelope()),
                                    {},
                                    to_owned(message.content()),
                                    {},
                                    to_owned(message.import_key())};
      const auto envelope = journal::Envelope::parse(submission.envelope);
      if (!envelope || !copy_exact(as_bytes(message.signature()), submission.signature) ||
          !copy_exact(as_bytes(message.salt()), submission.salt) ||
          (!submission.import_key.empty() && submission.import_key.size() != 32)) {
        return failure_response(Error(office::OfficeError::kMalformed, "message"));
      }
      const auto to = find_pair(envelope->to.text());
      if (!to) return failure_response(to.error());
      if (pair != nullptr && pair != *to)
        return failure_response(Error(office::OfficeError::kMalformed, "two counterparts"));
      pair = *to;
      submissions.push_back(std::move(submission));
    }
    const auto outcomes = office_.outgoing().accept(
        *pair, asker_.officer->certificate.fingerprint(), submissions, now_);
    const bool connected = node_.syncing(*pair);
    v1::Response response;
    for (const auto& outcome : outcomes) {
      auto& out = *response.mutable_send()->add_outcomes();
      if (outcome) {
        node_.note_store_success();
        write_accepted(*outcome, *pair, connected, *out.mutable_accepted());
      } else {
        if (is_store_failure(outcome.error())) node_.note_store_failure(outcome.error());
        write_failure(outcome.error(), *out.mutable_failure());
      }
    }
    node_.pump(*pair);
    return last(std::move(response));
  }

  Answer list(const v1::ListRequest& in) {
    if (asker_.officer == nullptr) return needs_officer();
    const std::size_t limit = in.limit() == 0 ? 50 : std::min<std::size_t>(in.limit(), 1000);
    const auto box =
        in.direction() == v1::DIRECTION_SENT ? office::Box::kSent : office::Box::kReceived;
    std::uint64_t before = UINT64_MAX;
    if (!in.before().empty()) {
      const auto number = MessageNumber::parse(in.before());
      if (!number) return failure_response(Error(office::OfficeError::kMalformed, in.before()));
      before = number->index;
    }
    std::vector<office::MessageView> found;
    for (const auto& pair : office_.pairs()) {
      if (!in.counterpart().empty() && pair->counterpart().text() != in.counterpart()) continue;
      auto views = office::list_messages(office_, *pair, box, before, limit);
      if (!views) return failure_response(views.error());
      std::ranges::move(*views, std::back_inserter(found));
    }
    if (!in.counterpart().empty()) {
      if (const auto pair = find_pair(in.counterpart()); !pair)
        return failure_response(pair.error());
    }
    std::ranges::stable_sort(
        found, [](const auto& a, const auto& b) { return a.stamp.time > b.stamp.time; });
    if (found.size() > limit)
      found.erase(found.begin() + static_cast<std::ptrdiff_t>(limit), found.end());
    v1::Response response;
    response.mutable_list();
    for (const auto& view : found) write_summary(view, *response.mutable_list()->add_messages());
    return last(std::move(response));
  }

  Answer show(const v1::ShowRequest& in) {
    if (asker_.officer == nullptr) return needs_officer();
    const auto number = MessageNumber::parse(in.number());
    if (!number)
      return failure_response(
          Error(office::OfficeError::kMalformed, "number '" + in.number() + "'"));
    const auto view = office::show_message(office_, *number);
    if (!view) return failure_response(view.error());
    v1::Response response;
    write_message(*view, *response.mutable_show());
    return last(std::move(response));
  }

  Answer start_export(const v1::ExportRequest& in) {
    if (asker_.officer == nullptr) return needs_officer();
    const auto pair = find_pair(in.counterpart());
    if (!pair) return failure_response(pair.error());
    return StartExport{*pair};
  }

  Answer officer_add(const v1::OfficerAddRequest& in) {
    if (!may_administer(asker_)) return needs_administrator();
    std::vector<Role> roles;
    for (const int role : in.roles()) {
      if (role < v1::ROLE_OPERATOR || role > v1::ROLE_ADMINISTRATOR) {
        return failure_response(Error(office::OfficeError::kMalformed, "role"));
      }
      roles.push_back(static_cast<Role>(role));
    }
    const auto officer =
        office_.add_officer(as_bytes(in.request()), std::move(roles), in.valid_days(), now_);
    if (!officer) return failure_response(officer.error());
    v1::Response response;
    auto& out = *response.mutable_officer_add();
    out.set_certificate(to_string(ByteView((*officer)->certificate.bytes())));
    out.set_fingerprint(to_string(ByteView((*officer)->certificate.fingerprint())));
    out.set_person((*officer)->person);
    return last(std::move(response));
  }

  Answer officer_list() {
    if (!may_administer(asker_) && asker_.officer == nullptr) return needs_officer();
    v1::Response response;
    response.mutable_officer_list();
    for (const auto& officer : office_.officers()) {
      write_officer(officer, *response.mutable_officer_list()->add_officers());
    }
    return last(std::move(response));
  }

  Answer pair_invite(const v1::PairInviteRequest& in) {
    if (!may_administer(asker_)) return needs_administrator();
    const auto counterpart = OfficeId::parse(in.counterpart());
    if (!counterpart)
      return failure_response(
          Error(office::OfficeError::kMalformed, "office '" + in.counterpart() + "'"));
    std::vector<std::string> addresses(in.addresses().begin(), in.addresses().end());
    const bool addresses_ok =
        addresses.size() <= 8 && std::ranges::all_of(addresses, identity::is_address);
    if (!addresses_ok)
      return failure_response(Error(office::OfficeError::kMalformed, "an address (HOST:PORT)"));
    const auto pair = office_.invite(*counterpart, std::move(addresses), now_);
    if (!pair) return failure_response(pair.error());
    v1::Response response;
    response.mutable_pair_invite()->set_file(to_string(ByteView((*pair)->ours.bytes)));
    return last(std::move(response));
  }

  Answer pair_accept(const v1::PairAcceptRequest& in) {
    if (!may_administer(asker_)) return needs_administrator();
    const auto pair = office_.accept(as_bytes(in.file()), now_);
    if (!pair) return failure_response(pair.error());
    const auto& theirs = *(*pair)->theirs;
    v1::Response response;
    auto& out = *response.mutable_pair_accept();
    out.set_counterpart((*pair)->counterpart().text());
    out.set_digits(office::digits(**pair));
    out.set_authority_fingerprint(to_string(ByteView(theirs.authority.fingerprint())));
    out.set_office_fingerprint(to_string(ByteView(theirs.office.fingerprint())));
    for (const auto& address : theirs.addresses) out.add_addresses(address);
    return last(std::move(response));
  }

  Answer pair_confirm(const v1::PairConfirmRequest& in) {
    if (!may_administer(asker_)) return needs_administrator();
    const auto found = find_pair(in.counterpart());
    if (!found) return failure_response(found.error());
    const auto pair = office_.confirm((*found)->counterpart(), in.digits(), now_);
    if (!pair) return failure_response(pair.error());
    node_.dial_soon(**pair);
    v1::Response response;
    response.mutable_pair_confirm();
    return last(std::move(response));
  }

  Answer pair_list() {
    if (!may_administer(asker_) && asker_.officer == nullptr) return needs_officer();
    v1::Response response;
    response.mutable_pair_list();
    for (const auto& pair : office_.pairs()) {
      add_pair(*pair, *response.mutable_pair_list()->add_pairs());
    }
    return last(std::move(response));
  }

  office::Office& office_;
  Node& node_;
  const Asker& asker_;
  Now now_;
};

}  // namespace

Answer Requests::answer(const Asker& asker, ByteView bytes, Now now) {
  v1::Request request;
  if (!parse_wire(bytes, request))
    return failure_response(Error(office::OfficeError::kMalformed, "the request"));
  return Handler(office_, node_, asker, now).handle(request);
}

const store::OfficerRow* find_signer(const office::Office& office, ByteView signed_bytes,
                                     ByteView fingerprint, ByteView signature_bytes, WallTime now) {
  identity::Fingerprint id;
  crypto::Signature signature;
  if (!copy_exact(fingerprint, id) || !copy_exact(signature_bytes, signature)) return nullptr;
  const auto* officer = office.officer(id);
  if (officer == nullptr || !officer->certificate.details().valid_at(now)) return nullptr;
  const auto key = officer->certificate.details().verify_key(identity::KeyUse::kOfficer);
  if (!key || !crypto::verify(crypto::Purpose::kControlRequest, *key, {signed_bytes}, signature))
    return nullptr;
  return officer;
}

Bytes failure_response(const Error& error) {
  v1::Response response;
  write_failure(error, *response.mutable_failure());
  return last(std::move(response));
}

Bytes unauthorised_response(const std::string& sentence) {
  v1::Response response;
  auto& failure = *response.mutable_failure();
  failure.set_exit_code(v1::EXIT_CODE_NOT_AUTHORISED);
  failure.set_reason("not-authorised");
  failure.set_sentence(sentence);
  failure.set_next_step("Use --as with an officer who has the role; blo officer list shows them.");
  return last(std::move(response));
}

Bytes following_event() {
  v1::Response response;
  response.mutable_event()->mutable_following();
  return encode_wire(response);
}

Bytes arrived_event(const office::MessageView& message) {
  v1::Response response;
  write_summary(message, *response.mutable_event()->mutable_arrived());
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

Bytes export_done_response(const office::PairExport& job) {
  v1::Response response;
  auto& done = *response.mutable_export_done();
  for (const auto& folder : job.folders()) done.add_folders(folder);
  for (const auto& note : job.notes()) done.add_notes(note);
  return last(std::move(response));
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
