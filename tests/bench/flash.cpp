#include "officer.h"

namespace blo::bench {

int flash(const OfficerFiles& from, const OfficerFiles& at, const std::string& to,
          std::size_t count) {
  const auto counterpart = OfficeId::parse(to);
  if (!counterpart) return 2;
  Officer sender(from);
  Officer follower(at);
  v1::Request follow;
  follow.mutable_follow();
  follower.send(follow);
  if (!follower.receive().event().has_following()) return 1;

  constexpr std::size_t kWarmUp = 20;
  std::string list;
  for (std::size_t i = 0; i < count + kWarmUp; ++i) {
    v1::Request request;
    sender.compose(*counterpart, journal::Precedence::kFlash, 300,
                   *request.mutable_send()->add_messages());
    const auto start = std::chrono::steady_clock::now();
    sender.send(request);
    while (!follower.receive().event().has_arrived()) {
    }
    const auto took = std::chrono::steady_clock::now() - start;
    if (!sender.receive().send().outcomes(0).has_accepted()) return 1;
    if (i < kWarmUp) continue;
    const auto us = std::chrono::duration_cast<std::chrono::microseconds>(took).count();
    list += (list.empty() ? "" : ", ") + std::to_string(us);
  }
  std::printf("{\"us\": [%s]}\n", list.c_str());
  return 0;
}

}  // namespace blo::bench
