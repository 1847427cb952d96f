// The example in docs/format/control.md, derived again.
#include <catch2/catch.hpp>
#include <fstream>
#include <sstream>

#include "base/hex.h"
#include "control/framing.h"
#include "crypto/sign.h"

namespace blo::control {
namespace {

/// The fenced block after "example: a first request".
std::string example() {
  std::ifstream stream(BLO_DOCS "/format/control.md");
  std::stringstream text;
  text << stream.rdbuf();
  const std::string marker = "\nexample: a first request\n\n```\n";
  const auto start = text.str().find(marker);
  REQUIRE(start != std::string::npos);
  const auto from = start + marker.size();
  return text.str().substr(from, text.str().find("```", from) - from);
}

void add_line(std::string& lines, const std::string& name, ByteView value) {
  constexpr std::size_t kNameWidth = 18;
  lines += name + std::string(kNameWidth - name.size(), ' ');
  const std::string hex = to_hex(value);
  for (std::size_t at = 0; at < hex.size(); at += 64) {
    if (at > 0) lines += std::string(kNameWidth, ' ');
    lines += hex.substr(at, 64) + "\n";
  }
}

/// A protobuf field of bytes shorter than 128.
void add_field(Bytes& message, Byte number, ByteView value) {
  message.push_back(static_cast<Byte>((unsigned{number} << 3U) | 2U));
  message.push_back(static_cast<Byte>(value.size()));
  append(message, value);
}

TEST_CASE("the example in the format's description is what the code does") {
  Bytes seed;
  for (Byte i = 0; i < 32; ++i) seed.push_back(i);
  const auto officer = crypto::SigningKey::from_seed(crypto::Key(ByteView(seed)));
  const Bytes nonce(32, 0x11);
  const Bytes request = *from_hex("0a00");

  Bytes greeting = *from_hex("0801");
  add_field(greeting, 2, as_bytes("UZ-OYBEK"));
  append(greeting, ByteView(*from_hex("1802")));
  add_field(greeting, 4, nonce);
  const Bytes to_sign = request_bytes(nonce, 0, "UZ-OYBEK", crypto::sha256(request));
  const auto signature = crypto::sign(crypto::Purpose::kControlRequest, officer, {to_sign});
  Bytes signed_request;
  add_field(signed_request, 1, request);
  add_field(signed_request, 2, Bytes(32, 0x33));
  add_field(signed_request, 3, signature);

  std::string lines;
  add_line(lines, "greeting", frame(greeting).value());
  add_line(lines, "request", request);
  add_line(lines, "signed bytes", to_sign);
  add_line(lines, "public key", officer.verify_key().bytes());
  add_line(lines, "fingerprint", Bytes(32, 0x33));
  add_line(lines, "signature", signature);
  add_line(lines, "signed request", frame(signed_request).value());
  CHECK(example() == lines);
}

}  // namespace
}  // namespace blo::control
