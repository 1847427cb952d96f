#include "identity/keyfile.h"

#include "base/file.h"
#include "base/guarded_file.h"
#include "base/limits.h"
#include "identity/keyfile_codec.h"
#include "identity/pem.h"

namespace blo::identity {
namespace {

/// One code for whatever opens a key file to others: its detail says what, and what mends it.
Result<Bytes> read_key_file(const std::filesystem::path& path) {
  auto bytes = read_guarded_file(path, limits::kSmallFileBytesMax, Readers::kOwner);
  if (!bytes && bytes.error().code().category() == make_error_code(GuardError::kLink).category()) {
    return Error(IdentityError::kPermissions, bytes.error().message());
  }
  return bytes;
}

}  // namespace

Result<std::string> encode_key_file(const KeyRing& ring, std::optional<ByteView> passphrase) {
  auto bytes = encode_ring(ring, passphrase);
  if (!bytes) return bytes.error();
  std::string pem = to_pem(kKeyLabel, *bytes);
  crypto::wipe(*bytes);
  return pem;
}

Result<KeyRing> parse_key_file(std::string_view pem, std::optional<ByteView> passphrase) {
  auto bytes = from_pem(kKeyLabel, pem);
  if (!bytes) return bytes.error();
  auto ring = parse_ring(*bytes, passphrase);
  crypto::wipe(*bytes);
  return ring;
}

Result<void> save_key_file(const std::filesystem::path& path, const KeyRing& ring,
                           std::optional<ByteView> passphrase) {
  auto pem = encode_key_file(ring, passphrase);
  if (!pem) return pem.error();
  auto saved = write_guarded_file(path, as_bytes(*pem));
  crypto::wipe(std::span(reinterpret_cast<Byte*>(pem->data()), pem->size()));
  return saved;
}

Result<KeyRing> load_key_file(const std::filesystem::path& path,
                              std::optional<ByteView> passphrase) {
  auto text = read_key_file(path);
  if (!text) return text.error();
  auto ring = parse_key_file(as_text(*text), passphrase);
  crypto::wipe(*text);
  if (!ring) return ring.error().within(path.string());
  return ring;
}

Result<bool> key_file_is_sealed(const std::filesystem::path& path) {
  auto text = read_key_file(path);
  if (!text) return text.error();
  auto bytes = from_pem(kKeyLabel, as_text(*text));
  crypto::wipe(*text);
  if (!bytes) return bytes.error().within(path.string());
  auto sealed = ring_is_sealed(*bytes);
  crypto::wipe(*bytes);
  if (!sealed) return sealed.error().within(path.string());
  return sealed;
}

}  // namespace blo::identity
