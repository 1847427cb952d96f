// blo-audit reconcile.
#ifndef BLO_CLI_BLO_AUDIT_RUN_RECONCILE_H
#define BLO_CLI_BLO_AUDIT_RUN_RECONCILE_H

#include "arguments.h"
#include "identity/chain.h"
#include "journal/reconcile.h"

namespace blo::audit {

/// Both exports, as typed, and what came of comparing them.
struct Reconciled {
  std::array<std::string, 2> folders;
  std::vector<identity::Certificate> authorities;
  journal::Reconciliation outcome;
};

/// Prints what was found and writes the page asked for; whether the exports agree. An error: the
/// comparison could not be completed.
[[nodiscard]] Result<bool> run_reconcile(const ReconcileArguments& arguments,
                                         std::vector<identity::Certificate> authorities);

/// One JSON object and a newline; its fields are in docs/auditing.md.
[[nodiscard]] std::string reconcile_json(const Reconciled& reconciled);

}  // namespace blo::audit

#endif
