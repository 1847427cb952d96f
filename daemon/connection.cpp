#include "daemon/connection.h"

#include <atomic>
#include <boost/asio/post.hpp>

#include "base/diag.h"

namespace blo::daemon {
namespace {

/// Below this many entries a hop to the pool and back costs more than it saves; a single urgent
/// message stays here.
constexpr std::size_t kJudgeHere = 4;
/// What one pool task judges: about 5 ms.
constexpr std::size_t kSlice = 64;

}  // namespace

Connection::Connection(std::shared_ptr<transport::Link> link, office::PeerContext context,
                       office::Pair& pair, bool dialled, const crypto::Hash& secret,
                       std::uint64_t opened, boost::asio::any_io_executor loop,
                       boost::asio::thread_pool& pool)
    : link_(std::move(link)),
      pair_(pair),
      peer_(context, pair, *this, secret, read_clocks()),
      dialled_(dialled),
      opened_(opened),
      loop_(std::move(loop)),
      pool_(pool) {}

void Connection::send_frame(ByteView plaintext) {
  if (const auto sent = link_->send_frame(plaintext); !sent) {
    // The link ends by itself and says so in on_closed.
    diag::debug(pair_.counterpart().text() + ": " + sent.error().message());
  }
}

void Connection::on_frame(ByteView frame) {
  peer_.on_frame(frame, read_clocks());
  judge_next(Where::kHere);
}

void Connection::tick(Now now) {
  peer_.tick(now);
  judge_next(Where::kHere);
}

void Connection::judge_next(Where small_ones) {
  while (attached_ && !judging_) {
    auto work = peer_.take_work();
    if (!work) return;
    if (small_ones == Where::kHere && work->size() <= kJudgeHere) {
      work->judge(0, work->size());
      peer_.complete(std::move(*work), read_clocks(), office::Peer::More::kWaits);
      continue;
    }
    judging_ = true;
    auto batch = std::make_shared<office::IncomingBatch>(std::move(*work));
    const std::size_t slices = (batch->size() + kSlice - 1) / kSlice;
    auto left = std::make_shared<std::atomic<std::size_t>>(slices);
    for (std::size_t slice = 0; slice < slices; ++slice) {
      boost::asio::post(pool_, [self = shared_from_this(), batch, left, slice] {
        batch->judge(slice * kSlice, std::min(batch->size(), (slice + 1) * kSlice));
        if (left->fetch_sub(1) == 1)
          boost::asio::post(self->loop_, [self, batch] { self->judged(batch); });
      });
    }
  }
}

void Connection::judged(std::shared_ptr<office::IncomingBatch> batch) {
  judging_ = false;
  if (!attached_) return;
  // The pool works on the next batch while this one is written; a small one must not overtake it.
  judge_next(Where::kPool);
  peer_.complete(std::move(*batch), read_clocks());
}

}  // namespace blo::daemon
