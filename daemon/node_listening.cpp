// The node's listening addresses: which are not to be had yet, and who is told of it.
#include "base/diag.h"
#include "daemon/node.h"
#include "transport/address.h"

namespace blo::daemon {

std::vector<std::string> Node::listening() const {
  std::vector<std::string> addresses;
  if (!listener_) return addresses;
  for (const auto& endpoint : listener_->endpoints())
    addresses.push_back(transport::to_string(endpoint));
  return addresses;
}

std::vector<transport::Unbound> Node::not_listening() const {
  return listener_ ? listener_->unbound() : std::vector<transport::Unbound>();
}

void Node::look_after_listening(Now now) {
  if (!listener_) return;
  if (listener_->try_again(now.steady)) listening_told_();
  if (not_listening_alarmed_) return;
  std::string missing;
  for (const auto& each : listener_->unbound()) {
    if (now.steady - each.since < kNotListeningAlarmAfter) continue;
    missing += (missing.empty() ? "" : ", ") + each.address + " (" + each.why + ")";
  }
  if (missing.empty()) return;
  const std::string sentence = "Counterparts cannot reach this office on " + missing +
                               " for ten minutes now; it is tried again every half minute";
  if (!std::exchange(not_listening_said_, true)) diag::error(sentence);
  const auto raised = office_.alarms().raise(
      {office::AlarmCode::kNotListening, office_.keys().id.text(), sentence,
       "Find out what has the port (ss -ltnp), or whether the machine has the address (ip "
       "address). Correct listen in blod.toml where it is wrong, and restart blod; where the "
       "reason passes, "
       "nothing need be done: blo status.",
       ""},
      now);
  if (!raised) return note_store_failure(raised.error());
  not_listening_alarmed_ = true;
}

}  // namespace blo::daemon
