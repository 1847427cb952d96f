#include "base/limits.h"
#include "blo/v1/control.pb.h"
#include "daemon/failure.h"
#include "daemon/handler.h"
#include "daemon/views.h"
#include "office/challenge.h"
#include "office/message_list.h"

namespace blo::daemon {
namespace {

Bytes to_owned(const std::string& text) { return to_bytes(std::string_view(text)); }

}  // namespace

/// All messages of one request go to one counterpart; each stands alone.
Result<Handler::HandedIn> Handler::handed_in(const v1::SendRequest& in) {
  if (in.messages().empty() ||
      static_cast<std::size_t>(in.messages_size()) > limits::kControlMessagesMax) {
    return Error(office::OfficeError::kMalformed, "messages");
  }
  HandedIn all;
  for (const auto& message : in.messages()) {
    office::Submission submission{to_owned(message.envelope()),
                                  {},
                                  to_owned(message.content()),
                                  {},
                                  to_owned(message.import_key())};
    const auto envelope = journal::Envelope::parse(submission.envelope);
    if (!envelope || !copy_exact(as_bytes(message.signature()), submission.signature) ||
        !copy_exact(as_bytes(message.salt()), submission.salt) ||
        (!submission.import_key.empty() && submission.import_key.size() != 32)) {
      return Error(office::OfficeError::kMalformed, "message");
    }
    const auto to = find_pair(envelope->to.text());
    if (!to) return to.error();
    if (all.pair != nullptr && all.pair != *to)
      return Error(office::OfficeError::kMalformed, "two counterparts");
    all.pair = *to;
    all.submissions.push_back(std::move(submission));
  }
  return all;
}

void Handler::write_outcomes(const std::vector<Result<office::Acceptance>>& outcomes,
                             const office::Pair& pair, v1::SendResponse& out) {
  const bool connected = node_.syncing(pair);
  for (const auto& outcome : outcomes) {
    auto& one = *out.add_outcomes();
    if (!outcome) {
      if (store::is_store_failure(outcome.error())) node_.note_store_failure(outcome.error());
      write_failure(outcome.error(), *one.mutable_failure());
    } else if (outcome->draft != 0) {
      write_drafted(*outcome, pair, *one.mutable_drafted());
    } else {
      write_accepted(*outcome, pair, connected, *one.mutable_accepted());
    }
  }
}

Answer Handler::send(const v1::SendRequest& in) {
  const auto handed = handed_in(in);
  if (!handed) return fail(handed.error());
  office::Pair& pair = *handed->pair;
  auto act = question_.act(v1::Request::kSend, pair.counterpart().text(), false);
  const auto outcomes = office_.outgoing().accept(
      pair, question_.asker.officer->certificate.fingerprint(), handed->submissions, &act, now_);
  if (std::ranges::any_of(outcomes, [](const auto& outcome) { return outcome.has_value(); }))
    node_.note_store_success();
  v1::Response response;
  write_outcomes(outcomes, pair, *response.mutable_send());
  node_.pump(pair);
  entered_ =
      std::ranges::any_of(outcomes, [](const auto& outcome) { return outcome && !outcome->again; });
  const auto& first = response.send().outcomes(0);
  const auto exit_code = static_cast<std::uint32_t>(first.failure().exit_code());
  if (entered_ || !first.has_failure()) return last(std::move(response));
  return Failed{last(std::move(response)), exit_code};
}

/// The numbers that it names are nobody's yet.
Answer Handler::try_send(const v1::SendRequest& in) {
  const auto handed = handed_in(in);
  if (!handed) return fail(handed.error());
  const auto outcomes = office_.outgoing().try_out(
      *handed->pair, question_.asker.officer->certificate.fingerprint(), handed->submissions, now_);
  v1::Response response;
  write_outcomes(outcomes, *handed->pair, *response.mutable_send());
  return last(std::move(response));
}

/// Only what reads messages of a counterpart is asked about.
Result<void> Handler::check_purpose(const v1::Request& request) const {
  if (request.purpose().size() > limits::kSentenceBytesMax)
    return Error(office::OfficeError::kMalformed, "the purpose is longer than 500 bytes");
  std::string counterpart;
  switch (request.what_case()) {
    case v1::Request::kList: counterpart = request.list().counterpart(); break;
    case v1::Request::kFind: counterpart = request.find().counterpart(); break;
    case v1::Request::kExport: counterpart = request.export_().counterpart(); break;
    case v1::Request::kChallenge: counterpart = request.challenge().counterpart(); break;
    case v1::Request::kFollow: break;
    case v1::Request::kShow:
    case v1::Request::kEvidence:
      if (const auto number = MessageNumber::parse(
              request.has_show() ? request.show().number() : request.evidence().number())) {
        counterpart = (number->from == office_.keys().id ? number->to : number->from).text();
        break;
      }
      return {};
    default: return {};
  }
  if (states_purpose(request)) return {};
  const auto* pair = asks_for_purpose(office_, counterpart);
  if (pair == nullptr) return {};
  return Error(office::OfficeError::kPurposeNeeded, pair->counterpart().text());
}

bool Handler::states_purpose(const v1::Request& request) {
  return request.purpose().find_first_not_of(" \t\r\n") != std::string::npos;
}

const office::Pair* asks_for_purpose(const office::Office& office, const std::string& counterpart) {
  for (const auto& pair : office.pairs()) {
    if (!pair->sent || !pair->sent->policy.purpose) continue;
    if (counterpart.empty() || counterpart == pair->counterpart().text()) return pair.get();
  }
  return nullptr;
}

namespace {

Result<office::ListQuery> read_query(const v1::ListRequest& in) {
  office::ListQuery query;
  query.box = in.direction() == v1::DIRECTION_SENT ? office::Box::kSent : office::Box::kReceived;
  if (in.receipts()) query.steps = store::JournalStore::Steps::kListed;
  if (in.limit() != 0) query.limit = std::min<std::size_t>(in.limit(), 1000);
  query.unopened = in.unopened();
  if (!in.counterpart().empty()) {
    query.counterpart = OfficeId::parse(in.counterpart());
    if (!query.counterpart)
      return Error(office::OfficeError::kUnknownCounterpart, in.counterpart());
  }
  if (in.before_ms() != 0) query.before = from_unix_ms(in.before_ms());
  if (!in.before().empty()) {
    const auto number = MessageNumber::parse(in.before());
    if (!number) return Error(office::OfficeError::kMalformed, in.before());
    query.before = *number;
  }
  if (in.since_ms() != 0) query.since = from_unix_ms(in.since_ms());
  for (const auto& text : in.newer_than()) {
    const auto number = MessageNumber::parse(text);
    if (!number) return Error(office::OfficeError::kMalformed, text);
    query.newer_than.push_back(*number);
  }
  return query;
}

void write_rest(const office::ListRest& rest, v1::ListRest& out) {
  out.set_counterpart(rest.pair->counterpart().text());
  out.set_messages(rest.messages);
  write_unopened(rest.unopened, *out.mutable_unopened());
  if (rest.before) out.set_before(rest.before->text());
}

}  // namespace

Answer Handler::list(const v1::ListRequest& in) {
  const auto query = read_query(in);
  if (!query) return fail(query.error());
  if (query->counterpart) {
    if (const auto pair = find_pair(in.counterpart()); !pair) return fail(pair.error());
  }
  const auto listed = office::list_messages(office_, *query);
  if (!listed) return fail(listed.error());
  v1::Response response;
  auto& out = *response.mutable_list();
  for (const auto& view : listed->messages) write_summary(view, now_.wall, *out.add_messages());
  for (const auto& rest : listed->rest) write_rest(rest, *out.add_rest());
  if (query->box == office::Box::kReceived || query->before) return last(std::move(response));
  for (const auto& pair : office_.pairs()) {
    if (query->counterpart && pair->counterpart() != *query->counterpart) continue;
    const auto waiting = office_.drafts().list_for_generation(*pair, query->limit, query->steps);
    if (!waiting) return fail(waiting.error());
    for (const auto& draft : *waiting) write_draft(draft, *out.add_waiting());
  }
  return last(std::move(response));
}

Answer Handler::show(const v1::ShowRequest& in) {
  const auto number = MessageNumber::parse(in.number());
  if (!number) return fail(Error(office::OfficeError::kMalformed, "number '" + in.number() + "'"));
  const auto view = office::show_message(office_, *number);
  if (!view) return fail(view.error());
  v1::Response response;
  write_message(*view, now_.wall, *response.mutable_show());
  if (view->hold) response.mutable_show()->mutable_hold()->set_officer(name_of(view->hold->person));
  return last(std::move(response));
}

Answer Handler::challenge(const v1::ChallengeRequest& in) {
  const auto pair = find_pair(in.counterpart());
  if (!pair) return fail(pair.error());
  const auto index = office::enter_challenge(office_, **pair, in.text(), now_);
  if (!index) return fail(index.error());
  node_.pump(**pair);
  v1::Response response;
  response.mutable_challenge()->set_origin((*pair)->sent->row.origin.text());
  response.mutable_challenge()->set_index(*index);
  return last(std::move(response));
}

Answer Handler::start_export(const v1::ExportRequest& in) {
  const auto pair = find_pair(in.counterpart());
  if (!pair) return fail(pair.error());
  return StartExport{*pair};
}

Answer Handler::start_evidence(const v1::EvidenceRequest& in) {
  const auto number = MessageNumber::parse(in.number());
  if (!number) return fail(Error(office::OfficeError::kMalformed, "number '" + in.number() + "'"));
  auto job = office::EvidenceJob::begin(office_, *number, in.disclose());
  if (!job) return fail(job.error());
  return StartEvidence{std::make_shared<office::EvidenceJob>(std::move(*job))};
}

}  // namespace blo::daemon
