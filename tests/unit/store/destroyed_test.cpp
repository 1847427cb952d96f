// What is destroyed is in no file of the store while the store goes on: neither in the database nor
// in its log.
#include <functional>
#include <set>

#include "../identity/world.h"
#include "world.h"

namespace blo::store {
namespace {

using test::Folder;
using test::office;
using test::Rows;

const WallTime kTime = from_unix_ms(1'709'788'329'000);
const MessageId kMessage{1};

OfficerRow officer() {
  const auto side = identity::test::uz();
  auto details = identity::test::officer_details("UZ-OYBEK", side.office);
  return {details.person,
          identity::Certificate::issue(details, side.identity()),
          {"Dilshod Karimov", "Customs"},
          crypto::sha256(as_bytes("salt"))};
}

/// A store, open all the time, with one of everything that can be destroyed.
struct Filled {
  Filled() {
    auto transaction = rows.store->begin().value();
    REQUIRE(rows.append(journal, "entry").has_value());
    REQUIRE(
        rows.journals.put_body(journal, 0, crypto::random_array<100>(), test::key(3)).has_value());
    REQUIRE(rows.journals.save(journal).has_value());
    draft.pairing = rows.pairing;
    draft.message_id = kMessage;
    draft.envelope = to_bytes("envelope");
    const auto sealed = crypto::random_array<9'000>();
    REQUIRE(rows.store->drafts().put(draft, sealed, test::key(4)).has_value());
    REQUIRE(
        rows.store->holds().put({rows.pairing, kMessage, kTime, 2, "a case in court"}).has_value());
    REQUIRE(
        rows.store->stranded()
            .put(rows.pairing,
                 {0, to_bytes("leaf"), {}, {to_bytes(crypto::random_array<80>()), test::key(5)}})
            .has_value());
    REQUIRE(rows.store->officers().put(officer()).has_value());
    REQUIRE(transaction.commit().has_value());
  }

  PairingStore& pairings() { return rows.store->pairings(); }
  PairingRow pairing() { return pairings().all().value().front(); }
  PairingRow accepted() {
    auto row = pairing();
    REQUIRE(pairings().accept(row, as_bytes("theirs"), test::key(6), kTime).has_value());
    return row;
  }
  PairingRow agreed() {
    auto row = accepted();
    REQUIRE(pairings().put_next_secret(row, test::key(7)).has_value());
    return row;
  }
  PairingRow offered_again() {
    auto row = accepted();
    REQUIRE(
        pairings().offer_again(row, as_bytes("again"), crypto::DhKeyPair::generate()).has_value());
    return row;
  }
  PairingRow accepted_again() {
    auto row = offered_again();
    REQUIRE(pairings().accept_again(row, as_bytes("theirs again"), test::key(8)).has_value());
    return row;
  }

  /// The log is part of it, as it is while a daemon runs.
  [[nodiscard]] std::vector<Bytes> files() const {
    std::vector<Bytes> found;
    const auto at = folder.file().parent_path();
    for (const auto& file : std::filesystem::directory_iterator(at))
      found.push_back(read_file(file.path(), 1U << 24U).value());
    REQUIRE(found.size() == 2);
    return found;
  }
  /// Any 32 bytes of it: what is long lies on several pages.
  [[nodiscard]] bool is_in_a_file(ByteView secret) const {
    constexpr std::size_t kPiece = 32;
    const auto found = files();
    REQUIRE(secret.size() >= kPiece);
    for (std::size_t at = 0; at + kPiece <= secret.size(); at += kPiece) {
      const ByteView piece = secret.subspan(at, kPiece);
      if (std::ranges::any_of(
              found, [&](const Bytes& file) { return !std::ranges::search(file, piece).empty(); }))
        return true;
    }
    return false;
  }
  /// Whatever stands in a column of secrets.
  [[nodiscard]] std::set<Bytes> secrets() const {
    const Folder copy;
    for (const char* tail : {"", "-wal"}) {
      std::filesystem::copy_file(folder.file().string() + tail, copy.file().string() + tail);
    }
    const auto database = Database::open(copy.file()).value();
    std::set<Bytes> found;
    Statement columns = database->prepare(
        "SELECT s.name, c.name FROM sqlite_schema s, pragma_table_info(s.name) c "
        "WHERE s.type = 'table' AND (c.name = 'sealed' OR c.name GLOB 'wrapped_*')");
    std::vector<std::string> asked;  // outlive the statements made of them
    while (columns.step().value()) {
      asked.push_back("SELECT " + columns.text(1) + " FROM " + columns.text(0));
    }
    for (const auto& sql : asked) {
      Statement select = database->prepare(sql.c_str());
      while (select.step().value()) {
        if (!select.blob(0).empty()) found.insert(to_bytes(select.blob(0)));
      }
    }
    return found;
  }

  Folder folder;
  Rows rows{folder.file()};
  JournalRow journal = rows.make_journal();
  DraftRow draft;
};

struct Act {
  const char* name;
  std::function<PairingRow(Filled&)> before;  // what must have happened
  std::function<Result<void>(Filled&, PairingRow&)> destroy;
};

PairingRow nothing(Filled& at) { return at.pairing(); }

const std::vector<Act>& acts() {
  using Row = PairingRow;
  static const std::vector<Act> all{
      {"a one-time pairing key, once the secret is agreed", nothing,
       [](Filled& at, Row& row) {
         return at.pairings().accept(row, as_bytes("theirs"), test::key(6), kTime);
       }},
      {"the keys of an invitation that is made anew",
       [](Filled& at) {
         auto row =
             at.pairings()
                 .create(office("KG-KARAMYK"), as_bytes("ours"), crypto::DhKeyPair::generate())
                 .value();
         const auto seed = test::key(10);
         const Origin origin{Network::kExercise, office("UZ-OYBEK"), row.counterpart, 1};
         REQUIRE(at.rows.journals.create(row.id, origin, true, as_bytes("certificate"), &seed)
                     .has_value());
         return row;
       },
       [](Filled& at, Row& row) { return at.pairings().remove(row); }},
      {"a pairing secret, once the next is in use", [](Filled& at) { return at.agreed(); },
       [](Filled& at, Row& row) { return at.pairings().promote_secret(row, test::key(7), kTime); }},
      {"an agreed secret that is not taken into use", [](Filled& at) { return at.agreed(); },
       [](Filled& at, Row& row) { return at.pairings().drop_next_secret(row); }},
      {"an agreed secret in whose place another is agreed", [](Filled& at) { return at.agreed(); },
       [](Filled& at, Row& row) { return at.pairings().put_next_secret(row, test::key(9)); }},
      {"the one-time key of a ceremony anew that is begun once more",
       [](Filled& at) { return at.offered_again(); },
       [](Filled& at, Row& row) {
         return at.pairings().offer_again(row, as_bytes("again"), crypto::DhKeyPair::generate());
       }},
      {"the one-time key of a ceremony anew", [](Filled& at) { return at.offered_again(); },
       [](Filled& at, Row& row) {
         return at.pairings().accept_again(row, as_bytes("theirs"), test::key(8));
       }},
      {"the secret before a ceremony anew", [](Filled& at) { return at.accepted_again(); },
       [](Filled& at, Row& row) {
         return at.pairings().confirm_again(row, kTime, 7, "by telephone");
       }},
      {"the secrets of a pairing that is over", [](Filled& at) { return at.agreed(); },
       [](Filled& at, Row& row) { return at.pairings().end(row, "the post was closed"); }},
      {"a draft that is rejected", nothing,
       [](Filled& at, Row&) {
         return at.rows.store->drafts().reject(at.draft, {kTime, 2, "the plate is wrong"});
       }},
      {"a draft that is released", nothing,
       [](Filled& at, Row&) { return at.rows.store->drafts().remove(at.draft); }},
      {"why a hold was placed", nothing,
       [](Filled& at, Row& row) {
         return at.rows.store->holds().remove({row.id, kMessage, kTime, 2, ""});
       }},
      {"a message that was kept aside", nothing,
       [](Filled& at, Row& row) {
         auto& stranded = at.rows.store->stranded();
         return stranded.remove(stranded.of_pairing(row.id).value().front());
       }},
      {"a journal's key", nothing,
       [](Filled& at, Row&) { return at.rows.journals.destroy_seed(at.journal); }},
      {"a content", nothing,
       [](Filled& at, Row&) { return at.rows.journals.erase_body(at.journal, 0); }},
      {"an entry that was cut off", nothing,
       [](Filled& at, Row&) { return at.rows.journals.cut(at.journal, 0); }},
      {"an officer's name", nothing,
       [](Filled& at, Row&) { return at.rows.store->officers().erase_name(officer().person); }},
  };
  return all;
}

}  // namespace

TEST_CASE("whatever is destroyed is in neither file of the open store after the next tidying") {
  for (const Act& act : acts()) {
    INFO(act.name);
    Filled at;
    auto row = act.before(at);
    REQUIRE(at.rows.store->tidy().has_value());
    const auto before = at.secrets();
    auto transaction = at.rows.store->begin().value();
    REQUIRE(act.destroy(at, row).has_value());
    REQUIRE(transaction.commit().has_value());
    const auto after = at.secrets();
    std::vector<Bytes> gone;
    std::ranges::set_difference(before, after, std::back_inserter(gone));
    REQUIRE_FALSE(gone.empty());
    for (const Bytes& secret : gone) CHECK(at.is_in_a_file(secret));  // or this would show nothing
    REQUIRE(at.rows.store->tidy().has_value());
    for (const Bytes& secret : gone) CHECK_FALSE(at.is_in_a_file(secret));
    for (const Bytes& secret : after) CHECK(at.is_in_a_file(secret));
  }
}

TEST_CASE("a destruction that is rolled back destroys nothing") {
  Filled at;
  REQUIRE(at.rows.store->tidy().has_value());
  const auto before = at.secrets();
  {
    const auto transaction = at.rows.store->begin().value();
    REQUIRE(at.rows.store->drafts().remove(at.draft).has_value());
  }
  REQUIRE(at.rows.store->tidy().has_value());
  CHECK(at.secrets() == before);
}

TEST_CASE("what destroys nothing makes no tidying rewrite the store") {
  Filled at;
  REQUIRE(at.rows.store->wipe_leftovers().has_value());
  auto transaction = at.rows.store->begin().value();
  REQUIRE(at.rows.append(at.journal, "another entry").has_value());
  const auto sealed = crypto::random_array<100>();
  REQUIRE(at.rows.journals.put_body(at.journal, 1, sealed, test::key(3)).has_value());
  REQUIRE(at.rows.journals.save(at.journal).has_value());
  REQUIRE(at.rows.journals
              .erase_body(at.rows.journals.of_pairing(at.rows.pairing).value().front(),
                          7)  // there is none
              .has_value());
  REQUIRE(transaction.commit().has_value());
  const auto log = at.folder.file().string() + "-wal";
  const auto bytes = std::filesystem::file_size(log);
  REQUIRE(bytes > 0);
  REQUIRE(at.rows.store->tidy().has_value());
  CHECK(std::filesystem::file_size(log) == bytes);
}

}  // namespace blo::store
