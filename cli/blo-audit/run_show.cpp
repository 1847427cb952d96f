// blo-audit show: what stands in an export, entry by entry, beside what its verification found.
#include "run_show.h"

#include <iostream>
#include <thread>

#include "base/error_category.h"
#include "base/terminal.h"
#include "pool.h"

namespace blo::audit {
namespace {

enum class ShowError { kNotThere = 1 };
const char* sentence(ShowError) { return "this export has no such entry or journal"; }

constexpr char kShown[] =
    "Every entry below was verified as `blo-audit verify` does before it is shown. What was found "
    "of\none entry stands under it; what was found of the whole stands here.\n";

class Show {
 public:
  Show(const ShowArguments& arguments, Checked checked, journal::ShownExport& shown)
      : arguments_(arguments), checked_(std::move(checked)), shown_(shown) {}

  Result<journal::Outcome> run() {
    std::cout << (arguments_.json ? show_json(checked_) : head());
    for (const auto& journal : checked_.verdict.journals) {
      if (!is_asked_for(journal.origin)) continue;
      if (const auto shown = show(journal); !shown) return shown.error();
    }
    const journal::Outcome outcome = checked_.verdict.outcome();
    if (read_ == 0 && (arguments_.index || arguments_.journal)) {
      if (outcome != journal::Outcome::kNotVerified) return nothing();
      if (!arguments_.json) std::cout << "\n" << terminal_safe(nothing().message()) << "\n";
    }
    std::cout << (arguments_.json ? end_json(count_, read_ - count_, outcome, to_string(outcome))
                                  : tail());
    return outcome;
  }

 private:
  [[nodiscard]] bool is_asked_for(const Origin& origin) const {
    if (arguments_.journal && origin != *arguments_.journal) return false;
    const auto& number = arguments_.number;
    return !number || (origin.from == number->from && origin.to == number->to &&
                       origin.generation == number->generation);
  }

  [[nodiscard]] std::string head() const {
    const std::string claims = claims_sentence(checked_.verdict);
    std::string text = verdict_sentence(checked_.verdict) + "\n" +
                       (claims.empty() ? "" : claims + "\n") + "\n" + kShown + "\n" +
                       text_lines(trust_rows(checked_));
    for (const auto& finding : checked_.verdict.findings) {
      text +=
          "\n" + std::string(to_string(finding.code)) + "\n" + text_lines(finding_rows(finding));
    }
    return text;
  }

  [[nodiscard]] std::string tail() const {
    std::string left_out;
    if (count_ < read_) {
      left_out = "\n" + std::to_string(count_) + " of " + std::to_string(read_) +
                 " entries are shown: those that were asked for.\n";
    }
    return left_out + examination_text(checked_.examined) + "\n" +
           verdict_sentence(checked_.verdict) + "\n" + meaning(checked_.verdict);
  }

  Result<void> show(const journal::JournalVerdict& journal) {
    const Origin& origin = journal.origin;
    if (arguments_.index && *arguments_.index >= shown_.size(origin)) return {};
    if (!arguments_.json)
      std::cout << "\n" << origin.text() << "\n" << text_lines(journal_rows(journal, {})) << "\n";
    if (arguments_.index) {
      const auto details = shown_.entry(origin, *arguments_.index);
      if (!details) return details.error();
      std::cout << (arguments_.json ? details_json(origin, *details) : details_text(*details));
      ++count_;
      ++read_;
      return {};
    }
    return shown_.entries(origin, 0, [this, &origin](const journal::ShownEntry& entry) {
      ++read_;
      if (!arguments_.filter.fits(origin, entry)) return;
      std::cout << (arguments_.json ? entry_json(origin, entry) : entry_text(entry));
      ++count_;
    });
  }

  /// What was asked for is not there.
  [[nodiscard]] Error nothing() const {
    std::string there;
    for (const auto& journal : checked_.verdict.journals) {
      there += (there.empty() ? "" : ", ") + journal.origin.text() + " (" +
               std::to_string(shown_.size(journal.origin)) + " entries read)";
    }
    static const ErrorCategory<ShowError, sentence> category("blo.audit.show");
    return {{static_cast<int>(ShowError::kNotThere), category},
            there.empty() ? "there are no journals" : "there are " + there};
  }

  const ShowArguments& arguments_;
  Checked checked_;
  journal::ShownExport& shown_;
  std::uint64_t read_ = 0;   // entries of the journals asked for
  std::uint64_t count_ = 0;  // of them, those shown
};

}  // namespace

Result<journal::Outcome> run_show(const ShowArguments& arguments,
                                  std::vector<identity::Certificate> authorities,
                                  Examination examined) {
  const auto files = journal::ExportFiles::open(arguments.folder);
  if (!files) return files.error();
  const std::size_t cores = std::thread::hardware_concurrency();
  const int folders[] = {files->descriptor()};
  const Sandbox sandbox = enter_sandbox(folders);
  if (!arguments.json) warn_of(sandbox);
  Pool pool(cores);
  auto shown = journal::ShownExport::open(
      *files, authorities,
      [&pool](std::size_t count, const Pool::Work& work) { pool.run(count, work); });
  if (!shown) return shown.error();
  examined.add(*files);
  Checked checked{arguments.folder.string(), std::move(authorities), shown->verdict(), sandbox,
                  std::move(examined)};
  journal::expect_absent(arguments.without, checked.verdict);
  return Show(arguments, std::move(checked), *shown).run();
}

}  // namespace blo::audit
