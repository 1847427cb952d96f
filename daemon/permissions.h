// Who may ask for what: one table.
#ifndef BLO_DAEMON_PERMISSIONS_H
#define BLO_DAEMON_PERMISSIONS_H

#include "daemon/requests.h"

namespace blo::v1 {
class Request;
}

namespace blo::daemon {

/// What becomes of a request that cannot be entered into the audit trail for want of space.
enum class OnFullDisk {
  kRefused,  // it changes something, and nothing is done that is not entered
  kReserve,  // it only reads, and takes much or lasts: answered as long as the reserve enters it
  kCounted  // it only reads, and an officer at the barrier needs it: answered, and at least counted
};

struct Permission {
  std::uint32_t what;                 // the field's number in blo.v1.Request
  const char* name;                   // as people say it: "pair confirm"
  std::vector<identity::Role> roles;  // one of them is enough; empty: any officer
  journal::ActNeeds needs;  // of the officer's certificate; an auditor's table has the same
  bool owner;               // also the user blod runs as, or root, without an officer
  bool recorded;            // enters the audit trail
  OnFullDisk full_disk;
  bool entered_with_effect;  // the handler enters it, in the transaction of what it does
  bool monitor = false;      // also a Unix user named in `monitors` of blod.toml

  [[nodiscard]] bool allows(const Asker& asker) const;
  [[nodiscard]] bool reads() const { return full_disk != OnFullDisk::kRefused; }
  /// "pair confirm needs a security officer or an administrator."
  [[nodiscard]] std::string sentence() const;
};

/// Some of what a request can ask is more than a monitor is told: what an alarm rests on.
[[nodiscard]] bool asks_more_than_a_monitor(const v1::Request& request);

/// Nothing for a request this version does not know.
[[nodiscard]] const Permission* permission_of(std::uint32_t what);

/// Why an officer's certificate is not enough for a request; nothing: it is. A renewal, with a
/// certificate that is over, is one of somebody who is here, and gives no role they did not have:
/// anything else that certifies needs a certificate in force.
[[nodiscard]] Result<void> check_validity(const Permission& permission, const v1::Request& request,
                                          const Asker& asker, const office::Office& office);

}  // namespace blo::daemon

#endif
