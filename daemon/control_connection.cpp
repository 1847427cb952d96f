#include "daemon/control_connection.h"

#include <sys/socket.h>
#include <unistd.h>

#include <boost/asio/buffer.hpp>

#include "base/diag.h"
#include "base/limits.h"
#include "crypto/random.h"
#include "office/known_time.h"
#include "transport/spawn.h"

namespace blo::daemon {
namespace {

namespace asio = boost::asio;

/// An export waits for its client above this; a follower that lets more than four times as much
/// pile up is gone.
constexpr std::size_t kQueueBytes = 1024 * 1024;
constexpr std::size_t kReadBytes = 16 * 1024;
constexpr auto kNever = asio::steady_timer::time_point::max();

/// Nobody's, where the kernel does not say.
uid_t peer_user(int socket) {
  ucred credentials{};
  socklen_t size = sizeof credentials;
  if (::getsockopt(socket, SOL_SOCKET, SO_PEERCRED, &credentials, &size) != 0)
    return static_cast<uid_t>(-1);
  return credentials.uid;
}

Error not_in_force(const Signer& signer) {
  using enum office::OfficerState;
  const std::string who =
      "officer " + std::to_string(signer.officer->person) + ": the certificate ";
  const auto& details = signer.officer->certificate.details();
  switch (signer.state) {
    case kReplaced: return {office::OfficeError::kNotInForce, who + "was replaced by a newer one"};
    case kRevoked: return {office::OfficeError::kNotInForce, who + "was revoked"};
    case kInForce:
    case kExpired: break;
  }
  return {office::OfficeError::kOfficerOver, who + "holds from " + to_rfc3339(details.not_before) +
                                                 " to " + to_rfc3339(details.not_after) +
                                                 ", and reads for 30 days after that"};
}

}  // namespace

ControlConnection::ControlConnection(Socket socket, ControlServer& server,
                                     control::Door::Guest guest)
    : socket_(std::move(socket)),
      server_(server),
      guest_(guest),
      deframer_(limits::kControlRequestBytesMax),
      nonce_(crypto::random_array<32>()),
      user_(peer_user(socket_.native_handle())),
      owns_daemon_(user_ == ::geteuid() || user_ == 0),
      writable_(socket_.get_executor(), kNever),
      drained_(socket_.get_executor(), kNever) {}

void ControlConnection::start() {
  queue(greeting(server_.office_.keys(), nonce_));
  asio::co_spawn(socket_.get_executor(), read_loop(shared_from_this()),
                 transport::end_of_coroutine);
  asio::co_spawn(socket_.get_executor(), write_loop(shared_from_this()),
                 transport::end_of_coroutine);
}

void ControlConnection::close() {
  if (closed_) return;
  closed_ = true;
  if (following_) server_.node_.unfollow(*this);
  boost::system::error_code ignored;
  socket_.close(ignored);
  writable_.cancel();
  drained_.cancel();
}

void ControlConnection::finish() {
  close();
  const auto self = shared_from_this();  // the server's may be the last but this one
  server_.left(guest_);
}

void ControlConnection::queue(ByteView response) {
  if (closed_) return;
  const auto framed = control::frame(response);
  if (!framed) return queue(failure_response(Error(control::ControlError::kAnswerTooLarge)));
  append(outgoing_, *framed);
  writable_.cancel();
  account();
}

void ControlConnection::account() {
  const auto gone = server_.door_.hold(guest_, deframer_.held(), being_written_ + outgoing_.size(),
                                       read_clocks().steady);
  if (gone) server_.hang_up(*gone);
}

asio::awaitable<void> ControlConnection::write_loop(std::shared_ptr<ControlConnection> self) {
  Bytes batch;
  while (!self->closed_) {
    if (self->outgoing_.empty()) {
      co_await self->writable_.async_wait(transport::kAsTuple);
      continue;
    }
    batch.clear();
    std::swap(batch, self->outgoing_);
    self->drained_.cancel();
    self->being_written_ = batch.size();
    while (self->being_written_ > 0) {
      const auto rest = asio::buffer(batch) + (batch.size() - self->being_written_);
      const auto [code, size] = co_await self->socket_.async_write_some(rest, transport::kAsTuple);
      if (code || self->closed_) co_return self->finish();
      self->being_written_ -= size;
      self->account();
    }
  }
  self->finish();
}

asio::awaitable<void> ControlConnection::room(std::shared_ptr<ControlConnection> self) {
  while (!self->closed_ && self->outgoing_.size() > kQueueBytes) {
    co_await self->drained_.async_wait(transport::kAsTuple);
  }
}

asio::awaitable<void> ControlConnection::read_loop(std::shared_ptr<ControlConnection> self) {
  control::Door& door = self->server_.door_;
  Bytes input(kReadBytes);
  while (!self->closed_) {
    const auto [code, size] =
        co_await self->socket_.async_read_some(asio::buffer(input), transport::kAsTuple);
    if (code || self->closed_) break;
    self->deframer_.feed(ByteView(input).first(size));
    bool hang_up = false;
    while (!self->closed_ && !hang_up) {
      auto frame = self->deframer_.next();
      if (!frame) {
        hang_up = true;
        continue;
      }
      if (!*frame) break;
      door.busy(self->guest_);
      Answer answer = self->answer(**frame);
      if (const auto* response = std::get_if<Bytes>(&answer)) {
        self->queue(*response);
      } else if (const auto* failed = std::get_if<Failed>(&answer)) {
        self->queue(failed->response);
      } else if (const auto* job = std::get_if<StartExport>(&answer)) {
        const bool exported = co_await run_export(self, job->pair);
        hang_up = !exported;
      } else if (const auto* evidence = std::get_if<StartEvidence>(&answer)) {
        const auto job_of_it = evidence->job;
        co_await run_evidence(self, job_of_it);
      } else if (const auto* backup = std::get_if<StartBackup>(&answer)) {
        const bool written = co_await run_backup(self, *backup);
        hang_up = !written;
      } else {
        const bool purpose_stated = std::get<StartFollowing>(answer).purpose_stated;
        self->follow(purpose_stated);
      }
      co_await room(self);
      door.answered(self->guest_, read_clocks().steady);
    }
    if (hang_up || self->closed_) break;
    if (self->deframer_.held() > 0) door.reading(self->guest_, read_clocks().steady);
    self->account();
  }
  self->finish();
}

void ControlConnection::follow(bool purpose_stated) {
  if (!server_.door_.follow(guest_)) {
    queue(failure_response(Error(control::ControlError::kTooMany)));
    return;
  }
  if (!following_) server_.node_.follow(*this);
  following_ = true;
  purpose_stated_ = purpose_stated;
  queue(following_event(server_.office_));
}

asio::awaitable<bool> ControlConnection::run_export(std::shared_ptr<ControlConnection> self,
                                                    office::Pair* pair) {
  ControlConnection* const connection = self.get();
  journal::FileSink sink = [connection](const std::string& path,
                                        ByteView contents) -> Result<void> {
    connection->queue(export_file_response(path, contents));
    return {};
  };
  auto& office = self->server_.office_;
  auto job = pair == nullptr ? office::ExportJob::begin_trail(office, std::move(sink))
                             : office::ExportJob::begin(office, *pair, std::move(sink));
  if (!job) {
    self->queue(failure_response(job.error()));
    co_return true;
  }
  for (;;) {
    const auto more = job->step();
    if (!more) {
      self->queue(failure_response(more.error()));
      co_return true;
    }
    if (!*more) break;
    co_await room(self);
    if (self->closed_) co_return false;
  }
  self->queue(export_done_response(*job));
  co_return true;
}

asio::awaitable<void> ControlConnection::run_evidence(std::shared_ptr<ControlConnection> self,
                                                      std::shared_ptr<office::EvidenceJob> job) {
  auto executor = co_await asio::this_coro::executor;
  while (!self->closed_) {
    const auto more = job->step();
    if (!more) {
      self->queue(failure_response(more.error()));
      co_return;
    }
    if (!*more) {
      self->queue(evidence_response(*job));
      co_return;
    }
    // Whatever else waits goes first.
    co_await asio::post(executor, asio::use_awaitable);
  }
}

Answer ControlConnection::answer(ByteView frame) {
  const Now now = read_clocks();
  const auto parts = parse_signed_request(frame);
  const std::uint64_t sequence = sequence_++;
  if (!parts) return failure_response(Error(control::ControlError::kMalformed));
  Question question;
  question.asker.owns_daemon = owns_daemon_;
  question.asker.is_monitor = std::ranges::count(server_.monitors_, user_) > 0;
  question.request = parts->request;
  question.nonce = nonce_;
  question.sequence = sequence;
  question.user = user_;
  if (parts->officer.empty()) return server_.requests_.answer(question, now);
  question.officer.emplace();
  if (!copy_exact(parts->officer, *question.officer) ||
      !copy_exact(parts->signature, question.signature)) {
    return failure_response(Error(control::ControlError::kMalformed));
  }
  const Bytes signed_bytes = control::request_bytes(
      nonce_, sequence, server_.office_.keys().id.text(), crypto::sha256(parts->request));
  const auto signer =
      find_signer(server_.office_, signed_bytes, *question.officer, question.signature, now);
  if (signer.officer == nullptr || signer.validity == journal::Validity::kNone) {
    // An act that names an officer stands on that officer's signature: this one on its user alone.
    if (signer.officer == nullptr) {
      question.officer.reset();
      question.signature = {};
    }
    server_.requests_.enter_unknown(question, now);
    return failure_response(signer.officer == nullptr ? Error(office::OfficeError::kUnknownOfficer)
                                                      : not_in_force(signer));
  }
  question.asker.officer = signer.officer;
  question.asker.validity = signer.validity;
  follower_ = signer.officer;
  return server_.requests_.answer(question, now);
}

/// Whoever is revoked while following, or whose certificate is over for reading, sees nothing more.
bool ControlConnection::may_follow() const {
  return outgoing_.size() <= 4 * kQueueBytes && follower_ != nullptr &&
         server_.office_.officers().validity(*follower_,
                                             office::asked_now(server_.office_, read_clocks())) !=
             journal::Validity::kNone;
}

/// A policy that asks for a purpose ends who follows without one, however it came in force: set by
/// hand, gone on with after a loss, given back. True: it has.
bool ControlConnection::end_following_without_purpose() {
  const auto* pair = purpose_stated_ ? nullptr : asks_for_purpose(server_.office_, "");
  if (!following_ || pair == nullptr) return !following_;
  server_.node_.unfollow(*this);
  following_ = false;
  queue(failure_response(Error(office::OfficeError::kPurposeNeeded, pair->counterpart().text())));
  return true;
}

void ControlConnection::policy_changed() { end_following_without_purpose(); }

void ControlConnection::arrived(const office::Pair& pair, std::uint64_t first, std::uint64_t end) {
  if (!may_follow()) return close();
  if (end_following_without_purpose()) return;
  const auto messages = office::arrived_messages(server_.office_, pair, first, end);
  if (!messages) return;
  const WallTime now = read_clocks().wall;
  for (const auto& message : *messages) queue(arrived_event(message, now));
}

void ControlConnection::receipted(const office::Pair&, const office::ReceiptedHead& head) {
  if (!may_follow()) return close();
  if (end_following_without_purpose()) return;
  queue(receipted_event(head));
}

}  // namespace blo::daemon
