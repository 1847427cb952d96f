// The only way to a user's terminal: what is written here cannot drive it.
#ifndef BLO_CLI_BLO_REPORT_H
#define BLO_CLI_BLO_REPORT_H

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "failure.h"
#include "json.h"

namespace blo::cli {

/// Text as a terminal may have it, and all that can be written to one. A std::string is taken to be
/// somebody else's (a name, a content, a reason, a counterpart's sentence) and comes in with
/// whatever could drive a terminal or add a line made visible; a literal is this program's own word
/// and keeps its newlines. So nothing has to be remembered where a field is shown: text of several
/// lines is built of literals and fields with +, and a field cannot begin a line.
class Shown {
 public:
  Shown() = default;
  Shown(const char* own) : text_(own) {}
  Shown(std::string_view field);
  Shown(const std::string& field) : Shown(std::string_view(field)) {}

  /// What has lines of its own, and stands apart: a message rendered for reading, a page of help.
  [[nodiscard]] static Shown lines(std::string_view text);

  Shown& operator+=(const Shown& more) {
    text_ += more.text_;
    return *this;
  }
  friend Shown operator+(Shown a, const Shown& b) { return std::move(a += b); }
  /// Still safe when it comes in again as a field, its newlines made visible.
  [[nodiscard]] const std::string& text() const { return text_; }

 private:
  std::string text_;
};

/// Writes `text` and a newline to stdout.
void say(const Shown& text);
/// As `say`, to stderr.
void warn(const Shown& text);

/// One JSON value on a line of its own on stdout.
void print(const Json& json);

/// Why the command ends: for people on stderr, with `json` as {"error": …} on stdout.
void complain(const Failure& failure, bool json);

/// The lines of the terminal that stdout is; nothing where it is none.
[[nodiscard]] std::optional<std::uint32_t> terminal_lines();

/// Flushes stdout; false when something could not be written (a full disk, a closed pipe).
[[nodiscard]] bool all_written();

}  // namespace blo::cli

#endif
