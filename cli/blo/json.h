// JSON for `--json`: values built by the commands, written as one line.
#ifndef BLO_CLI_BLO_JSON_H
#define BLO_CLI_BLO_JSON_H

#include <concepts>
#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace blo::cli {

class Json;
/// A name and its value.
using JsonMember = std::pair<std::string, Json>;

/// One JSON value. Members keep the order in which they were given.
class Json {
 public:
  /// Null.
  Json() = default;
  Json(std::same_as<bool> auto flag) : value_(flag) {}
  Json(std::unsigned_integral auto number) requires(!std::same_as<decltype(number), bool>)
      : value_(static_cast<std::uint64_t>(number)) {}
  Json(std::string text) : value_(std::move(text)) {}
  Json(std::string_view text) : value_(std::string(text)) {}
  Json(const char* text) : value_(std::string(text)) {}

  [[nodiscard]] static Json object(std::initializer_list<JsonMember> members);
  [[nodiscard]] static Json array();
  [[nodiscard]] static Json strings(const std::vector<std::string>& texts);
  /// JSON text from elsewhere (a message's content), put in as a value; null when it is not JSON.
  [[nodiscard]] static Json parsed(std::string text);

  /// Appends to an array.
  void push(Json value);
  /// Appends to an object; of two members with one name the later counts.
  void set(std::string name, Json value);

  /// One line without newline, pure ASCII: whatever it carries cannot drive a terminal.
  [[nodiscard]] std::string text() const;

 private:
  struct Parsed {
    std::string text;
  };
  friend struct JsonWriter;

  std::variant<std::monostate, bool, std::uint64_t, std::string, Parsed, std::vector<Json>,
               std::vector<JsonMember>>
      value_;
};

/// The handling of a content in protobuf JSON.
struct HandlingCodes {
  std::vector<std::string> codes;  // "H1", "H3"; never empty: without any it is "H0"
  std::string text;                // H3's restriction
};
[[nodiscard]] HandlingCodes handling_of(std::string_view content_json);

}  // namespace blo::cli

#endif
