// One open session with a counterpart: a link below, a peer above, and the pool that judges what
// comes in.
#ifndef BLO_DAEMON_CONNECTION_H
#define BLO_DAEMON_CONNECTION_H

#include <boost/asio/thread_pool.hpp>

#include "office/office.h"
#include "transport/link.h"

namespace blo::daemon {

/// Kept alive by the node while it is open, and by the pool while a batch is being judged.
class Connection : public office::Line, public std::enable_shared_from_this<Connection> {
 public:
  Connection(std::shared_ptr<transport::Link> link, office::PeerContext context, office::Pair& pair,
             bool dialled, const crypto::Hash& secret, std::uint64_t opened,
             boost::asio::any_io_executor loop, boost::asio::thread_pool& pool);

  void on_frame(ByteView frame);
  void tick(Now now);
  /// All that was read from the socket has been through on_frame().
  void on_drained() { peer_.settle(read_clocks()); }
  /// The link is gone: what the pool still brings is dropped.
  void detach() { attached_ = false; }

  [[nodiscard]] office::Peer& peer() { return peer_; }
  [[nodiscard]] const office::Peer& peer() const { return peer_; }
  /// Ascends from connection to connection.
  [[nodiscard]] std::uint64_t opened() const { return opened_; }
  [[nodiscard]] office::Pair& pair() const { return pair_; }
  [[nodiscard]] transport::Link& link() const { return *link_; }
  [[nodiscard]] bool dialled() const { return dialled_; }
  [[nodiscard]] bool syncing() const { return peer_.state() == office::Peer::State::kSync; }

  void send_frame(ByteView plaintext) override;
  void rekey_sending() override { link_->rekey_sending(); }
  void rekey_receiving() override { link_->rekey_receiving(); }
  [[nodiscard]] bool rekey_due(SteadyTime) const override { return link_->rekey_due(); }
  void close() override { link_->close(); }
  [[nodiscard]] std::size_t queued_bytes() const override { return link_->queued_bytes(); }

 private:
  /// Where a batch too small for the pool is judged and completed.
  enum class Where { kHere, kPool };
  /// Starts judging what has come in, one batch at a time, in order.
  void judge_next(Where small_ones);
  void judged(std::shared_ptr<office::IncomingBatch> batch);

  std::shared_ptr<transport::Link> link_;
  office::Pair& pair_;
  office::Peer peer_;
  bool dialled_;
  std::uint64_t opened_;
  bool attached_ = true;
  bool judging_ = false;
  boost::asio::any_io_executor loop_;
  boost::asio::thread_pool& pool_;
};

}  // namespace blo::daemon

#endif
