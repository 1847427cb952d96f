// Words that people type in any case, as CLI11 is told of them. ASCII letters alone change.
#ifndef BLO_CLI_BLO_ARGUMENTS_WORDS_H
#define BLO_CLI_BLO_ARGUMENTS_WORDS_H

#include <string>
#include <vector>

namespace CLI {
class App;
class Validator;
}  // namespace CLI

namespace blo::cli {

/// The closed lists, as words.
[[nodiscard]] std::vector<std::string> precedence_words();
[[nodiscard]] std::vector<std::string> role_words();

/// For transform(): one word of a closed list, which is kept as the list has it. Any other is named
/// in the error, whose second line is the nearest one, where one is near.
[[nodiscard]] CLI::Validator one_of(const std::vector<std::string>& words);

/// For transform(): the same, and any other text stays as it was typed.
[[nodiscard]] CLI::Validator one_of_or_text(const std::vector<std::string>& words);

/// For transform(): a country, an office or a message's number, which are written in capitals. What
/// is none of them stays as it was typed, to be named so.
[[nodiscard]] CLI::Validator in_capitals();
/// Does so for every argument called OFFICE, COUNTERPART, COUNTRY, NUMBER or WHAT.
void names_in_capitals(CLI::App& level);
/// For transform(): what is written in small letters everywhere, such as kinds.
[[nodiscard]] CLI::Validator in_small_letters();

/// "a", "a or b", "a, b or c"
[[nodiscard]] std::string alternatives(const std::vector<std::string>& words);

/// "Did you mean: a or b?"; empty where there is nothing to guess.
[[nodiscard]] std::string did_you_mean(const std::vector<std::string>& guesses);

}  // namespace blo::cli

#endif
