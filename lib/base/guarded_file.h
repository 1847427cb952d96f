// Files whose reader relies on who else may touch them: keys, passphrases, configuration, store.
// What could not be read again for that is not written in the first place.
#ifndef BLO_BASE_GUARDED_FILE_H
#define BLO_BASE_GUARDED_FILE_H

#include <filesystem>

#include "base/bytes.h"
#include "base/result.h"

namespace blo {

/// The detail of each names the path, or all folders of one, and what mends it, a command where one
/// does; of kUnguardable, where no command changes a mode, what to do instead.
enum class GuardError { kLink = 1, kNotRegular, kForeign, kWritable, kReadable, kUnguardable };
[[nodiscard]] boost::system::error_code make_error_code(GuardError error);

/// Who may read a guarded file. Only its owner may ever change it.
enum class Readers {
  kAnyone,
  kOwner,       // a secret: mode 0600 or less
  kCredential,  // as kOwner; or root's file with mode 0440 of group root, as systemd leaves it
                // where an access list, whose mask stands in the group's bits, opens it to the
                // service
};

/// Like ssh: a regular file with one name, no symbolic link, of this process's user or of root,
/// that nobody else may change, in folders that nobody else may change. For root the owner of the
/// folder is as good, so that root may look after another user's home.
/// Reads into one allocation, which is wiped where reading fails; the caller wipes a secret.
/// Errors: GuardError; FileError kNotFound, kTooLarge, kFailed.
[[nodiscard]] Result<Bytes> read_guarded_file(const std::filesystem::path& path,
                                              std::size_t bytes_max, Readers readers);

/// As read_guarded_file, without reading; a file that does not exist is well guarded by its folder.
[[nodiscard]] Result<void> check_guarded_file(const std::filesystem::path& path, Readers readers);

/// A secret as read_guarded_file reads it: a new file with mode 0600, or none. Errors:
/// kUnguardable; as write_file's.
[[nodiscard]] Result<void> write_guarded_file(const std::filesystem::path& path, ByteView bytes);

/// Whether write_guarded_file could put a secret into `folder` and read_guarded_file would take it
/// from there; of a folder that is not there yet, those above it that are.
[[nodiscard]] Result<void> check_place_for_secrets(const std::filesystem::path& folder);

/// The folder and all above it belong to this user or root, and nobody else may change them; those
/// above may be such as /tmp, where everyone makes files and nobody moves another's.
[[nodiscard]] Result<void> check_guarded_folder(const std::filesystem::path& folder);

/// The folder belongs to `owner`, and nobody but that user, this one and root may change it or
/// those above it, which may be such as /tmp.
[[nodiscard]] Result<void> check_folder_of(const std::filesystem::path& folder, unsigned owner);

}  // namespace blo

template <>
struct boost::system::is_error_code_enum<blo::GuardError> : std::true_type {};

#endif
