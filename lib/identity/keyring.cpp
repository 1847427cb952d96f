#include "crypto/random.h"
#include "identity/form.h"
#include "identity/keyfile.h"

namespace blo::identity {
namespace {

const crypto::Key& seed_of(const KeyRing& ring, int use) {
  const auto found = ring.seeds.find(use);
  BLO_CHECK(found != ring.seeds.end());
  return found->second;
}

KeyRing make_ring(std::string subject, Network network, CertificateKind kind) {
  KeyRing ring{std::move(subject), network, {}};
  for (const KeyUse use : uses_of(kind)) {
    ring.seeds.emplace(static_cast<int>(use), crypto::random_key());
  }
  if (kind == CertificateKind::kOffice) ring.seeds.emplace(kStoreSeed, crypto::random_key());
  return ring;
}

}  // namespace

crypto::SigningKey KeyRing::signing_key(KeyUse use) const {
  BLO_CHECK(is_ed25519(use));
  return crypto::SigningKey::from_seed(seed_of(*this, static_cast<int>(use)));
}

crypto::DhKeyPair KeyRing::dh_key(KeyUse use) const {
  BLO_CHECK(!is_ed25519(use));
  return crypto::DhKeyPair::from_secret(seed_of(*this, static_cast<int>(use)));
}

const crypto::Key& KeyRing::store_key() const { return seed_of(*this, kStoreSeed); }

std::optional<crypto::DhKeyPair> KeyRing::backup_key() const {
  const auto found = seeds.find(kBackupSeed);
  if (found == seeds.end()) return std::nullopt;
  return crypto::DhKeyPair::from_secret(found->second);
}

std::vector<PublicKey> KeyRing::public_keys() const {
  std::vector<PublicKey> keys;
  for (const auto& entry : seeds) {
    if (entry.first == kStoreSeed || entry.first == kBackupSeed) continue;
    const auto use = static_cast<KeyUse>(entry.first);
    keys.push_back(
        {use, is_ed25519(use) ? signing_key(use).verify_key().bytes() : dh_key(use).public_key});
  }
  return keys;
}

KeyRing make_authority_keys(std::string country, Network network) {
  BLO_CHECK(is_country(country));
  return make_ring(std::move(country), network, CertificateKind::kAuthority);
}

KeyRing make_office_keys(const OfficeId& office, Network network) {
  return make_ring(office.text(), network, CertificateKind::kOffice);
}

KeyRing make_officer_key(const OfficeId& office, Network network) {
  return make_ring(office.text(), network, CertificateKind::kOfficer);
}

KeyRing make_backup_key(const OfficeId& office, Network network) {
  KeyRing ring{office.text(), network, {}};
  ring.seeds.emplace(kBackupSeed, crypto::random_key());
  return ring;
}

}  // namespace blo::identity
