// Opened and acted: what an officer says of a message that was received.
#ifndef BLO_MESSAGE_STEPS_H
#define BLO_MESSAGE_STEPS_H

#include <optional>
#include <vector>

#include "message/message.h"

namespace blo::message {

struct ActedWords {
  std::string outcome;  // "hit"; of a newer version "code 23"
  std::string text;     // raw
};

/// "hit", "no-hit", …: every outcome there is.
[[nodiscard]] std::vector<std::string> outcomes();

/// Content of kOpened: the same two bytes always.
[[nodiscard]] Bytes opened_content();
/// Validated content of kActed. kBadValue: no such outcome; kMissingField: this one needs a text.
[[nodiscard]] Result<Bytes> acted_content(const std::string& outcome, const std::string& text);
/// What a content of kActed says; nothing where it is none.
[[nodiscard]] std::optional<ActedWords> read_acted(ByteView content);

}  // namespace blo::message

#endif
