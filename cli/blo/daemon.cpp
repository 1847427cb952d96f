#include "daemon.h"

#include "base/wire.h"
#include "blo/v1/control.pb.h"
#include "crypto/random.h"
#include "layout.h"
#include "report.h"

namespace blo::cli {
namespace {

/// Sealing and committing 256 messages on a slow disk takes seconds; a busy export more.
constexpr milliseconds kAnswerTimeMax{120'000};
/// For whoever has pressed Ctrl-C, and wants to know what became of the request.
constexpr milliseconds kLastAnswerTimeMax{5'000};

Outcome<void> check_belongs(const Officer& officer, const control::DaemonGreeting& daemon) {
  const auto& details = officer.certificate.details();
  if (details.subject == daemon.office.text() && details.network == daemon.network) return {};
  return Failure{ExitCode::kNotAuthorised, "other-office",
                 officer.name + " is an officer of " + details.subject + " (" +
                     std::string(to_string(details.network)) + "), and this daemon is " +
                     daemon.office.text() + " (" + std::string(to_string(daemon.network)) + ").",
                 "Check --as and --home."};
}

}  // namespace

Failure from_wire(const v1::Failure& failure) {
  const bool known =
      failure.exit_code() > v1::EXIT_CODE_OK && failure.exit_code() <= v1::EXIT_CODE_DEGRADED;
  return {known ? static_cast<ExitCode>(failure.exit_code()) : ExitCode::kFailed, failure.reason(),
          failure.sentence(), failure.next_step()};
}

Failure unexpected_answer() {
  return failure_from(Error(control::ControlError::kMalformed, "the daemon's answer"));
}

Outcome<control::Client> connect_client(const Globals& globals) {
  auto client = control::Client::connect(HomeLayout(globals.home).control_socket, kAnswerTimeMax);
  if (!client) return failure_from(client.error());
  return std::move(*client);
}

Outcome<Daemon> Daemon::connect(const Globals& globals, const Officer* officer) {
  auto client = connect_client(globals);
  if (!client) return client.error();
  if (officer != nullptr) {
    if (const auto ok = check_belongs(*officer, client->greeting()); !ok) return ok.error();
  }
  // Nobody takes what is shown for real; in JSON, blo status names the network.
  static bool said = false;  // a command may have two connections
  if (client->greeting().network == Network::kExercise && !globals.json && !said) {
    say("EXERCISE - not real");
    said = true;
  }
  return Daemon(std::move(*client), officer, globals.purpose);
}

Outcome<void> Daemon::ask(const v1::Request& request) {
  v1::Request salted = request;
  const auto salt = crypto::random_array<32>();
  salted.set_salt(salt.data(), salt.size());
  salted.set_purpose(purpose_);
  const Bytes bytes = encode_wire(salted);
  Bytes fingerprint;
  Bytes signature;
  if (officer_ != nullptr) {
    const Bytes signed_bytes = client_.bytes_to_sign(crypto::sha256(bytes));
    const auto by_officer = officer_->sign(crypto::Purpose::kControlRequest, {signed_bytes});
    if (!by_officer) return by_officer.error();
    signature = to_bytes(ByteView(*by_officer));
    fingerprint = to_bytes(ByteView(officer_->certificate.fingerprint()));
  }
  const auto sent = client_.send(bytes, fingerprint, signature);
  if (!sent) return failure_from(sent.error());
  return {};
}

Outcome<std::optional<v1::Response>> Daemon::next(milliseconds silence_max) {
  const auto bytes = client_.receive(silence_max, interruption_);
  if (!bytes) return failure_from(bytes.error());
  if (!*bytes) return std::optional<v1::Response>();
  v1::Response response;
  if (!parse_wire(**bytes, response)) return unexpected_answer();
  if (response.has_failure()) return from_wire(response.failure());
  return std::optional(std::move(response));
}

Outcome<v1::Response> Daemon::next() {
  auto response = next(kAnswerTimeMax);
  if (!response && response.error().reason == kInterrupted) {
    const Failure interrupted = response.error();
    const int heeded = std::exchange(interruption_, -1);
    response = next(kLastAnswerTimeMax);
    interruption_ = heeded;
    if (response && !*response) return interrupted;
  }
  if (!response) return response.error();
  if (!*response) {
    return Failure{ExitCode::kFailed, "daemon-silent",
                   "The daemon took the request and gave no answer for " +
                       std::to_string(kAnswerTimeMax.count() / 1000) + " seconds.",
                   "Look at blo status before repeating it: it may have been carried out."};
  }
  return std::move(**response);
}

Outcome<v1::Response> Daemon::call(const v1::Request& request, int expected) {
  if (const auto sent = ask(request); !sent) return sent.error();
  auto response = next();
  if (!response) return response.error();
  if (response->what_case() != expected || !response->last()) return unexpected_answer();
  return std::move(*response);
}

}  // namespace blo::cli
