#include "daemon/permissions.h"

#include "blo/v1/control.pb.h"

namespace blo::daemon {
namespace {

using enum v1::Request::WhatCase;
using enum identity::Role;
using enum OnFullDisk;
using enum journal::ActNeeds;
using Roles = std::vector<identity::Role>;

const std::vector<Permission>& table() {
  const Roles anyone;
  const Roles security{kSecurityOfficer, kAdministrator};
  const Roles duty{kOperator, kReleaser, kSecurityOfficer, kAdministrator};
  const Roles auditing{kAuditor, kSecurityOfficer};
  //       name, roles, certificate, owner, recorded, full disk, with effect, monitor
  static const std::vector<Permission> permissions = {
      {kStatus, "status", anyone, kReading, true, false, kCounted, false, true},
      // What a releaser sends is judged with the message: that one was opened, and no more.
      {kSend, "send", {kOperator, kReleaser}, kInForce, false, true, kRefused, true},
      {kTrySend,
       "import --dry-run",
       {kOperator, kReleaser},
       kInForce,
       false,
       true,
       kRefused,
       false},
      {kList, "list", anyone, kReading, false, true, kCounted, false},
      {kFind, "find number", anyone, kReading, false, true, kCounted, false},
      {kShow, "show", anyone, kReading, false, true, kCounted, false},
      {kFollow, "follow", anyone, kReading, false, true, kReserve, false},
      {kExport, "journal export", anyone, kReading, false, true, kReserve, false},
      {kChallenge, "journal export --challenge", anyone, kInForce, false, true, kRefused, false},
      {kEvidence, "evidence", anyone, kReading, false, true, kReserve, false},
      {kOfficerAdd, "officer add", security, kRenewal, true, true, kRefused, false},
      {kOfficerList, "officer list", anyone, kReading, true, false, kCounted, false},
      {kOfficerRevoke, "officer revoke", security, kInForce, true, true, kRefused, false},
      {kOfficerForget, "officer forget", security, kInForce, true, true, kRefused, false},
      {kPairInvite, "pair invite", security, kInForce, true, true, kRefused, false},
      {kPairAgain, "pair again", security, kInForce, true, true, kRefused, false},
      {kPairAddress, "pair address", security, kInForce, true, true, kRefused, false},
      {kPairAccept, "pair accept", security, kInForce, true, true, kRefused, false},
      {kPairConfirm, "pair confirm", security, kInForce, true, true, kRefused, false},
      {kPairList, "pair list", anyone, kReading, true, false, kCounted, false},
      {kPairShow, "pair show", anyone, kReading, true, false, kCounted, false},
      {kPairFreeze, "pair freeze", security, kInForce, true, true, kRefused, false},
      {kPairEnd, "pair end", security, kInForce, true, true, kRefused, false},
      {kPairRevoke, "pair revoke", security, kInForce, true, true, kRefused, false},
      {kPairRotate, "pair rotate", security, kInForce, true, true, kRefused, false},
      {kPairRenew, "pair renew", security, kInForce, true, true, kRefused, false},
      {kOfficeRecover, "office recover", security, kInForce, true, true, kRefused, false},
      {kBackup, "backup", security, kReading, true, true, kRefused, false},
      {kRetention, "retention", security, kInForce, true, true, kRefused, false},
      {kHold, "hold", {kReleaser, kSecurityOfficer}, kInForce, false, true, kRefused, false},
      {kHoldList, "hold list", anyone, kReading, false, true, kCounted, false},
      {kClockConfirm, "clock confirm", security, kInForce, true, true, kRefused, false},
      {kErasureAllow, "erasure allow", {kSecurityOfficer}, kInForce, false, true, kRefused, false},
      {kDraftList, "drafts", anyone, kReading, false, true, kCounted, false},
      {kDraftShow, "draft show", anyone, kReading, false, true, kCounted, false},
      {kDraftRelease, "release", {kReleaser}, kInForce, false, true, kRefused, true},
      {kDraftReject, "reject", {kReleaser, kOperator}, kInForce, false, true, kRefused, false},
      {kPolicySet, "policy set", {kSecurityOfficer}, kInForce, true, true, kRefused, false},
      {kPolicyShow, "policy show", anyone, kReading, true, false, kCounted, false},
      {kTrail, "trail", auditing, kReading, false, true, kCounted, false},
      {kTrailExport, "trail export", auditing, kReading, false, true, kReserve, false},
      {kAlarmList, "alarms", anyone, kReading, true, false, kCounted, false, true},
      {kAlarmAck, "ack", duty, kInForce, false, true, kRefused, false},
  };
  return permissions;
}

std::string with_article(identity::Role role) {
  std::string name(identity::to_string(role));
  std::ranges::replace(name, '-', ' ');
  return (name.front() == 'a' || name.front() == 'o' ? "an " : "a ") + name;
}

/// The next certificate of an officer who is here and was not revoked, with no role added.
bool gives_no_more(const v1::OfficerAddRequest& in, const office::Officers& officers) {
  const auto* before = in.person() == 0 ? nullptr : officers.newest(in.person());
  if (before == nullptr) return false;
  const auto* revoked = officers.revocation(in.person());
  const auto& details = before->certificate.details();
  if (revoked != nullptr && revoked->details().statement > details.statement) return false;
  std::vector<identity::Role> roles;
  for (const int role : in.roles()) roles.push_back(static_cast<identity::Role>(role));
  return !office::gives_more(&details.roles, roles);
}

}  // namespace

bool Permission::allows(const Asker& asker) const {
  if (asker.officer == nullptr)
    return (owner && asker.owns_daemon) || (monitor && asker.is_monitor);
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
  if (monitor) text += ", or one named in monitors of blod.toml";
  return text + ".";
}

bool asks_more_than_a_monitor(const v1::Request& request) {
  return request.has_alarm_list() && request.alarm_list().alarm() != 0;
}

Result<void> check_validity(const Permission& permission, const v1::Request& request,
                            const Asker& asker, const office::Office& office) {
  using journal::Validity;
  const bool enough =
      asker.officer == nullptr || journal::suffices(asker.validity, permission.needs);
  const bool renews = asker.officer == nullptr || permission.needs != kRenewal ||
                      asker.validity == Validity::kInForce ||
                      gives_no_more(request.officer_add(), office.officers());
  if (enough && renews) return {};
  if (asker.validity == Validity::kOfficeOver) {
    return Error(office::OfficeError::kOfficeOver,
                 "since " + to_rfc3339(office.keys().certificate.details().not_after));
  }
  const auto& details = asker.officer->certificate.details();
  return Error(office::OfficeError::kOfficerOver,
               "officer " + std::to_string(details.person) + ", since " +
                   to_rfc3339(details.not_after) + "; it reads until " +
                   to_rfc3339(details.not_after + journal::kReadsAfterEnd) +
                   (permission.needs == kRenewal ? " and renews, with the roles there were" : ""));
}

const Permission* permission_of(std::uint32_t what) {
  const auto found = std::ranges::find(table(), what, &Permission::what);
  return found == table().end() ? nullptr : &*found;
}

}  // namespace blo::daemon
