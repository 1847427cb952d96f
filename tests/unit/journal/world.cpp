#include "world.h"

#include <cstdlib>
#include <fstream>

namespace blo::journal {
namespace {

using identity::Certificate;
using identity::CertificateDetails;
using identity::CertificateKind;
using identity::KeyUse;

const WallTime kBefore = kStart - std::chrono::hours(24);
const WallTime kAfter = kStart + std::chrono::hours(24 * 3650);

CertificateDetails details(CertificateKind kind, std::string subject,
                           std::vector<identity::PublicKey> keys) {
  CertificateDetails details;
  details.kind = kind;
  details.subject = std::move(subject);
  details.statement = 1;
  details.keys = std::move(keys);
  details.not_before = kBefore;
  details.not_after = kAfter;
  return details;
}

Certificate make_authority(const identity::KeyRing& keys) {
  return Certificate::issue(details(CertificateKind::kAuthority, keys.subject, keys.public_keys()),
                            keys.signing_key(KeyUse::kAuthority));
}

Certificate make_office(const Certificate& authority, const identity::KeyRing& authority_keys,
                        const identity::KeyRing& keys) {
  auto office = details(CertificateKind::kOffice, keys.subject, keys.public_keys());
  office.issuer = authority.fingerprint();
  return Certificate::issue(office, authority_keys.signing_key(KeyUse::kAuthority));
}

Origin origin_of(const TestOffice& from, const TestOffice& to, std::uint32_t generation) {
  return {Network::kLive, from.id, to.id, generation};
}

}  // namespace

TestOffice::TestOffice(const std::string& office_id)
    : id(*OfficeId::parse(office_id)),
      authority_keys(identity::make_authority_keys(std::string(id.country()), Network::kLive)),
      keys(identity::make_office_keys(id, Network::kLive)),
      authority(make_authority(authority_keys)),
      office(make_office(authority, authority_keys, keys)) {}

TestOfficer TestOffice::officer(const OfficerTraits& traits) const {
  auto key = traits.key != nullptr ? traits.key->clone() : crypto::SigningKey::generate();
  auto officer =
      details(CertificateKind::kOfficer, id.text(), {{KeyUse::kOfficer, key.verify_key().bytes()}});
  officer.issuer = office.fingerprint();
  static std::uint64_t newest_statement = 1;
  officer.statement = traits.statement != 0 ? traits.statement : ++newest_statement;
  officer.person = traits.person;
  officer.roles = traits.roles;
  officer.not_after = traits.not_after;
  officer.name_commitment = crypto::Hash{1};
  return {std::move(key), Certificate::issue(officer, keys.signing_key(KeyUse::kIdentity))};
}

Certificate TestOffice::certify_journal(const Origin& origin, const crypto::SigningKey& key) const {
  auto journal = details(CertificateKind::kJournal, origin.text(),
                         {{KeyUse::kJournal, key.verify_key().bytes()}});
  journal.issuer = office.fingerprint();
  return Certificate::issue(journal, keys.signing_key(KeyUse::kIdentity));
}

TestJournal::TestJournal(const TestOffice& sender, const TestOffice& receiver,
                         std::uint32_t generation)
    : from(sender),
      to(receiver),
      origin(origin_of(sender, receiver, generation)),
      key(crypto::SigningKey::generate()),
      certificate(sender.certify_journal(origin, key)) {}

Stamp TestJournal::next_stamp() {
  stamp.time += seconds(1);
  return stamp;
}

void TestJournal::start(const std::optional<ClosedGeneration>& previous) {
  append(Record(
      GenerationStart{from.authority.bytes(), from.office.bytes(), certificate.bytes(), previous}));
}

void TestJournal::append(const Bytes& leaf) {
  leaves.push_back(leaf);
  tree.append(leaf_hash(leaf));
}

void TestJournal::append(const Record& record) {
  append(Entry{next_stamp(), encode_record(record)}.encode());
}

void TestJournal::introduce(const TestOfficer& officer) {
  append(Record(CertificateRecord{officer.certificate.bytes(), 0}));
}

Envelope TestJournal::envelope(const TestOfficer& officer, std::uint8_t number) const {
  return {origin.network,
          MessageId{number},
          origin.from,
          origin.to,
          officer.certificate.fingerprint(),
          static_cast<std::uint32_t>(Kind::kAlert),
          Precedence::kRoutine,
          kStart,
          std::nullopt,
          Hash{2},
          64,
          {},
          std::nullopt,
          std::nullopt};
}

void TestJournal::append(const Envelope& envelope, const crypto::SigningKey& author,
                         const std::optional<Release>& release) {
  const Bytes bytes = envelope.encode();
  const auto signature = crypto::sign(crypto::Purpose::kEnvelope, author, {bytes});
  append(Entry{next_stamp(), SignedEnvelope{bytes, signature, release}}.encode());
}

void TestJournal::message(const TestOfficer& officer, std::uint8_t number) {
  append(envelope(officer, number), officer.key);
}

void TestJournal::checkpoint(std::optional<WallTime> receipt) {
  const Checkpoint head{origin, tree.size(), tree.root()};
  const auto* newest = checkpoints.empty() ? nullptr : &checkpoints.back();
  if (newest != nullptr && newest->receipt && newest->checkpoint.checkpoint == head) return;
  ReceiptedCheckpoint made{sign_checkpoint(head, key), std::nullopt};
  if (receipt) {
    made.receipt = cosign_note(made.checkpoint.note.text, to_unix_s(*receipt),
                               to.keys.signing_key(KeyUse::kReceipt));
  }
  checkpoints.push_back(std::move(made));
}

void TestJournal::has_receipted(const TestJournal& opposite) {
  const Checkpoint& head = opposite.checkpoints.back().checkpoint.checkpoint;
  stamp.generation = head.origin.generation;
  stamp.size = head.size;
  stamp.root = head.root;
}

ExportCertificates TestJournal::certificates() const {
  if (origin.is_trail()) return {from.authority, from.office, certificate, std::nullopt};
  return {from.authority, from.office, certificate, ExportCounterpart{to.authority, to.office}};
}

NoteKey TestJournal::receipt_key() const {
  return receipt_note_key(origin.network, to.id, *to.office.details().verify_key(KeyUse::kReceipt));
}

void TestJournal::write(const FileSink& sink) const {
  JournalExporter exporter(export_folder(origin), sink);
  BLO_CHECK(exporter.write_certificates(certificates()).has_value());
  for (const Bytes& leaf : leaves) BLO_CHECK(exporter.append(leaf).has_value());
  const auto key_of_receipts = origin.is_trail() ? std::nullopt : std::optional(receipt_key());
  BLO_CHECK(exporter.finish(checkpoints, key_of_receipts).has_value());
}

TemporaryFolder::TemporaryFolder() {
  std::string name = (std::filesystem::temp_directory_path() / "blo-journal-XXXXXX").string();
  BLO_CHECK(::mkdtemp(name.data()) != nullptr);
  path_ = name;
}

TemporaryFolder::~TemporaryFolder() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

FileSink TemporaryFolder::sink() const {
  return [this](const std::string& path, ByteView contents) -> Result<void> {
    const auto file = path_ / path;
    std::filesystem::create_directories(file.parent_path());
    std::ofstream(file, std::ios::binary) << as_text(contents);
    return {};
  };
}

}  // namespace blo::journal
