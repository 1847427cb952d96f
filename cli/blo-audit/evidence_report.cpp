#include <nlohmann/json.hpp>

#include "base/hex.h"
#include "base/terminal.h"
#include "evidence.h"
#include "message/message.h"

namespace blo::audit {
namespace {

using Json = nlohmann::ordered_json;

constexpr char kFormat[] = "blo-audit-evidence/1";
constexpr std::size_t kLabelChars = 22;

Json text_or_null(const std::string& text) { return text.empty() ? Json(nullptr) : Json(text); }

Json to_json(const std::optional<journal::Signatory>& signatory) {
  if (!signatory) return nullptr;
  Json roles = Json::array();
  for (const auto role : signatory->roles) roles.push_back(identity::to_string(role));
  return {{"person", signatory->person},
          {"certificate", to_hex(signatory->certificate)},
          {"roles", roles},
          {"introduced", signatory->introduced},
          {"revoked_later", signatory->ended ? Json(*signatory->ended) : Json(nullptr)},
          {"name", signatory->name ? Json(signatory->name->name) : Json(nullptr)},
          {"agency", signatory->name ? Json(signatory->name->agency) : Json(nullptr)}};
}

Json to_json(const journal::EntryPlace& place, WallTime time) {
  return {{"origin", place.origin.text()}, {"index", place.index}, {"time", to_rfc3339(time)}};
}

std::string_view name_of(journal::Content content) {
  switch (content) {
    case journal::Content::kNotDisclosed: return "not-disclosed";
    case journal::Content::kMatches: return "matches";
    case journal::Content::kDiffers: return "differs";
  }
  return "differs";
}

Json message_of(const journal::EvidenceVerdict& verdict) {
  if (!verdict.envelope || !verdict.stamp) return nullptr;
  const auto& envelope = *verdict.envelope;
  return {{"id", to_hex(envelope.message_id)},
          {"kind", envelope.kind},
          {"precedence", to_string(envelope.precedence)},
          {"created", to_rfc3339(envelope.created)},
          {"stamped", to_rfc3339(verdict.stamp->time)},
          {"release_required", verdict.release_required}};
}

Json content_of(const journal::EvidenceVerdict& verdict) {
  if (verdict.content != journal::Content::kMatches || !verdict.envelope) return nullptr;
  const auto json = message::to_json(verdict.envelope->kind, verdict.disclosed);
  return json ? Json::parse(*json, nullptr, false) : Json(nullptr);
}

Json findings_of(const journal::EvidenceVerdict& verdict) {
  Json list = Json::array();
  for (const auto& finding : verdict.findings) {
    list.push_back({{"code", to_string(finding.code)},
                    {"where", finding.where},
                    {"what", finding.what},
                    {"evidence", finding.evidence},
                    {"rests_on", text_or_null(finding.rests_on)}});
  }
  return list;
}

}  // namespace

std::string evidence_text(const JudgedEvidence& judged) {
  const Story story = tell(judged);
  std::string text = terminal_safe(story.verdict) + "\n" + terminal_safe(story.explanation) + "\n";
  for (const auto& section : story.sections) {
    text += "\n" + terminal_safe(section.heading) + "\n";
    for (auto [label, value] : section.rows) {
      label.resize(kLabelChars, ' ');
      text += "  " + label + terminal_safe(value) + "\n";
    }
  }
  if (!story.content.empty())
    text += "\nContent\n\n" + terminal_safe(story.content, Newlines::kKeep) + "\n";
  return text;
}

std::string evidence_html(const JudgedEvidence& judged) {
  const Story story = tell(judged);
  const auto& number = judged.verdict.number;
  HtmlPage page(number ? "Evidence of message " + number->text() : "Evidence of a message");
  page.verdict(story.tone, story.verdict, story.explanation);
  if (!story.content.empty()) {
    page.heading("Content");
    page.block(story.content);
  }
  for (const auto& section : story.sections) {
    page.heading(section.heading);
    for (const auto& [label, value] : section.rows) page.row(label, value);
  }
  page.paragraph(
      "Made by blo-audit, which trusts the authorities named above and nobody else. Whoever doubts "
      "this page runs it again on the file.");
  return page.text();
}

std::string evidence_json(const JudgedEvidence& judged) {
  const auto& verdict = judged.verdict;
  Json trusting = Json::array();
  for (const auto& authority : judged.authorities) {
    trusting.push_back({{"subject", authority.details().subject},
                        {"network", to_string(authority.details().network)},
                        {"fingerprint", to_hex(authority.fingerprint())}});
  }
  const bool known = verdict.number.has_value();
  Json refusal = nullptr;
  if (verdict.refusal) {
    refusal = to_json(verdict.refusal->place, verdict.refusal->time);
    refusal["reason"] = to_string(verdict.refusal->reason);
  }
  const Json object = {
      {"format", kFormat},
      {"completed", true},
      {"verified", verdict.verified()},
      {"file", judged.file},
      {"trusting", trusting},
      {"number", known ? Json(verdict.number->text()) : Json(nullptr)},
      {"network", verdict.network ? Json(to_string(*verdict.network)) : Json(nullptr)},
      {"message", message_of(verdict)},
      {"author", to_json(verdict.author)},
      {"releaser", to_json(verdict.releaser)},
      {"leaf_hash", known ? Json(to_hex(verdict.leaf_hash)) : Json(nullptr)},
      {"size", verdict.size},
      {"root", known ? Json(to_hex(verdict.root)) : Json(nullptr)},
      {"not_before",
       verdict.after ? to_json(verdict.after->place, verdict.after->time) : Json(nullptr)},
      {"receipt", verdict.receipt ? Json(to_rfc3339(*verdict.receipt)) : Json(nullptr)},
      {"refusal", refusal},
      {"content_state", name_of(verdict.content)},
      {"content", content_of(verdict)},
      {"sender_authority", text_or_null(verdict.sender_authority)},
      {"receiver_authority", text_or_null(verdict.receiver_authority)},
      {"notes", verdict.notes},
      {"findings", findings_of(verdict)}};
  return object.dump(-1, ' ', true, Json::error_handler_t::replace) + "\n";
}

}  // namespace blo::audit
