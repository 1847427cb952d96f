// A program's commands and options as data, read once from its command line parser: what the man
// page and the completion are made of.
#ifndef BLO_CLI_REFERENCE_COMMAND_H
#define BLO_CLI_REFERENCE_COMMAND_H

#include <string>
#include <vector>

namespace CLI {
class App;
}

namespace blo::reference {

struct Option {
  std::vector<std::string> names;  // "-h", "--help"; of what has a place instead of a name: "FILE"
  bool has_place = false;
  std::string value;                 // what stands for its value: "TEXT"; empty: a flag
  std::vector<std::string> choices;  // all values there are; empty: not a closed list
  std::string range;                 // "1 - 36500"; empty: none
  std::string about;
  std::string by_default;   // empty: none
  std::string environment;  // the variable that gives it, too; empty: none
  bool required = false;
  bool is_number = false;
};

struct Command {
  std::string name;
  std::string about;
  std::string footer;
  std::vector<Option> options;
  std::vector<Command> commands;
};

/// Without what the parser hides.
[[nodiscard]] Command read_tree(const CLI::App& app);

}  // namespace blo::reference

#endif
