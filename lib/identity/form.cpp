#include "identity/form.h"

namespace blo::identity {
namespace {

constexpr KeyUse kAuthorityUses[] = {KeyUse::kAuthority};
constexpr KeyUse kOfficeUses[] = {KeyUse::kIdentity, KeyUse::kReceipt, KeyUse::kTransport,
                                  KeyUse::kCourier};
constexpr KeyUse kOfficerUses[] = {KeyUse::kOfficer};
constexpr KeyUse kJournalUses[] = {KeyUse::kJournal};

}  // namespace

std::span<const KeyUse> uses_of(CertificateKind kind) {
  switch (kind) {
    case CertificateKind::kAuthority: return kAuthorityUses;
    case CertificateKind::kOffice: return kOfficeUses;
    case CertificateKind::kOfficer: return kOfficerUses;
    case CertificateKind::kJournal: return kJournalUses;
  }
  return {};
}

bool is_ed25519(KeyUse use) { return use != KeyUse::kTransport && use != KeyUse::kCourier; }

std::optional<Network> network_from_wire(int value) {
  if (value != static_cast<int>(Network::kLive) && value != static_cast<int>(Network::kExercise)) {
    return std::nullopt;
  }
  return static_cast<Network>(value);
}

std::optional<CertificateKind> kind_from_wire(int value) {
  if (value < 1 || value > static_cast<int>(CertificateKind::kJournal)) return std::nullopt;
  return static_cast<CertificateKind>(value);
}

Result<void> check_keys(CertificateKind kind, const std::vector<PublicKey>& keys) {
  const auto use_of = [](const PublicKey& key) { return key.use; };
  if (!std::ranges::equal(keys, uses_of(kind), {}, use_of)) {
    return malformed("the keys are not those of an " + std::string(to_string(kind)) +
                     " certificate");
  }
  for (auto key = keys.begin(); key != keys.end(); ++key) {
    if (is_ed25519(key->use) && !crypto::VerifyKey::enrol(key->key)) {
      return IdentityError::kWeakKey;
    }
    const auto same = [&](const PublicKey& other) { return other.key == key->key; };
    if (std::any_of(keys.begin(), key, same)) return malformed("one key has two uses");
  }
  return {};
}

Result<void> check_subject(CertificateKind kind, Network network, std::string_view subject) {
  switch (kind) {
    case CertificateKind::kAuthority:
      if (is_country(subject)) return {};
      return malformed("the subject is not a country");
    case CertificateKind::kOffice:
    case CertificateKind::kOfficer:
      if (OfficeId::parse(subject)) return {};
      return malformed("the subject is not an office");
    case CertificateKind::kJournal: {
      const auto origin = Origin::parse(subject);
      if (!origin) return malformed("the subject is not a journal's origin");
      if (origin->network != network) return IdentityError::kWrongNetwork;
      return {};
    }
  }
  return malformed("kind");
}

Result<void> check_validity(const CertificateDetails& details, WallTime time) {
  const std::string who =
      std::string(to_string(details.kind)) + " certificate of " + details.subject;
  if (time < details.not_before) {
    return Error(IdentityError::kNotYetValid,
                 who + " (valid from " + to_rfc3339(details.not_before) + ")");
  }
  if (time > details.not_after) {
    return Error(IdentityError::kExpired,
                 who + " (valid until " + to_rfc3339(details.not_after) + ")");
  }
  return {};
}

}  // namespace blo::identity
