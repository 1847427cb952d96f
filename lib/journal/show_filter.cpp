#include "journal/show_filter.h"

#include <algorithm>

namespace blo::journal {
namespace {

/// In the order of the enum.
constexpr std::string_view kStates[] = {"receipted",  "unreceipted", "refused", "opened", "acted",
                                        "unanswered", "claim",       "unsure",  "finding"};
static_assert(std::size(kStates) == static_cast<std::size_t>(EntryState::kFinding) + 1);

const Fact* find_fact(const ShownEntry& entry, std::string_view name) {
  const auto found = std::ranges::find(entry.facts, name, &Fact::name);
  return found == entry.facts.end() ? nullptr : &*found;
}

std::string dashed(std::string_view name) {
  std::string kind(name);
  std::erase(kind, '\'');
  std::ranges::replace(kind, ' ', '-');
  return kind;
}

bool signed_by(const ShownEntry& entry, std::uint64_t person) {
  return std::ranges::any_of(
      std::initializer_list<std::string_view>{"person", "releaser_person"},
      [&](std::string_view name) {
        const Fact* fact = find_fact(entry, name);
        const auto* number = fact == nullptr ? nullptr : std::get_if<std::uint64_t>(&fact->value);
        return number != nullptr && *number == person;
      });
}

bool answered(const ShownEntry& entry, bool acted) {
  return std::ranges::any_of(entry.answered_by,
                             [acted](const Answer& answer) { return answer.acted == acted; });
}

bool is_in(const ShownEntry& entry, EntryState state) {
  const std::string kind = entry_kind(entry);
  const bool answerable = entry.what == "message" && kind != to_string(Kind::kOpened) &&
                          kind != to_string(Kind::kActed);
  switch (state) {
    case EntryState::kReceipted: return entry.receipt.has_value();
    case EntryState::kUnreceipted: return !entry.receipt;
    case EntryState::kRefused: return entry.refused.has_value();
    case EntryState::kOpened: return answered(entry, false);
    case EntryState::kActed: return answered(entry, true);
    case EntryState::kUnanswered: return answerable && entry.answered_by.empty();
    case EntryState::kClaim: return entry.received.has_value();
    case EntryState::kUnsure: return entry.unsure;
    case EntryState::kFinding: return !entry.findings.empty();
  }
  return false;
}

}  // namespace

std::string entry_kind(const ShownEntry& entry) {
  if (entry.what != "message") return dashed(entry.what);
  const Fact* kind = find_fact(entry, "kind");
  const auto* text = kind == nullptr ? nullptr : std::get_if<std::string>(&kind->value);
  return text == nullptr ? entry.what : dashed(*text);
}

std::vector<std::string> entry_kinds() {
  std::vector<std::string> kinds = {"message"};
  for (const Kind kind : {Kind::kAlert, Kind::kSeizureNotice, Kind::kOpened, Kind::kActed})
    kinds.push_back(dashed(to_string(kind)));
  for (const std::string_view name : record_names()) kinds.push_back(dashed(name));
  kinds.emplace_back("out-of-form");
  return kinds;
}

std::vector<std::string> entry_states() { return {std::begin(kStates), std::end(kStates)}; }

std::optional<EntryState> parse_entry_state(std::string_view text) {
  const auto* const found = std::ranges::find(kStates, text);
  if (found == std::end(kStates)) return std::nullopt;
  return static_cast<EntryState>(found - std::begin(kStates));
}

bool ShowFilter::fits(const Origin& origin, const ShownEntry& entry) const {
  if (kind && entry_kind(entry) != *kind && entry.what != *kind) return false;
  if (officer_of && origin.from != *officer_of) return false;
  if (person && !signed_by(entry, *person)) return false;
  if (day) {
    const auto time = entry.received ? entry.received : entry.time;
    if (!time || std::chrono::floor<std::chrono::days>(*time) != *day) return false;
  }
  return !state || is_in(entry, *state);
}

}  // namespace blo::journal
