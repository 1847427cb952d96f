#include "session/noise.h"

#include <catch2/catch.hpp>
#include <fstream>
#include <limits>
#include <nlohmann/json.hpp>

#include "base/hex.h"
#include "session_pair.h"

namespace blo::session {
namespace {

using nlohmann::json;

json vectors(const std::string& file) {
  std::ifstream stream(BLO_VECTORS "/noise/" + file);
  REQUIRE(stream);
  return json::parse(stream);
}

Bytes hex(const json& text) { return from_hex(text.get<std::string>()).value(); }
crypto::Key key(const json& text) { return crypto::Key(ByteView(hex(text))); }

crypto::DhPublic public_key(const json& text) {
  crypto::DhPublic out;
  REQUIRE(copy_exact(hex(text), out));
  return out;
}

crypto::DhKeyPair pair(const json& secret) { return crypto::DhKeyPair::from_secret(key(secret)); }

void check_transport(const json& messages, Established& initiator, Established& responder) {
  for (std::size_t i = 3; i < messages.size(); ++i) {
    const bool from_responder = i % 2 == 1;
    Established& from = from_responder ? responder : initiator;
    Established& to = from_responder ? initiator : responder;
    const Bytes payload = hex(messages[i]["payload"]);
    const auto sealed = from.send.encrypt({}, payload);
    REQUIRE(ok(sealed));
    CHECK(*sealed == hex(messages[i]["ciphertext"]));
    const auto opened = to.receive.decrypt({}, *sealed);
    REQUIRE(ok(opened));
    CHECK(*opened == payload);
  }
}

TEST_CASE("the published XKpsk3 handshake is reproduced byte for byte") {
  int run = 0;
  const json file = vectors("noise-cacophony.json");
  for (const json& vector : file["vectors"]) {
    if (vector["protocol_name"] != "Noise_XKpsk3_25519_ChaChaPoly_BLAKE2b") continue;
    ++run;
    const json& messages = vector["messages"];
    Initiator initiator(hex(vector["init_prologue"]), pair(vector["init_static"]),
                        public_key(vector["init_remote_static"]), key(vector["init_psks"][0]),
                        pair(vector["init_ephemeral"]));
    Responder responder(hex(vector["resp_prologue"]), pair(vector["resp_static"]),
                        pair(vector["resp_ephemeral"]));

    const auto first = initiator.write_message_1(hex(messages[0]["payload"]));
    REQUIRE(ok(first));
    CHECK(*first == hex(messages[0]["ciphertext"]));
    CHECK(responder.read_message_1(*first).value() == hex(messages[0]["payload"]));
    const auto second = responder.write_message_2(hex(messages[1]["payload"]));
    REQUIRE(ok(second));
    CHECK(*second == hex(messages[1]["ciphertext"]));
    CHECK(initiator.read_message_2(*second).value() == hex(messages[1]["payload"]));
    const auto third = initiator.write_message_3(hex(messages[2]["payload"]));
    REQUIRE(ok(third));
    CHECK(*third == hex(messages[2]["ciphertext"]));

    crypto::DhPublic asked{};
    const auto lookup = [&](const crypto::DhPublic& caller) {
      asked = caller;
      std::vector<crypto::Key> psks;
      psks.push_back(key(vector["resp_psks"][0]));
      return psks;
    };
    CHECK(responder.read_message_3(*third, lookup).value() == hex(messages[2]["payload"]));
    CHECK(asked == pair(vector["init_static"]).public_key);

    Established at_initiator = initiator.finish();
    Established at_responder = responder.finish();
    CHECK(to_bytes(ByteView(at_initiator.handshake_hash)) == hex(vector["handshake_hash"]));
    CHECK(at_responder.handshake_hash == at_initiator.handshake_hash);
    CHECK(at_responder.peer == asked);
    CHECK(at_initiator.peer == public_key(vector["init_remote_static"]));
    check_transport(messages, at_initiator, at_responder);
  }
  CHECK(run == 1);
}

TEST_CASE("rekeying follows the published chains") {
  int steps = 0;
  const json file = vectors("rekey-chachapoly-generated.json");
  for (const json& chain : file["chains"]) {
    CipherState cipher(key(chain[0]), 7);
    for (std::size_t i = 1; i < chain.size(); ++i, ++steps) {
      cipher.rekey();
      CHECK(cipher.key() == key(chain[i]));
      CHECK(cipher.counter() == 7);
    }
  }
  CHECK(steps == 9);
}

TEST_CASE("the last value of a counter is never used") {
  constexpr auto kLast = std::numeric_limits<std::uint64_t>::max();
  const Bytes plaintext{1, 2, 3};
  CipherState sending(crypto::Key(), kLast - 1);
  CipherState receiving(crypto::Key(), kLast - 1);
  const auto sealed = sending.encrypt({}, plaintext);
  REQUIRE(ok(sealed));
  CHECK(receiving.decrypt({}, *sealed).value() == plaintext);
  CHECK(sending.counter() == kLast);
  CHECK(sending.encrypt({}, plaintext).error() == SessionError::kExhausted);
  CHECK(receiving.decrypt({}, *sealed).error() == SessionError::kExhausted);
}

TEST_CASE("a failed decryption leaves the counter and the next message in order") {
  const Bytes plaintext{1, 2, 3};
  CipherState sending((crypto::Key()));
  CipherState receiving((crypto::Key()));
  const Bytes sealed = sending.encrypt({}, plaintext).value();
  Bytes broken = sealed;
  broken[0] ^= 1;
  CHECK(receiving.decrypt({}, broken).error() == SessionError::kCiphertext);
  CHECK(receiving.decrypt({}, Bytes(3)).error() == SessionError::kCiphertext);
  CHECK(receiving.decrypt(Bytes{1}, sealed).error() == SessionError::kCiphertext);
  CHECK(receiving.counter() == 0);
  CHECK(receiving.decrypt({}, sealed).value() == plaintext);
  CHECK(receiving.counter() == 1);
}

TEST_CASE("handshake messages shorter than their keys and tags are refused") {
  const auto own = crypto::DhKeyPair::generate();
  Responder responder({}, own);
  CHECK(responder.read_message_1(Bytes(kMessage1Bytes - 1, 9)).error() == SessionError::kHandshake);
  Initiator initiator({}, crypto::DhKeyPair::generate(), own.public_key, crypto::Key());
  REQUIRE(ok(initiator.write_message_1({})));
  CHECK(initiator.read_message_2(Bytes(kMessage2Bytes - 1, 9)).error() == SessionError::kHandshake);
}

TEST_CASE("the prologue separates its parts") {
  CHECK(session_prologue("live", "TJ-FOTEHOBOD") ==
        to_bytes(std::string_view("blo/1\0live\0TJ-FOTEHOBOD", 23)));
}

}  // namespace
}  // namespace blo::session
