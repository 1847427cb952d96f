#include "identity/pem.h"

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
  auto bytes = take_block(label, text);
  if (bytes && !text.empty()) {
    crypto::wipe(*bytes);
    return malformed(label, "something follows its end");
  }
  return bytes;
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
