// A large file that appears under its name whole, or not at all.
#ifndef BLO_CLI_BLO_NEW_FILE_H
#define BLO_CLI_BLO_NEW_FILE_H

#include "arguments.h"
#include "base/descriptor.h"
#include "crypto/hash.h"
#include "failure.h"

namespace blo::cli {

/// Without a name until place(), where the file system can do that, so that nothing is left when
/// the program is killed; else with the name and ".part".
class NewFile {
 public:
  /// Mode 0600. Failures: `path` exists, or the folder cannot be written.
  [[nodiscard]] static Outcome<NewFile> create(const Path& path);
  NewFile(NewFile&& other) noexcept = default;
  NewFile& operator=(NewFile&&) = delete;
  NewFile(const NewFile&) = delete;
  NewFile& operator=(const NewFile&) = delete;
  ~NewFile();

  [[nodiscard]] Outcome<void> write(ByteView bytes);
  /// Everything written, as the disk gives it back.
  [[nodiscard]] Outcome<crypto::Hash> reread();
  /// Gives it its name, which nothing bears yet; both are on the disk then.
  [[nodiscard]] Outcome<void> place();

 private:
  NewFile(Descriptor fd, Path path, Path part)
      : fd_(std::move(fd)), path_(std::move(path)), part_(std::move(part)) {}
  [[nodiscard]] Failure failed() const;
  Descriptor fd_;
  Path path_;
  Path part_;  // its name so far; empty: none
};

}  // namespace blo::cli

#endif
