#include "signer.h"

#include <optional>

#include "key_holder.h"

namespace blo::cli {
namespace {

class KeySigner final : public Signer {
 public:
  explicit KeySigner(crypto::SigningKey key) : key_(std::move(key)) {}

 private:
  Outcome<crypto::Signature> sign_bytes(crypto::Purpose purpose, ByteView bytes) override {
    return crypto::sign(purpose, key_, {bytes});
  }

  crypto::SigningKey key_;
};

class HolderSigner final : public Signer {
 public:
  HolderSigner(const KeyHolder& holder, crypto::VerifyKey verify_key,
               std::function<Outcome<crypto::SigningKey>()> open_key)
      : holder_(holder), verify_key_(verify_key), open_key_(std::move(open_key)) {}

 private:
  Outcome<crypto::Signature> sign_bytes(crypto::Purpose purpose, ByteView bytes) override {
    if (!key_) {
      const auto signature = holder_.sign(purpose, bytes);
      if (signature && crypto::verify(purpose, verify_key_, {bytes}, *signature)) return *signature;
      auto key = open_key_();
      if (!key) return key.error();
      key_ = std::move(*key);
    }
    return crypto::sign(purpose, *key_, {bytes});
  }

  KeyHolder holder_;
  crypto::VerifyKey verify_key_;
  std::function<Outcome<crypto::SigningKey>()> open_key_;
  std::optional<crypto::SigningKey> key_;
};

}  // namespace

Outcome<crypto::Signature> Signer::sign(crypto::Purpose purpose,
                                        std::initializer_list<ByteView> parts) {
  BLO_CHECK(purpose == crypto::Purpose::kEnvelope || purpose == crypto::Purpose::kControlRequest);
  Bytes bytes;
  for (const ByteView part : parts) append(bytes, part);
  return sign_bytes(purpose, bytes);
}

std::unique_ptr<Signer> sign_with(crypto::SigningKey key) {
  return std::make_unique<KeySigner>(std::move(key));
}

std::unique_ptr<Signer> sign_with(const KeyHolder& holder, crypto::VerifyKey verify_key,
                                  std::function<Outcome<crypto::SigningKey>()> open_key) {
  return std::make_unique<HolderSigner>(holder, verify_key, std::move(open_key));
}

}  // namespace blo::cli
