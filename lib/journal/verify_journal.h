// Verifies one direction of an export by itself, and gathers what the opposite direction is needed
// for.
#ifndef BLO_JOURNAL_VERIFY_JOURNAL_H
#define BLO_JOURNAL_VERIFY_JOURNAL_H

#include <deque>
#include <map>
#include <set>

#include "crypto/short_hash.h"
#include "journal/across/refusals.h"
#include "journal/executor.h"
#include "journal/findings.h"
#include "journal/kept_tree.h"
#include "journal/pending.h"

namespace blo::journal {

/// A head of the opposite journal, from an entry whose stamp names it where the one before does
/// not.
struct StampClaim {
  std::uint64_t index;
  std::uint64_t size;
  std::uint64_t root_tag;  // of the root; the root itself is in the entry
  std::uint32_t generation;
  StampVerdict verdict;  // kUnjudged until all journals have been surveyed

  [[nodiscard]] bool names(std::uint32_t of, std::uint64_t entries, std::uint64_t tag) const {
    return generation == of && size == entries && root_tag == tag;
  }
};

struct RefusalClaim {
  RefusalPlace place;
  WallTime time;
  std::optional<WallTime> received;  // the receipt over it
  Refusal refusal;
};

/// The counterpart's office was revoked: of its journals nothing counts from there on.
struct RevocationClaim {
  std::uint64_t index;
  WallTime time;
  std::uint32_t generation;  // the stamp's; 0: nothing counts
  std::uint64_t size;
  Bytes revocation;
};

/// By which entry of the opposite journal an entry was refused.
struct RefusedBy {
  const Origin* journal;
  std::uint64_t index;
  WallTime time;                     // by the counterpart's clock
  std::optional<WallTime> received;  // the receipt over the refusal
  RefusalReason reason;
};

/// What a pair journal says of its sender's audit trail.
struct TrailClaim {
  std::uint64_t index;
  WallTime time;
  Hash hash;
  std::optional<WallTime> received;  // the receipt over it
  std::uint32_t generation = 0;      // of the trail, which had that head; 0: none in the export did
  std::uint64_t size = 0;            // there
};

/// A body that was destroyed in an earlier generation, or a copy of one of the opposite journal.
struct ErasureClaim {
  std::uint64_t index;
  std::uint64_t erased;
  std::uint32_t generation;
  bool received;
};

/// What grows with the entries of an honest journal is a bit an entry, 8 bytes a message or act, 24
/// an erasure, 32 a head that is named, 8 a receipt, and 16 a day with receipts.
struct JournalFacts {
  /// `files` and `tag` (one for all journals of an export) outlive the facts.
  JournalFacts(const ExportFiles& files, const crypto::ShortHash& tagger, const Origin& origin)
      : verdict{origin, {}, {}},
        findings(export_folder(origin)),
        tag(tagger),
        tree(files, export_folder(origin)) {}

  /// A fact the reader must see. What is beyond the first of them is counted alone.
  void note(std::string text);
  /// Something that the journal shows to be missing; once for each thing.
  void miss(Missing missing);
  /// Everything below `size` was found to be receipted at `time`; receipts never go back.
  void note_receipt(std::uint64_t size, WallTime time);
  /// The smallest receipted size over an entry.
  [[nodiscard]] std::optional<std::uint64_t> receipted_size(std::uint64_t index) const;
  /// Whether an entry erases something.
  [[nodiscard]] bool is_erasure(std::uint64_t index) const;
  /// Of a trail: the receipt that dates an entry; none: no head over it was dated.
  [[nodiscard]] std::optional<WallTime> dated_by(std::uint64_t index) const;
  /// The receipt over an entry, or a later one of the same day; none: it is under no receipt.
  [[nodiscard]] std::optional<WallTime> receipted_by(std::uint64_t index) const;

  JournalVerdict verdict;
  Findings findings;
  const crypto::ShortHash& tag;
  bool complete = false;  // every entry under the checkpoint was read
  bool unsure = false;    // a stamp in it is unsure
  KeptTree tree;
  std::deque<std::uint64_t> id_tags;  // of messages that hold alone, or of acts naming an officer
  std::deque<StampClaim> claims;
  std::vector<Refusal> called_false;       // what it refuses for its stamp
  std::set<std::uint64_t> refused_stamps;  // its entries that the opposite journal refuses so
  std::set<std::uint32_t> absent_named;    // generations not in the export that its stamps name
  bool after_loss = false;                 // its start says that more was lost of the one before
  bool lost_named = false;                 // its stamps name what was lost
  std::uint64_t named_size = 0;            // entries that the counterpart's stamps say it receipted
  std::deque<std::uint64_t> receipts;      // each receipted size
  std::deque<ReceiptedSize> receipt_days;  // of each day the last that covers more, by size
  std::vector<RefusalClaim> refusals;
  std::vector<TrailClaim> trail_heads;
  std::deque<ErasureClaim> erasures;
  std::vector<bool> erasable;  // of each entry
  std::optional<ClosedGeneration> previous;
  /// The generation that this one goes on from; 0: the first goes on from none.
  [[nodiscard]] std::uint32_t follows() const {
    return previous && previous->generation != 0 ? previous->generation
                                                 : verdict.origin.generation - 1;
  }
  std::optional<StampsInForce> first_stamps;  // after the first entry
  /// Index and time of the first entry whose time bounds what follows.
  std::optional<std::pair<std::uint64_t, WallTime>> first_sure;
  StampsInForce last_stamps;
  std::vector<RevocationClaim> revocations;
  /// Certificates the chain was found to hold under: the authority as it was given.
  std::optional<identity::Certificate> authority;
  std::optional<identity::Certificate> office;
  std::optional<ExportCounterpart> counterpart;  // whose receipts are believed
  PendingFindings pending;
  std::size_t judged_alone = 0;                // of those pending: what the journal shows by itself
  std::map<std::uint64_t, RefusedBy> refused;  // by index
  std::uint64_t more_notes = 0;
  /// Of a trail: the heads that were dated under receipts, by size, each with the earliest receipt
  /// over it or a later one.
  std::vector<ReceiptedSize> dated;
  Timeline* timeline = nullptr;  // none: nobody asked for it
};

/// Reads and judges the journals in the folders named in their facts. Errors are KeptTree's.
[[nodiscard]] Result<void> verify_journals(const ExportFiles& files,
                                           const std::vector<identity::Certificate>& authorities,
                                           const Executor& execute,
                                           std::map<Origin, JournalFacts>& journals);

/// Message ids, and in an audit trail officers' requests, are unique over all generations of a
/// direction, which these are, in order.
[[nodiscard]] Result<void> verify_ids(const std::vector<JournalFacts*>& generations);

/// What each generation says of those before it.
void verify_generations(std::map<Origin, JournalFacts>& journals);

/// Looks for the heads that pair journals name in their offices' audit trails, and dates those by
/// the receipts over the names. Errors are KeptTree's.
[[nodiscard]] Result<void> date_trails(std::map<Origin, JournalFacts>& journals);

/// The heads of an audit trail that its office's pair journals name: they are heads of it.
void verify_trails(std::map<Origin, JournalFacts>& journals);

/// What concerns several journals: refusals, duplicates, dated trails. Then turns what
/// is pending into findings or notes. Errors are KeptTree's.
[[nodiscard]] Result<void> verify_across(std::map<Origin, JournalFacts>& journals);

}  // namespace blo::journal

#endif
