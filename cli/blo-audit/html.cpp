#include "html.h"

#include "base/terminal.h"
#include "crypto/base64.h"
#include "crypto/hash.h"

namespace blo::audit {
namespace {

constexpr std::string_view kStyle = R"(
:root { color-scheme: light; }
body { max-width: 52rem; margin: 2rem auto; padding: 0 1rem; color: #1c1c1c; background: #fff;
  font: 16px/1.5 "DejaVu Serif", Georgia, "Times New Roman", serif; }
h1 { font-size: 1.1rem; font-weight: normal; color: #555; margin: 0 0 1rem; }
h2 { font-size: 1.15rem; margin: 2rem 0 .5rem; border-bottom: 1px solid #bbb; }
.verdict { border: 2px solid; border-left-width: 1rem; padding: .8rem 1.2rem; }
.verdict strong { font-size: 1.5rem; display: block; }
.verdict p { margin: .3rem 0 0; }
.good { border-color: #1b6e3c; } .good strong { color: #1b6e3c; }
.careful { border-color: #a35c00; } .careful strong { color: #a35c00; }
.bad { border-color: #a8201a; } .bad strong { color: #a8201a; }
table { border-collapse: collapse; width: 100%; }
th { text-align: left; vertical-align: top; width: 11.5rem; padding: .3rem 1rem .3rem 0;
  font-weight: normal; color: #555; white-space: nowrap; }
td { vertical-align: top; padding: .3rem 0; overflow-wrap: anywhere; }
tr { border-top: 1px solid #e4e4e4; } tr:first-child { border-top: 0; }
tr:target { background: #fff3c4; }
pre { white-space: pre-wrap; overflow-wrap: anywhere; border: 1px solid #bbb; background: #f7f7f4;
  padding: .8rem 1rem; font: 14px/1.45 "DejaVu Sans Mono", monospace; }
.listing { border: 0; background: none; padding: 0; font-size: 11px; break-inside: auto; }
code { font: .85em/1.4 "DejaVu Sans Mono", monospace; }
@page { margin: 16mm; }
@media print {
  body { margin: 0; padding: 0; max-width: none; font-size: 11pt; }
  .verdict { print-color-adjust: exact; }
  .verdict, tr, pre { break-inside: avoid; } .listing { break-inside: auto; font-size: 7.5pt; }
  h2 { break-after: avoid; } th { width: 9.5rem; }
  a { color: inherit; text-decoration: none; }
}
)";

/// The page may load nothing, run nothing and look no other way, whatever is in it.
std::string head() {
  const std::string style = crypto::to_base64(crypto::sha256(as_bytes(kStyle)));
  return "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
         "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src "
         "'sha256-" +
         style +
         "'; base-uri 'none'; form-action 'none'\">\n"
         "<meta name=\"referrer\" content=\"no-referrer\">\n"
         "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
         "<style>" +
         std::string(kStyle) + "</style>\n";
}

std::string with_references(std::string_view text) {
  std::string html;
  html.reserve(text.size());
  for (const char c : text) {
    switch (c) {
      case '<': html += "&lt;"; break;
      case '>': html += "&gt;"; break;
      case '&': html += "&amp;"; break;
      case '"': html += "&quot;"; break;
      case '\'': html += "&#39;"; break;
      default: html += c;
    }
  }
  return html;
}

std::string_view css_class(Tone tone) {
  switch (tone) {
    case Tone::kGood: return "good";
    case Tone::kCareful: return "careful";
    case Tone::kBad: return "bad";
  }
  return "bad";
}

}  // namespace

std::string escaped(std::string_view text) { return with_references(terminal_safe(text)); }

std::string escaped_lines(std::string_view text) {
  return with_references(terminal_safe(text, Newlines::kKeep));
}

void HtmlPage::verdict(Tone tone, std::string_view sentence, std::string_view explanation) {
  end_table();
  verdict_ = sentence;
  body_ += "<div class=\"verdict " + std::string(css_class(tone)) + "\"><strong>" +
           escaped(sentence) + "</strong><p>" + escaped(explanation) + "</p></div>\n";
}

void HtmlPage::heading(std::string_view text) {
  end_table();
  body_ += "<h2>" + escaped(text) + "</h2>\n";
}

void HtmlPage::paragraph(std::string_view text) {
  end_table();
  body_ += "<p>" + escaped(text) + "</p>\n";
}

void HtmlPage::row(std::string_view label, std::string_view value) {
  row_html(label, escaped(value));
}

std::string HtmlPage::link(std::string_view anchor, std::string_view html) {
  return "<a href=\"#" + escaped(anchor) + "\">" + std::string(html) + "</a>";
}

void HtmlPage::row_html(std::string_view label, std::string_view html, std::string_view anchor) {
  if (!in_table_) body_ += "<table>\n";
  in_table_ = true;
  body_ += "<tr" + (anchor.empty() ? "" : " id=\"" + escaped(anchor) + "\"") +
           "><th scope=\"row\">" + escaped(label) + "</th><td>" + std::string(html) +
           "</td></tr>\n";
}

void HtmlPage::block(std::string_view text) {
  end_table();
  body_ += "<pre>" + escaped_lines(text) + "</pre>\n";
}

void HtmlPage::listing(std::string_view text) {
  end_table();
  body_ += "<pre class=\"listing\">" + escaped_lines(text) + "</pre>\n";
}

std::string HtmlPage::text() {
  end_table();
  return head() + "<title>" + escaped(verdict_.empty() ? title_ : verdict_ + " - " + title_) +
         "</title>\n</head>\n<body>\n<h1>" + escaped(title_) + "</h1>\n" + body_ +
         "</body>\n</html>\n";
}

void HtmlPage::end_table() {
  if (in_table_) body_ += "</table>\n";
  in_table_ = false;
}

}  // namespace blo::audit
