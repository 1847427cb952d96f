#include "listing.h"

#include "blo/v1/control.pb.h"
#include "report.h"
#include "wire_names.h"

namespace blo::cli {

Outcome<v1::Response> list_messages(Daemon& daemon, int direction, const std::string& counterpart,
                                    std::uint32_t limit, bool receipts) {
  v1::Request request;
  auto& list = *request.mutable_list();
  list.set_direction(static_cast<v1::Direction>(direction));
  list.set_counterpart(counterpart);
  list.set_limit(limit);
  list.set_receipts(receipts);
  return daemon.call(request, v1::Response::kList);
}

Json json_of(const v1::Response& response) {
  Json list = Json::array();
  for (const auto& message : response.list().messages()) list.push(to_json(message));
  return list;
}

void show_list(const v1::Response& response, bool json, const std::string& nothing) {
  const auto& messages = response.list().messages();
  if (json) {
    print(Json::object({{"messages", json_of(response)}}));
    return;
  }
  if (messages.empty()) say(nothing);
  for (const auto& message : messages) say(to_line(message));
}

}  // namespace blo::cli
