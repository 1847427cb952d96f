#include "identity/pem.h"

#include <algorithm>

#include "crypto/base64.h"
#include "crypto/secret.h"

namespace blo::identity {
namespace {

constexpr std::size_t kLineChars = 64;

std::string begin_line(std::string_view label) {
  return "-----BEGIN " + std::string(label) + "-----\n";
}
std::string end_line(std::string_view label) { return "-----END " + std::string(label) + "-----"; }

void wipe_text(std::string& text) {
  crypto::wipe(std::span(reinterpret_cast<Byte*>(text.data()), text.size()));
}

Error malformed(std::string_view label, std::string_view why) {
  return {IdentityError::kMalformed, std::string(label) + " (" + std::string(why) + ")"};
}

/// Joins full lines and one last line of 1 to 64 characters, each ended by a newline. No block is
/// empty.
bool join_lines(std::string_view lines, std::string& joined) {
  joined.reserve(lines.size());
  while (!lines.empty()) {
    const auto end = lines.find('\n');
    if (end == lines.npos || end == 0 || end > kLineChars) return false;
    const bool last = end + 1 == lines.size();
    if (!last && end != kLineChars) return false;
    joined += lines.substr(0, end);
    lines.remove_prefix(end + 1);
  }
  return !joined.empty() && joined.size() % 4 == 0;
}

/// Takes one block off the front of `text`, and the newline after it.
Result<Bytes> take_block(std::string_view label, std::string_view& text) {
  const std::string begin = begin_line(label);
  const std::string end = end_line(label);
  if (!text.starts_with(begin)) return malformed(label, "it does not begin with its label");
  const auto at = text.find(end, begin.size());
  if (at == text.npos) return malformed(label, "its end is missing");
  std::string joined;  // of a key file this is the secret itself
  const bool lines_ok = join_lines(text.substr(begin.size(), at - begin.size()), joined);
  auto bytes = lines_ok ? crypto::from_base64(joined) : std::nullopt;
  wipe_text(joined);
  if (!bytes) return malformed(label, "not base64 in lines of 64");
  text.remove_prefix(at + end.size());
  if (!text.empty()) {
    if (text[0] != '\n') return malformed(label, "something follows its end");
    text.remove_prefix(1);
  }
  return std::move(*bytes);
}

/// Text that is wiped when it is no longer needed: of a key file it is the secret itself.
struct Wiped {
  Wiped() = default;
  Wiped(const Wiped&) = delete;
  Wiped& operator=(const Wiped&) = delete;
  Wiped(Wiped&&) = default;
  ~Wiped() { wipe_text(text); }
  std::string text;
};

/// Of UTF-16 with its byte order mark the ASCII in it, and `?` for the rest; nothing where it is
/// not UTF-16.
std::optional<Wiped> narrowed(std::string_view text) {
  const bool little = text.starts_with("\xFF\xFE");
  if (!little && !text.starts_with("\xFE\xFF")) return std::nullopt;
  Wiped narrow;
  narrow.text.reserve(text.size() / 2);
  for (std::size_t at = 2; at + 1 < text.size(); at += 2) {
    const char low = text[at + (little ? 0 : 1)];
    const char high = text[at + (little ? 1 : 0)];
    narrow.text += high == 0 && static_cast<unsigned char>(low) < 0x80U ? low : '?';
  }
  return narrow;
}

/// The next line without the blanks around it.
std::string_view take_line(std::string_view& text) {
  constexpr std::string_view kBlanks = " \t\r";
  const auto end = text.find('\n');
  auto line = text.substr(0, end);
  text = end == text.npos ? std::string_view() : text.substr(end + 1);
  const auto first = line.find_first_not_of(kBlanks);
  if (first == line.npos) return {};
  return line.substr(first, line.find_last_not_of(kBlanks) - first + 1);
}

/// Takes everything up to the label's line; false where there is none.
bool take_begin(std::string_view label, std::string_view& text) {
  const std::string begin = "-----BEGIN " + std::string(label) + "-----";
  while (!text.empty()) {
    if (take_line(text) == begin) return true;
  }
  return false;
}

/// "BLO PAIRING": of the first block, whatever it is; empty where there is none.
std::string_view label_in(std::string_view text) {
  constexpr std::string_view kBegin = "-----BEGIN ";
  constexpr std::string_view kEnd = "-----";
  constexpr std::size_t kLabelCharsMax = 40;
  while (!text.empty()) {
    auto line = take_line(text);
    if (!line.starts_with(kBegin) || !line.ends_with(kEnd)) continue;
    line.remove_prefix(kBegin.size());
    line.remove_suffix(std::min(line.size(), kEnd.size()));
    return line.substr(0, kLabelCharsMax);
  }
  return {};
}

Result<Bytes> from_lines(std::string_view label, std::string_view text) {
  const std::string_view whole = text;
  if (!take_begin(label, text)) {
    const auto other = label_in(whole);
    if (other.empty()) return malformed(label, "there is no such block in it");
    return malformed(label, "it is another kind of file: " + std::string(other));
  }
  const std::string end = end_line(label);
  Wiped joined;
  joined.text.reserve(text.size());
  for (;;) {
    if (text.empty()) return malformed(label, "its end is missing");
    const auto line = take_line(text);
    if (line == end) break;
    joined.text += line;
  }
  if (take_begin(label, text)) return malformed(label, "there are two in it");
  auto bytes = joined.text.empty() ? std::nullopt : crypto::from_base64(joined.text);
  if (!bytes) return malformed(label, "what it holds is damaged: not base64");
  return std::move(*bytes);
}

}  // namespace

std::string to_pem(std::string_view label, ByteView bytes) {
  std::string base64 = crypto::to_base64(bytes);
  const std::string begin = begin_line(label);
  const std::string end = end_line(label);
  std::string text;
  text.reserve(begin.size() + base64.size() + base64.size() / kLineChars + 1 + end.size() + 1);
  text += begin;
  for (std::size_t at = 0; at < base64.size(); at += kLineChars) {
    text += std::string_view(base64).substr(at, kLineChars);
    text += '\n';
  }
  text += end;
  text += '\n';
  wipe_text(base64);
  return text;
}

Result<Bytes> from_pem(std::string_view label, std::string_view text) {
  if (const auto narrow = narrowed(text)) return from_lines(label, narrow->text);
  constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
  if (text.starts_with(kByteOrderMark)) text.remove_prefix(kByteOrderMark.size());
  return from_lines(label, text);
}

Result<std::vector<Bytes>> all_from_pem(std::string_view label, std::string_view text) {
  std::vector<Bytes> blocks;
  while (!text.empty()) {
    auto bytes = take_block(label, text);
    if (!bytes) return bytes.error().within("block " + std::to_string(blocks.size() + 1));
    blocks.push_back(std::move(*bytes));
  }
  return blocks;
}

}  // namespace blo::identity
