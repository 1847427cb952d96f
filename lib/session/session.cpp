#include "session/session.h"

#include "base/check.h"
#include "session/frame.h"

namespace blo::session {
namespace {

/// A frame carries at least one byte and its tag.
constexpr std::size_t kTransportMessageBytesMin = 1 + limits::kTagBytes;

}  // namespace

DialOptions::DialOptions(Network network_in, OfficeId responder_in, crypto::DhPublic key,
                         crypto::DhKeyPair own, crypto::Key psk_in)
    : network(network_in),
      responder(std::move(responder_in)),
      responder_key(key),
      own_key(std::move(own)),
      psk(std::move(psk_in)) {}

AnswerOptions::AnswerOptions(Network network_in, OfficeId own_in, crypto::DhKeyPair key,
                             Responder::PskLookup lookup_in)
    : network(network_in),
      own(std::move(own_in)),
      own_key(std::move(key)),
      lookup(std::move(lookup_in)) {}

struct Session::Impl {
  Impl(State start, SteadyTime now, milliseconds handshake_time)
      : state(start), deadline(now + handshake_time), keyed_at(now) {}

  State state;
  SteadyTime deadline;
  std::optional<Error> failure;
  FrameBuffer in;
  Bytes out;
  std::size_t out_sent = 0;

  // The handshake's; gone once it is over.
  std::optional<Initiator> initiator;
  std::optional<Responder> responder;
  Responder::PskLookup lookup;

  // What it leaves.
  bool caller_knows_us = false;
  std::optional<CipherState> sending;
  std::optional<CipherState> receiving;
  std::optional<crypto::DhPublic> peer;
  crypto::Blake2b handshake_hash{};
  crypto::Hash psk_hash{};

  SteadyTime keyed_at;            // when the sending key was taken into use, at the latest
  std::uint64_t keyed_count = 0;  // the sending counter then

  Error fail(Error error) {
    state = State::kFailed;
    failure = error;
    in.clear();
    out.clear();
    out_sent = 0;
    forget_handshake();
    sending.reset();
    receiving.reset();
    return error;
  }

  void forget_handshake() {
    initiator.reset();
    responder.reset();
    lookup = nullptr;
  }

  void establish(Established established) {
    sending = std::move(established.send);
    receiving = std::move(established.receive);
    peer = established.peer;
    handshake_hash = established.handshake_hash;
    psk_hash = established.psk_hash;
    forget_handshake();
    state = State::kOpen;
  }

  [[nodiscard]] std::size_t expected_bytes() const {
    switch (state) {
      case State::kWaitMessage1: return kMessage1Bytes;
      case State::kWaitMessage2: return kMessage2Bytes;
      default: return kMessage3Bytes;
    }
  }

  Result<void> handshake_step(ByteView message);
  Result<void> on_message_1(ByteView message);
  Result<void> on_message_2(ByteView message);
  Result<void> on_message_3(ByteView message);
};

Result<void> Session::Impl::on_message_1(ByteView message) {
  const auto payload = responder->read_message_1(message);
  if (!payload) return payload.error();
  caller_knows_us = true;
  const auto reply = responder->write_message_2({});
  if (!reply) return reply.error();
  append_framed(out, *reply);
  state = State::kWaitMessage3;
  return {};
}

Result<void> Session::Impl::on_message_2(ByteView message) {
  const auto payload = initiator->read_message_2(message);
  if (!payload) return payload.error();
  const auto reply = initiator->write_message_3({});
  if (!reply) return reply.error();
  append_framed(out, *reply);
  establish(initiator->finish());
  return {};
}

Result<void> Session::Impl::on_message_3(ByteView message) {
  const auto payload = responder->read_message_3(message, lookup);
  if (!payload) return payload.error();
  establish(responder->finish());
  return {};
}

Result<void> Session::Impl::handshake_step(ByteView message) {
  switch (state) {
    case State::kWaitMessage1: return on_message_1(message);
    case State::kWaitMessage2: return on_message_2(message);
    default: return on_message_3(message);
  }
}

Session Session::dial(DialOptions options, SteadyTime now) {
  auto impl = std::make_unique<Impl>(State::kWaitMessage2, now, options.handshake_time);
  impl->initiator.emplace(session_prologue(to_string(options.network), options.responder.text()),
                          options.own_key, options.responder_key, options.psk);
  const auto message = impl->initiator->write_message_1({});
  if (message) {
    append_framed(impl->out, *message);
  } else {
    impl->fail(message.error());
  }
  return Session(std::move(impl));
}

Session Session::answer(AnswerOptions options, SteadyTime now) {
  auto impl = std::make_unique<Impl>(State::kWaitMessage1, now, options.handshake_time);
  impl->responder.emplace(session_prologue(to_string(options.network), options.own.text()),
                          options.own_key);
  impl->lookup = std::move(options.lookup);
  return Session(std::move(impl));
}

Result<void> Session::receive(ByteView bytes) {
  if (impl_->failure) return *impl_->failure;
  BLO_CHECK(!open() || !impl_->in.next());
  impl_->in.add(bytes);
  while (!open()) {
    const auto length = impl_->in.next_length();
    if (!length) break;
    if (*length != impl_->expected_bytes()) return impl_->fail(SessionError::kFrameSize);
    const auto message = impl_->in.next();
    if (!message) break;
    const auto done = impl_->handshake_step(*message);
    if (!done) return impl_->fail(done.error());
    impl_->in.drop();
  }
  return {};
}

Result<std::optional<Bytes>> Session::next_frame() {
  if (impl_->failure) return *impl_->failure;
  if (!open()) return std::optional<Bytes>();
  const auto length = impl_->in.next_length();
  if (!length) return std::optional<Bytes>();
  if (*length < kTransportMessageBytesMin) return impl_->fail(SessionError::kFrameSize);
  const auto message = impl_->in.next();
  if (!message) return std::optional<Bytes>();
  auto plaintext = impl_->receiving->decrypt({}, *message);
  if (!plaintext) return impl_->fail(plaintext.error());
  impl_->in.drop();
  return std::optional<Bytes>(std::move(*plaintext));
}

Result<void> Session::send(ByteView plaintext) {
  if (impl_->failure) return *impl_->failure;
  BLO_CHECK(open());
  if (plaintext.empty() || plaintext.size() > limits::kFramePlaintextBytesMax) {
    return SessionError::kFrameSize;
  }
  const std::size_t framed_bytes = kLengthBytes + plaintext.size() + limits::kTagBytes;
  if (to_send().size() + framed_bytes > limits::kSendQueueBytesMax) {
    return impl_->fail(SessionError::kQueueFull);
  }
  const auto message = impl_->sending->encrypt({}, plaintext);
  if (!message) return impl_->fail(message.error());
  append_framed(impl_->out, *message);
  return {};
}

void Session::rekey_sending(SteadyTime now) {
  if (impl_->failure) return;
  BLO_CHECK(open());
  impl_->sending->rekey();
  impl_->keyed_at = now;
  impl_->keyed_count = impl_->sending->counter();
}

void Session::rekey_receiving() {
  if (impl_->failure) return;
  BLO_CHECK(open());
  impl_->receiving->rekey();
}

bool Session::rekey_due(SteadyTime now) const {
  if (!open()) return false;
  return impl_->sending->counter() - impl_->keyed_count >= limits::kRekeyMessages ||
         now - impl_->keyed_at >= limits::kRekeyTime;
}

ByteView Session::to_send() const { return ByteView(impl_->out).subspan(impl_->out_sent); }

void Session::sent(std::size_t bytes) {
  if (impl_->failure) return;
  BLO_CHECK(bytes <= to_send().size());
  impl_->out_sent += bytes;
  // Moving the rest to the front costs no more than was sent since the last time.
  if (impl_->out_sent * 2 < impl_->out.size()) return;
  impl_->out.erase(impl_->out.begin(),
                   impl_->out.begin() + static_cast<std::ptrdiff_t>(impl_->out_sent));
  impl_->out_sent = 0;
}

std::optional<SteadyTime> Session::deadline() const {
  if (impl_->failure || open()) return std::nullopt;
  return impl_->deadline;
}

Result<void> Session::tick(SteadyTime now) {
  if (impl_->failure) return *impl_->failure;
  if (!open() && now >= impl_->deadline) return impl_->fail(SessionError::kTimeout);
  return {};
}

Session::State Session::state() const { return impl_->state; }

const std::optional<Error>& Session::failure() const { return impl_->failure; }

const crypto::DhPublic& Session::peer() const {
  BLO_CHECK(impl_->peer);
  return *impl_->peer;
}

const crypto::Blake2b& Session::handshake_hash() const {
  BLO_CHECK(impl_->peer);
  return impl_->handshake_hash;
}

const crypto::Hash& Session::psk_hash() const {
  BLO_CHECK(impl_->peer);
  return impl_->psk_hash;
}

bool Session::caller_knows_us() const { return impl_->caller_knows_us; }

Session::Session(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Session::Session(Session&&) noexcept = default;
Session& Session::operator=(Session&&) noexcept = default;
Session::~Session() = default;

}  // namespace blo::session
