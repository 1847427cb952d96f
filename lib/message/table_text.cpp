#include "message/table_text.h"

#include <unicode/ucnv.h>
#include <unicode/ustring.h>

#include <memory>
#include <vector>

#include "base/utf8.h"
#include "message/error.h"

namespace blo::message {
namespace {

using Converter = std::unique_ptr<UConverter, decltype(&ucnv_close)>;

/// Nothing where a byte stands for nothing in it.
std::optional<std::string> decode(std::string_view bytes, const char* encoding) {
  UErrorCode failed = U_ZERO_ERROR;
  const Converter converter(ucnv_open(encoding, &failed), &ucnv_close);
  if (U_FAILURE(failed)) return std::nullopt;
  ucnv_setToUCallBack(converter.get(), UCNV_TO_U_CALLBACK_STOP, nullptr, nullptr, nullptr, &failed);
  // A byte is one unit of UTF-16 at most, and that three bytes of UTF-8.
  std::vector<UChar> units(bytes.size() + 1);
  const auto length =
      ucnv_toUChars(converter.get(), units.data(), static_cast<int32_t>(units.size()), bytes.data(),
                    static_cast<int32_t>(bytes.size()), &failed);
  if (U_FAILURE(failed)) return std::nullopt;
  std::string text(3 * static_cast<std::size_t>(length), '\0');
  int32_t written = 0;
  u_strToUTF8(text.data(), static_cast<int32_t>(text.size()), &written, units.data(), length,
              &failed);
  if (U_FAILURE(failed)) return std::nullopt;
  text.resize(static_cast<std::size_t>(written));
  return text;
}

// Byte order marks.
constexpr std::string_view kUtf8 = "\xEF\xBB\xBF";
constexpr std::string_view kLittle = "\xFF\xFE";
constexpr std::string_view kBig = "\xFE\xFF";

bool is_utf16(std::string_view bytes) {
  return bytes.starts_with(kLittle) || bytes.starts_with(kBig);
}

Error malformed(const std::string& what) { return {MessageError::kMalformed, what}; }

Result<std::string> from_unicode(std::string_view bytes) {
  if (is_utf16(bytes)) {
    const char* encoding = bytes.starts_with(kLittle) ? "UTF-16LE" : "UTF-16BE";
    auto text = decode(bytes.substr(kLittle.size()), encoding);
    if (!text) return malformed("the file begins as UTF-16 and is not");
    return *std::move(text);
  }
  if (bytes.starts_with(kUtf8)) bytes.remove_prefix(kUtf8.size());
  if (is_utf8(bytes)) return std::string(bytes);
  return malformed(
      "the file is not UTF-8. In Excel choose File, Save As, and the type \"CSV UTF-8 (Comma "
      "delimited)\"; one that Windows in Russian saved as plain \"CSV\" is read with --encoding "
      "windows-1251");
}

}  // namespace

Result<std::string> table_text(std::string_view bytes, TableEncoding encoding) {
  if (encoding == TableEncoding::kUnicode) return from_unicode(bytes);
  // Read by the wrong one it would be nonsense that nobody notices.
  if (is_utf8(bytes) || is_utf16(bytes))
    return malformed("the file is Unicode and not windows-1251: leave --encoding out");
  auto text = decode(bytes, "windows-1251");
  if (!text) return malformed("the file is not windows-1251");
  return *std::move(text);
}

}  // namespace blo::message
