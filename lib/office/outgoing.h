// From a signed message to an accepted one: DESIGN's path of a message, step 2.
#ifndef BLO_OFFICE_OUTGOING_H
#define BLO_OFFICE_OUTGOING_H

#include "base/ids.h"
#include "office/appender.h"
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
  MessageNumber number;    // index 0 for a draft, which has none yet
  bool again;              // accepted before, under this number
  std::int64_t draft = 0;  // it waits as a draft under this number; 0: it is no draft
  /// That draft waits for the next generation of the journal; else for a release.
  bool for_generation = false;
};

/// Drafts that may wait at once: what releasers can still read.
inline constexpr std::uint64_t kDraftsWaitingMax = 1'000;
/// Among them, of those by which readers are named: they leave room for what officers write.
inline constexpr std::uint64_t kOpenedWaitingMax = kDraftsWaitingMax / 2;

/// What an officer may send is judged here; `author` must be the officer who signed the request.
class Outgoing {
 public:
  Outgoing(store::Store& store, const OfficeKeys& keys, const Officers& officers, Trail& trail,
           Clock& clock);

  /// Judges every submission alone, then appends those that pass, all to one counterpart, in one
  /// transaction; where the policy asks for a release, or the pairing awaits the next generation of
  /// our journal, a submission becomes a draft instead. When
  /// this returns, what is accepted is durable. An error of the store is every submission's error.
  /// `act` is the request they came in: it enters the audit trail in the same transaction, with the
  /// number of what it appended (or of the draft) as its subject. Where nothing is new there is no
  /// transaction, and the act is the caller's to enter.
  [[nodiscard]] std::vector<Result<Acceptance>> accept(Pair& pair,
                                                       const identity::Fingerprint& author,
                                                       const std::vector<Submission>& submissions,
                                                       const TrailEntry* act, Now now);

  /// What would become of them now; nothing of it is kept.
  [[nodiscard]] std::vector<Result<Acceptance>> try_out(Pair& pair,
                                                        const identity::Fingerprint& author,
                                                        const std::vector<Submission>& submissions,
                                                        Now now);

  struct Checked {
    journal::Envelope envelope;
    journal::SignedEnvelope message;
  };
  /// Whether this author may send this message over this pairing now. An opened is every reading
  /// officer's to send who may sign at all: operators and releasers.
  [[nodiscard]] Result<Checked> check(const Pair& pair, const store::OfficerRow& author,
                                      const Submission& submission, Now now) const;

 private:
  struct Ending {
    const TrailEntry* act;
    bool keeps;
  };
  [[nodiscard]] std::vector<Result<Acceptance>> take_all(Pair& pair,
                                                         const identity::Fingerprint& author,
                                                         const std::vector<Submission>& submissions,
                                                         const Ending& ending, Now now);
  [[nodiscard]] Result<Acceptance> take(const Pair& pair, const store::OfficerRow& author,
                                        const Submission& submission, Now now, Appender& appender);
  [[nodiscard]] Result<std::optional<Acceptance>> find_earlier(const Pair& pair,
                                                               const store::JournalRow& sent,
                                                               const Checked& checked,
                                                               ByteView import_key);
  [[nodiscard]] Result<std::optional<Acceptance>> find_step(const Pair& pair,
                                                            const store::JournalRow& sent,
                                                            const journal::Envelope& envelope);
  [[nodiscard]] Result<std::optional<Acceptance>> find_draft(const store::JournalRow& sent,
                                                             const Checked& checked,
                                                             ByteView import_key);
  [[nodiscard]] Result<Acceptance> put_draft(const Pair& pair, const store::OfficerRow& author,
                                             const Checked& checked, const Submission& submission,
                                             Bytes import_key, Now now);

  store::Store& store_;
  const OfficeKeys& keys_;
  const Officers& officers_;
  Trail& trail_;
  Clock& clock_;
  crypto::Key import_key_;
};

/// An open pairing that carries messages: kFrozen, kUnconfirmed.
[[nodiscard]] Result<void> check_carries(const Pair& pair);
/// "D-17".
[[nodiscard]] std::string draft_name(std::int64_t id);

}  // namespace blo::office

#endif
