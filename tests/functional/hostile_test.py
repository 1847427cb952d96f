"""A counterpart that proves who it is and then takes more than its share: others are served all the same."""

import contextlib
import os
import shutil
import time

from blolib.daemon import Daemon
from blolib.programs import NOT_CONFIGURED
from blolib.waiting import until
from blolib.world import TJ, UZ, WorldTest, pair
from faults_test import Counterpart, Journal

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
            talking.begin(**oybek.hello())
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


    def test_sessions_one_after_the_other_are_heard_once_a_second(self):
        tj, kg, oybek = self._hostile()
        began, heard = time.monotonic(), 0
        for _ in range(150):
            with contextlib.suppress(OSError), oybek.dial() as session:
                session.say_hello(**oybek.hello())
                heard += session.hear() is not None
        self.assertLessEqual(heard, 20 + 1 + time.monotonic() - began)
        self.assertGreater(heard, 0)
        self.assert_works(kg, tj)


class Storms(WorldTest):
    def test_a_counterpart_that_froze_the_pairing_is_not_dialled_in_a_storm(self):
        uz, tj, relay = self.offices_through_relay()
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


class Quotas(WorldTest):
    """More than a day may have is held back, and nothing is closed."""

    def _limited(self, office, **limits):
        text = "[quota]\n" + "".join(f"{name} = {value}\n" for name, value in limits.items())
        (office.home / "blod.toml").write_text(text)
        return office.start()

    def test_a_quota_that_is_none_stops_the_start(self):
        for wrong, about in (("entries = 0", "entries"), ("entries = -1", "entries"), ('bytes = "much"', "bytes"),
                             ("bytes = 1024", "bytes"), ("refusals = 9.5", "refusals"), ("messages = 5000", "messages")):
            with self.subTest(wrong):
                uz = self.world.office(UZ, name=f"wrong-{abs(hash(wrong))}")
                (uz.home / "blod.toml").write_text(f"[quota]\n{wrong}\n")
                self.assertEqual(NOT_CONFIGURED, uz.start_only().wait())
                self.assertIn(about, uz.log.read_text())

    @staticmethod
    def _alarms(office):
        return [alarm["code"] for alarm in office.json("alarms")["alarms"]]

    def test_a_list_longer_than_the_day_is_held_back_and_the_other_way_goes_on(self):
        uz, tj = self.world.office(UZ).start(), self._limited(self.world.office(TJ), entries=1024)
        uz.add_officer("karimov")
        tj.add_officer("rahimov")
        pair(uz, tj)
        rows = "".join(f"Uzbekistan;place {i};2024-03-07;Hashish;{i};Gram\n" for i in range(3000))
        table = self.world.write("many.csv", "COUNTRY;PLACE;SEIZURE_DATE;DRUG_NAME;AMOUNT;DRUG_UNIT\n" + rows)
        uz.blo("import", "seizures", table, "--to", TJ)
        until(lambda: "takes no more of ours before" in uz.pair_status(tj)["waitingFor"], "Oybek says until when")
        held = uz.pair_status(tj)
        self.assertTrue(held["connected"])
        self.assertLess(held["receipted"], held["sent"])
        self.assertIn("more is not taken", tj.pair_status(uz)["waitingFor"])
        self.assertEqual((["held-back"], ["holds-back"]), (self._alarms(uz), self._alarms(tj)))
        tj.alert(uz, "--wait", 60, marker="the other way goes on")

    def test_a_flash_behind_what_is_held_back_is_receipted(self):
        uz, tj = self.world.office(UZ).start(), self._limited(self.world.office(TJ), entries=1024)
        uz.add_officer("karimov")
        tj.add_officer("rahimov")
        pair(uz, tj)
        rows = "".join(f"Uzbekistan;place {i};2024-03-07;Hashish;{i};Gram\n" for i in range(1200))
        table = self.world.write("many.csv", "COUNTRY;PLACE;SEIZURE_DATE;DRUG_NAME;AMOUNT;DRUG_UNIT\n" + rows)
        uz.blo("import", "seizures", table, "--to", TJ)

        def all_that_is_taken():
            status = uz.pair_status(tj)
            return status["receipted"] == status["sent"] or "takes no more" in status["waitingFor"]
        until(all_that_is_taken, "the quota is used up")
        uz.alert(tj, marker="routine")
        until(lambda: "takes no more of ours before" in uz.pair_status(tj)["waitingFor"], "Oybek says until when")
        uz.alert(tj, "--precedence", "flash", "--wait", 60, marker="cannot wait")
        self.assertIn("cannot wait", tj.inbox()[0]["summary"])

    def test_refused_entries_stop_writing_into_our_journal(self):
        tj = self._limited(self.world.office(TJ), refusals=3)
        tj.add_officer("rahimov")
        oybek = Counterpart(self.world.office(UZ), tj)
        writes = Journal(oybek)
        officer = writes.officer(1)
        with oybek.dial() as session:
            session.begin(**oybek.hello())
            session.say_batch(writes.leaves, writes.note())
            session.hear_receipt()
            before = tj.pair_status(oybek.uz)["sent"]
            heard, first = None, len(writes.leaves)
            for _ in range(30):
                writes.message(officer, Journal.UNOPENABLE)
                session.say_batch(writes.leaves[first:], writes.note(), first)
                heard = session.hear()
                while heard and heard[0] not in (6, "not_taken"):
                    heard = session.hear()
                if not heard or heard[0] == "not_taken":
                    break
                first = len(writes.leaves)
            self.assertEqual("not_taken", heard and heard[0])
            self.assertGreater(heard[1]["wait_s"], 3600)
            self.assertLessEqual(tj.pair_status(oybek.uz)["sent"] - before, 3)
            self.assertTrue(tj.pair_status(oybek.uz)["connected"])
        self.assertEqual(["holds-back"], self._alarms(tj))
