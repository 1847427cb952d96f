#include "opening.h"

#include "blo/v1/control.pb.h"
#include "message/steps.h"
#include "sending.h"

namespace blo::cli {
namespace {

bool may_author(const Officer& officer) {
  const auto& details = officer.certificate.details();
  return details.has_role(identity::Role::kOperator) || details.has_role(identity::Role::kReleaser);
}

}  // namespace

Outcome<std::string> tell_opened(Daemon& daemon, const Officer& officer,
                                 const v1::ShowResponse& shown) {
  const auto& summary = shown.summary();
  const auto number = MessageNumber::parse(summary.number());
  if (!number || number->to != daemon.office() || shown.rendered().empty() ||
      summary.state() != v1::MESSAGE_STATE_RECEIVED || !may_author(officer) ||
      journal::is_step(static_cast<std::uint32_t>(summary.kind()))) {
    return std::string();
  }
  Addressing addressing{
      daemon.network(), daemon.office(), number->from, message::kOpened, {}, {}, {}};
  if (!copy_exact(as_bytes(shown.message_id()), addressing.in_reply_to.emplace()))
    return unexpected_answer();
  const auto sent = send_one(daemon, addressing, message::opened_content(), officer);
  if (!sent) return sent.error();
  if (sent->has_drafted()) return sent->drafted().again() ? std::string() : sent->drafted().draft();
  return sent->accepted().again() ? std::string() : sent->accepted().number();
}

}  // namespace blo::cli
