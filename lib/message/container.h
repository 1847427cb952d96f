// Freight container numbers (ISO 6346).
#ifndef BLO_MESSAGE_CONTAINER_H
#define BLO_MESSAGE_CONTAINER_H

#include <optional>
#include <string>
#include <string_view>

namespace blo::message {

/// The check digit ('0'–'9') of the ten characters before it: three letters of the owner, `U`, `J`
/// or `Z`, six digits. Nothing where `ten` is not that.
[[nodiscard]] std::optional<char> container_check_digit(std::string_view ten);

/// What is wrong with `number` as a sentence's end ("has the check digit 4 where …"); empty where
/// nothing is. Eleven characters, upper case, no spaces.
[[nodiscard]] std::string container_number_flaw(std::string_view number);

/// "csqu 305438-3" → "CSQU3054383": as it is painted → as it is stored; not yet checked.
[[nodiscard]] std::string normalise_container_number(std::string_view painted);

}  // namespace blo::message

#endif
