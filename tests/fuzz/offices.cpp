#include "offices.h"

#include "base/limits.h"
#include "crypto/random.h"
#include "message/alert.h"

namespace blo::fuzz {
namespace {

/// What one session may have waiting to be sent, and more than any script here brings about.
constexpr std::size_t kSentBytesMax = 16 * 1024 * 1024;
constexpr std::size_t kKnownMax = 100'000;

std::unique_ptr<office::Office> open(const sim::Kit& kit, ByteView image) {
  auto keys = kit.keys();
  auto store = store::Store::in_memory(image, keys.id, keys.network, keys.store);
  if (!store) return nullptr;
  auto office = office::Office::over(std::move(keys), std::move(*store));
  return office ? std::move(*office) : nullptr;
}

/// A number of an office's own.
IpEndpoint announced_by(const OfficeId& id) {
  const auto number = crypto::sha256(as_bytes(id.text()));
  return IpEndpoint::from_bytes(Bytes{192, 0, 2, number[0]}, 7117).value();
}

Bytes request_of(const sim::Kit& kit, const crypto::SigningKey& key) {
  auto request = identity::CertificateRequest::parse(kit.officer_request()).value();
  request.keys = {{identity::KeyUse::kOfficer, key.verify_key().bytes()}};
  return request.sign(key);
}

/// Of an entry's signatures, which the images that scripts begin with have in common.
bool signatures_hold(const journal::ReadEntry& entry) {
  static std::set<crypto::Hash> known;
  if (known.contains(entry.leaf_hash)) return true;
  if (!journal::check_signatures(entry)) return false;
  if (known.size() < kKnownMax) known.insert(entry.leaf_hash);
  return true;
}

/// Of one of our own journals: what an auditor would read in it.
void check_ours(const sim::Kit& kit, const store::JournalRow& row,
                const std::vector<store::StoredEntry>& entries) {
  journal::Reader reader(row.origin, kit.certificate);
  for (const auto& entry : entries) {
    const auto read = reader.read(journal::parse_leaf(entry.leaf), journal::StampVerdict::kHolds);
    BLO_CHECK(!read.refusal && signatures_hold(read));
  }
}

void check_journal(Side& side, const store::JournalRow& row) {
  journal::Frontier frontier;
  std::vector<store::StoredEntry> entries;
  const auto read =
      side.office->store().journals().entries(row, 0, row.size(), [&](store::StoredEntry entry) {
        frontier.append(journal::leaf_hash(entry.leaf));
        entries.push_back(std::move(entry));
        return true;
      });
  BLO_CHECK(read.has_value());
  BLO_CHECK(frontier.size() == row.size() && frontier.root() == row.frontier.root());
  if (row.sent) check_ours(side.kit, row, entries);
}

}  // namespace

void End::send_frame(ByteView plaintext) {
  BLO_CHECK(plaintext.size() <= limits::kFramePlaintextBytesMax);
  sent.push_back(to_bytes(plaintext));
  BLO_CHECK(queued_bytes() <= kSentBytesMax);
}

std::size_t End::queued_bytes() const {
  std::size_t bytes = 0;
  for (const Bytes& frame : sent) bytes += frame.size();
  return bytes;
}

Side::Side(const sim::Kit& whose, Bytes image, Now clock) : kit(whose), now(clock) {
  BLO_CHECK(restart(std::move(image)));
}

bool Side::restart(Bytes image) {
  hang_up();
  office = open(kit, image);
  opened_ = std::move(image);
  if (office) office->set_own_addresses({{announced_by(kit.id)}, {}});
  return office != nullptr;
}

bool Side::opens_again() {
  const Bytes now_there = image();
  return now_there == opened_ || open(kit, now_there) != nullptr;
}

void Side::hang_up() { end.reset(); }

crypto::SigningKey releaser_key(const sim::Kit& kit) {
  return crypto::SigningKey::from_seed(
      crypto::Key(crypto::sha256(as_bytes(kit.id.text() + " releaser"))));
}

Bytes alert(const std::string& reason) {
  message::AlertFlags flags;
  flags.vehicles = {"01A123BC/UZ"};
  flags.reason = reason;
  flags.action = "stop and search";
  return message::alert_from_flags(flags).value();
}

Bytes long_alert() {
  message::AlertFlags flags;
  flags.persons.assign(60, std::string(350, 'X') + ", " + std::string(350, 'y'));
  flags.reason = "a long list";
  flags.action = "stop";
  return message::alert_from_flags(flags).value();
}

seal::Salt salt_of(ByteView content) { return crypto::sha256({as_bytes("salt of"), content}); }

journal::Envelope Side::envelope_for(ByteView content, std::uint32_t kind,
                                     journal::Precedence precedence) {
  MessageId id{};
  Bytes time;
  append_be(time, to_unix_ms(now.wall));
  std::copy_n(time.begin() + 2, 6, id.begin());
  const auto hash = crypto::sha256(as_bytes(kit.id.text() + std::to_string(next_message_++)));
  std::copy_n(hash.begin(), 10, id.begin() + 6);
  return {sim::kNetwork,
          id,
          kit.id,
          pair().counterpart(),
          office->officers().all().front().certificate.fingerprint(),
          kind,
          precedence,
          now.wall,
          {},
          seal::commit_to_content(salt_of(content), content),
          seal::padded_bytes(content.size()),
          {},
          {},
          {}};
}

office::Submission Side::sign(const journal::Envelope& envelope, Bytes content) const {
  office::Submission made;
  made.envelope = envelope.encode();
  made.salt = salt_of(content);
  made.content = std::move(content);
  made.signature = crypto::sign(crypto::Purpose::kEnvelope, kit.officer, {made.envelope});
  return made;
}

bool Side::say(Bytes content, std::uint32_t kind, journal::Precedence precedence) {
  const auto& officer = office->officers().all().front();
  const auto envelope = envelope_for(content, kind, precedence);
  const auto made = sign(envelope, std::move(content));
  const auto accepted =
      office->outgoing().accept(pair(), officer.certificate.fingerprint(), {made}, nullptr, now);
  pump();
  return accepted.front().has_value();
}

void Side::append(ByteView leaf, const office::Submission* submission) {
  auto& store = office->store();
  auto row = pair().sent->row;
  auto transaction = store.begin().value();
  const auto index = row.size();
  BLO_CHECK(store.journals()
                .append(row, leaf, journal::leaf_hash(leaf),
                        {submission != nullptr ? 1U : 0U, crypto::random_array<16>(), {}}, nullptr)
                .has_value());
  if (submission != nullptr) {
    const auto key = crypto::random_key();
    const auto sealed =
        seal::seal_body(key, submission->envelope, submission->salt, submission->content);
    // Of another size than the envelope says it would be a frame out of form.
    const auto said = journal::body_bytes(journal::parse_leaf(leaf));
    if (!said || *said == sealed.size())
      BLO_CHECK(store.journals().put_body(row, index, sealed, key).has_value());
  }
  BLO_CHECK(store.journals().save(row).has_value());
  BLO_CHECK(transaction.commit().has_value());
  pair().sent->row = row;
  pump();
}

journal::Stamp Side::next_stamp() {
  journal::Stamp stamp;
  stamp.time = std::max(now.wall, pair().sent->row.last_stamp.time);
  if (const auto& head = pair().received->head) {
    stamp.generation = head->checkpoint.origin.generation;
    stamp.size = head->checkpoint.size;
    stamp.root = head->checkpoint.root;
  }
  return stamp;
}

void Side::pump() {
  if (end) end->peer->pump(now);
}

void Side::take(ByteView frame) {
  if (!end) return;
  end->peer->on_frame(frame, now);
  while (auto batch = end->peer->take_work()) end->work.push_back(std::move(*batch));
}

void Side::judge(office::Peer::More more) {
  while (end && !end->work.empty()) {
    auto batch = std::move(end->work.front());
    end->work.pop_front();
    batch.judge(0, batch.size() / 2);
    batch.judge(batch.size() / 2, batch.size());
    end->peer->complete(std::move(batch), now, more);
    while (auto next = end->peer->take_work()) end->work.push_back(std::move(*next));
  }
}

void Side::tick() {
  if (end) end->peer->tick(now);
}

std::optional<crypto::Hash> common_secret(Side& dialler, Side& answerer) {
  const auto psks = [](Side& of, Side& with) {
    return of.office->psks(with.kit.ring.dh_key(identity::KeyUse::kTransport).public_key);
  };
  for (const auto& tried : psks(dialler, answerer)) {
    for (const auto& known : psks(answerer, dialler)) {
      const auto hash = crypto::sha256(tried.view());
      if (hash == crypto::sha256(known.view())) return hash;
    }
  }
  return std::nullopt;
}

void connect(Side& dialler, Side& answerer) {
  dialler.hang_up();
  answerer.hang_up();
  const auto secret = common_secret(dialler, answerer);
  if (!secret) return;
  for (Side* side : {&dialler, &answerer}) {
    side->end = std::make_unique<End>();
    side->end->peer.emplace(side->office->peer_context(*side), side->pair(), *side->end, *secret,
                            side->now);
  }
  dialler.end->peer->activate(dialler.now);
  answerer.end->peer->activate(answerer.now);
}

void settle(Side& a, Side& b) {
  for (bool more = true; more;) {
    more = false;
    for (auto [from, to] : {std::pair(&a, &b), std::pair(&b, &a)}) {
      while (from->end && !from->end->sent.empty()) {
        const Bytes frame = std::move(from->end->sent.front());
        from->end->sent.pop_front();
        to->take(frame);
        to->judge();
        more = true;
      }
    }
  }
}

void pair_offices(Side& a, Side& b) {
  const std::string basis = "Agreement of 2024-01-15";
  const auto ours = a.office->invite({b.kit.id, {}, basis}, a.now).value()->ours.bytes;
  const auto theirs = b.office->invite({a.kit.id, {}, basis}, b.now).value()->ours.bytes;
  auto* at_a = a.office->accept(theirs, a.now).value();
  auto* at_b = b.office->accept(ours, b.now).value();
  BLO_CHECK(a.office->confirm(b.kit.id, {office::digits(*at_b), 0, "fuzzed"}, a.now).has_value());
  BLO_CHECK(b.office->confirm(a.kit.id, {office::digits(*at_a), 0, "fuzzed"}, b.now).has_value());
  for (Side* side : {&a, &b}) {
    auto& officers = side->office->officers();
    const auto second = releaser_key(side->kit);
    using enum identity::Role;
    BLO_CHECK(
        officers.add(side->kit.officer_request(), {kOperator}, 365, 0, side->now).has_value());
    BLO_CHECK(
        officers.add(request_of(side->kit, second), {kReleaser}, 365, 0, side->now).has_value());
  }
}

void check_store(Side& side) {
  for (const auto& pair : side.office->pairs()) {
    for (const bool sent : {true, false}) {
      for (const auto* row : pair->generations(sent)) check_journal(side, *row);
    }
  }
  const auto trails = side.office->store().journals().trails();
  BLO_CHECK(trails.has_value());
  for (const auto& row : *trails) check_journal(side, row);
  BLO_CHECK(side.opens_again());
}

}  // namespace blo::fuzz
