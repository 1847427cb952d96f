#include "office/outgoing.h"

#include "base/limits.h"
#include "crypto/random.h"
#include "journal/opened.h"
#include "message/message.h"
#include "office/steps.h"
#include "office/writer.h"

namespace blo::office {
namespace {

/// What fails in the store fails for the whole transaction.
const boost::system::error_category& store_category() {
  return make_error_code(store::StoreError::kFailed).category();
}

/// The subject is the last message that was appended, or the last draft; those before it belong to
/// the same request.
std::string subject_of(const std::vector<Result<Acceptance>>& outcomes) {
  std::uint64_t messages = 0;
  std::uint64_t drafts = 0;
  std::string message;
  std::string draft;
  for (const auto& outcome : outcomes) {
    if (!outcome || outcome->again) continue;
    if (outcome->draft != 0) {
      draft = draft_name(outcome->draft);
      ++drafts;
    } else {
      message = outcome->number.text();
      ++messages;
    }
  }
  std::string subject = messages > 0 ? message : draft;
  const std::uint64_t count = messages > 0 ? messages : drafts;
  if (count > 1) subject += " and " + std::to_string(count - 1) + " before it";
  return subject;
}

bool is_opened(const journal::Envelope& envelope) {
  return envelope.kind == static_cast<std::uint32_t>(journal::Kind::kOpened);
}

Result<void> check_role(const identity::CertificateDetails& author,
                        const journal::Envelope& envelope) {
  if (author.has_role(identity::Role::kOperator)) return {};
  if (is_opened(envelope) && author.has_role(identity::Role::kReleaser)) return {};
  return Error(OfficeError::kNotAuthorised, "sending needs the role operator");
}

/// As the counterpart's reader will judge it.
Result<void> check_step(const journal::Envelope& envelope, std::uint64_t person) {
  if (!journal::is_step(envelope.kind)) return {};
  if (!envelope.in_reply_to)
    return Error(OfficeError::kMalformed, "an opened or acted that answers nothing");
  if (is_opened(envelope) && !journal::is_derived(envelope, person))
    return Error(OfficeError::kMalformed, "an opened that says more than that");
  return {};
}

}  // namespace

Outgoing::Outgoing(store::Store& store, const OfficeKeys& keys, const Officers& officers,
                   Trail& trail, Clock& clock)
    : store_(store),
      keys_(keys),
      officers_(officers),
      trail_(trail),
      clock_(clock),
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
  // The counterpart will judge by the entry's stamp.
  const auto stamped = entry_time(store_, pair.sent->row, clock_.dating(now));
  if (!stamped) return stamped.error();
  const WallTime stamp = stamped->judged_at;
  if (!keys_.certificate.details().valid_at(stamp))
    return Error(OfficeError::kNotAuthorised, "the office's own certificate is not valid now");
  // Certified since the last sure time: the counterpart could not tell that it was before this.
  if (stamped->unsure && details.not_before > stamp)
    return Error(OfficeError::kClockNotBelieved, to_rfc3339(now.wall));
  if (!details.valid_at(stamp))
    return Error(OfficeError::kNotAuthorised, "the officer's certificate is not valid now");
  if (const auto may = check_role(details, *envelope); !may) return may.error();
  if (const auto fine = check_step(*envelope, details.person); !fine) return fine.error();
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
  if (clock_.believed(now)) {
    const auto days = message::check_days(submission.content, now.wall);
    if (!days) return days.error();
  }
  journal::SignedEnvelope message{submission.envelope, submission.signature, std::nullopt};
  return Checked{std::move(*envelope), std::move(message)};
}

/// The same message, or the same source row, again: its number. Another message under a used id is
/// an error. `sent` holds what this transaction has appended, too: one request may repeat itself.
Result<std::optional<Acceptance>> Outgoing::find_earlier(const Pair& pair,
                                                         const store::JournalRow& sent,
                                                         const Checked& checked,
                                                         ByteView import_key) {
  auto earlier = store_.journals().find_message(sent.pairing, checked.envelope.message_id);
  if (!earlier) return earlier.error();
  const bool by_id = earlier->has_value();
  if (!by_id && !import_key.empty()) {
    earlier = store_.journals().find_imported(import_key);
    if (!earlier) return earlier.error();
  }
  if (!*earlier) return std::optional<Acceptance>();
  const auto [id, index] = **earlier;
  const store::JournalRow* row = &sent;
  for (const auto* generation : pair.generations(true)) {
    if (generation->id == id && id != sent.id) row = generation;
  }
  if (row->id != id && !by_id)
    return Error(OfficeError::kDuplicate, "the import key was used for another counterpart");
  if (row->id != id) return OfficeError::kDuplicate;
  if (by_id) {
    const auto stored = store_.journals().entry(*row, index);
    if (!stored) return stored.error();
    const auto entry = journal::Entry::parse(stored->leaf);
    if (!entry || !equal(entry->bound_bytes(), checked.message.envelope))
      return OfficeError::kDuplicate;
  }
  return std::optional(Acceptance{number_of(*row, index), true});
}

/// An opened or acted answers a message we received and accepted; a message is opened once: whoever
/// opens it again is told the number of the first.
Result<std::optional<Acceptance>> Outgoing::find_step(const Pair& pair,
                                                      const store::JournalRow& sent,
                                                      const journal::Envelope& envelope) {
  if (!journal::is_step(envelope.kind)) return std::optional<Acceptance>();
  const auto answered = find_answered(store_, pair, false, *envelope.in_reply_to);
  if (!answered) return answered.error();
  if (!*answered) return Error(OfficeError::kNotFound, "the message answered");
  if (!is_opened(envelope)) return std::optional<Acceptance>();
  const auto opened = store_.steps().opened(sent.pairing, *envelope.in_reply_to);
  if (!opened) return opened.error();
  if (!*opened) return std::optional<Acceptance>();
  const store::JournalRow* row = &sent;
  for (const auto* generation : pair.generations(true)) {
    if (generation->id == (*opened)->journal && generation->id != sent.id) row = generation;
  }
  return std::optional(Acceptance{number_of(*row, (*opened)->index), true});
}

/// As find_earlier, among the drafts. A rejected one makes room for what its author sends anew.
Result<std::optional<Acceptance>> Outgoing::find_draft(const store::JournalRow& sent,
                                                       const Checked& checked,
                                                       ByteView import_key) {
  auto earlier = store_.drafts().find_message(checked.envelope.message_id);
  if (!earlier) return earlier.error();
  if (*earlier) {
    if (!equal((*earlier)->envelope, checked.message.envelope)) return OfficeError::kDuplicate;
  } else if (!import_key.empty()) {
    earlier = store_.drafts().find_imported(import_key);
    if (!earlier) return earlier.error();
    if (*earlier && (*earlier)->pairing != sent.pairing)
      return Error(OfficeError::kDuplicate, "the import key was used for another counterpart");
  }
  if (!*earlier) return std::optional<Acceptance>();
  if (!(*earlier)->rejected)
    return std::optional(
        Acceptance{number_of(sent, 0), true, (*earlier)->id, (*earlier)->turn.has_value()});
  if (const auto done = store_.drafts().remove(**earlier); !done) return done.error();
  return std::optional<Acceptance>();
}

Result<Acceptance> Outgoing::put_draft(const Pair& pair, const store::OfficerRow& author,
                                       const Checked& checked, const Submission& submission,
                                       Bytes import_key, Now now) {
  const auto waiting = store_.drafts().waiting();
  if (!waiting) return waiting.error();
  const auto& envelope = checked.envelope;
  if (*waiting >= (is_opened(envelope) ? kOpenedWaitingMax : kDraftsWaitingMax))
    return OfficeError::kDraftsFull;
  store::DraftRow draft{0,
                        pair.row.id,
                        now.wall,
                        author.person,
                        envelope.message_id,
                        submission.envelope,
                        submission.signature,
                        std::move(import_key),
                        {}};
  if (!pair.sent->policy.requires_release(envelope.kind, envelope.precedence))
    draft.turn = 0;  // the store gives the next one
  const crypto::Key content_key = crypto::random_key();
  const Bytes sealed =
      seal::seal_body(content_key, draft.envelope, submission.salt, submission.content);
  if (const auto done = store_.drafts().put(draft, sealed, content_key); !done) return done.error();
  return Acceptance{number_of(pair.sent->row, 0), false, draft.id, draft.turn.has_value()};
}

Result<Acceptance> Outgoing::take(const Pair& pair, const store::OfficerRow& author,
                                  const Submission& submission, Now now, Appender& appender) {
  auto checked = check(pair, author, submission, now);
  if (!checked) return checked.error();
  Bytes import_key;
  if (!submission.import_key.empty()) {
    import_key =
        to_bytes(ByteView(crypto::hmac_sha256(import_key_.view(), {submission.import_key})));
  }
  const auto earlier = find_earlier(pair, appender.row(), *checked, import_key);
  if (!earlier) return earlier.error();
  if (*earlier) return **earlier;
  const auto step = find_step(pair, appender.row(), checked->envelope);
  if (!step) return step.error();
  if (*step) return **step;
  const auto draft = find_draft(appender.row(), *checked, import_key);
  if (!draft) return draft.error();
  if (*draft) return **draft;
  const auto& envelope = checked->envelope;
  if (pair.awaits_generation() ||
      pair.sent->policy.requires_release(envelope.kind, envelope.precedence))
    return put_draft(pair, author, *checked, submission, std::move(import_key), now);
  if (const auto done = appender.introduce(author); !done) return done.error();
  const auto number = appender.append(std::move(checked->message), envelope, submission.salt,
                                      submission.content, import_key);
  if (!number) return number.error();
  return Acceptance{*number, false};
}

Result<void> check_carries(const Pair& pair) {
  if (pair.row.state == store::PairingState::kFrozen)
    return Error(OfficeError::kFrozen, frozen_why(pair));
  if (pair.row.state == store::PairingState::kEnded)
    return Error(OfficeError::kEnded, pair.counterpart().text());
  if (!pair.carries_messages()) return Error(OfficeError::kUnconfirmed, pair.counterpart().text());
  return {};
}

std::string draft_name(std::int64_t id) { return "D-" + std::to_string(id); }

std::vector<Result<Acceptance>> Outgoing::accept(Pair& pair, const identity::Fingerprint& author,
                                                 const std::vector<Submission>& submissions,
                                                 const TrailEntry* act, Now now) {
  return take_all(pair, author, submissions, {act, true}, now);
}

std::vector<Result<Acceptance>> Outgoing::try_out(Pair& pair, const identity::Fingerprint& author,
                                                  const std::vector<Submission>& submissions,
                                                  Now now) {
  return take_all(pair, author, submissions, {nullptr, false}, now);
}

std::vector<Result<Acceptance>> Outgoing::take_all(Pair& pair, const identity::Fingerprint& author,
                                                   const std::vector<Submission>& submissions,
                                                   const Ending& ending, Now now) {
  const auto all_fail = [&](const Error& error) {
    return std::vector<Result<Acceptance>>(submissions.size(), Result<Acceptance>(error));
  };
  const auto open = check_carries(pair);
  if (!open && !pair.awaits_generation()) return all_fail(open.error());
  const auto* officer = officers_.find(author);
  if (officer == nullptr) return all_fail(OfficeError::kUnknownOfficer);
  const auto state = officers_.state(*officer, now.wall);
  if (state == OfficerState::kRevoked || state == OfficerState::kReplaced)
    return all_fail(Error(OfficeError::kNotInForce, "officer " + std::to_string(officer->person)));

  auto transaction = store_.begin();
  if (!transaction) return all_fail(transaction.error());
  Appender appender(store_, pair, clock_.dating(now), now);
  std::vector<Result<Acceptance>> outcomes;
  outcomes.reserve(submissions.size());
  for (const Submission& submission : submissions) {
    outcomes.push_back(take(pair, *officer, submission, now, appender));
    if (!outcomes.back() && outcomes.back().error().code().category() == store_category())
      return all_fail(outcomes.back().error());
  }
  const bool anything_new =
      std::ranges::any_of(outcomes, [](const auto& outcome) { return outcome && !outcome->again; });
  if (!anything_new || !ending.keeps) return outcomes;  // nothing to write
  if (const auto done = appender.finish(); !done) return all_fail(done.error());
  Trail::Addition trail(trail_, now);
  if (const auto* act = ending.act; act != nullptr) {
    TrailEntry entry{act->act, act->request, act->officer};
    entry.act.subject = subject_of(outcomes);
    if (const auto added = trail.add(entry); !added) return all_fail(added.error());
    if (const auto done = trail.finish(); !done) return all_fail(done.error());
  }
  if (const auto done = transaction->commit(); !done) return all_fail(done.error());
  trail.keep();
  appender.keep(pair);
  return outcomes;
}

}  // namespace blo::office
