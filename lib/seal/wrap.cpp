#include "seal/wrap.h"

#include "crypto/aead.h"
#include "crypto/random.h"

namespace blo::seal {

Bytes wrap(const crypto::Key& store_key, ByteView place, ByteView secret) {
  const auto nonce = crypto::random_array<24>();
  Bytes wrapped(nonce.begin(), nonce.end());
  append(wrapped, crypto::seal_xchacha(store_key, nonce, place, secret));
  return wrapped;
}

Result<Bytes> unwrap(const crypto::Key& store_key, ByteView place, ByteView wrapped) {
  crypto::XNonce nonce;
  if (wrapped.size() < nonce.size()) return SealError::kMalformed;
  std::copy_n(wrapped.begin(), nonce.size(), nonce.begin());
  auto secret = crypto::open_xchacha(store_key, nonce, place, wrapped.subspan(nonce.size()));
  if (!secret) return SealError::kUnopenable;
  return std::move(*secret);
}

}  // namespace blo::seal
