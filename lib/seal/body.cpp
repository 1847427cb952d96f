#include "seal/body.h"

#include <bit>

#include "base/limits.h"
#include "crypto/aead.h"

namespace blo::seal {
namespace {

constexpr std::size_t kHeaderBytes = 32 + 4;  // salt ‖ u32be length
constexpr crypto::XNonce kZeroNonce{};        // the key is used once

/// Padmé (Nikitin et al., PURBs, 2019): rounds up so that only the leading bits of a size show.
std::uint64_t padme(std::uint64_t size) {
  const auto exponent = static_cast<unsigned>(std::bit_width(size)) - 1U;
  const auto mantissa = static_cast<unsigned>(std::bit_width(exponent));
  const std::uint64_t mask = (std::uint64_t{1} << (exponent - mantissa)) - 1;
  return (size + mask) & ~mask;
}

}  // namespace

crypto::Hash commit_to_content(const Salt& salt, ByteView content) {
  static constexpr char kPrefix[] = "blo/content/v1";  // its terminating zero is hashed, too
  return crypto::sha256({as_bytes({kPrefix, sizeof kPrefix}), salt, content});
}

std::uint64_t padded_bytes(std::size_t content_bytes) {
  return padme(kHeaderBytes + content_bytes);
}

std::uint64_t sealed_bytes(std::uint64_t padded_bytes) { return padded_bytes + limits::kTagBytes; }

Bytes seal_body(const crypto::Key& content_key, ByteView bound, const Salt& salt,
                ByteView content) {
  BLO_CHECK(content.size() <= limits::kContentBytesMax);
  Bytes plain;
  plain.reserve(padded_bytes(content.size()));
  append(plain, salt);
  append_be(plain, static_cast<std::uint32_t>(content.size()));
  append(plain, content);
  plain.resize(padded_bytes(content.size()));
  Bytes body = crypto::seal_xchacha(content_key, kZeroNonce, bound, plain);
  crypto::wipe(plain);
  return body;
}

Result<Opened> open_body(const crypto::Key& content_key, ByteView bound, ByteView body) {
  auto plain = crypto::open_xchacha(content_key, kZeroNonce, bound, body);
  if (!plain) return SealError::kUnopenable;
  if (plain->size() < kHeaderBytes) return SealError::kMalformed;
  const auto content_bytes = read_be<std::uint32_t>(ByteView(*plain).subspan(32));
  if (content_bytes > limits::kContentBytesMax || plain->size() != padded_bytes(content_bytes)) {
    return SealError::kMalformed;
  }
  const auto rest = ByteView(*plain).subspan(kHeaderBytes);
  if (std::ranges::any_of(rest.subspan(content_bytes), [](Byte byte) { return byte != 0; })) {
    return SealError::kMalformed;
  }
  Opened opened;
  std::copy_n(plain->begin(), opened.salt.size(), opened.salt.begin());
  opened.content = to_bytes(rest.first(content_bytes));
  crypto::wipe(*plain);
  return opened;
}

}  // namespace blo::seal
