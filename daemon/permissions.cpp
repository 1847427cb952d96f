#include "daemon/permissions.h"

#include "blo/v1/control.pb.h"

namespace blo::daemon {
namespace {

using v1::Request;
using enum identity::Role;
using Roles = std::vector<identity::Role>;

const std::vector<Permission>& table() {
  const Roles anyone;
  const Roles security{kSecurityOfficer, kAdministrator};
  const Roles duty{kOperator, kReleaser, kSecurityOfficer, kAdministrator};
  //                                                         owner  recorded reads with effect
  static const std::vector<Permission> permissions = {
      {Request::kStatus, "status", anyone, true, false, true, false},
      // What a releaser sends is judged with the message: that one was opened, and no more.
      {Request::kSend, "send", {kOperator, kReleaser}, false, true, false, true},
      {Request::kList, "list", anyone, false, true, true, false},
      {Request::kShow, "show", anyone, false, true, true, false},
      {Request::kFollow, "follow", anyone, false, true, true, false},
      {Request::kExport, "journal export", anyone, false, true, true, false},
      {Request::kChallenge, "journal export --challenge", anyone, false, true, false, false},
      {Request::kEvidence, "evidence", anyone, false, true, true, false},
      {Request::kOfficerAdd, "officer add", security, true, true, false, false},
      {Request::kOfficerList, "officer list", anyone, true, false, true, false},
      {Request::kOfficerRevoke, "officer revoke", security, true, true, false, false},
      {Request::kOfficerForget, "officer forget", security, true, true, false, false},
      {Request::kPairInvite, "pair invite", security, true, true, false, false},
      {Request::kPairAgain, "pair again", security, true, true, false, false},
      {Request::kPairAccept, "pair accept", security, true, true, false, false},
      {Request::kPairConfirm, "pair confirm", security, true, true, false, false},
      {Request::kPairList, "pair list", anyone, true, false, true, false},
      {Request::kPairShow, "pair show", anyone, true, false, true, false},
      {Request::kPairFreeze, "pair freeze", security, true, true, false, false},
      {Request::kPairEnd, "pair end", security, true, true, false, false},
      {Request::kPairRevoke, "pair revoke", security, true, true, false, false},
      {Request::kPairRotate, "pair rotate", security, true, true, false, false},
      {Request::kPairRenew, "pair renew", security, true, true, false, false},
      {Request::kOfficeRecover, "office recover", security, true, true, false, false},
      {Request::kBackup, "backup", security, true, true, false, false},
      {Request::kRetention, "retention", security, true, true, false, false},
      {Request::kHold, "hold", {kReleaser, kSecurityOfficer}, false, true, false, false},
      {Request::kHoldList, "hold list", anyone, false, true, true, false},
      {Request::kDraftList, "drafts", anyone, false, true, true, false},
      {Request::kDraftShow, "draft show", anyone, false, true, true, false},
      {Request::kDraftRelease, "release", {kReleaser}, false, true, false, true},
      {Request::kDraftReject, "reject", {kReleaser, kOperator}, false, true, false, false},
      {Request::kPolicySet, "policy set", {kSecurityOfficer}, true, true, false, false},
      {Request::kPolicyShow, "policy show", anyone, true, false, true, false},
      {Request::kTrail, "trail", {kAuditor, kSecurityOfficer}, false, true, true, false},
      {Request::kTrailExport,
       "trail export",
       {kAuditor, kSecurityOfficer},
       false,
       true,
       true,
       false},
      {Request::kAlarmList, "alarms", anyone, true, false, true, false},
      {Request::kAlarmAck, "ack", duty, false, true, false, false},
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
