#include "office/entering.h"

#include "office/records.h"
#include "office/steps.h"
#include "store/kept_body.h"

namespace blo::office {

struct Entering::Unsent {
  journal::SignedEnvelope message;
  journal::Envelope envelope;
  Writer::Body body;
  Bytes import_key;  // keyed already, or empty
  bool waited;       // sent while the pairing waited; else before that, on the old store
};

namespace {

constexpr const char* kDamaged = "its content is not here any more as it was handed in";

bool is_opened(const journal::Envelope& envelope) {
  return envelope.kind == static_cast<std::uint32_t>(journal::Kind::kOpened);
}

}  // namespace

/// The counterpart turned out to have it, or another one has told the sender already who opened a
/// message. `contradicts`: something else is under its id.
Result<bool> Entering::is_said(const Unsent& unsent, bool& contradicts) {
  const auto& key = unsent.import_key;
  bool imported = false;
  if (!key.empty()) {
    const auto found = store_.journals().find_imported(key);
    if (!found) return found.error();
    imported = found->has_value();
  }
  const auto earlier = store_.journals().find_message(pair_.row.id, unsent.envelope.message_id);
  if (!earlier) return earlier.error();
  if (!*earlier && imported) return true;
  if (*earlier) {
    const auto [journal, index] = **earlier;
    const auto& begun = begun_.writer.row();
    const auto* row = journal == begun.id ? &begun : pair_.find_journal(journal);
    if (row == nullptr) return Error(store::StoreError::kCorrupt, "a message of no journal");
    const auto stored = store_.journals().entry(*row, index);
    if (!stored) return stored.error();
    const auto entry = journal::Entry::parse(stored->leaf);
    contradicts = !row->sent || !entry || !equal(entry->bound_bytes(), unsent.message.envelope);
    if (contradicts || key.empty() || imported) return !contradicts;
    // So that the table it came from is not sent again.
    if (const auto put = store_.journals().put_imported(key, *row, index); !put) return put.error();
    return true;
  }
  if (!is_opened(unsent.envelope) || !unsent.envelope.in_reply_to) return false;
  const auto opened = store_.steps().opened(pair_.row.id, *unsent.envelope.in_reply_to);
  if (!opened) return opened.error();
  return opened->has_value();
}

/// Whether a reader of the journal would take what this officer signed; empty: yes. What was sent
/// on the old store before a revocation that it knew is said before that; what waited is not.
std::string Entering::why_not(const identity::Fingerprint& signer, bool waited) const {
  const auto* officer = officers_.find(signer);
  if (officer == nullptr) return "nobody here knows the officer who signed it";
  const std::string who = "officer " + std::to_string(officer->person) + ", who signed it, ";
  const auto& details = officer->certificate.details();
  const WallTime stamp = begun_.writer.time().judged_at;
  const auto* revoked = officers_.revocation(officer->person);
  const bool counts = waited || (revoked != nullptr && unsaid_.is_said(*revoked));
  if (counts && officers_.state(*officer, stamp) == OfficerState::kRevoked)
    return who + "was revoked before it could be sent";
  if (!details.valid_at(stamp)) {
    return who + "has a certificate that ended " + to_rfc3339(details.not_after) +
           ", before it could be sent";
  }
  const auto is_newer = [&](const identity::Fingerprint& other) {
    const auto* known = officers_.find(other);
    return known != nullptr && known->person == officer->person &&
           known->certificate.details().statement > details.statement;
  };
  if (std::ranges::any_of(begun_.announced, is_newer))
    return who + "has a newer certificate, under which something was sent before it";
  return {};
}

Result<void> Entering::introduce(const identity::Fingerprint& signer) {
  if (!begun_.announced.insert(signer).second) return {};
  const auto& officer = *officers_.find(signer);
  const auto* revoked = officers_.revocation(officer.person);
  const auto statement = officer.certificate.details().statement;
  if (revoked != nullptr && revoked->details().statement < statement) {  // certified again since
    const auto entered = unsaid_.enter(*revoked, begun_.writer);
    if (!entered) return entered;
  }
  if (const auto added = begun_.writer.add_officer(officer); !added) return added.error();
  return {};
}

Result<Entering::Judged> Entering::enter(Unsent unsent) {
  const auto& envelope = unsent.envelope;
  bool contradicts = false;
  const auto said = is_said(unsent, contradicts);
  if (!said) return said.error();
  if (*said) return Judged{Fate::kSaidBefore, {}};
  if (contradicts) return Judged{Fate::kLeftOut, "another message of this pairing has its id"};
  if (envelope.expires && *envelope.expires <= now_.wall) {
    return Judged{Fate::kLeftOut, "it has expired: it was to hold until " +
                                      to_rfc3339(*envelope.expires) +
                                      ", and could not be sent before"};
  }
  const store::StoredBody kept{unsent.body.sealed, unsent.body.content_key.clone()};
  if (!store::check_content(unsent.message.envelope, kept)) return Judged{Fate::kLeftOut, kDamaged};
  if (auto why = why_not(envelope.officer, unsent.waited); !why.empty())
    return Judged{Fate::kLeftOut, std::move(why)};
  const auto& release = unsent.message.release;
  const bool released = release && why_not(release->officer, unsent.waited).empty();
  if (!released &&
      (release || begun_.policy.requires_release(envelope.kind, envelope.precedence))) {
    return Judged{Fate::kNeedsRelease, {}};
  }
  if (const auto done = introduce(envelope.officer); !done) return done.error();
  if (release) {
    if (const auto done = introduce(release->officer); !done) return done.error();
  }
  const auto index = begun_.writer.add_message(std::move(unsent.message), envelope, unsent.body);
  if (!index) return index.error();
  const auto& row = begun_.writer.row();
  const auto noted = note_message(store_, pair_, row, *index, envelope, now_);
  if (!noted) return noted.error();
  if (!unsent.import_key.empty()) {
    const auto put = store_.journals().put_imported(unsent.import_key, row, *index);
    if (!put) return put.error();
  }
  return Judged{Fate::kEntered, {}};
}

void Entering::count(Fate fate) {
  if (fate == Fate::kEntered) ++entered_;
  if (fate == Fate::kLeftOut) ++left_out_;
  if (fate == Fate::kNeedsRelease) ++awaiting_release_;
}

Result<void> Entering::enter(const store::StrandedRow& stranded) {
  const store::StoredEntry stored{0, stranded.leaf, {}};
  Result<void> done;
  if (auto policy = find_record<journal::Policy>(stored)) {
    begun_.policy = std::move(*policy);
    const auto added = begun_.writer.add_record(begun_.policy);
    if (!added) done = added.error();
  } else if (const auto erasure = find_record<journal::Erasure>(stored)) {
    done = unsaid_.enter(*erasure, begun_.writer);
  } else {
    done = enter_message(stranded);
  }
  if (!done) return done;
  return store_.stranded().remove(stranded);
}

Result<void> Entering::enter_message(const store::StrandedRow& stranded) {
  auto entry = journal::Entry::parse(stranded.leaf);
  if (!entry) return entry.error();
  const auto* message = std::get_if<journal::SignedEnvelope>(&entry->what);
  if (message == nullptr || !stranded.body.content_key)
    return Error(store::StoreError::kCorrupt, "a stranded message");
  const auto envelope = journal::Envelope::parse(message->envelope);
  if (!envelope) return envelope.error();
  const auto& key = *stranded.body.content_key;
  const auto judged = enter(
      Unsent{*message, *envelope, {stranded.body.sealed, key.clone()}, stranded.import_key, false});
  if (!judged) return judged.error();
  count(judged->fate);
  if (judged->fate != Fate::kLeftOut && judged->fate != Fate::kNeedsRelease) return {};
  // From now on it is a draft, so that it is listed. One that was sent again since is one already.
  const auto known = store_.drafts().find_message(envelope->message_id);
  if (!known) return known.error();
  const auto* author = officers_.find(envelope->officer);
  if (*known || author == nullptr || is_opened(*envelope)) return {};
  store::DraftRow draft{0,
                        pair_.row.id,
                        entry->stamp.time,
                        author->person,
                        envelope->message_id,
                        message->envelope,
                        message->signature,
                        stranded.import_key,
                        {}};
  if (const auto put = store_.drafts().put(draft, stranded.body.sealed, key); !put) return put;
  if (judged->fate == Fate::kNeedsRelease) return {};
  return store_.drafts().leave_out(draft, {now_.wall, 0, judged->why});
}

Result<void> Entering::enter(const store::DraftRow& draft) {
  const Error corrupt(store::StoreError::kCorrupt, "draft " + std::to_string(draft.id));
  const auto envelope = journal::Envelope::parse(draft.envelope);
  if (!envelope) return corrupt;
  auto body = store_.drafts().body(draft);
  if (!body && !(body.error() == store::StoreError::kCorrupt)) return body.error();
  if (!body || !body->content_key) {
    count(Fate::kLeftOut);
    return store_.drafts().leave_out(draft, {now_.wall, 0, kDamaged});
  }
  journal::SignedEnvelope message{draft.envelope, draft.signature, std::nullopt};
  if (draft.release)
    message.release = journal::Release{draft.release->releaser, draft.release->signature};
  const auto judged = enter(Unsent{std::move(message),
                                   *envelope,
                                   {std::move(body->sealed), std::move(*body->content_key)},
                                   draft.import_key,
                                   true});
  if (!judged) return judged.error();
  count(judged->fate);
  switch (judged->fate) {
    case Fate::kEntered:
    case Fate::kSaidBefore: return store_.drafts().remove(draft);
    case Fate::kNeedsRelease: return store_.drafts().await_release(draft);
    case Fate::kLeftOut: return store_.drafts().leave_out(draft, {now_.wall, 0, judged->why});
  }
  return {};
}

}  // namespace blo::office
