// Pairing again under the same keys: a new secret, or a pairing that this office has lost. The
// journals stay.
#ifndef BLO_OFFICE_PAIRING_AGAIN_H
#define BLO_OFFICE_PAIRING_AGAIN_H

#include "office/alarms.h"
#include "office/ceremony.h"

namespace blo::office {

/// What this office offers a counterpart it has been paired with.
struct AnotherInvitation {
  OfficeId counterpart;
  std::vector<std::string> addresses;  // where it can be dialled; empty: as before
  std::string legal_basis;             // where no earlier one is known; may be empty
  Bytes their_file;                    // where the pairing is lost here; else empty
};

/// Our file of a ceremony anew, beside the pairing in force; durable before it is handed out. One
/// that is not answered yet is given again. kPairAgain: a first pairing is due.
[[nodiscard]] Result<void> offer_again(store::Store& store, const OfficeKeys& keys, Pair& pair,
                                       AnotherInvitation invitation, Now now);

/// The counterpart's file shows that this office, by the same keys, was paired with it.
[[nodiscard]] Result<identity::PairingFile> parse_after_loss(const OfficeKeys& keys,
                                                             ByteView their_file, Now now);

/// As offer_again, where nothing is left of the pairing: both journals begin empty, ours under the
/// certificate it had, without its key, and are given back once the digits are confirmed. Raises
/// kLost. `instead_of`: of a ceremony that came to nothing.
[[nodiscard]] Result<std::unique_ptr<Pair>> offer_after_loss(store::Store& store,
                                                             const OfficeKeys& keys, Alarms& alarms,
                                                             AnotherInvitation invitation,
                                                             const store::PairingRow* instead_of,
                                                             Now now);

/// Takes their file of a ceremony anew: the secret is agreed, the one-time key destroyed. The
/// pairing in force stays until the digits are confirmed. kNotInvited: ours was not made before it,
/// or was answered already.
[[nodiscard]] Result<void> accept_again(store::Store& store, Pair& pair,
                                        identity::PairingFile theirs);

/// Files and secret of the ceremony anew are in force, those before destroyed: end the sessions. A
/// pairing that was frozen by hand carries messages again; one whose journals disagree stays
/// frozen.
[[nodiscard]] Result<void> confirm_again(store::Store& store, Pair& pair,
                                         const Comparison& comparison, Now now);

}  // namespace blo::office

#endif
