// The folder an export is written into, and nowhere else.
#ifndef BLO_CLI_BLO_EXPORT_FOLDER_H
#define BLO_CLI_BLO_EXPORT_FOLDER_H

#include "arguments.h"
#include "base/descriptor.h"
#include "failure.h"

namespace blo::cli {

/// An open folder that was new or empty. Every step below it refuses symbolic links, and no file
/// is ever replaced.
class ExportFolder {
 public:
  [[nodiscard]] static Outcome<ExportFolder> open(const Path& path);

  /// `path` must pass control::export_path_parts.
  [[nodiscard]] Outcome<void> write(std::string_view path, ByteView contents);
  /// Everything written is on the disk when this succeeds.
  [[nodiscard]] Outcome<void> sync();

 private:
  ExportFolder(int fd, Path path) : fd_(fd), path_(std::move(path)) {}
  Descriptor fd_;
  Path path_;
};

}  // namespace blo::cli

#endif
