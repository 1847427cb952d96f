#include "office/clock_doubt.h"

namespace blo::office {

std::string clock_doubt(const OfficeKeys& keys, WallTime time) {
  for (const auto* certificate : {&keys.authority, &keys.certificate}) {
    const auto& details = certificate->details();
    if (details.valid_at(time)) continue;
    const bool early = time < details.not_before;
    return "the " + std::string(identity::to_string(details.kind)) + " certificate of " +
           details.subject + " does not hold " + (early ? "before " : "after ") +
           to_rfc3339(early ? details.not_before : details.not_after);
  }
  return "";
}

}  // namespace blo::office
