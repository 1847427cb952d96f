#include "key_holder.h"

#include <poll.h>

namespace blo::cli {
namespace {

/// It answers in microseconds; a machine that swaps takes longer.
constexpr milliseconds kAnswerTimeMax{5'000};

int new_socket() { return ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0); }

std::optional<HolderAsks> asks_for(crypto::Purpose purpose) {
  if (purpose == crypto::Purpose::kEnvelope) return HolderAsks::kSignEnvelope;
  if (purpose == crypto::Purpose::kControlRequest) return HolderAsks::kSignControlRequest;
  return std::nullopt;
}

pid_t process_behind(int socket) {
  ucred peer{};
  socklen_t size = sizeof peer;
  return ::getsockopt(socket, SOL_SOCKET, SO_PEERCRED, &peer, &size) == 0 ? peer.pid : -1;
}

}  // namespace

std::optional<KeyHolder> KeyHolder::of(const std::string& officer) {
  const auto session = TerminalSession::current();
  const auto folder = HolderFolder::find();
  if (!session || !folder) return std::nullopt;
  return KeyHolder(*folder, *session, officer);
}

bool KeyHolder::connect(int socket) const {
  return socket >= 0 && address_.connect(socket) && session_.has_peer(socket);
}

bool KeyHolder::ask(int socket, HolderAsks what, ByteView bytes, std::span<Byte> answer) const {
  Bytes request{static_cast<Byte>(what)};
  append_be(request, static_cast<std::uint32_t>(bytes.size()));
  append(request, bytes);
  Byte says{};
  return send_within(socket, request, kAnswerTimeMax) &&
         receive_within(socket, {&says, 1}, kAnswerTimeMax) &&
         says == static_cast<Byte>(HolderSays::kDone) &&
         receive_within(socket, answer, kAnswerTimeMax);
}

bool KeyHolder::holds(const crypto::VerifyKey& key) const {
  const Descriptor socket(new_socket());
  std::array<Byte, 32> held{};
  return connect(socket.get()) && ask(socket.get(), HolderAsks::kWhichKey, {}, held) &&
         held == key.bytes();
}

std::optional<crypto::Signature> KeyHolder::sign(crypto::Purpose purpose, ByteView bytes) const {
  const auto what = asks_for(purpose);
  if (!what || bytes.size() > kHolderBytesMax) return std::nullopt;
  const Descriptor socket(new_socket());
  crypto::Signature signature{};
  if (!connect(socket.get()) || !ask(socket.get(), *what, bytes, signature)) return std::nullopt;
  return signature;
}

bool KeyHolder::end() const {
  const Descriptor socket(new_socket());
  if (!connect(socket.get())) return false;
  const Descriptor process(open_process(process_behind(socket.get())));
  if (!ask(socket.get(), HolderAsks::kEnd, {}, {})) return false;
  pollfd gone{process.get(), POLLIN, 0};
  return !process.ok() || ::poll(&gone, 1, static_cast<int>(kAnswerTimeMax.count())) == 1;
}

}  // namespace blo::cli
