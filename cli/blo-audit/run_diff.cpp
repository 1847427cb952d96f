// blo-audit diff: an earlier and a later export of the same journals.
#include "run_diff.h"

#include <iostream>
#include <thread>

#include "base/hex.h"
#include "base/terminal.h"
#include "pool.h"
#include "report.h"
#include "run_show.h"

namespace blo::audit {
namespace {

constexpr std::size_t kReceiptsShownMax = 20;
constexpr char kExtends[] =
    "What this means: export B holds all that export A holds, and goes on where that ended.\n";
constexpr char kExtendsInPart[] =
    "What this means: export B holds all that export A holds, and goes on where that ended. But "
    "they\n"
    "themselves speak of more that neither holds: run blo-audit verify on each.\n";
constexpr char kExtendsNot[] =
    "What this means: export B is not export A with more added. What each code means and whom to "
    "ask\nis in docs/auditing.md. The earlier export is A: given the other way round, B seems to "
    "lack what\nwas added.\n";
constexpr char kNotVerified[] =
    "What this means: an export that does not hold by itself shows nothing. What was compared is "
    "what\ncould be read; run blo-audit verify on each.\n";

std::string counted(std::uint64_t count, const std::string& one, const std::string& many) {
  return std::to_string(count) + " " + (count == 1 ? one : many);
}

std::string sentence(const journal::ExportDiff& diff) {
  const bool exercise = std::ranges::any_of(diff.journals(), [](const auto& journal) {
    return journal.origin.network == Network::kExercise;
  });
  const std::string end = exercise ? " (EXERCISE - not real)" : "";
  std::string text(diff_verdict(diff));
  const auto missing = diff.missing();
  if (diff.extends()) return text + (missing.empty() ? "" : ": " + missing_sentence(missing)) + end;
  if (!diff.findings().empty())
    text += ": " + counted(diff.findings().size(), "finding", "findings");
  return text + end;
}

std::string meaning_of(const journal::ExportDiff& diff) {
  if (!diff.both_hold()) return kNotVerified;
  if (!diff.extends()) return kExtendsNot;
  return diff.outcome() == journal::Outcome::kVerified ? kExtends : kExtendsInPart;
}

std::string finding_text(const std::string& heading, const journal::Finding& finding) {
  return "\n" + heading + std::string(to_string(finding.code)) + "\n" +
         text_lines(finding_rows(finding));
}

std::string head_text(const Compared& compared) {
  const auto& diff = compared.diff;
  Rows rows;
  for (std::size_t side = 0; side < 2; ++side) {
    rows.emplace_back(side == 0 ? "export A" : "export B",
                      compared.folders[side] + ": " + verdict_sentence(diff.verdict(side)));
  }
  for (const auto& authority : compared.authorities)
    rows.emplace_back("trusting", "authority " + authority.details().subject);
  std::string text = sentence(diff) + "\n\n" + text_lines(rows);
  for (const auto& finding : diff.findings()) text += finding_text({}, finding);
  for (std::size_t side = 0; side < 2; ++side) {
    const std::string heading = std::string("in export ") + (side == 0 ? "A " : "B ");
    for (const auto& finding : diff.verdict(side).findings) text += finding_text(heading, finding);
  }
  return text;
}

std::string state_of(const journal::DiffJournal& journal) {
  if (journal.differs)
    return "different from entry " + std::to_string(journal.differs->index) + " on";
  if (journal.size[0] == 0 && journal.size[1] == 0) return "not read: see the findings";
  if (journal.size[1] < journal.size[0]) return "entries are missing in B";
  const std::uint64_t added = journal.size[1] - journal.size[0];
  return added == 0 ? "no entry was added" : counted(added, "entry", "entries") + " added";
}

void add_receipts(Rows& rows, const std::string& label,
                  const std::deque<journal::ReceiptedSize>& receipts) {
  for (std::size_t i = 0; i < std::min(receipts.size(), kReceiptsShownMax); ++i) {
    rows.emplace_back(label, to_rfc3339(receipts[i].time) + ", the first " +
                                 std::to_string(receipts[i].size) + " entries");
  }
  if (receipts.size() > kReceiptsShownMax)
    rows.emplace_back(label, std::to_string(receipts.size() - kReceiptsShownMax) + " more");
}

std::string journal_text(const journal::DiffJournal& journal) {
  Rows rows = {{"entries", "A " + std::to_string(journal.size[0]) + ", B " +
                               std::to_string(journal.size[1]) + ", the same up to " +
                               std::to_string(journal.equal)},
               {"", state_of(journal)},
               {"receipted", "A " + std::to_string(journal.receipted[0]) + ", B " +
                                 std::to_string(journal.receipted[1])}};
  add_receipts(rows, "new receipt", journal.receipts_added);
  add_receipts(rows, "no receipt", journal.receipts_missing);
  std::string text = "\n" + journal.origin.text() + "\n" + text_lines(rows);
  if (!journal.differs) return text;
  for (std::size_t side = 0; side < 2; ++side) {
    text += std::string("\n  in export ") + (side == 0 ? "A\n" : "B\n") +
            entry_text(journal.differs->entries[side]);
  }
  return text;
}

Result<void> print_text(Compared& compared) {
  std::cout << head_text(compared);
  for (const auto& journal : compared.diff.journals()) {
    std::cout << journal_text(journal);
    bool first = true;
    const auto shown = compared.diff.added(journal, [&first](const journal::ShownEntry& entry) {
      std::cout << (std::exchange(first, false) ? "\n  added in export B\n" : "")
                << entry_text(entry);
    });
    if (!shown) return shown;
  }
  std::cout << examination_text(compared.examined) << "\n"
            << sentence(compared.diff) << "\n"
            << meaning_of(compared.diff);
  return {};
}

Result<void> print_json(Compared& compared) {
  std::cout << diff_json(compared);
  std::uint64_t entries = 0;
  for (const auto& journal : compared.diff.journals()) {
    for (const auto& receipt : journal.receipts_added)
      std::cout << receipt_json(journal.origin, "added", receipt);
    for (const auto& receipt : journal.receipts_missing)
      std::cout << receipt_json(journal.origin, "missing", receipt);
    const auto shown = compared.diff.added(journal, [&](const journal::ShownEntry& entry) {
      std::cout << entry_json(journal.origin, entry);
      ++entries;
    });
    if (!shown) return shown;
  }
  std::cout << end_json(entries, 0, compared.diff.outcome(), diff_verdict(compared.diff));
  return {};
}

}  // namespace

std::string_view diff_verdict(const journal::ExportDiff& diff) {
  switch (diff.outcome()) {
    case journal::Outcome::kVerified: return "B EXTENDS A";
    case journal::Outcome::kNotWhole: return "B EXTENDS A, BUT NOT WHOLE";
    case journal::Outcome::kNotVerified: break;
  }
  return diff.both_hold() ? "B DOES NOT EXTEND A" : to_string(journal::Outcome::kNotVerified);
}

Result<journal::Outcome> run_diff(const DiffArguments& arguments,
                                  std::vector<identity::Certificate> authorities,
                                  Examination examined) {
  const auto a = journal::ExportFiles::open(arguments.folders[0]);
  if (!a) return a.error();
  const auto b = journal::ExportFiles::open(arguments.folders[1]);
  if (!b) return b.error();
  const std::size_t cores = std::thread::hardware_concurrency();
  const int folders[] = {a->descriptor(), b->descriptor()};
  const Sandbox sandbox = enter_sandbox(folders);
  if (!arguments.json) warn_of(sandbox);
  Pool pool(cores);
  auto diff = journal::ExportDiff::open(
      {&*a, &*b}, authorities,
      [&pool](std::size_t count, const Pool::Work& work) { pool.run(count, work); });
  if (!diff) return diff.error();
  Compared compared{{arguments.folders[0].string(), arguments.folders[1].string()},
                    std::move(authorities),
                    std::move(*diff),
                    std::move(examined)};
  compared.examined.add(*a, "A");
  compared.examined.add(*b, "B");
  const auto printed = arguments.json ? print_json(compared) : print_text(compared);
  if (!printed) return printed.error();
  return compared.diff.outcome();
}

}  // namespace blo::audit
