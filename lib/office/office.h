// The office: its keys, its store, its officers and its pairings, and the rules between them. No
// Asio, no clock, no thread: the daemon and the simulator drive it.
#ifndef BLO_OFFICE_OFFICE_H
#define BLO_OFFICE_OFFICE_H

#include "office/alarms.h"
#include "office/ceremony.h"
#include "office/clock.h"
#include "office/drafts.h"
#include "office/full_disk.h"
#include "office/generations.h"
#include "office/outgoing.h"
#include "office/pairing_again.h"
#include "office/peer.h"
#include "office/scrub.h"
#include "office/trail.h"

namespace blo::office {

class Office {
 public:
  /// Opens (or creates) the store and loads what it holds.
  [[nodiscard]] static Result<std::unique_ptr<Office>> open(
      OfficeKeys keys, const std::filesystem::path& store_path);
  /// Over a store that is open, of the same office under the same store key.
  [[nodiscard]] static Result<std::unique_ptr<Office>> over(OfficeKeys keys,
                                                            std::unique_ptr<store::Store> store);
  Office(const Office&) = delete;
  Office& operator=(const Office&) = delete;

  [[nodiscard]] const OfficeKeys& keys() const { return keys_; }
  [[nodiscard]] store::Store& store() { return *store_; }
  [[nodiscard]] Outgoing& outgoing() { return *outgoing_; }
  [[nodiscard]] Drafts& drafts() { return *drafts_; }
  [[nodiscard]] PeerContext peer_context(Observer& observer) {
    return {*store_,  keys_,  officers_,     *incoming_, alarms_,
            observer, clock_, start_number_, quota_,     own_addresses_};
  }

  /// A pairing once made stays at its address.
  [[nodiscard]] const std::vector<std::unique_ptr<Pair>>& pairs() const { return pairs_; }
  [[nodiscard]] Pair* find(const OfficeId& counterpart) const;
  /// The confirmed pairing whose counterpart has this transport key.
  [[nodiscard]] Pair* find_by_transport_key(const crypto::DhPublic& key) const;
  /// The Noise PSKs of that pairing in the order of usable_secrets(); empty for a stranger.
  [[nodiscard]] std::vector<crypto::Key> psks(const crypto::DhPublic& key) const;

  /// An existing invitation is given again, so that a lost file can be handed over once more; with
  /// another legal basis an unanswered one is made anew.
  [[nodiscard]] Result<Pair*> invite(Invitation invitation, Now now);
  /// The ceremony anew with an office paired with before, under the same keys.
  [[nodiscard]] Result<Pair*> pair_again(AnotherInvitation invitation, Now now);
  /// Before the first act that tells of it: where the file shows that this office has lost its
  /// store, its audit trail begins anew in a generation that none before can have had.
  [[nodiscard]] Result<void> begin_trail_after_loss(ByteView their_file, Now now);
  /// Finds the invitation the file answers.
  [[nodiscard]] Result<Pair*> accept(ByteView their_file, Now now);
  [[nodiscard]] Result<Pair*> confirm(const OfficeId& counterpart, const Comparison& comparison,
                                      Now now);

  /// From now on the pairing's secret counts as old: the next session replaces it. kOtherOffers
  /// where that is the counterpart's to do.
  [[nodiscard]] Result<void> rotate(Pair& pair);

  /// Closes our journal to the counterpart and goes on in its next generation under a new key; the
  /// old one is destroyed. End the pairing's sessions first: they speak of the old one.
  /// kUnreceipted: the counterpart must hold all of the old.
  [[nodiscard]] Result<void> open_next_generation(Pair& pair, Now now);

  struct Recovered {
    std::uint64_t entries;    // of all generations of both journals, as they are now
    std::uint64_t reentered;  // messages that had not left; they stand in the new generation
    std::uint64_t left_out;   // those that may not be sent any more: drafts() says why of each
    std::uint64_t awaiting_release = 0;  // those that the policy in force asks a release for
  };
  /// After this store turned out to be older than what the counterpart holds, and has been given
  /// back what it lost: goes on in the next generation of our journal, and of the audit trail
  /// unless that was begun after all that was lost. kNotBehind: nothing is to be recovered.
  /// kNotRecovered: not everything has been given back yet.
  [[nodiscard]] Result<Recovered> recover(Pair& pair, Now now);

  /// Enters what had to be said while the pairing was frozen: revocations, forgotten names. Nothing
  /// happens where all is said.
  [[nodiscard]] Result<void> catch_up(Pair& pair, Now now);

  /// The first thing after open(): where the store was put back from a backup, raises an alarm and
  /// goes on in the audit trail's next generation, under a new key, since the one in the backup may
  /// have signed more than the backup holds. kNoValidTime: call it again when the clock is right;
  /// meanwhile nothing enters the generation of the backup.
  [[nodiscard]] Result<void> begin_after_restore(Now now);

  /// How much each counterpart may have stored in a day.
  void set_quota(const QuotaLimits& quota) { quota_ = quota; }
  /// What it announces in each session, and what it never takes from a counterpart.
  void set_own_addresses(OwnAddresses own) { own_addresses_ = std::move(own); }

  [[nodiscard]] Officers& officers() { return officers_; }
  [[nodiscard]] const Officers& officers() const { return officers_; }
  [[nodiscard]] Trail& trail() { return trail_; }
  [[nodiscard]] const Trail& trail() const { return trail_; }
  [[nodiscard]] Alarms& alarms() { return alarms_; }
  /// Certifying, revoking and pairing are kClockNotBelieved while it is not believed, and nothing
  /// of the office's own is entered.
  [[nodiscard]] Clock& clock() { return clock_; }
  /// Who reads while nothing can be stored.
  [[nodiscard]] FullDisk& full_disk() { return full_disk_; }
  /// What was read meanwhile and not entered, into the trail; nothing happens where all was.
  [[nodiscard]] Result<void> enter_unentered(Now now, store::Space space = store::Space::kFree) {
    return full_disk_.enter(*store_, trail_, alarms_, keys_.id, now, space);
  }

  /// As Officers::add. Somebody who may do more than before is an alarm, once a pairing carries
  /// messages: until then nobody can be spoken to. `certified_by` is a person; 0: the Unix user
  /// alone.
  [[nodiscard]] Result<const store::OfficerRow*> certify_officer(
      ByteView request, std::vector<identity::Role> roles, std::uint32_t valid_days,
      std::uint64_t person, std::uint64_t certified_by, Now now);
  /// Ends every certificate of the person, at this position of every journal and of the trail.
  /// kUnknownPerson; kRevoked: nothing is in force.
  [[nodiscard]] Result<identity::Revocation> revoke_officer(std::uint64_t person,
                                                            identity::RevocationReason reason,
                                                            Now now);
  /// Destroys a revoked person's name here, and enters that every counterpart is to do the same.
  /// `ordered_by` is a person; 0: the Unix user alone. kUnknownPerson, kNotRevoked.
  [[nodiscard]] Result<void> forget_officer(std::uint64_t person, std::uint64_t ordered_by,
                                            Now now);
  /// Enters what the counterpart's authority says, and ends the pairing: of the counterpart's
  /// journal nothing counts beyond what is receipted now. Nothing of the counterpart's is needed.
  /// kUnknownCounterpart; kOldStatement, with an alarm: a newer one counts already.
  [[nodiscard]] Result<Pair*> revoke_counterpart(ByteView revocation, Now now);

  /// Raises an alarm where this machine's clock moved by more than a day against its steady one
  /// since the first call, and keeps what is known of the time. Call it now and then.
  [[nodiscard]] Result<void> watch_clock(Now now);
  /// Raises an alarm 60, 30 and 7 days before a certificate ends: the authority's, this office's,
  /// each counterpart's, and each officer's in force. Call it now and then.
  [[nodiscard]] Result<void> announce_expiries(Now now);

  /// Reads some of the store where a scrub is under way or due. Call it some times a second.
  [[nodiscard]] Result<void> scrub(Now now) { return scrub_.tick(alarms_, now); }
  [[nodiscard]] bool scrubbing() const { return scrub_.under_way(); }

  /// Enters the trail's head into the journals in which none has stood for a day. Call it now and
  /// then; true when there is something to send.
  [[nodiscard]] Result<bool> date_trail(Now now);

 private:
  Office(OfficeKeys keys, std::unique_ptr<store::Store> store);
  [[nodiscard]] Result<void> refuse_old(const Pair& pair, const identity::Revocation& revocation,
                                        std::uint64_t known, Now now);
  [[nodiscard]] Result<std::uint64_t> statement_about(const Pair& pair);
  [[nodiscard]] Result<void> announce_expiry(const std::string& whose,
                                             const identity::Certificate& of,
                                             const std::string& next_step, Now now);
  [[nodiscard]] std::unique_ptr<Pair>* slot(const OfficeId& counterpart);

  /// Inside a transaction of the caller's, who enters the revocations.
  [[nodiscard]] Result<BegunGeneration> begin_generation(const Pair& pair, bool after_loss,
                                                         Now now);
  [[nodiscard]] Result<void> leave_trail(Trail::Addition& addition);
  /// After the transaction has committed.
  static void keep_generation(Pair& pair, BegunGeneration begun);

  OfficeKeys keys_;
  std::uint64_t start_number_;  // of this run, shown in each Hello
  QuotaLimits quota_ = kQuotaOfADay;
  OwnAddresses own_addresses_;
  std::unique_ptr<store::Store> store_;
  Officers officers_;
  Trail trail_;
  Alarms alarms_;
  Clock clock_;
  FullDisk full_disk_;
  Scrub scrub_;
  std::vector<std::unique_ptr<Pair>> pairs_;
  std::unique_ptr<Outgoing> outgoing_;
  std::unique_ptr<Drafts> drafts_;
  std::unique_ptr<Incoming> incoming_;
  std::optional<Now> clock_before_;
  bool put_back_ = false;  // from a backup, and begin_after_restore() has not done its work yet
};

}  // namespace blo::office

#endif
