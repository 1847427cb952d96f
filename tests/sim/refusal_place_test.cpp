// A counterpart that takes back what it gave receipts for, or refuses whatever comes: what it says
// out of its place changes nothing, and nobody answers it for ever.
#include <catch2/catch.hpp>

#include "forger.h"
#include "old_store.h"

namespace blo::sim {
namespace {

using journal::Refusal;
using journal::RefusalReason;
using office::MessageState;

/// What `node` says to refuse an entry of the other's journal.
Refusal refusal_of(Node& node, std::uint64_t index) {
  const auto& row = node.pair().received->row;
  const auto stored = node.office->store().journals().entry(row, index).value();
  return {row.origin.generation, index, journal::leaf_hash(stored.leaf),
          RefusalReason::kInvalidContent};
}

std::uint64_t refuse(Node& node, const Refusal& refusal) {
  return append_record(node, refusal, next_stamp(node));
}

}  // namespace

TEST_CASE("a refusal right after the receipt over its entry counts") {
  World world;
  exchange(world, 1);
  const Said said = world.b.say("refused at once");
  world.converge();
  refuse(world.a, refusal_of(world.a, said.number.index));
  world.converge();
  CHECK(world.b.show(said.number).state == MessageState::kRefused);
  CHECK(has_alarm(world.b, "refused-by-counterpart"));
  CHECK_FALSE(has_alarm(world.b, "void-refusal"));
  CHECK(codes(audit(world, world.b)).empty());
}

TEST_CASE(
    "a refusal anywhere else changes nothing and is an alarm and a finding against its office") {
  World world;
  exchange(world, 1);
  const Said said = world.b.say("receipted, and answered");
  world.converge();
  const bool next_receipt = GENERATE(false, true);
  if (next_receipt) {
    world.b.say("under the next receipt");
  } else {
    world.a.say("after the receipt");
  }
  world.converge();
  const auto index = refuse(world.a, refusal_of(world.a, said.number.index));
  const auto before = world.b.sent_size();
  world.converge();
  CHECK(world.b.show(said.number).state == MessageState::kReceipted);
  CHECK(has_alarm(world.b, "void-refusal"));
  CHECK_FALSE(has_alarm(world.b, "refused-by-counterpart"));
  CHECK(world.b.sent_size() == before);  // no record refuses a refusal
  world.crash(world.b);
  exchange(world, 1);
  world.check_converged();
  const auto verdict = audit(world, world.b);
  REQUIRE(verdict.findings.size() == 1);
  const auto& finding = verdict.findings.front();
  CHECK(finding.code == journal::FindingCode::kRefusal);
  CHECK(finding.where == journal::export_folder(world.a.pair().sent->row.origin) + "/entry " +
                             std::to_string(index));
}

TEST_CASE("refusals that name nothing or another leaf or the same again count for nothing") {
  World world;
  exchange(world, 1);
  const Said said = world.b.say("stays as it is");
  world.converge();
  Refusal refusal = refusal_of(world.a, said.number.index);
  const int kind = GENERATE(0, 1, 2, 3);
  if (kind == 0) refusal.index += 1'000;
  if (kind == 1) refusal.leaf_hash[0] ^= 1U;
  if (kind == 2) refusal.generation = 9;
  if (kind == 3) refuse(world.a, refusal);
  refuse(world.a, refusal);
  const auto before = world.b.sent_size();
  world.converge();
  CHECK(has_alarm(world.b, "void-refusal"));
  CHECK(world.b.sent_size() == before);
  CHECK(world.b.show(said.number).state ==
        (kind == 3 ? MessageState::kRefused : MessageState::kReceipted));
  exchange(world, 1);
  CHECK(world.b.show(said.number).state ==
        (kind == 3 ? MessageState::kRefused : MessageState::kReceipted));
}

TEST_CASE("a refusal whose own stamp lies changes nothing and is not refused by a record") {
  World world;
  exchange(world, 1);
  const Said said = world.b.say("stays as it is");
  world.converge();
  journal::Stamp stamp = next_stamp(world.a);
  stamp.root[0] ^= 1U;
  append_record(world.a, refusal_of(world.a, said.number.index), stamp);
  const auto before = world.b.sent_size();
  exchange(world, 1);
  CHECK(world.b.show(said.number).state == MessageState::kReceipted);
  CHECK(has_alarm(world.b, "void-refusal"));
  CHECK(world.b.sent_size() == before + 1);
}

TEST_CASE("a counterpart that refuses everything exchanges a bounded number of records") {
  World world;
  exchange(world, 2);
  std::set<std::uint64_t> refused;
  std::vector<std::uint64_t> sizes;
  for (int round = 0; round < 6; ++round) {
    for (std::uint64_t index = 0; index < world.a.received_size(); ++index) {
      if (refused.insert(index).second) refuse(world.a, refusal_of(world.a, index));
    }
    world.converge();
    sizes.push_back(world.b.sent_size());
  }
  CHECK(sizes.front() == sizes.back());
  CHECK(refused.size() == world.b.sent_size());
  exchange(world, 1);
  CHECK(world.b.show(world.b.said.front().number).state == MessageState::kReceipted);
}

TEST_CASE("what was refused and lost is refused again before the first message after the loss") {
  World world;
  exchange(world, 1);
  const Said said = world.b.say("refused, and the refusal is lost");
  world.converge();
  const auto old = copy_of(world, world.a);
  exchange(world, 1);
  put_back(world, world.a, old);
  give_back(world, world.a);
  go_on(world.a);
  refuse(world.a, refusal_of(world.a, said.number.index));
  world.converge();
  CHECK(world.b.show(said.number).state == MessageState::kRefused);
  world.a.say("and from now on it is too late");
  world.converge();
  refuse(world.a, refusal_of(world.a, world.b.said.front().number.index));
  world.converge();
  CHECK(world.b.show(world.b.said.front().number).state == MessageState::kReceipted);
  CHECK(has_alarm(world.b, "void-refusal"));
}

}  // namespace blo::sim
