#include "base/ids.h"

#include <algorithm>
#include <charconv>
#include <vector>

namespace blo {
namespace {

constexpr std::string_view kTrail = "trail";

bool upper(char c) { return c >= 'A' && c <= 'Z'; }
bool digit(char c) { return c >= '0' && c <= '9'; }

std::vector<std::string_view> split(std::string_view text) {
  std::vector<std::string_view> parts;
  std::size_t start = 0;
  for (std::size_t slash; (slash = text.find('/', start)) != text.npos; start = slash + 1) {
    parts.push_back(text.substr(start, slash - start));
  }
  parts.push_back(text.substr(start));
  return parts;
}

std::optional<std::uint32_t> parse_generation(std::string_view text) {
  const auto number = parse_decimal(text);
  if (!number || *number == 0 || *number > UINT32_MAX) return std::nullopt;
  return static_cast<std::uint32_t>(*number);
}

}  // namespace

std::string_view to_string(Network network) {
  return network == Network::kLive ? "live" : "exercise";
}

std::optional<Network> parse_network(std::string_view text) {
  if (text == "live") return Network::kLive;
  if (text == "exercise") return Network::kExercise;
  return std::nullopt;
}

bool is_country(std::string_view text) {
  return text.size() == 2 && std::ranges::all_of(text, upper);
}

std::optional<OfficeId> OfficeId::parse(std::string_view text) {
  if (text.size() < 5 || text.size() > 19 || !is_country(text.substr(0, 2)) || text[2] != '-') {
    return std::nullopt;
  }
  const auto name = text.substr(3);
  if (!std::ranges::all_of(name, [](char c) { return upper(c) || digit(c); })) return std::nullopt;
  return OfficeId(text);
}

std::optional<Origin> Origin::parse(std::string_view text) {
  const auto parts = split(text);
  if (parts.size() != 4) return std::nullopt;
  const auto network = parse_network(parts[0]);
  const auto from = OfficeId::parse(parts[1]);
  const bool trail = parts[2] == kTrail;
  const auto to = trail ? from : OfficeId::parse(parts[2]);
  const auto generation = parse_generation(parts[3]);
  if (!network || !from || !to || (*from == *to) != trail || !generation) return std::nullopt;
  return Origin{*network, *from, *to, *generation};
}

std::string Origin::text() const {
  return std::string(to_string(network)) + "/" + from.text() + "/" +
         (is_trail() ? std::string(kTrail) : to.text()) + "/" + std::to_string(generation);
}

std::optional<MessageNumber> MessageNumber::parse(std::string_view text) {
  const auto parts = split(text);
  if (parts.size() != 3 && parts.size() != 4) return std::nullopt;
  const auto from = OfficeId::parse(parts[0]);
  const auto to = OfficeId::parse(parts[1]);
  const auto generation = parts.size() == 4 ? parse_generation(parts[2]) : std::optional(1U);
  const auto index = parse_decimal(parts.back());
  if (!from || !to || *from == *to || !generation || !index) return std::nullopt;
  return MessageNumber{*from, *to, *generation, *index};
}

std::string MessageNumber::text() const {
  const std::string place = generation == 1 ? "" : std::to_string(generation) + "/";
  return from.text() + "/" + to.text() + "/" + place + std::to_string(index);
}

std::optional<std::uint64_t> parse_decimal(std::string_view text) {
  if (text.empty() || (text.size() > 1 && text[0] == '0')) return std::nullopt;
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

}  // namespace blo
