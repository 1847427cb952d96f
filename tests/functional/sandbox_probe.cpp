// sandbox_probe FOLDER ATTEMPT: enters the sandbox of blo-audit with FOLDER, tries one thing, and
// says how it went: "done", or the error's name. What ends the process says nothing.
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstring>
#include <functional>
#include <iostream>
#include <map>
#include <string>
#include <thread>

#include "../../cli/blo-audit/sandbox.h"

namespace {

bool open_ok(const std::string& path, int flags) { return ::open(path.c_str(), flags, 0600) >= 0; }

bool execute() {
  char* const none[] = {nullptr};
  return ::execve("/bin/true", none, none) == 0;
}

bool start_thread() {
  bool ran = false;
  std::thread([&ran] { ran = true; }).join();
  return ran;
}

bool make_code() {
  constexpr std::size_t kBytes = 4096;
  return ::mmap(nullptr, kBytes, PROT_READ | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) !=
         MAP_FAILED;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3) return 2;
  const std::string folder = argv[1];
  const int descriptor = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY);
  if (descriptor < 0) return 2;
  const std::map<std::string, std::function<bool()>> attempts = {
      {"nothing", [] { return true; }},
      {"read-inside", [&] { return open_ok(folder + "/file", O_RDONLY); }},
      {"read-outside", [] { return open_ok("/etc/passwd", O_RDONLY); }},
      {"read-above", [&] { return open_ok(folder + "/..", O_RDONLY | O_DIRECTORY); }},
      {"write-inside", [&] { return open_ok(folder + "/file", O_WRONLY); }},
      {"create-inside", [&] { return open_ok(folder + "/new", O_RDWR | O_CREAT); }},
      {"remove-inside", [&] { return ::unlink((folder + "/file").c_str()) == 0; }},
      {"socket", [] { return ::socket(AF_INET, SOCK_STREAM, 0) >= 0; }},
      {"execute", execute},
      {"fork", [] { return ::fork() >= 0; }},
      {"signal", [] { return ::kill(::getppid(), 0) == 0; }},
      {"code", make_code},
      {"thread", start_thread},
      {"write-open", [] { return ::write(STDERR_FILENO, "", 0) == 0; }},
  };
  const auto attempt = attempts.find(argv[2]);
  if (attempt == attempts.end()) return 2;
  const int folders[] = {descriptor};
  std::cout << to_string(blo::audit::enter_sandbox(folders)) << '\n' << std::flush;
  const bool done = attempt->second();
  std::cout << (done ? "done" : ::strerrorname_np(errno)) << '\n';
  return 0;
}
