// blo-audit: verifies an export offline and says what it found.
#include <exception>
#include <iostream>

#include "arguments.h"
#include "base/file.h"
#include "base/limits.h"
#include "base/terminal.h"
#include "crypto/secret.h"
#include "examination.h"
#include "exit_code.h"
#include "output.h"
#include "paths.h"
#include "pool.h"
#include "report.h"
#include "run_diff.h"
#include "run_evidence.h"
#include "run_fork.h"
#include "run_reconcile.h"
#include "run_show.h"

namespace blo::audit {
namespace {

Result<std::vector<identity::Certificate>> read_authorities(
    const std::vector<std::filesystem::path>& paths, Examination& examined) {
  std::vector<identity::Certificate> authorities;
  for (const auto& path : paths) {
    const auto text = read_file(path, limits::kSmallFileBytesMax);
    if (!text) return text.error();
    auto certificate = identity::Certificate::parse_pem(as_text(*text));
    if (!certificate) return certificate.error().within(path.string());
    authorities.push_back(std::move(*certificate));
    examined.add(path.string(), *text);
  }
  return authorities;
}

Result<Checked> check(const Arguments& arguments) {
  Examination examined = begin_examination();
  auto authorities = read_authorities(arguments.authorities, examined);
  if (!authorities) return authorities.error();
  const auto files = journal::ExportFiles::open(arguments.folder);
  if (!files) return files.error();
  const auto page = open_output(arguments.html);
  if (!page) return page.error();
  const std::size_t cores = std::thread::hardware_concurrency();
  const int folders[] = {files->descriptor()};
  const Sandbox sandbox = enter_sandbox(folders);
  if (!arguments.json) warn_of(sandbox);
  Pool pool(cores);
  journal::Timelines timelines;
  timelines.link = true;
  auto verdict = journal::verify_export(
      *files, *authorities,
      [&pool](std::size_t count, const Pool::Work& work) { pool.run(count, work); },
      page->ok() ? &timelines : nullptr);
  if (!verdict) return verdict.error();
  if (arguments.challenge)
    journal::judge_challenge(*arguments.challenge, arguments.challenge_of, *verdict);
  journal::expect_absent(arguments.without, *verdict);
  examined.add(*files);
  Checked checked{arguments.folder.string(), std::move(*authorities), std::move(*verdict), sandbox,
                  std::move(examined),       arguments.challenge};
  if (arguments.challenge_of) checked.challenge_of = arguments.challenge_of->text();
  const auto written = write_output(*page, page->ok() ? html_report(checked, timelines) : "");
  if (!written) return written.error();
  return checked;
}

/// The check could not be completed: neither verdict is given.
int fail(const std::string& why, bool json) {
  if (json) std::cout << json_failure(why);
  std::cerr << "blo-audit: could not complete the check: " << terminal_safe(why) << '\n';
  return kNotCompleted;
}

/// Runs a subcommand that prints its own report and says what it comes to.
template <class A, class Subcommand>
int judge(const A& arguments, const Subcommand& subcommand) {
  if (!crypto::initialise()) return fail("libsodium did not start", arguments.json);
  Examination examined = begin_examination();
  auto authorities = read_authorities(arguments.authorities, examined);
  if (!authorities) return fail(authorities.error().message(), arguments.json);
  const auto outcome = subcommand(arguments, std::move(*authorities), std::move(examined));
  if (!outcome) return fail(outcome.error().message(), arguments.json);
  std::cout << std::flush;
  if (!std::cout) return kNotCompleted;
  return exit_code_of(*outcome);
}

int run(int argc, const char* const* argv) {
  const auto parsed = parse_arguments(argc, argv);
  if (const auto* help = std::get_if<HelpText>(&parsed)) {
    std::cout << help->text;
    return kVerified;
  }
  if (const auto* error = std::get_if<UsageError>(&parsed)) {
    std::cerr << "blo-audit: " << terminal_safe(error->sentence)
              << "\nblo-audit: `blo-audit verify --help` shows what can be given\n";
    return kUsage;
  }
  if (const auto wrong = wrong_path(parsed)) {
    std::cerr << "blo-audit: " << terminal_safe(wrong->sentence) << '\n';
    return kUsage;
  }
  if (const auto* given = std::get_if<EvidenceArguments>(&parsed))
    return judge(*given, run_evidence);
  if (const auto* given = std::get_if<ForkArguments>(&parsed)) return judge(*given, run_fork);
  if (const auto* given = std::get_if<ReconcileArguments>(&parsed))
    return judge(*given, run_reconcile);
  if (const auto* given = std::get_if<ShowArguments>(&parsed)) return judge(*given, run_show);
  if (const auto* given = std::get_if<DiffArguments>(&parsed)) return judge(*given, run_diff);
  const auto& arguments = std::get<Arguments>(parsed);
  if (!crypto::initialise()) return fail("libsodium did not start", arguments.json);
  const auto checked = check(arguments);
  if (!checked) return fail(checked.error().message(), arguments.json);
  std::cout << (arguments.json ? json_report(*checked) : text_report(*checked)) << std::flush;
  if (!std::cout) return kNotCompleted;
  return exit_code_of(checked->verdict.outcome());
}

/// A program that reads the output is told, too, and whatever went wrong: memory that ran out, say.
/// What was held is free again by now; the object itself takes a few hundred bytes.
int fail(const std::exception& error, int argc, const char* const* argv) {
  const std::vector<std::string_view> words(argv, argv + argc);
  return fail(error.what(), std::ranges::find(words, "--json") != words.end());
}

}  // namespace
}  // namespace blo::audit

int main(int argc, char** argv) {
  try {
    return blo::audit::run(argc, argv);
  } catch (const std::exception& error) {
    return blo::audit::fail(error, argc, argv);
  }
}
