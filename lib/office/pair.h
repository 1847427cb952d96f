// One pairing in memory: who the counterpart is, and the two journals' newest state.
#ifndef BLO_OFFICE_PAIR_H
#define BLO_OFFICE_PAIR_H

#include <functional>
#include <map>
#include <memory>
#include <set>

#include "base/limits.h"
#include "base/token_budget.h"
#include "identity/pairing.h"
#include "journal/reader.h"
#include "office/error.h"
#include "office/quota.h"
#include "office/standing.h"
#include "office/start_numbers.h"
#include "store/store.h"

namespace blo::office {

class Peer;

/// This office's own keys and certificates, for as long as the daemon runs.
struct OfficeKeys {
  Network network;
  OfficeId id;
  identity::Certificate authority;
  identity::Certificate certificate;
  crypto::SigningKey identity;
  crypto::SigningKey receipt;
  crypto::DhKeyPair transport;
  crypto::Key store;
};

/// A checkpoint with the cosignature that makes it a receipt.
struct ReceiptedHead {
  journal::Checkpoint checkpoint;
  std::string note;
  journal::Frontier frontier;
  journal::Cosignature receipt;
};

/// The author of a received message, as the journal introduced them.
struct Author {
  std::uint64_t person = 0;
  identity::OfficerName name;  // empty where it did not come or was erased
};

/// Whether a certificate record with that refusal introduces its officer all the same: where only
/// the name beside it is at fault. An auditor, who has no names, comes to the same officers.
[[nodiscard]] bool introduces(const std::optional<journal::RefusalReason>& refusal);

/// The author a certificate record introduces; `bound` is what its body is bound to.
[[nodiscard]] Author to_author(const identity::Certificate& certificate, ByteView bound,
                               const store::StoredBody& body);

/// What we send: our journal to the counterpart, in its newest generation.
struct SentJournal {
  store::JournalRow row;
  std::optional<crypto::SigningKey> key;        // none: of a generation that was given back
  std::set<identity::Fingerprint> announced;    // officers whose certificates stand in it
  std::optional<ReceiptedHead> head;            // the newest the counterpart has receipted
  WallTime trail_head;                          // when the newest record of the trail's head stands
  journal::Policy policy = {};                  // in force: its newest policy record
  WallTime policy_since = {};                   // the stamp of that record; day 0: there is none
  std::vector<store::JournalRow> earlier = {};  // generations that are closed, oldest first
};

/// What we receive: the counterpart's journal, in its newest generation.
struct ReceivedJournal {
  store::JournalRow row;
  crypto::VerifyKey key;
  std::optional<ReceiptedHead> head;                // the newest we have receipted
  std::map<identity::Fingerprint, Author> authors;  // of all generations
  std::shared_ptr<const Standing> standing;         // as of its newest entry
  std::vector<store::JournalRow> earlier = {};      // generations that are over, oldest first
};

/// A pairing secret this office has offered and nobody has answered yet.
struct OpenOffer {
  std::uint64_t number;
  std::array<Byte, 32> random;
};

/// The two files of a ceremony anew, until they take the place of those in force.
struct FilesAgain {
  identity::PairingFile ours;
  std::optional<identity::PairingFile> theirs;  // from their acceptance on
};

/// Where the counterpart can be dialled, beside what its pairing file says: office/addresses.h.
struct Addresses {
  std::optional<store::AddressList> set;        // by a person, in the place of the file's
  std::optional<store::AddressList> announced;  // by the counterpart, tried after the others
};

/// The counterpart takes no more of our entries for a while.
struct HeldBack {
  SteadyTime until;
  SteadyTime urgent_from;  // when what does not wait may be tried
  WallTime until_wall;     // for people
};

/// State changes only through office/ functions, inside a store transaction first and here after
/// its commit.
struct Pair {
  store::PairingRow row;
  identity::PairingFile ours;
  std::optional<identity::PairingFile> theirs;   // from kAccepted on
  std::optional<SentJournal> sent;               // from kAccepted on
  std::optional<ReceivedJournal> received;       // from kAccepted on
  std::optional<crypto::VerifyKey> receipt_key;  // the counterpart's, from kAccepted on
  WallTime last_contact;                         // of this run
  std::optional<OpenOffer> offer;                // the newest, over whichever session
  std::optional<FilesAgain> again;               // pairing again is under way
  Peer* talks = nullptr;                         // the one session that compares and moves journals
  std::uint64_t turns = 0;                       // how often a session began to
  bool compared = false;                         // the heads agreed, in this run
  StartNumbers starts = {};                      // shown in this run
  Intake intake = {};                            // what was taken of theirs, in this run
  std::optional<HeldBack> held = {};             // in this run
  std::optional<SteadyTime> trail_headed = {};   // when the trail's head was entered in this run
  Addresses addresses = {};
  TokenBudget announcements{limits::kAnnouncementsAtOnce, limits::kAnnouncementEvery};
  TokenBudget offers_taken{limits::kSecretOffersAtOnce, limits::kSecretOfferEvery};
  TokenBudget offers_made{limits::kSecretOffersAtOnce, limits::kSecretOfferEvery};
  TokenBudget challenges{limits::kChallengesAtOnce, limits::kChallengeEvery};

  [[nodiscard]] const OfficeId& counterpart() const { return row.counterpart; }
  /// What we sent, or received, in every generation, oldest first; none before kAccepted.
  [[nodiscard]] std::vector<const store::JournalRow*> generations(bool sent_ones) const;
  /// By its row's number, of either direction; null: none of this pairing.
  [[nodiscard]] const store::JournalRow* find_journal(std::int64_t id) const;
  /// The newest head of the opposite journal that our next entry names.
  [[nodiscard]] std::optional<journal::Checkpoint> receipted() const;
  [[nodiscard]] bool carries_messages() const {
    return row.state == store::PairingState::kConfirmed;
  }
  /// This store is older than what was sent from it, and nobody has frozen the pairing besides:
  /// what officers send waits for the next generation of our journal.
  [[nodiscard]] bool awaits_generation() const {
    return row.state == store::PairingState::kFrozen && row.recovery != store::Recovery::kNone &&
           row.why.empty() && sent && received;
  }
  /// Whether the counterpart may hold more than this store, which it has not been asked yet.
  [[nodiscard]] bool may_be_old() const {
    return (carries_messages() || row.state == store::PairingState::kFrozen) && !compared;
  }
  /// A session is of use: it carries messages, or gives back what this office lost.
  [[nodiscard]] bool may_connect() const {
    return carries_messages() || (row.state == store::PairingState::kFrozen &&
                                  row.recovery == store::Recovery::kRecovering);
  }
};

/// The checkpoint's text under its journal's signature alone: whatever other lines came with it
/// stay out of what we keep and export.
[[nodiscard]] std::string bare_note(const journal::SignedCheckpoint& head,
                                    const crypto::VerifyKey& journal_key);

/// A stored head with its receipt: the counterpart's as it came, ours made from note and time.
[[nodiscard]] Result<ReceiptedHead> to_receipted(store::StoredHead head, const OfficeKeys& keys);

/// Loads one pairing with everything above from the store. Certificates in it were verified when
/// the files were read.
[[nodiscard]] Result<std::unique_ptr<Pair>> load_pair(store::Store& store, const OfficeKeys& keys,
                                                      store::PairingRow row);

/// A journal that is only read may lack its key: it was given back, and another generation follows.
enum class Use { kOnlyRead, kWritten };
/// Our journal, of which `generations` are all there are: oldest first, and there is one.
[[nodiscard]] Result<SentJournal> load_sent(store::Store& store, const OfficeKeys& keys, Use use,
                                            std::vector<store::JournalRow> generations);

/// The key of a journal whose certificate was verified before it was stored.
[[nodiscard]] crypto::VerifyKey journal_key(const store::JournalRow& journal);
/// How a generation that is over ended.
[[nodiscard]] journal::ClosedGeneration closed(const store::JournalRow& journal);

/// A journal is certified for as long as its office is.
[[nodiscard]] identity::Certificate certify_journal(const OfficeKeys& keys, const Origin& origin,
                                                    const crypto::VerifyKey& key, Now now);

/// The officers whose certificates stand in one of our journals.
[[nodiscard]] Result<std::set<identity::Fingerprint>> announced_officers(
    store::Store& store, const store::JournalRow& row);

/// The tree of the first `size` entries of a journal, from the newest stored head below it.
[[nodiscard]] Result<journal::Frontier> frontier_at(store::Store& store,
                                                    const store::JournalRow& journal,
                                                    std::uint64_t size);

/// A reader that has read all of a received journal's entries.
[[nodiscard]] Result<journal::Reader> reader_at_end(store::Store& store, const Pair& pair);

/// Why it is frozen, for people.
[[nodiscard]] std::string frozen_why(const Pair& pair);
/// By a person, in store and memory; `reason` is a sentence of theirs. kUnconfirmed before it was
/// confirmed, kFrozen and kEnded where it is that already.
[[nodiscard]] Result<void> freeze_by_hand(store::Store& store, Pair& pair,
                                          const std::string& reason);
/// For ever; a pairing of any state but one that is over already (kEnded) or not accepted
/// (kUnconfirmed). Its secrets are destroyed; the caller closes its sessions.
/// What waited for the next generation of its journal is listed as not sent.
[[nodiscard]] Result<void> end(store::Store& store, Pair& pair, const std::string& reason, Now now);

/// The journals disagree: freezes the pairing in store and memory, nothing is signed for it any
/// more. `evidence` (signed notes) is kept beside the reason; with kRecovering, what this office
/// lost is to be given back. `also` is done in the same transaction.
[[nodiscard]] Result<void> freeze(store::Store& store, Pair& pair, const std::string& why,
                                  const std::string& evidence, store::Recovery recovery,
                                  const std::function<Result<void>()>& also = {});

}  // namespace blo::office

#endif
