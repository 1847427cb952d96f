#include "identity/keyfile.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "base/file.h"
#include "base/limits.h"
#include "identity/keyfile_codec.h"
#include "identity/pem.h"

namespace blo::identity {
namespace {

Error failed(const std::filesystem::path& path, int reason) {
  const auto code = reason == ENOENT ? FileError::kNotFound : FileError::kFailed;
  return {code, path.string() + " (" + std::strerror(reason) + ")"};
}

/// What ssh asks of a private key: a regular file, ours or root's, that nobody else may touch.
Result<void> check_permissions(int fd, const std::filesystem::path& path, std::size_t& bytes) {
  struct stat info {};
  if (::fstat(fd, &info) != 0) return failed(path, errno);
  const bool ours = info.st_uid == ::geteuid() || info.st_uid == 0;
  if (!S_ISREG(info.st_mode) || !ours || (info.st_mode & 077U) != 0) {
    return Error(IdentityError::kPermissions, path.string());
  }
  if (info.st_size < 0 || static_cast<std::uint64_t>(info.st_size) > limits::kSmallFileBytesMax) {
    return Error(FileError::kTooLarge, path.string());
  }
  bytes = static_cast<std::size_t>(info.st_size);
  return {};
}

/// Reads into one allocation, so that one wipe is enough.
Result<Bytes> read_all(int fd, const std::filesystem::path& path) {
  std::size_t size = 0;
  if (auto ok = check_permissions(fd, path, size); !ok) return ok.error();
  Bytes bytes(size);
  std::size_t at = 0;
  while (at < size) {
    const ssize_t got = ::read(fd, bytes.data() + at, size - at);
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) {
      const int reason = got < 0 ? errno : EIO;
      crypto::wipe(bytes);
      return failed(path, reason);
    }
    at += static_cast<std::size_t>(got);
  }
  return bytes;
}

/// The permissions are those of the file that is read: it is opened first and asked then.
Result<Bytes> read_key_file(const std::filesystem::path& path) {
  const int fd = ::open(path.c_str(), O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK);
  if (fd < 0 && errno == ELOOP) return Error(IdentityError::kPermissions, path.string());
  if (fd < 0) return failed(path, errno);
  auto bytes = read_all(fd, path);
  ::close(fd);
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
  auto saved = write_file(path, as_bytes(*pem), 0600, Overwrite::kNo);
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
