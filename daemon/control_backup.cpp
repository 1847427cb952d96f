// A backup over the control socket: the copying between other requests, the checking beside them.
#include <boost/asio/post.hpp>
#include <boost/asio/thread_pool.hpp>

#include "base/diag.h"
#include "daemon/backup.h"
#include "daemon/control_connection.h"
#include "daemon/home.h"
#include "transport/spawn.h"

namespace blo::daemon {
namespace {

namespace asio = boost::asio;

struct Checked {
  BackupJob* job;
  Result<void> done;
};

asio::awaitable<void> check(std::shared_ptr<Checked> checked) {
  checked->done = checked->job->check();
  co_return;
}

/// No second one meanwhile: they share the copy's place.
class OneAtATime {
 public:
  explicit OneAtATime(bool& busy) : busy_(busy) { busy_ = true; }
  OneAtATime(const OneAtATime&) = delete;
  OneAtATime& operator=(const OneAtATime&) = delete;
  ~OneAtATime() { busy_ = false; }

 private:
  bool& busy_;
};

}  // namespace

asio::awaitable<bool> ControlConnection::run_backup(std::shared_ptr<ControlConnection> self,
                                                    StartBackup wanted) {
  ControlServer& server = self->server_;
  if (server.backing_up_) {
    self->queue(failure_response(Error(HomeError::kBackingUp)));
    co_return true;
  }
  const OneAtATime one(server.backing_up_);
  auto job = BackupJob::begin(server.office_, server.home_, wanted.recipient,
                              wanted.with_office_key, read_clocks());
  if (!job) {
    self->queue(failure_response(job.error()));
    co_return true;
  }
  const auto loop = self->socket_.get_executor();
  Result<bool> more = true;
  while (more && *more) {
    more = job->copy();
    // Whatever else waits goes first.
    co_await asio::post(loop, asio::use_awaitable);
    if (self->closed_) co_return false;
  }
  if (!more) {
    self->queue(failure_response(more.error()));
    co_return true;
  }
  asio::thread_pool pool(1);
  const auto checked = std::make_shared<Checked>(Checked{&*job, {}});
  auto checking = check(checked);
  co_await asio::co_spawn(pool, std::move(checking), transport::kAsTuple);
  if (!checked->done) {
    diag::error("the backup was not written: " + checked->done.error().message());
    self->queue(failure_response(checked->done.error()));
    co_return true;
  }
  for (;;) {
    const auto piece = job->next();
    if (!piece) {
      self->queue(failure_response(piece.error()));
      co_return true;
    }
    if (piece->empty()) break;
    self->queue(export_file_response("backup", *piece));
    co_await room(self);
    if (self->closed_) co_return false;
  }
  self->queue(backup_response(*job));
  if (const auto noted = office::note_backup(server.office_, read_clocks()); !noted)
    server.node_.note_store_failure(noted.error());
  co_return true;
}

}  // namespace blo::daemon
