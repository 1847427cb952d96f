// The form that certificates, requests, pairing files and key files share. Of this folder alone.
#ifndef BLO_IDENTITY_FORM_H
#define BLO_IDENTITY_FORM_H

#include <span>

#include "base/wire.h"
#include "identity/certificate.h"

namespace blo::identity {

/// 9999-12-31T23:59:59Z: the last time RFC 3339 can write.
inline constexpr std::uint64_t kUnixSecondsMax = 253'402'300'799;

[[nodiscard]] inline Error malformed(std::string detail) {
  return {IdentityError::kMalformed, std::move(detail)};
}

/// The uses whose keys a certificate of that kind holds, ascending: these and no others.
[[nodiscard]] std::span<const KeyUse> uses_of(CertificateKind kind);
[[nodiscard]] bool is_ed25519(KeyUse use);

[[nodiscard]] std::optional<Network> network_from_wire(int value);
[[nodiscard]] std::optional<CertificateKind> kind_from_wire(int value);

/// Exactly the uses of the kind, ascending; Ed25519 keys enrolled; no key twice.
[[nodiscard]] Result<void> check_keys(CertificateKind kind, const std::vector<PublicKey>& keys);

/// A country, an office or an origin of that network, as the kind wants it.
[[nodiscard]] Result<void> check_subject(CertificateKind kind, Network network,
                                         std::string_view subject);

/// kNotYetValid or kExpired, with the certificate's subject and the date it says.
[[nodiscard]] Result<void> check_validity(const CertificateDetails& details, WallTime time);

/// v1::PublicKey ↔ PublicKey; only the sizes are judged here, check_keys judges the rest.
template <class WireKeys>
[[nodiscard]] Result<std::vector<PublicKey>> keys_from_wire(const WireKeys& wire) {
  std::vector<PublicKey> keys;
  for (const auto& key : wire) {
    const int use = key.use();
    if (use < 1 || use > static_cast<int>(KeyUse::kJournal)) return malformed("use of a key");
    PublicKey& to = keys.emplace_back(PublicKey{static_cast<KeyUse>(use), {}});
    if (!copy_exact(as_bytes(key.key()), to.key)) return malformed("size of a key");
  }
  return keys;
}

template <class WireKeys>
void keys_to_wire(const std::vector<PublicKey>& keys, WireKeys& wire) {
  for (const PublicKey& key : keys) {
    auto& to = *wire.Add();
    to.set_use(static_cast<decltype(to.use())>(key.use));
    to.set_key(key.key.data(), key.key.size());
  }
}

/// What `{ bytes details = 1; bytes signature = 2; }` carries.
struct SignedDetails {
  Bytes details;
  crypto::Signature signature;
};

template <class Wire>
[[nodiscard]] std::optional<SignedDetails> parse_signed(ByteView bytes, std::size_t bytes_max) {
  Wire wire;
  SignedDetails parsed;
  if (bytes.size() > bytes_max || !parse_canonical(bytes, wire) ||
      !copy_exact(as_bytes(wire.signature()), parsed.signature)) {
    return std::nullopt;
  }
  parsed.details = to_bytes(wire.details());
  return parsed;
}

template <class Wire>
[[nodiscard]] Bytes encode_signed(ByteView details, const crypto::Signature& signature) {
  Wire wire;
  wire.set_details(details.data(), details.size());
  wire.set_signature(signature.data(), signature.size());
  return encode_wire(wire);
}

}  // namespace blo::identity

#endif
