// What was typed; filled by arguments.cpp, which alone knows CLI11.
#ifndef BLO_CLI_BLO_AUDIT_ARGUMENTS_H
#define BLO_CLI_BLO_AUDIT_ARGUMENTS_H

#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "base/ids.h"
#include "journal/show_filter.h"

namespace CLI {
class App;
}

namespace blo::audit {

struct Arguments {
  std::filesystem::path folder;
  std::vector<std::filesystem::path> authorities;  // at least one
  bool json = false;
  std::optional<std::string> challenge;  // the text that was entered before the export
  std::optional<OfficeId> challenge_of;  // whose journals are to hold it; none: either office's
  std::vector<Origin> without;           // journals that are known not to be there
  std::filesystem::path html;            // empty: no page
};
struct EvidenceArguments {
  std::filesystem::path file;
  std::vector<std::filesystem::path> authorities;  // at least one
  bool json = false;
  std::filesystem::path html;        // empty: no page
  std::filesystem::path tlog_proof;  // empty: none
};
struct ForkArguments {
  std::filesystem::path file;
  std::vector<std::filesystem::path> authorities;  // at least one
  bool json = false;
};
struct ReconcileArguments {
  std::vector<std::filesystem::path> folders;      // two
  std::vector<std::filesystem::path> authorities;  // at least one
  bool json = false;
  std::filesystem::path html;  // empty: no page
};
struct ShowArguments {
  std::filesystem::path folder;
  std::optional<std::uint64_t> index;              // none: every entry
  std::optional<MessageNumber> number;             // whose entry `index` is; none: any journal's
  journal::ShowFilter filter;                      // without an index
  std::optional<Origin> journal;                   // none: every journal, or the only one
  std::vector<Origin> without;                     // journals that are known not to be there
  std::vector<std::filesystem::path> authorities;  // at least one
  bool json = false;
};
struct DiffArguments {
  std::vector<std::filesystem::path> folders;      // two: the earlier export and the later
  std::vector<std::filesystem::path> authorities;  // at least one
  bool json = false;
};
/// The text of --help or --version.
struct HelpText {
  std::string text;
};
/// What was wrong with the command line.
struct UsageError {
  std::string sentence;
};

using Parsed = std::variant<Arguments, EvidenceArguments, ForkArguments, ReconcileArguments,
                            ShowArguments, DiffArguments, HelpText, UsageError>;
[[nodiscard]] Parsed parse_arguments(int argc, const char* const* argv);

/// Lets `show` read the tree of commands, for the man page and the completion.
void show_parser(const std::function<void(const CLI::App&)>& show);

}  // namespace blo::audit

#endif
