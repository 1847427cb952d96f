// The control socket: a byte for the size of the portions, then framed messages; the paths of an
// export's files as they are carried there; and the place in a list behind which a page begins.
#include "base/limits.h"
#include "control/export_path.h"
#include "control/framing.h"
#include "store/hold_store.h"
#include "target.h"

namespace blo::fuzz {
namespace {

/// Messages come out as they went in, however the bytes are cut.
void run_frames(ByteView bytes) {
  const std::size_t portion = 1 + take_number(bytes, 1);
  const ByteView all = bytes;
  control::Deframer deframer(limits::kControlFrameBytesMax);
  Bytes framed;
  while (!bytes.empty()) {
    deframer.feed(take(bytes, portion));
    for (;;) {
      const auto message = deframer.next();
      if (!message) return;
      if (!*message) break;
      append(framed, control::frame(**message).value());
    }
  }
  BLO_CHECK(framed.size() <= all.size() && equal(framed, all.first(framed.size())));
}

void run_path(std::string_view path) {
  std::string joined;
  for (const std::string& part : control::export_path_parts(path)) {
    BLO_CHECK(!part.empty() && part.front() != '.' && part.find('/') == part.npos);
    joined += (joined.empty() ? "" : "/") + part;
  }
  BLO_CHECK(joined.empty() || (joined == path && path.size() <= 255));
}

void run_place(std::string_view text) {
  const auto key = store::HoldKey::parse(text);
  BLO_CHECK(!key || (key->text() == text && text.size() <= limits::kPageKeyBytesMax));
}

void run(ByteView bytes) {
  run_frames(bytes);
  run_path(as_text(bytes));
  run_place(as_text(bytes));
}

}  // namespace
}  // namespace blo::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  blo::fuzz::run({data, size});
  return 0;
}
