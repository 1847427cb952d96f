// Reads an export that nobody vouches for: by relative paths under one folder, following no
// symbolic link, opening nothing but regular files and folders.
#ifndef BLO_JOURNAL_EXPORT_FILES_H
#define BLO_JOURNAL_EXPORT_FILES_H

#include <filesystem>
#include <functional>
#include <map>

#include "base/descriptor.h"
#include "base/file.h"
#include "crypto/hash.h"

namespace blo::journal {

enum class FileKind { kRegular, kFolder, kOther };

/// Called for each name in a folder, "." and ".." left out. The name is as hostile as its maker.
using NameSink = std::function<void(const std::string& name, FileKind kind)>;

class ExportFiles {
 public:
  /// The folder itself may be reached through links: it is the caller's choice.
  [[nodiscard]] static Result<ExportFiles> open(const std::filesystem::path& folder);

  /// The folder's descriptor: what a sandbox leaves readable.
  [[nodiscard]] int descriptor() const { return folder_.get(); }

  /// Errors: FileError.
  [[nodiscard]] Result<Bytes> read(const std::string& path, std::size_t bytes_max) const;
  [[nodiscard]] Result<void> list(const std::string& path, const NameSink& sink) const;

  /// SHA-256 of each file that was read whole, by its path: as it was the first time.
  using Digests = std::map<std::string, crypto::Hash>;
  [[nodiscard]] const Digests& digests() const { return digests_; }

 private:
  explicit ExportFiles(Descriptor folder) : folder_(std::move(folder)) {}
  Result<Descriptor> open_at(const std::string& path, int last_flags) const;

  Descriptor folder_;
  mutable Digests digests_;  // one thread at a time reads
};

}  // namespace blo::journal

#endif
