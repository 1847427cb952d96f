#include "identity/request.h"

#include "base/limits.h"
#include "blo/v1/identity.pb.h"
#include "identity/form.h"

namespace blo::identity {
namespace {

constexpr std::uint32_t kVersion = 1;
constexpr std::size_t kNameBytesMax = 200;
constexpr std::size_t kAgencyBytesMax = 100;

/// The use of the key that signs a request of that kind.
KeyUse signing_use(CertificateKind kind) {
  return kind == CertificateKind::kOffice ? KeyUse::kIdentity : KeyUse::kOfficer;
}

/// C0, DEL and, in UTF-8, C1: a name is shown to people, these are not for people.
bool has_control_characters(std::string_view text) {
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto byte = static_cast<Byte>(text[i]);
    if (byte < 0x20 || byte == 0x7f) return true;
    if (byte == 0xc2 && i + 1 < text.size() && static_cast<Byte>(text[i + 1]) < 0xa0) return true;
  }
  return false;
}

Result<OfficerName> name_from_wire(const v1::OfficerName& wire) {
  if (wire.name().empty() || wire.name().size() > kNameBytesMax ||
      has_control_characters(wire.name())) {
    return malformed("an officer's name");
  }
  if (wire.agency().empty() || wire.agency().size() > kAgencyBytesMax ||
      has_control_characters(wire.agency())) {
    return malformed("an officer's agency");
  }
  return OfficerName{wire.name(), wire.agency()};
}

v1::CertificateRequestDetails to_wire(const CertificateRequest& request) {
  v1::CertificateRequestDetails wire;
  wire.set_version(kVersion);
  wire.set_kind(static_cast<v1::CertificateKind>(request.kind));
  wire.set_network(static_cast<v1::Network>(request.network));
  wire.set_subject(request.subject);
  keys_to_wire(request.keys, *wire.mutable_keys());
  if (request.kind == CertificateKind::kOfficer) {
    wire.mutable_name()->set_name(request.name.name);
    wire.mutable_name()->set_agency(request.name.agency);
    wire.set_name_salt(request.name_salt.data(), request.name_salt.size());
  }
  return wire;
}

Result<void> name_of_request(const v1::CertificateRequestDetails& wire,
                             CertificateRequest& request) {
  if (request.kind == CertificateKind::kOffice) {
    if (wire.has_name() || !wire.name_salt().empty()) return malformed("an office has no name");
    return {};
  }
  auto name = name_from_wire(wire.name());
  if (!name) return name.error();
  request.name = std::move(*name);
  if (!copy_exact(as_bytes(wire.name_salt()), request.name_salt)) {
    return malformed("salt of the name");
  }
  return {};
}

Result<CertificateRequest> from_wire(const v1::CertificateRequestDetails& wire) {
  if (wire.version() != kVersion) return malformed("version of the request");
  const auto kind = kind_from_wire(wire.kind());
  const auto network = network_from_wire(wire.network());
  if (!kind || !network) return malformed("kind or network of the request");
  if (*kind != CertificateKind::kOffice && *kind != CertificateKind::kOfficer) {
    return IdentityError::kWrongKind;
  }
  CertificateRequest request{*kind, *network, wire.subject(), {}, {}, {}, {}};
  if (auto ok = check_subject(*kind, *network, request.subject); !ok) return ok.error();
  auto keys = keys_from_wire(wire.keys());
  if (!keys) return keys.error();
  if (auto ok = check_keys(*kind, *keys); !ok) return ok.error();
  request.keys = std::move(*keys);
  if (auto ok = name_of_request(wire, request); !ok) return ok.error();
  return request;
}

}  // namespace

Bytes OfficerName::encode() const {
  v1::OfficerName wire;
  wire.set_name(name);
  wire.set_agency(agency);
  return encode_wire(wire);
}

Result<OfficerName> OfficerName::parse(ByteView bytes) {
  v1::OfficerName wire;
  if (bytes.size() > kNameBytesMax + kAgencyBytesMax + 16 || !parse_canonical(bytes, wire)) {
    return malformed("an officer's name");
  }
  return name_from_wire(wire);
}

crypto::Hash commit_to_name(const std::array<Byte, 32>& salt, ByteView encoded_name) {
  static constexpr char kPrefix[] = "blo/officer-name/v1";  // its terminating zero is hashed, too
  return crypto::sha256({as_bytes({kPrefix, sizeof kPrefix}), salt, encoded_name});
}

Bytes CertificateRequest::sign(const crypto::SigningKey& key) const {
  const Bytes details = encode_wire(to_wire(*this));
  const auto signature = crypto::sign(crypto::Purpose::kCertificateRequest, key, {details});
  Bytes bytes = encode_signed<v1::CertificateRequest>(details, signature);
  BLO_CHECK(parse(bytes).has_value());
  return bytes;
}

Result<CertificateRequest> CertificateRequest::parse(ByteView bytes) {
  const auto outer = parse_signed<v1::CertificateRequest>(bytes, limits::kCertificateBytesMax);
  v1::CertificateRequestDetails wire;
  if (!outer || !parse_canonical(outer->details, wire)) return malformed("certificate request");
  auto request = from_wire(wire);
  if (!request) return request;
  const auto found = std::ranges::find(request->keys, signing_use(request->kind), &PublicKey::use);
  const auto key = crypto::VerifyKey::enrol(found->key);  // check_keys has seen that it is there
  if (!key || !crypto::verify(crypto::Purpose::kCertificateRequest, *key, {outer->details},
                              outer->signature)) {
    return Error(IdentityError::kBadSignature, "certificate request of " + request->subject);
  }
  request->fingerprint = crypto::sha256(outer->details);
  return request;
}

}  // namespace blo::identity
