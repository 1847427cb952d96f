// What a counterpart sends inside its session.
#include "sync/frame.h"
#include "target.h"

namespace blo::fuzz {
namespace {

void run(ByteView bytes) {
  const auto frame = sync::parse_frame(bytes);
  if (!frame) return;
  const Bytes encoded = sync::encode_frame(*frame);
  const auto again = sync::parse_frame(encoded);
  BLO_CHECK(again && again->index() == frame->index());
  BLO_CHECK(sync::encode_frame(*again) == encoded);
}

}  // namespace
}  // namespace blo::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  blo::fuzz::run({data, size});
  return 0;
}
