// Requests to the daemon: signed, sent, and answered with a response or a Failure.
#ifndef BLO_CLI_BLO_DAEMON_H
#define BLO_CLI_BLO_DAEMON_H

#include "control/client.h"
#include "failure.h"
#include "interruption.h"
#include "officer.h"

namespace blo::v1 {
class Failure;
class Request;
class Response;
}  // namespace blo::v1

namespace blo::cli {

/// A connection to the daemon of --home on which nothing was asked yet.
[[nodiscard]] Outcome<control::Client> connect_client(const Globals& globals);

/// One connection to the daemon of --home. `officer`, where there is one, outlives it.
class Daemon {
 public:
  /// Without an officer requests stand on the Unix user. Failures: unreachable; the officer is of
  /// another office or network.
  [[nodiscard]] static Outcome<Daemon> connect(const Globals& globals, const Officer* officer);

  [[nodiscard]] const OfficeId& office() const { return client_.greeting().office; }
  [[nodiscard]] Network network() const { return client_.greeting().network; }

  /// From now on a wait for an answer ends with the reason kInterrupted once it is interrupted;
  /// null: it does not any more. No wait outlives `interruption`.
  void heed(const Interruption* interruption) {
    interruption_ = interruption == nullptr ? -1 : interruption->fd();
  }

  [[nodiscard]] Outcome<void> ask(const v1::Request& request);

  /// The next response; nothing after `silence_max` without one. A Failure of the daemon's becomes
  /// this program's.
  [[nodiscard]] Outcome<std::optional<v1::Response>> next(milliseconds silence_max);

  /// As next, with the time any answer may take, and one must come. Interrupted, it waits a moment
  /// longer: what was asked is with the daemon, and its answer says what became of it.
  [[nodiscard]] Outcome<v1::Response> next();

  /// Asks what has one answer, which must be `expected` (a v1::Response::WhatCase).
  [[nodiscard]] Outcome<v1::Response> call(const v1::Request& request, int expected);

 private:
  Daemon(control::Client client, const Officer* officer, std::string purpose)
      : client_(std::move(client)), officer_(officer), purpose_(std::move(purpose)) {}

  control::Client client_;
  const Officer* officer_;
  std::string purpose_;
  int interruption_ = -1;
};

[[nodiscard]] Failure from_wire(const v1::Failure& failure);
/// The daemon said something else than what belongs here.
[[nodiscard]] Failure unexpected_answer();

}  // namespace blo::cli

#endif
