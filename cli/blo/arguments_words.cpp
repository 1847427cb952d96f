#include "arguments_words.h"

#include <CLI/CLI.hpp>
#include <algorithm>

#include "base/ids.h"
#include "base/nearest.h"
#include "identity/certificate.h"
#include "journal/entry.h"

namespace blo::cli {
namespace {

/// Puts the word of the list in the place of what was typed; false: it is none of them.
bool take(const std::vector<std::string>& words, std::string& typed) {
  const auto found = std::ranges::find(words, ascii_lower(typed),
                                       [](const auto& word) { return ascii_lower(word); });
  if (found == words.end()) return false;
  typed = *found;
  return true;
}

std::string capitals_of_a_name(std::string_view typed) {
  std::string capitals = ascii_upper(typed);
  const bool is_one =
      is_country(capitals) || OfficeId::parse(capitals) || MessageNumber::parse(capitals);
  return is_one ? capitals : std::string(typed);
}

CLI::Validator mapping(std::string (*map)(std::string_view)) {
  return {[map](std::string& typed) {
            typed = map(typed);
            return std::string();
          },
          ""};
}

}  // namespace

std::vector<std::string> precedence_words() {
  using enum journal::Precedence;
  std::vector<std::string> words;
  for (const auto precedence : {kRoutine, kPriority, kImmediate, kFlash})
    words.emplace_back(journal::to_string(precedence));
  return words;
}

std::vector<std::string> role_words() {
  using enum identity::Role;
  std::vector<std::string> words;
  for (const auto role : {kOperator, kReleaser, kAuditor, kSecurityOfficer, kAdministrator})
    words.emplace_back(identity::to_string(role));
  return words;
}

CLI::Validator one_of(const std::vector<std::string>& words) {
  return {[words](std::string& typed) {
            if (take(words, typed)) return std::string();
            return "'" + typed + "' is not " + alternatives(words) + ".\n" +
                   did_you_mean(nearest(typed, words));
          },
          CLI::detail::generate_set(words)};
}

CLI::Validator one_of_or_text(const std::vector<std::string>& words) {
  return {[words](std::string& typed) {
            (void)take(words, typed);
            return std::string();
          },
          ""};
}

CLI::Validator in_capitals() { return mapping(capitals_of_a_name); }

void names_in_capitals(CLI::App& level) {
  static const std::vector<std::string> names{"OFFICE", "COUNTERPART", "COUNTRY", "NUMBER", "WHAT"};
  for (CLI::Option* option : level.get_options()) {
    if (std::ranges::find(names, option->get_single_name()) != names.end())
      option->transform(in_capitals());
  }
  for (CLI::App* command : level.get_subcommands([](const CLI::App*) { return true; }))
    names_in_capitals(*command);
}

CLI::Validator in_small_letters() { return mapping(ascii_lower); }

std::string alternatives(const std::vector<std::string>& words) {
  std::string text;
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (i > 0) text += i + 1 == words.size() ? " or " : ", ";
    text += words[i];
  }
  return text;
}

std::string did_you_mean(const std::vector<std::string>& guesses) {
  return guesses.empty() ? "" : "Did you mean: " + alternatives(guesses) + "?";
}

}  // namespace blo::cli
