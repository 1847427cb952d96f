// What must not be found on the disk, nor on the line.
#include <catch2/catch.hpp>

#include "world.h"

namespace blo::sim {
namespace {

bool contains(ByteView haystack, ByteView needle) {
  return std::search(haystack.begin(), haystack.end(), needle.begin(), needle.end()) !=
         haystack.end();
}

/// Everything in the store's files and beside them.
Bytes whole_disk(const Node& node) {
  Bytes all;
  for (const auto& file : node.disk()) append(all, file);
  return all;
}

struct Secret {
  std::string name;
  Bytes bytes;
};

std::vector<Secret> secrets_of(Node& node) {
  auto& store = node.office->store();
  const auto pairing = store.pairings().secret(node.pair().row).value();
  return {{"content", to_bytes("PLANTED-CONTENT")},
          {"plate", to_bytes("01A123BC")},
          {"officer's name", to_bytes("PLANTED-NAME")},
          {"pairing secret", to_bytes(pairing.view())},
          {"Noise secret", to_bytes(identity::noise_psk(pairing).view())},
          {"store key", to_bytes(node.kit.ring.store_key().view())},
          {"journal seed", to_bytes(node.pair().sent->key->seed().view())},
          {"identity seed",
           to_bytes(node.kit.ring.signing_key(identity::KeyUse::kIdentity).seed().view())},
          {"transport secret",
           to_bytes(node.kit.ring.dh_key(identity::KeyUse::kTransport).secret.view())},
          {"officer's seed", to_bytes(node.kit.officer.seed().view())}};
}

/// The content keys of all messages the node holds.
std::vector<Secret> content_keys_of(Node& node) {
  std::vector<Secret> keys;
  for (const auto* row : {&node.pair().sent->row, &node.pair().received->row}) {
    for (std::uint64_t index = 0; index < row->size(); ++index) {
      const auto body = node.office->store().journals().body(*row, index).value();
      if (body.content_key) keys.push_back({"content key", to_bytes(body.content_key->view())});
    }
  }
  return keys;
}

void check_disk(Node& node) {
  const Bytes disk = whole_disk(node);
  // The search finds what is there: the counterpart's name is no secret.
  REQUIRE(contains(disk, as_bytes(node.pair().counterpart().text())));
  auto secrets = secrets_of(node);
  const auto keys = content_keys_of(node);
  REQUIRE(keys.size() >= 3);
  secrets.insert(secrets.end(), keys.begin(), keys.end());
  for (const auto& secret : secrets) {
    INFO(node.kit.id.text() << ": " << secret.name);
    CHECK_FALSE(contains(disk, secret.bytes));
  }
}

}  // namespace

TEST_CASE("no file of a store holds content or names or keys in the clear") {
  World world;
  world.connect();
  for (int i = 0; i < 5; ++i) {
    world.a.say("PLANTED-CONTENT from UZ " + std::to_string(i));
    world.b.say("PLANTED-CONTENT from TJ " + std::to_string(i));
    world.run();
  }
  for (Node* node : {&world.a, &world.b}) {
    check_disk(*node);  // with the write-ahead log as it is in use
    node->restart();
    check_disk(*node);  // and with everything moved into the database
  }
}

TEST_CASE("nothing on the line is in the clear") {
  World world;
  Bytes line;
  world.tapped = &line;
  world.connect();
  world.a.say("PLANTED-CONTENT");
  world.run();
  world.check_converged();
  REQUIRE(line.size() > 2000);
  auto& pair = world.a.pair();
  for (const Bytes& known :
       {to_bytes("PLANTED"), to_bytes("UZ-OYBEK"), to_bytes("TJ-FOTEHOBOD"),
        pair.ours.office.bytes(), to_bytes(ByteView(pair.sent->head->receipt.signature)),
        to_bytes(ByteView(world.a.kit.ring.dh_key(identity::KeyUse::kTransport).public_key))}) {
    CHECK_FALSE(contains(line, known));
  }
}

}  // namespace blo::sim
