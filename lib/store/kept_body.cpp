#include "store/kept_body.h"

#include "identity/request.h"
#include "seal/body.h"

namespace blo::store {
namespace {

Error corrupt(const char* what) { return {StoreError::kCorrupt, what}; }

Result<void> check_record(ByteView bytes, const seal::Opened& opened) {
  const auto record = journal::parse_record(bytes);
  if (!record) return corrupt("its record");
  if (const auto* introduced = std::get_if<journal::CertificateRecord>(&*record)) {
    const auto certificate = identity::Certificate::parse(introduced->certificate);
    if (certificate && identity::commit_to_name(opened.salt, opened.content) ==
                           certificate->details().name_commitment)
      return {};
    return corrupt("its name is another one");
  }
  const auto* act = std::get_if<journal::Act>(&*record);
  if (act != nullptr && crypto::sha256(opened.content) == act->request_hash) return {};
  return corrupt("its request is another one");
}

}  // namespace

Result<void> check_content(ByteView envelope, const StoredBody& body) {
  if (!body.content_key) return {};
  const auto says = journal::Envelope::parse(envelope);
  const auto opened = seal::open_body(*body.content_key, envelope, body.sealed);
  if (!says || !opened) return corrupt("its content does not open");
  if (seal::commit_to_content(opened->salt, opened->content) != says->commitment)
    return corrupt("its content is another one");
  return {};
}

Result<void> check_body(ByteView leaf, const StoredBody& body) {
  if (!body.content_key) return {};
  const auto entry = journal::Entry::parse(leaf);
  if (!entry) return corrupt("it has no form");
  if (const auto* message = std::get_if<journal::SignedEnvelope>(&entry->what))
    return check_content(message->envelope, body);
  const auto opened = seal::open_body(*body.content_key, entry->bound_bytes(), body.sealed);
  if (!opened) return corrupt("what is kept beside it does not open");
  return check_record(std::get<Bytes>(entry->what), *opened);
}

}  // namespace blo::store
