#include "target.h"

#include <algorithm>

#include "base/file.h"
#include "base/limits.h"
#include "crypto/secret.h"
#include "identity/pem.h"

namespace blo::fuzz {
namespace {

constexpr char kJournal[] = "/valid-both-directions/live_UZ-OYBEK_TJ-FOTEHOBOD_1/";

std::vector<identity::Certificate> read_certificates(const std::string& path) {
  BLO_CHECK(crypto::initialise());
  const auto text = read_file(BLO_BUNDLES + path, limits::kSmallFileBytesMax);
  BLO_CHECK(text.has_value());
  const auto blocks = identity::all_from_pem(identity::kCertificateLabel, as_text(*text));
  BLO_CHECK(blocks.has_value());
  std::vector<identity::Certificate> certificates;
  for (const Bytes& block : *blocks) {
    auto certificate = identity::Certificate::parse(block);
    BLO_CHECK(certificate.has_value());
    certificates.push_back(std::move(*certificate));
  }
  return certificates;
}

}  // namespace

const std::vector<identity::Certificate>& trusted() {
  static const std::vector<identity::Certificate> authorities = [] {
    auto both = read_certificates("/UZ.pem");
    both.push_back(read_certificates("/TJ.pem").front());
    return both;
  }();
  return authorities;
}

const std::vector<identity::Certificate>& certificates() {
  static const auto all = read_certificates(kJournal + std::string("certificates.pem"));
  return all;
}

ByteView take(ByteView& bytes, std::size_t count) {
  const ByteView taken = bytes.first(std::min(count, bytes.size()));
  bytes = bytes.subspan(taken.size());
  return taken;
}

std::uint64_t take_number(ByteView& bytes, std::size_t width) {
  std::uint64_t number = 0;
  const ByteView taken = take(bytes, width);
  for (std::size_t i = 0; i < width; ++i)
    number = number << 8U | (i < taken.size() ? taken[i] : Byte{0});
  return number;
}

bool is_printable(std::string_view text) {
  return std::ranges::all_of(text, [](char c) { return c >= 0x20 && c < 0x7F; });
}

}  // namespace blo::fuzz
