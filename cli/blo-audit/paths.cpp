#include "paths.h"

#include "journal/export_layout.h"

namespace blo::audit {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kNamesMax = 10'000;  // looked at in one folder

bool is_journal_name(const fs::path& name) {
  return journal::parse_export_folder(name.string()).has_value();
}

/// The folders in a folder, without following links; none where it cannot be read.
std::vector<fs::path> folders_in(const fs::path& folder) {
  std::vector<fs::path> folders;
  std::error_code failed;
  std::size_t seen = 0;
  for (fs::directory_iterator at(folder, failed), end; !failed && at != end && ++seen < kNamesMax;
       at.increment(failed)) {
    std::error_code unknown;
    if (at->symlink_status(unknown).type() == fs::file_type::directory)
      folders.push_back(at->path());
  }
  return folders;
}

bool holds_journals(const fs::path& folder) {
  const auto folders = folders_in(folder);
  return std::ranges::any_of(folders,
                             [](const fs::path& one) { return is_journal_name(one.filename()); });
}

/// The folder that holds the journal's folder in which `folder` lies, or which it is; empty: none.
fs::path export_around(const fs::path& folder) {
  std::error_code failed;
  fs::path around = fs::canonical(folder, failed);
  for (; !failed && around.has_relative_path(); around = around.parent_path()) {
    if (is_journal_name(around.filename())) return around.parent_path();
  }
  return {};
}

/// A journal's folder that somebody renamed.
bool looks_like_a_journal(const fs::path& folder) {
  std::error_code failed;
  return fs::exists(folder / "checkpoint", failed) &&
         fs::exists(folder / "certificates.pem", failed);
}

std::optional<UsageError> wrong_export(const fs::path& given) {
  std::error_code failed;
  const std::string name = given.string();
  const auto type = fs::status(given, failed).type();
  if (failed || type == fs::file_type::not_found || type == fs::file_type::none)
    return std::nullopt;
  if (type != fs::file_type::directory)
    return UsageError{name +
                      " is no folder; give the folder that blo journal export wrote (one "
                      "message's evidence is judged by blo-audit evidence)"};
  if (holds_journals(given)) return std::nullopt;
  const fs::path around = export_around(given);
  if (!around.empty())
    return UsageError{
        name + " lies within an export; give the folder of all its journals: " + around.string()};
  if (looks_like_a_journal(given))
    return UsageError{name +
                      " is the folder of one journal under another name; give a folder that "
                      "holds it as it was exported, such as live_UZ-OYBEK_TJ-FOTEHOBOD_1"};
  for (const fs::path& inner : folders_in(given)) {
    if (holds_journals(inner))
      return UsageError{name + " holds exports and is none; give one of them, such as " +
                        inner.string()};
  }
  return std::nullopt;
}

std::optional<UsageError> wrong_file(const fs::path& given, const std::string& what) {
  std::error_code failed;
  if (!fs::is_directory(given, failed)) return std::nullopt;
  return UsageError{given.string() + " is a folder; give " + what +
                    " (an export's folder is judged by blo-audit verify)"};
}

struct WrongPath {
  std::optional<UsageError> operator()(const Arguments& given) const {
    return wrong_export(given.folder);
  }
  std::optional<UsageError> operator()(const ShowArguments& given) const {
    return wrong_export(given.folder);
  }
  std::optional<UsageError> operator()(const ReconcileArguments& given) const {
    return wrong_exports(given.folders);
  }
  std::optional<UsageError> operator()(const DiffArguments& given) const {
    return wrong_exports(given.folders);
  }
  std::optional<UsageError> operator()(const EvidenceArguments& given) const {
    return wrong_file(given.file, "the file that blo evidence wrote");
  }
  std::optional<UsageError> operator()(const ForkArguments& given) const {
    return wrong_file(given.file, "the file that blo alarms --evidence wrote");
  }
  std::optional<UsageError> operator()(const HelpText&) const { return std::nullopt; }
  std::optional<UsageError> operator()(const UsageError&) const { return std::nullopt; }

  static std::optional<UsageError> wrong_exports(const std::vector<fs::path>& folders) {
    for (const fs::path& folder : folders) {
      if (auto wrong = wrong_export(folder)) return wrong;
    }
    return std::nullopt;
  }
};

}  // namespace

std::optional<UsageError> wrong_path(const Parsed& parsed) {
  return std::visit(WrongPath{}, parsed);
}

}  // namespace blo::audit
