#include "report.h"

#include <sys/ioctl.h>
#include <unistd.h>

#include <cstdio>

#include "base/terminal.h"

namespace blo::cli {
namespace {

void write_line(std::FILE* to, const Shown& text) {
  // Once more, for the program's own words: a literal may have been made of something.
  std::string line = terminal_safe(text.text(), Newlines::kKeep);
  line += '\n';
  std::fwrite(line.data(), 1, line.size(), to);
  std::fflush(to);
}

}  // namespace

Shown::Shown(std::string_view field) : text_(terminal_safe(field)) {}

Shown Shown::lines(std::string_view text) {
  Shown shown;
  shown.text_ = terminal_safe(text, Newlines::kKeep);
  return shown;
}

void say(const Shown& text) { write_line(stdout, text); }
void warn(const Shown& text) { write_line(stderr, text); }

void print(const Json& json) {
  const std::string line = json.text() + '\n';
  std::fwrite(line.data(), 1, line.size(), stdout);
  std::fflush(stdout);
}

void complain(const Failure& failure, bool json) {
  if (json) {
    print(Json::object({{"error", Json::object({{"exitCode", static_cast<unsigned>(failure.code)},
                                                {"reason", failure.reason},
                                                {"sentence", failure.sentence},
                                                {"nextStep", failure.next_step}})}}));
    return;
  }
  warn("blo: " + failure.sentence);
  if (!failure.next_step.empty()) warn("     " + failure.next_step);
}

std::optional<std::uint32_t> terminal_lines() {
  winsize size{};
  if (::isatty(STDOUT_FILENO) == 0 || ::ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0 ||
      size.ws_row == 0)
    return std::nullopt;
  return size.ws_row;
}

bool all_written() { return std::fflush(stdout) == 0 && std::ferror(stdout) == 0; }

}  // namespace blo::cli
