"""A counterpart that proves who it is and then takes more than its share: others are served all the same."""

import contextlib
import os
import shutil
import time

from blolib.daemon import Daemon
from blolib.relay import Relay
from blolib.waiting import until
from blolib.world import TJ, UZ, WorldTest, pair
from faults_test import Counterpart

_KG = "KG-DOSTUK"
_SESSIONS_MAX = 6  # docs/format/sync.md
_CROWD = 40


def descriptors(office):
    return len(os.listdir(f"/proc/{office.daemon.pid}/fd"))


class Sessions(WorldTest):
    """One counterpart opens sessions without end."""

    def _hostile(self):
        """Fotehobod, paired with an Oybek that is bound by nothing, and with Dostuk, an honest office."""
        uz, tj, kg = self.world.office(UZ), self.world.office(TJ).start(), self.world.office(_KG).start()
        tj.add_officer("rahimov")
        kg.add_officer("asanov")
        pair(tj, kg)
        self.assert_works(tj, kg)
        return tj, kg, Counterpart(uz, tj)

    def _crowd(self, oybek, stack):
        """Sessions that say no Hello, all kept open; those that were let in."""
        sessions = []
        deadline = time.monotonic() + 60
        while len(sessions) < _CROWD and time.monotonic() < deadline:
            with contextlib.suppress(OSError):
                sessions.append(stack.enter_context(oybek.dial()))
        return sessions

    def test_sessions_without_a_hello_take_no_more_than_their_share(self):
        tj, kg, oybek = self._hostile()
        before = descriptors(tj)
        with contextlib.ExitStack() as stack:
            self.assertEqual(_CROWD, len(self._crowd(oybek, stack)))
            until(lambda: descriptors(tj) <= before + _SESSIONS_MAX, "the others have given way")
            self.assert_works(kg, tj)

    def test_the_session_that_talks_stays_when_others_come(self):
        tj, kg, oybek = self._hostile()
        with contextlib.ExitStack() as stack:
            talking = stack.enter_context(oybek.dial())
            talking.say_hello(**oybek.hello())
            self.assertEqual(["hello", "heads"], [talking.hear()[0], talking.hear()[0]])
            talking.say_heads()
            until(lambda: tj.pair_status(oybek.uz)["connected"], "the session stands")
            self._crowd(oybek, stack)
            talking.say_ping(7)
            until(lambda: talking.hear() == ("pong", {"token": 7}), "it is answered")
            self.assertTrue(tj.pair_status(oybek.uz)["connected"])

    def test_an_office_finds_room_while_another_takes_all_it_can(self):
        tj, kg, oybek = self._hostile()
        kg.stop()
        until(lambda: not tj.pair_status(kg)["connected"], "the line is down")
        with contextlib.ExitStack() as stack:
            self._crowd(oybek, stack)
            kg.start()
            self.assert_works(kg, tj)
            self._crowd(oybek, stack)
            self.assert_works(tj, kg)


class Storms(WorldTest):
    def test_a_counterpart_that_froze_the_pairing_is_not_dialled_in_a_storm(self):
        uz, tj = self.world.office(UZ), self.world.office(TJ)
        relay = Relay(tj.address)
        self.addCleanup(relay.close)
        for office, officer in ((uz, "karimov"), (tj, "rahimov")):
            office.start()
            office.add_officer(officer)
        pair(uz, tj, a_addresses=[], b_addresses=[relay.address])
        self.assert_works(uz, tj)
        before = len(relay.said)
        tj.blo("pair", "freeze", UZ, "--reason", "a call that sounded wrong")
        until(lambda: len(relay.said) > before, "Oybek tries again")
        began = time.monotonic()
        until(lambda: len(relay.said) > before + 5, "Oybek tries five times more")
        # Half of 0.4, 0.8, 1.6, 3.2 and 6.4 s at least; five times a second it would be one.
        self.assertGreater(time.monotonic() - began, 3)

    def test_a_copied_home_is_an_alarm_at_both_offices(self):
        uz, tj = self.offices()
        self.assert_works(uz, tj)
        uz.stop()
        copy = self.world.path("copy-of-uz")
        shutil.copytree(uz.home, copy, ignore=shutil.ignore_patterns("*.sock"))
        uz.start()
        self.assert_works(uz, tj)
        until(lambda: uz.pair_status(tj)["connected"], "a session stands")
        second = Daemon(copy, self.world.path("copy.diagnostics"), "--listen", "127.0.0.1:0").wait_until_ready()
        self.addCleanup(second.stop)
        for office in (tj, uz):
            until(lambda: ("runs-twice", UZ) in [(alarm["code"], alarm["subject"]) for alarm in office.json("alarms")["alarms"]],
                  f"{office.id} is told")
