#include <nlohmann/json.hpp>

#include "base/hex.h"
#include "evidence.h"
#include "message/message.h"
#include "report.h"
#include "run_diff.h"
#include "run_fork.h"
#include "run_reconcile.h"
#include "run_show.h"

namespace blo::audit {
namespace {

using Json = nlohmann::ordered_json;

constexpr char kFormat[] = "blo-audit/1";
constexpr char kEvidenceFormat[] = "blo-audit-evidence/1";
constexpr char kReconcileFormat[] = "blo-audit-reconcile/1";
constexpr char kForkFormat[] = "blo-audit-fork/1";
constexpr char kShowFormat[] = "blo-audit-show/1";
constexpr char kDiffFormat[] = "blo-audit-diff/1";

Json time_or_null(const std::optional<WallTime>& time) {
  return time ? Json(to_rfc3339(*time)) : Json(nullptr);
}

Json text_or_null(const std::string& text) { return text.empty() ? Json(nullptr) : Json(text); }

template <class T>
Json list(const std::vector<T>& values);

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

Json first_claim(const journal::Claims& claims) {
  if (claims.count == 0) return nullptr;
  return {{"index", claims.first},
          {"stamped", to_rfc3339(claims.stamped)},
          {"received", to_rfc3339(claims.received)}};
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
          {"claims", journal.claims.count},
          {"first_claim", first_claim(journal.claims)},
          {"clock_unsure", journal.unsure},
          {"sender_authority", text_or_null(journal.sender_authority)},
          {"counterpart_authority", text_or_null(journal.counterpart_authority)},
          {"notes", journal.notes},
          {"missing", list(journal.missing)},
          {"challenges", challenges}};
}

Json to_json(const journal::Finding& finding) {
  return {{"code", to_string(finding.code)},
          {"where", finding.where},
          {"what", finding.what},
          {"evidence", finding.evidence},
          {"rests_on", text_or_null(finding.rests_on)}};
}

Json to_json(const journal::ReconciledJournal& journal) {
  return {{"origin", journal.origin.text()},
          {"size", journal.size},
          {"receipted", journal.receipted},
          {"equal", journal.equal},
          {"notes", journal.notes}};
}

Json to_json(const journal::Mark& mark) {
  return {{"code", to_string(mark.code)}, {"what", mark.what}};
}

Json to_json(const ExaminedFile& file) {
  return {{"path", file.path}, {"sha256", to_hex(file.sha256)}};
}

Json to_json(const Examination& examined) {
  return {{"program", examined.program},
          {"time", to_rfc3339(examined.when)},
          {"files", list(examined.files)},
          {"list_sha256", to_hex(list_digest(examined))}};
}

Json number_or_null(const std::optional<MessageNumber>& number) {
  return number ? Json(number->text()) : Json(nullptr);
}

Json to_json(const journal::Answer& answer) {
  return {{"number", answer.number.text()}, {"kind", answer.acted ? "acted" : "opened"}};
}

Json to_json(const journal::Missing& missing) {
  return {{"what", to_string(missing.what)},
          {"origin", missing.origin.text()},
          {"sentence", missing.sentence}};
}

Json to_json(const journal::DiffJournal& journal);

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
          {"claim", verdict.claim},
          {"clock_unsure", verdict.stamp->unsure},
          {"release_required", verdict.release_required}};
}

Json content_of(const journal::EvidenceVerdict& verdict) {
  if (verdict.content != journal::Content::kMatches || !verdict.envelope) return nullptr;
  const auto json = message::to_json(verdict.envelope->kind, verdict.disclosed);
  return json ? Json::parse(*json, nullptr, false) : Json(nullptr);
}

Json to_json(const journal::Checkpoint& checkpoint) {
  return {{"size", checkpoint.size}, {"root", to_hex(checkpoint.root)}};
}

Json to_json(const journal::Facts& facts) {
  Json object = Json::object();
  for (const auto& fact : facts)
    object[fact.name] = std::visit([](const auto& value) { return Json(value); }, fact.value);
  return object;
}

Json to_json(const journal::ReceiptedSize& receipt) {
  return {{"size", receipt.size}, {"time", to_rfc3339(receipt.time)}};
}

Json to_json(const journal::ShownRefusal& refusal) {
  return {{"origin", refusal.journal.text()},
          {"index", refusal.index},
          {"time", to_rfc3339(refusal.time)},
          {"reason", to_string(refusal.reason)},
          {"flaw", text_or_null(refusal.flaw)}};
}

Json to_json(const Origin& origin, const journal::ShownEntry& entry) {
  return {{"line", "entry"},
          {"origin", origin.text()},
          {"index", entry.index},
          {"time", time_or_null(entry.time)},
          {"claim", entry.received.has_value()},
          {"clock_unsure", entry.unsure},
          {"received", time_or_null(entry.received)},
          {"what", entry.what},
          {"facts", to_json(entry.facts)},
          {"answers", number_or_null(entry.answers)},
          {"supersedes", number_or_null(entry.supersedes)},
          {"answered_by", list(entry.answered_by)},
          {"leaf_hash", to_hex(entry.leaf_hash)},
          {"receipt", entry.receipt ? to_json(*entry.receipt) : Json(nullptr)},
          {"refused", entry.refused ? to_json(*entry.refused) : Json(nullptr)},
          {"findings", list(entry.findings)}};
}

Json to_json(const journal::DiffJournal& journal) {
  Json differs = nullptr;
  if (journal.differs) {
    const auto& [a, b] = journal.differs->entries;
    differs = {{"index", journal.differs->index},
               {"entries", {to_json(journal.origin, a), to_json(journal.origin, b)}}};
  }
  return {{"origin", journal.origin.text()},
          {"size", journal.size},
          {"receipted", journal.receipted},
          {"equal", journal.equal},
          {"differs", differs},
          {"receipts_added", journal.receipts_added.size()},
          {"receipts_missing", journal.receipts_missing.size()}};
}

std::uint64_t count_claims(const journal::Verdict& verdict) {
  std::uint64_t count = 0;
  for (const auto& journal : verdict.journals) count += journal.claims.count;
  return count;
}

/// The fields of a verdict after the first two.
Json report_of(const char* format, const char* line, const Checked& checked) {
  Json object = {{"format", format}};
  if (line != nullptr) object["line"] = line;
  object.update(
      {{"completed", true},
       {"verified", checked.verdict.verified()},
       {"verdict", to_string(checked.verdict.outcome())},
       {"missing", list(checked.verdict.missing())},
       {"claims", count_claims(checked.verdict)},
       {"folder", checked.folder},
       {"content_checked", false},
       {"sandbox", to_string(checked.sandbox)},
       {"challenge", checked.challenge ? Json(*checked.challenge) : Json(nullptr)},
       {"challenge_of", checked.challenge_of.empty() ? Json(nullptr) : Json(checked.challenge_of)},
       {"trusting", list(checked.authorities)},
       {"journals", list(checked.verdict.journals)},
       {"findings", list(checked.verdict.findings)},
       {"examined", to_json(checked.examined)}});
  return object;
}

}  // namespace

std::string json_report(const Checked& checked) {
  return dump(report_of(kFormat, nullptr, checked));
}

std::string show_json(const Checked& checked) {
  return dump(report_of(kShowFormat, "export", checked));
}

std::string entry_json(const Origin& origin, const journal::ShownEntry& entry) {
  return dump(to_json(origin, entry));
}

std::string details_json(const Origin& origin, const journal::EntryDetails& details) {
  Json object = to_json(origin, details.entry);
  Json groups = Json::object();
  for (const auto& [name, facts] : details.groups) groups[name] = to_json(facts);
  object["details"] = groups;
  object["leaf"] = to_hex(details.leaf);
  return dump(object);
}

std::string end_json(std::uint64_t entries, std::uint64_t left_out, journal::Outcome outcome,
                     std::string_view verdict) {
  return dump({{"line", "end"},
               {"entries", entries},
               {"left_out", left_out},
               {"verified", outcome == journal::Outcome::kVerified},
               {"verdict", verdict}});
}

std::string receipt_json(const Origin& origin, const std::string& change,
                         const journal::ReceiptedSize& receipt) {
  Json object = {{"line", "receipt"}, {"origin", origin.text()}, {"change", change}};
  object.update(to_json(receipt));
  return dump(object);
}

std::string diff_json(const Compared& compared) {
  const auto& diff = compared.diff;
  Json exports = Json::array();
  for (std::size_t side = 0; side < 2; ++side) {
    const auto& verdict = diff.verdict(side);
    exports.push_back({{"folder", compared.folders[side]},
                       {"verified", verdict.verified()},
                       {"verdict", to_string(verdict.outcome())},
                       {"findings", list(verdict.findings)}});
  }
  return dump({{"format", kDiffFormat},
               {"line", "diff"},
               {"completed", true},
               {"verified", diff.outcome() == journal::Outcome::kVerified},
               {"verdict", diff_verdict(diff)},
               {"both_verified", diff.verdict(0).verified() && diff.verdict(1).verified()},
               {"missing", list(diff.missing())},
               {"exports", exports},
               {"trusting", list(compared.authorities)},
               {"journals", list(diff.journals())},
               {"findings", list(diff.findings())},
               {"examined", to_json(compared.examined)}});
}

std::string json_failure(const std::string& why) {
  return dump(Json{{"format", kFormat}, {"completed", false}, {"verified", false}, {"error", why}});
}

std::string evidence_json(const JudgedEvidence& judged) {
  const auto& verdict = judged.verdict;
  const bool known = verdict.number.has_value();
  Json refusal = nullptr;
  if (verdict.refusal) {
    refusal = to_json(verdict.refusal->place, verdict.refusal->time);
    refusal["reason"] = to_string(verdict.refusal->reason);
  }
  const Json object = {
      {"format", kEvidenceFormat},
      {"completed", true},
      {"verified", verdict.verified()},
      {"verdict", tell(judged).verdict},
      {"file", judged.file},
      {"trusting", list(judged.authorities)},
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
      {"false_times", false_times(verdict)},
      {"sender_authority", text_or_null(verdict.sender_authority)},
      {"receiver_authority", text_or_null(verdict.receiver_authority)},
      {"notes", verdict.notes},
      {"findings", list(verdict.findings)},
      {"examined", to_json(judged.examined)}};
  return dump(object);
}

std::string reconcile_json(const Reconciled& reconciled) {
  const auto& outcome = reconciled.outcome;
  Json exports = Json::array();
  for (std::size_t side = 0; side < 2; ++side) {
    const auto& verdict = outcome.verdicts[side];
    exports.push_back({{"folder", reconciled.folders[side]},
                       {"verified", verdict.verified()},
                       {"verdict", to_string(verdict.outcome())},
                       {"findings", list(verdict.findings)}});
  }
  return dump({{"format", kReconcileFormat},
               {"completed", true},
               {"verified", outcome.outcome() == journal::Outcome::kVerified},
               {"verdict", reconcile_verdict(outcome)},
               {"compared", outcome.compared()},
               {"missing", list(outcome.missing())},
               {"exports", exports},
               {"trusting", list(reconciled.authorities)},
               {"journals", list(outcome.journals)},
               {"findings", list(outcome.findings)},
               {"examined", to_json(reconciled.examined)}});
}

std::string fork_json(const std::string& file, const Result<journal::Fork>& fork,
                      const Examination& examined) {
  Json object = {
      {"format", kForkFormat}, {"completed", true}, {"proven", fork.has_value()}, {"file", file}};
  if (fork) {
    object["origin"] = fork->larger.origin.text();
    object["checkpoints"] = {to_json(fork->larger), to_json(fork->smaller)};
    object["root_there"] = to_hex(fork->root_there);
    object["rests_on"] = fork->authority;
  } else {
    object["error"] = fork.error().message();
  }
  object["examined"] = to_json(examined);
  return dump(object);
}

}  // namespace blo::audit
