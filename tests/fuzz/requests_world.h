// What the target `requests` starts from: an office with officers of every role, a counterpart, a
// second one that waits, messages, a draft, alarms; and good requests of every kind.
#ifndef BLO_TESTS_FUZZ_REQUESTS_WORLD_H
#define BLO_TESTS_FUZZ_REQUESTS_WORLD_H

#include "offices.h"

namespace blo::fuzz {

/// Operator, releaser, security officer, administrator, auditor, an operator who was revoked.
inline constexpr std::size_t kOfficers = 6;
[[nodiscard]] const crypto::SigningKey& officer_key(std::size_t officer);
[[nodiscard]] const identity::Fingerprint& officer_fingerprint(std::size_t officer);

[[nodiscard]] const sim::Kit& office_kit();
[[nodiscard]] Bytes office_image();

/// A good Request, encoded, and which lie about it; 0: none.
[[nodiscard]] Bytes good_request(std::size_t which, std::size_t lie);
/// A SendRequest with one message of that content, or a good alert where that is empty, signed by
/// the officer. Lies are told of its
/// envelope, which is signed all the same.
[[nodiscard]] Bytes send_request(std::size_t officer, std::uint32_t kind, unsigned precedence,
                                 std::size_t lie, Bytes content);
/// The release of the draft that waits, under the name of any.
[[nodiscard]] Bytes release_request(std::size_t officer, std::uint64_t draft);

}  // namespace blo::fuzz

#endif
