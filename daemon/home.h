// The office's home: keys and certificates read and checked, one daemon at a time.
#ifndef BLO_DAEMON_HOME_H
#define BLO_DAEMON_HOME_H

#include "office/office.h"

namespace blo::daemon {

enum class HomeError {
  kMissing = 1,  // no folder, or no office.key in it: never made, or its disk is not mounted
  kInUse,
  kMismatch,
  kUnsealedKey,
  kBackingUp,
  kNoAccess,
  kNotInstalled,  // office.key is there and a certificate is not
  kNoFolder,
  kSocketPath,  // longer than a Unix socket's can be
};
[[nodiscard]] boost::system::error_code make_error_code(HomeError error);

/// There is an office.key, and the folder, the store in it and the certificates are such that
/// nobody but this user or root could have put or changed them, and this user may work with them.
/// Errors: kMissing, kNoFolder, kNoAccess; GuardError; FileError::kFailed.
[[nodiscard]] Result<void> check_home(const std::filesystem::path& home);

/// Where the control socket lies: at `configured`, or in the home where that is empty. kSocketPath:
/// neither bind() nor connect() can name it.
[[nodiscard]] Result<std::filesystem::path> control_socket_path(
    const std::filesystem::path& home, const std::filesystem::path& configured);

/// A file that this user may not read or write, as HomeError::kNoAccess says it, with what mends
/// it; nothing where access is not what is wrong. `wanted`: R_OK, W_OK, X_OK of unistd.h.
[[nodiscard]] Result<void> check_access(const std::filesystem::path& path, int wanted);

/// Held for as long as the daemon runs; the kernel lets go of it whatever happens.
class HomeLock {
 public:
  /// kInUse when another blod holds it.
  [[nodiscard]] static Result<HomeLock> take(const std::filesystem::path& home);
  HomeLock(HomeLock&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  HomeLock& operator=(HomeLock&&) = delete;
  HomeLock(const HomeLock&) = delete;
  HomeLock& operator=(const HomeLock&) = delete;
  ~HomeLock();

 private:
  explicit HomeLock(int fd) : fd_(fd) {}
  int fd_;
};

/// office.key, office.pem and authority.pem; the chain holds, by whatever clock, and the
/// certificate is of these very keys. Whether it holds now is office::clock_doubt()'s to say: a
/// clock that is wrong stops no start. kNotInstalled, kMismatch; FileError, GuardError,
/// identity::IdentityError.
/// `passphrase_file` opens a sealed office.key: one line in a file nobody but its owner may read.
/// Without one, the systemd credential does, where there is one.
[[nodiscard]] Result<office::OfficeKeys> load_keys(const std::filesystem::path& home,
                                                   const std::filesystem::path& passphrase_file);

/// What to do when office.key is sealed and nothing was there to open it with.
[[nodiscard]] std::string how_to_give_passphrase();

}  // namespace blo::daemon

template <>
struct boost::system::is_error_code_enum<blo::daemon::HomeError> : std::true_type {};

#endif
