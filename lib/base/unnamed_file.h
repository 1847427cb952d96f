// A file that appears under its name whole, or not at all.
#ifndef BLO_BASE_UNNAMED_FILE_H
#define BLO_BASE_UNNAMED_FILE_H

#include "base/descriptor.h"
#include "base/file.h"

namespace blo {

/// While it is written a new file has no name, so that the kernel takes it away with the program,
/// however that ends. Where the file system cannot do that, or a file is to be replaced, it has a
/// name of its own beside `path` (".part" and six characters) and mode 0600, and goes with this
/// object; only a kill leaves that behind. Where the file system keeps modes, that is: a secret is
/// written with write_guarded_file.
class UnnamedFile {
 public:
  /// For reading and writing. Errors: FileError.
  [[nodiscard]] static Result<UnnamedFile> create(const std::filesystem::path& path,
                                                  Overwrite overwrite);
  UnnamedFile(UnnamedFile&& other) noexcept;
  UnnamedFile& operator=(UnnamedFile&&) = delete;
  UnnamedFile(const UnnamedFile&) = delete;
  UnnamedFile& operator=(const UnnamedFile&) = delete;
  ~UnnamedFile();

  [[nodiscard]] int fd() const { return fd_.get(); }
  /// Gives it `mode`, where the file system keeps one, and its name, once; when this returns
  /// without error both are on the disk with everything written. kExists where the name is taken
  /// and is not to be replaced.
  [[nodiscard]] Result<void> place(unsigned mode);

 private:
  UnnamedFile(Descriptor fd, std::filesystem::path path, std::string part, Overwrite overwrite);
  Descriptor fd_;
  std::filesystem::path path_;
  std::string part_;  // its name so far; empty: none
  Overwrite overwrite_;
};

}  // namespace blo

#endif
