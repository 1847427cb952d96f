#include "identity/keyfile_codec.h"

#include "base/limits.h"
#include "blo/v1/identity.pb.h"
#include "crypto/aead.h"
#include "crypto/password.h"
#include "crypto/random.h"
#include "identity/form.h"

namespace blo::identity {
namespace {

constexpr std::uint32_t kVersion = 1;
constexpr std::uint64_t kMemoryBytesMin = 8 * 1024 * 1024;

void wipe_text(std::string& text) {
  crypto::wipe(std::span(reinterpret_cast<Byte*>(text.data()), text.size()));
}

/// Protobuf keeps bytes in strings of its own; these go when the messages go, so they are wiped
/// first.
void wipe_seeds(v1::KeySeeds& wire) {
  for (auto& seed : *wire.mutable_seeds()) wipe_text(*seed.mutable_seed());
}

/// "blo/key-file/v1\0" ‖ subject ‖ 0 ‖ network: a box opens under its own name alone.
Bytes associated_data(std::string_view subject, Network network) {
  static constexpr char kPrefix[] = "blo/key-file/v1";
  Bytes data = to_bytes(std::string_view(kPrefix, sizeof kPrefix));
  append(data, subject);
  data.push_back(0);
  data.push_back(static_cast<Byte>(network));
  return data;
}

std::vector<int> uses_for(CertificateKind kind) {
  std::vector<int> uses;
  if (kind == CertificateKind::kOffice) uses.push_back(kStoreSeed);
  for (const KeyUse use : uses_of(kind)) uses.push_back(static_cast<int>(use));
  return uses;
}

/// The seeds are those of one kind of holder, and the subject is one of that kind.
Result<void> check_ring(const KeyRing& ring) {
  for (const auto kind :
       {CertificateKind::kAuthority, CertificateKind::kOffice, CertificateKind::kOfficer}) {
    const auto use_of = [](const auto& entry) { return entry.first; };
    if (std::ranges::equal(ring.seeds, uses_for(kind), {}, use_of)) {
      return check_subject(kind, ring.network, ring.subject);
    }
  }
  if (ring.seeds.size() == 1 && ring.seeds.contains(kBackupSeed)) {
    return check_subject(CertificateKind::kOffice, ring.network, ring.subject);
  }
  return malformed("the keys are those of no authority, office or officer");
}

Bytes encode_seeds(const KeyRing& ring) {
  v1::KeySeeds wire;
  for (const auto& entry : ring.seeds) {
    auto& seed = *wire.add_seeds();
    seed.set_use(static_cast<v1::KeyUse>(entry.first));
    seed.set_seed(entry.second.data(), entry.second.size());
  }
  Bytes bytes = encode_wire(wire);
  wipe_seeds(wire);
  return bytes;
}

Result<void> seeds_from_wire(const v1::KeySeeds& wire, KeyRing& ring) {
  for (const auto& seed : wire.seeds()) {
    const int use = seed.use();
    if (seed.seed().size() != crypto::Key::size()) return malformed("size of a seed");
    if (!ring.seeds.empty() && use <= ring.seeds.rbegin()->first) {
      return malformed("order of the seeds");
    }
    ring.seeds.emplace(use, crypto::Key(as_bytes(seed.seed())));
  }
  return check_ring(ring);
}

Result<KeyRing> parse_seeds(ByteView bytes, KeyRing ring) {
  v1::KeySeeds wire;
  const bool canonical = parse_canonical(bytes, wire);
  auto ok = canonical ? seeds_from_wire(wire, ring) : Result<void>(malformed("seeds"));
  wipe_seeds(wire);
  if (!ok) return ok.error();
  return ring;
}

Result<void> seal_seeds(const KeyRing& ring, ByteView passphrase, v1::SealedSeeds& wire) {
  if (passphrase.empty()) return Error(IdentityError::kPassphraseNeeded, "the passphrase is empty");
  const auto salt = crypto::random_array<sizeof(crypto::PasswordSalt)>();
  const auto nonce = crypto::random_array<sizeof(crypto::XNonce)>();
  const auto key = crypto::key_from_password(passphrase, salt, crypto::kPasswordCost);
  if (!key) return IdentityError::kNoMemory;
  Bytes seeds = encode_seeds(ring);
  const Bytes box =
      crypto::seal_xchacha(*key, nonce, associated_data(ring.subject, ring.network), seeds);
  crypto::wipe(seeds);
  wire.set_passes(crypto::kPasswordCost.passes);
  wire.set_memory_bytes(crypto::kPasswordCost.memory_bytes);
  wire.set_salt(salt.data(), salt.size());
  wire.set_nonce(nonce.data(), nonce.size());
  wire.set_box(box.data(), box.size());
  return {};
}

Result<KeyRing> open_seeds(const v1::SealedSeeds& wire, ByteView passphrase, KeyRing ring) {
  crypto::PasswordSalt salt;
  crypto::XNonce nonce;
  if (!copy_exact(as_bytes(wire.salt()), salt) || !copy_exact(as_bytes(wire.nonce()), nonce)) {
    return malformed("salt or nonce of the sealed seeds");
  }
  const crypto::PasswordCost cost{wire.passes(), wire.memory_bytes()};
  if (cost.passes < 1 || cost.passes > crypto::kPasswordCostMax.passes ||
      cost.memory_bytes < kMemoryBytesMin ||
      cost.memory_bytes > crypto::kPasswordCostMax.memory_bytes) {
    return malformed("cost of the passphrase");
  }
  if (passphrase.empty()) return IdentityError::kWrongPassphrase;  // none seals a file
  const auto key = crypto::key_from_password(passphrase, salt, cost);
  if (!key) return IdentityError::kNoMemory;
  auto seeds = crypto::open_xchacha(*key, nonce, associated_data(ring.subject, ring.network),
                                    as_bytes(wire.box()));
  if (!seeds) return IdentityError::kWrongPassphrase;
  auto opened = parse_seeds(*seeds, std::move(ring));
  crypto::wipe(*seeds);
  return opened;
}

bool parse_outer(ByteView bytes, v1::KeyFile& wire) {
  return bytes.size() <= limits::kSmallFileBytesMax && parse_canonical(bytes, wire) &&
         wire.version() == kVersion && wire.protection_case() != v1::KeyFile::PROTECTION_NOT_SET;
}

}  // namespace

Result<Bytes> encode_ring(const KeyRing& ring, std::optional<ByteView> passphrase) {
  BLO_CHECK(check_ring(ring).has_value());
  v1::KeyFile wire;
  wire.set_version(kVersion);
  wire.set_subject(ring.subject);
  wire.set_network(static_cast<v1::Network>(ring.network));
  if (passphrase) {
    if (auto ok = seal_seeds(ring, *passphrase, *wire.mutable_sealed()); !ok) return ok.error();
    return encode_wire(wire);
  }
  Bytes seeds = encode_seeds(ring);
  wire.set_plain(seeds.data(), seeds.size());
  crypto::wipe(seeds);
  Bytes bytes = encode_wire(wire);
  wipe_text(*wire.mutable_plain());
  return bytes;
}

Result<KeyRing> parse_ring(ByteView bytes, std::optional<ByteView> passphrase) {
  v1::KeyFile wire;
  if (!parse_outer(bytes, wire)) return malformed("key file");
  const auto network = network_from_wire(wire.network());
  if (!network) return malformed("network of the key file");
  KeyRing ring{wire.subject(), *network, {}};
  if (wire.has_sealed()) {
    if (!passphrase) return Error(IdentityError::kPassphraseNeeded, ring.subject);
    return open_seeds(wire.sealed(), *passphrase, std::move(ring));
  }
  auto opened = parse_seeds(as_bytes(wire.plain()), std::move(ring));
  wipe_text(*wire.mutable_plain());
  return opened;
}

Result<bool> ring_is_sealed(ByteView bytes) {
  v1::KeyFile wire;
  if (!parse_outer(bytes, wire)) return malformed("key file");
  const bool sealed = wire.has_sealed();
  if (!sealed) wipe_text(*wire.mutable_plain());
  return sealed;
}

}  // namespace blo::identity
