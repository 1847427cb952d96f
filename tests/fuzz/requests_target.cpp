// Programs at the control socket: a script of steps. A request may be any bytes; or any bytes under
// an officer's signature; or a good one, with a lie in it or none, from an officer of any role, or
// from nobody. Numbers of steps as in stateful_seeds.py.
#include <boost/asio/io_context.hpp>
#include <boost/asio/write.hpp>

#include "base/limits.h"
#include "base/wire.h"
#include "blo/v1/control.pb.h"
#include "control/export_path.h"
#include "control/framing.h"
#include "daemon/control_server.h"
#include "office/addresses.h"
#include "requests_world.h"
#include "target.h"

namespace blo::fuzz {
namespace {

namespace asio = boost::asio;
using asio::local::stream_protocol;

constexpr std::size_t kStepsMax = 100;
constexpr std::size_t kClientsMax = 4;

enum Step : unsigned {
  kBytes = 0,         // length(2) bytes
  kSigned = 1,        // officer(1) length(2) bytes: any bytes as a request
  kGood = 2,          // officer(1) which(1) lie(2)
  kUnsigned = 3,      // length(2) bytes
  kGoodUnsigned = 4,  // which(1) lie(2)
  kForged = 5,        // officer(1) which(1) place(1) mask(1): the signed request is changed
  kAgain = 6,         // number(1): a frame that was sent before
  kMessage = 7,       // officer(1) kind(1) precedence(1) lie(2) length(2) content
  kRelease = 8,       // officer(1) draft(1)
  kConnect = 9,       // one more client, that speaks from now on
  kUse = 10,          // number(1): which client speaks
  kLeave = 11,        // it hangs up
  kDeaf = 12,         // it takes no answers any more, or does again
  kCut = 13,          // officer(1) which(1) length(2): the beginning of a request
};

/// One program, and what it was told.
class Client {
 public:
  Client(asio::io_context& loop, const std::string& path) : socket_(loop) {
    socket_.connect(stream_protocol::endpoint(path));
    socket_.non_blocking(true);
  }

  void send(ByteView bytes) {
    boost::system::error_code code;
    const auto sent = socket_.send(asio::buffer(bytes.data(), bytes.size()), MSG_NOSIGNAL, code);
    if (code || sent < bytes.size()) return leave();
    asked_.feed(bytes);
    for (;;) {
      const auto frame = asked_.next();
      if (!frame || !*frame) break;
      ++questions_;
    }
  }

  /// What has come; false: nothing.
  bool read() {
    if (!socket_.is_open() || deaf) return false;
    Bytes buffer(64 * 1024);
    boost::system::error_code code;
    const std::size_t size = socket_.read_some(asio::buffer(buffer), code);
    if (code == asio::error::would_block) return false;
    if (code) {
      leave();
      return false;
    }
    answers_.feed(ByteView(buffer).first(size));
    for (;;) {
      const auto frame = answers_.next();
      BLO_CHECK(frame.has_value());
      if (!*frame) return true;
      hear(**frame);
    }
  }

  void leave() { socket_.close(); }
  [[nodiscard]] bool open() const { return socket_.is_open(); }
  [[nodiscard]] bool waits() const { return open() && !deaf && told_ < questions_; }
  /// Each question has its answer, and what was followed may have been ended by one more.
  void check() const { BLO_CHECK(told_ <= questions_ + followed_); }

  [[nodiscard]] Bytes signed_request(std::size_t officer, Bytes request) const {
    const Bytes bytes =
        control::request_bytes(nonce_, questions_, office_kit().id.text(), crypto::sha256(request));
    v1::SignedRequest out;
    out.set_request(to_string(request));
    out.set_officer(to_string(ByteView(officer_fingerprint(officer))));
    const auto signature =
        crypto::sign(crypto::Purpose::kControlRequest, officer_key(officer), {bytes});
    out.set_signature(to_string(ByteView(signature)));
    return encode_wire(out);
  }

  bool deaf = false;

 private:
  void hear(const Bytes& frame) {
    if (nonce_.empty()) {
      v1::Greeting greeting;
      BLO_CHECK(parse_wire(frame, greeting) && greeting.nonce().size() == 32);
      nonce_ = to_bytes(std::string_view(greeting.nonce()));
      return;
    }
    v1::Response response;
    BLO_CHECK(parse_wire(frame, response));
    BLO_CHECK(response.what_case() != v1::Response::WHAT_NOT_SET);
    if (response.last()) ++told_;
    if (response.event().has_following()) {
      ++told_;
      ++followed_;
    }
    if (response.has_export_file() && response.export_file().path() != "backup")
      BLO_CHECK(!control::export_path_parts(response.export_file().path()).empty());
    if (!response.has_failure()) return;
    const auto& failure = response.failure();
    BLO_CHECK(failure.exit_code() >= 1 && failure.exit_code() <= 8);
    BLO_CHECK(!failure.reason().empty() && is_printable(failure.reason()));
    BLO_CHECK(!failure.sentence().empty());
  }

  stream_protocol::socket socket_;
  control::Deframer asked_{limits::kControlRequestBytesMax};
  control::Deframer answers_{limits::kControlFrameBytesMax};
  Bytes nonce_;
  std::uint64_t questions_ = 0;
  std::uint64_t told_ = 0;
  std::uint64_t followed_ = 0;
};

daemon::Config config() {
  daemon::Config config;
  config.listen.clear();
  config.legal_basis = "an agreement";
  config.retention = {{1, milliseconds(0), "a rule"}, {2, std::chrono::days(30), "another"}};
  return config;
}

class RequestsScript {
 public:
  RequestsScript()
      : side_(office_kit(), office_image(), read_clocks()),
        node_(loop_, *side_.office, side_.now.wall),
        server_(loop_, *side_.office, node_) {
    // What the counterpart announced lies in no network here, and an attempt there would take its
    // time.
    for (const auto& pair : side_.office->pairs())
      static_cast<void>(  // of one that was not accepted there is nothing to dial
          office::set_addresses(side_.office->store(), *pair, {}, 0, side_.now));
    BLO_CHECK(node_.start(config(), side_.now).has_value());
    BLO_CHECK(server_.start({folder_.path(), {}, {}}).has_value());
    join();
  }

  void run(ByteView script) {
    for (std::size_t i = 0; i < kStepsMax && !script.empty(); ++i) {
      if (!step(script)) break;
      turn();
    }
    for (const auto& client : clients_) client->check();
    server_.stop();
    node_.stop([] {});
    loop_.run_for(seconds(10));
    BLO_CHECK(loop_.stopped());  // nothing is left that would keep the daemon
    check_store(side_);
  }

 private:
  void join() {
    if (clients_.size() == kClientsMax) return;
    clients_.push_back(std::make_unique<Client>(loop_, (folder_.path() / "control.sock").string()));
    speaker_ = clients_.size() - 1;
    turn();
  }

  /// Until every client has what is there for it.
  void turn() {
    for (bool more = true; more;) {
      more = loop_.poll() > 0;
      for (const auto& client : clients_) more = client->read() || more;
    }
    // A backup is checked on a thread of its own.
    for (const auto& client : clients_) {
      for (int i = 0; i < 1'000 && client->waits(); ++i) {
        loop_.run_one_for(milliseconds(10));
        while (client->read()) loop_.poll();
      }
      BLO_CHECK(!client->waits());
    }
  }

  [[nodiscard]] Client& speaker() { return *clients_[speaker_]; }

  void send(ByteView message) {
    const Bytes framed = control::frame(message).value();
    send_bytes(framed);
    sent_.push_back(framed);
  }

  void send_bytes(ByteView bytes) {
    if (speaker().open()) speaker().send(bytes);
  }

  static Bytes unsigned_request(Bytes request) {
    v1::SignedRequest out;
    out.set_request(to_string(request));
    return encode_wire(out);
  }

  [[nodiscard]] bool step(ByteView& script) {
    const auto number = take_number(script, 1);
    const auto officer = [&] { return static_cast<std::size_t>(take_number(script, 1)); };
    const auto counted = [&] { return to_bytes(take(script, take_number(script, 2))); };
    switch (number) {
      case kBytes: send_bytes(counted()); return true;
      case kSigned: {
        const auto who = officer();
        send(speaker().signed_request(who, counted()));
        return true;
      }
      case kGood: {
        const auto who = officer();
        const auto which = take_number(script, 1);
        send(speaker().signed_request(who, good_request(which, take_number(script, 2))));
        return true;
      }
      case kUnsigned: send(unsigned_request(counted())); return true;
      case kGoodUnsigned: {
        const auto which = take_number(script, 1);
        send(unsigned_request(good_request(which, take_number(script, 2))));
        return true;
      }
      case kForged: {
        const auto who = officer();
        Bytes request = speaker().signed_request(who, good_request(take_number(script, 1), 0));
        const auto place = take_number(script, 1);
        request[(request.size() - 1) - place % request.size()] ^=
            static_cast<Byte>(take_number(script, 1));
        send(request);
        return true;
      }
      case kAgain: {
        const auto which = take_number(script, 1);
        if (!sent_.empty()) send_bytes(sent_[which % sent_.size()]);
        return true;
      }
      case kMessage: {
        const auto who = officer();
        const auto kind = static_cast<std::uint32_t>(take_number(script, 1));
        const auto precedence = static_cast<unsigned>(take_number(script, 1));
        const auto lie = take_number(script, 2);
        send(speaker().signed_request(who, send_request(who, kind, precedence, lie, counted())));
        return true;
      }
      case kRelease: {
        const auto who = officer();
        send(speaker().signed_request(who, release_request(who, take_number(script, 1))));
        return true;
      }
      case kConnect: join(); return true;
      case kUse: speaker_ = take_number(script, 1) % clients_.size(); return true;
      case kLeave: speaker().leave(); return true;
      case kDeaf: speaker().deaf = !speaker().deaf; return true;
      case kCut: {
        const auto who = officer();
        const Bytes whole =
            control::frame(speaker().signed_request(who, good_request(take_number(script, 1), 0)))
                .value();
        send_bytes(ByteView(whole).first(take_number(script, 2) % whole.size()));
        return true;
      }
      default: return false;
    }
  }

  sim::Folder folder_;
  asio::io_context loop_{1};
  Side side_;
  daemon::Node node_;
  daemon::ControlServer server_;
  std::vector<std::unique_ptr<Client>> clients_;
  std::size_t speaker_ = 0;
  std::vector<Bytes> sent_;  // frames
};

}  // namespace
}  // namespace blo::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  blo::fuzz::RequestsScript().run({data, size});
  return 0;
}
