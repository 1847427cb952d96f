"""What passes by itself stops no start: blod serves officers, says what is missing, and goes on when it is there. What no
waiting mends ends it with exit code 78."""

import os
import socket
import subprocess
import sys
import time

from blolib import identity
from blolib.addresses import split
from blolib.daemon import Daemon
from blolib.programs import BIN, DEGRADED, FAILED, NOT_CONFIGURED, OK, REFUSED, run
from blolib.waiting import until
from blolib.world import TJ, UZ, WorldTest
from service_test import Manager

_PASSING, _LASTING = 1, NOT_CONFIGURED
_YEAR_S = 366 * 24 * 3600

# Runs a program for which there is no IPv6: socket() says EAFNOSUPPORT.
_WITHOUT_IPV6 = """
import ctypes, os, platform, socket, struct, sys
SOCKET = {"x86_64": 41, "aarch64": 198}[platform.machine()]
LOAD, EQUAL, RETURN = 0x20, 0x15, 0x06
steps = [(LOAD, 0, 0, 0), (EQUAL, 0, 3, SOCKET), (LOAD, 0, 0, 16), (EQUAL, 0, 1, socket.AF_INET6),
         (RETURN, 0, 0, 0x00050000 | 97), (RETURN, 0, 0, 0x7fff0000)]
code = ctypes.create_string_buffer(b"".join(struct.pack("HBBI", *step) for step in steps))
program = ctypes.create_string_buffer(struct.pack("HxxxxxxQ", len(steps), ctypes.addressof(code)))
prctl = ctypes.CDLL(None).prctl
assert prctl(38, 1, 0, 0, 0) == 0 and prctl(22, 2, ctypes.c_void_p(ctypes.addressof(program)), 0, 0) == 0
os.execv(sys.argv[1], sys.argv[1:])
"""

# netdevice(7): SIOCSIFFLAGS with IFF_UP, and SIOCSIFADDR.
_LOOPBACK_UP = "import fcntl, socket, struct; fcntl.ioctl(socket.socket(), 0x8914, struct.pack('16sh22x', b'lo', 1))"
_GIVE_ADDRESS = """
import fcntl, socket, struct, sys
fcntl.ioctl(socket.socket(), 0x8916, struct.pack("16sHH4s16x", b"lo:1", socket.AF_INET, 0, socket.inet_aton(sys.argv[1])))
"""


class Network:
    """A network of its own, in which nothing is up yet; only root can make one."""

    def __init__(self, test):
        if os.geteuid() != 0:
            test.skipTest("only root can make the network this needs")
        self.world = test.world
        self.holder = subprocess.Popen(["unshare", "--net", "sh", "-c", "echo made; read end"], stdin=subprocess.PIPE,
                                       stdout=subprocess.PIPE, text=True)
        test.addCleanup(self.close)
        if self.holder.stdout.readline() != "made\n":
            test.skipTest("this machine allows no network of its own")

    def close(self):
        self.holder.stdin.close()
        self.holder.wait()
        self.holder.stdout.close()

    def command(self, *words):
        return ["nsenter", f"--net=/proc/{self.holder.pid}/ns/net", *map(str, words)]

    def run(self, *words):
        subprocess.run(self.command(*words), check=True)

    def up(self):
        self.run(sys.executable, "-c", _LOOPBACK_UP)

    def give_address(self, host):
        self.run(sys.executable, "-c", _GIVE_ADDRESS, host)

    def set_ipv6(self, on):
        """False: this system does not let it."""
        switch = self.command("sh", "-c", f"echo {int(not on)} > /proc/sys/net/ipv6/conf/all/disable_ipv6")
        return subprocess.run(switch, check=False, capture_output=True).returncode == 0

    def start(self, office, *listen, launcher=()):
        """The office's daemon, in here."""
        program = self.world.write(f"{office.home.name}-in-network",
                                   f"#!/bin/sh\nexec {' '.join(self.command(*launcher, BIN / 'blod'))} \"$@\"\n")
        program.chmod(0o700)
        words = [word for address in listen for word in ("--listen", address)]
        office.daemon = Daemon(office.home, office.log, *words, program=program).wait_until_ready()


class Listening(WorldTest):
    def stopped(self, **addresses):
        """Two offices that are paired and do not run."""
        uz, tj = self.offices(**addresses)
        uz.stop()
        tj.stop()
        return uz, tj

    def missing(self, office):
        return {row["address"]: row["why"] for row in office.status()["notListening"]}

    def assert_serves(self, uz, tj):
        """Also what was sent while the address was not there."""
        until(lambda: uz.pair_status(tj)["connected"], "the two are connected")
        self.assert_works(uz, tj)

    def test_a_port_that_another_process_has(self):
        uz, tj = self.stopped(b_addresses=[])
        taken = socket.create_server(split(uz.address))
        self.addCleanup(taken.close)
        before = len(uz.log.read_text())
        uz.start()
        tj.start()
        self.assertEqual({uz.address: "Address already in use"}, self.missing(uz))
        self.assertEqual([], uz.status()["listening"])
        self.assertIn(f"NOT LISTENING on {uz.address}: Address already in use", uz.blo("status").out)
        self.assertIn(f"BLO WARNING - {UZ}: not listening on {uz.address}|", uz.blo("status", "--check", expect=1).out)
        self.assertIn(f"blod: {UZ} listening on nothing; not yet on {uz.address} (Address already in use)\n",
                      uz.log.read_text()[before:])
        sent = tj.alert(uz, "--json", marker="while the port is taken").json()
        self.assertEqual([], uz.inbox())

        taken.close()
        until(lambda: uz.status()["listening"] == [uz.address], "it listens")
        self.assertEqual({}, self.missing(uz))
        self.assertNotIn("NOT LISTENING", uz.blo("status").out)
        self.assertIn(f"blod: {UZ} listening on {uz.address}\n", uz.log.read_text()[before:])
        until(lambda: sent["number"] in [message["number"] for message in uz.inbox()], "what waited has come")
        self.assert_serves(uz, tj)

    def test_an_address_that_is_not_there_yet(self):
        network = Network(self)
        network.up()
        address = "192.0.2.7:7117"
        uz, tj = self.stopped(a_addresses=[address], b_addresses=[])
        network.start(uz, address)
        network.start(tj, tj.address)
        self.assertEqual({address: "Cannot assign requested address"}, self.missing(uz))
        network.give_address("192.0.2.7")
        until(lambda: uz.status()["listening"] == [address], "it listens")
        self.assert_serves(uz, tj)

    def test_ipv6_that_is_off_and_comes(self):
        network = Network(self)
        network.up()
        if not network.set_ipv6(False):
            self.skipTest("this system has no IPv6, or lets nobody switch it")
        address = "[::1]:7117"
        uz, tj = self.stopped(a_addresses=[address], b_addresses=[])
        network.start(uz, uz.address, address)
        network.start(tj, tj.address)
        self.assertEqual([uz.address], uz.status()["listening"])
        self.assertEqual({address: "Cannot assign requested address"}, self.missing(uz))
        network.set_ipv6(True)
        until(lambda: uz.status()["listening"] == [uz.address, address], "it listens on both")
        self.assert_serves(uz, tj)

    def test_the_default_listen_without_ipv6_serves_over_ipv4(self):
        network = Network(self)
        network.up()
        uz, tj = self.stopped(a_addresses=["127.0.0.1:7117"], b_addresses=[])
        launcher = self.world.write("without-ipv6.py", _WITHOUT_IPV6)
        network.start(uz, launcher=(sys.executable, launcher))
        network.start(tj, "127.0.0.1:7118")
        self.assertEqual(["0.0.0.0:7117"], uz.status()["listening"])
        self.assertEqual({"[::]:7117": "Address family not supported by protocol"}, self.missing(uz))
        self.assert_serves(uz, tj)


class Clock(WorldTest):
    """The machine's clock stays as it is; the office's certificate begins later, or is over, as it would by a wrong one."""

    def office_with_certificate(self, begins_in_s, lasts_s, name):
        office = self.world.office(UZ, name=name)
        pem = office.home / "office.pem"
        details = identity.details_of(identity.from_pem("BLO CERTIFICATE", pem.read_text()))
        begins = int(time.time()) + begins_in_s
        details |= {"not_before_s": begins, "not_after_s": begins + lasts_s}
        key = identity.signing_key(identity.seeds(office.authority / "authority.key")[identity.USE_AUTHORITY])
        pem.write_text(identity.to_pem("BLO CERTIFICATE", identity.certificate(details, key)))
        return office

    def add_officer(self, office, name, expect):
        if not (office.officers / f"{name}.request.pem").exists():
            office.blo("officer", "request", name, "--office", office.id, "--name", name, "--agency", "Customs",
                       "--no-passphrase")
        return office.blo("officer", "add", office.officers / f"{name}.request.pem", "--role", "operator", "--out",
                          self.world.path(f"{office.home.name}-{name}.pem"), expect=expect)

    def assert_doubted(self, office, words):
        status = office.json("status", expect=DEGRADED)
        self.assertIn(words, status["clock"]["doubt"])
        self.assertTrue(status["degraded"])
        said = office.blo("status", expect=DEGRADED).out
        self.assertIn(f"CLOCK NOT BELIEVED: this machine's clock says {status['clock']['time'][:10]}", said)
        self.assertIn(words, said)
        self.assertIn("timedatectl", said)
        checked = office.blo("status", "--check", expect=2).out.partition("|")[0]
        self.assertTrue(checked.startswith(f"BLO CRITICAL - {UZ}: ") and f"clock cannot be right: {words}" in checked, checked)
        self.assertEqual([], office.json("officer", "list")["officers"])
        self.assertIn("does not hold", self.add_officer(office, "karimov", REFUSED).err)
        self.assertEqual([], office.json("officer", "list")["officers"])

    def test_a_clock_before_the_certificate_starts_and_is_read(self):
        uz, where = self.office_with_certificate(_YEAR_S, _YEAR_S, UZ), str(self.world.path("notify"))
        manager = Manager(self, where)
        uz.start(env={"NOTIFY_SOCKET": where})
        told = manager.wait_for("READY=1")
        self.assertIn(f"serves its officers; waits for the right time (the office certificate of {UZ} does not hold before", told[-2])
        self.assert_doubted(uz, f"the office certificate of {UZ} does not hold before")
        self.assertIn("nothing is entered before the clock is right", uz.log.read_text())

    def test_a_clock_after_the_certificate_starts_and_is_read(self):
        uz = self.office_with_certificate(-60, 30, UZ)
        uz.start()
        self.assert_doubted(uz, f"the office certificate of {UZ} does not hold after")

    def test_when_it_is_right_everything_goes_on_without_a_restart(self):
        for begins_in_s in (5, 20, 80, 200):  # as slow as the machine may be
            uz = self.office_with_certificate(begins_in_s, _YEAR_S, f"begins-{begins_in_s}").start()
            if uz.json("status", expect={OK, DEGRADED})["clock"]["doubt"]:
                break
        until(lambda: not uz.json("status", expect={OK, DEGRADED})["clock"]["doubt"], "the clock is believed", 300)
        self.assertFalse(uz.status()["degraded"])
        self.assertNotIn("CLOCK", uz.blo("status").out)
        self.add_officer(uz, "karimov", OK)
        until(lambda: "everything goes on" in uz.log.read_text(), "blod says so")

    def test_a_certificate_of_another_authority_is_not_a_matter_of_the_clock(self):
        uz = self.office_with_certificate(_YEAR_S, _YEAR_S, UZ)
        other = self.world.authority("UZ", name="another-authority")
        (uz.home / "authority.pem").write_text((other / "authority.pem").read_text())
        daemon = uz.start_only()
        self.assertEqual(_LASTING, daemon.wait(), daemon.said())


class Home(WorldTest):
    def ends(self, home, code, *arguments, env=None):
        return run("blod", "--home", home, *arguments, env=env, expect=code).err

    def test_a_mount_point_without_its_disk_stays_bare_and_blod_comes_with_the_disk(self):
        uz = self.world.office(UZ).start()
        uz.add_officer("karimov")
        uz.stop()
        disk = uz.home.rename(self.world.path("disk"))
        self.assertIn("no office.key", self.ends(uz.home, _PASSING))
        for mode in (0o700, 0o755, 0o777):
            uz.home.mkdir()
            uz.home.chmod(mode)
            said = self.ends(uz.home, _PASSING)
            self.assertIn("its disk is not mounted yet", said)
            self.assertIn("blo office create", said)  # who has forgotten that reads it, too
            self.assertEqual([], list(uz.home.iterdir()))
            uz.home.rmdir()
        disk.rename(uz.home)
        uz.start()
        self.assertEqual(["karimov of " + UZ], [row["name"] for row in uz.json("officer", "list")["officers"]])

    def test_a_home_in_use_is_tried_again(self):
        uz = self.world.office(UZ).start()
        self.assertIn("another blod runs on this home", self.ends(uz.home, _PASSING, "--listen", uz.address))
        self.assertEqual(UZ, uz.status()["office"])

    def test_what_somebody_must_do_first_ends_with_78(self):
        uz = self.world.office(UZ)
        pem = (uz.home / "office.pem").read_text()
        (uz.home / "office.pem").unlink()
        self.assertIn("blo office install", self.ends(uz.home, _LASTING))
        (uz.home / "office.pem").write_text(pem)
        self.assertIn("this is none", self.ends(uz.home / "office.pem", _LASTING))
        self.assertIn("this is none", self.ends(uz.home / "office.pem/home", _LASTING))
        twice = ("--listen", uz.address, "--listen", uz.address)
        self.assertIn("stands there twice", self.ends(uz.home, _LASTING, *twice))
        other = self.world.office("UZ-TERMEZ")
        (uz.home / "office.pem").write_text((other.home / "office.pem").read_text())
        self.assertIn("the certificate is not of the keys", self.ends(uz.home, _LASTING))
        (uz.home / "office.pem").write_text(pem)
        (uz.home / "store.db").touch(0o600)
        self.assertIn("store.db is empty", self.ends(uz.home, _LASTING))

    def test_a_home_too_long_for_a_socket_is_named_before_anything_is_opened(self):
        uz = self.world.office(UZ, name="h" * 120)
        socket_path = uz.home / "control.sock"
        before = sorted(uz.home.iterdir())
        said = self.ends(uz.home, _LASTING)
        self.assertIn(f"{socket_path} ({len(str(socket_path))} bytes; at most 107)", said)
        self.assertIn("control_socket", said)
        self.assertEqual(before, sorted(uz.home.iterdir()))
        refused = uz.blo("status", expect=FAILED)
        self.assertIn(f"{socket_path} ({len(str(socket_path))} bytes; at most 107)", refused.err)
        self.assertIn("control_socket", refused.err)

        (uz.home / "blod.toml").write_text(f'control_socket = "{self.world.path("s" * 120)}"\n')
        self.assertIn("at most 107", self.ends(uz.home, _LASTING))
        (uz.home / "blod.toml").unlink()
        self.assertIn("at most 107", self.ends(uz.home, _LASTING, env={"RUNTIME_DIRECTORY": str(self.world.path("r" * 120))}))

        (uz.home / "blod.toml").write_text(f'control_socket = "{self.world.path("control.sock")}"\n')
        uz.daemon = uz.start_only()
        until(lambda: uz.blo("status", expect=None).code == OK, "blo finds the socket by the link in the home")
        self.assertEqual([uz.address], uz.status()["listening"])

    def test_a_control_sockets_folder_that_is_not_there_yet(self):
        uz = self.world.office(UZ)
        folder = self.world.path("run")
        (uz.home / "blod.toml").write_text(f'control_socket = "{folder / "control.sock"}"\n')
        self.assertIn(str(folder), self.ends(uz.home, _PASSING, "--listen", uz.address))
        folder.mkdir()
        uz.start()
        self.assertEqual(UZ, uz.status()["office"])
