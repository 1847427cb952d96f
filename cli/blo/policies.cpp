#include "policies.h"

#include "blo/v1/control.pb.h"
#include "journal/entry.h"
#include "wire_names.h"

namespace blo::cli {
namespace {

std::string to_word(const v1::ReleaseRule& rule) {
  const std::string kind(rule.kind() == v1::KIND_UNSPECIFIED ? "any" : kind_name(rule.kind()));
  if (rule.precedence() == v1::PRECEDENCE_UNSPECIFIED) return kind;
  return kind + "/" + std::string(precedence_name(rule.precedence()));
}

}  // namespace

Outcome<void> parse_rule(const std::string& text, v1::ReleaseRule& rule) {
  const auto slash = text.find('/');
  const std::string kind = text.substr(0, slash);
  const std::string precedence = slash == std::string::npos ? "any" : text.substr(slash + 1);
  for (const auto one : {v1::KIND_ALERT, v1::KIND_SEIZURE_NOTICE, v1::KIND_ACTED}) {
    if (kind == kind_name(one)) rule.set_kind(one);
  }
  const auto parsed = journal::parse_precedence(precedence);
  if (parsed) rule.set_precedence(static_cast<v1::Precedence>(*parsed));
  if ((kind == "any" || rule.kind() != 0) && (precedence == "any" || parsed)) return {};
  return usage(
      "'" + text + "' is not KIND or KIND/PRECEDENCE.",
      "KIND is alert, seizure, acted or any; PRECEDENCE routine, priority, immediate, flash or "
      "any.");
}

Json to_json(const v1::PolicyRecord& policy) {
  Json release = Json::array();
  for (const auto& rule : policy.release()) release.push(to_word(rule));
  return Json::object({{"release", release}, {"purpose", policy.purpose()}});
}

Shown to_sentence(const v1::PolicyRecord& policy) {
  std::string text;
  for (const auto& rule : policy.release()) text += (text.empty() ? "" : ", ") + to_word(rule);
  text = text.empty() ? "nothing needs a release" : "a second officer releases: " + text;
  return text + (policy.purpose() ? "; readers state a purpose" : "; no purpose is asked for");
}

}  // namespace blo::cli
