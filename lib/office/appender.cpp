#include "office/appender.h"

#include "crypto/random.h"
#include "office/steps.h"

namespace blo::office {
MessageNumber number_of(const store::JournalRow& sent, std::uint64_t index) {
  const Origin& origin = sent.origin;
  return {origin.from, origin.to, origin.generation, index};
}

Appender::Appender(store::Store& store, const Pair& pair, const Dating& dating, Now now)
    : store_(store),
      pair_(pair),
      now_(now),
      writer_(store, pair.sent->row, dating, pair.receipted()),
      before_(pair.sent->row.size()),
      announced_(pair.sent->announced) {}

Result<void> Appender::introduce(const store::OfficerRow& officer) {
  const auto fingerprint = officer.certificate.fingerprint();
  if (announced_.contains(fingerprint)) return {};
  const auto added = writer_.add_officer(officer);
  if (!added) return added.error();
  announced_.insert(fingerprint);
  return {};
}

Result<MessageNumber> Appender::append(journal::SignedEnvelope message,
                                       const journal::Envelope& envelope, const seal::Salt& salt,
                                       ByteView content, ByteView import_key) {
  Writer::Body body{{}, crypto::random_key()};
  body.sealed = seal::seal_body(body.content_key, message.envelope, salt, content);
  const auto index = writer_.add_message(std::move(message), envelope, body);
  if (!index) return index.error();
  const auto noted = note_message(store_, pair_, writer_.row(), *index, envelope, now_);
  if (!noted) return noted.error();
  if (!import_key.empty()) {
    const auto put = store_.journals().put_imported(import_key, writer_.row(), *index);
    if (!put) return put.error();
  }
  return number_of(writer_.row(), *index);
}

Result<void> Appender::enter(const journal::Record& record) {
  const auto added = writer_.add_record(record);
  if (!added) return added.error();
  return {};
}

void Appender::keep(Pair& pair) {
  pair.sent->row = writer_.row();
  pair.sent->announced = std::move(announced_);
}

}  // namespace blo::office
