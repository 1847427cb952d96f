#include "daemon/home.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>

#include "base/error_category.h"
#include "base/file.h"
#include "base/guarded_file.h"
#include "base/limits.h"
#include "identity/keyfile.h"
#include "identity/passphrase.h"

namespace blo::daemon {
namespace {

constexpr std::size_t kPassphraseBytesMax = 1'024;
/// The name of the credential in the unit: LoadCredentialEncrypted=blo-passphrase:…
constexpr const char* kCredential = "blo-passphrase";

const char* sentence(HomeError error) {
  switch (error) {
    case HomeError::kMissing:
      return "no office's home is here, for there is no office.key; blo office create makes one. "
             "Where its disk is not mounted yet, blod starts once it is";
    case HomeError::kInUse: return "another blod runs on this home";
    case HomeError::kMismatch: return "the certificate is not of the keys in office.key";
    case HomeError::kUnsealedKey:
      return "a key file without a passphrase does not go into a backup";
    case HomeError::kBackingUp: return "another backup is being written";
    case HomeError::kNoAccess: return "the user that blod runs as may not read and write it";
    case HomeError::kNotInstalled:
      return "the office has no certificate yet; blo office install completes its home";
    case HomeError::kNoFolder: return "an office's home is a folder, and this is none";
    case HomeError::kSocketPath:
      return "this path is too long for the control socket; set control_socket in blod.toml, for "
             "example to /run/blo/control.sock";
  }
  return "unknown home error";
}

Result<identity::Certificate> load_certificate(const std::filesystem::path& path) {
  if (const auto ok = check_access(path, R_OK); !ok) return ok.error();
  const auto text = read_guarded_file(path, limits::kSmallFileBytesMax, Readers::kAnyone);
  if (!text) {
    if (text.error() == FileError::kNotFound) return Error(HomeError::kNotInstalled, path.string());
    return text.error();
  }
  auto certificate = identity::Certificate::parse_pem(as_text(*text));
  if (!certificate) return certificate.error().within(path.string());
  return certificate;
}

/// Where systemd put the unit's credentials; empty where it did not.
std::filesystem::path credentials_folder() {
  const char* folder = std::getenv("CREDENTIALS_DIRECTORY");
  return folder == nullptr ? "" : folder;
}

/// The file that was named, or else the credential; none where there is neither.
Result<std::optional<Bytes>> read_passphrase(const std::filesystem::path& named) {
  const bool is_named = !named.empty();
  const auto folder = credentials_folder();
  if (!is_named && folder.empty()) return std::optional<Bytes>();
  const auto path = is_named ? named : folder / kCredential;
  if (const auto ok = check_access(path, R_OK); !ok) return ok.error();
  auto bytes = read_guarded_file(path, kPassphraseBytesMax,
                                 is_named ? Readers::kOwner : Readers::kCredential);
  if (!bytes) {
    if (!is_named && bytes.error() == FileError::kNotFound) return std::optional<Bytes>();
    return bytes.error().within("the passphrase of office.key");
  }
  return std::optional(identity::canonical_passphrase(std::move(*bytes)));
}

/// Before anything else is asked of the folder: a mount point without its disk may be anybody's.
Result<void> check_there(const std::filesystem::path& home) {
  const auto failed = [](const std::filesystem::path& path) -> Error {
    const int reason = errno;
    const std::string detail = path.string() + " (" + std::strerror(reason) + ")";
    if (reason == ENOENT) return {HomeError::kMissing, path.string()};
    if (reason == ENOTDIR || reason == ELOOP || reason == ENAMETOOLONG)
      return {HomeError::kNoFolder, detail};
    if (reason == EACCES) return {HomeError::kNoAccess, detail};
    return {FileError::kFailed, detail};
  };
  struct stat info {};
  if (::stat(home.c_str(), &info) != 0) return failed(home);
  if (!S_ISDIR(info.st_mode)) return Error(HomeError::kNoFolder, home.string());
  if (const auto ok = check_access(home, X_OK); !ok) return ok;
  const auto key = home / "office.key";
  if (::lstat(key.c_str(), &info) != 0) return failed(key);
  return {};
}

}  // namespace

/// Not of what is missing, nor of what a whole file system refuses: those say so when it comes to
/// opening them.
Result<void> check_access(const std::filesystem::path& path, int wanted) {
  if (::faccessat(AT_FDCWD, path.c_str(), wanted, AT_EACCESS) == 0 || errno != EACCES) return {};
  struct stat info {};
  const bool ours = ::stat(path.c_str(), &info) == 0 && info.st_uid == ::geteuid();
  const std::string remedy =
      ours ? "run: chmod u+rwX " + path.string()
           : "as root, run: chown " + std::to_string(::geteuid()) + " " + path.string();
  return Error(HomeError::kNoAccess, path.string() + " (" + remedy + ")");
}

Result<std::filesystem::path> control_socket_path(const std::filesystem::path& home,
                                                  const std::filesystem::path& configured) {
  constexpr std::size_t kBytesMax = sizeof(sockaddr_un::sun_path) - 1;
  auto path = configured.empty() ? home / "control.sock" : configured;
  const std::size_t bytes = path.native().size();
  if (bytes <= kBytesMax) return path;
  return Error(HomeError::kSocketPath, path.string() + " (" + std::to_string(bytes) +
                                           " bytes; at most " + std::to_string(kBytesMax) + ")");
}

boost::system::error_code make_error_code(HomeError error) {
  static const ErrorCategory<HomeError, sentence> category("blo.home");
  return {static_cast<int>(error), category};
}

HomeLock::~HomeLock() {
  if (fd_ >= 0) ::close(fd_);
}

Result<void> check_home(const std::filesystem::path& home) {
  if (auto ok = check_there(home); !ok) return ok;
  if (auto ok = check_guarded_folder(home); !ok) return ok;
  if (auto ok = check_access(home, R_OK | W_OK | X_OK); !ok) return ok;
  for (const char* secret : {"store.db", "store.db-wal", "store.db-journal", "office.key"}) {
    if (auto ok = check_guarded_file(home / secret, Readers::kOwner); !ok) return ok;
  }
  // As a copy that root made leaves them.
  for (const char* name : {"blod.lock", "store.db", "store.db-wal", "store.db-journal"}) {
    if (auto ok = check_access(home / name, R_OK | W_OK); !ok) return ok;
  }
  return check_access(home / "office.key", R_OK);
}

std::string how_to_give_passphrase() {
  const auto folder = credentials_folder();
  if (folder.empty()) {
    return "Give blod the file that holds it, --passphrase-file FILE, or the systemd credential " +
           std::string(kCredential) + " (LoadCredentialEncrypted= in the unit).";
  }
  return "There is no credential " + std::string(kCredential) + " in " + folder.string() +
         ": make it with systemd-creds encrypt --name=" + kCredential +
         ", name it in the unit (LoadCredentialEncrypted=), or give --passphrase-file FILE.";
}

Result<HomeLock> HomeLock::take(const std::filesystem::path& home) {
  const auto path = home / "blod.lock";
  int fd = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
  if (fd < 0 && errno == EROFS) fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
  if (fd < 0) return Error(FileError::kFailed, path.string() + " (" + std::strerror(errno) + ")");
  HomeLock lock(fd);
  if (::flock(fd, LOCK_EX | LOCK_NB) != 0) return Error(HomeError::kInUse, home.string());
  return lock;
}

Result<office::OfficeKeys> load_keys(const std::filesystem::path& home,
                                     const std::filesystem::path& passphrase_file) {
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
  // An office whose certificate is over is still read, and a clock that says so may be wrong: it
  // starts by a chain that held.
  const WallTime held =
      std::max(certificate->details().not_before, authority->details().not_before);
  if (const auto chain = identity::check_office(*authority, *certificate, held); !chain) {
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

}  // namespace blo::daemon
