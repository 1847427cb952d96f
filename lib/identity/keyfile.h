// Key files: an office's or an officer's seeds, sealed under a passphrase or in a file only the
// owner reads.
#ifndef BLO_IDENTITY_KEYFILE_H
#define BLO_IDENTITY_KEYFILE_H

#include <filesystem>
#include <map>
#include <optional>

#include "identity/certificate.h"

namespace blo::identity {

/// The store key has no public half and no KeyUse in certificates; it is seed 0 in the file.
inline constexpr int kStoreSeed = 0;
/// Nor has the backup key, which lies in a file of its own: docs/format/backup.md.
inline constexpr int kBackupSeed = 100;

/// Seeds by use (KeyUse as int, or kStoreSeed).
struct KeyRing {
  std::string subject;
  Network network = Network::kLive;
  std::map<int, crypto::Key> seeds;

  [[nodiscard]] crypto::SigningKey signing_key(KeyUse use) const;  // CHECKs that it is there
  [[nodiscard]] crypto::DhKeyPair dh_key(KeyUse use) const;
  [[nodiscard]] const crypto::Key& store_key() const;
  /// None where the ring is not a backup key's.
  [[nodiscard]] std::optional<crypto::DhKeyPair> backup_key() const;
  /// The public keys of all uses that certificates know, ascending.
  [[nodiscard]] std::vector<PublicKey> public_keys() const;
};

[[nodiscard]] KeyRing make_authority_keys(std::string country, Network network);
[[nodiscard]] KeyRing make_office_keys(const OfficeId& office, Network network);
[[nodiscard]] KeyRing make_officer_key(const OfficeId& office, Network network);
/// What opens the office's backups, and nothing else.
[[nodiscard]] KeyRing make_backup_key(const OfficeId& office, Network network);

/// Encodes; sealed under the passphrase where there is one. The result is PEM text, which the
/// caller wipes. kPassphraseNeeded for an empty passphrase, kNoMemory where Argon2id's 256 MiB
/// cannot be had.
[[nodiscard]] Result<std::string> encode_key_file(const KeyRing& ring,
                                                  std::optional<ByteView> passphrase);
/// kPassphraseNeeded for a sealed file without one. A passphrase for a plain file is not used.
[[nodiscard]] Result<KeyRing> parse_key_file(std::string_view pem,
                                             std::optional<ByteView> passphrase);

/// Creates with mode 0600, where that can be had (GuardError::kUnguardable); never overwrites.
[[nodiscard]] Result<void> save_key_file(const std::filesystem::path& path, const KeyRing& ring,
                                         std::optional<ByteView> passphrase);
/// Refuses, like ssh, a file that is a symlink, belongs to another user, or that group or others
/// may touch.
[[nodiscard]] Result<KeyRing> load_key_file(const std::filesystem::path& path,
                                            std::optional<ByteView> passphrase);
/// Whether a passphrase will be asked for.
[[nodiscard]] Result<bool> key_file_is_sealed(const std::filesystem::path& path);

}  // namespace blo::identity

#endif
