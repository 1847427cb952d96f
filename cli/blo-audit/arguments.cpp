#include "arguments.h"

#include <CLI/CLI.hpp>

namespace blo::audit {
namespace {

constexpr char kAbout[] =
    "Verify an export of a pair of offices' journals, offline, trusting only the authorities "
    "given.";
constexpr char kExitCodes[] =
    "Exit codes: 0 verified, 6 not verified, 1 could not complete the check, 2 wrong command line.";

CLI::App* add_evidence(CLI::App& app, EvidenceArguments& arguments) {
  CLI::App* evidence = app.add_subcommand("evidence", "judge the evidence of one message");
  evidence->footer(kExitCodes);
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
  fork->footer(kExitCodes);
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
      "Exit codes: 0 they agree, 6 they contradict each other or one is not verified, 1 could not "
      "complete the comparison, 2 wrong command line.");
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

}  // namespace

Parsed parse_arguments(int argc, const char* const* argv) {
  Arguments arguments;
  EvidenceArguments evidence_arguments;
  ForkArguments fork_arguments;
  ReconcileArguments reconcile_arguments;
  CLI::App app{kAbout, "blo-audit"};
  app.footer(kExitCodes);
  app.set_version_flag("--version", "blo-audit " BLO_VERSION);
  app.require_subcommand(1);
  CLI::App* verify = app.add_subcommand("verify", "verify every journal in an export's folder");
  verify->footer(kExitCodes);
  verify->add_option("DIR", arguments.folder, "the export's folder");
  verify
      ->add_option("--authority", arguments.authorities,
                   "certificate file (PEM) of a national authority you trust; one for each country "
                   "in the export")
      ->required()
      ->type_name("FILE");
  verify
      ->add_option(
          "--challenge", arguments.challenge,
          "the text you had entered into the journal before the export (blo journal export "
          "--challenge): it must be there, under a receipt")
      ->type_name("TEXT");
  verify->add_flag("--json", arguments.json, "one JSON object instead of text (docs/auditing.md)");
  verify->add_option("--html", arguments.html, "also write the verdict as a page")
      ->type_name("OUT");
  const CLI::App* evidence = add_evidence(app, evidence_arguments);
  const CLI::App* fork = add_fork(app, fork_arguments);
  const CLI::App* reconcile = add_reconcile(app, reconcile_arguments);
  try {
    app.parse(argc, argv);
  } catch (const CLI::CallForHelp&) {
    return HelpText{app.help()};
  } catch (const CLI::CallForVersion& version) {
    return HelpText{std::string(version.what()) + "\n"};
  } catch (const CLI::ParseError& error) {
    return UsageError{error.what()};
  }
  if (arguments.challenge && arguments.challenge->empty())
    return UsageError{"--challenge is empty: nothing would be looked for"};
  if (evidence->parsed()) return evidence_arguments;
  if (fork->parsed()) return fork_arguments;
  if (reconcile->parsed()) return reconcile_arguments;
  // `--authority UZ.pem TJ.pem DIR` reads DIR as one more file; a folder is never a certificate.
  std::error_code ignored;
  auto& last = arguments.authorities.back();
  if (arguments.folder.empty() && std::filesystem::is_directory(last, ignored)) {
    arguments.folder = std::move(last);
    arguments.authorities.pop_back();
  }
  if (arguments.folder.empty()) return UsageError{"DIR is required"};
  if (arguments.authorities.empty()) return UsageError{"--authority is required"};
  return arguments;
}

}  // namespace blo::audit
