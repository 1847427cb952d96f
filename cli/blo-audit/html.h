// Pages for people who open a file in a browser: no script, nothing loaded, every text escaped.
#ifndef BLO_CLI_BLO_AUDIT_HTML_H
#define BLO_CLI_BLO_AUDIT_HTML_H

#include <string>
#include <string_view>

namespace blo::audit {

/// Text from anywhere as text of a page or of a quoted attribute: what could control, reorder or
/// hide is shown (base/terminal), then `<`, `>`, `&`, `"` and `'` are written as references.
[[nodiscard]] std::string escaped(std::string_view text);
/// As `escaped`, lines kept: for `<pre>`.
[[nodiscard]] std::string escaped_lines(std::string_view text);

/// What a verdict looks like.
enum class Tone { kGood, kCareful, kBad };

/// A whole page, piece by piece. Arguments named `html` are markup made of escaped parts; all
/// others are text and are escaped here.
class HtmlPage {
 public:
  explicit HtmlPage(std::string_view title) : title_(title) {}

  /// The first thing on the page, and in the title of its window.
  void verdict(Tone tone, std::string_view sentence, std::string_view explanation);
  void heading(std::string_view text);
  void paragraph(std::string_view text);
  /// One row of the table under way; the next piece of another kind ends the table.
  void row(std::string_view label, std::string_view value);
  /// `anchor`, of letters, digits, `-` and `_`: where link() leads; empty: nowhere.
  void row_html(std::string_view label, std::string_view html, std::string_view anchor = {});
  /// Markup that leads to a row of the same page.
  [[nodiscard]] static std::string link(std::string_view anchor, std::string_view html);
  /// Lines as they are, in a frame.
  void block(std::string_view text);

  /// As `block`, smaller, and over as many pages as it takes.
  void listing(std::string_view text);

  /// The page; it needs no other file.
  [[nodiscard]] std::string text();

 private:
  void end_table();

  std::string title_;
  std::string verdict_;
  std::string body_;
  bool in_table_ = false;
};

}  // namespace blo::audit

#endif
