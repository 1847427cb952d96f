// Small files, read bounded and written whole.
#ifndef BLO_BASE_FILE_H
#define BLO_BASE_FILE_H

#include <filesystem>

#include "base/bytes.h"
#include "base/result.h"

namespace blo {

enum class FileError { kNotFound = 1, kTooLarge, kNotRegular, kExists, kFailed };
[[nodiscard]] boost::system::error_code make_error_code(FileError error);

/// The whole of a regular file of at most `bytes_max` bytes.
[[nodiscard]] Result<Bytes> read_file(const std::filesystem::path& path, std::size_t bytes_max);

enum class Overwrite { kNo, kYes };

/// Writes `bytes` to an UnnamedFile, syncs it, puts it into its place and syncs the folder: after a
/// crash there is the old file, or the new one whole, and of one that is new no part. `mode` is the
/// file's permissions (0600, 0644).
[[nodiscard]] Result<void> write_file(const std::filesystem::path& path, ByteView bytes,
                                      unsigned mode, Overwrite overwrite);

}  // namespace blo

template <>
struct boost::system::is_error_code_enum<blo::FileError> : std::true_type {};

#endif
