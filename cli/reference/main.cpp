// Built and run with the programs, installed with none: writes their man pages and completions from
// the parsers that they use themselves.
#include <cstdio>
#include <functional>

#include "base/file.h"
#include "base/limits.h"
#include "base/version.h"
#include "cli/blo-audit/arguments.h"
#include "cli/blo/arguments.h"
#include "cli/reference/completion.h"
#include "cli/reference/man.h"
#include "daemon/arguments.h"

namespace blo::reference {
namespace {

struct Program {
  const char* name;
  const char* section;
  void (*show)(const std::function<void(const CLI::App&)>&);
};
constexpr Program kPrograms[] = {{"blo", "1", cli::show_parser},
                                 {"blo-audit", "1", audit::show_parser},
                                 {"blod", "8", daemon::show_parser}};

Result<void> write(const std::filesystem::path& path, const std::string& text) {
  std::error_code ignored;
  std::filesystem::create_directories(path.parent_path(), ignored);
  return write_file(path, as_bytes(text), 0644, Overwrite::kYes);
}

/// `rests`: the folder with what no parser knows, NAME.man.
Result<void> write_all(const Program& program, const std::filesystem::path& out,
                       const std::filesystem::path& rests, const std::string& date) {
  Command tree;
  program.show([&](const CLI::App& app) { tree = read_tree(app); });
  const std::string name = program.name;
  tree.name = name;
  const auto rest = read_file(rests / (name + ".man"), limits::kSmallFileBytesMax);
  if (!rest) return rest.error();
  const ManPage page{program.section, date, std::string(version()), std::string(as_text(*rest))};
  const auto written = write(out / "man" / (name + "." + program.section), man_page(tree, page));
  if (!written) return written.error();
  return write(out / "completions" / name, bash_completion(tree));
}

}  // namespace
}  // namespace blo::reference

/// blo_reference OUT RESTS DATE
int main(int argc, char** argv) {
  if (argc != 4) return 2;
  for (const auto& program : blo::reference::kPrograms) {
    const auto written = blo::reference::write_all(program, argv[1], argv[2], argv[3]);
    if (written) continue;
    std::fprintf(stderr, "blo_reference: %s\n", written.error().message().c_str());
    return 1;
  }
  return 0;
}
