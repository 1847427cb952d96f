"""blod as a service: what systemd is told, what --check finds, and NTP's state from a process that may ask for it."""

import resource
import signal
import socket
import subprocess
import unittest

from blolib import faketime
from blolib.addresses import split
from blolib.daemon import Daemon, greeting
from blolib.programs import BIN, DEGRADED, FAILED, NOT_CONFIGURED, OK, environment, run
from blolib.waiting import until
from blolib.world import TJ, UZ, WorldTest

from clock_test import ClockTest, today


class Manager:
    """The end of NOTIFY_SOCKET at which systemd reads."""

    def __init__(self, test, path):
        self.socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        test.addCleanup(self.socket.close)
        self.socket.bind(path)
        self.socket.settimeout(60)
        self.told = []

    def wait_for(self, line):
        """Everything that was told before it, and itself."""
        begin = len(self.told)
        while line not in self.told[begin:]:
            self.told += self.socket.recv(65_536).decode().split("\n")
        return self.told[begin:]

    def wait_for_status(self, fits, what):
        def one_more():
            self.told += self.socket.recv(65_536).decode().split("\n")
            statuses = [line for line in self.told if line.startswith("STATUS=")]
            return fits(statuses[-1] if statuses else "")
        until(one_more, what)


class Notify(WorldTest):
    def started(self, office, where, listen=None):
        manager = Manager(self, where.replace("@", "\0"))
        office.daemon = office.start_only(listen=listen, env={"NOTIFY_SOCKET": where})
        return manager, manager.wait_for("READY=1")

    def test_it_is_ready_when_officers_are_served(self):
        uz = self.world.office(UZ)
        for number, where in enumerate((str(self.world.path("notify")), "@blo-test-" + self.world.folder.name)):
            manager, told = self.started(uz, where)
            greeting(uz.home / "control.sock")  # no waiting
            self.assertIn(f"STATUS={UZ} reads its store", told)
            self.assertEqual(f"STATUS={UZ} serves its officers", told[-2], number)
            uz.daemon.process.send_signal(signal.SIGTERM)
            self.assertEqual(["STOPPING=1"], manager.wait_for("STOPPING=1"))
            self.assertEqual(0, uz.daemon.wait())

    def test_its_status_names_what_is_still_waited_for(self):
        uz, tj = self.offices(b_addresses=[])
        uz.stop()
        tj.stop()
        taken = socket.create_server(split(uz.address))
        self.addCleanup(taken.close)
        manager, told = self.started(uz, str(self.world.path("notify")))
        self.assertEqual(f"STATUS={UZ} serves its officers; waits for {uz.address} (Address already in use), {TJ}", told[-2])
        taken.close()
        manager.wait_for_status(lambda status: status == f"STATUS={UZ} serves its officers; waits for {TJ}", "it listens")
        tj.start()
        manager.wait_for_status(lambda status: status == f"STATUS={UZ} serves its officers", "they are connected")

    def test_its_status_names_a_store_that_takes_nothing(self):
        uz, tj = self.offices()
        uz.stop()
        manager, _ = self.started(uz, str(self.world.path("notify")))
        until(lambda: uz.pair_status(tj)["connected"], "they are connected")
        _, most = resource.prlimit(uz.daemon.pid, resource.RLIMIT_FSIZE)
        resource.prlimit(uz.daemon.pid, resource.RLIMIT_FSIZE, (4096, most))
        uz.alert(tj, expect=DEGRADED)
        manager.wait_for_status(lambda status: "; waits for the store (" in status and "limit of a file's size" in status, "it says so")
        resource.prlimit(uz.daemon.pid, resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, most))
        until(lambda: uz.alert(tj, expect={OK, DEGRADED}).code == OK, "alerts are accepted again")
        manager.wait_for_status(lambda status: status == f"STATUS={UZ} serves its officers", "it waits for nothing")

    def test_a_reload_begins_and_ends(self):
        uz = self.world.office(UZ)
        manager, _ = self.started(uz, str(self.world.path("notify")))
        uz.daemon.process.send_signal(signal.SIGHUP)
        told = manager.wait_for("READY=1")
        self.assertEqual("RELOADING=1", told[0])
        self.assertRegex(told[1], r"\AMONOTONIC_USEC=[0-9]+\Z")
        uz.stop()

    def test_a_manager_that_does_not_read_holds_nothing_up(self):
        uz = self.world.office(UZ)
        manager = Manager(self, str(self.world.path("notify")))
        manager.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1)
        uz.start(env={"NOTIFY_SOCKET": str(self.world.path("notify"))})
        for _ in range(50):
            uz.daemon.process.send_signal(signal.SIGHUP)
            self.assertEqual(UZ, uz.status()["office"])
        manager.socket.close()
        self.assertEqual(UZ, uz.status()["office"])
        uz.stop()


class Check(WorldTest):
    def check(self, office, *arguments, expect=0):
        before = {path: path.stat().st_mtime_ns for path in office.home.iterdir()}
        done = run("blod", "--check", "--home", office.home, *arguments, expect=expect)
        self.assertEqual(before, {path: path.stat().st_mtime_ns for path in office.home.iterdir()}, "it touches nothing")
        return done.text

    def test_it_says_what_is_wrong_and_what_a_start_would_say(self):
        uz = self.world.office(UZ)
        settings = uz.home / "blod.toml"
        whole = settings.read_text()
        self.assertIn("nothing is wrong", self.check(uz))
        for wrong, said in (("liste = []\n", "blod.toml, line 1"), ('listen = ["nowhere"]\n', "nowhere"), ("listen = [\n", "not TOML"),
                            ('control_group = "no-such-group"\n', "no such group"),
                            (f'control_socket = "/{"s" * 120}"\n', "at most 107")):
            settings.write_text(wrong + whole)
            self.assertIn(said, self.check(uz, expect=NOT_CONFIGURED))
            started = run("blod", "--home", uz.home, expect=NOT_CONFIGURED)
            self.assertIn(said, started.err)
        settings.write_text(whole)
        settings.chmod(0o666)
        self.assertIn("chmod", self.check(uz, expect=NOT_CONFIGURED))
        (uz.home / "office.key").rename(uz.home / "elsewhere")
        self.assertIn("no office.key", self.check(uz, expect=FAILED))

    def test_it_runs_beside_a_blod(self):
        uz = self.world.office(UZ).start()
        self.assertIn("nothing is wrong", self.check(uz))
        (uz.home / "blod.toml").write_text("liste = []\n")
        self.assertIn("liste", self.check(uz, expect=NOT_CONFIGURED))
        self.assertEqual(UZ, uz.status()["office"])


class Ntp(ClockTest):
    def office_that_must_ask(self, state):
        """What it remembers would not do."""
        uz = self.office_of(UZ, "karimov")
        self.remembering(uz, known_ms=10 / 24)
        self.assertFalse(uz.status()["clock"]["believed"])
        uz.stop()
        (uz.home / "blod.toml").write_text("")
        return uz

    def test_the_status_of_the_service_waits_for_a_clock_that_is_believed(self):
        uz = self.office_of(UZ, "karimov")
        self.remembering(uz, known_ms=10 / 24)
        uz.stop()
        where = str(self.world.path("notify"))
        manager = Manager(self, where)
        uz.daemon = uz.start_only(env={"NOTIFY_SOCKET": where})
        told = manager.wait_for("READY=1")
        self.assertTrue(told[-2].startswith(f"STATUS={UZ} serves its officers; waits for a clock that is believed ("), told)
        uz.json("clock", "confirm", today())
        manager.wait_for_status(lambda status: status == f"STATUS={UZ} serves its officers", "it waits for nothing")

    def telling(self, state, *libraries):
        teller = subprocess.Popen([BIN / "blod", "--tell-ntp-state", state],
                                  env=environment({"LD_PRELOAD": ":".join(map(str, libraries))} if libraries else {}))
        self.addCleanup(teller.kill)
        until(state.exists, "it has told")
        return teller

    def ends(self, teller):
        teller.send_signal(signal.SIGTERM)
        self.assertEqual(0, teller.wait(60))

    def believes(self, office, state):
        office.start("--ntp-state", state)
        believed = office.status()["clock"]["believed"]
        office.stop()
        return believed

    @faketime.needs_compiler
    @unittest.skipIf(faketime._SANITIZED, "a sanitizer's runtime must be loaded first")
    def test_blod_believes_what_it_is_told_and_for_half_a_minute(self):
        state = self.world.path("state")
        uz = self.office_that_must_ask(state)
        self.assertFalse(self.believes(uz, state), "there is no file")
        teller = self.telling(state, faketime.in_step(self.world))
        self.assertTrue(self.believes(uz, state))
        self.ends(teller)
        word, time_ms, since_boot_ms = state.read_text().split()
        self.assertEqual("in-step", word)
        for written in (f"not-in-step {time_ms} {since_boot_ms}\n", f"in-step {time_ms} {int(since_boot_ms) - 40_000}\n",
                        f"in-step {time_ms} {int(since_boot_ms) + 1_000_000}\n", f"in-step {int(time_ms) + 100_000} {since_boot_ms}\n",
                        f"in-step {time_ms}\n", f"in-step {2 ** 64 - 1} {since_boot_ms}\n", f"in-step {time_ms} {since_boot_ms}", ""):
            state.write_text(written)
            self.assertFalse(self.believes(uz, state), written)
        teller = self.telling(state, self.world.path("in_step.so"))
        until(lambda: state.read_text().startswith("in-step"), "it tells again")
        self.ends(teller)
        state.chmod(0o666)
        self.assertFalse(self.believes(uz, state), "anybody could have written it")

    def test_who_tells_asks_the_kernel(self):
        state = self.world.path("state")
        self.ends(self.telling(state))
        self.assertRegex(state.read_text(), r"\A(not-in-step 0|in-step [0-9]+) [0-9]+\n\Z")

    @faketime.needs_compiler
    @unittest.skipIf(faketime._SANITIZED, "a sanitizer's runtime must be loaded first")
    def test_a_kernel_that_does_not_answer_is_told_as_that(self):
        library = self.world.path("silent.so")
        subprocess.run(["cc", "-shared", "-fPIC", "-x", "c", "-o", library, "-"], check=True,
                       input=b"#include <errno.h>\nint adjtimex(void* answer) { (void)answer; errno = EPERM; return -1; }\n")
        state = self.world.path("state")
        self.ends(self.telling(state, library))
        self.assertRegex(state.read_text(), r"\Aunanswered 0 [0-9]+\n\Z")

    def test_who_cannot_tell_says_so(self):
        done = run("blod", "--tell-ntp-state", self.world.path("nowhere/state"), expect={FAILED, NOT_CONFIGURED})
        self.assertIn("nowhere", done.err)
