// Where key holders listen: a folder that nobody but their user can put anything into.
#ifndef BLO_CLI_BLO_HOLDER_FOLDER_H
#define BLO_CLI_BLO_HOLDER_FOLDER_H

#include <optional>

#include "arguments.h"
#include "failure.h"

namespace blo::cli {

/// A folder of this user's with mode 0700, no link, below folders that nobody else may change:
/// "blo" in XDG_RUNTIME_DIR, which must be such a folder itself, else "run" beside the officers'
/// keys. Its path leaves room for a socket's name.
class HolderFolder {
 public:
  /// Makes it where it is missing. Failure: neither place will do.
  [[nodiscard]] static Outcome<HolderFolder> make();
  /// As make() found or made it.
  [[nodiscard]] static std::optional<HolderFolder> find();

  [[nodiscard]] const Path& path() const { return path_; }

 private:
  explicit HolderFolder(Path path) : path_(std::move(path)) {}
  Path path_;
};

/// Of a socket's name in a HolderFolder.
inline constexpr std::size_t kHolderNameBytesMax = 44;

}  // namespace blo::cli

#endif
