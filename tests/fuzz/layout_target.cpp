// Which files belong to an export: size(8) receipt files(1), then a path.
#include "journal/export_layout.h"
#include "target.h"

namespace blo::fuzz {
namespace {

void run(ByteView bytes) {
  const std::uint64_t size = take_number(bytes, 8);
  const std::uint64_t receipts = take_number(bytes, 1);
  const std::string path = to_string(bytes);
  const auto origin = journal::parse_export_folder(path);
  if (origin) BLO_CHECK(journal::export_folder(*origin) == path);
  if (!journal::belongs_to_export(path, size, receipts)) return;
  BLO_CHECK(is_printable(path) && path.find("..") == path.npos && path.front() != '/');
  for (auto slash = path.find('/'); slash != path.npos; slash = path.find('/', slash + 1))
    BLO_CHECK(journal::may_lead_to_file(path.substr(0, slash)));
}

}  // namespace
}  // namespace blo::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  blo::fuzz::run({data, size});
  return 0;
}
