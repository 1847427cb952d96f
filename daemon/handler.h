// One request being carried out: a function for each, in the file of its area. Who may ask has been
// judged before.
#ifndef BLO_DAEMON_HANDLER_H
#define BLO_DAEMON_HANDLER_H

#include "base/page.h"
#include "daemon/requests.h"

namespace blo::v1 {
class Alarm;
class BackupRequest;
class ChallengeRequest;
class ClockConfirmRequest;
class ClockStatus;
class ErasureAllowRequest;
class EvidenceRequest;
class ExportRequest;
class FindRequest;
class HoldRequest;
class ListRequest;
class OfficeRecoverRequest;
class OfficerAddRequest;
class PairAcceptRequest;
class PairAddressRequest;
class PairAgainRequest;
class PairConfirmRequest;
class PairInviteRequest;
class PairStatus;
class Request;
class Response;
class RetentionRequest;
class SendRequest;
class ShowRequest;
class StatusResponse;
class TrailRequest;
}  // namespace blo::v1

namespace blo::daemon {

class Handler {
 public:
  Handler(office::Office& office, Node& node, const Question& question, Now now)
      : office_(office), node_(node), question_(question), now_(now) {}

  [[nodiscard]] Answer handle(const v1::Request& request);
  /// The request has entered the audit trail together with what it did.
  [[nodiscard]] bool entered() const { return entered_; }

 private:
  // Each is in the file named after its area: handler_messages.cpp, handler_officers.cpp, …
  Answer status();
  Answer send(const v1::SendRequest& in);
  Answer try_send(const v1::SendRequest& in);
  Answer list(const v1::ListRequest& in);
  Answer find(const v1::FindRequest& in);
  Answer show(const v1::ShowRequest& in);
  Answer challenge(const v1::ChallengeRequest& in);
  Answer start_export(const v1::ExportRequest& in);
  Answer start_evidence(const v1::EvidenceRequest& in);
  Answer officer_add(const v1::OfficerAddRequest& in);
  Answer officer_list(const v1::OfficerListRequest& in);
  Answer officer_revoke(const v1::OfficerRevokeRequest& in);
  Answer officer_forget(const v1::OfficerForgetRequest& in);
  Answer pair_invite(const v1::PairInviteRequest& in);
  Answer pair_again(const v1::PairAgainRequest& in);
  Answer pair_address(const v1::PairAddressRequest& in);
  Answer pair_accept(const v1::PairAcceptRequest& in);
  Answer pair_confirm(const v1::PairConfirmRequest& in);
  Answer pair_list(const v1::PairListRequest& in);
  Answer trail(const v1::TrailRequest& in);
  Answer pair_show(const v1::PairShowRequest& in);
  Answer pair_freeze(const v1::PairFreezeRequest& in);
  Answer pair_end(const v1::PairEndRequest& in);
  Answer pair_rotate(const v1::PairRotateRequest& in);
  Answer pair_renew(const v1::PairRenewRequest& in);
  Answer office_recover(const v1::OfficeRecoverRequest& in);
  Answer pair_revoke(const v1::PairRevokeRequest& in);
  Answer start_backup(const v1::BackupRequest& in);
  Answer alarm_list(const v1::AlarmListRequest& in);
  Answer one_alarm(std::uint64_t id);
  [[nodiscard]] Result<void> write_open_alarms(v1::StatusResponse& out);
  Answer alarm_ack(const v1::AlarmAckRequest& in);

  Answer retention(const v1::RetentionRequest& in);
  Answer hold(const v1::HoldRequest& in);
  Answer hold_list(const v1::HoldListRequest& in);
  Answer clock_confirm(const v1::ClockConfirmRequest& in);
  Answer erasure_allow(const v1::ErasureAllowRequest& in);
  void write_clock(v1::ClockStatus& out);

  Answer draft_list(const v1::DraftListRequest& in);
  Answer draft_show(const v1::DraftShowRequest& in);
  Answer draft_release(const v1::DraftReleaseRequest& in);
  Answer draft_reject(const v1::DraftRejectRequest& in);
  Answer policy_set(const v1::PolicySetRequest& in);
  Answer policy_show(const v1::PolicyShowRequest& in);

  /// Whether the purpose stated, if any, is enough for what is read.
  [[nodiscard]] Result<void> check_purpose(const v1::Request& request) const;
  [[nodiscard]] static bool states_purpose(const v1::Request& request);
  void write_draft(const office::DraftView& draft, v1::DraftSummary& out) const;
  void write_alarm(const store::AlarmRow& alarm, v1::Alarm& out) const;
  struct HandedIn {
    office::Pair* pair = nullptr;
    std::vector<office::Submission> submissions;
  };
  [[nodiscard]] Result<HandedIn> handed_in(const v1::SendRequest& in);
  void write_outcomes(const std::vector<Result<office::Acceptance>>& outcomes,
                      const office::Pair& pair, v1::SendResponse& out);
  [[nodiscard]] static Bytes last(v1::Response response);
  [[nodiscard]] static Answer fail(const Error& error);
  [[nodiscard]] Result<office::Pair*> find_pair(const std::string& counterpart);
  /// What a person states: 1 to 500 bytes of UTF-8.
  [[nodiscard]] static Result<void> check_sentence(const std::string& text, const char* what);
  [[nodiscard]] static Answer done(const std::string& sentence);
  void add_pair(const office::Pair& pair, v1::PairStatus& out);
  /// The pairings behind the one that a page names; kUnknownCounterpart: there is no such one.
  [[nodiscard]] Result<std::span<const std::unique_ptr<office::Pair>>> pairs_behind(
      const Page<OfficeId>& page) const;
  /// The person who asks; 0: the Unix user alone.
  [[nodiscard]] std::uint64_t person() const;
  /// Of this office's officers; empty where it was erased or nobody has that number.
  [[nodiscard]] std::string name_of(std::uint64_t person) const;

  office::Office& office_;
  Node& node_;
  const Question& question_;
  Now now_;
  bool entered_ = false;
};

}  // namespace blo::daemon

#endif
