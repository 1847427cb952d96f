// Whom the daemon answers once a certificate is over.
#include <boost/asio/io_context.hpp>
#include <catch2/catch.hpp>

#include "../../sim/world.h"
#include "base/wire.h"
#include "blo/v1/control.pb.h"
#include "control/framing.h"
#include "daemon/requests.h"

namespace blo::daemon {
namespace {

using std::chrono::days;
using std::chrono::hours;

v1::Request of(const std::function<void(v1::Request&)>& make) {
  v1::Request request;
  make(request);
  request.set_salt(std::string(32, 's'));
  return request;
}

const v1::Request kInbox =
    of([](auto& request) { request.mutable_list()->set_direction(v1::DIRECTION_RECEIVED); });
const v1::Request kSend = of([](auto& request) { request.mutable_send(); });
const v1::Request kExport =
    of([](auto& request) { request.mutable_export_()->set_counterpart("TJ-FOTEHOBOD"); });
const v1::Request kTrailExport = of([](auto& request) { request.mutable_trail_export(); });
const v1::Request kBackup =
    of([](auto& request) { request.mutable_backup()->set_recipient(std::string(32, 'r')); });
const v1::Request kStatus = of([](auto& request) { request.mutable_status(); });
const v1::Request kOfficers = of([](auto& request) { request.mutable_officer_list(); });

/// An office with an operator (1) and a security officer (2), asked at any time.
struct Asked {
  Asked() {
    chief = crypto::SigningKey::generate();
    const auto added = office().officers().add(
        request_of(*chief), {identity::Role::kSecurityOfficer}, 365, 0, world.a.now);
    second = &*added.value();
    world.a.say("before");
    world.b.say("an answer");
    world.converge();
  }

  [[nodiscard]] office::Office& office() { return *world.a.office; }

  [[nodiscard]] Bytes request_of(const crypto::SigningKey& key) const {
    identity::CertificateRequest request{
        identity::CertificateKind::kOfficer, sim::kNetwork, world.a.kit.id.text(), {}, {}, {}, {}};
    request.keys = {{identity::KeyUse::kOfficer, key.verify_key().bytes()}};
    request.name = {"Somebody", "Customs"};
    return request.sign(key);
  }

  /// The failure's reason, or nothing.
  std::string ask(const v1::Request& request, WallTime clock, bool by_second = false) {
    const Now now{clock, world.a.now.steady};
    const auto& officer = by_second ? *second : world.a.officer();
    Question question;
    question.request = encode_wire(request);
    question.sequence = sequence++;
    question.officer = officer.certificate.fingerprint();
    const Bytes bytes =
        control::request_bytes(question.nonce, question.sequence, office().keys().id.text(),
                               crypto::sha256(question.request));
    question.signature = crypto::sign(crypto::Purpose::kControlRequest,
                                      by_second ? *chief : world.a.kit.officer, {bytes});
    const auto signer = find_signer(office(), bytes, *question.officer, question.signature, now);
    REQUIRE(signer.officer == &officer);
    if (signer.validity == journal::Validity::kNone) return "nobody";
    question.asker.officer = signer.officer;
    question.asker.validity = signer.validity;
    const Answer answer = requests.answer(question, now);
    const auto* failed = std::get_if<Failed>(&answer);
    const auto* whole = std::get_if<Bytes>(&answer);
    if (failed == nullptr && whole == nullptr) return "";
    REQUIRE(parse_wire(failed != nullptr ? failed->response : *whole, response));
    return response.has_failure() ? response.failure().reason() : "";
  }

  [[nodiscard]] std::uint64_t entries() { return office().trail().journal()->row.size(); }
  [[nodiscard]] WallTime own_end() { return world.a.officer().certificate.details().not_after; }
  [[nodiscard]] WallTime office_end() { return world.a.kit.certificate.details().not_after; }
  /// Something of ours is stamped so.
  void known(WallTime time) {
    REQUIRE(office().date_trail({time, world.a.now.steady + days(2)}).value());
  }

  sim::World world;
  std::optional<crypto::SigningKey> chief;
  const store::OfficerRow* second = nullptr;
  boost::asio::io_context loop;
  Node node{loop, office(), world.a.now.wall};
  Requests requests{office(), node};
  std::uint64_t sequence = 0;
  v1::Response response;
};

}  // namespace

TEST_CASE("after an officer's end sending is refused with what renews it and reading goes on") {
  Asked asked;
  const WallTime after = asked.own_end() + days(1);
  CHECK(asked.ask(kInbox, asked.own_end()).empty());
  CHECK(asked.ask(kSend, after) == "officer-certificate-over");
  CHECK(asked.response.failure().exit_code() == v1::EXIT_CODE_NOT_AUTHORISED);
  CHECK(asked.response.failure().sentence().find(to_rfc3339(asked.own_end())) != std::string::npos);
  CHECK(asked.response.failure().sentence().find(
            "reads until " + to_rfc3339(asked.own_end() + days(30))) != std::string::npos);
  CHECK(asked.response.failure().next_step().find("blo officer add REQUEST --person") !=
        std::string::npos);
  const auto before = asked.entries();
  CHECK(asked.ask(kInbox, after).empty());
  CHECK(asked.ask(kExport, after).empty());
  CHECK(asked.ask(kTrailExport, after, true).empty());
  CHECK(asked.ask(kBackup, after, true).empty());
  CHECK(asked.entries() >= before + 4);
  CHECK(asked.ask(kStatus, after).empty());
  CHECK(asked.response.status().reads_until_s() == to_unix_s(asked.own_end() + days(30)));
  CHECK_FALSE(asked.response.status().certificate_over());
  CHECK(asked.ask(kOfficers, after).empty());
  REQUIRE(asked.response.officer_list().officers_size() == 2);
  CHECK(asked.response.officer_list().officers(0).state() == v1::OFFICER_STATE_EXPIRED);
  CHECK(asked.response.officer_list().officers(0).reads_until_s() ==
        to_unix_s(asked.own_end() + days(30)));
}

TEST_CASE("thirty days after an officer's end nothing is read any more") {
  Asked asked;
  CHECK(asked.ask(kInbox, asked.own_end() + days(30)).empty());
  const WallTime late = asked.own_end() + days(30) + hours(1);
  asked.known(late);
  CHECK(asked.ask(kInbox, late) == "nobody");
}

TEST_CASE("an officer whose certificate is over renews who is here and certifies nobody else") {
  Asked asked;
  const WallTime after = asked.own_end() + days(1);
  const auto add = [&](std::uint64_t person, std::vector<v1::Role> roles) {
    return of([&](v1::Request& request) {
      auto& in = *request.mutable_officer_add();
      in.set_request(to_string(asked.request_of(crypto::SigningKey::generate())));
      for (const auto role : roles) in.add_roles(role);
      in.set_valid_days(30);
      in.set_person(person);
    });
  };
  CHECK(asked.ask(add(0, {v1::ROLE_OPERATOR}), after, true) == "officer-certificate-over");
  CHECK(asked.ask(add(9, {v1::ROLE_OPERATOR}), after, true) == "officer-certificate-over");
  CHECK(asked.ask(add(1, {v1::ROLE_OPERATOR, v1::ROLE_RELEASER}), after, true) ==
        "officer-certificate-over");
  CHECK(asked.ask(add(1, {v1::ROLE_OPERATOR}), after, true).empty());
  // The operator's first certificate is replaced by that, and reads no more.
  CHECK(asked.ask(kInbox, after) == "nobody");
  CHECK(asked.ask(add(2, {v1::ROLE_SECURITY_OFFICER}), after, true).empty());
  CHECK(asked.ask(kBackup, after, true) == "nobody");
}

TEST_CASE("after the office's end its officers read and export and back up, and all is entered") {
  Asked asked;
  REQUIRE(asked.ask(kInbox, asked.world.a.now.wall).empty());
  asked.known(asked.office_end());
  const auto before = asked.entries();
  for (const int day : {1, 2, 3}) {
    INFO("day " << day);
    const WallTime clock = asked.office_end() + days(day);
    CHECK(asked.ask(kInbox, clock).empty());
    CHECK(asked.ask(kExport, clock).empty());
    CHECK(asked.ask(kTrailExport, clock, true).empty());
    CHECK(asked.ask(kBackup, clock, true).empty());
    CHECK(asked.entries() >= before + 4);
  }
  CHECK(asked.entries() >= before + 12);
  CHECK(asked.ask(kSend, asked.office_end() + days(3)) == "office-certificate-over");
  CHECK(asked.ask(kStatus, asked.office_end() + days(3)).empty());
  CHECK(asked.response.status().certificate_over());
}

TEST_CASE("what is read by a clock that nobody believes is entered as unsure and dates nothing") {
  Asked asked;
  CHECK(asked.ask(kInbox, asked.world.a.now.wall).empty());
  const auto before = asked.entries();
  const WallTime stamp = asked.office().trail().journal()->row.last_stamp.time;
  asked.world.a.set_in_step(false);
  for (const auto clock : {stamp + limits::kClockGoesOnMax + days(1), asked.own_end() + days(31),
                           asked.office_end() + days(400)}) {
    CHECK(asked.ask(kInbox, clock).empty());
    CHECK(asked.ask(kInbox, clock).empty());
  }
  CHECK(asked.ask(kInbox, WallTime{}).empty());
  CHECK(asked.entries() == before + 7);
  CHECK(asked.office().trail().journal()->row.last_stamp.time == stamp);
}

}  // namespace blo::daemon
