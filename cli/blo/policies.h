// Policies as words: "seizure/flash", "any".
#ifndef BLO_CLI_BLO_POLICIES_H
#define BLO_CLI_BLO_POLICIES_H

#include <string>

#include "failure.h"
#include "report.h"

namespace blo::v1 {
class PolicyRecord;
class ReleaseRule;
}  // namespace blo::v1

namespace blo::cli {

/// KIND or KIND/PRECEDENCE; either may be "any".
[[nodiscard]] Outcome<void> parse_rule(const std::string& text, v1::ReleaseRule& rule);
[[nodiscard]] Json to_json(const v1::PolicyRecord& policy);
/// What a policy asks for, in a sentence.
[[nodiscard]] Shown to_sentence(const v1::PolicyRecord& policy);

}  // namespace blo::cli

#endif
