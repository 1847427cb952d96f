// A large file that appears under its name whole, or not at all.
#ifndef BLO_CLI_BLO_NEW_FILE_H
#define BLO_CLI_BLO_NEW_FILE_H

#include "arguments.h"
#include "base/unnamed_file.h"
#include "crypto/hash.h"
#include "failure.h"

namespace blo::cli {

/// As UnnamedFile, with what a command says where it fails.
class NewFile {
 public:
  /// Mode 0600. Failures: `path` exists, or the folder cannot be written.
  [[nodiscard]] static Outcome<NewFile> create(const Path& path);

  [[nodiscard]] Outcome<void> write(ByteView bytes);
  /// Everything written, as the disk gives it back.
  [[nodiscard]] Outcome<crypto::Hash> reread();
  /// Gives it its name, which nothing bears yet; both are on the disk then.
  [[nodiscard]] Outcome<void> place();

 private:
  NewFile(UnnamedFile file, Path path) : file_(std::move(file)), path_(std::move(path)) {}
  [[nodiscard]] Failure failed(int reason) const;
  UnnamedFile file_;
  Path path_;
};

}  // namespace blo::cli

#endif
