#include "transport/turns.h"

#include <boost/asio/post.hpp>

#include "transport/link.h"

namespace blo::transport {

void Turns::ask(std::shared_ptr<Link> link) {
  waiting_.push_back(std::move(link));
  if (waiting_.size() == 1) post();
}

void Turns::post() {
  boost::asio::post(loop_, [self = shared_from_this()] { self->next(); });
}

void Turns::next() {
  const auto link = waiting_.front();
  const bool more = link->take_turn();
  // Only now, so that whoever asks meanwhile does not begin a second round.
  waiting_.pop_front();
  if (more) waiting_.push_back(link);
  if (!waiting_.empty()) post();
}

}  // namespace blo::transport
