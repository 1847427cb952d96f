// A storm over two offices whose clocks are wrong at any time, each by itself, and what may be left
// of it once they are right.
#ifndef BLO_TESTS_SIM_CLOCK_STORM_H
#define BLO_TESTS_SIM_CLOCK_STORM_H

#include "world.h"

namespace blo::sim {

/// How wrong the clocks of a storm are.
enum class Wrong {
  kByAnything,  // by a day ahead or less, too, which no receipt shows
  kByFar        // not ahead by a little: nothing whatever is left of it
};

/// Two clocks that are ahead together, within a day of each other, are no part of it: nothing tells
/// such times from true ones. Its checks do not end a test; they are counted in faults().
class ClockStorm {
 public:
  explicit ClockStorm(std::uint64_t salt, Wrong wrong = Wrong::kByAnything);

  /// Messages, sessions, cuts, crashes, restarts and clocks, in any order.
  void blow(int events);
  /// From now on both clocks are right, and either NTP or a person says so.
  void calm();
  /// Lets them exchange until both hold everything.
  void exchange();
  /// `node` says a flash message under a clock that is wrong by `by`, nobody is reached, and the
  /// clock is right again. Then `meddle` is called, and it is seen when the message is overdue.
  void gust(
      Node& node, milliseconds by, const std::function<void()>& meddle = [] {});
  /// After calm() and exchange(): that nothing is left but what is marked.
  void check_nothing_is_left();
  /// That officers in force read, and that auditors find nothing against either office.
  void check_people_and_audits();
  /// That what is due by the rules is destroyed at both offices when its time is over.
  void check_destroyed_in_time();

  /// What it did, newest last, and what did not hold. The first is there to be printed.
  [[nodiscard]] const std::vector<std::string>& done() const { return done_; }
  [[nodiscard]] const std::vector<std::string>& faults() const { return faults_; }

  [[nodiscard]] WallTime truth() const;
  [[nodiscard]] milliseconds ahead(const Node& node) const { return node.now.wall - truth(); }
  void set_clock(Node& node, milliseconds ahead);
  /// False: it is turned away, for by the clock the officer may not send.
  bool say(Node& node, journal::Precedence precedence = journal::Precedence::kRoutine);
  /// An officer reads, which is entered into the trail, as far as a daemon answers by the clock.
  void read(Node& node);
  /// Time in which both offices do what a daemon does now and then.
  void pass(milliseconds time);

  World world;

 private:
  /// And it is believed.
  [[nodiscard]] bool is_right(Node& node);
  void happen();
  void turn_clock(Node& node);
  void use_office(Node& node);
  void look_after(Node& node);
  void look_after_dates(Node& node);
  void say_that_it_is_right(Node& node);
  void check_dates(Node& node, const Said& fresh, milliseconds ahead_max);
  void check_marks(Node& node);
  void say_in_turn(milliseconds ahead_max);
  [[nodiscard]] Node& either() { return world.random(2) == 0 ? world.a : world.b; }
  void note(const Node& node, const std::string& what);
  void expect(bool holds, const std::string& what);
  template <class T>
  void must(const Result<T>& result, const std::string& what) {
    expect(result.has_value(), what + (result ? "" : ": " + result.error().message()));
  }

  Wrong wrong_;
  Now begun_;
  std::uint64_t asked_ = 0;
  std::vector<std::string> done_;
  std::vector<std::string> faults_;
};

/// An alarm of that code is open.
[[nodiscard]] bool is_open(Node& node, std::string_view code);

}  // namespace blo::sim

#endif
