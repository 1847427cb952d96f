// Officers whom this office certifies, and the alarm that says so.
#include "office/office.h"

namespace blo::office {
namespace {

constexpr const char* kNextStep =
    "Ask whether this was meant, and who agreed: blo officer list, blo trail. A counterpart has "
    "the "
    "same alarm once somebody new has spoken to it.";

Alarm introduced(const OfficeId& us, const store::OfficerRow& officer, std::uint64_t certified_by) {
  const std::string what = "officer " + std::to_string(officer.person) + " (" +
                           words_of(officer.certificate.details().roles) + ") by " +
                           (certified_by == 0 ? std::string("the user blod runs as")
                                              : "officer " + std::to_string(certified_by));
  return {AlarmCode::kOfficerIntroduced,
          us.text(),
          "This office certified somebody who could not act for it before, or gave them a role "
          "they did not have: " +
              what,
          kNextStep,
          "",
          1,
          what};
}

}  // namespace

Result<const store::OfficerRow*> Office::certify_officer(ByteView request,
                                                         std::vector<identity::Role> roles,
                                                         std::uint32_t valid_days,
                                                         std::uint64_t person,
                                                         std::uint64_t certified_by, Now now) {
  if (const auto fine = clock_.check(now); !fine) return fine.error();
  const auto* before = person == 0 ? nullptr : officers_.newest(person);
  const bool ended =
      before != nullptr && officers_.state(*before, now.wall) == OfficerState::kRevoked;
  const auto* had = before == nullptr || ended ? nullptr : &before->certificate.details().roles;
  const bool new_one = gives_more(had, roles);
  const bool somebody_listens = std::ranges::any_of(pairs_, [](const auto& pair) {
    return pair->carries_messages() || pair->row.state == store::PairingState::kFrozen;
  });
  Officers::AlsoDone also;
  if (new_one && somebody_listens) {
    also = [&](const store::OfficerRow& officer) -> Result<void> {
      const auto raised = alarms_.raise_within(introduced(keys_.id, officer, certified_by), now);
      if (!raised) return raised.error();
      return {};
    };
  }
  return officers_.add(request, std::move(roles), valid_days, person, now, also);
}

}  // namespace blo::office
