// What a file system can do with a new file, found by trying. FAT, exFAT and NTFS as sticks bear
// them, and some network file systems, keep no mode and no owner, and know no second name.
#ifndef BLO_BASE_FILE_SYSTEM_H
#define BLO_BASE_FILE_SYSTEM_H

#include <filesystem>

namespace blo::file_system {

/// Whether a mode that is given to the file open at `fd`, new and still empty, stays: it has mode
/// 0600 then. Any that its mount happens to show does not count.
[[nodiscard]] bool keeps_modes(int fd);
/// As keeps_modes, tried with a file in `folder` that goes at once; true, too, where none can be
/// made there, which says nothing.
[[nodiscard]] bool keeps_modes_in(const std::filesystem::path& folder);

/// Gives the open file a mode where the file system keeps modes, and else leaves it as the mount
/// shows it. False, with errno, where that failed for another reason.
[[nodiscard]] bool set_mode(int fd, unsigned mode);

/// Renames to a name that nothing bears: in one step, so that no crash leaves two names; else by a
/// second name; else, where a file has only one, over an empty file that is made to take the name.
/// False, with errno: EEXIST where something bears it.
[[nodiscard]] bool rename_new(const std::filesystem::path& from, const std::filesystem::path& to);

/// The folder's names are on the disk then, as far as the file system can be asked for that.
/// False, with errno.
[[nodiscard]] bool sync_folder(const std::filesystem::path& folder);

}  // namespace blo::file_system

#endif
