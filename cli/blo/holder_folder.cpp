#include "holder_folder.h"

#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <vector>

#include "base/guarded_file.h"
#include "layout.h"

namespace blo::cli {
namespace {

constexpr std::size_t kFolderBytesMax =
    sizeof(sockaddr_un::sun_path) - kHolderNameBytesMax - sizeof "/";

/// Empty where the folder itself, whatever is above it, is this user's alone; else what is wrong.
std::string what_is_not_private(const Path& folder) {
  struct stat info {};
  if (::lstat(folder.c_str(), &info) != 0)
    return folder.string() + " (" + std::strerror(errno) + ")";
  if (!S_ISDIR(info.st_mode)) return folder.string() + " is no folder; move it away";
  if (info.st_uid != ::geteuid()) return folder.string() + " belongs to another user";
  if ((info.st_mode & (S_IRWXG | S_IRWXO)) != 0)
    return folder.string() + " is open to others; run: chmod 700 " + folder.string();
  return {};
}

std::string what_is_wrong(const Path& folder) {
  if (folder.native().size() > kFolderBytesMax)
    return folder.string() + " is too long a path for a socket";
  if (auto wrong = what_is_not_private(folder); !wrong.empty()) return wrong;
  const auto guarded = check_guarded_folder(folder);
  return guarded ? std::string() : guarded.error().message();
}

/// The first that will do is taken.
std::vector<Path> places() {
  std::vector<Path> found;
  const char* runtime = std::getenv("XDG_RUNTIME_DIR");
  if (runtime != nullptr && *runtime == '/' && what_is_not_private(runtime).empty())
    found.push_back(Path(runtime) / "blo");
  std::error_code error;
  const auto officers = officers_folder();
  if (officers) found.push_back(std::filesystem::absolute(*officers, error) / "run");
  return found;
}

}  // namespace

Outcome<HolderFolder> HolderFolder::make() {
  std::string wrong = "neither XDG_RUNTIME_DIR nor HOME names one";
  for (const Path& folder : places()) {
    ::mkdir(folder.c_str(), 0700);  // what could not be made is not there to be looked at
    wrong = what_is_wrong(folder);
    if (wrong.empty()) return HolderFolder(folder);
  }
  return Failure{ExitCode::kFailed, "key-holder",
                 "The key holder has no folder that is this user's alone: " + wrong + ".",
                 "Mend it as it says, or set XDG_RUNTIME_DIR to a folder of yours with mode 0700. "
                 "Until then each command asks for the passphrase."};
}

std::optional<HolderFolder> HolderFolder::find() {
  for (const Path& folder : places()) {
    if (what_is_wrong(folder).empty()) return HolderFolder(folder);
  }
  return std::nullopt;
}

}  // namespace blo::cli
