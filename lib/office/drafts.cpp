#include "office/drafts.h"

#include <charconv>

#include "office/writer.h"

namespace blo::office {
namespace {

/// Everything about a release that the message itself does not say.
Result<void> check_release(const DraftView& draft, const store::OfficerRow& releaser,
                           const crypto::Signature& signature, WallTime stamp) {
  const auto& details = releaser.certificate.details();
  if (!details.has_role(identity::Role::kReleaser))
    return Error(OfficeError::kNotAuthorised, "releasing needs the role releaser");
  const auto key = details.verify_key(identity::KeyUse::kOfficer);
  const auto author_key =
      draft.author->certificate.details().verify_key(identity::KeyUse::kOfficer);
  if (releaser.person == draft.author->person || key == author_key) return OfficeError::kOwnDraft;
  if (!details.valid_at(stamp))
    return Error(OfficeError::kNotAuthorised, "the releaser's certificate is not valid now");
  if (!key || !crypto::verify(crypto::Purpose::kRelease, *key,
                              {draft.row.envelope, draft.row.signature}, signature)) {
    return Error(OfficeError::kBadSignature, "release");
  }
  return {};
}

}  // namespace

std::optional<std::int64_t> parse_draft_name(std::string_view name) {
  if (!name.starts_with("D-")) return std::nullopt;
  name.remove_prefix(2);
  std::int64_t id = 0;
  const auto [end, error] = std::from_chars(name.data(), name.data() + name.size(), id);
  if (error != std::errc() || end != name.data() + name.size() || id <= 0) return std::nullopt;
  return name.front() == '0' ? std::nullopt : std::optional(id);
}

Result<DraftView> Drafts::view_of(store::DraftRow row) {
  const Error corrupt(store::StoreError::kCorrupt, draft_name(row.id));
  auto envelope = journal::Envelope::parse(row.envelope);
  if (!envelope) return corrupt;
  const auto* author = officers_.find(envelope->officer);
  if (author == nullptr) return corrupt;
  DraftView view{std::move(row), std::move(*envelope), author, {}, {}, {}};
  if (view.row.rejected) {
    view.rejected_by = officers_.newest(view.row.rejected->person);
    if (view.row.rejected->person != 0) return view;
  }
  // One that is damaged is listed all the same, and does not hide the others.
  const auto body = store_.drafts().body(view.row);
  if (!body && !(body.error() == store::StoreError::kCorrupt)) return body.error();
  if (!body || !body->content_key) return view;
  auto opened = seal::open_body(*body->content_key, view.row.envelope, body->sealed);
  if (!opened) return view;
  view.salt = opened->salt;
  view.content = std::move(opened->content);
  return view;
}

Result<std::vector<DraftView>> Drafts::list(Now now, const Page<std::int64_t>& page) {
  auto rows = store_.drafts().list(now.wall - kRejectedDraftsKept, page);
  if (!rows) return rows.error();
  std::vector<DraftView> views;
  for (auto& row : *rows) {
    auto view = view_of(std::move(row));
    if (!view) return view.error();
    views.push_back(std::move(*view));
  }
  return views;
}

Result<std::vector<DraftView>> Drafts::list_for_generation(const Pair& pair, std::size_t limit,
                                                           store::JournalStore::Steps steps) {
  auto rows = store_.drafts().of_next_generation(pair.row.id);
  if (!rows) return rows.error();
  std::vector<DraftView> views;
  for (auto row = rows->rbegin(); row != rows->rend() && views.size() < limit; ++row) {
    const auto envelope = journal::Envelope::parse(row->envelope);
    const bool left_out = steps == store::JournalStore::Steps::kLeftOut && envelope &&
                          journal::is_step(envelope->kind);
    if (left_out) continue;
    auto view = view_of(std::move(*row));
    if (!view) return view.error();
    views.push_back(std::move(*view));
  }
  return views;
}

Result<void> Drafts::forget_rejected(const MayDestroy&, Now now) {
  const WallTime oldest = now.wall - kRejectedDraftsKept;
  const auto any = store_.drafts().any_rejected_before(oldest);
  if (!any) return any.error();
  if (!*any) return {};
  auto transaction = store_.begin();
  if (!transaction) return transaction.error();
  if (const auto done = store_.drafts().remove_rejected_before(oldest); !done) return done;
  if (const auto done = transaction->commit(); !done) return done;
  return store_.wipe_leftovers();
}

Result<DraftView> Drafts::show(std::int64_t id) {
  auto row = store_.drafts().find(id);
  if (!row) return row.error();
  if (!*row) return Error(OfficeError::kUnknownDraft, draft_name(id));
  return view_of(std::move(**row));
}

Result<DraftView> Drafts::find_waiting(std::int64_t id) {
  auto draft = show(id);
  if (draft && draft->row.rejected) return Error(OfficeError::kRejected, draft_name(id));
  return draft;
}

Result<Acceptance> Drafts::release(Pair& pair, std::int64_t id, const store::OfficerRow& releaser,
                                   const crypto::Signature& signature, const TrailEntry* act,
                                   Now now) {
  const auto draft = find_waiting(id);
  if (!draft) return draft.error();
  if (const auto open = check_carries(pair); !open && !pair.awaits_generation())
    return open.error();
  if (draft->row.turn) return Acceptance{number_of(pair.sent->row, 0), true, id, true};
  const auto stamped = entry_time(store_, pair.sent->row, clock_.dating(now));
  if (!stamped) return stamped.error();
  const WallTime stamp = stamped->judged_at;
  if (const auto fine = check_release(*draft, releaser, signature, stamp); !fine)
    return fine.error();
  if (!officers_.in_force(*draft->author, stamp))
    return Error(OfficeError::kAuthorGone, draft_name(id));
  const Submission submission{
      draft->row.envelope, draft->row.signature, draft->content, draft->salt, {}};
  auto checked = outgoing_.check(pair, *draft->author, submission, now);
  if (!checked) return checked.error().within(draft_name(id));
  const journal::Release release{releaser.certificate.fingerprint(), signature};
  if (pair.awaits_generation()) return keep_released(pair, *draft, release, act, now);
  checked->message.release = release;

  auto transaction = store_.begin();
  if (!transaction) return transaction.error();
  Appender appender(store_, pair, clock_.dating(now), now);
  for (const auto* officer : {draft->author, &releaser}) {
    if (const auto done = appender.introduce(*officer); !done) return done.error();
  }
  const auto number = appender.append(std::move(checked->message), checked->envelope, draft->salt,
                                      draft->content, draft->row.import_key);
  if (!number) return number.error();
  if (const auto done = appender.finish(); !done) return done.error();
  if (const auto done = store_.drafts().remove(draft->row); !done) return done.error();
  Trail::Addition trail(trail_, now);
  if (act != nullptr) {
    TrailEntry entry{act->act, act->request, act->officer};
    entry.act.subject = number->text();
    if (const auto added = trail.add(entry); !added) return added.error();
    if (const auto done = trail.finish(); !done) return done.error();
  }
  if (const auto done = transaction->commit(); !done) return done.error();
  trail.keep();
  appender.keep(pair);
  return Acceptance{*number, false};
}

Result<Acceptance> Drafts::keep_released(const Pair& pair, const DraftView& draft,
                                         const journal::Release& release, const TrailEntry* act,
                                         Now now) {
  auto transaction = store_.begin();
  if (!transaction) return transaction.error();
  const auto kept =
      store_.drafts().await_generation(draft.row, {release.officer, release.signature});
  if (!kept) return kept.error();
  Trail::Addition trail(trail_, now);
  if (act != nullptr) {
    TrailEntry entry{act->act, act->request, act->officer};
    entry.act.subject = draft_name(draft.row.id);
    if (const auto added = trail.add(entry); !added) return added.error();
    if (const auto done = trail.finish(); !done) return done.error();
  }
  if (const auto done = transaction->commit(); !done) return done.error();
  trail.keep();
  return Acceptance{number_of(pair.sent->row, 0), false, draft.row.id, true};
}

Result<void> leave_out_waiting(store::Store& store, const Pair& pair, const std::string& why,
                               WallTime time) {
  const auto waiting = store.drafts().of_next_generation(pair.row.id);
  if (!waiting) return waiting.error();
  for (const auto& draft : *waiting) {
    if (const auto done = store.drafts().leave_out(draft, {time, 0, why}); !done) return done;
  }
  return {};
}

Result<void> Drafts::reject(std::int64_t id, const store::OfficerRow& officer,
                            const std::string& reason, Now now) {
  const auto draft = find_waiting(id);
  if (!draft) return draft.error();
  if (draft->envelope.kind == static_cast<std::uint32_t>(journal::Kind::kOpened))
    return Error(OfficeError::kNotAuthorised, "who opened a message is nobody's to withdraw");
  const bool releaser = officer.certificate.details().has_role(identity::Role::kReleaser);
  if (!releaser && officer.person != draft->author->person) {
    return Error(OfficeError::kNotAuthorised, "another officer's draft is rejected by a releaser");
  }
  auto transaction = store_.begin();
  if (!transaction) return transaction.error();
  const store::Rejection rejection{now.wall, officer.person, reason};
  if (const auto done = store_.drafts().reject(draft->row, rejection); !done) return done;
  if (const auto done = transaction->commit(); !done) return done;
  return store_.wipe_leftovers();
}

}  // namespace blo::office
