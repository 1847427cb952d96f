#include "daemon/home.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/error_category.h"
#include "base/file.h"
#include "base/limits.h"
#include "identity/keyfile.h"

namespace blo::daemon {
namespace {

constexpr std::size_t kPassphraseBytesMax = 1'024;

const char* sentence(HomeError error) {
  switch (error) {
    case HomeError::kMissing:
      return "this is not an office's home; blo office create makes one, blo office install "
             "completes it";
    case HomeError::kOpenToOthers:
      return "other users may write here; set the folder's mode to 0750 or less";
    case HomeError::kInUse: return "another blod runs on this home";
    case HomeError::kMismatch: return "the certificate is not of the keys in office.key";
    case HomeError::kPassphraseFile:
      return "others than its owner may read or change the passphrase; set the file's mode to 0600";
    case HomeError::kHarden: return "the process could not be protected against core dumps";
  }
  return "unknown home error";
}

Result<identity::Certificate> load_certificate(const std::filesystem::path& path) {
  const auto text = read_file(path, limits::kSmallFileBytesMax);
  if (!text) {
    if (text.error() == FileError::kNotFound) return Error(HomeError::kMissing, path.string());
    return text.error();
  }
  auto certificate = identity::Certificate::parse_pem(as_text(*text));
  if (!certificate) return certificate.error().within(path.string());
  return certificate;
}

Result<std::optional<Bytes>> read_passphrase(const std::filesystem::path& path) {
  if (path.empty()) return std::optional<Bytes>();
  struct stat info {};
  if (::stat(path.c_str(), &info) == 0 && (info.st_mode & (S_IRWXG | S_IRWXO)) != 0) {
    return Error(HomeError::kPassphraseFile, path.string());
  }
  auto bytes = read_file(path, kPassphraseBytesMax);
  if (!bytes) return bytes.error();
  if (!bytes->empty() && bytes->back() == '\n') bytes->pop_back();
  return std::optional(std::move(*bytes));
}

}  // namespace

boost::system::error_code make_error_code(HomeError error) {
  static const ErrorCategory<HomeError, sentence> category("blo.home");
  return {static_cast<int>(error), category};
}

HomeLock::~HomeLock() {
  if (fd_ >= 0) ::close(fd_);
}

Result<HomeLock> HomeLock::take(const std::filesystem::path& home) {
  struct stat info {};
  if (::stat(home.c_str(), &info) != 0 || !S_ISDIR(info.st_mode))
    return Error(HomeError::kMissing, home.string());
  if ((info.st_mode & (S_IWGRP | S_IWOTH)) != 0)
    return Error(HomeError::kOpenToOthers, home.string());
  const auto path = home / "blod.lock";
  const int fd = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
  if (fd < 0) return Error(FileError::kFailed, path.string());
  HomeLock lock(fd);
  if (::flock(fd, LOCK_EX | LOCK_NB) != 0) return Error(HomeError::kInUse, home.string());
  return lock;
}

Result<office::OfficeKeys> load_keys(const std::filesystem::path& home,
                                     const std::filesystem::path& passphrase_file, WallTime now) {
  auto passphrase = read_passphrase(passphrase_file);
  if (!passphrase) return passphrase.error();
  auto ring = identity::load_key_file(
      home / "office.key", *passphrase ? std::optional<ByteView>(**passphrase) : std::nullopt);
  if (*passphrase) crypto::wipe(**passphrase);
  if (!ring) {
    if (ring.error() == FileError::kNotFound)
      return Error(HomeError::kMissing, (home / "office.key").string());
    return ring.error();
  }
  auto authority = load_certificate(home / "authority.pem");
  if (!authority) return authority.error();
  auto certificate = load_certificate(home / "office.pem");
  if (!certificate) return certificate.error();
  if (const auto trusted = identity::check_authority(*authority); !trusted) {
    return trusted.error().within("authority.pem");
  }
  if (const auto chain = identity::check_office(*authority, *certificate, now); !chain) {
    return chain.error().within("office.pem");
  }
  const auto ours = ring->public_keys();
  const auto& certified = certificate->details().keys;
  const bool same = std::ranges::equal(ours, certified, [](const auto& a, const auto& b) {
    return a.use == b.use && a.key == b.key;
  });
  const auto id = OfficeId::parse(certificate->details().subject);
  if (!same || !id || ring->subject != id->text() ||
      ring->network != certificate->details().network) {
    return Error(HomeError::kMismatch, (home / "office.pem").string());
  }
  return office::OfficeKeys{ring->network,
                            *id,
                            std::move(*authority),
                            std::move(*certificate),
                            ring->signing_key(identity::KeyUse::kIdentity),
                            ring->signing_key(identity::KeyUse::kReceipt),
                            ring->dh_key(identity::KeyUse::kTransport),
                            ring->store_key().clone()};
}

Result<void> harden_process() {
  const rlimit none{0, 0};
  if (::setrlimit(RLIMIT_CORE, &none) != 0 || ::prctl(PR_SET_DUMPABLE, 0) != 0)
    return HomeError::kHarden;
  return {};
}

}  // namespace blo::daemon
