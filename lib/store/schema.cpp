#include "store/schema.h"

#include <array>
#include <string>

#include "store/unopened.h"

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
    // A journal without a pairing is the audit trail. An officer is a person with one certificate
    // after another; a name that was erased is NULL.
    R"sql(
CREATE TABLE journal_2(
  id INTEGER PRIMARY KEY,
  pairing INTEGER REFERENCES pairing,
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
INSERT INTO journal_2 SELECT * FROM journal;
DROP TABLE journal;
ALTER TABLE journal_2 RENAME TO journal;

CREATE TABLE officer_2(
  id INTEGER PRIMARY KEY,
  person INTEGER NOT NULL,
  fingerprint BLOB NOT NULL UNIQUE,
  certificate BLOB NOT NULL,
  wrapped_name BLOB
) STRICT;
INSERT INTO officer_2(person, fingerprint, certificate, wrapped_name)
  SELECT person, fingerprint, certificate, wrapped_name FROM officer ORDER BY person;
DROP TABLE officer;
ALTER TABLE officer_2 RENAME TO officer;
CREATE TABLE revocation(
  person INTEGER PRIMARY KEY,
  revocation BLOB NOT NULL
) STRICT;

ALTER TABLE pairing ADD COLUMN confirmed_person INTEGER NOT NULL DEFAULT 0;
ALTER TABLE pairing ADD COLUMN wrapped_how BLOB;
ALTER TABLE pairing ADD COLUMN wrapped_why BLOB;
ALTER TABLE pairing ADD COLUMN secret_number INTEGER NOT NULL DEFAULT 1;
ALTER TABLE pairing ADD COLUMN secret_ms INTEGER NOT NULL DEFAULT 0;
ALTER TABLE pairing ADD COLUMN wrapped_next BLOB;
ALTER TABLE pairing ADD COLUMN wrapped_previous BLOB;

CREATE TABLE alarm(
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  raised_ms INTEGER NOT NULL,
  code TEXT NOT NULL,
  subject TEXT NOT NULL,
  wrapped_text BLOB NOT NULL,
  evidence BLOB,
  acknowledged_ms INTEGER,
  acknowledged_person INTEGER,
  wrapped_acknowledgement BLOB
) STRICT;
CREATE UNIQUE INDEX alarm_open ON alarm(code, subject) WHERE acknowledged_ms IS NULL;

CREATE TABLE draft(
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  pairing INTEGER NOT NULL REFERENCES pairing,
  drafted_ms INTEGER NOT NULL,
  person INTEGER NOT NULL,
  message_id BLOB NOT NULL UNIQUE,
  envelope BLOB NOT NULL,
  signature BLOB NOT NULL,
  import_key BLOB,
  sealed BLOB NOT NULL,
  wrapped_key BLOB NOT NULL,
  rejected_ms INTEGER,
  rejected_person INTEGER,
  wrapped_reason BLOB
) STRICT;
CREATE INDEX draft_waiting ON draft(id) WHERE rejected_ms IS NULL;
CREATE INDEX draft_imported ON draft(import_key) WHERE import_key IS NOT NULL;
)sql",
    // What a store that was behind had accepted by itself waits here for the next generation.
    R"sql(
ALTER TABLE pairing ADD COLUMN recovery INTEGER NOT NULL DEFAULT 0;
CREATE TABLE stranded(
  id INTEGER PRIMARY KEY,
  pairing INTEGER NOT NULL REFERENCES pairing,
  leaf BLOB NOT NULL,
  import_key BLOB,
  sealed BLOB,
  wrapped_key BLOB
) STRICT;
CREATE INDEX stranded_pairing ON stranded(pairing, id);
)sql",
    // `step` has the opened (3) and acted (4) that answer a message. `awaited` has the messages we
    // sent that were not acted upon; `opened_ms` is 0 until they were opened.
    R"sql(
CREATE TABLE step(
  pairing INTEGER NOT NULL REFERENCES pairing,
  message_id BLOB NOT NULL,
  kind INTEGER NOT NULL,
  place INTEGER NOT NULL REFERENCES entry,
  PRIMARY KEY(pairing, message_id, kind, place)
) STRICT, WITHOUT ROWID;
CREATE INDEX step_place ON step(place);

CREATE TABLE awaited(
  place INTEGER PRIMARY KEY REFERENCES entry,
  precedence INTEGER NOT NULL,
  stamp_ms INTEGER NOT NULL,
  expires_ms INTEGER NOT NULL,
  opened_ms INTEGER NOT NULL DEFAULT 0,
  announced INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX awaited_opening ON awaited(precedence, place) WHERE opened_ms = 0 AND announced < 2;
CREATE INDEX awaited_outcome ON awaited(precedence, place) WHERE opened_ms > 0 AND announced < 3;
)sql",
    R"sql(
CREATE TABLE hold(
  pairing INTEGER NOT NULL REFERENCES pairing,
  message_id BLOB NOT NULL,
  placed_ms INTEGER NOT NULL,
  person INTEGER NOT NULL,
  wrapped_reason BLOB NOT NULL,
  PRIMARY KEY(pairing, message_id)
) STRICT, WITHOUT ROWID;
)sql",
    // The ceremony anew, beside the files and the secret in force until its digits are confirmed.
    // `untried`: no session has begun under the secret that came into force by it.
    R"sql(
ALTER TABLE pairing ADD COLUMN again_our_file BLOB;
ALTER TABLE pairing ADD COLUMN again_their_file BLOB;
ALTER TABLE pairing ADD COLUMN wrapped_again_one_time BLOB;
ALTER TABLE pairing ADD COLUMN wrapped_again_secret BLOB;
ALTER TABLE pairing ADD COLUMN untried INTEGER NOT NULL DEFAULT 0;
)sql",
    // Of a received journal: from which entry on its stamps name their newest head, which head they
    // named before, and up to which entry it only refuses under that head. `signed_head`: when a
    // checkpoint of ours that has no receipt yet was first signed. `leaf_check`: the beginning of
    // the leaf's hash, against which it is read back before anything is signed over it. An alarm
    // counts how often its condition was met, and when last.
    //
    // `record` is a RecordKind, 0 for what holds none. Three tables have what records say of other
    // entries, which they name as the journals do: `sent`, `generation`, `entry` (its index), here
    // or not. `record` is the place of the record that says it first; `ours`: it is in our journal.
    R"sql(
ALTER TABLE journal ADD COLUMN run_first INTEGER NOT NULL DEFAULT 0;
ALTER TABLE journal ADD COLUMN before_generation INTEGER NOT NULL DEFAULT 0;
ALTER TABLE journal ADD COLUMN before_size INTEGER NOT NULL DEFAULT 0;
ALTER TABLE journal ADD COLUMN refusing_end INTEGER NOT NULL DEFAULT 0;

CREATE TABLE signed_head(
  journal INTEGER NOT NULL REFERENCES journal,
  size INTEGER NOT NULL,
  first_ms INTEGER NOT NULL,
  PRIMARY KEY(journal, size)
) STRICT, WITHOUT ROWID;
ALTER TABLE entry ADD COLUMN leaf_check BLOB;
ALTER TABLE alarm ADD COLUMN occurrences INTEGER NOT NULL DEFAULT 1;
ALTER TABLE alarm ADD COLUMN last_ms INTEGER NOT NULL DEFAULT 0;

ALTER TABLE entry ADD COLUMN record INTEGER NOT NULL DEFAULT 0;
DROP INDEX entry_record;
CREATE INDEX entry_record ON entry(record, place) WHERE record > 0;
CREATE INDEX entry_listed ON entry(place) WHERE kind > 0;
CREATE INDEX entry_listed_no_step ON entry(place) WHERE kind > 0 AND kind NOT IN (3, 4);
CREATE INDEX entry_refused ON entry(place) WHERE refusal > 0;
CREATE INDEX head_time ON head(journal, receipt_time_s, size);
CREATE TABLE refusal_of(
  pairing INTEGER NOT NULL,
  sent INTEGER NOT NULL,
  generation INTEGER NOT NULL,
  entry INTEGER NOT NULL,
  record INTEGER NOT NULL,
  reason INTEGER NOT NULL,
  PRIMARY KEY(pairing, sent, generation, entry)
) STRICT, WITHOUT ROWID;
CREATE TABLE erasure_of(
  pairing INTEGER NOT NULL,
  sent INTEGER NOT NULL,
  generation INTEGER NOT NULL,
  entry INTEGER NOT NULL,
  record INTEGER NOT NULL,
  ours INTEGER NOT NULL,
  PRIMARY KEY(pairing, sent, generation, entry, ours)
) STRICT, WITHOUT ROWID;
CREATE TABLE erasure_held(
  pairing INTEGER NOT NULL,
  sent INTEGER NOT NULL,
  generation INTEGER NOT NULL,
  entry INTEGER NOT NULL,
  record INTEGER NOT NULL,
  PRIMARY KEY(pairing, sent, generation, entry)
) STRICT, WITHOUT ROWID;
)sql",
    // `subtree`: root of the largest complete subtree that ends with the entry; NULL in entries
    // from before. A tree of any size is read from as many of them as its size has bits set.
    R"sql(
ALTER TABLE pairing DROP COLUMN wrapped_previous;
ALTER TABLE entry ADD COLUMN subtree BLOB;
)sql",
    // `sent_at`, `opened_at` and `kept_at` are points in the office's waiting time, 0 for never,
    // which `wait_mark` (one row) and `time_off` let the next run go on from: base/wait_clock. What
    // waited before waits from the beginning of that time on.
    R"sql(
ALTER TABLE awaited RENAME COLUMN stamp_ms TO sent_at;
ALTER TABLE awaited RENAME COLUMN opened_ms TO opened_at;
UPDATE awaited SET sent_at = 1, opened_at = min(opened_at, 1);
ALTER TABLE head ADD COLUMN kept_at INTEGER NOT NULL DEFAULT 0;
DROP INDEX head_time;
CREATE INDEX head_kept ON head(journal, kept_at, size);
CREATE TABLE wait_mark(
  id INTEGER PRIMARY KEY CHECK(id = 1),
  at_ms INTEGER NOT NULL,
  wall_ms INTEGER,
  off_from_ms INTEGER
) STRICT;
CREATE TABLE time_off(at_ms INTEGER PRIMARY KEY, length_ms INTEGER NOT NULL) STRICT;
)sql",
    // `turn`: a draft's place among those that wait for the next generation of their journal; NULL
    // for one that waits for a second officer. `releaser` (a certificate's fingerprint) and
    // `release` (a signature) where one has released it. `ordered` has what a person ordered to be
    // destroyed while the pairing waited: what this rule lets go of at that time.
    R"sql(
ALTER TABLE draft ADD COLUMN turn INTEGER;
ALTER TABLE draft ADD COLUMN releaser BLOB;
ALTER TABLE draft ADD COLUMN release BLOB;
CREATE INDEX draft_turn ON draft(pairing, turn) WHERE turn IS NOT NULL AND rejected_ms IS NULL;

CREATE TABLE ordered(
  pairing INTEGER NOT NULL REFERENCES pairing,
  kind INTEGER NOT NULL,
  kept_ms INTEGER NOT NULL,
  basis TEXT NOT NULL,
  ordered_ms INTEGER NOT NULL,
  person INTEGER NOT NULL,
  PRIMARY KEY(pairing, kind, kept_ms, basis)
) STRICT, WITHOUT ROWID;
)sql",
    // `clock` has one row: what time it was at least, until when stamps of ours count as known, and
    // when a counterpart's clock was last seen beside a believed one; NULL: none, nothing waits.
    // `erasure_ahead` has the counterparts' erasures that are kept and not carried out yet, by the
    // record's place. `measure`: of an alarm about what can grow.
    R"sql(
CREATE TABLE clock(
  id INTEGER PRIMARY KEY CHECK(id = 1),
  known_ms INTEGER NOT NULL,
  sure_until_ms INTEGER NOT NULL,
  vouched_ms INTEGER,
  waits_ms INTEGER
) STRICT;
CREATE TABLE erasure_ahead(
  record INTEGER PRIMARY KEY REFERENCES entry,
  stamp_ms INTEGER NOT NULL
) STRICT;
ALTER TABLE alarm ADD COLUMN measure INTEGER NOT NULL DEFAULT 0;
)sql",
    // Where a counterpart can be dialled beside what its pairing file says. `source`: 1 a person
    // said it, 2 the counterpart announced it. `addresses` are separated by spaces; "": there is
    // none.
    R"sql(
CREATE TABLE address_list(
  pairing INTEGER NOT NULL REFERENCES pairing,
  source INTEGER NOT NULL,
  since_ms INTEGER NOT NULL,
  person INTEGER NOT NULL,
  addresses TEXT NOT NULL,
  PRIMARY KEY(pairing, source)
) STRICT, WITHOUT ROWID;
)sql",
    // Times in stamps of pair journals that bound what follows: of each the first and the last
    // entry that bears it. A claim has none.
    R"sql(
CREATE TABLE sure_time(
  journal INTEGER NOT NULL REFERENCES journal,
  ms INTEGER NOT NULL,
  first INTEGER NOT NULL,
  last INTEGER NOT NULL,
  PRIMARY KEY(journal, ms)
) STRICT, WITHOUT ROWID;
)sql",
    // `beside_ms`: until when the counterpart's clock may have been beside ours, which was
    // believed; NULL: it never was.
    R"sql(
ALTER TABLE pairing ADD COLUMN beside_ms INTEGER;
)sql",
    // `awaited` has received messages, too, until somebody here has opened them.
    R"sql(
CREATE INDEX awaited_reading ON awaited(precedence, place) WHERE opened_at = 0 AND announced < 1;
CREATE INDEX awaited_unopened ON awaited(precedence, place) WHERE opened_at = 0;
)sql",
};

/// A store below this schema has received messages, and does not say which nobody has opened.
constexpr std::uint8_t kKeepsUnopened = kSteps.size();

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
  auto header = database.header_number();
  if (!header) return header.error();
  const auto version = header->schema;
  constexpr auto newest = static_cast<std::uint8_t>(kSteps.size());
  const auto tables = number(database, "SELECT count(*) FROM sqlite_schema");
  if (!tables) return tables.error();
  const bool empty = *application == 0 && version == 0 && *tables == 0;
  if (!empty && *application != kApplicationId) return StoreError::kCorrupt;
  if (version > newest) {
    return Error(StoreError::kNewerSchema,
                 "schema " + std::to_string(version) + ", known up to " + std::to_string(newest));
  }
  if (version == newest) return {};
  // A table that is made anew keeps its rows' numbers, so what refers to them stays right; SQLite
  // would count its drop as their loss.
  if (const auto done = database.execute("PRAGMA foreign_keys=OFF"); !done) return done.error();
  auto transaction = Transaction::begin(database);
  if (!transaction) return transaction.error();
  for (std::size_t step = version; step < kSteps.size(); ++step) {
    if (const auto done = database.execute(kSteps[step]); !done) return done.error();
  }
  if (version < kKeepsUnopened) {
    if (const auto done = note_unopened(database); !done) return done;
  }
  header = database.header_number();  // the transaction's first step was the log's mark
  if (!header) return header.error();
  header->schema = newest;
  const std::string mark = "PRAGMA application_id=" + std::to_string(kApplicationId) +
                           ";PRAGMA user_version=" + std::to_string(header->user_version());
  if (const auto done = database.execute(mark.c_str()); !done) return done.error();
  {
    Statement check = database.prepare("PRAGMA foreign_key_check");
    const auto row = check.step();
    if (!row) return row.error();
    if (*row) return Error(StoreError::kCorrupt, "a row refers to one that is not there");
  }
  if (const auto done = transaction->commit(); !done) return done.error();
  return database.execute("PRAGMA foreign_keys=ON");
}

}  // namespace blo::store
