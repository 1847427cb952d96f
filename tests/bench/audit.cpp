#include <cstdio>
#include <fstream>
#include <thread>

#include "base/file.h"
#include "bench.h"
#include "crypto/random.h"
#include "officer.h"
#include "unit/journal/world.h"

namespace blo::bench {
namespace {

using journal::JournalExporter;
using journal::TestJournal;
using journal::TestOffice;
using journal::TestOfficer;

// As an office catches up: many entries, then the head that is receipted.
constexpr std::uint64_t kEntriesPerReceipt = 250;
constexpr std::size_t kOfficers = 4;

/// Not synced: it is gone when the measurement is over.
void write(const std::filesystem::path& file, std::string_view contents) {
  std::ofstream out(file, std::ios::binary);
  out << contents << std::flush;
  need(out ? Result<void>() : Error(FileError::kFailed, file.string()), "an export's file");
}

journal::FileSink sink_below(const std::filesystem::path& folder) {
  return [folder](const std::string& path, ByteView contents) {
    const auto file = folder / path;
    std::filesystem::create_directories(file.parent_path());
    write(file, as_text(contents));
    return Result<void>();
  };
}

/// One direction, streamed: the journal's own list of leaves stays empty.
class Side {
 public:
  Side(const TestOffice& from, const TestOffice& to, const journal::FileSink& sink)
      : journal_(from, to), exporter_(journal::export_folder(journal_.origin), sink) {
    need(exporter_.write_certificates(journal_.certificates()), "certificates");
    append(journal::GenerationStart{from.authority.bytes(), from.office.bytes(),
                                    journal_.certificate.bytes()});
    for (std::size_t i = 0; i < kOfficers; ++i) {
      officers_.push_back(from.officer({.person = i + 1}));
      append(journal::CertificateRecord{officers_.back().certificate.bytes(), 0});
    }
  }

  [[nodiscard]] std::uint64_t size() const { return size_; }

  /// Messages up to a head, which the counterpart receipts.
  void add_receipted(std::uint64_t count) {
    std::vector<Bytes> leaves(count);
    std::vector<journal::Stamp> stamps;
    for (std::uint64_t i = 0; i < count; ++i) stamps.push_back(journal_.next_stamp());
    const auto make = [&](std::size_t first) {
      for (std::size_t i = first; i < count; i += 2) leaves[i] = message(stamps[i], i);
    };
    std::thread other(make, 1);
    make(0);
    other.join();
    for (const Bytes& leaf : leaves) append(leaf);
    const journal::Checkpoint head{journal_.origin, size_, exporter_.root()};
    auto signed_head = journal::sign_checkpoint(head, journal_.key);
    const auto receipt =
        journal::cosign_note(signed_head.note.text, to_unix_s(journal_.stamp.time),
                             journal_.to.keys.signing_key(identity::KeyUse::kReceipt));
    journal_.checkpoints.push_back({std::move(signed_head), receipt});
  }

  void has_receipted(const Side& opposite) { journal_.has_receipted(opposite.journal_); }

  void finish() { need(exporter_.finish(journal_.checkpoints, journal_.receipt_key()), "finish"); }

 private:
  [[nodiscard]] Bytes message(const journal::Stamp& stamp, std::size_t number) const {
    const TestOfficer& officer = officers_[number % kOfficers];
    auto envelope = journal_.envelope(officer, 0);
    envelope.message_id = crypto::random_array<16>();
    envelope.commitment = crypto::random_array<32>();
    envelope.created = stamp.time;
    const Bytes bytes = envelope.encode();
    const auto signature = crypto::sign(crypto::Purpose::kEnvelope, officer.key, {bytes});
    return journal::Entry{stamp, journal::SignedEnvelope{bytes, signature, std::nullopt}}.encode();
  }
  void append(const journal::Record& record) {
    append(journal::Entry{journal_.next_stamp(), encode_record(record)}.encode());
  }
  void append(const Bytes& leaf) {
    need(exporter_.append(leaf), "append");
    ++size_;
  }

  TestJournal journal_;
  JournalExporter exporter_;
  std::vector<TestOfficer> officers_;
  std::uint64_t size_ = 0;
};

}  // namespace

int make_export(const std::string& folder, std::uint64_t entries) {
  const std::filesystem::path top(folder);
  const TestOffice uz("UZ-OYBEK");
  const TestOffice tj("TJ-FOTEHOBOD");
  for (const TestOffice* office : {&uz, &tj}) {
    write(top / (std::string(office->id.country()) + ".pem"), office->authority.pem());
  }
  const auto sink = sink_below(top / "export");
  Side there(uz, tj, sink);
  Side back(tj, uz, sink);
  while (there.size() + back.size() < entries) {
    const std::uint64_t left = entries - there.size() - back.size();
    there.add_receipted(std::min(kEntriesPerReceipt, left));
    back.has_receipted(there);
    if (left > kEntriesPerReceipt) {
      back.add_receipted(std::min(kEntriesPerReceipt, left - kEntriesPerReceipt));
      there.has_receipted(back);
    }
  }
  there.finish();
  back.finish();
  std::printf("{\"entries\": %llu}\n", static_cast<unsigned long long>(there.size() + back.size()));
  return 0;
}

}  // namespace blo::bench
