// What is read after a certificate ended: it enters the trail, an auditor has it as a note, and a
// clock that is wrong shuts nobody out.
#include <catch2/catch.hpp>

#include "base/file.h"
#include "forger.h"
#include "office/known_time.h"

namespace blo::sim {
namespace {

using journal::Validity;
using std::chrono::days;
using std::chrono::hours;

constexpr std::uint32_t kSend = 2;
constexpr std::uint32_t kShow = 4;
constexpr std::uint32_t kOfficerAdd = 10;

std::uint64_t asked = 0;

office::TrailEntry act(const Node& node, std::uint32_t request) {
  office::TrailEntry entry;
  entry.officer = &node.officer();
  entry.act.officer = node.officer().certificate.fingerprint();
  entry.act.request = request;
  entry.act.sequence = ++asked;
  entry.act.signature = crypto::sign(crypto::Purpose::kControlRequest, node.kit.officer,
                                     {entry.act.signed_bytes(node.office->keys().id)});
  return entry;
}

bool enters(Node& node, std::uint32_t request, WallTime at) {
  const auto done = node.office->trail().enter(act(node, request), {at, node.now.steady});
  if (!done) CHECK(done.error() == office::OfficeError::kNoValidTime);
  return done.has_value();
}

Validity validity(Node& node, WallTime clock) {
  const Now now{clock, node.now.steady};
  return node.office->officers().validity(node.officer(), office::asked_now(*node.office, now));
}

bool reads(Node& node, WallTime clock) { return validity(node, clock) != Validity::kNone; }

/// Of the pairing's journals and the trail beside them.
journal::Verdict audit_all(World& world, Node& node) {
  const Folder folder;
  const journal::FileSink sink = [&](const std::string& path, ByteView bytes) -> Result<void> {
    std::filesystem::create_directories((folder.path() / path).parent_path());
    return write_file(folder.path() / path, bytes, 0600, Overwrite::kYes);
  };
  auto trail = office::ExportJob::begin_trail(*node.office, sink).value();
  while (trail.step().value()) {
  }
  auto pair = office::ExportJob::begin(*node.office, node.pair(), sink).value();
  while (pair.step().value()) {
  }
  return journal::verify_export(folder.path(), {world.a.kit.authority, world.b.kit.authority})
      .value();
}

std::vector<std::string> notes(const journal::Verdict& verdict, std::string_view begin) {
  std::vector<std::string> found;
  for (const auto& one : verdict.journals) {
    for (const auto& note : one.notes)
      if (note.starts_with(begin)) found.push_back(note);
  }
  return found;
}

void converse(World& world) {
  world.a.say("before");
  world.b.say("an answer");
  world.converge();
  REQUIRE(enters(world.a, kShow, world.a.now.wall));
}

}  // namespace

TEST_CASE("what is read after the office's certificate ended enters the trail and is a note") {
  World world;
  converse(world);
  const WallTime end = world.a.kit.certificate.details().not_after;
  const WallTime after = end + hours(20);
  CHECK(reads(world.a, after));
  CHECK(enters(world.a, kShow, after));
  CHECK(enters(world.a, kShow, after + hours(1)));
  CHECK_FALSE(enters(world.a, kSend, after + hours(1)));
  CHECK_FALSE(enters(world.a, kOfficerAdd, after + hours(1)));
  CHECK(validity(world.a, after + days(400)) == Validity::kOfficeOver);
  const auto verdict = audit_all(world, world.a);
  CHECK(codes(verdict).empty());
  CHECK(verdict.verified());
  CHECK(notes(verdict, "read after the end: ") ==
        std::vector{"read after the end: 2 entries tell of reading after the office's certificate "
                    "had ended on " +
                    to_rfc3339(end) + ", the first of " + to_rfc3339(after) + ", the last of " +
                    to_rfc3339(after + hours(1))});
}

TEST_CASE("after a restart the trail goes on in its next generation though the office has ended") {
  World world;
  converse(world);
  world.cut();
  world.a.restart();
  const WallTime after = world.a.kit.certificate.details().not_after + days(1);
  CHECK_FALSE(enters(world.a, kSend, after));
  CHECK(enters(world.a, kShow, after));
  CHECK(world.a.office->trail().journal()->earlier.size() == 1);
  CHECK(enters(world.a, kShow, after + days(1)));
  const auto verdict = audit_all(world, world.a);
  CHECK(codes(verdict).empty());
  CHECK(verdict.verified());
  CHECK(notes(verdict, "read after the end: 2 entries tell of reading after the office's").size() ==
        1);
}

TEST_CASE("an officer whose own certificate ended reads for thirty days and that is a note") {
  World world;
  converse(world);
  const WallTime end = world.a.officer().certificate.details().not_after;
  CHECK(validity(world.a, end) == Validity::kInForce);
  CHECK(validity(world.a, end + days(1)) == Validity::kOwnOver);
  CHECK(enters(world.a, kShow, end + days(29)));
  CHECK(reads(world.a, end + days(30)));
  const auto verdict = audit_all(world, world.a);
  CHECK(codes(verdict).empty());
  CHECK(notes(verdict, "read after the end: 1 entry tells of reading or renewing").size() == 1);
  // Once the time is known to be beyond that.
  REQUIRE(world.a.office->date_trail({end + days(31), world.a.now.steady}).value());
  CHECK_FALSE(reads(world.a, end + days(31)));
}

TEST_CASE("an act that does more than read under a certificate that is over stays a finding") {
  World world;
  converse(world);
  const WallTime end = world.a.officer().certificate.details().not_after;
  REQUIRE(
      enters(world.a, kSend, end + days(1)));  // whoever does not judge officers, as a daemon does
  const auto verdict = audit_all(world, world.a);
  CHECK(codes(verdict) == std::vector<std::string_view>{"E-VALIDITY"});
}

TEST_CASE("whose certificate was revoked or replaced reads nothing at any time") {
  World world;
  converse(world);
  const auto old = world.a.officer().certificate;
  const auto& office_end = world.a.kit.certificate.details().not_after;
  const auto key = crypto::SigningKey::generate();
  identity::CertificateRequest request{
      identity::CertificateKind::kOfficer, kNetwork, world.a.kit.id.text(), {}, {}, {}, {}};
  request.keys = {{identity::KeyUse::kOfficer, key.verify_key().bytes()}};
  request.name = {"Somebody", "Customs"};
  auto& officers = world.a.office->officers();
  const auto* next =
      officers.add(request.sign(key), {identity::Role::kOperator}, 30, 1, world.a.now).value();
  const auto of = [&](const store::OfficerRow& officer, WallTime clock) {
    return officers.validity(officer,
                             office::asked_now(*world.a.office, {clock, world.a.now.steady}));
  };
  for (const WallTime clock :
       {world.a.now.wall, old.details().not_after + days(1), office_end + days(1)})
    CHECK(of(*officers.find(old.fingerprint()), clock) == Validity::kNone);
  CHECK(of(*next, world.a.now.wall) == Validity::kInForce);
  REQUIRE(world.a.office->revoke_officer(1, identity::RevocationReason::kLeft, world.a.now)
              .has_value());
  for (const WallTime clock : {world.a.now.wall, office_end + days(1)})
    CHECK(of(*next, clock) == Validity::kNone);
}

TEST_CASE("a clock ahead or behind shuts nobody out of reading who was in force") {
  World world;
  converse(world);
  for (const WallTime clock :
       {WallTime{}, world.a.now.wall - days(400), world.a.now.wall + days(400),
        world.a.now.wall + days(4000), world.a.now.wall}) {
    INFO(to_rfc3339(clock));
    CHECK(reads(world.a, clock));
  }
  // Nothing is signed by it all the same.
  CHECK(validity(world.a, world.a.now.wall + days(400)) == Validity::kOwnOver);
}

TEST_CASE(
    "the newest time known is of our own stamps and of receipts and of no counterpart's stamp") {
  World world;
  converse(world);
  const WallTime known = office::newest_date_kept(*world.b.office);
  journal::Stamp ahead = next_stamp(world.a);
  ahead.time += hours(12);
  append_message(world.a, "twelve hours ahead", ahead);
  world.converge();
  CHECK(office::newest_date_kept(*world.b.office) - known < hours(1));
  CHECK(office::newest_date_kept(*world.b.office) >= known);
  const WallTime at = world.a.now.wall + days(2);
  REQUIRE(enters(world.a, kShow, at));
  CHECK(office::newest_date_kept(*world.a.office) == at);
  world.a.restart();
  CHECK(office::newest_date_kept(*world.a.office) == at);
}

TEST_CASE("nobody is certified by an office whose certificate is over") {
  World world;
  const WallTime after = world.a.kit.certificate.details().not_after + days(1);
  const auto key = crypto::SigningKey::generate();
  identity::CertificateRequest request{
      identity::CertificateKind::kOfficer, kNetwork, world.a.kit.id.text(), {}, {}, {}, {}};
  request.keys = {{identity::KeyUse::kOfficer, key.verify_key().bytes()}};
  request.name = {"Somebody", "Customs"};
  CHECK(world.a.office
            ->certify_officer(request.sign(key), {identity::Role::kOperator}, 30, 1, 0,
                              {after, world.a.now.steady})
            .error() == office::OfficeError::kNoValidTime);
}

}  // namespace blo::sim
