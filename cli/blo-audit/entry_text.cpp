#include "base/hex.h"
#include "base/terminal.h"
#include "run_show.h"

namespace blo::audit {
namespace {

constexpr std::size_t kLabelChars = 12;
constexpr std::size_t kNumberChars = 8;
constexpr std::size_t kFactChars = 22;

std::string spaced(std::string text) {
  std::ranges::replace(text, '_', ' ');
  return text;
}

std::string padded(std::string text, std::size_t chars) {
  text.resize(std::max(chars, text.size() + 1), ' ');
  return text;
}

std::string text_of(const journal::Fact& fact) {
  if (const auto* text = std::get_if<std::string>(&fact.value)) return *text;
  if (const auto* number = std::get_if<std::uint64_t>(&fact.value)) return std::to_string(*number);
  if (const auto* yes = std::get_if<bool>(&fact.value)) return *yes ? "yes" : "no";
  std::string all;
  for (const std::string& text : std::get<std::vector<std::string>>(fact.value))
    all += (all.empty() ? "" : "; ") + text;
  return all.empty() ? "none" : all;
}

std::string time_of(const journal::ShownEntry& entry) {
  if (!entry.time) return "without a stamp";
  if (!entry.received && entry.unsure)
    return "at about " + to_rfc3339(*entry.time) + ", the office's clock was not sure";
  if (!entry.received) return to_rfc3339(*entry.time);
  return "dated " + to_rfc3339(*entry.time) + " by its office, received " +
         to_rfc3339(*entry.received);
}

std::string line_of(const journal::Facts& facts) {
  std::string line;
  for (const journal::Fact& fact : facts)
    line += (line.empty() ? "" : ", ") + spaced(fact.name) + " " + text_of(fact);
  return line;
}

Rows rows_of(const journal::ShownEntry& entry) {
  Rows rows;
  if (!entry.facts.empty()) rows.emplace_back("says", line_of(entry.facts));
  if (entry.answers) rows.emplace_back("answers", entry.answers->text());
  if (entry.supersedes) rows.emplace_back("supersedes", entry.supersedes->text());
  for (const journal::Answer& answer : entry.answered_by)
    rows.emplace_back(answer.acted ? "acted on in" : "opened in", answer.number.text());
  rows.emplace_back("leaf hash", to_hex(entry.leaf_hash));
  rows.emplace_back("receipted", entry.receipt
                                     ? to_rfc3339(entry.receipt->time) + ", with the first " +
                                           std::to_string(entry.receipt->size) + " entries"
                                     : "no");
  if (entry.refused) {
    const auto& refused = *entry.refused;
    rows.emplace_back("refused", to_rfc3339(refused.time) + ", " +
                                     std::string(to_string(refused.reason)) + " (entry " +
                                     std::to_string(refused.index) + " of " +
                                     refused.journal.text() + ")");
    if (!refused.flaw.empty()) rows.emplace_back("", "by its own journal, too: " + refused.flaw);
  }
  for (const journal::Mark& mark : entry.findings)
    rows.emplace_back(std::string(to_string(mark.code)), mark.what);
  return rows;
}

}  // namespace

std::string entry_text(const journal::ShownEntry& entry) {
  const std::string indent(2 + kNumberChars, ' ');
  std::string text = "  " + padded(std::to_string(entry.index), kNumberChars) + time_of(entry) +
                     "  " + entry.what + "\n";
  for (const auto& [label, value] : rows_of(entry))
    text += indent + padded(label, kLabelChars) + terminal_safe(value) + "\n";
  return text;
}

std::string details_text(const journal::EntryDetails& details) {
  std::string text = entry_text(details.entry);
  for (const auto& [name, facts] : details.groups) {
    text += "\n    " + spaced(name) + "\n";
    for (const journal::Fact& fact : facts)
      text +=
          "      " + padded(spaced(fact.name), kFactChars) + terminal_safe(text_of(fact)) + "\n";
  }
  return text + "\n    leaf, " + std::to_string(details.leaf.size()) + " bytes\n      " +
         to_hex(details.leaf) + "\n";
}

}  // namespace blo::audit
