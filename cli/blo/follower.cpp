#include "follower.h"

#include "blo/v1/control.pb.h"

namespace blo::cli {

Outcome<Follower> Follower::start(const Globals& globals, const Officer& officer) {
  auto daemon = Daemon::connect(globals, &officer);
  if (!daemon) return daemon.error();
  v1::Request request;
  request.mutable_follow();
  if (const auto sent = daemon->ask(request); !sent) return sent.error();
  const auto first = daemon->next();
  if (!first) return first.error();
  if (!first->has_event() || !first->event().has_following()) return unexpected_answer();
  std::vector<MessageNumber> newest;
  for (const auto& text : first->event().following().newest()) {
    const auto number = MessageNumber::parse(text);
    if (!number) return unexpected_answer();
    newest.push_back(*number);
  }
  return Follower(std::move(*daemon), std::move(newest));
}

Outcome<std::optional<v1::Event>> Follower::next(milliseconds silence_max) {
  auto response = daemon_.next(silence_max);
  if (!response) return response.error();
  if (!*response) return std::optional<v1::Event>();
  if (!(*response)->has_event()) return unexpected_answer();
  return std::optional(std::move(*(*response)->mutable_event()));
}

Outcome<std::optional<v1::Receipted>> Follower::await_receipt(const std::string& origin,
                                                              std::uint64_t index,
                                                              std::uint32_t wait_seconds) {
  const auto deadline = read_clocks().steady + seconds(wait_seconds);
  interrupted_ = false;
  for (;;) {
    const auto left = deadline - read_clocks().steady;
    if (left <= milliseconds(0)) return std::optional<v1::Receipted>();
    const auto event = next(left);
    interrupted_ = !event && event.error().reason == kInterrupted;
    if (interrupted_) return std::optional<v1::Receipted>();
    if (!event) return event.error();
    if (!*event || !(*event)->has_receipted()) continue;
    const auto& receipt = (*event)->receipted();
    if (receipt.origin() == origin && receipt.size() > index) return std::optional(receipt);
  }
}

}  // namespace blo::cli
