#include "base/journald.h"

#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <cstdint>
#include <cstdlib>
#include <cstring>

#include "base/descriptor.h"

namespace blo::journald {
namespace {

constexpr char kSocket[] = "/run/systemd/journal/socket";

}  // namespace

std::string encode(std::initializer_list<Field> fields) {
  std::string datagram;
  for (const auto& field : fields) {
    datagram += field.name;
    if (field.value.find('\n') == std::string::npos) {
      datagram += '=';
    } else {
      datagram += '\n';
      for (unsigned byte = 0; byte < 8; ++byte)
        datagram += static_cast<char>(std::uint64_t{field.value.size()} >> (8 * byte) & 0xff);
    }
    datagram += field.value;
    datagram += '\n';
  }
  return datagram;
}

bool takes_stderr() {
  const char* stream = std::getenv("JOURNAL_STREAM");
  struct stat file {};
  if (stream == nullptr || ::fstat(STDERR_FILENO, &file) != 0) return false;
  return stream == std::to_string(file.st_dev) + ":" + std::to_string(file.st_ino);
}

bool send(std::initializer_list<Field> fields) {
  const Descriptor socket(::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  if (!socket.ok()) return false;
  sockaddr_un to{};
  to.sun_family = AF_UNIX;
  static_assert(sizeof kSocket <= sizeof to.sun_path);
  std::memcpy(to.sun_path, kSocket, sizeof kSocket);
  const std::string datagram = encode(fields);
  return ::sendto(socket.get(), datagram.data(), datagram.size(), MSG_NOSIGNAL,
                  reinterpret_cast<const sockaddr*>(&to),
                  sizeof to) == static_cast<ssize_t>(datagram.size());
}

}  // namespace blo::journald
