// The node: listens, dials, and keeps one session with each counterpart. Owner of everything on the
// io_context thread.
#ifndef BLO_DAEMON_NODE_H
#define BLO_DAEMON_NODE_H

#include <boost/asio/io_context.hpp>
#include <functional>
#include <map>

#include "base/limits.h"
#include "base/repeated_lines.h"
#include "base/token_budget.h"
#include "daemon/config.h"
#include "daemon/connection.h"
#include "office/addresses.h"
#include "office/entry_counts.h"
#include "office/sessions.h"
#include "office/watching.h"
#include "transport/dialling.h"
#include "transport/listener.h"

namespace blo::daemon {

/// Told of what happens, in the order of the journals.
class Follower {
 public:
  virtual ~Follower() = default;
  virtual void arrived(const office::Pair& pair, std::uint64_t first, std::uint64_t end) = 0;
  virtual void receipted(const office::Pair& pair, const office::ReceiptedHead& head) = 0;
  /// A policy of this office's has changed: whoever may follow no more is to be ended.
  virtual void policy_changed() = 0;
};

class Node : private transport::LinkEvents, private office::Observer {
 public:
  Node(boost::asio::io_context& loop, office::Office& office, WallTime started);
  ~Node();

  /// Listens on the addresses that can be had, goes on trying the others, and begins to dial.
  /// TransportError::kAddress: one is not an address.
  [[nodiscard]] Result<void> start(const Config& config, Now now);
  /// What is due at this time: start() begins with it, five times a second.
  void tick(Now now);
  /// Called whenever one more address is listened on than after start().
  void when_listening(std::function<void()> told) { listening_told_ = std::move(told); }
  /// Once everything has ended in order: the next run says so.
  void note_clean_end();
  /// Says goodbye to every counterpart; `done` is called when all links have ended.
  void stop(std::function<void()> done);

  /// Sends what was accepted for this pairing, if it is connected.
  void pump(office::Pair& pair);
  /// Ends the pairing's sessions at once: it was frozen, or is over.
  void close_sessions(const office::Pair& pair, sync::CloseReason reason);
  /// Lets the pairing's session see what has become due.
  void tick_soon(const office::Pair& pair);
  /// What the configuration cites for every pairing; may be empty.
  [[nodiscard]] const std::string& legal_basis() const { return legal_basis_; }
  [[nodiscard]] const office::RetentionRules& retention() const { return retention_; }
  /// A pairing was confirmed: dial it now.
  void dial_soon(const office::Pair& pair);
  /// A person has said where the counterpart is: dials it there at once, in the place of whatever
  /// session or attempt there is.
  void dial_elsewhere(const office::Pair& pair);
  [[nodiscard]] bool syncing(const office::Pair& pair) const;
  /// Of the present connection; zeros without one.
  [[nodiscard]] transport::LinkCounters counters(const office::Pair& pair) const;

  /// Why the last connection, or attempt at one, came to nothing; empty where there was none.
  [[nodiscard]] const std::string& last_failure(const office::Pair& pair) const;

  void follow(Follower& follower) { followers_.push_back(&follower); }
  void unfollow(Follower& follower) { std::erase(followers_, &follower); }
  /// A policy of this office's came in force.
  void policy_changed();

  /// A store that is full: reads go on, nothing is accepted. One that fails otherwise ends the
  /// process.
  void note_store_failure(const Error& error);
  void note_store_success();
  /// A line about it in the diagnostics; one that repeats itself is counted.
  void tell_of_store(const std::string& line);
  /// Writes what was raised since the last time, once, whatever raised it.
  void tell_of_alarms();
  [[nodiscard]] const std::string& degraded_why() const { return degraded_why_; }
  /// How keys can come to the disk by swapping, and what to do; empty where they cannot.
  [[nodiscard]] const std::string& memory_unlocked_why() const { return memory_unlocked_why_; }

  /// Enters what waited for the clock, where that has come to be believed.
  void note_clock(Now now);
  /// Batches of that counterpart's have come and wait for the clock.
  [[nodiscard]] bool waits_for_clock(const office::Pair& pair) const;

  [[nodiscard]] WallTime started() const { return started_; }
  [[nodiscard]] std::vector<std::string> listening() const;
  /// The configured addresses that are not to be had yet.
  [[nodiscard]] std::vector<transport::Unbound> not_listening() const;
  /// So long after the first attempt people are told: an error line, an alarm.
  static constexpr milliseconds kNotListeningAlarmAfter{10LL * 60 * 1000};
  [[nodiscard]] std::uint64_t strangers() const;

 private:
  /// What is kept of a counterpart beside its pairing, session or not.
  struct Acquaintance {
    transport::Dialling dialling;
    std::shared_ptr<transport::Turns> turns;
    TokenBudget sessions{limits::kSessionsAtOnce, limits::kSessionEvery};  // that it begins
    diag::RepeatedLines lines;
    office::AddressTurn address;
    std::uint64_t attempt = 0;  // the newest to connect; what comes of others is dropped
    std::shared_ptr<transport::Link> link;  // until it is open
    std::size_t not_taken = 0;              // sessions in a row in which nothing was heard
    std::string last_error;
  };

  static boost::asio::awaitable<void> dial(Node& node, office::Pair& pair, std::uint64_t attempt,
                                           std::string address, session::DialOptions options);
  static boost::asio::awaitable<void> tick_loop(Node& node);
  /// Tries the addresses that are due, and tells people of those that are not to be had.
  void look_after_listening(Now now);
  /// Says when the clock comes to be believed, and when it is no longer; with a clock that is
  /// believed, does what had to wait for one.
  void look_after_clock(Now now);
  /// What this office does by the date and of its own accord: not by a clock in doubt.
  void look_after_dates(Now now);
  void look_after_waiting(Now now);
  void tell_of_last_end();
  /// How many entries the last hour brought, and no more of them.
  void tell_of_counts(Now now);
  /// The disk, the newest backup, who is heard, the clock: about once a minute.
  void look_after_surroundings(Now now);
  void catch_up(Now now);
  void dial_due(Now now);
  /// What this machine can be reached at may change while it runs.
  void note_own_addresses();
  void dial_failed(const office::Pair& pair, const std::string& why, Now now);
  void dial_again(Connection& connection, const std::string& why, Now now);
  /// Keeps the audit trail's reserve, and enters what was read without one once there is room.
  void look_after_trail(Now now);
  void tell_of_memory();
  void destroy_what_is_over(Now now);
  /// A line about this counterpart, unless it was written already.
  void tell(const office::Pair& pair, const std::string& line, Now now);

  void on_open(transport::Link& link) override;
  void on_frame(transport::Link& link, Bytes frame) override;
  void on_drained(transport::Link& link) override;
  void on_closed(transport::Link& link, std::optional<Error> error) override;
  void arrived(const office::Pair& pair, std::uint64_t first, std::uint64_t end) override;
  void receipted(const office::Pair& pair, const office::ReceiptedHead& head) override;

  /// False: the newest itself is the one too many.
  [[nodiscard]] bool make_room(const Connection& newest);
  void choose(const std::shared_ptr<Connection>& newest);
  void look_at(Connection& connection);
  [[nodiscard]] std::shared_ptr<Connection> syncing_connection(const office::Pair& pair) const;
  void settle_choices(Now now);
  [[nodiscard]] std::vector<std::shared_ptr<Connection>> connections_of(
      const office::Pair& pair) const;

  boost::asio::io_context& loop_;
  office::Office& office_;
  WallTime started_;
  std::string legal_basis_;
  std::vector<IpEndpoint> announce_;
  boost::asio::thread_pool pool_;
  boost::asio::steady_timer timer_;
  std::shared_ptr<transport::Listener> listener_;
  std::function<void()> listening_told_ = [] {};
  bool not_listening_said_ = false;     // in the diagnostics
  bool not_listening_alarmed_ = false;  // as an alarm, which a full disk may put off
  std::map<transport::Link*, std::shared_ptr<Connection>> connections_;
  std::map<const office::Pair*, Acquaintance> acquaintances_;
  office::SessionLimits session_limits_;
  /// Sessions that were asked for a sign of life because a second one came: which, and until when.
  struct Choice {
    std::weak_ptr<Connection> asked;
    SteadyTime since;
  };
  std::map<const office::Pair*, Choice> choices_;
  std::vector<Follower*> followers_;
  std::optional<SteadyTime> expiries_announced_;
  office::ReceiptTimes receipt_times_;
  office::RetentionRules retention_;
  bool trust_ntp_ = true;
  std::filesystem::path ntp_state_;
  std::optional<SteadyTime> clock_asked_;
  std::optional<bool> clock_believed_;
  std::optional<SteadyTime> overdue_announced_;
  std::optional<SteadyTime> addresses_noted_;
  office::WatchLimits watch_limits_;
  office::ContactWatch contact_watch_;
  office::ClockWatch clock_watch_;
  std::optional<SteadyTime> surroundings_seen_;
  struct Counted {
    SteadyTime since;
    office::EntryCounts entries;
  };
  std::optional<Counted> counts_;
  std::optional<SteadyTime> trail_looked_after_;
  std::string clock_doubt_;  // as of the last tick
  SteadyTime began_;         // beside started_
  std::string degraded_why_;
  std::string memory_unlocked_why_;
  diag::RepeatedLines store_lines_;
  std::uint64_t opened_ = 0;  // sessions so far
  bool stopping_ = false;
  std::function<void()> stopped_;
};

}  // namespace blo::daemon

#endif
