// blo-audit show.
#ifndef BLO_CLI_BLO_AUDIT_RUN_SHOW_H
#define BLO_CLI_BLO_AUDIT_RUN_SHOW_H

#include "arguments.h"
#include "journal/show.h"
#include "report.h"

namespace blo::audit {

/// Prints the verdict and then the entries asked for; what the export's verification comes to. An
/// error: the check could not be completed, or there is no such entry; what was printed is not all.
[[nodiscard]] Result<journal::Outcome> run_show(const ShowArguments& arguments,
                                                std::vector<identity::Certificate> authorities,
                                                Examination examined);

/// An entry as `label: value` lines under its number.
[[nodiscard]] std::string entry_text(const journal::ShownEntry& entry);
/// The entry's line and rows, then its groups of facts and the leaf in hex.
[[nodiscard]] std::string details_text(const journal::EntryDetails& details);

/// One JSON object and a newline each; their fields are in docs/auditing.md.
[[nodiscard]] std::string show_json(const Checked& checked);
[[nodiscard]] std::string entry_json(const Origin& origin, const journal::ShownEntry& entry);
[[nodiscard]] std::string details_json(const Origin& origin, const journal::EntryDetails& details);
[[nodiscard]] std::string end_json(std::uint64_t entries, std::uint64_t left_out,
                                   journal::Outcome outcome, std::string_view verdict);

}  // namespace blo::audit

#endif
