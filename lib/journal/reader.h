// Reads one journal in order and judges each entry by what the journal said before it. The daemon's
// incoming path and the auditor's program use the same reader, so both come to the same verdict.
#ifndef BLO_JOURNAL_READER_H
#define BLO_JOURNAL_READER_H

#include <map>
#include <memory>
#include <set>

#include "identity/chain.h"
#include "journal/entry.h"

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
  std::optional<Entry> entry;        // none: malformed
  std::optional<Envelope> envelope;  // of a message
  std::optional<Record> record;      // of a record
  std::shared_ptr<const KnownOfficer> author;
  std::shared_ptr<const KnownOfficer> releaser;  // where the message carries a release
  std::optional<RefusalReason> refusal;
  std::string detail;  // which field or rule, for diagnostics and the auditor; never content
};

/// The author's signature (and the releaser's, when there is one) over a read message. A pure
/// function of values: safe on any thread. True for records and for entries refused already.
[[nodiscard]] bool check_signatures(const ReadEntry& entry);

/// State of one journal up to its next index.
class Reader {
 public:
  /// `office` has been verified against its authority by the caller.
  Reader(const Origin& origin, const identity::Certificate& office);

  /// Takes the next leaf. Certificate records take effect at once, so that a message may follow its
  /// author's certificate in the same batch. Duplicate message ids are the caller's to notice: they
  /// are unique across journals, and only the caller knows the others.
  [[nodiscard]] ReadEntry read(ByteView leaf);

  /// Continues a journal whose first `next` entries were read before: restores what read() would
  /// know. `certificates` are the index and bytes of every certificate record not refused.
  void resume(std::uint64_t next, const Stamp& last_stamp,
              std::vector<std::pair<std::uint64_t, Bytes>> certificates);

  [[nodiscard]] std::uint64_t next() const { return next_; }
  /// Of the newest entry that parsed and did not go back.
  [[nodiscard]] const Stamp& last_stamp() const { return last_stamp_; }
  [[nodiscard]] std::shared_ptr<const KnownOfficer> officer(
      const identity::Fingerprint& fingerprint) const;

 private:
  void read_message(ReadEntry& out);
  bool read_release(ReadEntry& out, const Release& release);
  void read_record(ReadEntry& out);
  void read_start(ReadEntry& out, const GenerationStart& start);
  void read_certificate(ReadEntry& out, const CertificateRecord& record);

  Origin origin_;
  identity::Certificate office_;
  std::uint64_t next_ = 0;
  Stamp last_stamp_;
  std::map<identity::Fingerprint, std::shared_ptr<const KnownOfficer>> officers_;
};

}  // namespace blo::journal

#endif
