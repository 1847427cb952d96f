#include "base/hex.h"
#include "blo/v1/control.pb.h"
#include "daemon/handler.h"
#include "daemon/page.h"
#include "daemon/views.h"
#include "office/known_time.h"

namespace blo::daemon {

using identity::Role;

namespace {

std::optional<identity::Fingerprint> parse_fingerprint(const std::string& text) {
  const auto bytes = from_hex(text);
  identity::Fingerprint fingerprint{};
  if (!bytes || !copy_exact(*bytes, fingerprint)) return std::nullopt;
  return fingerprint;
}

const identity::Fingerprint& fingerprint_of(const store::OfficerRow& officer) {
  return officer.certificate.fingerprint();
}

}  // namespace

Answer Handler::officer_add(const v1::OfficerAddRequest& in) {
  std::vector<Role> roles;
  for (const int role : in.roles()) {
    if (role < v1::ROLE_OPERATOR || role > v1::ROLE_ADMINISTRATOR) {
      return fail(Error(office::OfficeError::kMalformed, "role"));
    }
    roles.push_back(static_cast<Role>(role));
  }
  // The numbers of those who come back with the journals are not given to others meanwhile.
  const auto gives_back = [](const auto& pair) {
    return pair->ours.your_journal && pair->row.recovery == store::Recovery::kRecovering;
  };
  if (in.person() == 0 && std::ranges::any_of(office_.pairs(), gives_back)) {
    return fail(Error(office::OfficeError::kNotRecovered,
                      "the numbers of officers that come back with the journals"));
  }
  const auto officer = office_.certify_officer(as_bytes(in.request()), std::move(roles),
                                               in.valid_days(), in.person(), person(), now_);
  if (!officer) return fail(officer.error());
  v1::Response response;
  auto& out = *response.mutable_officer_add();
  out.set_certificate(to_string(ByteView((*officer)->certificate.bytes())));
  out.set_fingerprint(to_string(ByteView((*officer)->certificate.fingerprint())));
  out.set_person((*officer)->person);
  return last(std::move(response));
}

Answer Handler::officer_list(const v1::OfficerListRequest& in) {
  const auto page = read_page<identity::Fingerprint>(in.page(), parse_fingerprint);
  if (!page) return fail(page.error());
  const auto& officers = office_.officers();
  auto next = officers.all().begin();
  if (page->after()) {
    next = std::ranges::find(officers.all(), *page->after(), fingerprint_of);
    if (next == officers.all().end())
      return fail(Error(office::OfficeError::kMalformed, "the officer that a page stands behind"));
    ++next;
  }
  v1::Response response;
  auto& list = *response.mutable_officer_list();
  PageAnswer rows(page->rows(), *list.mutable_officers());
  const auto at = office::asked_now(office_, now_);
  for (const auto& officer : std::ranges::subrange(next, officers.all().end())) {
    const auto state = officers.state(officer, at.time);
    const auto validity = officers.validity(officer, at);
    if (!in.all() && validity == journal::Validity::kNone) continue;
    v1::OfficerStatus out;
    write_officer(officer, out);
    out.set_state(static_cast<v1::OfficerState>(state));
    out.set_statement(officer.certificate.details().statement);
    out.set_reads(validity != journal::Validity::kNone);
    if (validity == journal::Validity::kOwnOver) {
      out.set_reads_until_s(
          to_unix_s(officer.certificate.details().not_after + journal::kReadsAfterEnd));
    }
    if (!rows.add(std::move(out), to_hex(fingerprint_of(officer)))) break;
  }
  list.set_next(rows.next());
  return last(std::move(response));
}

Answer Handler::officer_revoke(const v1::OfficerRevokeRequest& in) {
  if (in.reason() < v1::REVOCATION_REASON_LEFT || in.reason() > v1::REVOCATION_REASON_OTHER) {
    return fail(Error(office::OfficeError::kMalformed, "reason"));
  }
  const auto revoked = office_.revoke_officer(
      in.person(), static_cast<identity::RevocationReason>(in.reason()), now_);
  if (!revoked) return fail(revoked.error());
  for (const auto& pair : office_.pairs()) node_.pump(*pair);
  return done("Officer " + std::to_string(in.person()) + " is revoked (" +
              std::string(identity::to_string(revoked->details().reason)) + ", statement " +
              std::to_string(revoked->details().statement) + ").");
}

Answer Handler::officer_forget(const v1::OfficerForgetRequest& in) {
  const auto forgotten = office_.forget_officer(in.person(), person(), now_);
  if (!forgotten) return fail(forgotten.error());
  for (const auto& pair : office_.pairs()) node_.pump(*pair);
  return done("The name of officer " + std::to_string(in.person()) +
              " is destroyed here, and every counterpart is told to destroy it.");
}

}  // namespace blo::daemon
