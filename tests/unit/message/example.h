// Messages to try things on.
#ifndef BLO_TESTS_UNIT_MESSAGE_EXAMPLE_H
#define BLO_TESTS_UNIT_MESSAGE_EXAMPLE_H

#include <string>

#include "base/file.h"
#include "message/message.h"

namespace blo::message {

/// A file of tests/data as text; empty where it cannot be read.
inline std::string test_data(const std::string& name) {
  const auto bytes = read_file(std::string(BLO_VECTORS) + "/../data/" + name, 1 << 20);
  return bytes ? to_string(ByteView(*bytes)) : std::string();
}

/// `text` with its first `from` replaced by `to`; empty where there is none, so that a test cannot
/// pass by replacing nothing.
inline std::string with(std::string text, const std::string& from, const std::string& to) {
  const auto at = text.find(from);
  return at == std::string::npos ? std::string() : text.replace(at, from.size(), to);
}

/// A seizure notice of one line per field: the drug's amount stands in line 5.
inline const std::string kSmallSeizure = R"({ "seizure": {
  "date": "2024-03-07",
  "place": { "country": { "code": "UZ" } },
  "drugs": [ { "substance": "Hashish",
    "quantity": { "amount": "1981",
      "unit": "Gram" } } ]
} })";

inline const std::string kSmallAlert = R"({ "alert": {
  "reason": "hidden compartment suspected",
  "action": "search and report",
  "vehicles": [ { "type": "van", "plate": "01A123BC" } ]
} })";

/// The error's detail; empty where there is none.
template <class T>
std::string detail(const Result<T>& result) {
  return result ? std::string() : result.error().detail();
}

}  // namespace blo::message

#endif
