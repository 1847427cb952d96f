// Four eyes: the policy that asks for them, the drafts that wait, and the release.
#include "base/limits.h"
#include "base/wire.h"
#include "blo/v1/control.pb.h"
#include "daemon/handler.h"
#include "daemon/page.h"
#include "daemon/views.h"
#include "message/message.h"
#include "office/policies.h"

namespace blo::daemon {
namespace {

using office::OfficeError;

Result<std::int64_t> parse_draft(const std::string& name) {
  const auto id = office::parse_draft_name(name);
  if (!id) return Error(OfficeError::kMalformed, "draft '" + name + "'");
  return *id;
}

/// A policy travels as it stands in the journal, inside a record.
Result<journal::Policy> parse_policy(const std::string& bytes) {
  v1::Record wire;
  const Error malformed(OfficeError::kMalformed, "policy");
  if (!parse_wire(as_bytes(bytes), *wire.mutable_policy())) return malformed;
  const auto record = journal::parse_record(encode_wire(wire));
  if (!record || !std::holds_alternative<journal::Policy>(*record)) return malformed;
  return std::get<journal::Policy>(*record);
}

v1::DraftState state_of(const office::DraftView& draft) {
  const auto& row = draft.row;
  if (row.rejected) {
    return row.rejected->person == 0 ? v1::DRAFT_STATE_NOT_SENT : v1::DRAFT_STATE_REJECTED;
  }
  return row.turn ? v1::DRAFT_STATE_WAITS_FOR_RECOVER : v1::DRAFT_STATE_WAITS_FOR_RELEASE;
}

}  // namespace

void Handler::write_draft(const office::DraftView& draft, v1::DraftSummary& out) const {
  out.set_draft(office::draft_name(draft.row.id));
  out.set_to(draft.envelope.to.text());
  out.set_kind(static_cast<v1::Kind>(draft.envelope.kind));
  out.set_precedence(static_cast<v1::Precedence>(draft.envelope.precedence));
  out.set_drafted_ms(to_unix_ms(draft.row.drafted));
  out.set_author_person(draft.author->person);
  out.set_author(draft.author->name.name);
  out.set_state(state_of(draft));
  if (!draft.content.empty()) {
    out.set_summary(message::summary(draft.envelope.kind, draft.content));
  } else if (!draft.row.rejected || draft.row.rejected->person == 0) {
    out.set_summary("DAMAGED: it is not as it was kept");
  }
  if (const auto& expires = draft.envelope.expires) {
    out.set_expires_ms(to_unix_ms(*expires));
    out.set_expired(*expires <= now_.wall);
  }
  if (!draft.row.rejected) return;
  out.set_rejected(draft.row.rejected->reason);
  out.set_rejected_by(draft.rejected_by == nullptr ? "" : draft.rejected_by->name.name);
}

Answer Handler::draft_list(const v1::DraftListRequest& in) {
  const auto page = read_page<std::int64_t>(in.page(), office::parse_draft_name);
  if (!page) return fail(page.error());
  const auto drafts = office_.drafts().list(now_, *page);
  if (!drafts) return fail(drafts.error());
  v1::Response response;
  auto& list = *response.mutable_draft_list();
  PageAnswer rows(page->rows(), *list.mutable_drafts());
  for (const auto& draft : *drafts) {
    v1::DraftSummary out;
    write_draft(draft, out);
    if (!rows.add(std::move(out), office::draft_name(draft.row.id))) break;
  }
  list.set_next(rows.next());
  return last(std::move(response));
}

Answer Handler::draft_show(const v1::DraftShowRequest& in) {
  const auto id = parse_draft(in.draft());
  if (!id) return fail(id.error());
  const auto draft = office_.drafts().show(*id);
  if (!draft) return fail(draft.error());
  v1::Response response;
  auto& out = *response.mutable_draft_show();
  write_draft(*draft, *out.mutable_summary());
  out.set_envelope(to_string(draft->row.envelope));
  out.set_signature(to_string(ByteView(draft->row.signature)));
  out.set_author_certificate(to_string(draft->author->certificate.bytes()));
  if (draft->content.empty()) return last(std::move(response));
  out.set_content(to_string(draft->content));
  out.set_salt(to_string(ByteView(draft->salt)));
  return last(std::move(response));
}

Answer Handler::draft_release(const v1::DraftReleaseRequest& in) {
  const auto id = parse_draft(in.draft());
  if (!id) return fail(id.error());
  crypto::Signature signature{};
  if (!copy_exact(as_bytes(in.signature()), signature))
    return fail(Error(OfficeError::kMalformed, "signature"));
  const auto draft = office_.drafts().show(*id);
  if (!draft) return fail(draft.error());
  const auto pair = find_pair(draft->envelope.to.text());
  if (!pair) return fail(pair.error());
  const auto act = question_.act(v1::Request::kDraftRelease, in.draft(), false);
  const auto accepted =
      office_.drafts().release(**pair, *id, *question_.asker.officer, signature, &act, now_);
  if (!accepted) {
    if (store::is_store_failure(accepted.error())) node_.note_store_failure(accepted.error());
    return fail(accepted.error());
  }
  entered_ = !accepted->again;
  node_.note_store_success();
  v1::Response response;
  auto& out = *response.mutable_draft_release();
  if (accepted->draft != 0) {
    write_drafted(*accepted, **pair, *out.mutable_drafted());
  } else {
    write_accepted(*accepted, **pair, node_.syncing(**pair), *out.mutable_accepted());
  }
  node_.pump(**pair);
  return last(std::move(response));
}

Answer Handler::draft_reject(const v1::DraftRejectRequest& in) {
  const auto id = parse_draft(in.draft());
  if (!id) return fail(id.error());
  const bool says_why = in.reason().find_first_not_of(" \t\r\n") != std::string::npos;
  if (!says_why || in.reason().size() > limits::kSentenceBytesMax)
    return fail(Error(OfficeError::kMalformed, "a reason has 1 to 500 bytes"));
  const auto done = office_.drafts().reject(*id, *question_.asker.officer, in.reason(), now_);
  if (!done) return fail(done.error());
  v1::Response response;
  response.mutable_done()->set_sentence(
      in.draft() + " is rejected and its content destroyed; its author reads why in blo drafts.");
  return last(std::move(response));
}

Answer Handler::policy_set(const v1::PolicySetRequest& in) {
  const auto pair = find_pair(in.counterpart());
  if (!pair) return fail(pair.error());
  const auto policy = parse_policy(in.policy());
  if (!policy) return fail(policy.error());
  const auto done = office::set_policy(office_, **pair, *policy, person(), now_);
  if (!done) return fail(done.error());
  node_.policy_changed();
  node_.pump(**pair);
  v1::Response response;
  response.mutable_done()->set_sentence("In force from now on; " + in.counterpart() +
                                        " is told by itself.");
  return last(std::move(response));
}

Answer Handler::policy_show(const v1::PolicyShowRequest& in) {
  const auto page = read_page<OfficeId>(in.page(), OfficeId::parse);
  if (!page) return fail(page.error());
  if (!in.counterpart().empty()) {
    if (const auto pair = find_pair(in.counterpart()); !pair) return fail(pair.error());
  }
  const auto pairs = pairs_behind(*page);
  if (!pairs) return fail(pairs.error());
  v1::Response response;
  auto& list = *response.mutable_policy_show();
  PageAnswer rows(page->rows(), *list.mutable_policies());
  for (const auto& pair : *pairs) {
    const std::string name = pair->counterpart().text();
    if (!pair->sent || !pair->received) continue;
    if (!in.counterpart().empty() && in.counterpart() != name) continue;
    v1::PairPolicy out;
    out.set_counterpart(name);
    write_policy(pair->sent->policy, *out.mutable_ours());
    write_policy(pair->received->standing->policy().policy, *out.mutable_theirs());
    if (!rows.add(std::move(out), name)) break;
  }
  list.set_next(rows.next());
  return last(std::move(response));
}

}  // namespace blo::daemon
