#include <set>

#include "base/hex.h"
#include "html.h"
#include "report.h"

namespace blo::audit {
namespace {

/// Where a row of the timeline can be linked to.
std::string anchor_of(const Origin& origin, std::uint64_t entry) {
  return journal::export_folder(origin) + "-" + std::to_string(entry);
}

std::set<std::string> anchors_of(const std::vector<journal::TimelineEvent>& events) {
  std::set<std::string> anchors;
  for (const auto& event : events) {
    if (event.row != nullptr && event.row->entry)
      anchors.insert(anchor_of(event.origin, *event.row->entry));
  }
  return anchors;
}

/// Which message a row is about; a link where that has a row, too.
std::string answer_html(const journal::TimelineEvent& event, const journal::Answers& answers,
                        const std::set<std::string>& anchors) {
  if (!event.row->answers) return {};
  const auto number = answers.message(event.origin, *event.row->answers);
  if (!number) return escaped(", about a message that is not in this export");
  const Origin origin{event.origin.network, number->from, number->to, number->generation};
  const std::string anchor = anchor_of(origin, number->index);
  const std::string text = escaped(number->text());
  return escaped(", about ") + (anchors.contains(anchor) ? HtmlPage::link(anchor, text) : text);
}

void add_timeline(HtmlPage& page, const journal::Timelines& timelines) {
  page.heading("Timeline");
  page.paragraph(
      "Entries with the time their sender stamped on them, receipts with the time the counterpart "
      "wrote on them, in the order of these times; each entry stands before its receipt, whatever "
      "the clocks said. A receipt says that the counterpart had all entries below its number.");
  const auto events = journal::in_order(timelines);
  const auto anchors = anchors_of(events);
  for (const auto& event : events) {
    const std::string whose = event.origin.text() + " ";
    if (event.row == nullptr) {
      page.row(
          to_rfc3339(event.time),
          whose + "- " + std::to_string(event.left_out) +
              " entries and receipts of this journal are left out here; they were checked like "
              "all others -");
      continue;
    }
    page.row_html(to_rfc3339(event.time),
                  escaped(whose + event.row->what) +
                      answer_html(event, timelines.answers, anchors) + " <code>" +
                      to_hex(event.row->hash) + "</code>",
                  event.row->entry ? anchor_of(event.origin, *event.row->entry) : "");
  }
}

void add_rows(HtmlPage& page, const Rows& rows) {
  for (const auto& [label, value] : rows) page.row(label, value);
}

}  // namespace

std::string html_report(const Checked& checked, const journal::Timelines& timelines) {
  const auto& verdict = checked.verdict;
  HtmlPage page("Audit of an export");
  const std::string claims = claims_sentence(verdict);
  std::string explanation = claims + (claims.empty() ? "" : " ") + meaning(verdict);
  std::ranges::replace(explanation, '\n', ' ');
  page.verdict(tone_of(verdict.outcome()), verdict_sentence(verdict), explanation);
  page.heading("What was checked");
  add_rows(page, trust_rows(checked));
  for (const auto& journal : verdict.journals) {
    page.heading("Journal " + journal.origin.text());
    add_rows(page, journal_rows(journal, checked.challenge));
  }
  for (const auto& finding : verdict.findings) {
    page.heading("Finding " + std::string(to_string(finding.code)));
    add_rows(page, finding_rows(finding));
  }
  add_timeline(page, timelines);
  add_examination(page, checked.examined);
  page.paragraph(
      "Made by blo-audit, which trusts the authorities named above and nobody else. Whoever doubts "
      "this page runs it again on the export.");
  return page.text();
}

}  // namespace blo::audit
