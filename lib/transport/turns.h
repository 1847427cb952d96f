// Counterparts take turns: none of them, whatever it sends, keeps the one thread from the others.
#ifndef BLO_TRANSPORT_TURNS_H
#define BLO_TRANSPORT_TURNS_H

#include <boost/asio/any_io_executor.hpp>
#include <deque>
#include <memory>

#include "base/clock.h"

namespace blo::transport {

class Link;

/// What one turn may be: so many frames, or what was begun when so much time has passed.
struct Turn {
  static constexpr std::size_t kFramesMax = 64;
  static constexpr milliseconds kTimeMax{5};

  explicit Turn(SteadyTime now) : began(now) {}
  /// Counts a frame that was read; whether another one may be.
  [[nodiscard]] bool goes_on(SteadyTime now) {
    return ++frames < kFramesMax && now - began < kTimeMax;
  }

  SteadyTime began;
  std::size_t frames = 0;
};

/// The turns of all links of one counterpart: one link's turn at a time, and between two of them
/// whatever else is ready. A link that has more to deliver waits behind the others.
class Turns : public std::enable_shared_from_this<Turns> {
 public:
  explicit Turns(boost::asio::any_io_executor loop) : loop_(std::move(loop)) {}
  /// The link has something to deliver; its take_turn() is called, not from inside this call.
  void ask(std::shared_ptr<Link> link);

 private:
  void next();
  void post();

  boost::asio::any_io_executor loop_;
  std::deque<std::shared_ptr<Link>> waiting_;
};

}  // namespace blo::transport

#endif
