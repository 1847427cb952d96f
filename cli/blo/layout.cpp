#include "layout.h"

#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <cstring>

namespace blo::cli {
namespace {

constexpr std::size_t kNameCharactersMax = 32;

bool is_lower_or_digit(char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); }

bool is_officer_name(const std::string& name) {
  return !name.empty() && name.size() <= kNameCharactersMax && is_lower_or_digit(name.front()) &&
         std::ranges::all_of(
             name, [](char c) { return is_lower_or_digit(c) || c == '.' || c == '_' || c == '-'; });
}

}  // namespace

Outcome<Path> officers_folder() {
  if (const char* given = std::getenv("BLO_OFFICERS"); given != nullptr && *given != '\0') {
    return Path(given);
  }
  if (const char* home = std::getenv("HOME"); home != nullptr && *home != '\0') {
    return Path(home) / ".config" / "blo" / "officers";
  }
  return usage("Neither BLO_OFFICERS nor HOME says where officers' keys lie.",
               "Set BLO_OFFICERS to the folder.");
}

Outcome<OfficerLayout> officer_layout(const std::string& name) {
  if (!is_officer_name(name)) {
    return usage("'" + name + "' cannot be the name of a key.",
                 "Use up to 32 of a-z, 0-9, dot, dash and underscore, beginning with a letter or "
                 "digit.");
  }
  const auto folder = officers_folder();
  if (!folder) return folder.error();
  return OfficerLayout(*folder, name);
}

Outcome<std::vector<std::string>> officer_names() {
  const auto folder = officers_folder();
  if (!folder) return folder.error();
  std::vector<std::string> names;
  std::error_code error;
  std::filesystem::directory_iterator entry(*folder, error);
  while (!error && entry != std::filesystem::directory_iterator()) {
    const Path& path = entry->path();
    if (path.extension() == ".key" && is_officer_name(path.stem().string())) {
      names.push_back(path.stem().string());
    }
    entry.increment(error);
  }
  if (error && error != std::errc::no_such_file_or_directory) {
    return Failure{ExitCode::kFailed, "file-failed",
                   folder->string() + " could not be read (" + error.message() + ").",
                   "Check its permissions."};
  }
  std::ranges::sort(names);
  return names;
}

Outcome<void> make_folder(const Path& folder) {
  Path so_far;
  for (const Path& part : folder.lexically_normal()) {
    so_far /= part;
    if (part.empty() || ::mkdir(so_far.c_str(), 0700) == 0 || errno == EEXIST) continue;
    return Failure{ExitCode::kFailed, "file-failed",
                   so_far.string() + " could not be made (" + std::strerror(errno) + ").",
                   "Check the path and the permissions of the folder above it."};
  }
  return {};
}

}  // namespace blo::cli
