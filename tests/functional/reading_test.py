"""Certificates come to their end while people still have to read: blod under a clock that is ahead of this machine's."""

import datetime

from blolib import faketime
from blolib.agreement import agreed
from blolib.programs import DEGRADED, NOT_AUTHORISED, OK
from blolib.world import WorldTest

_OFFICER_DAYS, _OFFICE_DAYS = 365, 730  # as blo certifies where nothing is said


@faketime.needs_faketime
class Reading(WorldTest):
    def setUp(self):
        super().setUp()
        self.uz, self.tj = self.offices()
        self.uz.add_auditor()
        self.uz.alert(self.tj, "--wait", 60)
        self.tj.alert(self.uz, "--wait", 60)
        self.number = self.uz.inbox()[0]["number"]
        self.tj.stop()

    def days_later(self, days):
        """blod anew, with a wall clock that is so many days ahead; the monotonic one goes on as it is."""
        self.uz.stop()
        self.uz.start(env=faketime.environment(FAKETIME=f"{days:+}d"))

    def days_later_for_sure(self, days):
        """And a person has looked at a watch."""
        self.days_later(days)
        today = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(days=days)
        self.uz.blo("clock", "confirm", today.strftime("%Y-%m-%d"))
        self.uz.inbox()  # dated surely

    def reason(self, *arguments):
        return self.uz.json(*arguments, expect=NOT_AUTHORISED)["error"]

    def send(self):
        return self.reason("send", "alert", "--to", self.tj.id, "--goods", "h", "--reason", "r", "--action", "a")

    def as_auditor(self, *arguments):
        """By the auditor, whose keys lie on another account."""
        mine, self.uz.officers = self.uz.officers, self.uz._auditors()
        try:
            return self.uz.blo(*arguments)
        finally:
            self.uz.officers = mine

    def verified(self, name):
        """What both verifiers say of the journals and the trail beside them; the notes about reading."""
        folder, trail = self.world.path(name), self.world.path(f"{name}-trail")
        self.as_auditor("journal", "export", folder)
        self.as_auditor("journal", "export", trail, "--trail")
        for generation in trail.iterdir():
            generation.rename(folder / generation.name)
        trusted = [self.world.authority(country) / "authority.pem" for country in ("UZ", "TJ")]
        verdict = agreed(self, folder, trusted)
        self.assertTrue(verdict["verified"], verdict)
        return [note for one in verdict["journals"] for note in one["notes"] if note.startswith("read after the end: ")]

    def test_an_officer_whose_certificate_is_over_reads_for_thirty_days_and_is_renewed(self):
        self.days_later_for_sure(_OFFICER_DAYS + 5)
        error = self.send()
        self.assertEqual("officer-certificate-over", error["reason"])
        self.assertIn("blo officer add REQUEST --person", error["nextStep"])
        self.assertEqual([self.number], [message["number"] for message in self.uz.inbox()])
        self.assertIn("hashish", self.uz.blo("show", self.number).out)
        listed = self.uz.json("officer", "list")["officers"]
        self.assertEqual([("expired", True)] * 2, [(one["state"], one["reads"]) for one in listed])
        self.assertIn(f"still reads until {listed[0]['readsUntil']}", self.uz.blo("officer", "list").out)
        self.assertIn("it still reads until", self.uz.blo("status", "--as", "karimov").out)
        self.assertFalse(self.uz.status()["certificateOver"])
        note, = self.verified("within")
        self.assertIn("renewing by officers whose own certificates had ended", note)

        self.uz.blo("officer", "request", "karimov-2", "--office", self.uz.id, "--name", "Karimov", "--agency", "Customs",
                    "--no-passphrase")
        certificate = self.world.path("karimov-2.pem")
        self.uz.blo("officer", "add", self.uz.officers / "karimov-2.request.pem", "--person", 1, "--out", certificate)
        self.uz.blo("officer", "install", "karimov-2", certificate)
        self.uz.alert(self.tj, "--as", "karimov-2")
        self.assertEqual("not-in-force", self.reason("inbox", "--as", "karimov")["reason"])

    def test_thirty_days_after_its_end_a_certificate_reads_nothing(self):
        self.days_later_for_sure(_OFFICER_DAYS + 29)
        self.assertEqual(1, len(self.uz.inbox()))
        self.days_later_for_sure(_OFFICER_DAYS + 31)
        error = self.reason("inbox")
        self.assertEqual("officer-certificate-over", error["reason"])
        self.assertEqual([], self.uz.json("officer", "list")["officers"])

    def test_after_the_offices_end_all_is_read_exported_and_backed_up_and_nothing_else(self):
        self.days_later_for_sure(_OFFICE_DAYS + 0.5)
        status = self.uz.json("status", expect={OK, DEGRADED})
        self.assertTrue(status["certificateOver"])
        self.assertIn("OVER: the office's certificate ended on", self.uz.blo("status", expect={OK, DEGRADED}).out)
        checked = self.uz.blo("status", "--check", expect=2).out
        self.assertTrue(checked.startswith("BLO CRITICAL - ") and "the certificate is over" in checked.partition("|")[0], checked)
        self.assertIn("hashish", self.uz.blo("show", self.number).out)
        self.assertEqual("office-certificate-over", self.send()["reason"])
        self.assertEqual([(True, None)] * 2,
                         [(one["reads"], one["readsUntil"]) for one in self.uz.json("officer", "list")["officers"]])
        key, copy = self.world.path("backup.key"), self.world.path("office.backup")
        self.uz.blo("backup", "create-key", self.uz.id, "--out", key, "--no-passphrase")
        self.uz.blo("backup", "--to", key.with_suffix(".pub"), "--out", copy)
        self.assertTrue(copy.exists())
        note, = self.verified("after")
        self.assertIn("after the office's certificate had ended on", note)
        self.days_later(_OFFICE_DAYS + 2)
        self.assertEqual(1, len(self.uz.inbox()))
        self.assertGreaterEqual(len(self.verified("later")), 1)

    def test_no_clock_that_is_wrong_for_a_moment_keeps_anybody_from_reading(self):
        # By 400 days the officers' certificates are over, and the office's is not.
        for days in (4000, 400, -4000, 0):
            self.days_later(days)
            for time in ("first", "second"):
                self.assertEqual([self.number], [message["number"] for message in self.uz.inbox()], f"{days} days, {time}")
        self.uz.alert(self.tj)
        # Each of them stands in the trail, marked, and what came after is dated as ever.
        self.assertEqual([], self.verified("wrong"))
        lists = [act["time"][:4] for act in self.uz.trail() if act["what"] == "list"]
        today = datetime.datetime.now(datetime.timezone.utc)
        self.assertEqual({str((today + datetime.timedelta(days)).year) for days in (4000, 400, -4000, 0)}, set(lists))
