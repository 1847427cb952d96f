#include "transport/link.h"

#include <boost/asio/buffer.hpp>
#include <boost/asio/post.hpp>

#include "transport/address.h"
#include "transport/spawn.h"

namespace blo::transport {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;

/// A stranger's link holds little more than the longest handshake message.
constexpr std::size_t kReadBytesHalfOpen = 128;
constexpr std::size_t kReadBytes = 64 * 1024;
constexpr std::size_t kWriteBytes = 64 * 1024;

constexpr auto kNever = asio::steady_timer::time_point::max();

SteadyTime steady_now() { return read_clocks().steady; }

std::string remote_of(const tcp::socket& socket) {
  boost::system::error_code code;
  const auto endpoint = socket.remote_endpoint(code);
  return code ? "a closed connection" : to_string(endpoint);
}

void earliest(std::optional<SteadyTime>& best, const std::optional<SteadyTime>& candidate) {
  if (candidate && (!best || *candidate < *best)) best = candidate;
}

}  // namespace

Link::Link(tcp::socket socket, session::Session session, LinkEvents& events,
           std::size_t read_before)
    : socket_(std::move(socket)),
      session_(std::move(session)),
      events_(&events),
      remote_(remote_of(socket_)),
      dialled_(session_.state() == session::Session::State::kWaitMessage2),
      readable_(socket_.get_executor()),
      writable_(socket_.get_executor()),
      deadline_(socket_.get_executor()) {
  counters_.bytes_in = read_before;
  // Where the system refuses these options the link works without them.
  boost::system::error_code ignored;
  socket_.set_option(tcp::no_delay(true), ignored);
  socket_.set_option(tcp::socket::keep_alive(true), ignored);
}

Link::~Link() = default;

void Link::start() {
  BLO_CHECK(!started_);
  if (finished_) return;
  started_ = true;
  const auto executor = socket_.get_executor();
  asio::co_spawn(executor, watch(shared_from_this()), end_of_coroutine);
  asio::co_spawn(executor, read_loop(shared_from_this()), end_of_coroutine);
  asio::co_spawn(executor, write_loop(shared_from_this()), end_of_coroutine);
}

asio::awaitable<void> Link::read_loop(std::shared_ptr<Link> self) {
  Bytes input;
  while (!self->finished_) {
    input.resize(self->open() ? kReadBytes : kReadBytesHalfOpen);
    const auto [code, size] = co_await self->socket_.async_read_some(asio::buffer(input), kAsTuple);
    if (self->finished_) co_return;
    if (code) {
      self->finish(self->end_of_stream(code));
      co_return;
    }
    self->counters_.bytes_in += size;
    self->take(ByteView(input).first(size));
    while (self->delivering_ && !self->finished_) {
      self->readable_.expires_at(kNever);
      co_await self->readable_.async_wait(kAsTuple);
    }
  }
}

asio::awaitable<void> Link::write_loop(std::shared_ptr<Link> self) {
  Bytes batch;  // a copy, for the queue moves while the system reads from it
  while (!self->finished_) {
    const ByteView queued = self->session_.to_send();
    if (queued.empty() && self->closing_) {
      boost::system::error_code ignored;
      self->socket_.shutdown(tcp::socket::shutdown_send, ignored);
      co_return;
    }
    if (queued.empty()) {
      self->writable_.expires_at(kNever);
      co_await self->writable_.async_wait(kAsTuple);
      continue;
    }
    batch = to_bytes(queued.first(std::min(queued.size(), kWriteBytes)));
    self->write_deadline_ = steady_now() + limits::kDeadAfter;
    self->deadline_.cancel();
    const auto [code, size] =
        co_await self->socket_.async_write_some(asio::buffer(batch), kAsTuple);
    self->write_deadline_.reset();
    if (self->finished_) co_return;
    if (code) {
      // What the other side said last, perhaps why it closed, may still wait to be read.
      if (!self->close_deadline_) self->close_deadline_ = steady_now() + kCloseTimeMax;
      self->deadline_.cancel();
      co_return;
    }
    self->counters_.bytes_out += size;
    self->session_.sent(size);
  }
}

asio::awaitable<void> Link::watch(std::shared_ptr<Link> self) {
  // A session that failed before it began is reported after start() has returned.
  co_await asio::post(self->socket_.get_executor(), asio::use_awaitable);
  while (!self->finished_) {
    self->check_deadlines(steady_now());
    if (self->finished_) co_return;
    const auto next = self->next_deadline();
    self->deadline_.expires_at(next ? asio::steady_timer::time_point(*next) : kNever);
    co_await self->deadline_.async_wait(kAsTuple);
  }
}

void Link::take(ByteView received) {
  if (closing_) return;
  const auto taken = session_.receive(received);
  if (!taken) return finish(taken.error());
  if (!opened_ && session_.open()) {
    opened_ = true;
    events_->on_open(*this);
  }
  if (turns_ && session_.open() && !finished_) {
    delivering_ = true;
    turns_->ask(shared_from_this());
  } else {
    deliver_all();
  }
  wake();
}

bool Link::deliver_frame() {
  if (finished_ || closing_) return false;
  auto frame = session_.next_frame();
  if (!frame) {
    finish(frame.error());
    return false;
  }
  if (!*frame) return false;
  ++counters_.frames_in;
  events_->on_frame(*this, std::move(**frame));
  return true;
}

void Link::deliver_all() {
  while (deliver_frame()) {
  }
  if (open() && !finished_ && !closing_) events_->on_drained(*this);
}

bool Link::take_turn() {
  Turn turn(steady_now());
  while (deliver_frame()) {
    if (!turn.goes_on(steady_now())) return true;
  }
  delivering_ = false;
  if (!finished_ && !closing_) events_->on_drained(*this);
  readable_.cancel();
  return false;
}

void Link::check_deadlines(SteadyTime now) {
  const auto alive = session_.tick(now);
  if (!alive) return finish(alive.error());
  if (close_deadline_ && now >= *close_deadline_) return finish(TransportError::kLost);
  if (write_deadline_ && now >= *write_deadline_) finish(TransportError::kStalled);
}

std::optional<SteadyTime> Link::next_deadline() const {
  std::optional<SteadyTime> next = session_.deadline();
  earliest(next, close_deadline_);
  earliest(next, write_deadline_);
  return next;
}

Error Link::end_of_stream(const boost::system::error_code& code) const {
  const bool hung_up = code == asio::error::eof || code == asio::error::connection_reset;
  if (hung_up && dialled_ && !opened_) return TransportError::kRefused;
  if (hung_up && dialled_ && counters_.frames_in == 0) return TransportError::kNotAccepted;
  if (code == asio::error::eof) return TransportError::kClosed;
  return Error(TransportError::kLost, code.message());
}

Result<void> Link::send_frame(ByteView plaintext) {
  if (!alive() || closing_) return TransportError::kClosed;
  auto sent = session_.send(plaintext);
  if (sent) ++counters_.frames_out;
  wake();
  return sent;
}

void Link::rekey_sending() { session_.rekey_sending(steady_now()); }

void Link::rekey_receiving() { session_.rekey_receiving(); }

bool Link::rekey_due() const { return session_.rekey_due(steady_now()); }

void Link::close() {
  if (!alive() || closing_) return;
  closing_ = true;
  close_deadline_ = steady_now() + kCloseTimeMax;
  wake();
}

void Link::abandon() {
  events_ = nullptr;
  finish(std::nullopt);
}

void Link::wake() {
  readable_.cancel();
  writable_.cancel();
  deadline_.cancel();
}

void Link::finish(std::optional<Error> error) {
  if (finished_) return;
  finished_ = true;
  boost::system::error_code ignored;
  socket_.close(ignored);
  wake();
  if (events_ == nullptr) return;
  if (closing_) error.reset();
  if (error) error = error->within(remote_);
  LinkEvents& events = *std::exchange(events_, nullptr);
  events.on_closed(*this, std::move(error));
}

}  // namespace blo::transport
