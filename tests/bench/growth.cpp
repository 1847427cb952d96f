// blo_growth: what requests, sessions, starts and minutes cost where a counterpart has sent very
// many records, with as many of ours and a receipt for every ten. The records are put into the
// store directly; everything measured is the daemon's own code over it.
#define CATCH_CONFIG_RUNNER
#include <catch2/catch.hpp>
#include <cinttypes>
#include <cstdio>
#include <cstdlib>
#include <functional>

#include "office/evidence.h"
#include "office/holds.h"
#include "office/overdue.h"
#include "office/policies.h"
#include "sim/world.h"

namespace blo::bench {
namespace {

using sim::Node;
using sim::World;

constexpr std::uint64_t kRecordsPerReceipt = 10;
constexpr std::uint64_t kRecordsPerTransaction = 10'000;
constexpr std::uint64_t kMessages = 60;  // more than a list shows

/// One journal of `node`'s store, and who signs its checkpoints and receipts.
struct Grown {
  store::JournalRow& row;
  const crypto::SigningKey& journal_key;
  const crypto::SigningKey& receipt_key;
  std::optional<office::ReceiptedHead>& head;
};

/// What a counterpart can say for ever: refusals of messages, erasures of them.
journal::Record record_of(const store::JournalRow& row, std::uint64_t number) {
  const std::uint64_t index = number % kMessages;
  if (number % 2 == 0) {
    return journal::Refusal{1, index, {}, journal::RefusalReason::kInvalidContent};
  }
  return journal::Erasure{index, "rule", 1, row.sent ? 0U : 1U, !row.sent};
}

void grow_by_one(store::Store& store, store::JournalRow& row, std::uint64_t number) {
  const journal::Record record = record_of(row, number);
  const Bytes leaf = journal::Entry{row.last_stamp, journal::encode_record(record)}.encode();
  const auto done = store.journals().append(row, leaf, journal::leaf_hash(leaf), {}, &record);
  BLO_CHECK(done.has_value());
}

void give_receipt(store::Store& store, const Grown& grown) {
  const journal::Checkpoint checkpoint{grown.row.origin, grown.row.size(),
                                       grown.row.frontier.root()};
  const auto head = journal::sign_checkpoint(checkpoint, grown.journal_key);
  const std::uint64_t time_s = to_unix_s(grown.row.last_stamp.time);
  const auto receipt = journal::cosign_note(head.note.text, time_s, grown.receipt_key);
  store::StoredHead stored{checkpoint.size, head.note.encode(), grown.row.frontier, time_s, {}};
  if (grown.row.sent) stored.receipt_signature = receipt.signature;
  BLO_CHECK(store.journals().put_head(grown.row, stored).has_value());
  grown.head = office::ReceiptedHead{checkpoint, stored.note, stored.frontier, receipt};
}

void grow(Node& node, const Grown& grown, std::uint64_t records) {
  auto& store = node.office->store();
  for (std::uint64_t done = 0; done < records;) {
    auto transaction = store.begin().value();
    for (std::uint64_t i = 0; i < kRecordsPerTransaction && done < records; ++i, ++done) {
      grow_by_one(store, grown.row, done);
      if (done % kRecordsPerReceipt == kRecordsPerReceipt - 1) give_receipt(store, grown);
    }
    BLO_CHECK(store.journals().save(grown.row).has_value());
    BLO_CHECK(transaction.commit().has_value());
    BLO_CHECK(store.tidy().has_value());
  }
}

/// The fastest of some runs, in milliseconds: the machine's other work is not what is measured.
double time_ms(int runs, const std::function<void()>& what) {
  double best = 1e9;
  for (int i = 0; i < runs; ++i) {
    const auto begun = std::chrono::steady_clock::now();
    what();
    const std::chrono::duration<double, std::milli> took = std::chrono::steady_clock::now() - begun;
    best = std::min(best, took.count());
  }
  return best;
}

void report(std::uint64_t records, const char* what, double value) {
  std::printf("{\"records\": %" PRIu64 ", \"what\": \"%s\", \"ms\": %.3f}\n", records, what, value);
}

void minute(Node& node) {
  BLO_CHECK(node.office->announce_expiries(node.now).has_value());
  for (const auto& pair : node.office->pairs())
    BLO_CHECK(office::erase_what_waits(*node.office, *pair, 0, node.now).has_value());
  BLO_CHECK(office::announce_overdue(*node.office, {}, node.now).has_value());
}

/// Every file, counted and thrown away.
void export_all(Node& node) {
  auto job = office::ExportJob::begin(*node.office, node.pair(), [](const std::string&, ByteView) {
               return Result<void>();
             }).value();
  while (job.step().value()) {
  }
}

void measure(std::uint64_t records) {
  World world;
  std::vector<MessageNumber> numbers;
  for (std::uint64_t i = 0; i < kMessages; ++i) numbers.push_back(world.a.say("message").number);
  const auto theirs = world.b.say("an answer").number;
  world.converge();
  world.cut();
  Node& node = world.a;
  auto& pair = node.pair();
  const auto a_keys = node.kit.keys();
  const auto b_keys = world.b.kit.keys();
  grow(node, {pair.received->row, *world.b.pair().sent->key, a_keys.receipt, pair.received->head},
       records);
  grow(node, {pair.sent->row, *pair.sent->key, b_keys.receipt, pair.sent->head}, records);

  const int runs = 7;
  report(records, "start", time_ms(3, [&] { node.restart(); }));
  report(records, "catch up at the start", time_ms(runs, [&] {
           BLO_CHECK(node.office->catch_up(node.pair(), node.now).has_value());
         }));
  const office::Place newest{UINT32_MAX, UINT64_MAX};
  for (const auto& [name, box] :
       {std::pair("outbox", office::Box::kSent), std::pair("inbox", office::Box::kReceived)}) {
    report(records, name, time_ms(runs, [&, box = box] {
             BLO_CHECK(office::list_messages(*node.office, node.pair(), box, newest, 50,
                                             store::JournalStore::Steps::kLeftOut)
                           .has_value());
           }));
  }
  report(records, "show, one of ours", time_ms(runs, [&] {
           BLO_CHECK(office::show_message(*node.office, numbers.front()).has_value());
         }));
  report(records, "show, one of theirs",
         time_ms(runs, [&] { BLO_CHECK(office::show_message(*node.office, theirs).has_value()); }));
  report(records, "policy show", time_ms(runs, [&] {
           BLO_CHECK(
               office::newest_policy(node.office->store(), node.pair().received->row).has_value());
         }));
  report(records, "session", time_ms(runs, [&] {
           BLO_CHECK(office::reader_at_end(node.office->store(), node.pair()).has_value());
         }));
  report(records, "minute", time_ms(runs, [&] { minute(node); }));
  report(records, "evidence, before its steps", time_ms(runs, [&] {
           BLO_CHECK(office::EvidenceJob::begin(*node.office, numbers.back(), false).has_value());
         }));
  report(records, "export, before its steps", time_ms(runs, [&] {
           BLO_CHECK(office::ExportJob::begin(*node.office, node.pair(), {}).has_value());
         }));
  report(records, "export, all of it", time_ms(1, [&] { export_all(node); }));
}

std::vector<std::uint64_t> wanted;

/// The simulated world's own checks work within a test alone.
TEST_CASE("growth") {
  for (const std::uint64_t records : wanted) measure(records);
}

}  // namespace

/// blo_growth RECORDS…: for each, in a store of its own.
int run(int count, char** words) {
  if (!crypto::initialise()) return 1;
  for (int i = 1; i < count; ++i) wanted.push_back(std::strtoull(words[i], nullptr, 10));
  return Catch::Session().run();
}

}  // namespace blo::bench

int main(int count, char** words) { return blo::bench::run(count, words); }
