// Reads one journal in order and judges each entry by what the journal said before it. The daemon's
// incoming path and the auditor's program use the same reader, so both come to the same verdict.
#ifndef BLO_JOURNAL_READER_H
#define BLO_JOURNAL_READER_H

#include <map>
#include <memory>

#include "identity/chain.h"
#include "identity/revocation.h"
#include "journal/across/stamps.h"
#include "journal/across/sure_times.h"
#include "journal/finding_code.h"
#include "journal/reading.h"

namespace blo::journal {

/// An officer who may speak in this journal, from the entry that introduced the certificate on.
struct KnownOfficer {
  identity::Certificate certificate;
  crypto::VerifyKey key;
  std::uint64_t since;  // index of the certificate record
};

/// What an entry turned out to be. Signature checks are kept apart (`signatures`) so that they can
/// be done in batches on a pool; `refusal` covers everything else.
struct ReadEntry {
  std::uint64_t index = 0;
  Hash leaf_hash{};
  std::optional<Entry> entry;                    // none: malformed
  std::optional<Envelope> envelope;              // of a message
  std::optional<Record> record;                  // of a record
  std::shared_ptr<const KnownOfficer> author;    // of a message or an act
  std::shared_ptr<const KnownOfficer> releaser;  // where the message carries a release
  std::optional<RefusalReason> refusal;
  std::optional<FindingCode> finding;  // with a refusal by the reader: what an auditor calls it
  /// Of what tells of reading or renewing in a trail: which certificate is over by its stamp.
  std::optional<Validity> after_end;  // kOfficeOver or kOwnOver
  StampOrder stamp = StampOrder::kGoesOn;
  std::optional<WallTime> received;  // the time of the receipt over it; none: not known
  bool claim = false;                // its stamp is later by more than a day: it dates nothing
  WallTime judged_at{};              // when certificates have to be valid for it
  HeadRun run;                       // of the head in force at it
  std::string detail;  // which field or rule, for diagnostics and the auditor; never content

  /// When it was made, as far as that is known; needs `entry`.
  [[nodiscard]] WallTime dated() const { return claim ? *received : entry->stamp.time; }
  /// Its time bounds what follows.
  [[nodiscard]] bool is_sure() const {
    const bool back = refusal && stamp == StampOrder::kTimeGoesBack;
    return entry && !claim && !entry->stamp.unsure && !back;
  }
};

/// What a leaf says by itself.
struct ParsedLeaf {
  std::size_t bytes;
  Hash leaf_hash;
  Result<Entry> entry;
  std::optional<Result<Envelope>> envelope = std::nullopt;  // of a message
  std::optional<Result<Record>> record = std::nullopt;      // of a record
};
/// A pure function of the bytes: safe on any thread.
[[nodiscard]] ParsedLeaf parse_leaf(ByteView leaf);
/// For who has its hash already.
[[nodiscard]] ParsedLeaf parse_leaf(ByteView leaf, const Hash& leaf_hash);

/// How large the body is that lies beside the leaf, as the leaf says; 0: none belongs there. No
/// value: the leaf is out of form.
[[nodiscard]] std::optional<std::uint64_t> body_bytes(const ParsedLeaf& leaf);

/// The author's signature (and the releaser's, when there is one) over a read message, or an
/// officer's over an act. A pure function of values: safe on any thread. True for other records and
/// for entries refused already.
[[nodiscard]] bool check_signatures(const ReadEntry& entry);

/// A message or an officer's certificate in form: beside it lies a body, which an erasure destroys.
[[nodiscard]] bool is_erasable(const ReadEntry& entry);

/// State of one journal up to its next index.
class Reader {
 public:
  /// `office` has been verified against its authority by the caller.
  Reader(const Origin& origin, const identity::Certificate& office);

  /// Takes the next leaf. Records take effect at once, so that a message may follow its author's
  /// certificate in the same batch. Of each person the certificate with the newest statement is in
  /// force, and none after a revocation with a newer one. Duplicate message ids are the caller's to
  /// notice: they are unique across journals, and only the caller knows the others. So is what a
  /// generation start says of the generation before, and whether an erasure names is_erasable().
  /// `stamp` is what the opposite journal says of the head that the leaf's stamp names: whoever has
  /// that journal judges it (judge_stamp), and an entry without a stamp has none. `received` is the
  /// time of the receipt with the smallest size over the leaf, where there is one; in a trail, of
  /// the earliest receipt over a record that names a head over it.
  [[nodiscard]] ReadEntry read(ParsedLeaf leaf, StampVerdict stamp,
                               std::optional<WallTime> received = std::nullopt);

  /// Continues a journal whose first `next` entries were read before: restores what read() would
  /// know. `records` are the index and bytes of every record that was not refused, in order;
  /// certificates, revocations and policies among them count.
  void resume(std::uint64_t next, const StampsInForce& stamps,
              const std::vector<std::pair<std::uint64_t, Bytes>>& records);
  /// What lies before `next` says nothing here.
  void skip_to(std::uint64_t next) { next_ = next; }
  /// Of a few entries, or without receipts, nobody can say whether a time that goes back was a
  /// claim's: it is told, as in a trail, and nothing is refused for it.
  void only_tell_times() { times_bind_ = false; }
  /// Where the sure times of its generation are kept; in memory without a word. Null: of a journal
  /// in which no stamp is unsure.
  void keep_times(std::shared_ptr<SureTimes> times) { times_ = std::move(times); }
  /// Needs that they are kept.
  [[nodiscard]] SureTimes& times() { return *times_; }

  [[nodiscard]] const Origin& origin() const { return origin_; }
  [[nodiscard]] std::uint64_t next() const { return next_; }
  /// The newest time that did not go back and is no claim, with the newest head that counts.
  [[nodiscard]] const Stamp& last_stamp() const { return stamps_.last(); }
  [[nodiscard]] const StampsInForce& stamps() const { return stamps_; }
  /// In force now.
  [[nodiscard]] std::shared_ptr<const KnownOfficer> officer(
      const identity::Fingerprint& fingerprint) const;
  [[nodiscard]] const Policy& policy() const { return policy_; }
  /// The newest statement about a person; 0: none.
  [[nodiscard]] std::uint64_t statement_about(std::uint64_t person) const;

 private:
  /// What the journal says of one person.
  struct Standing {
    std::uint64_t statement = 0;
    std::shared_ptr<const KnownOfficer> officer;  // none: revoked
  };

  [[nodiscard]] bool read_stamp(ReadEntry& out, StampVerdict verdict);
  void read_message(ReadEntry& out, Result<Envelope> envelope);
  bool read_release(ReadEntry& out, const Release& release);
  void read_record(ReadEntry& out, Result<Record> record);
  void read_start(ReadEntry& out, const GenerationStart& start);
  void read_certificate(ReadEntry& out, const CertificateRecord& record);
  void read_revocation(ReadEntry& out, const RevocationRecord& record);
  void read_act(ReadEntry& out, const Act& act);
  /// Of an entry of a trail.
  [[nodiscard]] AskedAt asked_at(const ReadEntry& entry) const;
  void read_erasure(ReadEntry& out, const Erasure& erasure) const;
  void introduce(const identity::Certificate& certificate, std::uint64_t index);
  void revoke(const identity::Revocation& revocation);
  /// An officer whose certificate is not in force.
  void refuse_unknown(ReadEntry& out, const identity::Fingerprint& fingerprint) const;

  Origin origin_;
  identity::Certificate office_;
  std::uint64_t next_ = 0;
  StampsInForce stamps_;
  std::optional<WallTime> newest_known_;  // that was ever in force
  std::optional<WallTime> known_before_;  // and that before the one in force came
  bool times_bind_;                       // one that goes back is refused
  std::shared_ptr<SureTimes> times_ = std::make_shared<KeptSureTimes>();
  std::map<std::uint64_t, Standing> persons_;
  std::map<identity::Fingerprint, std::uint64_t> certificates_;  // every one introduced: of whom
  Policy policy_;
};

}  // namespace blo::journal

#endif
