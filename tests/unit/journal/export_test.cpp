#include "journal/export.h"

#include <catch2/catch.hpp>

#include "journal/export_layout.h"
#include "world.h"

namespace blo::journal {
namespace {

struct Written {
  std::map<std::string, Bytes> files;

  [[nodiscard]] FileSink sink() {
    return [this](const std::string& path, ByteView contents) -> Result<void> {
      CHECK(files.emplace(path, to_bytes(contents)).second);
      return {};
    };
  }
};

const std::string kFolder = "live_UZ-OYBEK_TJ-FOTEHOBOD_1";

}  // namespace

TEST_CASE("tile numbers become paths of three digits a part") {
  CHECK(tile_path(0) == "000");
  CHECK(tile_path(999) == "999");
  CHECK(tile_path(1000) == "x001/000");
  CHECK(tile_path(1'234'067) == "x001/x234/067");
  CHECK(tile_path(7, 44) == "007.p/44");
  CHECK(tile_path(7, 256) == "007");
}

TEST_CASE("an export holds exactly the files its size calls for") {
  const TestOffice uz("UZ-OYBEK");
  const TestOffice tj("TJ-FOTEHOBOD");
  const auto officer = uz.officer();
  TestJournal journal(uz, tj);
  journal.start();
  journal.introduce(officer);
  journal.checkpoint(kStart + seconds(1));
  while (journal.leaves.size() < 260) journal.message(officer);
  journal.checkpoint(std::nullopt);
  Written written;
  journal.write(written.sink());
  std::vector<std::string> names;
  for (const auto& [path, contents] : written.files) names.push_back(path);
  CHECK(names == std::vector<std::string>{
                     kFolder + "/certificates.pem", kFolder + "/checkpoint", kFolder + "/policy",
                     kFolder + "/receipts/000", kFolder + "/tile/0/000",
                     kFolder + "/tile/0/001.p/4", kFolder + "/tile/1/000.p/1",
                     kFolder + "/tile/entries/000", kFolder + "/tile/entries/001.p/4"});
  for (const std::string& name : names) {
    CHECK(belongs_to_export(std::string_view(name).substr(kFolder.size() + 1), 260, 1));
  }
  const auto& receipts = written.files[kFolder + "/receipts/000"];
  CHECK(as_text(receipts).ends_with(kReceiptEnd));
  CHECK(as_text(receipts).starts_with(journal.origin.text() + "\n2\n"));
}

TEST_CASE("an export that is not exactly the newest checkpoint's entries is refused") {
  const TestOffice uz("UZ-OYBEK");
  const TestOffice tj("TJ-FOTEHOBOD");
  TestJournal journal(uz, tj);
  journal.start();
  Written none;
  JournalExporter without(kFolder, none.sink());
  CHECK(without.finish({}, journal.receipt_key()).error() == JournalError::kMalformed);
  journal.checkpoint(std::nullopt);
  JournalExporter fewer(kFolder, none.sink());
  CHECK(fewer.finish(journal.checkpoints, journal.receipt_key()).error() ==
        JournalError::kRootMismatch);
  JournalExporter other(kFolder, none.sink());
  REQUIRE(other.append(to_bytes("another entry")).has_value());
  CHECK(other.finish(journal.checkpoints, journal.receipt_key()).error() ==
        JournalError::kRootMismatch);
}

TEST_CASE("a sink that fails ends the export with its error") {
  const TestOffice uz("UZ-OYBEK");
  const TestOffice tj("TJ-FOTEHOBOD");
  TestJournal journal(uz, tj);
  journal.start();
  journal.checkpoint(kStart);
  for (int fails_at = 0; fails_at < 6; ++fails_at) {
    CAPTURE(fails_at);
    int calls = 0;
    JournalExporter exporter(kFolder, [&](const std::string&, ByteView) -> Result<void> {
      if (calls++ == fails_at) return Error(JournalError::kUnknownVersion, "the sink's own");
      return {};
    });
    auto result = exporter.write_certificates(journal.certificates());
    if (result) result = exporter.append(journal.leaves[0]);
    if (result) result = exporter.finish(journal.checkpoints, journal.receipt_key());
    CHECK(result.error() == JournalError::kUnknownVersion);
  }
}

TEST_CASE("folders are named after origins and nothing else is one") {
  const Origin origin = *Origin::parse("live/UZ-OYBEK/TJ-FOTEHOBOD/1");
  CHECK(export_folder(origin) == kFolder);
  CHECK(parse_export_folder(kFolder).has_value());
  for (const char* name : {"", "live", "live/UZ-OYBEK/TJ-FOTEHOBOD/1", "live_UZ-OYBEK_TJ-FOTEHOBOD",
                           "live_UZ-OYBEK_TJ-FOTEHOBOD_01", "live_UZ-OYBEK/TJ-FOTEHOBOD_1", ".."}) {
    CAPTURE(name);
    CHECK_FALSE(parse_export_folder(name).has_value());
  }
}

TEST_CASE("files that the size does not call for do not belong") {
  CHECK(tile_width(300, 0, 0) == 256);
  CHECK(tile_width(300, 0, 1) == 44);
  CHECK(tile_width(300, 1, 0) == 1);
  CHECK(tile_width(512, 0, 2) == 0);
  for (const char* path :
       {"tile/0/000.p/255", "tile/0/001", "tile/0/001.p/43", "tile/0/001.p/044", "tile/0/01.p/44",
        "tile/2/000.p/1", "tile/00/000", "tile/8/000", "tile/0/x000/001.p/44", "tile/entries/002",
        "tile/0/../0/000", "receipts/001", "receipts/000.p/1", "readme", "tile", ""}) {
    CAPTURE(path);
    CHECK_FALSE(belongs_to_export(path, 300, 1));
  }
  CHECK(belongs_to_export("tile/entries/x001/000.p/9", 256'009, 0));
}

}  // namespace blo::journal
