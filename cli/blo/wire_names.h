// The control protocol's closed lists as words; the same in sentences and in JSON.
#ifndef BLO_CLI_BLO_WIRE_NAMES_H
#define BLO_CLI_BLO_WIRE_NAMES_H

#include <span>
#include <string_view>
#include <vector>

#include "report.h"

namespace blo::v1 {
class Erased;
class Hold;
class MessageSummary;
class PairStatus;
class Receipted;
class UnopenedCounts;
}  // namespace blo::v1

namespace blo::cli {

/// Each takes the protobuf enum's value; one of a newer version is "unknown".
[[nodiscard]] std::string_view kind_name(int kind);
[[nodiscard]] std::string_view precedence_name(int precedence);
[[nodiscard]] std::string_view message_state_name(int state);
[[nodiscard]] std::string_view draft_state_name(int state);
[[nodiscard]] std::string_view pair_state_name(int state);
[[nodiscard]] std::string_view network_name(int network);
[[nodiscard]] std::string_view severity_name(int severity);

/// What a message, record or receipt says of its own time: "claims 2046-…" where that lies more
/// than a day ahead of the clock here.
[[nodiscard]] std::string said_time(std::uint64_t ms);
/// The same, or null for 0.
[[nodiscard]] Json said_time_from_ms(std::uint64_t ms);
/// Of identity.proto's roles.
[[nodiscard]] std::vector<std::string_view> role_names(std::span<const int> roles);

/// RFC 3339, or null for 0.
[[nodiscard]] Json time_from_ms(std::uint64_t ms);
[[nodiscard]] Json time_from_s(std::uint64_t s);

[[nodiscard]] Json to_json(const v1::MessageSummary& message);
/// One line of a list.
[[nodiscard]] Shown to_line(const v1::MessageSummary& message);
[[nodiscard]] Json to_json(const v1::UnopenedCounts& counts);
/// "1 FLASH, 1,150 ROUTINE"; empty where there are none.
[[nodiscard]] std::string to_words(const v1::UnopenedCounts& counts);
/// Of what is counted up to limits::kListCountMax: "1,150", "10,000 or more".
[[nodiscard]] std::string counted(std::uint64_t count);
[[nodiscard]] Json to_json(const v1::PairStatus& pair);
/// One pairing in a few words, and a second line for what it waits for.
[[nodiscard]] Shown to_lines(const v1::PairStatus& pair);
[[nodiscard]] Json to_json(const v1::Hold& hold);
[[nodiscard]] Shown to_sentence(const v1::Hold& hold);
[[nodiscard]] Json to_json(const v1::Erased& erased);
[[nodiscard]] Shown to_sentence(const v1::Erased& erased);
[[nodiscard]] Json to_json(const v1::Receipted& receipt);
[[nodiscard]] Shown to_sentence(const v1::Receipted& receipt);

}  // namespace blo::cli

#endif
