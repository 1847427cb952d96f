// Answers to requests: what each asks for, who may ask it, and the response's bytes.
#ifndef BLO_DAEMON_REQUESTS_H
#define BLO_DAEMON_REQUESTS_H

#include <optional>
#include <variant>

#include "daemon/node.h"
#include "office/evidence.h"
#include "office/query.h"

namespace blo::daemon {

class BackupJob;

/// Who asks: an officer who signed the request, or the Unix user alone.
struct Asker {
  const store::OfficerRow* officer = nullptr;
  bool owns_daemon = false;                               // the user blod runs as, or root
  bool is_monitor = false;                                // a user named in blod.toml
  journal::Validity validity = journal::Validity::kNone;  // of the officer's certificate; no kNone

  /// Nobody stands behind the request but a monitor.
  [[nodiscard]] bool only_monitors() const {
    return officer == nullptr && !owns_daemon && is_monitor;
  }
};

/// A request as it came, and who asks.
struct Question {
  Asker asker;
  Bytes request;
  std::optional<identity::Fingerprint> officer;  // as named in the request; in force or not
  crypto::Signature signature{};
  std::array<Byte, 32> nonce{};
  std::uint64_t sequence = 0;
  std::uint64_t user = 0;  // the Unix user's number

  /// As it is entered into the audit trail. `what` is the request's field number.
  [[nodiscard]] office::TrailEntry act(std::uint32_t what, std::string subject, bool refused) const;
};

/// Answers that come in parts.
struct StartFollowing {
  bool purpose_stated;
};
struct StartExport {
  office::Pair* pair;  // none: the audit trail
};

struct StartEvidence {
  std::shared_ptr<office::EvidenceJob> job;
};
struct StartBackup {
  crypto::DhPublic recipient;
  bool with_office_key;
};

/// An encoded Response with a Failure.
struct Failed {
  Bytes response;
  std::uint32_t exit_code;
};

/// One encoded Response (its `last` set), or the beginning of many.
using Answer = std::variant<Bytes, Failed, StartFollowing, StartExport, StartEvidence, StartBackup>;

enum class OnFullDisk;

class Requests {
 public:
  Requests(office::Office& office, Node& node) : office_(office), node_(node) {}

  /// Parses, judges who may, enters it into the audit trail, and carries it out. Never fails: what
  /// is wrong is in the answer.
  [[nodiscard]] Answer answer(const Question& question, Now now);
  /// A request signed with a certificate that is not in force, or not signed as it says. Like one
  /// that stands on a Unix user who may not ask it: at most one entry for each user and hour.
  void enter_unknown(const Question& question, Now now);

 private:
  void enter_outsider(const Question& question, const office::TrailEntry& act, Now now);
  /// Index of the entry; nothing where the request may go on without one.
  [[nodiscard]] Result<std::optional<std::uint64_t>> enter(const Question& question,
                                                           office::TrailEntry act,
                                                           OnFullDisk on_full_disk, Now now);
  [[nodiscard]] Result<std::optional<std::uint64_t>> enter_on_full_disk(const Question& question,
                                                                        office::TrailEntry act,
                                                                        OnFullDisk on_full_disk,
                                                                        Now now);

  void note_failure(const Question& question, const journal::ActFailed& failed, Now now);

  office::Office& office_;
  Node& node_;
  std::map<std::uint64_t, SteadyTime> unknown_;  // by Unix user: when last entered
};

/// A counterpart whose messages are not shown without a purpose: by this office's policy for it.
/// `counterpart` may be empty: any. Null: none of them asks.
[[nodiscard]] const office::Pair* asks_for_purpose(const office::Office& office,
                                                   const std::string& counterpart);

/// Whose signature over a request holds; nobody's, or an officer's whose certificate may be over.
struct Signer {
  const store::OfficerRow* officer = nullptr;
  office::OfficerState state = office::OfficerState::kInForce;
  journal::Validity validity = journal::Validity::kNone;
};
[[nodiscard]] Signer find_signer(office::Office& office, ByteView signed_bytes,
                                 const identity::Fingerprint& fingerprint,
                                 const crypto::Signature& signature, Now now);

// Encoded responses.
[[nodiscard]] Bytes failure_response(const Error& error);
[[nodiscard]] Bytes unauthorised_response(const std::string& sentence);
/// Says from which entries on.
[[nodiscard]] Bytes following_event(const office::Office& office);
[[nodiscard]] Bytes arrived_event(const office::MessageView& message, WallTime now);
[[nodiscard]] Bytes receipted_event(const office::ReceiptedHead& head);
[[nodiscard]] Bytes export_file_response(const std::string& path, ByteView contents);
[[nodiscard]] Bytes export_done_response(const office::ExportJob& job);
[[nodiscard]] Bytes evidence_response(const office::EvidenceJob& job);
[[nodiscard]] Bytes backup_response(BackupJob& job);
[[nodiscard]] Bytes greeting(const office::OfficeKeys& keys, ByteView nonce);
/// A SignedRequest's parts; nothing when it is out of form.
struct SignedParts {
  Bytes request;
  Bytes officer;
  Bytes signature;
};
[[nodiscard]] std::optional<SignedParts> parse_signed_request(ByteView bytes);

}  // namespace blo::daemon

#endif
