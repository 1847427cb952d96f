// From a signed message to an accepted one: DESIGN's path of a message, step 2.
#ifndef BLO_OFFICE_OUTGOING_H
#define BLO_OFFICE_OUTGOING_H

#include "base/ids.h"
#include "office/trail.h"
#include "seal/body.h"

namespace blo::office {

/// A message as an officer's blo hands it over.
struct Submission {
  Bytes envelope;
  crypto::Signature signature;
  Bytes content;
  seal::Salt salt;
  Bytes import_key;  // 32 bytes, or empty
};

struct Acceptance {
  MessageNumber number;
  bool again;  // accepted before, under this number
};

/// What an officer may send is judged here; `author` must be the officer who signed the request.
class Outgoing {
 public:
  Outgoing(store::Store& store, const OfficeKeys& keys, const Officers& officers, Trail& trail);

  /// Judges every submission alone, then appends those that pass, all to one counterpart, in one
  /// transaction. When this returns, what is accepted is durable. An error of the store is every
  /// submission's error. `act` is the request they came in: it enters the audit trail in the same
  /// transaction, with the number of what it appended as its subject. Where nothing is new there is
  /// no transaction, and the act is the caller's to enter.
  [[nodiscard]] std::vector<Result<Acceptance>> accept(Pair& pair,
                                                       const identity::Fingerprint& author,
                                                       const std::vector<Submission>& submissions,
                                                       const TrailEntry* act, Now now);

 private:
  struct Checked {
    journal::Envelope envelope;
    journal::SignedEnvelope message;
  };
  [[nodiscard]] Result<Checked> check(const Pair& pair, const store::OfficerRow& author,
                                      const Submission& submission, Now now) const;
  [[nodiscard]] Result<std::optional<Acceptance>> find_earlier(const store::JournalRow& sent,
                                                               const Checked& checked,
                                                               ByteView import_key);

  store::Store& store_;
  const OfficeKeys& keys_;
  const Officers& officers_;
  Trail& trail_;
  crypto::Key import_key_;
};

}  // namespace blo::office

#endif
