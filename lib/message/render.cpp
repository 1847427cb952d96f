#include "base/limits.h"
#include "base/utf8.h"
#include "base/wire.h"
#include "blo/v1/message.pb.h"
#include "message/message.h"
#include "message/vocabulary.h"
#include "message/words.h"

namespace blo::message {
namespace {

/// "Label:        value", a line each. Only labels stand at the left edge: a value with line ends
/// goes on under itself, so that no text can pass for a label.
class Lines {
 public:
  explicit Lines(std::size_t bytes_max) : bytes_max_(bytes_max) {}

  void title(std::string_view text) { append(std::string(text) + "\n"); }

  void add(const std::string& label, const std::string& value) {
    constexpr std::size_t kValueColumn = 16;
    if (value.empty()) return;
    append(label + ":");
    append(std::string(kValueColumn - std::min(kValueColumn - 1, label.size() + 1), ' '));
    std::string_view rest = value;
    for (auto end = rest.find('\n'); end != rest.npos && !cut_; end = rest.find('\n')) {
      append(rest.substr(0, end + 1));
      append(std::string(kValueColumn, ' '));
      rest.remove_prefix(end + 1);
    }
    append(rest);
    append("\n");
  }

  [[nodiscard]] Rendered rendered() && { return {std::move(text_), cut_}; }

 private:
  /// After what does not fit, nothing is taken any more.
  void append(std::string_view part) {
    if (cut_) return;
    const auto fitting = utf8_prefix(part, bytes_max_ - text_.size());
    cut_ = fitting.size() < part.size();
    text_ += fitting;
  }

  std::size_t bytes_max_;
  std::string text_;
  bool cut_ = false;
};

template <class List>
void add_each(Lines& lines, const std::string& label, const List& list) {
  for (const auto& one : list) lines.add(label, words(one));
}

/// As add_each, for what may have remarks.
template <class List>
void add_each_remarked(Lines& lines, const std::string& label, const List& list) {
  for (const auto& one : list) lines.add(label, join_words({words(one), one.remarks()}, "; "));
}

std::string as_reported(const v1::Country& country) {
  if (country.code().empty() || country.reported().empty()) return words(country);
  return country.code() + " (" + country.reported() + ")";
}

void add_persons(Lines& lines, const v1::Alert& alert) {
  for (const auto& person : alert.persons()) {
    std::vector<std::string> nationalities;
    for (const auto& country : person.nationalities()) nationalities.push_back(words(country));
    const std::string nationality = join_words(nationalities, ", ");
    lines.add("Person",
              join_words({words(person), nationality.empty() ? "" : "nationality " + nationality,
                          person.remarks()},
                         "; "));
  }
}

void add_alert(Lines& lines, const v1::Alert& alert) {
  for (const auto& warning : alert.warnings()) lines.add("WARNING", warning_words(warning));
  lines.add("Purpose", purpose_words(alert.purpose()));
  add_persons(lines, alert);
  add_each_remarked(lines, "Vehicle", alert.vehicles());
  add_each_remarked(lines, "Document", alert.documents());
  add_each_remarked(lines, "Container", alert.containers());
  add_each(lines, "Goods", alert.goods());
  lines.add("Reason", alert.reason());
  lines.add("On a hit", alert.action());
}

void add_place(Lines& lines, const v1::Place& place) {
  const std::string opposite = place.opposite().empty() ? "" : "opposite " + place.opposite();
  lines.add("Crossing point", join_words({place.crossing_point(), opposite}));
  lines.add("Place", join_words({place.locality(), place.division()}, "; "));
  lines.add("Country", as_reported(place.country()));
  lines.add("Kind of place", place.installation());
}

void add_seizure(Lines& lines, const v1::SeizureNotice& seizure) {
  lines.add("Status", status_words(seizure.status()));
  lines.add("Date", seizure.date());
  add_place(lines, seizure.place());
  for (const auto& drug : seizure.drugs()) {
    const std::string packages =
        drug.packages() == 0 ? "" : "packages: " + std::to_string(drug.packages());
    lines.add("Drug", join_words({words(drug), packages}, "; "));
  }
  add_each(lines, "Goods", seizure.goods());
  const auto& hidden = seizure.concealment();
  lines.add(
      "Concealment",
      join_words({method_words(hidden.method()), hidden.hiding_place(), hidden.text()}, "; "));
  add_each_remarked(lines, "Vehicle", seizure.vehicles());
  lines.add("Transport", seizure.transport());
  lines.add("Produced in", as_reported(seizure.route().producing()));
  lines.add("Departure", as_reported(seizure.route().departure()));
  lines.add("Destination", as_reported(seizure.route().destination()));
  lines.add("Routing", seizure.route().routing());
  lines.add("Remarks", seizure.remarks());
}

void add_handling(Lines& lines, const v1::Content& content) {
  for (const int code : content.handling().codes()) lines.add("Handling", handling_words(code));
  if (content.handling().codes().empty()) lines.add("Handling", handling_words(v1::Handling::H0));
  lines.add("Restriction", content.handling().text());
  const auto source = content.evaluation().source();
  const auto information = content.evaluation().information();
  lines.add("Source", source_words(source == 0 ? v1::Evaluation::X : source));
  lines.add("Information", information_words(information == 0 ? 4 : information));
}

}  // namespace

Rendered render_beginning(std::uint32_t kind, ByteView content, std::size_t bytes_max) {
  Lines lines(bytes_max);
  v1::Content parsed;
  if (content.size() > limits::kContentBytesMax || !parse_wire(content, parsed)) {
    lines.title("Content that cannot be read");
  } else if (kind == kAlert && parsed.has_alert()) {
    lines.title("ALERT");
    add_alert(lines, parsed.alert());
    add_handling(lines, parsed);
  } else if (kind == kSeizureNotice && parsed.has_seizure()) {
    lines.title("SEIZURE NOTICE");
    add_seizure(lines, parsed.seizure());
    add_handling(lines, parsed);
  } else if (kind == kOpened && parsed.has_opened()) {
    lines.title("OPENED");
  } else if (kind == kActed && parsed.has_acted()) {
    lines.title("ACTED UPON");
    lines.add("Outcome", outcome_words(parsed.acted().outcome()));
    lines.add("Text", parsed.acted().text());
    add_handling(lines, parsed);
  } else {
    lines.title("Message of a kind that is not known");
  }
  return std::move(lines).rendered();
}

std::string render(std::uint32_t kind, ByteView content) {
  return render_beginning(kind, content, std::string::npos).text;
}

}  // namespace blo::message
