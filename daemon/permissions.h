// Who may ask for what: one table.
#ifndef BLO_DAEMON_PERMISSIONS_H
#define BLO_DAEMON_PERMISSIONS_H

#include "daemon/requests.h"

namespace blo::daemon {

struct Permission {
  std::uint32_t what;                 // the field's number in blo.v1.Request
  const char* name;                   // as people say it: "pair confirm"
  std::vector<identity::Role> roles;  // one of them is enough; empty: any officer
  bool owner;                         // also the user blod runs as, or root, without an officer
  bool recorded;                      // enters the audit trail
  bool reads;                         // changes nothing
  bool entered_with_effect;           // the handler enters it, in the transaction of what it does

  [[nodiscard]] bool allows(const Asker& asker) const;
  /// "pair confirm needs a security officer or an administrator."
  [[nodiscard]] std::string sentence() const;
};

/// Nothing for a request this version does not know.
[[nodiscard]] const Permission* permission_of(std::uint32_t what);

}  // namespace blo::daemon

#endif
