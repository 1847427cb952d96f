#include "daemon/permissions.h"

#include "blo/v1/control.pb.h"

namespace blo::daemon {
namespace {

using v1::Request;
using enum identity::Role;
using enum OnFullDisk;
using Roles = std::vector<identity::Role>;

const std::vector<Permission>& table() {
  const Roles anyone;
  const Roles security{kSecurityOfficer, kAdministrator};
  const Roles duty{kOperator, kReleaser, kSecurityOfficer, kAdministrator};
  //                                                         owner  recorded full disk with effect
  static const std::vector<Permission> permissions = {
      {Request::kStatus, "status", anyone, true, false, kCounted, false},
      // What a releaser sends is judged with the message: that one was opened, and no more.
      {Request::kSend, "send", {kOperator, kReleaser}, false, true, kRefused, true},
      {Request::kList, "list", anyone, false, true, kCounted, false},
      {Request::kShow, "show", anyone, false, true, kCounted, false},
      {Request::kFollow, "follow", anyone, false, true, kReserve, false},
      {Request::kExport, "journal export", anyone, false, true, kReserve, false},
      {Request::kChallenge, "journal export --challenge", anyone, false, true, kRefused, false},
      {Request::kEvidence, "evidence", anyone, false, true, kReserve, false},
      {Request::kOfficerAdd, "officer add", security, true, true, kRefused, false},
      {Request::kOfficerList, "officer list", anyone, true, false, kCounted, false},
      {Request::kOfficerRevoke, "officer revoke", security, true, true, kRefused, false},
      {Request::kOfficerForget, "officer forget", security, true, true, kRefused, false},
      {Request::kPairInvite, "pair invite", security, true, true, kRefused, false},
      {Request::kPairAgain, "pair again", security, true, true, kRefused, false},
      {Request::kPairAccept, "pair accept", security, true, true, kRefused, false},
      {Request::kPairConfirm, "pair confirm", security, true, true, kRefused, false},
      {Request::kPairList, "pair list", anyone, true, false, kCounted, false},
      {Request::kPairShow, "pair show", anyone, true, false, kCounted, false},
      {Request::kPairFreeze, "pair freeze", security, true, true, kRefused, false},
      {Request::kPairEnd, "pair end", security, true, true, kRefused, false},
      {Request::kPairRevoke, "pair revoke", security, true, true, kRefused, false},
      {Request::kPairRotate, "pair rotate", security, true, true, kRefused, false},
      {Request::kPairRenew, "pair renew", security, true, true, kRefused, false},
      {Request::kOfficeRecover, "office recover", security, true, true, kRefused, false},
      {Request::kBackup, "backup", security, true, true, kRefused, false},
      {Request::kRetention, "retention", security, true, true, kRefused, false},
      {Request::kHold, "hold", {kReleaser, kSecurityOfficer}, false, true, kRefused, false},
      {Request::kHoldList, "hold list", anyone, false, true, kCounted, false},
      {Request::kDraftList, "drafts", anyone, false, true, kCounted, false},
      {Request::kDraftShow, "draft show", anyone, false, true, kCounted, false},
      {Request::kDraftRelease, "release", {kReleaser}, false, true, kRefused, true},
      {Request::kDraftReject, "reject", {kReleaser, kOperator}, false, true, kRefused, false},
      {Request::kPolicySet, "policy set", {kSecurityOfficer}, true, true, kRefused, false},
      {Request::kPolicyShow, "policy show", anyone, true, false, kCounted, false},
      {Request::kTrail, "trail", {kAuditor, kSecurityOfficer}, false, true, kCounted, false},
      {Request::kTrailExport,
       "trail export",
       {kAuditor, kSecurityOfficer},
       false,
       true,
       kReserve,
       false},
      {Request::kAlarmList, "alarms", anyone, true, false, kCounted, false},
      {Request::kAlarmAck, "ack", duty, false, true, kRefused, false},
  };
  return permissions;
}

std::string with_article(identity::Role role) {
  std::string name(identity::to_string(role));
  std::ranges::replace(name, '-', ' ');
  return (name.front() == 'a' || name.front() == 'o' ? "an " : "a ") + name;
}

}  // namespace

bool Permission::allows(const Asker& asker) const {
  if (asker.officer == nullptr) return owner && asker.owns_daemon;
  const auto& details = asker.officer->certificate.details();
  return roles.empty() ||
         std::ranges::any_of(roles, [&](auto role) { return details.has_role(role); });
}

std::string Permission::sentence() const {
  std::string text = std::string("blo ") + name + " needs ";
  if (roles.empty()) text += "an officer of this office";
  for (std::size_t i = 0; i < roles.size(); ++i) {
    if (i > 0) text += i + 1 == roles.size() ? " or " : ", ";
    text += with_article(roles[i]);
  }
  if (owner) text += ", or the user blod runs as";
  return text + ".";
}

const Permission* permission_of(std::uint32_t what) {
  const auto found = std::ranges::find(table(), what, &Permission::what);
  return found == table().end() ? nullptr : &*found;
}

}  // namespace blo::daemon
