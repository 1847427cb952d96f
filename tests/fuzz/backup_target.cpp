// A backup's header and its recipient's armour; and a byte for the size of the portions, then what
// stands inside a backup.
#include "backup/header.h"
#include "backup/parts.h"
#include "target.h"

namespace blo::fuzz {
namespace {

void run_parts(ByteView bytes) {
  const std::size_t portion = 1 + take_number(bytes, 1);
  const std::size_t size = bytes.size();
  std::size_t given = 0;
  backup::PartReader reader({[&](std::string_view, ByteView whole) {
                               given += whole.size();
                               return Result<void>();
                             },
                             [&](ByteView piece) {
                               given += piece.size();
                               return Result<void>();
                             }});
  while (!bytes.empty()) {
    if (!reader.feed(take(bytes, portion))) return;
  }
  BLO_CHECK(given <= size);
  if (reader.finish()) BLO_CHECK(size > 0);
}

void run(ByteView bytes) {
  const auto header = backup::Header::parse(bytes);
  if (header) {
    BLO_CHECK(as_text(bytes).starts_with(header->text()));
    BLO_CHECK(header->text().size() <= backup::kHeaderBytesMax);
  }
  const auto recipient = backup::Recipient::parse_pem(as_text(bytes));
  if (recipient) BLO_CHECK(backup::Recipient::parse_pem(recipient->pem()).has_value());
  run_parts(bytes);
}

}  // namespace
}  // namespace blo::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  blo::fuzz::run({data, size});
  return 0;
}
