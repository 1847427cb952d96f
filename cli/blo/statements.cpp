#include "statements.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include "base/file.h"
#include "base/ids.h"
#include "keys.h"

namespace blo::cli {
namespace {

/// The folder's lock, for as long as this lives: two certificates never get one number.
class FolderLock {
 public:
  explicit FolderLock(const Path& folder)
      : fd_(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)),
        held_(fd_ >= 0 && ::flock(fd_, LOCK_EX) == 0) {}
  FolderLock(const FolderLock&) = delete;
  FolderLock& operator=(const FolderLock&) = delete;
  ~FolderLock() {
    if (fd_ >= 0) ::close(fd_);
  }
  [[nodiscard]] bool held() const { return held_; }

 private:
  int fd_;
  bool held_;
};

}  // namespace

Outcome<std::uint64_t> take_statement(const AuthorityLayout& authority) {
  const FolderLock lock(authority.folder);
  if (!lock.held()) return failure_from(Error(FileError::kFailed, authority.folder.string()));
  const auto text = load_text(authority.statements);
  if (!text) return text.error();
  const auto last = text->ends_with('\n')
                        ? parse_decimal(std::string_view(*text).substr(0, text->size() - 1))
                        : std::nullopt;
  if (!last || *last == UINT64_MAX) {
    return Failure{ExitCode::kFailed, "statements",
                   authority.statements.string() + " does not hold the last statement's number.",
                   "Write into it the highest statement number this authority ever issued, as one "
                   "decimal line."};
  }
  const std::string next = std::to_string(*last + 1) + "\n";
  const auto written = write_file(authority.statements, as_bytes(next), 0644, Overwrite::kYes);
  if (!written) return failure_from(written.error());
  return *last + 1;
}

}  // namespace blo::cli
