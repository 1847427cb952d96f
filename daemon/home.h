// The office's home: keys and certificates read and checked, one daemon at a time.
#ifndef BLO_DAEMON_HOME_H
#define BLO_DAEMON_HOME_H

#include "office/office.h"

namespace blo::daemon {

enum class HomeError { kMissing = 1, kInUse, kMismatch, kUnsealedKey, kBackingUp, kNoAccess };
[[nodiscard]] boost::system::error_code make_error_code(HomeError error);

/// The folder, the store in it and the certificates are such that nobody but this user or root
/// could have put or changed them, and this user may work with them. Errors: kMissing, kNoAccess;
/// GuardError.
[[nodiscard]] Result<void> check_home(const std::filesystem::path& home);

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

/// office.key, office.pem and authority.pem; the chain holds now and the certificate is of these
/// very keys.
/// `passphrase_file` opens a sealed office.key: one line in a file nobody but its owner may read.
/// Without one, the systemd credential does, where there is one.
[[nodiscard]] Result<office::OfficeKeys> load_keys(const std::filesystem::path& home,
                                                   const std::filesystem::path& passphrase_file,
                                                   WallTime now);

/// What to do when office.key is sealed and nothing was there to open it with.
[[nodiscard]] std::string how_to_give_passphrase();

}  // namespace blo::daemon

template <>
struct boost::system::is_error_code_enum<blo::daemon::HomeError> : std::true_type {};

#endif
