#include "backup/stream.h"

#include "crypto/aead.h"
#include "crypto/hash.h"

namespace blo::backup {
namespace {

constexpr char kKeyUse[] = "blo/backup/v1";

/// Zeros ‖ u64be counter ‖ 1 for the last chunk, else 0 (STREAM, as in age).
crypto::XNonce nonce_of(std::uint64_t counter, bool last) {
  crypto::XNonce nonce{};
  for (std::size_t i = 0; i < 8; ++i) nonce[22 - i] = static_cast<Byte>(counter >> (8 * i));
  nonce[23] = last ? 1 : 0;
  return nonce;
}

/// Bound to the whole header: whoever changes a letter of it has another key.
Result<crypto::Key> chunk_key(const Header& header, const crypto::DhKeyPair& mine,
                              const crypto::DhPublic& theirs) {
  const auto shared = crypto::dh(mine, theirs);
  if (!shared) return Error(BackupError::kWrongKey);
  Bytes salt = to_bytes(ByteView(header.ephemeral));
  append(salt, ByteView(header.recipient.key));
  Bytes info = to_bytes(std::string_view(kKeyUse, sizeof kKeyUse));
  append(info, header.text());
  return crypto::hkdf_sha256(shared->view(), salt, info);
}

}  // namespace

Result<Sealer> Sealer::begin(const Recipient& recipient, WallTime time) {
  return begin(recipient, time, crypto::DhKeyPair::generate());
}

Result<Sealer> Sealer::begin(const Recipient& recipient, WallTime time,
                             const crypto::DhKeyPair& ephemeral) {
  Header header{recipient, from_unix_s(to_unix_s(time)), ephemeral.public_key};
  auto key = chunk_key(header, ephemeral, recipient.key);
  if (!key) return key.error();
  return Sealer(std::move(header), std::move(*key));
}

Bytes Sealer::seal(ByteView chunk, bool last) {
  BLO_CHECK(last ? !chunk.empty() && chunk.size() <= kChunkBytes : chunk.size() == kChunkBytes);
  return crypto::seal_xchacha(key_, nonce_of(counter_++, last), {}, chunk);
}

Result<Opener> Opener::begin(const Header& header, const crypto::DhKeyPair& key) {
  if (header.recipient.key != key.public_key) return Error(BackupError::kWrongKey);
  auto chunks = chunk_key(header, key, header.ephemeral);
  if (!chunks) return Error(BackupError::kDamaged, "header");
  return Opener(std::move(*chunks));
}

Result<Bytes> Opener::open(ByteView sealed, bool at_end) {
  const std::string where = "chunk " + std::to_string(counter_);
  auto opened = crypto::open_xchacha(key_, nonce_of(counter_, at_end), {}, sealed);
  if (!opened) {
    const bool cut = at_end && crypto::open_xchacha(key_, nonce_of(counter_, false), {}, sealed);
    return Error(cut ? BackupError::kTruncated : BackupError::kDamaged, where);
  }
  if (!at_end && opened->size() != kChunkBytes) return Error(BackupError::kDamaged, where);
  ++counter_;
  return std::move(*opened);
}

}  // namespace blo::backup
