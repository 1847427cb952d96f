// The pairing ceremony: invite, accept, confirm; and what people must answer for in it.
#ifndef BLO_OFFICE_CEREMONY_H
#define BLO_OFFICE_CEREMONY_H

#include "office/entry_time.h"
#include "office/pair.h"

namespace blo::office {

/// What this office offers a counterpart.
struct Invitation {
  OfficeId counterpart;
  std::vector<std::string> addresses;  // where it can be dialled
  std::string legal_basis;             // identity::is_legal_basis
};

/// Who compared the digits, and how.
struct Comparison {
  std::string digits;        // as the counterpart read them out; white space is ignored
  std::uint64_t person = 0;  // 0: the Unix user alone
  std::string how;           // "by telephone with F. Rahimov"
};

/// Makes our file for a counterpart: one-time key, random, the first journal's key and certificate.
/// All durable before the file is handed out.
[[nodiscard]] Result<std::unique_ptr<Pair>> invite(store::Store& store, const OfficeKeys& keys,
                                                   Invitation invitation,
                                                   const store::PairingRow* instead_of, Now now);

/// Reads the counterpart's file: the secret is agreed, the one-time key destroyed. The same file
/// again changes nothing; another file once one is accepted is kAlreadyPaired, one with other keys
/// kChangedKey; one to pair again with goes on in office/pairing_again.h. kPairAgain: it is such a
/// one, where a first pairing is due, or the other way.
[[nodiscard]] Result<void> accept(store::Store& store, const OfficeKeys& keys,
                                  std::unique_ptr<Pair>& pair, ByteView their_file, Now now);

/// The digits both sides show: of the ceremony under way, else of the files in force.
[[nodiscard]] std::string digits(const Pair& pair);

/// With the digits right, messages may flow: both journals exist from here on, ours with its first
/// entry; or, where this office has lost its own, waits for them. A pairing that was frozen by hand
/// carries them again; kFrozen where journals disagree.
[[nodiscard]] Result<void> confirm(store::Store& store, const OfficeKeys& keys,
                                   std::unique_ptr<Pair>& pair, const Comparison& comparison,
                                   const Dating& dating, Now now);

}  // namespace blo::office

#endif
