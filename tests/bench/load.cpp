#include "officer.h"

namespace blo::bench {

int load(const OfficerFiles& from, const std::string& to, std::size_t count,
         std::size_t content_bytes) {
  constexpr std::size_t kPerRequest = 256;
  const auto counterpart = OfficeId::parse(to);
  if (!counterpart) return 2;
  Officer officer(from);
  std::size_t accepted = 0;
  for (std::size_t sent = 0; sent < count;) {
    v1::Request request;
    for (std::size_t i = 0; i < kPerRequest && sent < count; ++i, ++sent) {
      officer.compose(*counterpart, journal::Precedence::kRoutine, content_bytes,
                      *request.mutable_send()->add_messages());
    }
    officer.send(request);
    const v1::Response response = officer.receive();
    for (const auto& outcome : response.send().outcomes()) {
      if (outcome.has_accepted()) ++accepted;
      if (outcome.has_failure()) std::fprintf(stderr, "%s\n", outcome.failure().sentence().c_str());
    }
  }
  std::printf("{\"accepted\": %zu}\n", accepted);
  return accepted == count ? 0 : 1;
}

int watch(const OfficerFiles& from, std::uint64_t size) {
  Officer officer(from);
  v1::Request follow;
  follow.mutable_follow();
  officer.send(follow);
  if (!officer.receive().event().has_following()) return 1;
  std::printf("following\n");
  std::fflush(stdout);
  while (officer.receive().event().receipted().size() < size) {
  }
  const std::chrono::duration<double> now = std::chrono::steady_clock::now().time_since_epoch();
  std::printf("{\"last_s\": %.6f}\n", now.count());
  return 0;
}

}  // namespace blo::bench
