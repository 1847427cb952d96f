// blo-audit reconcile.
#ifndef BLO_CLI_BLO_AUDIT_RUN_RECONCILE_H
#define BLO_CLI_BLO_AUDIT_RUN_RECONCILE_H

#include "arguments.h"
#include "examination.h"
#include "identity/chain.h"
#include "journal/reconcile.h"

namespace blo::audit {

/// Both exports, as typed, and what came of comparing them.
struct Reconciled {
  std::array<std::string, 2> folders;
  std::vector<identity::Certificate> authorities;
  journal::Reconciliation outcome;
  Examination examined;
};

/// Prints what was found and writes the page asked for; what it comes to. An error: the
/// comparison could not be completed.
[[nodiscard]] Result<journal::Outcome> run_reconcile(const ReconcileArguments& arguments,
                                                     std::vector<identity::Certificate> authorities,
                                                     Examination examined);

/// "THE EXPORTS AGREE": the words of what it comes to, for people and programs alike.
[[nodiscard]] std::string_view reconcile_verdict(const journal::Reconciliation& outcome);

/// One JSON object and a newline; its fields are in docs/auditing.md.
[[nodiscard]] std::string reconcile_json(const Reconciled& reconciled);

}  // namespace blo::audit

#endif
