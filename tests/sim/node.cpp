#include "node.h"

#include "base/file.h"
#include "journal/opened.h"
#include "message/alert.h"

namespace blo::sim {
namespace {

constexpr std::size_t kStoreBytesMax = 64U << 20U;

}  // namespace

Bytes alert(const std::string& text) {
  message::AlertFlags flags;
  flags.vehicles = {"01A123BC/UZ"};
  flags.reason = text;
  flags.action = "stop and search";
  return message::alert_from_flags(flags).value();
}

void End::send_frame(ByteView plaintext) {
  auto frame = sync::parse_frame(plaintext).value();
  if (meddle) meddle(frame);
  if (trace != nullptr) trace->push_back({true, peer->state(), frame});
  // A full queue ends the session; the world sees that.
  static_cast<void>(session.send(sync::encode_frame(frame)));
  ++frames_under_key_;
}

void End::rekey_sending() {
  session.rekey_sending(clock_);
  frames_under_key_ = 0;
  ++rekeys;
}

void End::rekey_receiving() { session.rekey_receiving(); }

bool End::rekey_due(SteadyTime now) const {
  return session.rekey_due(now) || frames_under_key_ >= rekey_after_frames;
}

Node::Node(const std::string& name, const std::filesystem::path& folder, Now& clock)
    : kit(name), now(clock), path(folder / (name + ".db")) {
  open();
}

void Node::open() {
  office = office::Office::open(kit.keys(), path).value();
  office->clock().set_in_step(in_step);
  office->set_own_addresses(own);
}

void Node::set_in_step(bool kept) {
  in_step = kept;
  office->clock().set_in_step(kept);
}

void Node::arrived(const office::Pair& from, std::uint64_t first, std::uint64_t last) {
  const std::uint64_t generation = from.received->row.origin.generation;
  arrivals.emplace_back((generation << 40U) + first, (generation << 40U) + last);
}

void Node::receipted(const office::Pair&, const office::ReceiptedHead&) {}

office::MessageView Node::show(const MessageNumber& number) {
  return office::show_message(*office, number).value();
}

journal::Envelope Node::envelope_for(const Bytes& content, const seal::Salt& salt) {
  MessageId id{};
  const Bytes time = [&] {
    Bytes bytes;
    append_be(bytes, to_unix_ms(now.wall));
    return bytes;
  }();
  std::copy_n(time.begin() + 2, 6, id.begin());
  const auto hash = crypto::sha256(as_bytes(kit.id.text() + std::to_string(next_message_++)));
  std::copy_n(hash.begin(), 10, id.begin() + 6);
  journal::Envelope envelope{kNetwork,
                             id,
                             kit.id,
                             pair().counterpart(),
                             officer().certificate.fingerprint(),
                             static_cast<std::uint32_t>(journal::Kind::kAlert),
                             journal::Precedence::kRoutine,
                             now.wall,
                             {},
                             {},
                             0,
                             {},
                             {},
                             {}};
  envelope.commitment = seal::commit_to_content(salt, content);
  envelope.padded_bytes = seal::padded_bytes(content.size());
  return envelope;
}

office::Submission Node::submission(Bytes content) {
  office::Submission made;
  made.content = std::move(content);
  made.salt = crypto::sha256({as_bytes("salt of"), made.content});
  made.envelope = envelope_for(made.content, made.salt).encode();
  made.signature = crypto::sign(crypto::Purpose::kEnvelope, kit.officer, {made.envelope});
  return made;
}

office::Acceptance Node::hand_in(const office::Submission& made) {
  return office->outgoing()
      .accept(pair(), officer().certificate.fingerprint(), {made}, nullptr, now)
      .front()
      .value();
}

Said Node::say(const std::string& text) { return say_content(alert(text)); }

Said Node::say_content(Bytes content) {
  const auto made = submission(std::move(content));
  const Said message{hand_in(made).number,
                     journal::Envelope::parse(made.envelope).value().message_id, made.content};
  said.push_back(message);
  if (end && end->peer) end->peer->pump(now);
  return message;
}

void Node::open_peer() {
  auto* paired = office->find_by_transport_key(end->session.peer());
  BLO_CHECK(paired != nullptr);
  end->trace = &trace;
  end->meddle = meddle;
  end->rekey_after_frames = rekey_after_frames;
  end->peer.emplace(office->peer_context(*this), *paired, *end, end->session.psk_hash(), now);
  end->peer->activate(now);
}

void Node::collect_work() {
  while (auto batch = end->peer->take_work()) end->work.push_back(std::move(*batch));
}

bool Node::take(ByteView bytes) {
  const bool was_open = end->session.open();
  if (!end->session.receive(bytes)) return false;
  if (!was_open && end->session.open()) open_peer();
  while (end->session.open()) {
    const auto frame = end->session.next_frame();
    if (!frame) return false;
    if (!*frame) return true;
    if (const auto parsed = sync::parse_frame(**frame))
      trace.push_back({false, end->peer->state(), *parsed});
    end->peer->on_frame(**frame, now);
    collect_work();
  }
  return !end->session.failure();
}

void Node::do_work() {
  auto batch = std::move(end->work.front());
  end->work.pop_front();
  batch.judge(0, batch.size() / 2);
  batch.judge(batch.size() / 2, batch.size());
  end->peer->complete(std::move(batch), now);
  collect_work();
}

void Node::tick() {
  BLO_CHECK(office->scrub(now).has_value());
  if (!end) return;
  static_cast<void>(end->session.tick(now.steady));
  if (!end->peer) return;
  end->peer->tick(now);
  collect_work();
}

void Node::hang_up() {
  if (!end) return;
  const bool heard = std::ranges::any_of(trace, [](const auto& seen) { return !seen.sent; });
  if (end->dialled) not_taken = heard ? 0 : not_taken + 1;
  if (end->peer) {
    why_closed = end->peer->why_closed();
    turned_away += end->peer->turned_away();
    failure = end->peer->store_failure();
  }
  rekeys += end->rekeys;
  end.reset();
}

std::vector<std::filesystem::path> Node::files() const {
  return {path, path.string() + "-wal", path.string() + "-journal", path.string() + "-shm"};
}

std::vector<Bytes> Node::disk() const {
  std::vector<Bytes> contents;
  for (const auto& file : files()) {
    auto bytes = read_file(file, kStoreBytesMax);
    contents.push_back(bytes ? std::move(*bytes) : Bytes());
  }
  return contents;
}

void Node::put_disk(const std::vector<Bytes>& contents) {
  const auto names = files();
  for (std::size_t i = 0; i < names.size(); ++i) {
    std::filesystem::remove(names[i]);
    if (contents[i].empty()) continue;
    BLO_CHECK(write_file(names[i], contents[i], 0600, Overwrite::kNo).has_value());
  }
}

void Node::crash() {
  const auto left = disk();
  hang_up();
  office.reset();
  put_disk(left);
  open();
}

void Node::restart() {
  hang_up();
  BLO_CHECK(office->watch_clock(now).has_value());  // a daemon does at every tick
  office.reset();
  open();
}

seal::Salt derive_fields(journal::Envelope& opened, std::uint64_t person) {
  const auto fields =
      journal::derive_opened(opened.network, opened.from, opened.to, *opened.in_reply_to, person);
  opened.message_id = fields.message_id;
  opened.precedence = fields.precedence;
  opened.created = fields.created;
  opened.commitment = fields.commitment;
  opened.padded_bytes = fields.padded_bytes;
  return fields.salt;
}

}  // namespace blo::sim
