"""A clock that is not believed: what waits, what is said of it, and how a person ends it."""

import contextlib
import datetime
import re
import sqlite3

from blolib.agreement import agreed
from blolib.programs import CHECKOUT, NOT_AUTHORISED, NOT_FOUND, REFUSED, USAGE, run
from blolib.waiting import until
from blolib.world import TJ, UZ, WorldTest, pair

_DAY = datetime.timedelta(days=1)
_RULES = '[retention]\nalert = { keep = "1s", basis = "Act 12" }\n'


def today(days=0):
    return (datetime.datetime.now(datetime.timezone.utc) + days * _DAY).strftime("%Y-%m-%d")


class ClockTest(WorldTest):
    def office_of(self, office_id, officer, rules=""):
        """Without NTP, so that the machine the test runs on decides nothing."""
        office = self.world.office(office_id)
        (office.home / "blod.toml").write_text("trust_ntp = false\n" + rules)
        office.start()
        office.add_officer(officer, "operator", "security-officer")
        return office

    def paired(self, rules=""):
        uz, tj = self.office_of(UZ, "karimov", rules), self.office_of(TJ, "rahimov")
        pair(uz, tj)
        return uz, tj

    def remembering(self, office, **columns):
        """Starts the office again, and what it kept of the time is changed meanwhile."""
        office.stop()
        with contextlib.closing(sqlite3.connect(office.home / "store.db")) as database, database:
            for column, days in columns.items():
                ms = None if days is None else int((datetime.datetime.now().timestamp() + days * 86_400) * 1000)
                database.execute(f"UPDATE clock SET {column} = ?", (ms,))
            self.assertEqual(1, database.execute("SELECT count(*) FROM clock").fetchone()[0])
        office.start()

    def verified(self, office):
        """What both verifiers say of what its auditor exports."""
        folder = self.world.path(f"{office.id}-export")
        run("blo", "journal", "export", folder, env=office.auditors_environment())
        verdict = agreed(self, folder, [self.world.authority(country) / "authority.pem" for country in ("UZ", "TJ")])
        self.assertTrue(verdict["verified"], verdict)
        return verdict

    def refused(self, office, reason, *arguments, expect=REFUSED):
        self.assertEqual(reason, office.json(*arguments, expect=expect)["error"]["reason"], arguments)


class Believed(ClockTest):
    def test_a_clock_that_goes_on_is_believed(self):
        uz = self.office_of(UZ, "karimov")
        clock = uz.status()["clock"]
        self.assertEqual((True, "", None), (clock["believed"], clock["nextStep"], clock["waitsSince"]))
        self.assertNotIn("CLOCK", uz.blo("status").out)
        uz.stop()
        uz.start()
        self.assertTrue(uz.status()["clock"]["believed"])

    def test_until_somebody_types_the_date_what_comes_waits(self):
        uz, tj = self.paired()
        uz.alert(tj, "--wait", 60)
        uz.add_auditor()
        # This machine ran ten hours ahead for a while, which no receipt shows to be wrong.
        self.remembering(uz, known_ms=10 / 24)
        told = uz.blo("status").out
        self.assertIn("CLOCK NOT BELIEVED", told)
        self.assertIn("blo clock confirm YYYY-MM-DD", told)
        self.assertRegex(uz.blo("status", "--check", expect=1).out, rf"\ABLO WARNING - {UZ}: .*clock not believed: [^|]+\|")
        self.assertFalse(uz.status()["clock"]["believed"])
        uz.blo("officer", "request", "new", "--office", UZ, "--network", "live", "--name", "New One", "--agency",
               "Customs", "--no-passphrase")
        request = uz.officers / "new.request.pem"
        self.refused(uz, "clock-not-believed", "officer", "add", request, "--out", self.world.path("new.pem"))
        self.refused(uz, "clock-not-believed", "officer", "revoke", 1, "--reason", "left")
        meanwhile = uz.alert(tj, "--as", "karimov", "--json", marker="officers go on").json()["number"]
        tj.alert(uz, marker="which waits")
        until(lambda: any(message["number"] == meanwhile for message in tj.inbox()), "what is sent goes over")
        self.assertTrue(tj.json("show", meanwhile)["clockUnsure"])
        self.assertIn("the office's clock was not sure", tj.blo("show", meanwhile).out)
        until(lambda: "not stored" in uz.pair_status(tj)["waitingFor"], "what came waits")
        self.assertEqual([], uz.inbox("--as", "karimov"))

        self.refused(uz, "wrong-date", "clock", "confirm", today(30))
        self.refused(uz, "usage", "clock", "confirm", "tomorrow", expect=USAGE)
        self.assertEqual({"date": today(), "believed": True}, uz.json("clock", "confirm", today(), "--as", "karimov"))
        self.assertTrue(uz.status()["clock"]["believed"])
        until(lambda: uz.inbox("--as", "karimov"), "it arrives")
        uz.blo("officer", "add", request, "--out", self.world.path("new.pem"))
        confirmed = [act for act in uz.trail() if act["what"] == "clock confirm"]
        self.assertEqual([today(30), today()], [act["subject"] for act in confirmed])
        surely = uz.alert(tj, "--as", "karimov", "--wait", 60, "--json").json()["number"]
        self.assertFalse(tj.json("show", surely)["clockUnsure"])
        tj.add_auditor()
        for office in (uz, tj):
            journal, = (one for one in self.verified(office)["journals"] if one["origin"] == f"live/{UZ}/{TJ}/1")
            self.assertEqual((0, 1), (journal["claims"], journal["clock_unsure"]))
        uz.stop()
        uz.start()
        self.assertFalse(uz.status()["clock"]["believed"], "a person spoke for it until then")

    def test_a_receipt_shows_what_was_never_true(self):
        uz, tj = self.paired()
        until(lambda: (pairing := uz.pair_status(tj))["sent"] == pairing["receipted"], "no receipt is on its way")
        tj.stop()
        self.remembering(uz, known_ms=30)
        self.assertFalse(uz.status()["clock"]["believed"])
        tj.start()
        until(lambda: uz.pair_status(tj)["connected"], "the hour ends no session")
        self.assertFalse(uz.status()["clock"]["believed"], "its clock is before what is known")
        uz.alert(tj, "--wait", 60)
        self.assertTrue(uz.status()["clock"]["believed"])

    def test_the_units_let_one_process_ask_the_kernel_and_none_set_anything(self):
        """ProtectClock= and @system-service leave adjtimex(2) out, also where it only asks."""
        office, asks = ((CHECKOUT / "packaging" / unit).read_text() for unit in ("blod.service", "blo-ntp.service"))
        state, = re.findall(r"^ExecStart=.* --tell-ntp-state (\S+)$", asks, re.M)
        self.assertIn(f" --ntp-state {state}\n", office)
        self.assertIn("\nProtectClock=yes\n", office)
        self.assertNotIn("\nProtectClock=", asks)
        self.assertIn("\nSystemCallFilter=@system-service adjtimex clock_adjtime\n", asks)
        for unit in (office, asks):
            self.assertIn("\nCapabilityBoundingSet=\n", unit)


class Destroying(ClockTest):
    def test_a_clock_for_which_nobody_speaks_destroys_nothing(self):
        uz, tj = self.paired(_RULES)
        uz.alert(tj, "--wait", 60)
        until(lambda: uz.json("retention", "preview")["due"] == 1, "it is due")
        tj.stop()
        self.remembering(uz, vouched_ms=-8)
        self.refused(uz, "date-unproven", "retention", "apply")
        clock = uz.status()["clock"]
        self.assertEqual((True, False), (clock["believed"], clock["mayDestroy"]))
        self.assertTrue(clock["waitsSince"].startswith(today()[:7]))
        self.assertIn("NOT DESTROYED", uz.blo("status").out)
        # Without an officer's key it is believed and not enough: a timer could type it.
        uz.blo("clock", "confirm", today())
        self.refused(uz, "date-unproven", "retention", "apply")
        uz.blo("clock", "confirm", today(), "--as", "karimov")
        self.assertNotIn("NOT DESTROYED", uz.blo("status").out)
        self.assertEqual(1, uz.json("retention", "apply")["erased"])

    def test_a_counterpart_seen_this_week_is_enough(self):
        uz, tj = self.paired(_RULES)
        uz.alert(tj, "--wait", 60)
        until(lambda: uz.json("retention", "preview")["due"] == 1, "it is due")
        tj.stop()
        uz.stop()
        uz.start()
        self.assertTrue(uz.status()["clock"]["mayDestroy"])
        self.assertEqual(1, uz.json("retention", "apply")["erased"])

    def test_who_may_say_so(self):
        uz = self.office_of(UZ, "karimov")
        uz.add_officer("azimov", "operator")
        self.refused(uz, "not-authorised", "clock", "confirm", today(), "--as", "azimov", expect=NOT_AUTHORISED)
        self.refused(uz, "not-authorised", "erasure", "allow", TJ, "--as", "azimov", expect=NOT_AUTHORISED)
        self.refused(uz, "unknown-counterpart", "erasure", "allow", TJ, "--as", "karimov", expect=NOT_FOUND)
        tj = self.office_of(TJ, "rahimov")
        pair(uz, tj)
        self.refused(uz, "nothing-ahead", "erasure", "allow", TJ, "--as", "karimov", expect=NOT_FOUND)
        self.refused(uz, "usage", "erasure", "allow", "it", "--as", "karimov", expect=USAGE)
