#include "cli/reference/man.h"

#include <algorithm>
#include <iterator>
#include <sstream>

#include "base/utf8.h"

namespace blo::reference {
namespace {

/// Text as it is, in man(7): no word of it is taken for a macro or an escape, and hyphens of
/// options stay what can be searched for and copied.
std::string escaped(std::string_view text) {
  std::string out;
  bool line_begins = true;
  for (std::size_t at = 0; at < text.size();) {
    const auto point = code_point_at(text, at);
    const char c = text[at];
    if (line_begins && (c == '.' || c == '\'')) out += "\\&";
    line_begins = c == '\n';
    if (point.bytes > 1) {
      std::ostringstream hex;
      hex << std::hex << std::uppercase << static_cast<std::uint32_t>(point.value);
      const std::string digits = hex.str();
      out += "\\[u" + std::string(4 - std::min<std::size_t>(4, digits.size()), '0') + digits + "]";
    } else if (c == '\\') {
      out += "\\e";
    } else if (c == '-') {
      out += "\\-";
    } else {
      out += c;
    }
    at += std::max<std::size_t>(point.bytes, 1);
  }
  return out;
}

std::string bold(std::string_view text) { return "\\fB" + escaped(text) + "\\fR"; }
std::string italic(std::string_view text) { return "\\fI" + escaped(text) + "\\fR"; }

std::string upper(std::string text) {
  std::ranges::transform(text, text.begin(), [](char c) {
    return c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c;
  });
  return text;
}

/// "live|exercise" of a few choices, else the value's name.
std::string value_of(const Option& option) {
  constexpr std::size_t kChoicesShown = 6;
  if (option.choices.empty() || option.choices.size() > kChoicesShown) return italic(option.value);
  std::string out;
  for (const auto& one : option.choices) out += (out.empty() ? "" : "|") + bold(one);
  return out;
}

/// What must be given, and where it stands: "FILE --to TEXT [OPTIONS]".
std::string synopsis(const Command& command) {
  std::string out;
  for (const Option& option : command.options) {
    if (!option.required || option.has_place) continue;
    out += " " + bold(option.names.back()) + " " + value_of(option);
  }
  if (std::ranges::any_of(command.options, [](const Option& one) {
        return !one.required && !one.has_place && one.names.back() != "--help";
      }))
    out += " [" + italic("OPTIONS") + "]";
  for (const Option& option : command.options) {
    if (!option.has_place) continue;
    const std::string name = italic(option.names.back());
    out += option.required ? " " + name : " [" + name + "]";
  }
  if (!command.commands.empty()) out += " " + italic("COMMAND");
  return out;
}

void write_option(std::ostream& out, const Option& option) {
  out << ".TP\n";
  if (option.has_place) {
    out << italic(option.names.front());
  } else {
    std::string names;
    for (const auto& name : option.names) names += (names.empty() ? "" : ", ") + bold(name);
    out << names;
    if (!option.value.empty()) out << " " << value_of(option);
  }
  out << "\n" << escaped(option.about);
  if (!option.range.empty()) out << " (" << escaped(option.range) << ")";
  if (!option.by_default.empty()) out << "; by default " << escaped(option.by_default);
  if (!option.environment.empty())
    out << "; also from the environment: " << bold(option.environment);
  if (option.required && !option.has_place) out << "; must be given";
  out << "\n";
}

void write_options(std::ostream& out, const Command& command) {
  for (const Option& option : command.options) {
    if (option.names.back() != "--help") write_option(out, option);
  }
}

/// Every command that can be typed by itself, below `words`.
void write_commands(std::ostream& out, const Command& command, const std::string& words) {
  for (const Command& below : command.commands) {
    const std::string typed = words + " " + below.name;
    // A group alone does nothing: what stands in it does.
    const bool group = !below.commands.empty() && below.options.size() <= 1;
    if (!group) {
      out << ".SS " << escaped(typed) << "\n"
          << bold(typed) << synopsis(below) << "\n.PP\n"
          << escaped(below.about) << "\n";
      write_options(out, below);
      if (!below.footer.empty()) out << ".PP\n" << escaped(below.footer) << "\n";
    }
    write_commands(out, below, typed);
  }
}

}  // namespace

std::string man_page(const Command& program, const ManPage& page) {
  const auto line_end = program.about.find('\n');
  std::string first = program.about.substr(0, line_end);
  if (first.starts_with(program.name + ": ")) first.erase(0, program.name.size() + 2);
  while (first.ends_with('.')) first.pop_back();
  std::ostringstream out;
  out << ".\\\" Made from the command line parser of " << program.name
      << "; changes belong there.\n"
      << ".TH " << upper(escaped(program.name)) << " " << page.section << " " << page.date
      << " \"BLO Link " << page.version << "\" \"BLO Link\"\n"
      << ".nh\n.ad l\n"
      << ".SH NAME\n"
      << escaped(program.name) << " \\- " << escaped(first) << "\n"
      << ".SH SYNOPSIS\n"
      << bold(program.name) << synopsis(program) << "\n";
  if (line_end != std::string::npos)
    out << ".SH DESCRIPTION\n" << escaped(program.about.substr(line_end + 1)) << "\n";
  out << ".SH OPTIONS\n";
  if (!program.commands.empty())
    out << "They may stand anywhere, also after a command. Each command has " << bold("--help")
        << ", too.\n";
  write_options(out, program);
  if (!program.commands.empty()) {
    out << ".SH COMMANDS\n";
    write_commands(out, program, program.name);
  }
  if (!page.rest.empty()) out << page.rest;
  return out.str();
}

}  // namespace blo::reference
