#include <algorithm>
#include <array>

#include "base/limits.h"
#include "base/utf8.h"
#include "base/wire.h"
#include "blo/v1/message.pb.h"
#include "message/message.h"
#include "message/vocabulary.h"
#include "message/words.h"

namespace blo::message {
namespace {

struct Warning {
  std::string_view code;
  std::string_view shown;
};
constexpr std::array kWarnings{Warning{"armed", "ARMED"}, Warning{"violent", "VIOLENT"},
                               Warning{"escape-risk", "ESCAPE RISK"}};

template <class List>
void add_each(const List& list, std::vector<std::string>& subjects) {
  for (const auto& one : list) subjects.push_back(words(one));
}

/// Those of the list in capitals, "ARMED": they are what an officer must not overlook. Others, in
/// words, are read with the message.
std::string warning_words(const v1::Alert& alert) {
  std::vector<std::string> all;
  for (const auto& warning : alert.warnings()) {
    const auto known = std::ranges::find(kWarnings, warning, &Warning::code);
    if (known != kWarnings.end()) all.emplace_back(known->shown);
  }
  return join_words(all, ", ");
}

std::string first_and_more(const std::vector<std::string>& parts) {
  if (parts.empty()) return {};
  if (parts.size() == 1) return parts[0];
  return parts[0] + " and " + std::to_string(parts.size() - 1) + " more";
}

std::string alert_summary(const v1::Alert& alert) {
  std::vector<std::string> persons;
  add_each(alert.persons(), persons);
  std::vector<std::string> things;
  add_each(alert.vehicles(), things);
  add_each(alert.documents(), things);
  add_each(alert.containers(), things);
  add_each(alert.goods(), things);
  return join_words(
      {warning_words(alert), first_and_more(persons), first_and_more(things), alert.reason()},
      ", ");
}

std::string seizure_summary(const v1::SeizureNotice& seizure) {
  std::vector<std::string> seized;
  add_each(seizure.drugs(), seized);
  add_each(seizure.goods(), seized);
  return join_words({first_and_more(seized), words(seizure.place()), seizure.date()}, ", ");
}

std::string acted_summary(const v1::Acted& acted) {
  return join_words({outcome_words(acted.outcome()), acted.text()}, ": ");
}

/// Line ends become spaces, and what is past the end of a list's line an ellipsis.
std::string one_line(std::string text) {
  constexpr std::size_t kSummaryBytesMax = 160;
  for (char& c : text) {
    if (c == '\n' || c == '\r' || c == '\t') c = ' ';
  }
  const auto shown = utf8_prefix(text, kSummaryBytesMax);
  return shown.size() == text.size() ? text : std::string(shown) + "\u2026";
}

}  // namespace

std::string summary(std::uint32_t kind, ByteView content) {
  v1::Content parsed;
  if (content.size() > limits::kContentBytesMax || !parse_wire(content, parsed)) {
    return "content that cannot be read";
  }
  if (kind == kAlert && parsed.has_alert()) return one_line(alert_summary(parsed.alert()));
  if (kind == kSeizureNotice && parsed.has_seizure()) {
    return one_line(seizure_summary(parsed.seizure()));
  }
  if (kind == kOpened && parsed.has_opened()) return "opened";
  if (kind == kActed && parsed.has_acted()) return one_line(acted_summary(parsed.acted()));
  return "message of a kind that is not known";
}

}  // namespace blo::message
