#include "forger.h"

#include "base/file.h"
#include "crypto/random.h"
#include "seal/body.h"

namespace blo::sim {
namespace {

struct Sealed {
  Bytes body;
  crypto::Key key;
};

/// What the forger's own store knows the leaf to be.
std::optional<journal::Record> record_in(ByteView leaf) {
  const auto entry = journal::Entry::parse(leaf);
  if (!entry || !std::holds_alternative<Bytes>(entry->what)) return std::nullopt;
  auto record = journal::parse_record(std::get<Bytes>(entry->what));
  return record ? std::optional(std::move(*record)) : std::nullopt;
}

std::uint64_t append(Node& node, ByteView leaf, std::uint32_t kind, const Sealed* sealed) {
  auto& store = node.office->store();
  auto& row = node.pair().sent->row;
  auto transaction = store.begin().value();
  const auto index = row.size();
  std::optional<MessageId> id;
  if (kind != 0) id = crypto::random_array<16>();  // not the one in the envelope
  const auto record = record_in(leaf);
  const auto appended = store.journals().append(row, leaf, journal::leaf_hash(leaf), {kind, id, {}},
                                                record ? &*record : nullptr);
  BLO_CHECK(appended.has_value());
  if (sealed != nullptr)
    BLO_CHECK(store.journals().put_body(row, index, sealed->body, sealed->key).has_value());
  BLO_CHECK(store.journals().save(row).has_value());
  BLO_CHECK(transaction.commit().has_value());
  if (node.end && node.end->peer) node.end->peer->pump(node.now);
  return index;
}

}  // namespace

std::uint64_t append_leaf(Node& node, ByteView leaf) { return append(node, leaf, 0, nullptr); }

MessageNumber append_message(Node& node, const std::string& text, const journal::Stamp& stamp) {
  const Bytes content = alert(text);
  const seal::Salt salt = crypto::sha256(as_bytes(text));
  const Bytes envelope = node.envelope_for(content, salt).encode();
  const auto signature = crypto::sign(crypto::Purpose::kEnvelope, node.kit.officer, {envelope});
  Sealed sealed{{}, crypto::random_key()};
  sealed.body = seal::seal_body(sealed.key, envelope, salt, content);
  const journal::Entry entry{stamp, journal::SignedEnvelope{envelope, signature, std::nullopt}};
  const Origin origin = node.pair().sent->row.origin;
  return {origin.from, origin.to, origin.generation, append(node, entry.encode(), 1, &sealed)};
}

std::uint64_t append_record(Node& node, const journal::Record& record,
                            const journal::Stamp& stamp) {
  return append_leaf(node, journal::Entry{stamp, journal::encode_record(record)}.encode());
}

journal::Stamp next_stamp(Node& node) {
  journal::Stamp stamp;
  stamp.time = std::max(node.now.wall, node.pair().sent->row.last_stamp.time);
  if (const auto& head = node.pair().received->head) {
    stamp.generation = head->checkpoint.origin.generation;
    stamp.size = head->checkpoint.size;
    stamp.root = head->checkpoint.root;
  }
  return stamp;
}

journal::Verdict audit(World& world, Node& node) {
  const Folder folder;
  const journal::FileSink sink = [&](const std::string& path, ByteView bytes) -> Result<void> {
    std::filesystem::create_directories((folder.path() / path).parent_path());
    return write_file(folder.path() / path, bytes, 0600, Overwrite::kYes);
  };
  auto made = office::ExportJob::begin(*node.office, node.pair(), sink).value();
  while (made.step().value()) {
  }
  return journal::verify_export(folder.path(), {world.a.kit.authority, world.b.kit.authority})
      .value();
}

std::vector<std::string_view> codes(const journal::Verdict& verdict) {
  std::vector<std::string_view> found;
  for (const auto& finding : verdict.findings) found.push_back(journal::to_string(finding.code));
  return found;
}

bool has_alarm(Node& node, std::string_view code) {
  const auto alarms = node.office->alarms().list(true).value();
  return std::ranges::any_of(alarms, [&](const auto& one) { return one.code == code; });
}

}  // namespace blo::sim
