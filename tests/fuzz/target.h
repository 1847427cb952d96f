// Fuzz targets: each hands bytes from outside to what reads them, and checks what must then hold.
#ifndef BLO_TESTS_FUZZ_TARGET_H
#define BLO_TESTS_FUZZ_TARGET_H

#include <vector>

#include "base/check.h"
#include "identity/certificate.h"

/// libFuzzer's door, and replay.cpp's. A broken promise aborts.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace blo::fuzz {

/// The authorities of tests/bundles: of UZ and TJ.
[[nodiscard]] const std::vector<identity::Certificate>& trusted();
/// The certificates of live/UZ-OYBEK/TJ-FOTEHOBOD/1 in tests/bundles: authority, office, journal,
/// and the counterpart's authority and office.
[[nodiscard]] const std::vector<identity::Certificate>& certificates();

/// Takes `count` bytes off the front, or as many as there are.
[[nodiscard]] ByteView take(ByteView& bytes, std::size_t count);
/// A big-endian number; where bytes are missing they are zero.
[[nodiscard]] std::uint64_t take_number(ByteView& bytes, std::size_t width);

/// Everything a Verdict says is printable ASCII, whatever was verified.
[[nodiscard]] bool is_printable(std::string_view text);

}  // namespace blo::fuzz

#endif
