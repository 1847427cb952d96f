#include "identity/certificate.h"

#include "base/hex.h"
#include "base/limits.h"
#include "blo/v1/identity.pb.h"
#include "identity/form.h"
#include "identity/pem.h"

namespace blo::identity {
namespace {

constexpr std::uint32_t kVersion = 1;
constexpr std::string_view kRoleNames[] = {"operator", "releaser", "auditor", "security-officer",
                                           "administrator"};

Result<std::vector<Role>> roles_from_wire(const v1::CertificateDetails& wire) {
  std::vector<Role> roles;
  for (const int value : wire.roles()) {
    if (value < 1 || value > static_cast<int>(Role::kAdministrator)) return malformed("roles");
    const auto role = static_cast<Role>(value);
    if (!roles.empty() && role <= roles.back()) return malformed("order of the roles");
    roles.push_back(role);
  }
  return roles;
}

/// A hash where the field is not empty.
Result<std::optional<crypto::Hash>> hash_from_wire(const std::string& wire, const char* field) {
  if (wire.empty()) return std::optional<crypto::Hash>();
  crypto::Hash hash;
  if (!copy_exact(as_bytes(wire), hash)) return malformed(std::string("size of the ") + field);
  return std::optional(hash);
}

/// What only officers' certificates carry, and all of them do.
Result<void> officer_fields_from_wire(const v1::CertificateDetails& wire,
                                      CertificateDetails& details) {
  auto roles = roles_from_wire(wire);
  if (!roles) return roles.error();
  auto commitment = hash_from_wire(wire.name_commitment(), "name commitment");
  if (!commitment) return commitment.error();
  details.person = wire.person();
  details.roles = std::move(*roles);
  details.name_commitment = *commitment;
  const bool officer = details.kind == CertificateKind::kOfficer;
  if ((details.person != 0) != officer || details.roles.empty() == officer ||
      details.name_commitment.has_value() != officer) {
    return malformed("person, roles and name belong to officers, all three");
  }
  return {};
}

Result<CertificateDetails> from_wire(const v1::CertificateDetails& wire) {
  CertificateDetails details;
  if (wire.version() != kVersion) return malformed("version of the certificate");
  const auto kind = kind_from_wire(wire.kind());
  const auto network = network_from_wire(wire.network());
  if (!kind || !network) return malformed("kind or network of the certificate");
  details.kind = *kind;
  details.network = *network;
  details.subject = wire.subject();
  if (auto ok = check_subject(*kind, *network, details.subject); !ok) return ok.error();
  details.statement = wire.statement();
  auto keys = keys_from_wire(wire.keys());
  if (!keys) return keys.error();
  if (auto ok = check_keys(*kind, *keys); !ok) return ok.error();
  details.keys = std::move(*keys);
  if (wire.not_after_s() > kUnixSecondsMax || wire.not_before_s() > wire.not_after_s()) {
    return malformed("validity");
  }
  details.not_before = from_unix_s(wire.not_before_s());
  details.not_after = from_unix_s(wire.not_after_s());
  auto issuer = hash_from_wire(wire.issuer(), "issuer");
  if (!issuer) return issuer.error();
  details.issuer = *issuer;
  const bool authority = *kind == CertificateKind::kAuthority;
  if (authority && details.issuer) return malformed("an authority signs itself");
  if (!authority && !details.issuer) {
    return Error(IdentityError::kUntrusted, details.subject + " signs itself");
  }
  if (auto ok = officer_fields_from_wire(wire, details); !ok) return ok.error();
  return details;
}

v1::CertificateDetails to_wire(const CertificateDetails& details) {
  v1::CertificateDetails wire;
  wire.set_version(kVersion);
  wire.set_kind(static_cast<v1::CertificateKind>(details.kind));
  wire.set_network(static_cast<v1::Network>(details.network));
  wire.set_subject(details.subject);
  wire.set_statement(details.statement);
  keys_to_wire(details.keys, *wire.mutable_keys());
  wire.set_not_before_s(to_unix_s(details.not_before));
  wire.set_not_after_s(to_unix_s(details.not_after));
  if (details.issuer) wire.set_issuer(details.issuer->data(), details.issuer->size());
  wire.set_person(details.person);
  for (const Role role : details.roles) wire.add_roles(static_cast<v1::Role>(role));
  if (details.name_commitment) {
    wire.set_name_commitment(details.name_commitment->data(), details.name_commitment->size());
  }
  return wire;
}

}  // namespace

std::string_view to_string(CertificateKind kind) {
  switch (kind) {
    case CertificateKind::kAuthority: return "authority";
    case CertificateKind::kOffice: return "office";
    case CertificateKind::kOfficer: return "officer";
    case CertificateKind::kJournal: return "journal";
  }
  return "unknown";
}

std::string_view to_string(Role role) { return kRoleNames[static_cast<std::size_t>(role) - 1]; }

std::optional<Role> parse_role(std::string_view text) {
  const auto found = std::ranges::find(kRoleNames, text);
  if (found == std::end(kRoleNames)) return std::nullopt;
  return static_cast<Role>(found - std::begin(kRoleNames) + 1);
}

std::optional<crypto::VerifyKey> CertificateDetails::verify_key(KeyUse use) const {
  const auto found = std::ranges::find(keys, use, &PublicKey::use);
  if (found == keys.end() || !is_ed25519(use)) return std::nullopt;
  return crypto::VerifyKey::enrol(found->key);
}

std::optional<crypto::DhPublic> CertificateDetails::dh_key(KeyUse use) const {
  const auto found = std::ranges::find(keys, use, &PublicKey::use);
  if (found == keys.end() || is_ed25519(use)) return std::nullopt;
  return found->key;
}

bool CertificateDetails::has_role(Role role) const {
  return std::ranges::find(roles, role) != roles.end();
}

Result<Certificate> Certificate::parse(ByteView bytes) {
  auto outer = parse_signed<v1::Certificate>(bytes, limits::kCertificateBytesMax);
  v1::CertificateDetails wire;
  if (!outer || !parse_canonical(outer->details, wire)) return malformed("certificate");
  auto details = from_wire(wire);
  if (!details) return details.error();
  Certificate certificate;
  certificate.bytes_ = to_bytes(bytes);
  certificate.signature_ = outer->signature;
  certificate.details_ = std::move(*details);
  certificate.fingerprint_ = crypto::sha256(outer->details);
  certificate.signed_details_ = std::move(outer->details);
  return certificate;
}

Result<Certificate> Certificate::parse_pem(std::string_view text) {
  const auto bytes = from_pem(kCertificateLabel, text);
  if (!bytes) return bytes.error();
  return parse(*bytes);
}

Certificate Certificate::issue(const CertificateDetails& details,
                               const crypto::SigningKey& issuer) {
  const Bytes encoded = encode_wire(to_wire(details));
  const auto signature = crypto::sign(crypto::Purpose::kCertificate, issuer, {encoded});
  auto certificate = parse(encode_signed<v1::Certificate>(encoded, signature));
  BLO_CHECK(certificate.has_value());
  return std::move(*certificate);
}

std::string Certificate::pem() const { return to_pem(kCertificateLabel, bytes_); }

bool Certificate::signed_by(const crypto::VerifyKey& issuer_key) const {
  return crypto::verify(crypto::Purpose::kCertificate, issuer_key, {signed_details_}, signature_);
}

std::string spoken(const Fingerprint& fingerprint) {
  const std::string hex = to_hex(ByteView(fingerprint).first(20));
  std::string text;
  for (std::size_t at = 0; at < hex.size(); at += 4) {
    if (at != 0) text += ' ';
    text += hex.substr(at, 4);
  }
  return text;
}

}  // namespace blo::identity
