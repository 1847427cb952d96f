// Messages that wait for a second officer (four eyes), or for the next generation of our journal,
// and what becomes of them.
#ifndef BLO_OFFICE_DRAFTS_H
#define BLO_OFFICE_DRAFTS_H

#include "office/clock_belief.h"
#include "office/outgoing.h"

namespace blo::office {

/// How long a draft that was rejected, or could not be sent, and the reason stay for everybody to
/// read.
inline constexpr std::chrono::days kRejectedDraftsKept{30};

struct DraftView {
  store::DraftRow row;
  journal::Envelope envelope;
  const store::OfficerRow* author;  // the certificate it was signed with
  seal::Salt salt{};
  Bytes content;                              // empty once it was rejected
  const store::OfficerRow* rejected_by = {};  // none: not rejected, or by the office itself
};

class Drafts {
 public:
  Drafts(store::Store& store, const Officers& officers, Trail& trail, Clock& clock,
         const Outgoing& outgoing)
      : store_(store), officers_(officers), trail_(trail), clock_(clock), outgoing_(outgoing) {}

  /// Oldest first, what is sought for a page behind a draft's number, without what was rejected too
  /// long ago.
  [[nodiscard]] Result<std::vector<DraftView>> list(Now now, const Page<std::int64_t>& page = {});
  /// Those that wait for the next generation of our journal: the newest `limit`, newest first,
  /// steps among them or not.
  [[nodiscard]] Result<std::vector<DraftView>> list_for_generation(
      const Pair& pair, std::size_t limit, store::JournalStore::Steps steps);
  /// What was rejected too long ago to be read any more goes, out of every file of the store. Cheap
  /// where there is nothing such: the daemon asks every minute.
  [[nodiscard]] Result<void> forget_rejected(const MayDestroy& may, Now now);
  /// kUnknownDraft.
  [[nodiscard]] Result<DraftView> show(std::int64_t id);
  /// Those that wait for a release, of all pairings.
  [[nodiscard]] Result<std::uint64_t> waiting() { return store_.drafts().waiting_for_release(); }
  /// Those that wait for the next generation of our journal.
  [[nodiscard]] Result<std::uint64_t> waiting_for_generation(const Pair& pair) {
    return store_.drafts().waiting_for_generation(pair.row.id);
  }

  /// Appends the message with its release, in one transaction with the end of the draft and with
  /// `act`, the request it came in. `signature` is the releaser's over envelope and author's
  /// signature. Where the pairing awaits the next generation of our journal, the draft is kept with
  /// its release and waits for that from now on. Errors: kUnknownDraft, kRejected, kOwnDraft,
  /// kNotAuthorised, kAuthorGone, kBadSignature, and whatever sending may fail with.
  [[nodiscard]] Result<Acceptance> release(Pair& pair, std::int64_t id,
                                           const store::OfficerRow& releaser,
                                           const crypto::Signature& signature,
                                           const TrailEntry* act, Now now);
  /// A releaser, or the author, who withdraws it. The content is destroyed, in every file of the
  /// store. Errors: kUnknownDraft, kRejected, kNotAuthorised (and of what only says who opened a
  /// message, whoever asks).
  [[nodiscard]] Result<void> reject(std::int64_t id, const store::OfficerRow& officer,
                                    const std::string& reason, Now now);

 private:
  [[nodiscard]] Result<Acceptance> keep_released(const Pair& pair, const DraftView& draft,
                                                 const journal::Release& release,
                                                 const TrailEntry* act, Now now);
  [[nodiscard]] Result<DraftView> view_of(store::DraftRow row);
  [[nodiscard]] Result<DraftView> find_waiting(std::int64_t id);

  store::Store& store_;
  const Officers& officers_;
  Trail& trail_;
  Clock& clock_;
  const Outgoing& outgoing_;
};

/// The pairing is over: what waited for its next generation will not be sent. Within a transaction
/// of the caller's.
[[nodiscard]] Result<void> leave_out_waiting(store::Store& store, const Pair& pair,
                                             const std::string& why, WallTime time);

/// The draft of "D-17"; nothing when the name is out of form.
[[nodiscard]] std::optional<std::int64_t> parse_draft_name(std::string_view name);

}  // namespace blo::office

#endif
