// The audit trail: the office's own journal of what its officers asked of it.
#ifndef BLO_OFFICE_TRAIL_H
#define BLO_OFFICE_TRAIL_H

#include <functional>
#include <set>

#include "office/clock.h"
#include "office/officers.h"
#include "office/writer.h"

namespace blo::office {

/// One request, ready to be entered.
struct TrailEntry {
  journal::Act act;
  Bytes request;                               // kept beside the entry, encrypted; empty: not kept
  const store::OfficerRow* officer = nullptr;  // who signed; none: unknown, or the Unix user alone
};

/// A journal of its own key, without a counterpart: nobody receipts it, and its head's hash stands
/// in every pair journal once a day. Begun with its first entry.
class Trail {
 public:
  Trail(store::Store& store, const OfficeKeys& keys, const Officers& officers, Clock& clock)
      : store_(store), keys_(keys), officers_(officers), clock_(clock) {}
  [[nodiscard]] Result<void> load();
  /// Whether this store may be older than what was signed from it. Asked before an entry: while it
  /// may, none is added to a generation that was begun before this object was.
  enum class Doubt : std::uint8_t {
    kNone,
    kMayBeOld,  // heads have not been compared with every counterpart
    kPutBack    // and this is a backup: there may be another home that began with it
  };
  void doubt_while(std::function<Doubt()> doubted) { doubted_ = std::move(doubted); }

  /// Entries that go into one transaction of the caller's. When that has committed, keep() makes
  /// them the trail's; without it they never were.
  class Addition {
   public:
    Addition(Trail& trail, Now now) : trail_(trail), now_(now) {}
    /// Index of the new entry. Introduces the officer first where the trail does not know the
    /// certificate.
    [[nodiscard]] Result<std::uint64_t> add(const TrailEntry& entry);
    [[nodiscard]] Result<std::uint64_t> add(const journal::ActFailed& failed);
    [[nodiscard]] Result<std::uint64_t> add(const journal::PeerRefused& refused);
    [[nodiscard]] Result<std::uint64_t> add(const journal::Unentered& unentered);
    [[nodiscard]] Result<std::uint64_t> add(const journal::RevocationRecord& revocation);
    /// Before the caller commits.
    [[nodiscard]] Result<void> finish();
    /// After the caller has committed.
    void keep();

    /// Closes the trail's newest generation; what is added stands in the next one, under a new key.
    /// Nothing happens where no trail was begun. First of all calls. Its number is the time:
    /// another copy of this store may have begun one, too. A generation is read by itself: every
    /// revocation stands in it again.
    [[nodiscard]] Result<void> begin_next_generation();
    /// Nobody knows how many generations the lost trail had: what is added stands in the one whose
    /// number is the time, and before it there is nothing. First of all calls.
    [[nodiscard]] Result<void> begin_after_loss();

   private:
    [[nodiscard]] Result<void> begin();
    [[nodiscard]] Result<void> begin_following(std::uint32_t generation,
                                               journal::ClosedGeneration before);
    [[nodiscard]] Result<void> begin_writing(const SentJournal& journal,
                                             std::optional<journal::ClosedGeneration> previous);
    Trail& trail_;
    Now now_;
    std::optional<SentJournal> begun_;  // by this addition
    std::optional<Writer> writer_;
    std::set<identity::Fingerprint> announced_;
  };

  /// One entry in a transaction of its own; durable when this returns.
  [[nodiscard]] Result<std::uint64_t> enter(const TrailEntry& entry, Now now,
                                            store::Space space = store::Space::kFree);
  [[nodiscard]] Result<void> enter(const journal::ActFailed& failed, Now now,
                                   store::Space space = store::Space::kFree);
  /// A counterpart that was turned away: at most once for each counterpart, reason and hour.
  [[nodiscard]] Result<void> enter_refused_peer(const OfficeId& counterpart,
                                                const std::string& reason, Now now);

  /// Its newest generation, with the earlier ones' rows. Nothing before the first entry.
  [[nodiscard]] const std::optional<SentJournal>& journal() const { return journal_; }
  /// When its newest generation was begun; nothing before the first entry.
  [[nodiscard]] Result<std::optional<WallTime>> begun() const;
  /// When certificates have to be valid for an entry made now.
  [[nodiscard]] WallTime judged_at(Now now) const;
  /// The head as it stands, signed.
  [[nodiscard]] std::optional<journal::SignedCheckpoint> head() const;

 private:
  [[nodiscard]] Result<SentJournal> create(std::uint32_t generation, Now now);
  template <class What>
  [[nodiscard]] Result<std::uint64_t> enter_alone(const What& what, Now now, store::Space space);

  store::Store& store_;
  const OfficeKeys& keys_;
  const Officers& officers_;
  Clock& clock_;
  std::optional<SentJournal> journal_;
  bool begun_here_ = false;  // its newest generation, by this object
  std::function<Doubt()> doubted_ = [] { return Doubt::kNone; };
  std::map<std::pair<std::string, std::string>, SteadyTime> refused_;  // counterpart, reason: when
};

}  // namespace blo::office

#endif
