#include "identity/passphrase.h"

#include <unicode/unorm2.h>
#include <unicode/ustring.h>

#include <algorithm>

#include "base/utf8.h"
#include "crypto/secret.h"

namespace blo::identity {
namespace {

/// Units of UTF-16, wiped when they go.
class Units {
 public:
  explicit Units(std::size_t size) : units_(size) {}
  Units(const Units&) = delete;
  Units& operator=(const Units&) = delete;
  ~Units() {
    crypto::wipe(std::span(reinterpret_cast<Byte*>(units_.data()), units_.size() * sizeof(UChar)));
  }
  UChar* data() { return units_.data(); }
  [[nodiscard]] int32_t size() const { return static_cast<int32_t>(units_.size()); }

 private:
  std::vector<UChar> units_;
};

/// Text composes to at most three times its units (Unicode's stability policy for NFC), and a unit
/// is at most three bytes.
constexpr std::size_t kGrows = 3;

/// Empty where it cannot be composed.
Bytes composed(ByteView text) {
  UErrorCode failed = U_ZERO_ERROR;
  Units wide(text.size() + 1);
  int32_t length = 0;
  u_strFromUTF8(wide.data(), wide.size(), &length, reinterpret_cast<const char*>(text.data()),
                static_cast<int32_t>(text.size()), &failed);
  Units nfc(kGrows * text.size() + 1);
  const UNormalizer2* normalizer = unorm2_getNFCInstance(&failed);
  const auto units =
      unorm2_normalize(normalizer, wide.data(), length, nfc.data(), nfc.size(), &failed);
  Bytes bytes(kGrows * static_cast<std::size_t>(std::max(units, 0)) + 1);
  int32_t written = 0;
  u_strToUTF8(reinterpret_cast<char*>(bytes.data()), static_cast<int32_t>(bytes.size()), &written,
              nfc.data(), units, &failed);
  bytes.resize(U_FAILURE(failed) ? 0 : static_cast<std::size_t>(written));
  return bytes;
}

bool is_line_end(Byte byte) { return byte == '\n' || byte == '\r'; }

}  // namespace

Bytes canonical_passphrase(Bytes given) {
  constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
  ByteView text = given;
  if (as_text(text).starts_with(kByteOrderMark)) text = text.subspan(kByteOrderMark.size());
  while (!text.empty() && is_line_end(text.back())) text = text.first(text.size() - 1);
  const bool ascii = std::ranges::all_of(text, [](Byte byte) { return byte < 0x80; });
  Bytes canonical = ascii || !is_utf8(as_text(text)) ? Bytes() : composed(text);
  if (canonical.empty()) canonical = to_bytes(text);
  crypto::wipe(given);
  return canonical;
}

}  // namespace blo::identity
