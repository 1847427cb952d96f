// Identity messages written by hand, field by field, so that tests can write what the library never
// would.
#ifndef BLO_TESTS_UNIT_IDENTITY_RAW_H
#define BLO_TESTS_UNIT_IDENTITY_RAW_H

#include "crypto/sign.h"

namespace blo::identity::test {

/// A protobuf writer that knows fields and nothing else.
class Raw {
 public:
  Raw& varint(unsigned field, std::uint64_t value) {
    put(field << 3U);
    put(value);
    return *this;
  }
  Raw& bytes(unsigned field, ByteView value) {
    put(field << 3U | 2U);
    put(value.size());
    append(bytes_, value);
    return *this;
  }
  Raw& text(unsigned field, std::string_view value) { return bytes(field, as_bytes(value)); }
  [[nodiscard]] const Bytes& done() const { return bytes_; }

 private:
  void put(std::uint64_t value) {
    for (; value >= 0x80; value >>= 7U) bytes_.push_back(static_cast<Byte>(value | 0x80U));
    bytes_.push_back(static_cast<Byte>(value));
  }
  Bytes bytes_;
};

/// CertificateDetails, any field of which may be wrong. Zero and empty fields are left out, as
/// the canonical form wants it.
struct RawDetails {
  std::uint64_t version = 1;
  std::uint64_t kind = 2;
  std::uint64_t network = 2;
  std::string subject = "UZ-OYBEK";
  std::uint64_t statement = 1;
  std::vector<std::pair<std::uint64_t, Bytes>> keys;
  std::uint64_t not_before_s = 1'704'067'200;
  std::uint64_t not_after_s = 1'861'920'000;
  Bytes issuer;
  std::uint64_t person = 0;
  Bytes roles;  // each below 128: its own varint
  Bytes name_commitment;
  Bytes tail;  // after everything else

  [[nodiscard]] Bytes encode() const {
    Raw raw;
    const auto number = [&raw](unsigned field, std::uint64_t value) {
      if (value != 0) raw.varint(field, value);
    };
    const auto some = [&raw](unsigned field, ByteView value) {
      if (!value.empty()) raw.bytes(field, value);
    };
    number(1, version);
    number(2, kind);
    number(3, network);
    some(4, as_bytes(subject));
    number(5, statement);
    for (const auto& [use, key] : keys) {
      Raw one;
      if (use != 0) one.varint(1, use);
      if (!key.empty()) one.bytes(2, key);
      raw.bytes(6, one.done());
    }
    number(7, not_before_s);
    number(8, not_after_s);
    some(9, issuer);
    number(10, person);
    some(11, roles);
    some(12, name_commitment);
    Bytes bytes = raw.done();
    append(bytes, tail);
    return bytes;
  }
};

/// `{ details, signature }` signed for `purpose`.
inline Bytes sign_raw_details(crypto::Purpose purpose, const crypto::SigningKey& key,
                              ByteView details) {
  const auto signature = crypto::sign(purpose, key, {details});
  return Raw().bytes(1, details).bytes(2, signature).done();
}

}  // namespace blo::identity::test

#endif
