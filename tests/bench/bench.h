// The measurements blo_bench makes; each prints one JSON object a line on stdout.
#ifndef BLO_TESTS_BENCH_BENCH_H
#define BLO_TESTS_BENCH_BENCH_H

#include <cstdint>
#include <string>
#include <vector>

namespace blo::bench {

/// What an officer of one office needs in order to speak to its daemon.
struct OfficerFiles {
  std::string socket;
  std::string key;
  std::string certificate;
};

/// `limit_ed25519_verify`, `limit_sqlite_rows`, `limit_catchup_loop`.
int limits(const std::string& folder);
/// Hands `count` messages of `content_bytes` to the daemon, 256 a request. Prints {"accepted": n}.
int load(const OfficerFiles& from, const std::string& to, std::size_t count,
         std::size_t content_bytes);
/// Prints "following", then, once the counterpart has receipted `size` entries, {"last_s": t}, t on
/// CLOCK_MONOTONIC.
int watch(const OfficerFiles& from, std::uint64_t size);
/// `count` FLASH alerts one after another: from the signed request leaving until the counterpart's
/// daemon tells its follower that the message is durable and readable. Prints {"us": [each]}.
int flash(const OfficerFiles& from, const OfficerFiles& at, const std::string& to,
          std::size_t count);

/// `limit_ed25519_verify_cores`: as `limit_ed25519_verify`, on every core at once.
int limit_of_cores();
/// An export of two journals with `entries` in all, receipted to the last, in FOLDER/export, and
/// its authorities' certificates FOLDER/UZ.pem and FOLDER/TJ.pem. Prints {"entries": n}.
int make_export(const std::string& folder, std::uint64_t entries);

}  // namespace blo::bench

#endif
