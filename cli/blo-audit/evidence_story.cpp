#include "base/hex.h"
#include "evidence.h"
#include "message/message.h"

namespace blo::audit {
namespace {

using journal::EvidenceVerdict;
using Rows = std::vector<std::pair<std::string, std::string>>;

std::string entry_of(const journal::EntryPlace& place) {
  return "entry " + std::to_string(place.index) + " of " + place.origin.text();
}

std::string who(const journal::Signatory& signatory, const std::string& office) {
  std::string text = signatory.name ? signatory.name->name + ", " + signatory.name->agency + ", "
                                    : "name not disclosed, ";
  return text + "officer number " + std::to_string(signatory.person) + " of " + office;
}

std::string standing(const journal::Signatory& signatory, const EvidenceVerdict& verdict) {
  std::string roles;
  for (const auto role : signatory.roles)
    roles += (roles.empty() ? "" : ", ") + std::string(identity::to_string(role));
  std::string text = to_hex(signatory.certificate) + " (" + roles +
                     "), made known to the receiver in entry " +
                     std::to_string(signatory.introduced) + ", before the message";
  if (signatory.ended) {
    text += "; revoked in entry " + std::to_string(*signatory.ended) + ", after entry " +
            std::to_string(verdict.number->index) + ", which it does not touch";
  }
  return text;
}

void add_signatories(const EvidenceVerdict& verdict, Story& story) {
  Rows rows;
  const std::string& from = verdict.number->from.text();
  rows.emplace_back("sent by", from);
  rows.emplace_back("sent to", verdict.number->to.text());
  if (verdict.author) {
    rows.emplace_back("author", who(*verdict.author, from));
    rows.emplace_back("certificate", standing(*verdict.author, verdict));
  }
  if (verdict.releaser) {
    rows.emplace_back("released by", who(*verdict.releaser, from));
    rows.emplace_back("certificate", standing(*verdict.releaser, verdict));
  } else if (verdict.envelope) {
    rows.emplace_back("released by", verdict.release_required
                                         ? "nobody, though the policy in force asks for it"
                                         : "nobody: the policy shown here asks for no release");
  }
  story.sections.push_back({"Who", std::move(rows)});
}

void add_times(const EvidenceVerdict& verdict, Story& story) {
  Rows rows;
  const std::string& to = verdict.number->to.text();
  if (verdict.envelope) {
    rows.emplace_back("written",
                      to_rfc3339(verdict.envelope->created) + ", says its author's machine");
  }
  if (verdict.stamp) {
    const std::string stamped = to_rfc3339(verdict.stamp->time);
    const std::string& from = verdict.number->from.text();
    rows.emplace_back("sent", verdict.claim ? "dated " + stamped + " by " + from + ", received " +
                                                  to_rfc3339(*verdict.receipt) + " by " + to +
                                                  ": the clock of " + from + " was wrong"
                              : verdict.stamp->unsure ? "at about " + stamped + ", the clock of " +
                                                            from + " was not sure"
                                                      : stamped + ", says " + from + "'s clock");
  }
  rows.emplace_back("not before", verdict.after
                                      ? to_rfc3339(verdict.after->time) + ", witnessed by " + to +
                                            ": the message names a state of " + to +
                                            "'s own journal that holds " +
                                            entry_of(verdict.after->place) + ", dated then by " + to
                                      : "no witness in this evidence");
  rows.emplace_back("not after", verdict.receipt
                                     ? to_rfc3339(*verdict.receipt) + ", witnessed by " + to +
                                           ": its receipt is of that time"
                                     : "no witness in this evidence");
  story.sections.push_back({"When", std::move(rows)});
}

void add_message(const EvidenceVerdict& verdict, Story& story) {
  Rows rows;
  rows.emplace_back("number", verdict.number->text());
  if (verdict.envelope) {
    const auto& envelope = *verdict.envelope;
    rows.emplace_back("kind", std::string(to_string(static_cast<journal::Kind>(envelope.kind))));
    rows.emplace_back("precedence", std::string(to_string(envelope.precedence)));
    rows.emplace_back("message", to_hex(envelope.message_id));
    if (envelope.in_reply_to) rows.emplace_back("in reply to", to_hex(*envelope.in_reply_to));
    if (envelope.supersedes) rows.emplace_back("supersedes", to_hex(*envelope.supersedes));
    if (envelope.expires) rows.emplace_back("holds until", to_rfc3339(*envelope.expires));
    if (!envelope.attachments.empty())
      rows.emplace_back("attachments", std::to_string(envelope.attachments.size()));
  }
  switch (verdict.content) {
    case journal::Content::kNotDisclosed:
      rows.emplace_back("content", "not disclosed: nothing is said about what it reads");
      break;
    case journal::Content::kMatches:
      rows.emplace_back("content", "disclosed here; it is what its author signed");
      break;
    case journal::Content::kDiffers:
      rows.emplace_back("content", "what is disclosed is NOT what its author signed");
  }
  story.sections.push_back({"What", std::move(rows)});
}

void add_proofs(const EvidenceVerdict& verdict, Story& story) {
  Rows rows;
  const std::string& from = verdict.number->from.text();
  const std::string& to = verdict.number->to.text();
  if (verdict.author) {
    rows.emplace_back("author's signature", "holds, under a certificate of " + from +
                                                ", which authority " + verdict.sender_authority +
                                                " certified");
  }
  if (verdict.releaser) rows.emplace_back("releaser's signature", "holds, under another officer's");
  rows.emplace_back("place in the journal", "entry " + std::to_string(verdict.number->index) +
                                                " of " + std::to_string(verdict.size) +
                                                " under a head that " + from + " signed; leaf " +
                                                to_hex(verdict.leaf_hash) + ", root " +
                                                to_hex(verdict.root));
  if (verdict.receipt) {
    rows.emplace_back("receipt", to + " signed at " + to_rfc3339(*verdict.receipt) +
                                     " that it stored, opened and checked every entry under that "
                                     "head, save those it refused; authority " +
                                     verdict.receiver_authority + " certified its key");
  } else {
    rows.emplace_back("receipt", "none");
  }
  if (verdict.refusal) {
    rows.emplace_back(
        "refusal", to + " refused it: " + std::string(to_string(verdict.refusal->reason)) + " (" +
                       entry_of(verdict.refusal->place) + ", dated " +
                       to_rfc3339(verdict.refusal->time) + ")");
  } else {
    rows.emplace_back("refusal", "none is shown");
  }
  story.sections.push_back({"What proves it", std::move(rows)});
  story.sections.push_back(
      {"What this does not prove",
       {{"absence",
         "that no entry between those shown revokes an officer, changes the policy or refuses the "
         "message rests on the word of the office that made this file. An export of the whole "
         "journal proves or disproves it: blo-audit verify"},
        {"times", "each is what the clock named said; the order is the journals'"}}});
}

void add_findings(const JudgedEvidence& judged, Story& story) {
  const auto& verdict = judged.verdict;
  for (const auto& finding : verdict.findings) {
    Rows rows{{"where", finding.where}, {"what", finding.what}};
    if (!finding.evidence.empty()) rows.emplace_back("evidence", finding.evidence);
    rows.emplace_back("trusting",
                      finding.rests_on.empty() ? "nobody: the file shows it" : finding.rests_on);
    story.sections.push_back({std::string(to_string(finding.code)), std::move(rows)});
  }
  Rows rows{{"file", judged.file}};
  for (const auto& authority : judged.authorities) {
    rows.emplace_back("trusting", "authority " + authority.details().subject + " (" +
                                      std::string(to_string(authority.details().network)) +
                                      ") fingerprint " + to_hex(authority.fingerprint()));
  }
  for (const auto& note : verdict.notes) rows.emplace_back("note", note);
  for (auto& row : examination_rows(judged.examined)) rows.push_back(std::move(row));
  for (const auto& file : judged.examined.files)
    rows.emplace_back("SHA-256", to_hex(file.sha256) + "  " + file.path);
  story.sections.push_back({"This examination", std::move(rows)});
}

void add_verdict(const EvidenceVerdict& verdict, Story& story) {
  if (!verdict.verified()) {
    story.verdict = "NOT VERIFIED";
    story.explanation = "This file does not prove what it is meant to prove: " +
                        std::to_string(verdict.findings.size()) +
                        (verdict.findings.size() == 1 ? " finding." : " findings.") +
                        " What is said below beside the findings must not be relied on.";
    return;
  }
  const std::string from = verdict.number->from.text();
  const std::string to = verdict.number->to.text();
  if (verdict.refusal) {
    story.tone = Tone::kCareful;
    story.verdict = "VERIFIED, AND REFUSED BY ITS RECEIVER";
    story.explanation =
        from + " sent this message to " + to + ". " + to +
        " stored it and refused it: " + std::string(to_string(verdict.refusal->reason)) + ".";
  } else if (!verdict.receipt) {
    story.tone = Tone::kCareful;
    story.verdict = "VERIFIED, WITHOUT A RECEIPT";
    story.explanation = "An officer of " + from + " signed this message to " + to + ". That " + to +
                        " ever had it is not proven.";
  } else {
    story.tone = Tone::kGood;
    story.verdict = "VERIFIED";
    story.explanation = "An officer of " + from + " signed this message, " + from + " sent it to " +
                        to + ", and " + to + " confirmed that it has it.";
  }
  for (const std::string& sentence : false_times(verdict)) {
    story.tone = Tone::kCareful;
    story.explanation += " " + sentence;
  }
  if (verdict.network == Network::kExercise) {
    story.tone = Tone::kCareful;
    story.verdict += " (EXERCISE - not real)";
  }
}

}  // namespace

Story tell(const JudgedEvidence& judged) {
  const auto& verdict = judged.verdict;
  Story story;
  add_verdict(verdict, story);
  if (verdict.verified()) {
    add_message(verdict, story);
    add_signatories(verdict, story);
    add_times(verdict, story);
    add_proofs(verdict, story);
  } else if (verdict.number) {
    story.sections.push_back({"What", {{"number", verdict.number->text()}}});
  }
  add_findings(judged, story);
  if (verdict.verified() && verdict.content == journal::Content::kMatches) {
    const bool sound = message::validate(verdict.envelope->kind, verdict.disclosed).has_value();
    story.content = sound ? message::render(verdict.envelope->kind, verdict.disclosed)
                          : "The content is not in the form of its kind and cannot be shown.";
  }
  return story;
}

}  // namespace blo::audit
