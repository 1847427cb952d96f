#include "daemon/service_status.h"

#include "office/clock_doubt.h"

namespace blo::daemon {
namespace {

constexpr std::size_t kCounterpartsNamed = 5;

void add_counterparts(const Node& node, const office::Office& office,
                      std::vector<std::string>& waited) {
  std::size_t absent = 0;
  for (const auto& pair : office.pairs()) {
    if (!pair->may_connect() || node.syncing(*pair)) continue;
    if (++absent <= kCounterpartsNamed) waited.push_back(pair->counterpart().text());
  }
  if (absent > kCounterpartsNamed)
    waited.push_back(std::to_string(absent - kCounterpartsNamed) + " more counterparts");
}

}  // namespace

std::string service_status(const Node& node, office::Office& office, Now now) {
  std::vector<std::string> waited;
  for (const auto& each : node.not_listening())
    waited.push_back(each.address + " (" + each.why + ")");
  if (const auto doubt = office::clock_doubt(office.keys(), now.wall); !doubt.empty()) {
    waited.push_back("the right time (" + doubt + ")");
  } else if (!office.clock().believed(now)) {
    waited.push_back("a clock that is believed (" + office.clock().view(now).why + ")");
  }
  if (!node.degraded_why().empty()) waited.push_back("the store (" + node.degraded_why() + ")");
  add_counterparts(node, office, waited);
  std::string sentence = office.keys().id.text() + " serves its officers";
  for (std::size_t at = 0; at < waited.size(); ++at)
    sentence += (at == 0 ? "; waits for " : ", ") + waited[at];
  return sentence;
}

}  // namespace blo::daemon
