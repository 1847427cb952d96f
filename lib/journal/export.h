// An export: one folder per direction in tlog-tiles form (c2sp.org/tlog-tiles@v0.1.0) beside
// certificates, policy and receipts. docs/format/export.md.
#ifndef BLO_JOURNAL_EXPORT_H
#define BLO_JOURNAL_EXPORT_H

#include "identity/certificate.h"
#include "journal/checkpoint.h"
#include "journal/tiles.h"

namespace blo::journal {

/// One receipted checkpoint of a journal.
struct ReceiptedCheckpoint {
  SignedCheckpoint checkpoint;
  std::optional<Cosignature> receipt;
};

/// Who receipts a journal.
struct ExportCounterpart {
  identity::Certificate authority;
  identity::Certificate office;
};
/// The certificates under which one direction is read, in the order of `certificates.pem`.
struct ExportCertificates {
  identity::Certificate authority;  // of the sender's office
  identity::Certificate office;
  identity::Certificate journal;
  std::optional<ExportCounterpart> counterpart;  // none: an audit trail
};

/// Writes one direction, streaming: entries are pulled in order, tiles flushed as they fill.
class JournalExporter {
 public:
  /// `folder` is the journal's folder inside the export, ended without slash.
  JournalExporter(std::string folder, const FileSink& sink);
  /// The next entry; exactly those below the newest checkpoint's size are exported.
  [[nodiscard]] Result<void> append(ByteView leaf);
  /// `certificates.pem` and `policy`; once, at any point. kMalformed for an office without a
  /// receipt key, a journal without a journal key, or a trail with a counterpart.
  [[nodiscard]] Result<void> write_certificates(const ExportCertificates& certificates);
  /// Into `receipts/`: every cosigned one of these, which are oldest first and are newer than those
  /// given before. Who has very many gives them in parts, the last part to finish().
  [[nodiscard]] Result<void> add_receipts(const std::vector<ReceiptedCheckpoint>& checkpoints,
                                          const std::optional<NoteKey>& receipt_key);
  /// Partial tiles and bundles, `checkpoint` (the last of `checkpoints`, cosigned where receipted)
  /// and `receipts/` (every cosigned checkpoint). `checkpoints` are oldest first; kRootMismatch
  /// when the last is not of exactly the entries appended, kMalformed when there is none.
  [[nodiscard]] Result<void> finish(const std::vector<ReceiptedCheckpoint>& checkpoints,
                                    const std::optional<NoteKey>& receipt_key);
  [[nodiscard]] Hash root() const { return tiles_.root(); }

 private:
  Result<void> flush_bundle();
  Result<void> flush_receipts();

  std::string folder_;
  FileSink sink_;
  TileWriter tiles_;
  Bytes bundle_;
  std::uint64_t bundle_entries_ = 0;
  std::uint64_t bundles_ = 0;
  std::string receipts_;
  std::size_t receipts_in_file_ = 0;
  std::uint64_t receipt_files_ = 0;
};

/// The export folder of an origin: "live_UZ-OYBEK_TJ-FOTEHOBOD_1".
[[nodiscard]] std::string export_folder(const Origin& origin);
/// The policy file of a journal (c2sp tlog-policy): `log <vkey>` and `witness`/`quorum` lines. An
/// audit trail has nobody's receipts: `quorum none`.
[[nodiscard]] std::string export_policy(const NoteKey& journal_key,
                                        const std::optional<NoteKey>& receipt_key);

/// Receipted checkpoints in one file of `receipts/`, and the line that ends each.
inline constexpr std::size_t kReceiptsPerFile = 256;
inline constexpr std::string_view kReceiptEnd = "%%\n";

}  // namespace blo::journal

#endif
