#include "office/writer.h"

#include <tuple>

#include "crypto/random.h"
#include "seal/body.h"

namespace blo::office {

Writer::Writer(store::Store& store, const store::JournalRow& journal, const Dating& dating,
               const std::optional<journal::Checkpoint>& receipted)
    : store_(store), row_(journal), time_(EntryTime{}), receipted_(receipted) {
  date(dating);
}

void Writer::date(const Dating& dating) {
  time_ = entry_time(store_, row_, dating);
  const auto certificate = identity::Certificate::parse(row_.certificate);
  if (!time_) return;  // told by the first add
  valid_time_ = !certificate || certificate->details().valid_at(time_->judged_at);
  after_end_ = certificate && certificate->details().not_after < time_->judged_at;
}

journal::Stamp Writer::stamp() const {
  journal::Stamp stamp;
  stamp.time = time_->time;
  stamp.unsure = time_->unsure;
  // What an old store was not given back of the opposite journal, its own last stamp names already.
  stamp.generation = row_.last_stamp.generation;
  stamp.size = row_.last_stamp.size;
  stamp.root = row_.last_stamp.root;
  if (receipted_ && std::tuple(receipted_->origin.generation, receipted_->size) >
                        std::tuple(stamp.generation, stamp.size)) {
    stamp.generation = receipted_->origin.generation;
    stamp.size = receipted_->size;
    stamp.root = receipted_->root;
  }
  return stamp;
}

Result<std::uint64_t> Writer::add(const journal::Entry& entry, const store::EntryFacts& facts,
                                  const Body* body, const journal::Record* record) {
  const bool reads =
      after_end_ && row_.origin.is_trail() && record != nullptr && journal::may_follow_end(*record);
  if (!valid_time_ && !reads) return Error(OfficeError::kNoValidTime, to_rfc3339(time_->judged_at));
  const Bytes leaf = entry.encode();
  const std::uint64_t index = row_.size();
  const auto done = store_.journals().append(row_, leaf, journal::leaf_hash(leaf), facts, record);
  if (!done) return done.error();
  const WallTime newest = row_.last_stamp.time;
  row_.last_stamp = entry.stamp;
  if (entry.stamp.unsure) {
    row_.last_stamp.time = newest;
    row_.last_stamp.unsure = false;
  } else {
    const auto noted = store_.journals().note_sure_time(row_, index, entry.stamp.time);
    if (!noted) return noted.error();
  }
  if (body != nullptr) {
    const auto put = store_.journals().put_body(row_, index, body->sealed, body->content_key);
    if (!put) return put.error();
  }
  return index;
}

Result<std::uint64_t> Writer::add_message(journal::SignedEnvelope message,
                                          const journal::Envelope& envelope, const Body& body) {
  if (!time_) return time_.error();
  store::EntryFacts facts{envelope.kind, envelope.message_id, {}};
  return add(journal::Entry{stamp(), std::move(message)}, facts, &body, nullptr);
}

Result<std::uint64_t> Writer::add_record(const journal::Record& record) {
  if (!time_) return time_.error();
  return add(journal::Entry{stamp(), journal::encode_record(record)}, {}, nullptr, &record);
}

Result<std::uint64_t> Writer::add_act(const journal::Record& act, const Body* body) {
  if (!time_) return time_.error();
  return add(journal::Entry{stamp(), journal::encode_record(act)}, {store::kActKind, {}, {}}, body,
             &act);
}

Result<std::uint64_t> Writer::add_officer(const store::OfficerRow& officer) {
  if (!time_) return time_.error();
  if (officer.name.name.empty()) {
    return add_record(journal::CertificateRecord{officer.certificate.bytes(), 0});
  }
  const Bytes name = officer.name.encode();
  const journal::Record record =
      journal::CertificateRecord{officer.certificate.bytes(), seal::padded_bytes(name.size())};
  const journal::Entry entry{stamp(), journal::encode_record(record)};
  Body body{{}, crypto::random_key()};
  body.sealed = seal::seal_body(body.content_key, entry.bound_bytes(), officer.name_salt, name);
  return add(entry, {}, &body, &record);
}

Result<void> Writer::finish() { return store_.journals().save(row_); }

}  // namespace blo::office
