// The content of messages, as officers write it and as it is sent: a byte for the kind, then JSON
// or bytes.
#include "message/message.h"
#include "target.h"

namespace blo::fuzz {
namespace {

void read(std::uint32_t kind, ByteView content) {
  if (!message::validate(kind, content)) return;
  static_cast<void>(message::summary(kind, content));
  static_cast<void>(message::render(kind, content));
  const auto json = message::to_json(kind, content);
  BLO_CHECK(json.has_value());
}

void run(ByteView bytes) {
  const auto kind = static_cast<std::uint32_t>(take_number(bytes, 1) % 6);
  read(kind, bytes);
  const auto content = message::from_json(kind, as_text(bytes));
  if (!content) return;
  BLO_CHECK(message::validate(kind, *content).has_value());
  read(kind, *content);
  const auto json = message::to_json(kind, *content);
  BLO_CHECK(json.has_value());
  const auto again = message::from_json(kind, *json);
  BLO_CHECK(again && *again == *content);
}

}  // namespace
}  // namespace blo::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  blo::fuzz::run({data, size});
  return 0;
}
