// Two offices of two countries with officers and journals, made afresh for each test.
#ifndef BLO_TESTS_UNIT_JOURNAL_WORLD_H
#define BLO_TESTS_UNIT_JOURNAL_WORLD_H

#include "identity/chain.h"
#include "identity/keyfile.h"
#include "journal/export.h"
#include "journal/reader.h"

namespace blo::journal {

inline const WallTime kStart = from_unix_s(1'700'000'000);

struct TestOfficer {
  crypto::SigningKey key;
  identity::Certificate certificate;
};

/// What a test varies in an officer's certificate.
struct OfficerTraits {
  std::uint64_t person = 7;
  std::uint64_t statement = 0;  // 0: the next of this office
  std::vector<identity::Role> roles{identity::Role::kOperator};
  WallTime not_after = kStart + std::chrono::hours(24 * 365);
  const crypto::SigningKey* key = nullptr;  // null: a new one
};

struct TestOffice {
  explicit TestOffice(const std::string& office);

  [[nodiscard]] TestOfficer officer(const OfficerTraits& traits = {}) const;
  [[nodiscard]] identity::Certificate certify_journal(const Origin& origin,
                                                      const crypto::SigningKey& key) const;

  OfficeId id;
  identity::KeyRing authority_keys;
  identity::KeyRing keys;
  identity::Certificate authority;
  identity::Certificate office;
};

/// One direction as its sender writes it, or, from an office to itself, its audit trail. Time goes
/// on by a second with each entry.
struct TestJournal {
  TestJournal(const TestOffice& from, const TestOffice& to, std::uint32_t generation = 1);

  /// Entry 0 with this journal's certificates.
  void start(const std::optional<ClosedGeneration>& previous = std::nullopt);
  void append(const Bytes& leaf);
  void append(const Record& record);
  void introduce(const TestOfficer& officer);
  /// A message whose id is `number`, signed by `officer`.
  void message(const TestOfficer& officer, std::uint8_t number = 1);
  [[nodiscard]] Envelope envelope(const TestOfficer& officer, std::uint8_t number) const;
  void append(const Envelope& envelope, const crypto::SigningKey& author,
              const std::optional<Release>& release = std::nullopt);
  /// Signs the head, receipted at this time where there is one; not where it has its receipt.
  void checkpoint(std::optional<WallTime> receipt);
  /// Names the opposite journal's newest checkpoint in entries from now on.
  void has_receipted(const TestJournal& opposite);
  [[nodiscard]] Stamp next_stamp();
  [[nodiscard]] ExportCertificates certificates() const;
  [[nodiscard]] NoteKey receipt_key() const;
  void write(const FileSink& sink) const;

  const TestOffice& from;
  const TestOffice& to;
  Origin origin;
  crypto::SigningKey key;
  identity::Certificate certificate;
  Stamp stamp{kStart};
  std::vector<Bytes> leaves;
  Frontier tree;
  std::vector<ReceiptedCheckpoint> checkpoints;
};

/// A folder of its own under the system's temporary folder, removed with everything in it.
class TemporaryFolder {
 public:
  TemporaryFolder();
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;
  ~TemporaryFolder();
  [[nodiscard]] const std::filesystem::path& path() const { return path_; }
  /// Writes files below the folder.
  [[nodiscard]] FileSink sink() const;

 private:
  std::filesystem::path path_;
};

}  // namespace blo::journal

#endif
