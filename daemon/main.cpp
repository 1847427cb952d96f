// blod: one office's daemon.
#include <boost/asio/signal_set.hpp>
#include <csignal>
#include <cstdio>

#include "base/diag.h"
#include "base/process.h"
#include "base/version.h"
#include "daemon/arguments.h"
#include "daemon/backup.h"
#include "daemon/check.h"
#include "daemon/control_server.h"
#include "daemon/ending.h"
#include "daemon/home.h"
#include "daemon/ntp.h"
#include "daemon/service_manager.h"
#include "daemon/service_status.h"
#include "daemon/settings.h"

namespace blo::daemon {
namespace {

namespace asio = boost::asio;

/// How long a stop may take before it is done anyway; everything accepted is durable already.
constexpr milliseconds kStopTimeMax{10'000};
constexpr milliseconds kStatusToldEvery{1'000};

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
  if (error == store::StoreError::kNewerSchema) {
    std::fprintf(stderr,
                 "This is blod %s. Nothing was changed: install that release, or put a backup from "
                 "before it back: docs/operating.md, \"A new release\".\n",
                 version_and_commit().c_str());
  }
  return static_cast<int>(ending_of(error));
}

/// SIGHUP: the configuration is read again.
void reload_when_told(asio::signal_set& hang_up, Settings& settings, ControlServer& control,
                      ServiceManager& manager) {
  hang_up.async_wait([&](const boost::system::error_code& code, int) {
    if (code) return;
    manager.reloading();
    settings.reload();
    control.set_monitors(settings.in_force().monitors);
    manager.ready();
    reload_when_told(hang_up, settings, control, manager);
  });
}

/// What is waited for changes while it runs.
void keep_telling(asio::steady_timer& timer, ServiceManager& manager, Node& node,
                  office::Office& office) {
  manager.status(service_status(node, office, read_clocks()));
  timer.expires_after(kStatusToldEvery);
  timer.async_wait([&](const boost::system::error_code& code) {
    if (!code) keep_telling(timer, manager, node, office);
  });
}

/// --check.
int check(const Arguments& arguments) {
  const auto settings = check_configuration(arguments);
  if (!settings) return fail(settings.error());
  std::printf("blod: nothing is wrong with the home %s and its configuration.\n",
              arguments.home.c_str());
  return 0;
}

/// --tell-ntp-state.
int tell_ntp(const Arguments& arguments) {
  const auto told = tell_ntp_state(arguments.tell_ntp_state);
  return told ? 0 : fail(told.error());
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
  auto settings = check_configuration(arguments);
  if (!settings) return fail(settings.error());
  const Config& in_force = settings->in_force();
  auto manager = ServiceManager::of_environment();
  std::signal(SIGPIPE, SIG_IGN);  // a reader of our output may go away; that is no reason to stop
  std::signal(SIGXFSZ, SIG_IGN);  // a limit of a file's size is an error of the write that meets it
  std::signal(SIGHUP, SIG_IGN);   // until the configuration can be read again
  diag::start(in_force.log_level);
  const auto lock = HomeLock::take(arguments.home);
  if (!lock) return fail(lock.error());
  remove_left_copies(arguments.home);
  const Now now = read_clocks();
  manager.status("opens the office's key");
  auto keys = load_keys(arguments.home, arguments.passphrase_file);
  if (!keys) return fail(keys.error());
  const OfficeId id = keys->id;
  manager.status(id.text() + " reads its store");
  auto office = office::Office::open(std::move(*keys), arguments.home / "store.db");
  if (!office) return fail(office.error());
  const auto begun = (*office)->begin_after_restore(now);
  // By a clock that is not believed the node does it later.
  if (!begun && !(begun.error() == office::OfficeError::kNoValidTime)) return fail(begun.error());

  asio::io_context loop(1);
  Node node(loop, **office, now.wall);
  ControlServer control(loop, **office, node);
  control.set_monitors(in_force.monitors);
  // Whatever the network lacks, officers are served, and told of it.
  if (const auto started =
          control.start({arguments.home, in_force.control_socket, in_force.control_group});
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
    manager.stopping();
    control.stop();
    give_up.expires_after(kStopTimeMax);
    give_up.async_wait([&](const boost::system::error_code&) { loop.stop(); });
    node.stop([&] { loop.stop(); });
  });
  asio::signal_set hang_up(loop, SIGHUP);
  reload_when_told(hang_up, *settings, control, manager);
  announce(id, node);
  asio::steady_timer telling(loop);
  keep_telling(telling, manager, node, **office);
  asio::post(loop, [&] { manager.ready(); });
  loop.run();
  node.note_clean_end();
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
    if (arguments->check) return blo::daemon::check(*arguments);
    if (!arguments->tell_ntp_state.empty()) return blo::daemon::tell_ntp(*arguments);
    return blo::daemon::run(*arguments);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "blod: %s.\n", error.what());
    return 1;
  }
}
