// blo-audit reconcile: both offices' exports of one pairing, against each other.
#include "run_reconcile.h"

#include <iostream>
#include <thread>

#include "base/terminal.h"
#include "html.h"
#include "output.h"
#include "pool.h"
#include "report.h"

namespace blo::audit {
namespace {

constexpr char kAgree[] = "What this means: both exports tell the same story, as far as each goes.";
constexpr char kNotWhole[] =
    " They themselves speak of more that neither holds: run blo-audit verify on each.";
constexpr char kNotes[] =
    " A note is a fact that contradicts nothing: the shorter export may be the older one.";
constexpr char kContradict[] =
    "What this means: the exports cannot both be whole and true. What each code means and whom to "
    "ask is in docs/auditing.md.";
constexpr char kNotCompared[] =
    "What this means: an export that does not hold by itself was not compared. Run blo-audit "
    "verify "
    "on it.";

std::string sentence(const journal::Reconciliation& outcome) {
  std::string text(reconcile_verdict(outcome));
  if (!outcome.compared()) return text + ": the exports were not compared";
  const bool exercise = std::ranges::any_of(outcome.journals, [](const auto& journal) {
    return journal.origin.network == Network::kExercise;
  });
  const std::string end = exercise ? " (EXERCISE - not real)" : "";
  const auto missing = outcome.missing();
  if (outcome.agree())
    return text + (missing.empty() ? "" : ": " + missing_sentence(missing)) + end;
  const auto count = std::to_string(outcome.findings.size());
  return text + ": " + count + (outcome.findings.size() == 1 ? " finding" : " findings") + end;
}

std::string meaning(const journal::Reconciliation& outcome) {
  if (!outcome.compared()) return kNotCompared;
  if (!outcome.agree()) return kContradict;
  const bool notes = std::ranges::any_of(
      outcome.journals, [](const auto& journal) { return !journal.notes.empty(); });
  std::string text = kAgree;
  if (outcome.outcome() == journal::Outcome::kNotWhole) text += kNotWhole;
  return notes ? text + kNotes : text;
}

struct Part {
  std::string heading;
  Rows rows;
};

std::vector<Part> parts_of(const Reconciled& reconciled) {
  std::vector<Part> parts = {{"What was compared", {}}};
  for (std::size_t side = 0; side < 2; ++side) {
    parts[0].rows.emplace_back(
        side == 0 ? "export A" : "export B",
        reconciled.folders[side] + ": " + verdict_sentence(reconciled.outcome.verdicts[side]));
  }
  for (const auto& authority : reconciled.authorities)
    parts[0].rows.emplace_back("trusting", "authority " + authority.details().subject);
  for (const auto& journal : reconciled.outcome.journals) {
    Rows rows = {{"entries", "A " + std::to_string(journal.size[0]) + ", B " +
                                 std::to_string(journal.size[1]) + ", the same up to " +
                                 std::to_string(journal.equal)}};
    if (!journal.origin.is_trail()) {
      rows.emplace_back("receipted", "A " + std::to_string(journal.receipted[0]) + ", B " +
                                         std::to_string(journal.receipted[1]));
    }
    for (const auto& note : journal.notes) rows.emplace_back("note", note);
    parts.push_back({"Journal " + journal.origin.text(), rows});
  }
  for (const auto& finding : reconciled.outcome.findings)
    parts.push_back({"Finding " + std::string(to_string(finding.code)), finding_rows(finding)});
  for (std::size_t side = 0; side < 2; ++side) {
    for (const auto& finding : reconciled.outcome.verdicts[side].findings) {
      parts.push_back({std::string("Finding in export ") + (side == 0 ? "A " : "B ") +
                           std::string(to_string(finding.code)),
                       finding_rows(finding)});
    }
  }
  return parts;
}

std::string text_of(const Reconciled& reconciled) {
  constexpr std::size_t kLabelChars = 12;
  std::string text = sentence(reconciled.outcome) + "\n";
  for (const Part& part : parts_of(reconciled)) {
    text += "\n" + terminal_safe(part.heading) + "\n";
    for (auto [label, value] : part.rows) {
      label.resize(kLabelChars, ' ');
      text += "  " + label + terminal_safe(value) + "\n";
    }
  }
  return text + examination_text(reconciled.examined) + "\n" + meaning(reconciled.outcome) + "\n";
}

std::string page_of(const Reconciled& reconciled) {
  HtmlPage page("Two exports of one pairing");
  page.verdict(tone_of(reconciled.outcome.outcome()), sentence(reconciled.outcome),
               meaning(reconciled.outcome));
  for (const Part& part : parts_of(reconciled)) {
    page.heading(part.heading);
    for (const auto& [label, value] : part.rows) page.row(label, value);
  }
  add_examination(page, reconciled.examined);
  return page.text();
}

}  // namespace

std::string_view reconcile_verdict(const journal::Reconciliation& outcome) {
  switch (outcome.outcome()) {
    case journal::Outcome::kVerified: return "THE EXPORTS AGREE";
    case journal::Outcome::kNotWhole: return "THE EXPORTS AGREE, BUT NOT WHOLE";
    case journal::Outcome::kNotVerified: break;
  }
  return outcome.compared() ? "THE EXPORTS CONTRADICT EACH OTHER"
                            : to_string(journal::Outcome::kNotVerified);
}

Result<journal::Outcome> run_reconcile(const ReconcileArguments& arguments,
                                       std::vector<identity::Certificate> authorities,
                                       Examination examined) {
  const auto a = journal::ExportFiles::open(arguments.folders[0]);
  if (!a) return a.error();
  const auto b = journal::ExportFiles::open(arguments.folders[1]);
  if (!b) return b.error();
  const auto page = open_output(arguments.html);
  if (!page) return page.error();
  const std::size_t cores = std::thread::hardware_concurrency();
  const int folders[] = {a->descriptor(), b->descriptor()};
  const Sandbox sandbox = enter_sandbox(folders);
  if (!arguments.json) warn_of(sandbox);
  Pool pool(cores);
  auto outcome = journal::reconcile(
      {&*a, &*b}, authorities,
      [&pool](std::size_t count, const Pool::Work& work) { pool.run(count, work); });
  if (!outcome) return outcome.error();
  examined.add(*a, "A");
  examined.add(*b, "B");
  const Reconciled reconciled{{arguments.folders[0].string(), arguments.folders[1].string()},
                              std::move(authorities),
                              std::move(*outcome),
                              std::move(examined)};
  const auto written = write_output(*page, page->ok() ? page_of(reconciled) : "");
  if (!written) return written.error();
  std::cout << (arguments.json ? reconcile_json(reconciled) : text_of(reconciled));
  return reconciled.outcome.outcome();
}

}  // namespace blo::audit
