#include "base/terminal.h"
#include "evidence.h"

namespace blo::audit {
namespace {

constexpr std::size_t kLabelChars = 22;

}  // namespace

std::string evidence_text(const JudgedEvidence& judged) {
  const Story story = tell(judged);
  std::string text = terminal_safe(story.verdict) + "\n" + terminal_safe(story.explanation) + "\n";
  for (const auto& section : story.sections) {
    text += "\n" + terminal_safe(section.heading) + "\n";
    for (auto [label, value] : section.rows) {
      label.resize(kLabelChars, ' ');
      text += "  " + label + terminal_safe(value) + "\n";
    }
  }
  if (!story.content.empty())
    text += "\nContent\n\n" + terminal_safe(story.content, Newlines::kKeep) + "\n";
  return text;
}

std::string evidence_html(const JudgedEvidence& judged) {
  const Story story = tell(judged);
  const auto& number = judged.verdict.number;
  HtmlPage page(number ? "Evidence of message " + number->text() : "Evidence of a message");
  page.verdict(story.tone, story.verdict, story.explanation);
  if (!story.content.empty()) {
    page.heading("Content");
    page.block(story.content);
  }
  for (const auto& section : story.sections) {
    page.heading(section.heading);
    for (const auto& [label, value] : section.rows) page.row(label, value);
  }
  page.paragraph(
      "Made by blo-audit, which trusts the authorities named above and nobody else. Whoever doubts "
      "this page runs it again on the file.");
  return page.text();
}

}  // namespace blo::audit
