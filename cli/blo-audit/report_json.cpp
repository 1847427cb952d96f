#include <nlohmann/json.hpp>

#include "base/hex.h"
#include "report.h"

namespace blo::audit {
namespace {

using Json = nlohmann::ordered_json;

constexpr char kFormat[] = "blo-audit/1";

Json time_or_null(const std::optional<WallTime>& time) {
  return time ? Json(to_rfc3339(*time)) : Json(nullptr);
}

Json text_or_null(const std::string& text) { return text.empty() ? Json(nullptr) : Json(text); }

Json to_json(const identity::Certificate& authority) {
  return {{"subject", authority.details().subject},
          {"network", to_string(authority.details().network)},
          {"fingerprint", to_hex(authority.fingerprint())}};
}

Json to_json(const journal::Challenge& challenge) {
  return {{"index", challenge.index},
          {"text", challenge.text},
          {"receipted", time_or_null(challenge.receipted)}};
}

Json to_json(const journal::JournalVerdict& journal) {
  Json challenges = Json::array();
  for (const auto& challenge : journal.challenges) challenges.push_back(to_json(challenge));
  return {{"origin", journal.origin.text()},
          {"size", journal.size},
          {"root", journal.root == journal::Hash{} ? Json(nullptr) : Json(to_hex(journal.root))},
          {"messages", journal.messages},
          {"records", journal.records},
          {"officers", journal.officers},
          {"refused", journal.refused},
          {"receipted", journal.receipted},
          {"first_receipt", time_or_null(journal.first_receipt)},
          {"last_receipt", time_or_null(journal.last_receipt)},
          {"sender_authority", text_or_null(journal.sender_authority)},
          {"counterpart_authority", text_or_null(journal.counterpart_authority)},
          {"notes", journal.notes},
          {"challenges", challenges}};
}

Json to_json(const journal::Finding& finding) {
  return {{"code", to_string(finding.code)},
          {"where", finding.where},
          {"what", finding.what},
          {"evidence", finding.evidence},
          {"rests_on", text_or_null(finding.rests_on)}};
}

template <class T>
Json list(const std::vector<T>& values) {
  Json array = Json::array();
  for (const T& value : values) array.push_back(to_json(value));
  return array;
}

/// Bytes that are not UTF-8, which a path may hold, are replaced rather than thrown over.
std::string dump(const Json& object) {
  return object.dump(-1, ' ', true, Json::error_handler_t::replace) + "\n";
}

}  // namespace

std::string json_report(const Checked& checked) {
  const Json object = {{"format", kFormat},
                       {"completed", true},
                       {"verified", checked.verdict.verified()},
                       {"folder", checked.folder},
                       {"content_checked", false},
                       {"sandbox", to_string(checked.sandbox)},
                       {"challenge", checked.challenge ? Json(*checked.challenge) : Json(nullptr)},
                       {"trusting", list(checked.authorities)},
                       {"journals", list(checked.verdict.journals)},
                       {"findings", list(checked.verdict.findings)}};
  return dump(object);
}

std::string json_failure(const std::string& why) {
  return dump(Json{{"format", kFormat}, {"completed", false}, {"verified", false}, {"error", why}});
}

}  // namespace blo::audit
