// Every example in docs/format/body.md, derived anew.
#include "../page.h"
#include "crypto/aead.h"
#include "seal/body.h"
#include "seal/wrap.h"

namespace blo::seal {

using test::counting;
using test::hex_lines;

TEST_CASE("the examples of body.md are right") {
  const test::Page page("body.md");
  CHECK(page.count() == 6);
  const Bytes content = to_bytes("vehicle 01A123BC");
  const crypto::Key content_key{ByteView(counting(0x00, 32))};
  Salt salt;
  REQUIRE(copy_exact(counting(0x20, 32), salt));
  CHECK(page.example("content") == hex_lines(content));
  CHECK(page.example("commitment") == hex_lines(commit_to_content(salt, content)));

  const ByteView envelope = as_bytes("the envelope's bytes");
  const Bytes body = seal_body(content_key, envelope, salt, content);
  const auto plain = crypto::open_xchacha(content_key, crypto::XNonce{}, envelope, body);
  REQUIRE(plain.has_value());
  CHECK(page.example("plaintext") == hex_lines(*plain));
  CHECK(page.example("body") == hex_lines(body));

  std::string table;
  for (const std::size_t size : {0U, 1U, 4U, 5U, 100U, 1000U, 1500U, 5000U, 65536U, 262144U})
    table += std::to_string(size) + " " + std::to_string(padded_bytes(size)) + "\n";
  CHECK(page.example("padded-sizes") == table);

  const crypto::Key store_key{ByteView(counting(0x40, 32))};
  crypto::XNonce nonce;
  REQUIRE(copy_exact(counting(0x60, 24), nonce));
  Bytes place = to_bytes("content-key");
  place.push_back(0);
  append_be(place, (std::uint64_t{2} << 40U) | 17U);
  Bytes wrapped = to_bytes(ByteView(nonce));
  append(wrapped, crypto::seal_xchacha(store_key, nonce, place, content_key.view()));
  CHECK(page.example("wrapped-key") == hex_lines(wrapped));
  CHECK(equal(unwrap(store_key, place, wrapped).value(), content_key.view()));
}

}  // namespace blo::seal
