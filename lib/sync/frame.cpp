#include "sync/frame.h"

#include "base/limits.h"
#include "base/wire.h"
#include "blo/v1/sync.pb.h"

namespace blo::sync {
namespace {

namespace pb = blo::v1;

template <class... Visitors>
struct Overloaded : Visitors... {
  using Visitors::operator()...;
};

std::string text_of(ByteView bytes) { return std::string(as_text(bytes)); }

void write_head(const Head& head, pb::Head& out) {
  out.set_generation(head.generation.unjudged());
  out.set_size(head.size.unjudged());
  out.set_checkpoint(head.checkpoint);
  out.set_certificate(text_of(head.certificate));
  if (!head.receipt) return;
  out.set_receipt_time_s(head.receipt->time_s.unjudged());
  out.set_receipt_signature(text_of(head.receipt->signature));
}

Result<Head> read_head(const pb::Head& in) {
  Head head{in.generation(), in.size(), in.checkpoint(), {}, to_bytes(in.certificate())};
  if (head.generation == 0 || head.checkpoint.size() > limits::kNoteBytesMax ||
      head.certificate.size() > limits::kCertificateBytesMax ||
      (head.size == 0) != head.checkpoint.empty()) {
    return Error(SyncError::kMalformed, "head");
  }
  if (!in.receipt_signature().empty()) {
    HeadReceipt receipt{in.receipt_time_s(), {}};
    if (head.size == 0 || !copy_exact(as_bytes(in.receipt_signature()), receipt.signature)) {
      return Error(SyncError::kMalformed, "receipt in a head");
    }
    head.receipt = receipt;
  }
  return head;
}

Result<Frame> read_hello(const pb::Hello& in) {
  if (in.office_certificate().size() > limits::kCertificateBytesMax ||
      in.journal_certificate().size() > limits::kCertificateBytesMax) {
    return Error(SyncError::kMalformed, "hello");
  }
  return Frame(Hello{in.minor(), to_bytes(in.office_certificate()),
                     to_bytes(in.journal_certificate()), in.time_ms(), in.start()});
}

Result<Frame> read_heads(const pb::Heads& in) {
  auto mine = read_head(in.mine());
  if (!mine) return mine.error();
  auto yours = read_head(in.yours());
  if (!yours) return yours.error();
  Heads heads{std::move(*mine), std::move(*yours), in.recovers(), in.runs_twice()};
  if (static_cast<std::size_t>(in.announced_size()) > limits::kAddressesMax)
    return Error(SyncError::kMalformed, "announced addresses");
  for (const auto& one : in.announced()) {
    const auto endpoint = IpEndpoint::from_bytes(as_bytes(one.address()), one.port());
    if (!endpoint) return Error(SyncError::kMalformed, "an announced address");
    heads.announced.push_back(*endpoint);
  }
  return Frame(std::move(heads));
}

Result<Frame> read_items(const pb::Items& in) {
  Items items{in.first(), {}};
  if (in.items().empty() || static_cast<std::size_t>(in.items_size()) > limits::kBatchEntriesMax) {
    return Error(SyncError::kMalformed, "items");
  }
  items.parts.reserve(static_cast<std::size_t>(in.items_size()));
  for (const auto& item : in.items()) {
    const bool has_body = item.body_bytes() > 0;
    if (item.entry().size() > limits::kEntryBytesMax || item.body_bytes() > limits::kBodyBytesMax ||
        item.body().size() > item.body_bytes() ||
        item.content_key().size() != (has_body ? 32U : 0U)) {
      return Error(SyncError::kMalformed, "item");
    }
    items.parts.push_back(
        {{to_bytes(item.entry()), to_bytes(item.content_key()), to_bytes(item.body())},
         item.body_bytes()});
  }
  return Frame(std::move(items));
}

Result<Frame> read_receipt(const pb::Receipt& in) {
  Receipt receipt{in.generation(), in.size(), in.time_s(), {}};
  if (receipt.generation == 0 || !copy_exact(as_bytes(in.signature()), receipt.signature)) {
    return Error(SyncError::kMalformed, "receipt");
  }
  return Frame(receipt);
}

Result<Frame> read_secret_offer(const pb::SecretOffer& in) {
  SecretOffer offer{in.number(), {}};
  if (offer.number == 0 || !copy_exact(as_bytes(in.random()), offer.random)) {
    return Error(SyncError::kMalformed, "secret offer");
  }
  return Frame(offer);
}

Result<Frame> read_secret_answer(const pb::SecretAnswer& in) {
  SecretAnswer answer{in.number(), {}, {}};
  if (answer.number == 0 || !copy_exact(as_bytes(in.offer_hash()), answer.offer_hash) ||
      !copy_exact(as_bytes(in.random()), answer.random)) {
    return Error(SyncError::kMalformed, "secret answer");
  }
  return Frame(answer);
}

Result<Frame> read_recall(const pb::Recall& in) {
  if (in.generation() == 0) return Error(SyncError::kMalformed, "recall");
  return Frame(Recall{in.yours(), in.generation(), in.first()});
}

Result<Frame> read_recall_begin(const pb::RecallBegin& in) {
  if (in.generation() == 0 || in.certificate().size() > limits::kCertificateBytesMax) {
    return Error(SyncError::kMalformed, "the beginning of a recall");
  }
  return Frame(RecallBegin{in.mine(), in.generation(), in.first(), to_bytes(in.certificate())});
}

Result<Frame> read_recall_end(const pb::RecallEnd& in) {
  RecallEnd end{in.checkpoint(), {}};
  if (end.checkpoint.size() > limits::kNoteBytesMax ||
      end.checkpoint.empty() != in.receipt_signature().empty()) {
    return Error(SyncError::kMalformed, "the end of a recall");
  }
  if (end.checkpoint.empty()) return Frame(std::move(end));
  end.receipt = HeadReceipt{in.receipt_time_s(), {}};
  if (!copy_exact(as_bytes(in.receipt_signature()), end.receipt->signature)) {
    return Error(SyncError::kMalformed, "the end of a recall");
  }
  return Frame(std::move(end));
}

}  // namespace

std::string_view to_string(CloseReason reason) {
  switch (reason) {
    case CloseReason::kUnspecified: return "no reason given";
    case CloseReason::kShutdown: return "the counterpart's daemon is stopping";
    case CloseReason::kReplaced: return "another connection of the same pair stays";
    case CloseReason::kProtocol: return "the counterpart found our frames out of form";
    case CloseReason::kIdentity: return "the counterpart does not know our certificate";
    case CloseReason::kFrozen: return "the counterpart has frozen the pairing";
    case CloseReason::kDegraded: return "the counterpart's store cannot write";
    case CloseReason::kRenewed: return "a new secret or generation is in force";
    case CloseReason::kRecovered: return "the counterpart has what it had lost";
    case CloseReason::kClock: return "the counterpart's clock and ours differ by more than a day";
    case CloseReason::kAged: return "the session is a day old";
  }
  return "a reason unknown here";
}

Bytes encode_frame(const Frame& frame) {
  pb::Frame out;
  std::visit(
      Overloaded{
          [&](const Hello& hello) {
            auto& to = *out.mutable_hello();
            to.set_minor(hello.minor.unjudged());
            to.set_office_certificate(text_of(hello.office_certificate));
            to.set_journal_certificate(text_of(hello.journal_certificate));
            to.set_time_ms(hello.time_ms.unjudged());
            to.set_start(hello.start.unjudged());
          },
          [&](const Heads& heads) {
            write_head(heads.mine, *out.mutable_heads()->mutable_mine());
            write_head(heads.yours, *out.mutable_heads()->mutable_yours());
            out.mutable_heads()->set_recovers(heads.recovers);
            out.mutable_heads()->set_runs_twice(heads.runs_twice);
            for (const auto& endpoint : heads.announced) {
              auto& to = *out.mutable_heads()->add_announced();
              to.set_address(text_of(endpoint.address()));
              to.set_port(endpoint.port());
            }
          },
          [&](const Items& items) {
            auto& to = *out.mutable_items();
            to.set_first(items.first.unjudged());
            for (const auto& part : items.parts) {
              auto& item = *to.add_items();
              item.set_entry(text_of(part.item.entry));
              item.set_content_key(text_of(part.item.content_key));
              item.set_body_bytes(part.body_bytes);
              item.set_body(text_of(part.item.body));
            }
          },
          [&](const BodyChunk& chunk) { out.mutable_body_chunk()->set_data(text_of(chunk.data)); },
          [&](const BatchEnd& end) { out.mutable_batch_end()->set_checkpoint(end.checkpoint); },
          [&](const Receipt& receipt) {
            auto& to = *out.mutable_receipt();
            to.set_generation(receipt.generation.unjudged());
            to.set_size(receipt.size.unjudged());
            to.set_time_s(receipt.time_s.unjudged());
            to.set_signature(text_of(receipt.signature));
          },
          [&](const Ping& ping) { out.mutable_ping()->set_token(ping.token.unjudged()); },
          [&](const Pong& pong) { out.mutable_pong()->set_token(pong.token.unjudged()); },
          [&](const Rekey&) { out.mutable_rekey(); },
          [&](const Close& close) {
            out.mutable_close()->set_reason(static_cast<pb::CloseReason>(close.reason));
          },
          [&](const SecretOffer& offer) {
            out.mutable_secret_offer()->set_number(offer.number.unjudged());
            out.mutable_secret_offer()->set_random(text_of(offer.random));
          },
          [&](const SecretAnswer& answer) {
            auto& to = *out.mutable_secret_answer();
            to.set_number(answer.number.unjudged());
            to.set_offer_hash(text_of(answer.offer_hash));
            to.set_random(text_of(answer.random));
          },
          [&](const Recall& recall) {
            auto& to = *out.mutable_recall();
            to.set_yours(recall.yours);
            to.set_generation(recall.generation.unjudged());
            to.set_first(recall.first.unjudged());
          },
          [&](const RecallBegin& begin) {
            auto& to = *out.mutable_recall_begin();
            to.set_mine(begin.mine);
            to.set_generation(begin.generation.unjudged());
            to.set_first(begin.first.unjudged());
            to.set_certificate(text_of(begin.certificate));
          },
          [&](const RecallEnd& end) {
            auto& to = *out.mutable_recall_end();
            to.set_checkpoint(end.checkpoint);
            if (!end.receipt) return;
            to.set_receipt_time_s(end.receipt->time_s.unjudged());
            to.set_receipt_signature(text_of(end.receipt->signature));
          },
          [&](const NotTaken& held) { out.mutable_not_taken()->set_wait_s(held.wait_s); }},
      frame);
  Bytes bytes = encode_wire(out);
  BLO_CHECK(bytes.size() <= limits::kFramePlaintextBytesMax);
  return bytes;
}

Result<Frame> parse_frame(ByteView bytes) {
  pb::Frame in;
  if (!parse_wire(bytes, in)) return SyncError::kMalformed;
  switch (in.what_case()) {
    case pb::Frame::kHello: return read_hello(in.hello());
    case pb::Frame::kHeads: return read_heads(in.heads());
    case pb::Frame::kItems: return read_items(in.items());
    case pb::Frame::kBodyChunk: return Frame(BodyChunk{to_bytes(in.body_chunk().data())});
    case pb::Frame::kBatchEnd:
      if (in.batch_end().checkpoint().size() > limits::kNoteBytesMax) return SyncError::kMalformed;
      return Frame(BatchEnd{in.batch_end().checkpoint()});
    case pb::Frame::kReceipt: return read_receipt(in.receipt());
    case pb::Frame::kPing: return Frame(Ping{in.ping().token()});
    case pb::Frame::kPong: return Frame(Pong{in.pong().token()});
    case pb::Frame::kRekey: return Frame(Rekey());
    case pb::Frame::kClose: {
      const auto reason = in.close().reason();
      return Frame(Close{pb::CloseReason_IsValid(reason) ? static_cast<CloseReason>(reason)
                                                         : CloseReason::kUnspecified});
    }
    case pb::Frame::kSecretOffer: return read_secret_offer(in.secret_offer());
    case pb::Frame::kSecretAnswer: return read_secret_answer(in.secret_answer());
    case pb::Frame::kRecall: return read_recall(in.recall());
    case pb::Frame::kRecallBegin: return read_recall_begin(in.recall_begin());
    case pb::Frame::kRecallEnd: return read_recall_end(in.recall_end());
    case pb::Frame::kNotTaken: {
      const std::uint32_t wait_s = in.not_taken().wait_s();
      if (wait_s == 0 || wait_s > limits::kHoldBackMax / seconds(1)) return SyncError::kMalformed;
      return Frame(NotTaken{wait_s});
    }
    case pb::Frame::WHAT_NOT_SET: return SyncError::kUnknownFrame;
  }
  return SyncError::kUnknownFrame;
}

}  // namespace blo::sync
