// The pairing ceremony: invite, accept, confirm.
#ifndef BLO_OFFICE_CEREMONY_H
#define BLO_OFFICE_CEREMONY_H

#include "office/pair.h"

namespace blo::office {

/// Makes our file for a counterpart: one-time key, random, the first journal's key and certificate.
/// All durable before the file is handed out.
[[nodiscard]] Result<std::unique_ptr<Pair>> invite(store::Store& store, const OfficeKeys& keys,
                                                   const OfficeId& counterpart,
                                                   std::vector<std::string> addresses,
                                                   const store::PairingRow* instead_of, Now now);

/// Reads the counterpart's file: the secret is agreed, the one-time key destroyed. The same file
/// again changes nothing; another file once one is accepted is kAlreadyPaired.
[[nodiscard]] Result<void> accept(store::Store& store, const OfficeKeys& keys,
                                  std::unique_ptr<Pair>& pair, ByteView their_file, Now now);

/// The digits both sides show.
[[nodiscard]] std::string digits(const Pair& pair);

/// The digits as the counterpart read them out (white space ignored). With them right, messages may
/// flow: both journals exist from here on, ours with its first entry.
[[nodiscard]] Result<void> confirm(store::Store& store, const OfficeKeys& keys,
                                   std::unique_ptr<Pair>& pair, std::string_view digits_heard,
                                   Now now);

}  // namespace blo::office

#endif
