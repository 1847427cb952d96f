#include "message/container.h"

namespace blo::message {
namespace {

bool is_letter(char c) { return c >= 'A' && c <= 'Z'; }
bool is_digit(char c) { return c >= '0' && c <= '9'; }

/// ISO 6346 annex A: A is 10, and from there upwards without the multiples of 11.
unsigned value_of(char c) {
  if (is_digit(c)) return static_cast<unsigned>(c - '0');
  const auto letter = static_cast<unsigned>(c - 'A') + 10;
  return letter + (letter >= 11 ? 1U : 0U) + (letter >= 21 ? 1U : 0U) + (letter >= 31 ? 1U : 0U);
}

}  // namespace

std::optional<char> container_check_digit(std::string_view ten) {
  if (ten.size() != 10) return std::nullopt;
  unsigned sum = 0;
  for (std::size_t i = 0; i < ten.size(); ++i) {
    if (i < 4 ? !is_letter(ten[i]) : !is_digit(ten[i])) return std::nullopt;
    sum += value_of(ten[i]) << i;
  }
  if (ten[3] != 'U' && ten[3] != 'J' && ten[3] != 'Z') return std::nullopt;
  return static_cast<char>('0' + sum % 11 % 10);
}

std::string container_number_flaw(std::string_view number) {
  const auto digit = container_check_digit(number.substr(0, 10));
  if (number.size() != 11 || !digit || !is_digit(number[10])) {
    return "is not a container number (ISO 6346: three letters, U, J or Z, seven digits)";
  }
  if (number[10] == *digit) return {};
  return std::string("has the check digit ") + number[10] + " where " + *digit +
         " belongs: a character was misread or mistyped";
}

std::string normalise_container_number(std::string_view painted) {
  std::string number;
  for (const char c : painted) {
    if (c == ' ' || c == '-') continue;
    number += c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
  }
  return number;
}

}  // namespace blo::message
