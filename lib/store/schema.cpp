#include "store/schema.h"

#include <array>
#include <string>

namespace blo::store {
namespace {

constexpr std::int64_t kApplicationId = 0x424C4F31;  // "BLO1", in the database header

// A `place` is journal id × 2^40 + entry index, so that a journal's rows lie together and grow at
// the end. `refusal` is a RefusalReason, 0 where the entry is accepted. Every secret is wrapped
// under the store key.
constexpr std::array kSteps = {
    R"sql(
CREATE TABLE meta(name TEXT PRIMARY KEY, value BLOB NOT NULL) STRICT, WITHOUT ROWID;

CREATE TABLE pairing(
  id INTEGER PRIMARY KEY,
  counterpart TEXT NOT NULL UNIQUE,
  state INTEGER NOT NULL,
  our_file BLOB NOT NULL,
  their_file BLOB,
  wrapped_one_time BLOB,
  wrapped_secret BLOB,
  confirmed_ms INTEGER,
  frozen_why TEXT,
  evidence TEXT
) STRICT;

CREATE TABLE journal(
  id INTEGER PRIMARY KEY,
  pairing INTEGER NOT NULL REFERENCES pairing,
  origin TEXT NOT NULL UNIQUE,
  sent INTEGER NOT NULL,
  certificate BLOB NOT NULL,
  wrapped_key BLOB,
  frontier BLOB NOT NULL,
  stamp_ms INTEGER NOT NULL DEFAULT 0,
  stamp_generation INTEGER NOT NULL DEFAULT 0,
  stamp_size INTEGER NOT NULL DEFAULT 0,
  stamp_root BLOB,
  refused INTEGER NOT NULL DEFAULT 0
) STRICT;

CREATE TABLE entry(
  place INTEGER PRIMARY KEY,
  leaf BLOB NOT NULL,
  kind INTEGER NOT NULL,
  pairing INTEGER NOT NULL,
  message_id BLOB,
  refusal INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE UNIQUE INDEX entry_message ON entry(pairing, message_id) WHERE message_id IS NOT NULL;
CREATE INDEX entry_record ON entry(place) WHERE kind = 0;

CREATE TABLE body(
  place INTEGER PRIMARY KEY REFERENCES entry,
  sealed BLOB NOT NULL,
  wrapped_key BLOB NOT NULL
) STRICT;

CREATE TABLE head(
  journal INTEGER NOT NULL REFERENCES journal,
  size INTEGER NOT NULL,
  note TEXT NOT NULL,
  frontier BLOB NOT NULL,
  receipt_time_s INTEGER NOT NULL,
  receipt_signature BLOB,
  PRIMARY KEY(journal, size)
) STRICT, WITHOUT ROWID;

CREATE TABLE officer(
  person INTEGER PRIMARY KEY,
  fingerprint BLOB NOT NULL UNIQUE,
  certificate BLOB NOT NULL,
  wrapped_name BLOB
) STRICT;

CREATE TABLE imported(
  key BLOB PRIMARY KEY,
  place INTEGER NOT NULL REFERENCES entry
) STRICT, WITHOUT ROWID;
)sql",
};

Result<std::int64_t> number(Database& database, const char* sql) {
  Statement statement = database.prepare(sql);
  const auto row = statement.step();
  if (!row) return row.error();
  return statement.integer(0);
}

}  // namespace

Result<void> migrate(Database& database) {
  const auto application = number(database, "PRAGMA application_id");
  if (!application) return application.error();
  const auto version = number(database, "PRAGMA user_version");
  if (!version) return version.error();
  const auto newest = static_cast<std::int64_t>(kSteps.size());
  const auto tables = number(database, "SELECT count(*) FROM sqlite_schema");
  if (!tables) return tables.error();
  const bool empty = *application == 0 && *version == 0 && *tables == 0;
  if (!empty && *application != kApplicationId) return StoreError::kCorrupt;
  if (*version > newest) {
    return Error(StoreError::kNewerSchema,
                 "schema " + std::to_string(*version) + ", known up to " + std::to_string(newest));
  }
  if (*version == newest) return {};
  auto transaction = Transaction::begin(database);
  if (!transaction) return transaction.error();
  for (auto step = static_cast<std::size_t>(*version); step < kSteps.size(); ++step) {
    if (const auto done = database.execute(kSteps[step]); !done) return done.error();
  }
  const std::string mark = "PRAGMA application_id=" + std::to_string(kApplicationId) +
                           ";PRAGMA user_version=" + std::to_string(newest);
  if (const auto done = database.execute(mark.c_str()); !done) return done.error();
  return transaction->commit();
}

}  // namespace blo::store
