// blod: one office's daemon.
#include <boost/asio/signal_set.hpp>
#include <csignal>
#include <cstdio>

#include "base/diag.h"
#include "base/process.h"
#include "daemon/arguments.h"
#include "daemon/backup.h"
#include "daemon/control_server.h"
#include "daemon/ending.h"
#include "daemon/home.h"
#include "daemon/settings.h"

namespace blo::daemon {
namespace {

namespace asio = boost::asio;

/// How long a stop may take before it is done anyway; everything accepted is durable already.
constexpr milliseconds kStopTimeMax{10'000};

/// The last line says what is wrong, to what, and what to do.
int fail(const Error& error) {
  std::fprintf(stderr, "blod: %s.\n", error.message().c_str());
  if (error == identity::IdentityError::kPassphraseNeeded) {
    std::fprintf(stderr, "%s\n", how_to_give_passphrase().c_str());
  }
  if (error == store::StoreError::kCorrupt) {
    std::fprintf(
        stderr,
        "Nothing was signed. Copy the whole home away first. Where "
        "store.db or store.db-wal was copied by hand, put back both as they were at one "
        "time; else put the newest backup back (blo restore), and what is newer comes back "
        "from the counterparts: docs/operating.md, \"The store is damaged\".\n");
  }
  return static_cast<int>(ending_of(error));
}

/// SIGHUP: the configuration is read again.
void reload_when_told(asio::signal_set& hang_up, Settings& settings) {
  hang_up.async_wait([&](const boost::system::error_code& code, int) {
    if (code) return;
    settings.reload();
    reload_when_told(hang_up, settings);
  });
}

void announce(const OfficeId& id, const Node& node) {
  std::string line = "blod: " + id.text() + " listening on";
  for (const auto& address : node.listening()) line += " " + address;
  if (node.listening().empty()) line += " nothing";
  for (const auto& each : node.not_listening())
    line += "; not yet on " + each.address + " (" + each.why + ")";
  std::printf("%s\n", line.c_str());
  std::fflush(stdout);
}

int run(const Arguments& arguments) {
  if (const auto ok = check_home(arguments.home); !ok) return fail(ok.error());
  auto settings = Settings::load(arguments);
  if (!settings) return fail(settings.error());
  const Config& in_force = settings->in_force();
  const auto socket = control_socket_path(arguments.home, in_force.control_socket);
  if (!socket) return fail(socket.error());
  std::signal(SIGPIPE, SIG_IGN);  // a reader of our output may go away; that is no reason to stop
  std::signal(SIGXFSZ, SIG_IGN);  // a limit of a file's size is an error of the write that meets it
  std::signal(SIGHUP, SIG_IGN);   // until the configuration can be read again
  diag::start(in_force.log_level);
  const auto lock = HomeLock::take(arguments.home);
  if (!lock) return fail(lock.error());
  remove_left_copies(arguments.home);
  const Now now = read_clocks();
  auto keys = load_keys(arguments.home, arguments.passphrase_file);
  if (!keys) return fail(keys.error());
  const OfficeId id = keys->id;
  auto office = office::Office::open(std::move(*keys), arguments.home / "store.db");
  if (!office) return fail(office.error());
  const auto begun = (*office)->begin_after_restore(now);
  // By a clock that is not believed the node does it later.
  if (!begun && !(begun.error() == office::OfficeError::kNoValidTime)) return fail(begun.error());

  asio::io_context loop(1);
  Node node(loop, **office, now.wall);
  ControlServer control(loop, **office, node);
  // Whatever the network lacks, officers are served, and told of it.
  if (const auto started = control.start({arguments.home, *socket, in_force.control_group});
      !started)
    return fail(started.error());
  node.when_listening([&] { announce(id, node); });
  if (const auto started = node.start(in_force, read_clocks()); !started)
    return fail(started.error());

  asio::steady_timer give_up(loop);
  asio::signal_set signals(loop, SIGTERM, SIGINT);
  signals.async_wait([&](const boost::system::error_code& code, int) {
    if (code) return;
    diag::info("stopping");
    control.stop();
    give_up.expires_after(kStopTimeMax);
    give_up.async_wait([&](const boost::system::error_code&) { loop.stop(); });
    node.stop([&] { loop.stop(); });
  });
  asio::signal_set hang_up(loop, SIGHUP);
  reload_when_told(hang_up, *settings);
  announce(id, node);
  loop.run();
  return 0;
}

}  // namespace
}  // namespace blo::daemon

int main(int argc, char** argv) {
  if (!blo::harden_process()) {
    std::fprintf(stderr, "blod: the process could not be protected against core dumps.\n");
    return 1;
  }
  if (!blo::crypto::initialise()) {
    std::fprintf(stderr, "blod: libsodium does not work on this machine.\n");
    return 1;
  }
  int exit_code = 0;
  const auto arguments = blo::daemon::parse_arguments(argc, argv, exit_code);
  if (!arguments) return exit_code;
  try {
    return blo::daemon::run(*arguments);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "blod: %s.\n", error.what());
    return 1;
  }
}
