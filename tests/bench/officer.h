// An officer who sends measured messages.
#ifndef BLO_TESTS_BENCH_OFFICER_H
#define BLO_TESTS_BENCH_OFFICER_H

#include "bench.h"
#include "blo/v1/control.pb.h"
#include "control/client.h"
#include "identity/certificate.h"
#include "journal/entry.h"

namespace blo::bench {

/// Ends the program with the error's sentence: a measurement that went wrong is none.
template <class T>
T need(Result<T> result, const char* what) {
  if (!result) {
    std::fprintf(stderr, "blo_bench: %s: %s\n", what, result.error().message().c_str());
    std::exit(1);
  }
  return std::move(*result);
}
void need(const Result<void>& result, const char* what);

class Officer {
 public:
  explicit Officer(const OfficerFiles& files);

  /// A signed alert whose content is `content_bytes` long.
  void compose(const OfficeId& to, journal::Precedence precedence, std::size_t content_bytes,
               v1::OutgoingMessage& out);
  /// Signs and sends one request.
  void send(const v1::Request& request);
  /// The next response; waits up to 60 s.
  [[nodiscard]] v1::Response receive();

 private:
  control::Client client_;
  crypto::SigningKey key_;
  identity::Certificate certificate_;
  std::uint64_t composed_ = 0;
};

}  // namespace blo::bench

#endif
