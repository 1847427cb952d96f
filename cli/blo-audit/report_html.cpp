#include "base/hex.h"
#include "html.h"
#include "report.h"

namespace blo::audit {
namespace {

/// One row of all journals' timelines together.
struct Event {
  WallTime time;
  std::string what;
  std::optional<journal::Hash> hash;
};

std::vector<Event> events_of(const journal::Timelines& timelines) {
  std::vector<Event> events;
  for (const auto& [origin, timeline] : timelines.journals) {
    const std::string whose = origin.text() + " ";
    for (const auto& row : timeline.first())
      events.push_back({row.time, whose + row.what, row.hash});
    if (timeline.left_out() > 0) {
      events.push_back({timeline.first().back().time,
                        whose + "- " + std::to_string(timeline.left_out()) +
                            " entries and receipts of this journal are left out here; they were "
                            "checked like all others -",
                        std::nullopt});
    }
    for (const auto& row : timeline.last())
      events.push_back({row.time, whose + row.what, row.hash});
  }
  std::ranges::stable_sort(events, {}, &Event::time);
  return events;
}

void add_timeline(HtmlPage& page, const journal::Timelines& timelines) {
  page.heading("Timeline");
  page.paragraph(
      "Entries with the time their sender stamped on them, receipts with the time the counterpart "
      "wrote on them, in the order of these times. A receipt says that the counterpart had all "
      "entries below its number.");
  for (const Event& event : events_of(timelines)) {
    std::string html = escaped(event.what);
    if (event.hash) html += " <code>" + to_hex(*event.hash) + "</code>";
    page.row_html(to_rfc3339(event.time), html);
  }
}

void add_rows(HtmlPage& page, const Rows& rows) {
  for (const auto& [label, value] : rows) page.row(label, value);
}

}  // namespace

std::string html_report(const Checked& checked, const journal::Timelines& timelines) {
  HtmlPage page("Audit of an export");
  const auto& verdict = checked.verdict;
  const std::string claims = claims_sentence(verdict);
  std::string explanation = claims + (claims.empty() ? "" : " ") + meaning(verdict);
  std::ranges::replace(explanation, '\n', ' ');
  page.verdict(verdict.verified() ? Tone::kGood : Tone::kBad, verdict_sentence(verdict),
               explanation);
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
  page.paragraph(
      "Made by blo-audit, which trusts the authorities named above and nobody else. Whoever doubts "
      "this page runs it again on the export.");
  return page.text();
}

}  // namespace blo::audit
