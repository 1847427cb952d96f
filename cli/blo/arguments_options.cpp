#include "arguments_options.h"

#include <CLI/CLI.hpp>

#include "arguments_words.h"

namespace blo::cli {

void network_option(CLI::App& command, std::string& network) {
  command.add_option("--network", network, "live or exercise; a key is never used in both")
      ->transform(one_of({"live", "exercise"}))
      ->capture_default_str();
}

void days_option(CLI::App& command, std::uint32_t& days) {
  command.add_option("--valid-days", days, "how long the certificate is valid")
      ->check(CLI::Range(1U, 36'500U))
      ->capture_default_str();
}

void reason_option(CLI::App& command, std::string& reason) {
  command.add_option("--reason", reason, "left, key-lost, key-stolen or other")
      ->transform(one_of({"left", "key-lost", "key-stolen", "other"}))
      ->required();
}

void no_passphrase_flag(CLI::App& command, bool& flag) {
  command.add_flag("--no-passphrase", flag,
                   "leave the key file unsealed (mode 0600): for tests and demonstrations");
}

void wait_option(CLI::App& command, std::optional<std::uint32_t>& wait_seconds) {
  command
      .add_option("--wait", wait_seconds,
                  "wait so many seconds for the receipt; exit code 7 without one")
      ->check(CLI::Range(1U, 86'400U));
}

void sending_options(CLI::App& command, Sending& sending) {
  command
      .add_option("--to", sending.to,
                  "the office that receives it; not needed with one pairing, or with --in-reply-to")
      ->transform(in_capitals());
  command.add_option("-p,--precedence", sending.precedence, alternatives(precedence_words()))
      ->transform(one_of(precedence_words()))
      ->capture_default_str();
  command.add_option("--expires", sending.expires, "when it ceases to hold (RFC 3339)");
  command.add_option("--in-reply-to", sending.in_reply_to, "number of the message it answers")
      ->transform(in_capitals());
  command.add_flag("--as-typed", sending.as_typed, "do not ask about what looks like a slip");
  wait_option(command, sending.wait_seconds);
}

CLI::Option* listing_options(CLI::App& command, Listing& listing) {
  command
      .add_option("--limit", listing.limit,
                  "at most so many; else 50, at a terminal as many as its screen shows")
      ->check(CLI::Range(1U, 1'000U));
  auto* before = command.add_option("--before", listing.before,
                                    "what stands behind this number, or is older than this day");
  before->transform(in_capitals());
  command.add_option("--since", listing.since,
                     "not older than this day: 2026-11-30, or 2026-11-30T18:00:00Z");
  command.add_flag("--unopened", listing.unopened, "what nobody has opened alone");
  command.add_flag("--receipts", listing.receipts, "what says opened and acted, too");
  return before;
}

}  // namespace blo::cli
