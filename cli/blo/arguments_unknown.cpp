#include "arguments_unknown.h"

#include <CLI/CLI.hpp>
#include <algorithm>

#include "arguments_words.h"
#include "base/nearest.h"

namespace blo::cli {
namespace {

struct UnknownWord {
  std::string sentence;
  std::string next_step;
};
/// The words end before a command of this level is named.
struct NoCommand {
  std::string path;
};
/// Nothing: it is something else that CLI11 refused.
using WordFault = std::variant<std::monostate, UnknownWord, NoCommand>;

/// More guesses than these help nobody.
constexpr std::size_t kGuessesMax = 4;

std::vector<const CLI::App*> commands_of(const CLI::App& level) {
  return level.get_subcommands([](const CLI::App*) { return true; });
}

/// "blo send alert"
std::string path_of(const CLI::App& level) {
  const CLI::App* parent = level.get_parent();
  return parent == nullptr ? level.get_name() : path_of(*parent) + " " + level.get_name();
}

std::vector<std::string> names_of(const std::vector<const CLI::App*>& commands) {
  std::vector<std::string> names;
  for (const auto* command : commands) names.push_back(command->get_name());
  return names;
}

/// Every command of that very name, wherever in the tree.
void add_namesakes(const CLI::App& level, const std::string& name,
                   std::vector<std::string>& paths) {
  for (const auto* command : commands_of(level)) {
    if (command->get_name() == name) paths.push_back(path_of(*command));
    add_namesakes(*command, name, paths);
  }
}

UnknownWord unknown_command(const CLI::App& root, const CLI::App& level, const std::string& word) {
  std::vector<std::string> guesses;
  add_namesakes(root, ascii_lower(word), guesses);
  if (guesses.empty()) {
    for (const std::string& name : nearest(word, names_of(commands_of(level))))
      guesses.push_back(path_of(level) + " " + name);
  }
  if (guesses.size() > kGuessesMax) guesses.clear();
  const std::string path = path_of(level);
  return {"'" + word + "' is not a command of " + path + ".",
          guesses.empty() ? path + " --help lists them." : did_you_mean(guesses)};
}

/// Options hold for all that stands below them.
const CLI::Option* find_option(const CLI::App* level, const std::string& name) {
  for (; level != nullptr; level = level->get_parent()) {
    if (const auto* option = level->get_option_no_throw(name)) return option;
  }
  return nullptr;
}

UnknownWord unknown_option(const CLI::App& level, const std::string& word) {
  std::vector<std::string> names;
  for (const auto* at = &level; at != nullptr; at = at->get_parent()) {
    for (const auto* option : at->get_options()) {
      for (const std::string& name : option->get_lnames()) names.push_back(name);
    }
  }
  std::vector<std::string> guesses;
  const auto letters = word.find_first_not_of('-');
  if (letters != std::string::npos) guesses = nearest(word.substr(letters), names);
  std::ranges::sort(guesses);
  guesses.erase(std::unique(guesses.begin(), guesses.end()), guesses.end());
  for (std::string& guess : guesses) guess.insert(0, "--");
  if (guesses.size() > kGuessesMax) guesses.clear();
  const std::string path = path_of(level);
  return {"'" + word + "' is not an option of " + path + ".",
          guesses.empty() ? path + " --help lists them." : did_you_mean(guesses)};
}

UnknownWord one_too_many(const CLI::App& level, const std::string& word) {
  const std::string path = path_of(level);
  return {"'" + word + "' is one word too many for " + path + ".",
          "A text of several words stands in quotes; " + path + " --help says what it takes."};
}

/// Reads the words as CLI11 does, with the tree alone: what was parsed before does not count.
class Walk {
 public:
  Walk(const CLI::App& root, int argc, const char* const* argv)
      : root_(root), level_(&root), words_(argv + std::min(argc, 1), argv + argc) {}

  WordFault find() {
    for (next_ = 0; next_ < words_.size();) {
      const std::string word = words_[next_++];
      const bool is_option = !options_over_ && word.size() > 1 && word.front() == '-';
      if (is_option && word == "--") {
        options_over_ = true;
        continue;
      }
      auto fault = is_option ? take_option(word) : take_word(word);
      if (!std::holds_alternative<std::monostate>(fault)) return fault;
    }
    if (level_->get_require_subcommand_min() == 0) return {};
    return NoCommand{path_of(*level_)};
  }

 private:
  WordFault take_option(const std::string& word) {
    const bool is_long = word.starts_with("--");
    const auto equals = word.find('=');
    const std::string name = is_long ? word.substr(0, equals) : word.substr(0, 2);
    const auto* option = find_option(level_, name);
    if (option == nullptr) return unknown_option(*level_, name);
    const bool value_follows = is_long ? equals == std::string::npos : word.size() == 2;
    if (option->get_items_expected_max() > 0 && value_follows) ++next_;
    return {};
  }

  WordFault take_word(const std::string& word) {
    for (const auto* command : commands_of(*level_)) {
      if (command->get_name() != word) continue;
      level_ = command;
      positionals_ = 0;
      return {};
    }
    std::size_t room = 0;
    for (const auto* option : level_->get_options()) {
      if (option->get_positional())
        room += static_cast<std::size_t>(option->get_items_expected_max());
    }
    if (positionals_++ < room) return {};
    if (!commands_of(*level_).empty()) return unknown_command(root_, *level_, word);
    return one_too_many(*level_, word);
  }

  const CLI::App& root_;
  const CLI::App* level_;
  std::vector<std::string> words_;
  std::size_t next_ = 0;
  std::size_t positionals_ = 0;  // of this level
  bool options_over_ = false;
};

}  // namespace

std::variant<Invocation, HelpText, UsageError> refused(const CLI::App& root, int argc,
                                                       const char* const* argv,
                                                       const std::string& why) {
  const bool json = std::any_of(
      argv, argv + argc, [](const char* word) { return std::string_view(word) == "--json"; });
  const auto fault = Walk(root, argc, argv).find();
  if (const auto* unknown = std::get_if<UnknownWord>(&fault))
    return UsageError{unknown->sentence, unknown->next_step, json};
  if (const auto* none = std::get_if<NoCommand>(&fault)) {
    if (!json) return HelpText{root.help(), false};
    return UsageError{"No command is named after '" + none->path + "'.",
                      none->path + " --help lists them.", json};
  }
  const auto line = why.find('\n');
  const std::string next_step = line == std::string::npos ? "" : why.substr(line + 1);
  return UsageError{why.substr(0, line),
                    next_step.empty() ? "Run it with --help for what it takes." : next_step, json};
}

}  // namespace blo::cli
