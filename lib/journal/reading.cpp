#include "journal/reading.h"

#include <algorithm>

namespace blo::journal {
namespace {

using enum ActNeeds;

constexpr ListedNeeds kListed[] = {
    {1, kReading},   // status
    {3, kReading},   // list
    {4, kReading},   // show
    {5, kReading},   // follow
    {6, kReading},   // export
    {7, kReading},   // evidence
    {10, kRenewal},  // officer add
    {11, kReading},  // officer list
    {23, kReading},  // pair list
    {24, kReading},  // pair show
    {30, kReading},  // draft list
    {31, kReading},  // draft show
    {35, kReading},  // policy show
    {40, kReading},  // trail
    {41, kReading},  // trail export
    {42, kReading},  // alarm list
    {61, kReading},  // backup
    {64, kReading},  // hold list
    {67, kReading},  // find
};

}  // namespace

std::span<const ListedNeeds> listed_needs() { return kListed; }

ActNeeds needs_of(std::uint32_t request) {
  const auto* const found = std::ranges::find(kListed, request, &ListedNeeds::request);
  return found == std::end(kListed) ? kInForce : found->needs;
}

Validity validity_of(const identity::CertificateDetails& officer,
                     const identity::CertificateDetails& office, const AskedAt& at) {
  if (officer.valid_at(at.time) && office.valid_at(at.time)) return Validity::kInForce;
  if (officer.not_before > at.late || office.not_before > at.late) return Validity::kNone;
  if (office.not_after < at.late) return Validity::kOfficeOver;
  return at.early <= officer.not_after + kReadsAfterEnd ? Validity::kOwnOver : Validity::kNone;
}

bool suffices(Validity validity, ActNeeds needs) {
  switch (needs) {
    case kInForce: return validity == Validity::kInForce;
    case kRenewal: return validity == Validity::kInForce || validity == Validity::kOwnOver;
    case kReading: return validity != Validity::kNone;
  }
  return false;
}

bool may_follow_end(const Record& record) {
  if (const auto* act = std::get_if<Act>(&record)) return needs_of(act->request) == kReading;
  return std::holds_alternative<ActFailed>(record) || std::holds_alternative<Unentered>(record) ||
         std::holds_alternative<GenerationStart>(record) ||
         std::holds_alternative<CertificateRecord>(record) ||
         std::holds_alternative<RevocationRecord>(record);
}

}  // namespace blo::journal
