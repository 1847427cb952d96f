#include "office/outgoing.h"

#include "base/limits.h"
#include "crypto/random.h"
#include "message/message.h"
#include "office/writer.h"

namespace blo::office {
namespace {

std::optional<journal::Checkpoint> receipted_head(const Pair& pair) {
  if (!pair.received || !pair.received->head) return std::nullopt;
  return pair.received->head->checkpoint;
}

MessageNumber number_of(const store::JournalRow& sent, std::uint64_t index) {
  const Origin& origin = sent.origin;
  return {origin.from, origin.to, origin.generation, index};
}

/// The subject is the last message that was appended; those before it belong to the same request.
Result<void> enter_act(const TrailEntry& act, const store::JournalRow& after,
                       std::uint64_t messages, Trail::Addition& trail) {
  TrailEntry entry{act.act, act.request, act.officer};
  entry.act.subject = number_of(after, after.size() - 1).text();
  if (messages > 1) entry.act.subject += " and " + std::to_string(messages - 1) + " before it";
  if (const auto added = trail.add(entry); !added) return added.error();
  return trail.finish();
}

}  // namespace

Outgoing::Outgoing(store::Store& store, const OfficeKeys& keys, const Officers& officers,
                   Trail& trail)
    : store_(store),
      keys_(keys),
      officers_(officers),
      trail_(trail),
      import_key_(store.derived_key("import")) {}

Result<Outgoing::Checked> Outgoing::check(const Pair& pair, const store::OfficerRow& author,
                                          const Submission& submission, Now now) const {
  auto envelope = journal::Envelope::parse(submission.envelope);
  if (!envelope) return envelope.error().within("envelope");
  if (envelope->network != keys_.network || envelope->from != keys_.id ||
      envelope->to != pair.counterpart()) {
    return Error(OfficeError::kWrongOffice, "envelope");
  }
  const auto& details = author.certificate.details();
  if (envelope->officer != author.certificate.fingerprint())
    return Error(OfficeError::kUnknownOfficer, "envelope");
  // The counterpart will judge by the entry's stamp, which never goes back.
  const WallTime stamp = std::max(now.wall, pair.sent->row.last_stamp.time);
  if (!keys_.certificate.details().valid_at(stamp))
    return Error(OfficeError::kNotAuthorised, "the office's own certificate is not valid now");
  if (!details.valid_at(stamp))
    return Error(OfficeError::kNotAuthorised, "the officer's certificate is not valid now");
  if (!details.has_role(identity::Role::kOperator))
    return Error(OfficeError::kNotAuthorised, "sending needs the role operator");
  if (envelope->expires && *envelope->expires <= now.wall) return OfficeError::kExpired;
  const auto key = details.verify_key(identity::KeyUse::kOfficer);
  if (!key || !crypto::verify(crypto::Purpose::kEnvelope, *key, {submission.envelope},
                              submission.signature)) {
    return OfficeError::kBadSignature;
  }
  if (submission.content.size() > limits::kContentBytesMax ||
      envelope->commitment != seal::commit_to_content(submission.salt, submission.content) ||
      envelope->padded_bytes != seal::padded_bytes(submission.content.size()) ||
      !envelope->attachments.empty()) {
    return OfficeError::kMismatch;
  }
  if (const auto valid = message::validate(envelope->kind, submission.content); !valid)
    return valid.error();
  journal::SignedEnvelope message{submission.envelope, submission.signature, std::nullopt};
  return Checked{std::move(*envelope), std::move(message)};
}

/// The same message, or the same source row, again: its number. Another message under a used id is
/// an error. `sent` holds what this transaction has appended, too: one request may repeat itself.
Result<std::optional<Acceptance>> Outgoing::find_earlier(const store::JournalRow& sent,
                                                         const Checked& checked,
                                                         ByteView import_key) {
  auto earlier = store_.journals().find_message(sent.pairing, checked.envelope.message_id);
  if (!earlier) return earlier.error();
  if (*earlier) {
    if ((*earlier)->first != sent.id) return OfficeError::kDuplicate;
    const auto stored = store_.journals().entry(sent, (*earlier)->second);
    if (!stored) return stored.error();
    const auto entry = journal::Entry::parse(stored->leaf);
    if (!entry || !equal(entry->bound_bytes(), checked.message.envelope))
      return OfficeError::kDuplicate;
  } else if (!import_key.empty()) {
    earlier = store_.journals().find_imported(import_key);
    if (!earlier) return earlier.error();
    if (*earlier && (*earlier)->first != sent.id)
      return Error(OfficeError::kDuplicate, "the import key was used for another counterpart");
  }
  if (!*earlier) return std::optional<Acceptance>();
  return std::optional(Acceptance{number_of(sent, (*earlier)->second), true});
}

std::vector<Result<Acceptance>> Outgoing::accept(Pair& pair, const identity::Fingerprint& author,
                                                 const std::vector<Submission>& submissions,
                                                 const TrailEntry* act, Now now) {
  const auto all_fail = [&](const Error& error) {
    return std::vector<Result<Acceptance>>(submissions.size(), Result<Acceptance>(error));
  };
  if (pair.row.state == store::PairingState::kFrozen)
    return all_fail(Error(OfficeError::kFrozen, frozen_why(pair)));
  if (pair.row.state == store::PairingState::kEnded)
    return all_fail(Error(OfficeError::kEnded, pair.counterpart().text()));
  if (!pair.carries_messages())
    return all_fail(Error(OfficeError::kUnconfirmed, pair.counterpart().text()));
  const auto* officer = officers_.find(author);
  if (officer == nullptr) return all_fail(OfficeError::kUnknownOfficer);
  const auto state = officers_.state(*officer, now.wall);
  if (state == OfficerState::kRevoked || state == OfficerState::kReplaced)
    return all_fail(Error(OfficeError::kNotInForce, "officer " + std::to_string(officer->person)));

  auto transaction = store_.begin();
  if (!transaction) return all_fail(transaction.error());
  Writer writer(store_, pair.sent->row, now.wall, receipted_head(pair));
  const bool introduce = !pair.sent->announced.contains(author);
  bool introduced = false;
  std::vector<Result<Acceptance>> outcomes;
  outcomes.reserve(submissions.size());
  for (const Submission& submission : submissions) {
    auto checked = check(pair, *officer, submission, now);
    if (!checked) {
      outcomes.emplace_back(checked.error());
      continue;
    }
    Bytes import_key;
    if (!submission.import_key.empty()) {
      import_key =
          to_bytes(ByteView(crypto::hmac_sha256(import_key_.view(), {submission.import_key})));
    }
    const auto earlier = find_earlier(writer.row(), *checked, import_key);
    if (!earlier || *earlier) {
      outcomes.push_back(earlier ? Result<Acceptance>(**earlier)
                                 : Result<Acceptance>(earlier.error()));
      continue;
    }
    if (introduce && !introduced) {
      if (const auto added = writer.add_officer(*officer); !added) return all_fail(added.error());
      introduced = true;
    }
    Writer::Body body{{}, crypto::random_key()};
    body.sealed = seal::seal_body(body.content_key, checked->message.envelope, submission.salt,
                                  submission.content);
    const auto index = writer.add_message(std::move(checked->message), checked->envelope, body);
    if (!index) return all_fail(index.error());
    if (!import_key.empty()) {
      const auto put = store_.journals().put_imported(import_key, writer.row(), *index);
      if (!put) return all_fail(put.error());
    }
    outcomes.emplace_back(Acceptance{number_of(writer.row(), *index), false});
  }
  if (writer.row().size() == pair.sent->row.size())
    return outcomes;  // nothing new: nothing to write
  if (const auto done = writer.finish(); !done) return all_fail(done.error());
  Trail::Addition trail(trail_, now);
  if (act != nullptr) {
    const std::uint64_t messages = writer.row().size() - pair.sent->row.size() - introduced;
    const auto entered = enter_act(*act, writer.row(), messages, trail);
    if (!entered) return all_fail(entered.error());
  }
  if (const auto done = transaction->commit(); !done) return all_fail(done.error());
  trail.keep();
  pair.sent->row = writer.row();
  if (introduced) pair.sent->announced.insert(author);
  return outcomes;
}

}  // namespace blo::office
