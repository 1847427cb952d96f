#include <CLI/CLI.hpp>

#include "cli/reference/command.h"

namespace blo::reference {
namespace {

/// CLI11 says what a value must be in its type: "TEXT:{live,exercise}", "UINT:UINT in [1 - 36500]".
void read_type(const std::string& type, Option& out) {
  out.value = type.substr(0, type.find_first_of(":("));
  out.is_number = out.value == "UINT" || out.value == "INT" || out.value == "FLOAT";
  if (const auto open = type.find(":{"); open != std::string::npos) {
    std::istringstream list(type.substr(open + 2, type.find('}', open) - open - 2));
    for (std::string one; std::getline(list, one, ',');) out.choices.push_back(one);
  }
  if (const auto open = type.find(" in ["); open != std::string::npos) {
    out.range = type.substr(open + 5, type.find(']', open) - open - 5);
  }
}

Option read_option(const CLI::Option& option) {
  Option out;
  out.has_place = option.get_positional();
  if (out.has_place) {
    out.names.push_back(option.get_name(true));
  } else {
    for (const auto& name : option.get_snames()) out.names.push_back("-" + name);
    for (const auto& name : option.get_lnames()) out.names.push_back("--" + name);
  }
  if (option.get_items_expected_max() > 0) read_type(option.get_type_name(), out);
  out.about = option.get_description();
  out.by_default = option.get_default_str();
  out.environment = option.get_envname();
  out.required = option.get_required();
  return out;
}

}  // namespace

Command read_tree(const CLI::App& app) {
  Command command{app.get_name(), app.get_description(), app.get_footer(), {}, {}};
  for (const auto* option : app.get_options()) {
    if (!option->get_group().empty()) command.options.push_back(read_option(*option));
  }
  for (const auto* below : app.get_subcommands([](const CLI::App*) { return true; })) {
    if (!below->get_group().empty()) command.commands.push_back(read_tree(*below));
  }
  return command;
}

}  // namespace blo::reference
