// The example in docs/format/session.md, derived again.
#include <catch2/catch.hpp>
#include <fstream>
#include <sstream>

#include "base/hex.h"
#include "session/frame.h"
#include "session_pair.h"

namespace blo::session {
namespace {

/// What stands in the fenced block after the line "example: `name`".
std::string example(const std::string& name) {
  std::ifstream stream(BLO_DOCS "/format/session.md");
  std::stringstream text;
  text << stream.rdbuf();
  const std::string marker = "\nexample: " + name + "\n\n```\n";
  const auto start = text.str().find(marker);
  REQUIRE(start != std::string::npos);
  const auto from = start + marker.size();
  const auto end = text.str().find("```", from);
  REQUIRE(end != std::string::npos);
  return text.str().substr(from, end - from);
}

class Lines {
 public:
  void add(const std::string& name, ByteView value) {
    text_ += name + std::string(28 - name.size(), ' ');
    const std::string hex = to_hex(value);
    for (std::size_t at = 0; at < hex.size(); at += 64) {
      if (at > 0) text_ += std::string(28, ' ');
      text_ += hex.substr(at, 64) + "\n";
    }
  }
  void add_framed(const std::string& name, ByteView message) {
    Bytes framed;
    append_framed(framed, message);
    add(name, framed);
  }
  [[nodiscard]] const std::string& text() const { return text_; }

 private:
  std::string text_;
};

crypto::DhKeyPair counting_pair(Byte first) {
  Bytes secret;
  for (Byte i = 0; i < 32; ++i) secret.push_back(static_cast<Byte>(first + i));
  return crypto::DhKeyPair::from_secret(crypto::Key(ByteView(secret)));
}

TEST_CASE("the example in the format's description is what the code does") {
  const auto initiator_static = counting_pair(0x00);
  const auto responder_static = counting_pair(0x20);
  const auto initiator_ephemeral = counting_pair(0x40);
  const auto responder_ephemeral = counting_pair(0x60);
  const auto psk = counting_pair(0x80).secret.clone();
  const Bytes prologue = session_prologue("live", "TJ-FOTEHOBOD");

  Lines lines;
  lines.add("prologue", prologue);
  lines.add("initiator static secret", initiator_static.secret.view());
  lines.add("initiator static public", initiator_static.public_key);
  lines.add("initiator ephemeral secret", initiator_ephemeral.secret.view());
  lines.add("responder static secret", responder_static.secret.view());
  lines.add("responder static public", responder_static.public_key);
  lines.add("responder ephemeral secret", responder_ephemeral.secret.view());
  lines.add("psk", psk.view());

  Initiator initiator(prologue, initiator_static, responder_static.public_key, psk,
                      initiator_ephemeral.clone());
  Responder responder(prologue, responder_static, responder_ephemeral.clone());
  const Bytes first = initiator.write_message_1({}).value();
  REQUIRE(ok(responder.read_message_1(first)));
  const Bytes second = responder.write_message_2({}).value();
  REQUIRE(ok(initiator.read_message_2(second)));
  const Bytes third = initiator.write_message_3({}).value();
  const auto lookup = [&psk](const crypto::DhPublic&) {
    std::vector<crypto::Key> psks;
    psks.push_back(psk.clone());
    return psks;
  };
  REQUIRE(ok(responder.read_message_3(third, lookup)));
  lines.add_framed("stream message 1", first);
  lines.add_framed("stream message 2", second);
  lines.add_framed("stream message 3", third);

  Established at_initiator = initiator.finish();
  Established at_responder = responder.finish();
  lines.add("handshake hash", at_initiator.handshake_hash);
  lines.add("key initiator to responder", at_initiator.send.key().view());
  lines.add("key responder to initiator", at_responder.send.key().view());

  const auto frame = [&lines](const std::string& number, std::string_view text, CipherState& from) {
    lines.add("frame " + number, as_bytes(text));
    lines.add_framed("stream frame " + number, from.encrypt({}, as_bytes(text)).value());
  };
  frame("1", "the next frame is under the next key", at_initiator.send);
  at_initiator.send.rekey();
  lines.add("key initiator to responder", at_initiator.send.key().view());
  frame("2", "as announced", at_initiator.send);
  frame("3", "from the responder", at_responder.send);
  CHECK(lines.text() == example("session-handshake"));
}

}  // namespace
}  // namespace blo::session
