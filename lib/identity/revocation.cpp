#include "identity/revocation.h"

#include <array>

#include "base/limits.h"
#include "blo/v1/identity.pb.h"
#include "identity/form.h"
#include "identity/pem.h"

namespace blo::identity {
namespace {

constexpr std::uint32_t kVersion = 1;
constexpr std::array kReasons = {RevocationReason::kLeft, RevocationReason::kKeyLost,
                                 RevocationReason::kKeyStolen, RevocationReason::kOther};

Result<RevocationDetails> from_wire(const v1::RevocationDetails& wire) {
  if (wire.version() != kVersion) return malformed("version of the revocation");
  const auto kind = kind_from_wire(wire.kind());
  const auto network = network_from_wire(wire.network());
  if (!kind || !network) return malformed("kind or network of the revocation");
  if (*kind != CertificateKind::kOffice && *kind != CertificateKind::kOfficer) {
    return IdentityError::kWrongKind;
  }
  RevocationDetails details;
  details.kind = *kind;
  details.network = *network;
  details.subject = wire.subject();
  if (auto ok = check_subject(*kind, *network, details.subject); !ok) return ok.error();
  details.statement = wire.statement();
  details.person = wire.person();
  if ((*kind == CertificateKind::kOfficer) != (details.person != 0)) {
    return malformed("person of the revocation");
  }
  if (wire.reason() < v1::REVOCATION_REASON_LEFT || wire.reason() > v1::REVOCATION_REASON_OTHER) {
    return malformed("reason of the revocation");
  }
  details.reason = static_cast<RevocationReason>(wire.reason());
  if (wire.time_s() > kUnixSecondsMax) return malformed("time of the revocation");
  details.time = from_unix_s(wire.time_s());
  if (!copy_exact(as_bytes(wire.issuer()), details.issuer)) {
    return malformed("issuer of the revocation");
  }
  return details;
}

v1::RevocationDetails to_wire(const RevocationDetails& details) {
  v1::RevocationDetails wire;
  wire.set_version(kVersion);
  wire.set_kind(static_cast<v1::CertificateKind>(details.kind));
  wire.set_network(static_cast<v1::Network>(details.network));
  wire.set_subject(details.subject);
  wire.set_statement(details.statement);
  wire.set_person(details.person);
  wire.set_reason(static_cast<v1::RevocationReason>(details.reason));
  wire.set_time_s(to_unix_s(details.time));
  wire.set_issuer(details.issuer.data(), details.issuer.size());
  return wire;
}

Error at(IdentityError error, const RevocationDetails& details) {
  return {error, "revocation of " + details.subject};
}

}  // namespace

std::string_view to_string(RevocationReason reason) {
  switch (reason) {
    case RevocationReason::kLeft: return "left";
    case RevocationReason::kKeyLost: return "key-lost";
    case RevocationReason::kKeyStolen: return "key-stolen";
    case RevocationReason::kOther: return "other";
  }
  return "unknown";
}

std::optional<RevocationReason> parse_revocation_reason(std::string_view text) {
  for (const auto reason : kReasons) {
    if (to_string(reason) == text) return reason;
  }
  return std::nullopt;
}

Result<Revocation> Revocation::parse(ByteView bytes) {
  auto outer = parse_signed<v1::Revocation>(bytes, limits::kCertificateBytesMax);
  v1::RevocationDetails wire;
  if (!outer || !parse_canonical(outer->details, wire)) return malformed("revocation");
  auto details = from_wire(wire);
  if (!details) return details.error();
  Revocation revocation;
  revocation.bytes_ = to_bytes(bytes);
  revocation.signed_details_ = std::move(outer->details);
  revocation.signature_ = outer->signature;
  revocation.details_ = std::move(*details);
  return revocation;
}

Result<Revocation> Revocation::parse_pem(std::string_view text) {
  const auto bytes = from_pem(kRevocationLabel, text);
  if (!bytes) return bytes.error();
  return parse(*bytes);
}

Revocation Revocation::issue(const RevocationDetails& details, const crypto::SigningKey& issuer) {
  const Bytes encoded = encode_wire(to_wire(details));
  const auto signature = crypto::sign(crypto::Purpose::kRevocation, issuer, {encoded});
  auto revocation = parse(encode_signed<v1::Revocation>(encoded, signature));
  BLO_CHECK(revocation.has_value());
  return std::move(*revocation);
}

std::string Revocation::pem() const { return to_pem(kRevocationLabel, bytes_); }

bool Revocation::signed_by(const crypto::VerifyKey& issuer_key) const {
  return crypto::verify(crypto::Purpose::kRevocation, issuer_key, {signed_details_}, signature_);
}

Result<void> check_revocation(const Certificate& issuer, const Revocation& revocation) {
  const CertificateDetails& by = issuer.details();
  const RevocationDetails& details = revocation.details();
  const bool office = details.kind == CertificateKind::kOffice;
  if (by.kind != (office ? CertificateKind::kAuthority : CertificateKind::kOffice)) {
    return at(IdentityError::kWrongKind, details);
  }
  if (by.network != details.network) return at(IdentityError::kWrongNetwork, details);
  const auto id = OfficeId::parse(details.subject);
  if (!id || (office ? id->country() != by.subject : id->text() != by.subject)) {
    return at(IdentityError::kWrongSubject, details);
  }
  const auto key = by.verify_key(office ? KeyUse::kAuthority : KeyUse::kIdentity);
  if (!key || !revocation.signed_by(*key)) return at(IdentityError::kBadSignature, details);
  return {};
}

}  // namespace blo::identity
