"""A counterpart that has moved: what a person says of where it is, and what it announces itself."""

import ctypes
import fcntl
import os
import socket
import struct
import unittest

from blolib.addresses import free_address, split
from blolib.daemon import read_exact
from blolib.programs import NOT_AUTHORISED, NOT_CONFIGURED, NOT_FOUND, REFUSED, USAGE
from blolib.waiting import until
from blolib.world import TJ, UZ, WorldTest, pair

from faults_test import Counterpart

_PROTOCOL = 3  # reason of a Close
_MESSAGE_1 = 50  # bytes, docs/format/session.md: all that anybody hears who is not the counterpart
_NEW_NETWORK = 0x40000000  # CLONE_NEWNET, unshare(2)
_SET_FLAGS, _SET_ADDRESS = 0x8914, 0x8916  # SIOCSIFFLAGS, SIOCSIFADDR, netdevice(7)
_UP = 1  # IFF_UP


def connected(office, counterpart):
    return office.pair_status(counterpart)["connected"]


def own_network():
    """From here on this process and what it starts are in a network of their own, where 10.0.0.0/8 is this machine, as
    127.0.0.0/8 is everywhere: no office takes a loopback address from another."""
    if os.getuid() != 0:
        raise unittest.SkipTest("needs a network of its own, which only root can make")
    if ctypes.CDLL(None, use_errno=True).unshare(_NEW_NETWORK) != 0:
        raise unittest.SkipTest(f"no network of its own: {os.strerror(ctypes.get_errno())}")
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as any_socket:
        fcntl.ioctl(any_socket, _SET_FLAGS, struct.pack("16sH14x", b"lo", _UP))
        address = struct.pack("HH4s8x", socket.AF_INET, 0, socket.inet_aton("10.0.0.1"))
        fcntl.ioctl(any_socket, _SET_ADDRESS, struct.pack("16s16s", b"lo:1", address))
        fcntl.ioctl(any_socket, _SET_FLAGS, struct.pack("16sH14x", b"lo:1", _UP))


def announce(office, *addresses):
    """What it announces once it is started again."""
    settings = office.home / "blod.toml"
    lines = settings.read_text().splitlines() if settings.exists() else []
    kept = [line for line in lines if not line.startswith("announce")]
    quoted = ", ".join(f'"{address}"' for address in addresses)
    settings.write_text("\n".join([f"announce = [{quoted}]", *kept]) + "\n")


class SetByAPerson(WorldTest):
    def _one_way(self):
        """Oybek alone dials."""
        return self.offices(a_addresses=[])

    def _move(self, office):
        office.stop()
        office.address = free_address()
        office.start()

    def test_a_counterpart_that_moved_is_reached_after_one_command(self):
        uz, tj = self._one_way()
        until(lambda: connected(uz, tj), "they are connected")
        before = tj.address
        self._move(tj)
        until(lambda: not connected(uz, tj), "the old address is over")
        number = uz.alert(tj, "--json", marker="while nobody knew").json()["number"]
        self.assertEqual({"counterpart": TJ, "addresses": [tj.address]}, uz.json("pair", "address", TJ, tj.address))
        until(lambda: connected(uz, tj), "they are connected again")
        until(lambda: number in [message["number"] for message in tj.inbox()], "what waited has arrived")
        self.assert_works(uz, tj)
        shown = uz.json("pair", "show", TJ)
        self.assertEqual([before], shown["addresses"])
        self.assertEqual(([tj.address], 0, ""), tuple(shown["setAddresses"][name] for name in ("addresses", "byPerson", "by")))
        self.assertIsNotNone(shown["setAddresses"]["since"])
        self.assertIsNone(shown["announcedAddresses"])

    def test_an_attempt_at_the_old_address_is_not_waited_for(self):
        """Something there takes connections and says nothing, as a machine does that is no office."""
        uz, tj = self._one_way()
        until(lambda: connected(uz, tj), "they are connected")
        old = tj.address
        self._move(tj)
        with socket.create_server(split(old)) as silent:
            silent.settimeout(60)
            caller, _ = silent.accept()  # Oybek waits for an answer
            with caller:
                caller.settimeout(60)
                read_exact(caller, _MESSAGE_1)
                failed = lambda: uz.log.read_text().count(f"no connection to {TJ}")
                before = failed()
                uz.blo("pair", "address", TJ, tj.address)
                until(lambda: connected(uz, tj), "they are connected")
                self.assertEqual(before, failed(), "it came to no end of its own before that")
                self.assertEqual(b"", caller.recv(1), "it was given up, and said nothing more")

    def test_it_stays_after_a_restart_and_is_told_with_who_set_it(self):
        uz, tj = self._one_way()
        uz.add_officer("azimova", "security-officer", full_name="Zilola Azimova")
        uz.add_auditor()
        self._move(tj)
        nobody = free_address()
        uz.blo("--as", "azimova", "pair", "address", TJ, nobody, tj.address)
        uz.stop()
        uz.start()
        until(lambda: connected(uz, tj), "they are connected by the second address")
        shown = uz.json("pair", "show", TJ)["setAddresses"]
        self.assertEqual(([nobody, tj.address], 2, "Zilola Azimova"),
                         (shown["addresses"], shown["byPerson"], shown["by"]))
        text = uz.blo("pair", "show", TJ).out
        for part in (tj.address, "by officer 2 (Zilola Azimova)", "In their file:"):
            self.assertIn(part, text)
        self.assertIn(("Zilola Azimova", "pair address", TJ, False),
                      [(act["officer"], act["what"], act["subject"], act["refused"]) for act in uz.trail()])

    def test_one_that_must_call_us_is_not_dialled(self):
        uz, tj = self._one_way()
        until(lambda: connected(uz, tj), "they are connected")
        self.assertIn("must call us", uz.blo("pair", "address", TJ, "--none").out)
        until(lambda: not connected(uz, tj), "the session is over")
        self.assertIn("it must call us: blo pair address", uz.pair_status(tj)["waitingFor"])
        self.assertEqual([], uz.json("pair", "show", TJ)["setAddresses"]["addresses"])
        uz.blo("pair", "address", TJ, tj.address)
        until(lambda: connected(uz, tj), "they are connected again")
        tj.blo("pair", "address", UZ, uz.address)  # which its file does not name
        uz.blo("pair", "address", TJ, "--none")
        until(lambda: connected(uz, tj), "it called")
        self.assert_works(uz, tj)

    def test_who_may_and_what_is_no_address(self):
        uz, tj = self._one_way()
        uz.blo("--as", "karimov", "pair", "address", TJ, tj.address, expect=NOT_AUTHORISED)
        for words in ([], ["fotehobod.example"], ["fotehobod.example:0"], ["[fe80::1%lo]:7117"], [tj.address, "--none"],
                      [f"fotehobod.example:{port}" for port in range(1, 6)], [tj.address, tj.address]):
            uz.blo("pair", "address", TJ, *words, expect=USAGE)
        uz.blo("pair", "address", "KG-DOSTUK", tj.address, expect=NOT_FOUND)
        self.assertIsNone(uz.json("pair", "show", TJ)["setAddresses"])
        uz.blo("pair", "end", TJ, "--reason", "the post was closed")
        uz.blo("pair", "address", TJ, tj.address, expect=REFUSED)


class Announced(WorldTest):
    def test_an_office_that_announced_where_it_goes_is_found_there(self):
        own_network()
        uz, tj = self.world.office(UZ), self.world.office(TJ)
        uz.address, tj.address = "10.0.0.1:7117", "10.0.0.2:7117"
        announce(tj, "10.0.0.3:7117")
        for office, officer in ((uz, "karimov"), (tj, "rahimov")):
            office.start()
            office.add_officer(officer)
        pair(uz, tj, a_addresses=[])  # so that Oybek alone dials
        until(lambda: connected(uz, tj), "they are connected")
        shown = uz.json("pair", "show", TJ)
        self.assertEqual((["10.0.0.2:7117"], None, ["10.0.0.3:7117"]),
                         (shown["addresses"], shown["setAddresses"], shown["announcedAddresses"]["addresses"]))
        self.assertIsNotNone(shown["announcedAddresses"]["since"])
        self.assertIn("They announce:     10.0.0.3:7117, since", uz.blo("pair", "show", TJ).out)
        self.assertIsNone(tj.json("pair", "show", UZ)["announcedAddresses"])
        tj.stop()
        tj.address = "10.0.0.3:7117"
        tj.start()
        until(lambda: connected(uz, tj), "it is found where it said")
        self.assert_works(uz, tj)
        uz.stop()  # what it said outlives both daemons
        uz.start()
        until(lambda: connected(uz, tj), "it is found again")

    def test_what_no_counterpart_would_dial_stops_the_start(self):
        uz = self.world.office(UZ)
        for address in ("127.0.0.1:7117", "0.0.0.0:7117", "oybek.example.uz:7117", "[fe80::1]:7117", "192.0.2.1"):
            announce(uz, address)
            self.assertEqual(NOT_CONFIGURED, uz.start_only().wait())
            self.assertIn(address, uz.log.read_text())
        announce(uz, *(f"192.0.2.{number}:7117" for number in range(1, 6)))
        self.assertEqual(NOT_CONFIGURED, uz.start_only().wait())
        announce(uz, *(f"192.0.2.{number}:7117" for number in range(1, 5)))
        uz.start()

    def test_hostile_announcements_are_dropped_or_end_the_session(self):
        """By a counterpart that proves who it is, in the second implementation."""
        tj = self.world.office(TJ).start()
        oybek = Counterpart(self.world.office(UZ), tj)
        tj.blo("pair", "address", UZ, "--none")  # nothing leaves this machine
        say = lambda session, announced: session.say_heads(announced=announced)
        kept = lambda: tj.json("pair", "show", UZ)["announcedAddresses"]
        v4 = lambda *address: {"address": bytes(address), "port": 7117}
        for announced in ([v4(192, 0, 2, number) for number in range(5)], [{"address": b"\xc0" * 5, "port": 7117}],
                          [{"address": b"", "port": 7117}], [{"address": b"\xc0\0\2\1", "port": 65_536}],
                          [{"address": b"\xc0\0\2\1", "port": 0}], [{"address": b"a" * 60_000, "port": 7117}]):
            with oybek.dial() as session:
                session.say_hello(**oybek.hello())
                self.assertEqual(["hello", "heads"], [session.hear()[0], session.hear()[0]])
                say(session, announced)
                self.assertIn(("close", {"reason": _PROTOCOL}), session.hear_all())
            self.assertIsNone(kept())
        forbidden = [v4(127, 0, 0, 1), v4(169, 254, 169, 254), v4(0, 0, 0, 0), v4(255, 255, 255, 255), v4(224, 0, 0, 1),
                     {"address": bytes(10) + b"\xff\xff\x7f\0\0\1", "port": 7117}, {"address": bytes(15) + b"\1", "port": 7117},
                     {"address": b"\xfe\x80" + bytes(13) + b"\1", "port": 7117},
                     {"address": b"\xff\x02" + bytes(13) + b"\1", "port": 7117}]
        for first in range(0, len(forbidden), 4):
            self._goes_on(oybek, forbidden[first:first + 4])
            self.assertIsNone(kept())
        self._goes_on(oybek, [v4(127, 0, 0, 1), v4(192, 0, 2, 1)])
        self.assertEqual(["192.0.2.1:7117"], kept()["addresses"])
        self._goes_on(oybek, [v4(192, 0, 2, 2)])  # within the hour
        self.assertEqual(["192.0.2.1:7117"], kept()["addresses"])

    def _goes_on(self, oybek, announced):
        with oybek.dial() as session:
            session.say_hello(**oybek.hello())
            self.assertEqual(["hello", "heads"], [session.hear()[0], session.hear()[0]])
            session.say_heads(announced=announced)
            session.say_ping(7)
            heard = session.hear()
            while heard and heard[0] != "pong":
                heard = session.hear()
            self.assertEqual(("pong", {"token": 7}), heard)
