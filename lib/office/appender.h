// Messages into one of our pair journals, with the officers they name.
#ifndef BLO_OFFICE_APPENDER_H
#define BLO_OFFICE_APPENDER_H

#include <set>

#include "office/writer.h"
#include "seal/body.h"

namespace blo::office {

/// Works inside a transaction of the caller's and on copies: when that has committed, keep() makes
/// what was appended the pairing's; without it it never was.
class Appender {
 public:
  Appender(store::Store& store, const Pair& pair, const Dating& dating, Now now);

  /// Introduces the officer where the journal does not know the certificate.
  [[nodiscard]] Result<void> introduce(const store::OfficerRow& officer);
  /// Number of the message. `import_key` is keyed already, or empty.
  [[nodiscard]] Result<MessageNumber> append(journal::SignedEnvelope message,
                                             const journal::Envelope& envelope,
                                             const seal::Salt& salt, ByteView content,
                                             ByteView import_key);
  [[nodiscard]] Result<void> enter(const journal::Record& record);
  /// As of the last append.
  [[nodiscard]] const store::JournalRow& row() const { return writer_.row(); }
  [[nodiscard]] std::uint64_t appended() const { return row().size() - before_; }
  /// Before the caller commits.
  [[nodiscard]] Result<void> finish() { return writer_.finish(); }
  /// After the caller has committed.
  void keep(Pair& pair);

 private:
  store::Store& store_;
  const Pair& pair_;
  Now now_;
  Writer writer_;
  std::uint64_t before_;
  std::set<identity::Fingerprint> announced_;
};

[[nodiscard]] MessageNumber number_of(const store::JournalRow& sent, std::uint64_t index);

}  // namespace blo::office

#endif
