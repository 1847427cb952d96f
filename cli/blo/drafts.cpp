// blo drafts: what is in no journal yet, and what will be in none.
#include "drafts.h"

#include <cctype>

#include "base/clock.h"
#include "blo/v1/control.pb.h"
#include "commands.h"
#include "message/message.h"
#include "pages.h"
#include "seal/body.h"
#include "wire_names.h"

namespace blo::cli {
namespace {

Failure untrue(const std::string& what) {
  return {ExitCode::kVerificationFailed, "draft-mismatch",
          "The draft is not what its author signed: " + what + ".",
          "Do not release it. Tell the administrator, and have the author send it anew."};
}

}  // namespace

Json to_json(const v1::DraftSummary& draft) {
  return Json::object({{"draft", draft.draft()},
                       {"to", draft.to()},
                       {"kind", kind_name(draft.kind())},
                       {"precedence", precedence_name(draft.precedence())},
                       {"state", draft_state_name(draft.state())},
                       {"drafted", time_from_ms(draft.drafted_ms())},
                       {"authorPerson", draft.author_person()},
                       {"author", draft.author()},
                       {"summary", draft.summary()},
                       {"expires", time_from_ms(draft.expires_ms())},
                       {"expired", draft.expired()},
                       {"rejected", draft.rejected()},
                       {"rejectedBy", draft.rejected_by()}});
}

Shown to_lines(const v1::DraftSummary& draft) {
  Shown text = draft.draft() + "  to " + draft.to() + "  " +
               to_rfc3339(from_unix_ms(draft.drafted_ms())) + "  " +
               std::string(precedence_name(draft.precedence())) + "  " +
               std::string(kind_name(draft.kind())) + "  " + draft.summary();
  if (draft.expired()) text += "  EXPIRED";
  text += "  (" + draft.author() + ", person " + std::to_string(draft.author_person()) + ")";
  switch (draft.state()) {
    case v1::DRAFT_STATE_REJECTED:
      return text + "\n    rejected by " + draft.rejected_by() + ": " + draft.rejected();
    case v1::DRAFT_STATE_NOT_SENT: return text + "\n    not sent: " + draft.rejected();
    case v1::DRAFT_STATE_WAITS_FOR_RECOVER:
      return text + "\n    waits for the next generation: blo office recover " + draft.to();
    default: return text;
  }
}

Outcome<CheckedDraft> check_draft(const v1::DraftShowResponse& shown, const Daemon& daemon) {
  Bytes bytes = to_bytes(std::string_view(shown.envelope()));
  auto envelope = journal::Envelope::parse(bytes);
  if (!envelope) return untrue("the envelope is out of form");
  CheckedDraft draft{std::move(bytes), {}, std::move(*envelope), {}};
  if (draft.envelope.from != daemon.office() || draft.envelope.network != daemon.network() ||
      draft.envelope.to.text() != shown.summary().to())
    return untrue("the envelope is another office's");
  const auto author = identity::Certificate::parse(as_bytes(shown.author_certificate()));
  if (!author || author->fingerprint() != draft.envelope.officer ||
      author->details().kind != identity::CertificateKind::kOfficer)
    return untrue("the certificate is not its author's");
  const auto key = author->details().verify_key(identity::KeyUse::kOfficer);
  if (!key || !copy_exact(as_bytes(shown.signature()), draft.signature) ||
      !crypto::verify(crypto::Purpose::kEnvelope, *key, {draft.envelope_bytes}, draft.signature))
    return untrue("the author's signature does not hold");
  seal::Salt salt{};
  draft.content = to_bytes(std::string_view(shown.content()));
  if (!copy_exact(as_bytes(shown.salt()), salt) ||
      seal::commit_to_content(salt, draft.content) != draft.envelope.commitment)
    return untrue("the content is not the one committed to");
  return draft;
}

Outcome<Shown> whole_text(const CheckedDraft& draft, const std::string& name,
                          const std::string& author) {
  const auto& envelope = draft.envelope;
  const auto json = message::to_json(envelope.kind, draft.content);
  if (!json) return untrue("the content is not a message of its kind");
  const HandlingCodes handling = handling_of(*json);
  std::string codes;
  for (const std::string& code : handling.codes) codes += (codes.empty() ? "" : "+") + code;
  if (!handling.text.empty()) codes += " (" + handling.text + ")";
  Shown text = name + " to " + envelope.to.text() + " on the " +
               std::string(to_string(envelope.network)) +
               " network: " + std::string(kind_name(static_cast<int>(envelope.kind))) + ", " +
               std::string(journal::to_string(envelope.precedence)) + ", handling " + codes;
  text += Shown("\nby ") + author + "; written " + to_rfc3339(envelope.created);
  if (envelope.expires) text += "; holds until " + to_rfc3339(*envelope.expires);
  std::string rendered = message::render(envelope.kind, draft.content);
  while (rendered.ends_with('\n')) rendered.pop_back();
  return text + "\n\n" + Shown::lines(rendered) + "\n";
}

bool is_draft_name(const std::string& text) {
  return text.starts_with("D-") || text.starts_with("d-");
}

Outcome<std::string> parse_draft(const std::string& text) {
  std::string name = text;
  if (!name.empty()) name[0] = static_cast<char>(std::toupper(static_cast<unsigned char>(name[0])));
  const bool in_form =
      name.size() > 2 && name.size() <= 20 && name.starts_with("D-") && name[2] != '0' &&
      std::all_of(name.begin() + 2, name.end(), [](char c) { return c >= '0' && c <= '9'; });
  if (!in_form) return usage("'" + text + "' is not a draft.", "Drafts are named as in D-17.");
  return name;
}

Outcome<ExitCode> run(const Globals& globals, const DraftsList&) {
  const auto officer = load_officer(globals);
  if (!officer) return officer.error();
  auto daemon = Daemon::connect(globals, &*officer);
  if (!daemon) return daemon.error();
  v1::Request request;
  auto& page = *request.mutable_draft_list()->mutable_page();
  ShownList list(globals);
  const auto listed = each_page(
      *daemon, request, page, v1::Response::kDraftList, [&](const v1::Response& response) {
        for (const auto& draft : response.draft_list().drafts())
          list.add([&] { return to_json(draft); }, [&] { return to_lines(draft); });
        return response.draft_list().next();
      });
  if (!listed) return listed.error();
  list.end("drafts", "No drafts.");
  return ExitCode::kOk;
}

Outcome<ExitCode> show_draft(const Globals& globals, const std::string& text) {
  const auto name = parse_draft(text);
  if (!name) return name.error();
  const auto officer = load_officer(globals);
  if (!officer) return officer.error();
  auto daemon = Daemon::connect(globals, &*officer);
  if (!daemon) return daemon.error();
  v1::Request request;
  request.mutable_draft_show()->set_draft(*name);
  const auto response = daemon->call(request, v1::Response::kDraftShow);
  if (!response) return response.error();
  const auto& shown = response->draft_show();
  const auto& summary = shown.summary();
  Json json = to_json(summary);
  json.set("content", Json());
  if (!globals.json) say(to_lines(summary));
  if (summary.state() == v1::DRAFT_STATE_REJECTED) {  // its content is gone
    if (globals.json) print(json);
    return ExitCode::kOk;
  }
  const auto draft = check_draft(shown, *daemon);
  if (!draft) return draft.error();
  const auto content = message::to_json(draft->envelope.kind, draft->content);
  if (!content) return untrue("the content is not a message of its kind");
  json.set("content", Json::parsed(*content));
  if (globals.json) {
    print(json);
    return ExitCode::kOk;
  }
  const auto whole = whole_text(
      *draft, *name, summary.author() + ", person " + std::to_string(summary.author_person()));
  if (!whole) return whole.error();
  say(*whole);
  return ExitCode::kOk;
}

}  // namespace blo::cli
