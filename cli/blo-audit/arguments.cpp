#include "arguments.h"

#include <CLI/CLI.hpp>

#include "base/version.h"

namespace blo::audit {
namespace {

constexpr char kAbout[] =
    "Verify an export of a pair of offices' journals, offline, trusting only the authorities "
    "given.";
constexpr char kExitCodes[] =
    "Exit codes: 0 verified, 3 verified, but not whole, 6 not verified, 1 could not complete the "
    "check, 2 wrong command line.";
constexpr char kEvidenceExitCodes[] =
    "Exit codes: 0 verified, 6 not verified, 1 could not complete the check, 2 wrong command line.";

CLI::App* add_evidence(CLI::App& app, EvidenceArguments& arguments) {
  CLI::App* evidence = app.add_subcommand("evidence", "judge the evidence of one message");
  evidence->footer(kEvidenceExitCodes);
  evidence->add_option("FILE", arguments.file, "what blo evidence wrote")->required();
  evidence
      ->add_option("--authority", arguments.authorities,
                   "certificate file (PEM) of a national authority you trust; one for each country "
                   "in the evidence")
      ->required()
      ->type_name("FILE")
      ->allow_extra_args(false);
  evidence->add_flag("--json", arguments.json,
                     "one JSON object instead of text (docs/auditing.md)");
  evidence->add_option("--html", arguments.html, "also write the verdict as a page")
      ->type_name("OUT");
  evidence
      ->add_option("--tlog-proof", arguments.tlog_proof,
                   "also write the message's place as a c2sp.org/tlog-proof, where it is verified")
      ->type_name("OUT");
  return evidence;
}

CLI::App* add_fork(CLI::App& app, ForkArguments& arguments) {
  CLI::App* fork = app.add_subcommand(
      "fork", "judge the proof that an office signed two histories of a journal");
  fork->footer(
      "Exit codes: 0 proven, 6 not proven, 1 could not complete the check, 2 wrong command line.");
  fork->add_option("FILE", arguments.file, "what blo alarms --evidence wrote")->required();
  fork->add_option("--authority", arguments.authorities,
                   "certificate file (PEM) of the office's national authority")
      ->required()
      ->type_name("FILE")
      ->allow_extra_args(false);
  fork->add_flag("--json", arguments.json, "one JSON object instead of text (docs/auditing.md)");
  return fork;
}

CLI::App* add_reconcile(CLI::App& app, ReconcileArguments& arguments) {
  CLI::App* reconcile =
      app.add_subcommand("reconcile", "compare both offices' exports of one pairing");
  reconcile->footer(
      "Exit codes: 0 they agree, 3 they agree, but speak of what neither has, 6 they contradict "
      "each "
      "other or one is not verified, 1 could not complete the comparison, 2 wrong command line.");
  reconcile->add_option("DIR", arguments.folders, "the two exports' folders")
      ->required()
      ->expected(2);
  reconcile
      ->add_option("--authority", arguments.authorities,
                   "certificate file (PEM) of a national authority you trust; one for each country "
                   "in the exports")
      ->required()
      ->type_name("FILE")
      ->allow_extra_args(false);
  reconcile->add_flag("--json", arguments.json,
                      "one JSON object instead of text (docs/auditing.md)");
  reconcile->add_option("--html", arguments.html, "also write what was found as a page")
      ->type_name("OUT");
  return reconcile;
}

void add_trust(CLI::App& command, std::vector<std::filesystem::path>& authorities, bool& json) {
  command
      .add_option("--authority", authorities,
                  "certificate file (PEM) of a national authority you trust; one for each country "
                  "in the export")
      ->required()
      ->type_name("FILE")
      ->allow_extra_args(false);
  command.add_flag("--json", json, "JSON, one object a line, instead of text (docs/auditing.md)");
}

void add_without(CLI::App& command, std::vector<std::string>& origins) {
  command
      .add_option(
          "--without", origins,
          "a journal that you know is not in the export, such as "
          "live/UZ-OYBEK/TJ-FOTEHOBOD/1: that it is missing is told and does not change the "
          "verdict; may be given several times")
      ->type_name("ORIGIN")
      ->allow_extra_args(false);
}

/// False: one of them is no journal's name, which `error` says.
bool parse_origins(const std::vector<std::string>& words, std::vector<Origin>& origins,
                   UsageError& error) {
  for (const std::string& word : words) {
    const auto origin = Origin::parse(word);
    if (!origin) {
      error = {"--without is no journal's name: " + word};
      return false;
    }
    origins.push_back(*origin);
  }
  return true;
}

/// What show was given, before it is parsed.
struct ShowWords {
  ShowArguments arguments;
  std::vector<std::string> without;
  std::string index;
  std::string journal;
  std::string kind;
  std::string officer;
  std::string day;
  std::string state;
};

std::string listed(const std::vector<std::string>& words) {
  std::string text;
  for (const std::string& word : words) text += (text.empty() ? "" : ", ") + word;
  return text;
}

CLI::App* add_show(CLI::App& app, ShowWords& words) {
  CLI::App* show =
      app.add_subcommand("show", "verify an export and show its entries, one by one or all");
  show->footer(kExitCodes);
  show->add_option("DIR", words.arguments.folder, "the export's folder")->required();
  show->add_option("ENTRY", words.index,
                   "one entry, by its number in its journal or in full, such as "
                   "UZ-OYBEK/TJ-FOTEHOBOD/12: everything there is about it");
  show->add_option("--journal", words.journal,
                   "only this journal, such as live/UZ-OYBEK/TJ-FOTEHOBOD/1")
      ->type_name("ORIGIN");
  show->add_option("--kind", words.kind, "only these: " + listed(journal::entry_kinds()))
      ->type_name("KIND");
  show->add_option("--officer", words.officer,
                   "only what this officer signed or released, by number: 3, or UZ-OYBEK/3")
      ->type_name("OFFICER");
  show->add_option("--day", words.day, "only what was made on this day (UTC), such as 2026-11-22")
      ->type_name("DAY");
  show->add_option("--state", words.state, "only what is: " + listed(journal::entry_states()))
      ->type_name("STATE");
  add_without(*show, words.without);
  add_trust(*show, words.arguments.authorities, words.arguments.json);
  return show;
}

CLI::App* add_diff(CLI::App& app, DiffArguments& arguments) {
  CLI::App* diff = app.add_subcommand(
      "diff", "compare an earlier and a later export of the same journals: what was added");
  diff->footer(
      "Exit codes: 0 the later export goes on where the earlier ended, 3 it does, but they speak "
      "of "
      "what neither has, 6 it does not or one is not verified, 1 could not complete the "
      "comparison, "
      "2 wrong command line.");
  diff->add_option("DIR", arguments.folders, "the earlier export's folder, then the later's")
      ->required()
      ->expected(2);
  add_trust(*diff, arguments.authorities, arguments.json);
  return diff;
}

/// What verify was given, before it is parsed.
struct VerifyWords {
  Arguments arguments;
  std::optional<std::string> challenge_of;
  std::vector<std::string> without;
};

CLI::App* add_verify(CLI::App& app, VerifyWords& words) {
  Arguments& arguments = words.arguments;
  CLI::App* verify = app.add_subcommand("verify", "verify every journal in an export's folder");
  verify->footer(kExitCodes);
  verify->add_option("DIR", arguments.folder, "the export's folder");
  verify
      ->add_option("--authority", arguments.authorities,
                   "certificate file (PEM) of a national authority you trust; one for each country "
                   "in the export")
      ->required()
      ->type_name("FILE");
  auto* challenge =
      verify
          ->add_option(
              "--challenge", arguments.challenge,
              "the text you had entered into the journal before the export (blo journal export "
              "--challenge): it must be there, under a receipt")
          ->type_name("TEXT");
  verify
      ->add_option("--challenge-of", words.challenge_of,
                   "the office where you had it entered: only its journals answer, not its "
                   "counterpart's")
      ->type_name("OFFICE")
      ->needs(challenge);
  add_without(*verify, words.without);
  verify->add_flag("--json", arguments.json, "one JSON object instead of text (docs/auditing.md)");
  verify->add_option("--html", arguments.html, "also write the verdict as a page")
      ->type_name("OUT");
  return verify;
}

Parsed to_verify(VerifyWords words) {
  Arguments& arguments = words.arguments;
  if (words.challenge_of) {
    arguments.challenge_of = OfficeId::parse(*words.challenge_of);
    if (!arguments.challenge_of)
      return UsageError{"--challenge-of is no office's id: " + *words.challenge_of};
  }
  UsageError error;
  if (!parse_origins(words.without, arguments.without, error)) return error;
  // `--authority UZ.pem TJ.pem DIR` reads DIR as one more file; a folder is never a certificate.
  std::error_code ignored;
  auto& last = arguments.authorities.back();
  if (arguments.folder.empty() && std::filesystem::is_directory(last, ignored)) {
    arguments.folder = std::move(last);
    arguments.authorities.pop_back();
  }
  if (arguments.folder.empty()) return UsageError{"DIR is required"};
  if (arguments.authorities.empty()) return UsageError{"--authority is required"};
  return std::move(arguments);
}

std::optional<UsageError> parse_filter(const ShowWords& words, journal::ShowFilter& filter) {
  if (!words.kind.empty()) {
    const auto kinds = journal::entry_kinds();
    if (std::ranges::find(kinds, words.kind) == kinds.end())
      return UsageError{"--kind is none of " + listed(kinds) + ": " + words.kind};
    filter.kind = words.kind;
  }
  if (!words.officer.empty()) {
    const auto slash = words.officer.rfind('/');
    if (slash != words.officer.npos) {
      filter.officer_of = OfficeId::parse(std::string_view(words.officer).substr(0, slash));
      if (!filter.officer_of) return UsageError{"--officer is no officer: " + words.officer};
    }
    filter.person = parse_decimal(
        std::string_view(words.officer).substr(slash == words.officer.npos ? 0 : slash + 1));
    if (!filter.person) return UsageError{"--officer is no officer: " + words.officer};
  }
  if (!words.day.empty()) {
    const auto day = parse_date(words.day);
    if (!day) return UsageError{"--day is no day such as 2026-11-22: " + words.day};
    filter.day = *day;
  }
  if (!words.state.empty()) {
    filter.state = journal::parse_entry_state(words.state);
    if (!filter.state) {
      return UsageError{"--state is none of " + listed(journal::entry_states()) + ": " +
                        words.state};
    }
  }
  return std::nullopt;
}

Parsed to_show(ShowWords words) {
  ShowArguments& arguments = words.arguments;
  UsageError error;
  if (!parse_origins(words.without, arguments.without, error)) return error;
  if (!words.index.empty()) {
    arguments.number = MessageNumber::parse(words.index);
    arguments.index =
        arguments.number ? std::optional(arguments.number->index) : parse_decimal(words.index);
    if (!arguments.index) return UsageError{"ENTRY is no entry's number: " + words.index};
  }
  if (auto wrong = parse_filter(words, arguments.filter)) return *wrong;
  if (arguments.index && arguments.filter.any())
    return UsageError{"one entry is asked for by its number, or some by what they are: not both"};
  if (!words.journal.empty()) {
    arguments.journal = Origin::parse(words.journal);
    if (!arguments.journal) return UsageError{"--journal is no journal's name: " + words.journal};
  }
  return std::move(arguments);
}

/// CLI11's tree, and what it fills.
struct Parser {
  Parser() {
    app.footer(kExitCodes);
    app.set_version_flag("--version", "blo-audit " + version_and_commit());
    app.require_subcommand(1);
    add_verify(app, verify_words);
    evidence = add_evidence(app, evidence_arguments);
    fork = add_fork(app, fork_arguments);
    reconcile = add_reconcile(app, reconcile_arguments);
    show = add_show(app, show_words);
    diff = add_diff(app, diff_arguments);
  }

  CLI::App app{kAbout, "blo-audit"};
  VerifyWords verify_words;
  EvidenceArguments evidence_arguments;
  ForkArguments fork_arguments;
  ReconcileArguments reconcile_arguments;
  ShowWords show_words;
  DiffArguments diff_arguments;
  const CLI::App* evidence;
  const CLI::App* fork;
  const CLI::App* reconcile;
  const CLI::App* show;
  const CLI::App* diff;
};

}  // namespace

void show_parser(const std::function<void(const CLI::App&)>& show) {
  const Parser parser;
  show(parser.app);
}

Parsed parse_arguments(int argc, const char* const* argv) {
  Parser parser;
  try {
    parser.app.parse(argc, argv);
  } catch (const CLI::CallForHelp&) {
    return HelpText{parser.app.help()};
  } catch (const CLI::CallForVersion& version) {
    return HelpText{std::string(version.what()) + "\n"};
  } catch (const CLI::ParseError& error) {
    return UsageError{error.what()};
  }
  const auto& challenge = parser.verify_words.arguments.challenge;
  if (challenge && challenge->empty())
    return UsageError{"--challenge is empty: nothing would be looked for"};
  if (parser.evidence->parsed()) return parser.evidence_arguments;
  if (parser.fork->parsed()) return parser.fork_arguments;
  if (parser.reconcile->parsed()) return parser.reconcile_arguments;
  if (parser.show->parsed()) return to_show(std::move(parser.show_words));
  if (parser.diff->parsed()) return parser.diff_arguments;
  return to_verify(std::move(parser.verify_words));
}

}  // namespace blo::audit
