#include "office/query.h"

#include <catch2/catch.hpp>

#include "../../sim/world.h"
#include "base/file.h"
#include "journal/verify.h"

namespace blo::office {
namespace {

using sim::World;

std::vector<std::uint64_t> indices(const std::vector<MessageView>& views) {
  std::vector<std::uint64_t> found;
  for (const auto& view : views) found.push_back(view.number.index);
  return found;
}

using Indices = std::vector<std::uint64_t>;

/// Writes everything to a folder; gives the notes.
std::vector<std::string> write_export(sim::Node& node, const std::filesystem::path& folder) {
  const journal::FileSink sink = [&](const std::string& path, ByteView bytes) -> Result<void> {
    std::filesystem::create_directories((folder / path).parent_path());
    return write_file(folder / path, bytes, 0600, Overwrite::kYes);
  };
  auto made = ExportJob::begin(*node.office, node.pair(), sink).value();
  while (made.step().value()) {
  }
  return made.notes();
}

}  // namespace

TEST_CASE("lists are newest first and go on before a number") {
  World world;
  for (int i = 0; i < 5; ++i) world.a.say("message " + std::to_string(i));
  world.converge();
  auto& a = world.a;
  auto& b = world.b;
  const auto sent = list_messages(*a.office, a.pair(), Box::kSent, {}, 3).value();
  CHECK(indices(sent) == Indices{6, 5, 4});
  CHECK(indices(list_messages(*a.office, a.pair(), Box::kSent, {1, 4}, 3).value()) ==
        Indices{3, 2});
  const auto received = list_messages(*b.office, b.pair(), Box::kReceived, {}, 50).value();
  CHECK(indices(received) == Indices{6, 5, 4, 3, 2});
  CHECK(received.front().author.name.name == sim::kOfficerName);
  CHECK(list_messages(*b.office, b.pair(), Box::kSent, {}, 50).value().empty());
  CHECK(indices(arrived_messages(*b.office, b.pair(), 0, 4).value()) == Indices{2, 3});
}

TEST_CASE("the receipt shown is the first that covers the message") {
  World world;
  const auto first = world.a.say("first");
  world.converge();
  const auto second = world.a.say("second");
  CHECK_FALSE(world.a.show(second.number).receipt);
  world.pass(seconds(5));
  const auto early = world.a.show(first.number).receipt;
  const auto late = world.a.show(second.number).receipt;
  REQUIRE((early && late));
  CHECK(early->checkpoint.size == 3);
  CHECK(late->checkpoint.size == 4);
  CHECK(world.b.show(first.number).receipt->receipt.signature == early->receipt.signature);
}

TEST_CASE("numbers that name no message are not found") {
  World world;
  const auto said = world.a.say("the only one");
  const auto not_found = [&](MessageNumber number) {
    const auto shown = show_message(*world.a.office, number);
    return !shown && shown.error() == OfficeError::kNotFound;
  };
  auto number = said.number;
  CHECK_FALSE(not_found(number));
  number.index = 0;  // an office record
  CHECK(not_found(number));
  number.index = said.number.index + 1;
  CHECK(not_found(number));
  number.index = UINT64_MAX;
  CHECK(not_found(number));
  number = said.number;
  number.generation = 2;
  CHECK(not_found(number));
  number = said.number;
  std::swap(number.from, number.to);
  CHECK(not_found(number));
  number.from = OfficeId::parse("KG-KARAMYK").value();
  CHECK(not_found(number));
}

TEST_CASE("what both offices export holds before an auditor") {
  World world;
  for (int i = 0; i < 3; ++i) {
    world.a.say("from UZ " + std::to_string(i));
    world.b.say("from TJ " + std::to_string(i));
  }
  world.converge();
  world.cut();
  world.a.say("without a receipt");
  const std::vector authorities{world.a.kit.authority, world.b.kit.authority};
  for (sim::Node* node : {&world.a, &world.b}) {
    const sim::Folder folder;
    const auto notes = write_export(*node, folder.path());
    CHECK(notes.empty() == (node == &world.b));
    const auto verdict = journal::verify_export(folder.path(), authorities).value();
    for (const auto& finding : verdict.findings)
      UNSCOPED_INFO(finding.where << ": " << finding.what);
    CHECK(verdict.verified());
    REQUIRE(verdict.journals.size() == 2);
    for (const auto& journal : verdict.journals) {
      CHECK(journal.messages == 3);
      CHECK(journal.receipted == journal.size);
    }
    CHECK_FALSE(journal::verify_export(folder.path(), {world.a.kit.authority}).value().verified());
  }
}

}  // namespace blo::office
