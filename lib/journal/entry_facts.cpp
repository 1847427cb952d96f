#include "journal/entry_facts.h"

#include "base/hex.h"
#include "identity/revocation.h"
#include "journal/findings.h"

namespace blo::journal {
namespace {

using Texts = std::vector<std::string>;

/// In the order of the variant.
constexpr std::string_view kRecordNames[] = {"generation start",
                                             "officer's certificate",
                                             "refusal",
                                             "revocation",
                                             "policy",
                                             "head of the audit trail",
                                             "act",
                                             "failed act",
                                             "counterpart turned away",
                                             "erasure",
                                             "auditor's challenge",
                                             "requests on a full disk"};
static_assert(std::size(kRecordNames) == std::variant_size_v<Record>);

Texts roles_of(const identity::CertificateDetails& details) {
  Texts roles;
  for (const identity::Role role : details.roles) roles.emplace_back(identity::to_string(role));
  return roles;
}

/// Names its certificate and the person; or what an entry claims that nobody is known to have
/// signed.
void add_officer(Facts& facts, const std::string& prefix, const identity::Fingerprint& fingerprint,
                 const std::shared_ptr<const KnownOfficer>& known) {
  if (known) facts.push_back({prefix + "person", known->certificate.details().person});
  facts.push_back({prefix + (known ? "certificate" : "claims_certificate"), to_hex(fingerprint)});
}

Facts certificate_facts(const identity::Certificate& certificate) {
  const auto& details = certificate.details();
  Facts facts = {{"fingerprint", to_hex(certificate.fingerprint())},
                 {"kind", std::string(to_string(details.kind))},
                 {"network", std::string(to_string(details.network))},
                 {"subject", printable(details.subject)},
                 {"statement", details.statement},
                 {"valid_from", to_rfc3339(details.not_before)},
                 {"valid_until", to_rfc3339(details.not_after)}};
  if (details.kind == identity::CertificateKind::kOfficer) {
    facts.push_back({"person", details.person});
    facts.push_back({"roles", roles_of(details)});
  }
  Texts keys;
  for (const auto& key : details.keys) keys.push_back(to_hex(key.key));
  facts.push_back({"keys", std::move(keys)});
  if (details.issuer) facts.push_back({"issuer", to_hex(*details.issuer)});
  if (details.name_commitment)
    facts.push_back({"name_commitment", to_hex(*details.name_commitment)});
  return facts;
}

Facts message_facts(const ReadEntry& entry) {
  const Envelope& envelope = *entry.envelope;
  Facts facts = {{"kind", name_of_kind(envelope.kind)},
                 {"precedence", std::string(to_string(envelope.precedence))},
                 {"message_id", to_hex(envelope.message_id)}};
  add_officer(facts, "", envelope.officer, entry.author);
  const auto& message = std::get<SignedEnvelope>(entry.entry->what);
  if (message.release) add_officer(facts, "releaser_", message.release->officer, entry.releaser);
  if (envelope.in_reply_to) facts.push_back({"in_reply_to", to_hex(*envelope.in_reply_to)});
  if (envelope.supersedes) facts.push_back({"supersedes", to_hex(*envelope.supersedes)});
  if (!envelope.attachments.empty())
    facts.push_back({"attachments", std::uint64_t{envelope.attachments.size()}});
  return facts;
}

/// What each sort of record says.
struct RecordFacts {
  const ReadEntry& entry;

  Facts operator()(const GenerationStart& start) const {
    Facts facts;
    const auto certificate = identity::Certificate::parse(start.journal_certificate);
    if (certificate) facts.push_back({"journal_certificate", to_hex(certificate->fingerprint())});
    if (!start.previous) return facts;
    if (start.previous->generation != 0)
      facts.push_back({"previous_generation", std::uint64_t{start.previous->generation}});
    facts.push_back({"previous_size", start.previous->size});
    facts.push_back({"previous_root", to_hex(start.previous->root)});
    if (start.after_loss) facts.push_back({"after_loss", true});
    return facts;
  }

  Facts operator()(const CertificateRecord& record) const {
    const auto certificate = identity::Certificate::parse(record.certificate);
    if (!certificate) return {};
    const auto& details = certificate->details();
    return {{"person", details.person},
            {"certificate", to_hex(certificate->fingerprint())},
            {"roles", roles_of(details)},
            {"statement", details.statement},
            {"valid_from", to_rfc3339(details.not_before)},
            {"valid_until", to_rfc3339(details.not_after)},
            {"has_name", record.padded_bytes > 0}};
  }

  Facts operator()(const Refusal& refusal) const {
    return {{"generation", std::uint64_t{refusal.generation}},
            {"index", refusal.index},
            {"leaf_hash", to_hex(refusal.leaf_hash)},
            {"reason", std::string(to_string(refusal.reason))}};
  }

  Facts operator()(const RevocationRecord& record) const {
    const auto revocation = identity::Revocation::parse(record.revocation);
    if (!revocation) return {};
    const auto& details = revocation->details();
    Facts facts = {{"kind", std::string(to_string(details.kind))},
                   {"subject", printable(details.subject)},
                   {"statement", details.statement},
                   {"reason", std::string(to_string(details.reason))},
                   {"revoked", to_rfc3339(details.time)},
                   {"issuer", to_hex(details.issuer)}};
    if (details.kind == identity::CertificateKind::kOfficer)
      facts.push_back({"person", details.person});
    return facts;
  }

  Facts operator()(const Policy& policy) const {
    Texts rules;
    for (const ReleaseRule& rule : policy.release) {
      rules.push_back((rule.kind ? name_of_kind(*rule.kind) : "any kind") + " " +
                      (rule.precedence ? std::string(to_string(*rule.precedence))
                                       : std::string("of any precedence")));
    }
    return {{"release", std::move(rules)}, {"purpose", policy.purpose}};
  }

  Facts operator()(const TrailHead& head) const { return {{"head", to_hex(head.hash)}}; }

  Facts operator()(const Act& act) const {
    Facts facts;
    if (act.officer) add_officer(facts, "", *act.officer, entry.author);
    facts.push_back({"request", std::uint64_t{act.request}});
    facts.push_back({"subject", printable(act.subject)});
    facts.push_back({"not_authorised", act.refused});
    facts.push_back({"user", act.user});
    facts.push_back({"sequence", act.sequence});
    facts.push_back({"request_hash", to_hex(act.request_hash)});
    return facts;
  }

  Facts operator()(const ActFailed& failed) const {
    return {{"act", failed.act}, {"exit_code", std::uint64_t{failed.exit_code}}};
  }

  Facts operator()(const PeerRefused& refused) const {
    return {{"counterpart", printable(refused.counterpart)}, {"reason", printable(refused.reason)}};
  }

  Facts operator()(const Unentered& unentered) const {
    return {{"person", unentered.person},
            {"requests", unentered.requests},
            {"first", to_rfc3339(unentered.first)},
            {"last", to_rfc3339(unentered.last)}};
  }

  Facts operator()(const Erasure& erasure) const {
    return {{"index", erasure.index},
            {"generation", std::uint64_t{erasure.generation}},
            {"rule", printable(erasure.rule)},
            {"person", erasure.person},
            {"received", erasure.received}};
  }

  Facts operator()(const AuditChallenge& challenge) const {
    return {{"text", printable(challenge.text)}};
  }
};

Facts stamp_facts(const Stamp& stamp) {
  Facts facts = {{"time", to_rfc3339(stamp.time)}};
  if (stamp.generation == 0) return facts;
  facts.push_back({"opposite_generation", std::uint64_t{stamp.generation}});
  facts.push_back({"opposite_size", stamp.size});
  facts.push_back({"opposite_root", to_hex(stamp.root)});
  return facts;
}

Facts envelope_facts(const Envelope& envelope) {
  Facts facts = {{"network", std::string(to_string(envelope.network))},
                 {"message_id", to_hex(envelope.message_id)},
                 {"from", envelope.from.text()},
                 {"to", envelope.to.text()},
                 {"officer", to_hex(envelope.officer)},
                 {"kind", std::uint64_t{envelope.kind}},
                 {"precedence", std::string(to_string(envelope.precedence))},
                 {"created", to_rfc3339(envelope.created)},
                 {"commitment", to_hex(envelope.commitment)},
                 {"padded_bytes", envelope.padded_bytes}};
  if (envelope.expires) facts.push_back({"expires", to_rfc3339(*envelope.expires)});
  if (envelope.in_reply_to) facts.push_back({"in_reply_to", to_hex(*envelope.in_reply_to)});
  if (envelope.supersedes) facts.push_back({"supersedes", to_hex(*envelope.supersedes)});
  Texts attachments;
  for (const AttachmentHeader& attachment : envelope.attachments) {
    attachments.push_back(to_hex(attachment.commitment) + " " +
                          std::to_string(attachment.padded_bytes));
  }
  if (!attachments.empty()) facts.push_back({"attachments", std::move(attachments)});
  return facts;
}

void add_certificate(std::vector<FactGroup>& groups, const std::string& name,
                     const std::shared_ptr<const KnownOfficer>& known) {
  if (!known) return;
  Facts facts = certificate_facts(known->certificate);
  facts.push_back({"introduced_by_entry", known->since});
  groups.emplace_back(name, std::move(facts));
}

void add_certificate(std::vector<FactGroup>& groups, const std::string& name, ByteView bytes) {
  const auto certificate = identity::Certificate::parse(bytes);
  if (certificate) groups.emplace_back(name, certificate_facts(*certificate));
}

void add_message(std::vector<FactGroup>& groups, const ReadEntry& entry,
                 const SignedEnvelope& message) {
  if (entry.envelope) groups.emplace_back("envelope", envelope_facts(*entry.envelope));
  groups.emplace_back("signature", Facts{{"signature", to_hex(message.signature)}});
  if (message.release) {
    groups.emplace_back("release", Facts{{"officer", to_hex(message.release->officer)},
                                         {"signature", to_hex(message.release->signature)}});
  }
}

void add_record(std::vector<FactGroup>& groups, const ReadEntry& entry) {
  groups.emplace_back("record", std::visit(RecordFacts{entry}, *entry.record));
  if (const auto* start = std::get_if<GenerationStart>(&*entry.record)) {
    add_certificate(groups, "authority_certificate", start->authority_certificate);
    add_certificate(groups, "office_certificate", start->office_certificate);
    add_certificate(groups, "journal_certificate", start->journal_certificate);
  } else if (const auto* introduced = std::get_if<CertificateRecord>(&*entry.record)) {
    add_certificate(groups, "certificate", introduced->certificate);
  } else if (const auto* act = std::get_if<Act>(&*entry.record)) {
    groups.emplace_back("signature", Facts{{"nonce", to_hex(act->nonce)},
                                           {"padded_bytes", act->padded_bytes},
                                           {"signature", to_hex(act->signature)}});
  }
}

}  // namespace

std::string name_of_kind(std::uint32_t kind) {
  const auto known = static_cast<Kind>(kind);
  return kind <= static_cast<std::uint32_t>(Kind::kActed) && known >= Kind::kAlert
             ? std::string(to_string(known))
             : "kind " + std::to_string(kind);
}

std::string_view name_of(const Record& record) { return kRecordNames[record.index()]; }

std::span<const std::string_view> record_names() { return kRecordNames; }

std::string_view name_of(const ReadEntry& entry) {
  if (entry.envelope) return "message";
  return entry.record ? name_of(*entry.record) : "out of form";
}

Facts facts_of(const ReadEntry& entry) {
  if (entry.envelope) return message_facts(entry);
  return entry.record ? std::visit(RecordFacts{entry}, *entry.record) : Facts{};
}

std::vector<FactGroup> details_of(const ReadEntry& entry) {
  std::vector<FactGroup> groups;
  if (!entry.entry) return groups;
  groups.emplace_back("stamp", stamp_facts(entry.entry->stamp));
  if (entry.entry->stamp.unsure) groups.back().second.push_back({"clock_unsure", true});
  if (entry.claim) {
    groups.back().second.push_back({"claim", true});
    groups.back().second.push_back({"received", to_rfc3339(*entry.received)});
  }
  if (const auto* message = std::get_if<SignedEnvelope>(&entry.entry->what)) {
    add_message(groups, entry, *message);
  } else if (entry.record) {
    add_record(groups, entry);
  }
  add_certificate(groups, "officer", entry.author);
  add_certificate(groups, "releaser", entry.releaser);
  return groups;
}

}  // namespace blo::journal
