// An export: one folder per direction in tlog-tiles form (c2sp.org/tlog-tiles@v0.1.0) beside
// certificates, policy and receipts. docs/format/export.md.
#ifndef BLO_JOURNAL_EXPORT_H
#define BLO_JOURNAL_EXPORT_H

#include <functional>

#include "journal/checkpoint.h"

namespace blo::journal {

/// Where files go: relative path ("UZ-OYBEK_TJ-FOTEHOBOD_1/tile/0/000") and contents. The exporter
/// never makes a path from outside input.
using FileSink = std::function<Result<void>(const std::string& path, ByteView contents)>;

/// One receipted checkpoint of a journal.
struct ReceiptedCheckpoint {
  SignedCheckpoint checkpoint;
  std::optional<Cosignature> receipt;
};

/// Writes one direction, streaming: entries are pulled in order, tiles flushed as they fill.
class JournalExporter {
 public:
  /// `folder` is the journal's folder inside the export, ended without slash.
  JournalExporter(std::string folder, FileSink sink);
  [[nodiscard]] Result<void> append(ByteView leaf);
  /// Partial tiles and bundles, `checkpoint` (the newest, cosigned where receipted), `receipts`
  /// (every cosigned checkpoint, oldest first, separated as docs/format/export.md says).
  [[nodiscard]] Result<void> finish(const std::vector<ReceiptedCheckpoint>& checkpoints,
                                    const NoteKey& receipt_key);
  [[nodiscard]] Hash root() const { return frontier_.root(); }

 private:
  Result<void> flush_bundle(bool partial);
  Result<void> push_hash(std::size_t level, const Hash& hash);

  std::string folder_;
  FileSink sink_;
  Frontier frontier_;
  Bytes bundle_;
  std::size_t bundle_entries_ = 0;
  std::uint64_t bundles_ = 0;
  struct Level {
    std::vector<Hash> hashes;
    std::uint64_t tiles = 0;
  };
  std::vector<Level> levels_;
};

/// "x001/x234/067": tlog-tiles' path of tile number `n`.
[[nodiscard]] std::string tile_path(std::uint64_t n);
/// The export folder of an origin: "live_UZ-OYBEK_TJ-FOTEHOBOD_1".
[[nodiscard]] std::string export_folder(const Origin& origin);
/// The policy file of a pair (c2sp tlog-policy): `log <vkey>` and `witness`/`quorum` lines.
[[nodiscard]] std::string export_policy(const NoteKey& journal_key, const NoteKey& receipt_key);

}  // namespace blo::journal

#endif
