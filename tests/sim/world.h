// The whole world of a simulation: two offices, the line between them, and time. One seed decides
// every delay, every cut and the order of what may happen at once.
#ifndef BLO_TESTS_SIM_WORLD_H
#define BLO_TESTS_SIM_WORLD_H

#include <array>
#include <random>

#include "node.h"
#include "seed.h"

namespace blo::sim {

/// Whether both machines go by one clock, or each by its own, which a test then sets as it likes.
enum class Clocks { kOne, kEach };

/// How the line treats what it carries.
struct Weather {
  int latency_ms_max = 40;
  std::size_t segment_bytes_max = 1400;
  bool swallows = false;  // nothing arrives, and nobody is told
};

class World {
 public:
  /// Two paired offices, each with an officer, connected by nothing yet. `salt` tells the worlds of
  /// one test apart.
  explicit World(std::uint64_t salt = 0, Clocks clocks = Clocks::kOne);

  /// UZ-OYBEK dials TJ-FOTEHOBOD.
  void connect() { connect(a); }
  void connect(Node& dialler);
  [[nodiscard]] bool connected() const { return a.end && b.end; }
  /// The line breaks: what was on it is lost.
  void cut();
  /// One office's process dies and starts again; the other sees the line break.
  void crash(Node& node);
  /// The line breaks after so many more bytes.
  void cut_after(std::size_t bytes) { bytes_left_ = bytes; }

  /// One thing happens: bytes move, arrive, or a batch is judged and committed. False when nothing
  /// is left to happen without time passing idly.
  bool step();
  /// Until nothing is left to happen. Gives the number of steps; CHECKs that it ends.
  std::size_t run();
  /// Idle time: both sides tick every second, and everything that comes of it happens.
  void pass(milliseconds time);
  /// Both machines are off for so long, and start again.
  void off_for(milliseconds time);
  /// Both sides hold all of both journals and all receipts.
  [[nodiscard]] bool converged();
  /// Connects as often as needed until both sides hold all of both journals and all receipts.
  void converge();

  /// REQUIREs equal journals, equal heads and receipts, and every message said on both sides once.
  void check_converged();

  [[nodiscard]] std::uint64_t random(std::uint64_t below) { return random_() % below; }
  Node& other(Node& node) { return &node == &a ? b : a; }

 private:
  struct Segment {
    SteadyTime due;
    Bytes bytes;  // empty: the end of the stream
  };
  struct Event {
    enum class Kind { kFlush, kHangUp, kWork, kDeliver } kind;
    Node* node;
  };

  void pair_offices();
  [[nodiscard]] std::vector<Event> ready();
  void happen(const Event& event);
  void flush(Node& node);
  void deliver(Node& node);
  void put_on_line(Node& to, Bytes bytes);
  void advance(SteadyTime to);
  void move_clocks(milliseconds by);
  [[nodiscard]] std::deque<Segment>& line_to(const Node& node) {
    return &node == &a ? to_a_ : to_b_;
  }
  void check_direction(Node& from, Node& to);

  std::mt19937_64 random_;
  Folder folder_;
  Now now_;
  Now now_of_b_;  // where each has a clock of its own; the steady time is one
  std::deque<Segment> to_a_;
  std::deque<Segment> to_b_;
  std::size_t bytes_left_ = SIZE_MAX;

 public:
  Weather weather;
  Bytes* tapped = nullptr;  // gets a copy of all that is put on the line
  Node a;                   // UZ-OYBEK
  Node b;                   // TJ-FOTEHOBOD
};

}  // namespace blo::sim

#endif
