#include <catch2/catch.hpp>

#include <atomic>
#include <thread>

#include "journal/verify.h"
#include "world.h"

namespace blo::journal {
namespace {

/// From the last to the first, on three threads: nobody promised an order.
void run_scattered(std::size_t count, const std::function<void(std::size_t)>& work) {
  std::atomic<std::size_t> left{count};
  const auto take_part = [&] {
    for (std::size_t i; (i = left.fetch_sub(1)) > 0 && i <= count;) work(i - 1);
  };
  std::thread second(take_part);
  std::thread third(take_part);
  take_part();
  second.join();
  third.join();
}

/// Two journals, of which one names heads of the other.
struct Pair {
  Pair() {
    there.start();
    there.introduce(officer);
    back.start();
  }
  Verdict verify(const Executor& execute = run_inline) {
    there.checkpoint(kStart + std::chrono::hours(1));
    back.checkpoint(kStart + std::chrono::hours(1));
    there.write(folder.sink());
    back.write(folder.sink());
    auto verdict = verify_export(folder.path(), {uz.authority, tj.authority}, execute);
    REQUIRE(verdict.has_value());
    return std::move(*verdict);
  }
  /// An entry of the opposite journal that names the first `size` of this one.
  void name(std::uint64_t size) {
    Frontier tree;
    for (std::uint64_t i = 0; i < size; ++i) tree.append(leaf_hash(there.leaves[i]));
    back.stamp.generation = 1;
    back.stamp.size = size;
    back.stamp.root = tree.root();
    back.append(Record(TrailHead{Hash{1}}));
  }

  TestOffice uz{"UZ-OYBEK"};
  TestOffice tj{"TJ-FOTEHOBOD"};
  TestJournal there{uz, tj};
  TestJournal back{tj, uz};
  TestOfficer officer = uz.officer();
  TestOfficer stranger = uz.officer({.person = 8});
  TemporaryFolder folder;
};

}  // namespace

TEST_CASE("valid: stamps may name any size the opposite journal had") {
  Pair pair;
  for (std::uint8_t i = 0; i < 255; ++i) pair.there.message(pair.officer, i);
  pair.there.checkpoint(kStart + seconds(400));
  for (std::uint8_t i = 0; i < 255; ++i) {
    auto envelope = pair.there.envelope(pair.officer, i);
    envelope.message_id[1] = 1;
    pair.there.append(envelope, pair.officer.key);
  }
  for (const std::uint64_t size : {1U, 2U, 255U, 256U, 257U, 300U, 511U}) pair.name(size);
  CHECK(pair.verify().verified());
}

TEST_CASE("broken: a stamp with another root says which was named and which is true") {
  Pair pair;
  for (std::uint8_t i = 0; i < 9; ++i) pair.there.message(pair.officer, i);
  pair.name(5);
  pair.back.stamp.size = 6;  // with the root of size 5
  pair.back.append(Record(TrailHead{Hash{1}}));
  const Verdict verdict = pair.verify();
  REQUIRE(verdict.findings.size() == 1);
  CHECK(to_string(verdict.findings[0].code) == "E-INTERLOCK");
  CHECK(verdict.findings[0].where.ends_with("/entry 2"));
  const std::string& evidence = verdict.findings[0].evidence;
  REQUIRE(evidence.starts_with("stamped "));
  CHECK(evidence.substr(8, 64) != evidence.substr(evidence.size() - 64));
}

TEST_CASE("broken: a message id used three times counts where the entries hold by themselves") {
  Pair pair;
  pair.there.message(pair.stranger, 1);  // unauthorised, so that this is no use of the id
  pair.there.message(pair.officer, 1);
  pair.there.message(pair.officer, 2);
  pair.there.message(pair.officer, 1);
  pair.there.message(pair.officer, 1);
  const Verdict verdict = pair.verify();
  std::vector<std::string> said;
  for (const Finding& finding : verdict.findings) {
    if (to_string(finding.code) == "E-DUPLICATE") said.push_back(finding.where + finding.what);
  }
  REQUIRE(said.size() == 2);
  CHECK(said[0].find("/entry 5its message id was used before by entry 3 of") != said[0].npos);
  CHECK(said[1].find("/entry 6its message id was used before by entry 5 of") != said[1].npos);
}

TEST_CASE("the verdict does not depend on who carries out the work") {
  Pair pair;
  for (std::uint8_t i = 0; i < 200; ++i) {
    pair.there.message(pair.officer, i);
    pair.there.checkpoint(kStart + std::chrono::minutes(30) + seconds(i));
  }
  auto envelope = pair.there.envelope(pair.officer, 201);
  pair.there.append(envelope, pair.stranger.key);
  pair.there.append(to_bytes("not an entry"));
  pair.there.checkpoints[7].receipt->signature[3] ^= 1;
  pair.name(100);
  const Verdict scattered = pair.verify(run_scattered);
  const auto in_order = verify_export(pair.folder.path(), {pair.uz.authority, pair.tj.authority});
  REQUIRE(in_order.has_value());
  REQUIRE(scattered.findings.size() == in_order->findings.size());
  CHECK(scattered.findings.size() == 3);
  for (std::size_t i = 0; i < scattered.findings.size(); ++i) {
    CHECK(scattered.findings[i].code == in_order->findings[i].code);
    CHECK(scattered.findings[i].where == in_order->findings[i].where);
    CHECK(scattered.findings[i].what == in_order->findings[i].what);
    CHECK(scattered.findings[i].evidence == in_order->findings[i].evidence);
  }
  CHECK(scattered.journals[1].root == in_order->journals[1].root);
}

}  // namespace blo::journal
