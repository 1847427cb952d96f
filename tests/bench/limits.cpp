#include <sodium.h>
#include <sqlite3.h>

#include <array>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <numeric>
#include <thread>
#include <vector>

#include "base/bytes.h"
#include "bench.h"
#include "crypto/aead.h"
#include "crypto/hash.h"
#include "crypto/random.h"

namespace blo::bench {
namespace {

using Clock = std::chrono::steady_clock;

double seconds_since(Clock::time_point start) {
  return std::chrono::duration<double>(Clock::now() - start).count();
}

void need(bool ok, const char* what) {
  if (ok) return;
  std::fprintf(stderr, "blo_bench: %s\n", what);
  std::exit(1);
}

/// Signatures of four officers, each over another message of 220 bytes, as a journal has them: what
/// checks one and the same over and over is learnt by heart by the processor's branch predictor.
class Signatures {
 public:
  static constexpr std::size_t kMessageBytes = 220;

  Signatures() {
    for (Officer& officer : officers_) {
      need(crypto_sign_keypair(officer.public_key, officer.secret_key) == 0, "crypto_sign_keypair");
    }
    for (std::size_t i = 0; i < all_.size(); ++i) {
      Signed& one = all_[i];
      randombytes_buf(one.message, sizeof one.message);
      need(crypto_sign_detached(one.signature, nullptr, one.message, sizeof one.message,
                                by(i).secret_key) == 0,
           "crypto_sign_detached");
    }
  }

  void verify(std::size_t number) const {
    const std::size_t i = number % all_.size();
    need(crypto_sign_verify_detached(all_[i].signature, all_[i].message, sizeof all_[i].message,
                                     by(i).public_key) == 0,
         "verify");
  }

 private:
  struct Officer {
    Byte public_key[crypto_sign_PUBLICKEYBYTES];
    Byte secret_key[crypto_sign_SECRETKEYBYTES];
  };
  struct Signed {
    Byte message[kMessageBytes];
    Byte signature[crypto_sign_BYTES];
  };
  [[nodiscard]] const Officer& by(std::size_t i) const { return officers_[i % officers_.size()]; }

  std::array<Officer, 4> officers_;
  std::vector<Signed> all_{1'000};
};

/// Bare verifications by one core, a second.
double ed25519_verify(std::size_t count = 5'000) {
  const Signatures signatures;
  const auto start = Clock::now();
  for (std::size_t i = 0; i < count; ++i) signatures.verify(i);
  return static_cast<double>(count) / seconds_since(start);
}

sqlite3* open_store(const std::string& path) {
  sqlite3* connection = nullptr;
  need(sqlite3_open(path.c_str(), &connection) == SQLITE_OK, "sqlite3_open");
  need(sqlite3_exec(
           connection,
           "PRAGMA locking_mode=EXCLUSIVE; PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;"
           "PRAGMA wal_autocheckpoint=0; DROP TABLE IF EXISTS row;"
           "CREATE TABLE row(id INTEGER PRIMARY KEY, leaf BLOB, body BLOB) STRICT",
           nullptr, nullptr, nullptr) == SQLITE_OK,
       "schema");
  return connection;
}

class Inserter {
 public:
  explicit Inserter(sqlite3* connection) : connection_(connection) {
    need(sqlite3_prepare_v2(connection, "INSERT INTO row(leaf, body) VALUES(?, ?)", -1, &insert_,
                            nullptr) == SQLITE_OK,
         "prepare");
  }
  Inserter(const Inserter&) = delete;
  Inserter& operator=(const Inserter&) = delete;
  ~Inserter() { sqlite3_finalize(insert_); }
  void begin() { run("BEGIN"); }
  void commit() { run("COMMIT"); }
  void add(ByteView leaf, ByteView body) {
    need(sqlite3_bind_blob64(insert_, 1, leaf.data(), leaf.size(), SQLITE_STATIC) == SQLITE_OK,
         "bind");
    need(sqlite3_bind_blob64(insert_, 2, body.data(), body.size(), SQLITE_STATIC) == SQLITE_OK,
         "bind");
    need(sqlite3_step(insert_) == SQLITE_DONE && sqlite3_reset(insert_) == SQLITE_OK, "insert");
  }

 private:
  void run(const char* sql) {
    need(sqlite3_exec(connection_, sql, nullptr, nullptr, nullptr) == SQLITE_OK, sql);
  }
  sqlite3* connection_;
  sqlite3_stmt* insert_ = nullptr;
};

/// Durable rows of 1.5 KiB in groups of 1,000, a second.
double sqlite_rows(const std::string& path) {
  constexpr int kCount = 20'000;
  sqlite3* connection = open_store(path);
  double rate = 0;
  {
    Inserter inserter(connection);
    const Bytes leaf(420, 1);
    const Bytes body(1'104, 2);
    const auto start = Clock::now();
    for (int i = 0; i < kCount; ++i) {
      if (i % 1'000 == 0) inserter.begin();
      inserter.add(leaf, body);
      if (i % 1'000 == 999) inserter.commit();
    }
    rate = kCount / seconds_since(start);
  }
  need(sqlite3_close(connection) == SQLITE_OK, "close");
  return rate;
}

/// What a receiver cannot avoid for each message: verify, decrypt and hash on two cores, insert
/// beside them.
double catchup_loop(const std::string& path) {
  constexpr int kCount = 20'000;
  constexpr int kGroup = 1'000;
  const Signatures signatures;
  const Bytes leaf(420, 1);
  const ByteView envelope = ByteView(leaf).first(Signatures::kMessageBytes);
  const auto key = crypto::random_key();
  const Bytes body = crypto::seal_xchacha(key, {}, envelope, Bytes(1'088, 3));
  const auto judge = [&](std::size_t count) {
    for (std::size_t i = 0; i < count; ++i) {
      signatures.verify(i);
      need(crypto::open_xchacha(key, {}, envelope, body).has_value(), "open");
      need(crypto::sha256(leaf)[0] == crypto::sha256(leaf)[0], "hash");
    }
  };
  sqlite3* connection = open_store(path);
  double rate = 0;
  {
    Inserter inserter(connection);
    const auto start = Clock::now();
    for (int done = 0; done < kCount; done += kGroup) {
      std::thread other(judge, kGroup / 2);
      judge(kGroup / 2);
      other.join();
      inserter.begin();
      for (int i = 0; i < kGroup; ++i) inserter.add(leaf, body);
      inserter.commit();
    }
    rate = kCount / seconds_since(start);
  }
  need(sqlite3_close(connection) == SQLITE_OK, "close");
  return rate;
}

}  // namespace

int limits(const std::string& folder) {
  const std::string path = folder + "/limits.db";
  std::printf(
      "{\"limit_ed25519_verify\": %.0f, \"limit_sqlite_rows\": %.0f, \"limit_catchup_loop\": "
      "%.0f}\n",
      ed25519_verify(), sqlite_rows(path), catchup_loop(path));
  return 0;
}

int limit_of_cores() {
  constexpr std::size_t kCount = 30'000;
  std::vector<double> rates(std::max(1U, std::thread::hardware_concurrency()));
  {
    std::vector<std::jthread> threads;
    for (double& rate : rates) {
      threads.emplace_back([&rate] { rate = ed25519_verify(kCount); });
    }
  }
  std::printf("{\"limit_ed25519_verify_cores\": %.0f}\n",
              std::accumulate(rates.begin(), rates.end(), 0.0));
  return 0;
}

}  // namespace blo::bench
