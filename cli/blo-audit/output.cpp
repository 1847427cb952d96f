#include "output.h"

#include <fcntl.h>

#include "base/file.h"

namespace blo::audit {

Result<Descriptor> open_output(const std::filesystem::path& path) {
  Descriptor file(
      path.empty()
          ? -1
          : ::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0600));
  if (!path.empty() && !file.ok()) return Error(FileError::kFailed, path.string());
  return file;
}

Result<void> write_output(const Descriptor& file, const std::string& text) {
  if (!file.ok() || write_all(file.get(), as_bytes(text))) return {};
  return Error(FileError::kFailed, "what was asked for beside the verdict");
}

}  // namespace blo::audit
