#include "cli/reference/completion.h"

#include <algorithm>
#include <iterator>
#include <sstream>

namespace blo::reference {
namespace {

/// PROGRAM and FUNCTION are put in; the three tables come before it.
constexpr char kWalk[] = R"BASH(
FUNCTION() {
  local word path= value= place=0 values cur=${COMP_WORDS[COMP_CWORD]}
  COMPREPLY=()
  for word in "${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
    if [[ $word == = ]]; then
      continue  # bash takes --to=NAME apart
    elif [[ -n $value ]]; then
      value=
    elif [[ $word == -* ]]; then
      [[ $(FUNCTION_values "$path" "$word") == flag ]] || value=$word
    elif [[ " $(FUNCTION_commands "$path") " == *" $word "* ]]; then
      path="${path:+$path }$word" place=0
    else
      place=$((place + 1))
    fi
  done
  [[ $cur != = ]] || cur=
  if [[ -z $value && $cur == -* ]]; then
    COMPREPLY=($(compgen -W "$(FUNCTION_options "$path")" -- "$cur"))
    return
  fi
  values=$(FUNCTION_values "$path" "${value:-$place}")
  if [[ -z $value && -z $values ]]; then
    COMPREPLY=($(compgen -W "$(FUNCTION_commands "$path")" -- "$cur"))
  elif [[ $values == text ]]; then
    compopt -o default 2>/dev/null
  elif [[ $values != number ]]; then
    COMPREPLY=($(compgen -W "$values" -- "$cur"))
  fi
}
complete -F FUNCTION PROGRAM
)BASH";

struct Tables {
  std::ostringstream commands;
  std::ostringstream options;
  std::ostringstream values;
};

std::string kind_of(const Option& option) {
  if (option.value.empty()) return "flag";
  std::string list;
  for (const auto& one : option.choices) list += (list.empty() ? "" : " ") + one;
  if (!list.empty()) return list;
  return option.is_number ? "number" : "text";
}

void add_command(Tables& tables, const Command& command, const std::string& path,
                 const std::vector<Option>& everywhere) {
  std::string names;
  for (const Command& below : command.commands) names += (names.empty() ? "" : " ") + below.name;
  if (!names.empty()) tables.commands << "    '" << path << "') echo '" << names << "' ;;\n";

  std::string options;
  std::size_t place = 0;
  const auto add = [&](const Option& option, const std::string& where) {
    for (const auto& name : option.names) {
      tables.values << "    '" << where << ":" << (option.has_place ? std::to_string(place) : name)
                    << "') echo '" << kind_of(option) << "' ;;\n";
      if (!option.has_place) options += (options.empty() ? "" : " ") + name;
    }
    if (option.has_place) ++place;
  };
  for (const Option& option : command.options) add(option, path);
  if (!path.empty()) {
    for (const Option& option : everywhere) {
      if (option.names.back() != "--help" && option.names.back() != "--version") add(option, path);
    }
  }
  tables.options << "    '" << path << "') echo '" << options << "' ;;\n";
  for (const Command& below : command.commands) {
    add_command(tables, below, path.empty() ? below.name : path + " " + below.name, everywhere);
  }
}

void replace_all(std::string& text, std::string_view what, std::string_view by) {
  for (auto at = text.find(what); at != std::string::npos; at = text.find(what, at + by.size())) {
    text.replace(at, what.size(), by);
  }
}

}  // namespace

std::string bash_completion(const Command& program) {
  std::vector<Option> everywhere;
  std::ranges::copy_if(program.options, std::back_inserter(everywhere),
                       [](const Option& option) { return !option.has_place; });
  Tables tables;
  add_command(tables, program, "", program.commands.empty() ? std::vector<Option>() : everywhere);
  std::ostringstream out;
  out << "# Bash completion for PROGRAM, made from its command line parser; changes belong there.\n"
      << "FUNCTION_commands() {\n  case $1 in\n"
      << tables.commands.str() << "  esac\n}\n"
      << "FUNCTION_options() {\n  case $1 in\n"
      << tables.options.str() << "  esac\n}\n"
      << "FUNCTION_values() {\n  case $1:$2 in\n"
      << tables.values.str() << "  esac\n}\n"
      << kWalk;
  std::string script = out.str();
  std::string function = "_" + program.name;
  std::ranges::replace(function, '-', '_');
  replace_all(script, "FUNCTION", function);
  replace_all(script, "PROGRAM", program.name);
  return script;
}

}  // namespace blo::reference
