// Options that several commands have, as CLI11 is told of them.
#ifndef BLO_CLI_BLO_ARGUMENTS_OPTIONS_H
#define BLO_CLI_BLO_ARGUMENTS_OPTIONS_H

#include "arguments.h"

namespace CLI {
class App;
class Option;
}  // namespace CLI

namespace blo::cli {

void network_option(CLI::App& command, std::string& network);
void days_option(CLI::App& command, std::uint32_t& days);
void reason_option(CLI::App& command, std::string& reason);
void no_passphrase_flag(CLI::App& command, bool& flag);
void wait_option(CLI::App& command, std::optional<std::uint32_t>& wait_seconds);
void sending_options(CLI::App& command, Sending& sending);
/// Gives what makes a list a later page of itself.
CLI::Option* listing_options(CLI::App& command, Listing& listing);

}  // namespace blo::cli

#endif
