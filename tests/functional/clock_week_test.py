"""A week of wrong clocks, of which nothing lasts: both offices under libfaketime, and what auditors say of both in the end."""

import contextlib
import datetime
import pathlib

from blolib import faketime
from blolib.agreement import agreed
from blolib.programs import DEGRADED, NO_RECEIPT, NOT_AUTHORISED, OK, REFUSED, run
from blolib.waiting import until
from blolib.world import TJ, UZ, WorldTest, pair

_KEPT = '[retention]\nalert = { keep = "300d", basis = "Act 12" }\n'
_MINUTES = datetime.timedelta(minutes=5)
_WORDS = "hashish under the trailer"
_OFFICER_DAYS, _OFFICE_DAYS = 365, 730  # as blo certifies where nothing is said
_LONG_DAYS = 600


@faketime.needs_faketime
class Week(WorldTest):
    """Oybek and Fotehobod, who have exchanged a message each way; they keep 300 days."""

    def begin(self, under_ntp=False, days=_OFFICER_DAYS):
        """`under_ntp`: Oybek. `days`: how long officers' certificates last."""
        self.uz = self.office_of(UZ, "karimov", under_ntp, days)
        self.tj = self.office_of(TJ, "rahimov", False, days)
        pair(self.uz, self.tj)
        self.exports = {self.uz: [], self.tj: []}
        self.sent = [self.sent_by(sender, "--wait", 60) for sender in (self.uz, self.tj)]
        self.until_exchanged()
        return self.uz, self.tj

    def office_of(self, office_id, officer, under_ntp=False, days=_OFFICER_DAYS):
        """Without NTP, or under one that is always right, so that the machine the test runs on decides nothing."""
        office = faketime.ClockedOffice(self.world.office(office_id), under_ntp)
        (office.home / "blod.toml").write_text(f"trust_ntp = {'true' if under_ntp else 'false'}\n{_KEPT}")
        office.start()
        self.certify(office, officer, days, "operator", "security-officer")
        with self.on_account(office, self.auditors(office)):
            self.certify(office, "auditova", days, "auditor")
        return office

    def certify(self, office, officer, days, *roles, person=None):
        certificate = self.world.path(f"{office.home.name}-{officer}.pem")
        office.blo("officer", "request", officer, "--office", office.id, "--name", officer, "--agency", "Customs",
                   "--no-passphrase")
        office.blo("officer", "add", office.officers / f"{officer}.request.pem", "--valid-days", days, "--out", certificate,
                   *(word for role in roles for word in ("--role", role)), *(["--person", person] if person else []))
        office.blo("officer", "install", officer, certificate)

    @contextlib.contextmanager
    def on_account(self, office, folder):
        """Officers on another account, so that nobody needs --as because of them."""
        own, office.officers = office.officers, folder
        try:
            yield
        finally:
            office.officers = own

    def auditors(self, office):
        return pathlib.Path(office.auditors_environment()["BLO_OFFICERS"])

    def other(self, office):
        return self.tj if office is self.uz else self.uz

    def told(self, office):
        return office.json("status", expect={OK, DEGRADED})

    def pairing(self, office):
        return self.told(office)["pairs"][0]

    def clock(self, office):
        return self.told(office)["clock"]

    def alarms(self, office):
        return [alarm["code"] for alarm in office.json("alarms")["alarms"]]

    def sent_by(self, office, *arguments, **options):
        return office.alert(self.other(office), "--json", *arguments, marker=_WORDS, **options).json()["number"]

    def power_cut(self, office, **ahead):
        """And the clock says that when the power is back."""
        office.kill()
        office.set_clock(**ahead)
        office.start()

    def a_morning(self, office):
        """An officer sends and reads, and an auditor exports, whatever the clock says."""
        number = self.sent_by(office)
        self.sent.append(number)
        self.everything_is_read(office)
        self.export(office)
        return number

    def everything_is_read(self, office):
        """Nothing is destroyed, and nobody is kept from reading."""
        held = {message["number"] for message in office.inbox() + office.outbox()}
        self.assertLessEqual({number for number in self.sent if number.startswith(office.id)}, held)
        for number in held:
            shown = office.json("show", number)
            self.assertEqual((False, []), (shown["erased"], shown["erasures"]), number)
            self.assertIn(_WORDS, str(shown["content"]), number)

    def until_exchanged(self):
        def all_is():
            here, there = self.pairing(self.uz), self.pairing(self.tj)
            return all(one["sent"] == one["receipted"] == other["received"]
                       for one, other in ((here, there), (there, here)))
        until(all_is, "all that was entered is receipted")

    def until_they_part_over_clocks(self):
        until(lambda: "clock-skew" in self.alarms(self.tj), "Fotehobod says that the clocks differ")

    def export(self, office):
        """The journals, and the trail beside them."""
        name = f"{office.home.name}-export-{len(self.exports[office])}"
        folder, trail = self.world.path(name), self.world.path(f"{name}-trail")
        for words in ([folder], [trail, "--trail"]):
            run("blo", "journal", "export", *words, env=office.auditors_environment())
        for generation in trail.iterdir():
            generation.rename(folder / generation.name)
        self.exports[office].append(folder)
        return folder

    def audited(self):
        """Both verifiers find nothing in any export of the week, nor in any of Oybek's beside any of Fotehobod's.

        What they say of the newest two, by origin.
        """
        trusted = [self.world.authority(country) / "authority.pem" for country in ("UZ", "TJ")]
        words = [word for authority in trusted for word in ("--authority", authority)]
        said = {}
        for office, folders in self.exports.items():
            self.export(office)
            for folder in folders:
                verdict = agreed(self, folder, trusted, folder.name)
                self.assertTrue(verdict["verified"], verdict)
            said |= {journal["origin"]: journal for journal in verdict["journals"]}
        for one in self.exports[self.uz]:
            for other in self.exports[self.tj]:
                verdict = run("blo-audit", "reconcile", one, other, *words, "--json").json()
                self.assertEqual((True, []), (verdict["compared"], verdict["findings"]), (one, other))
        self.reports = {office: run("blo-audit", "verify", folders[-1], *words).out.splitlines()
                        for office, folders in self.exports.items()}
        return said

    def counted(self, said):
        """Claims and times that were not sure, of Oybek's journal and of Fotehobod's."""
        return [tuple(said[f"live/{origin}/1"][name] for name in ("claims", "clock_unsure"))
                for origin in (f"{UZ}/{TJ}", f"{TJ}/{UZ}")]

    def works(self):
        """A message each way, with a receipt, and all is read: how both see the two."""
        numbers = [self.sent_by(sender, "--wait", 60) for sender in (self.uz, self.tj)]
        self.sent += numbers
        for office in (self.uz, self.tj):
            self.everything_is_read(office)
        return [office.json("show", number) for number in numbers for office in (self.uz, self.tj)]

    def works_and_is_dated_right(self):
        """By the true time, and sure of it."""
        for shown in self.works():
            self.assertEqual((False, False), (shown["claim"], shown["clockUnsure"]), shown)
            stamped = datetime.datetime.fromisoformat(shown["stamped"].replace("Z", "+00:00"))
            self.assertLess(abs(stamped - datetime.datetime.now(datetime.timezone.utc)), _MINUTES, shown)


class OneOffice(Week):
    """Oybek's clock is wrong for a morning, after a power cut."""

    def until_believed(self):
        until(lambda: self.clock(self.uz)["believed"], "it goes on from what is known")

    def assert_said(self, line):
        """In the report about either office's export, in so many words."""
        for office, report in self.reports.items():
            self.assertIn(line, "\n".join(report), office.id)

    def test_one_that_starts_in_1970_works_and_is_dated_right_after_the_first_exchange(self):
        uz, tj = self.begin()
        before = self.pairing(uz)
        uz.kill()
        uz.empty_rtc()
        uz.start()
        self.assertFalse(self.clock(uz)["believed"])
        number = self.a_morning(uz)
        self.a_morning(tj)
        self.until_they_part_over_clocks()
        # What officers did, and nothing else: a message, and that Fotehobod's was opened.
        after = self.pairing(uz)
        self.assertEqual((before["sent"] + 2, before["receipted"], before["received"]),
                         (after["sent"], after["receipted"], after["received"]))

        uz.set_clock()
        self.until_believed()
        self.until_exchanged()
        shown = tj.json("show", number)
        self.assertEqual((True, False), (shown["clockUnsure"], shown["claim"]))
        self.assertIn("at about 1970-01-01", tj.blo("show", number).out)
        self.works_and_is_dated_right()
        self.assertEqual([(0, 2), (0, 0)], self.counted(self.audited()))
        self.assert_said("2 entries dated at about a time: the office's clock was not sure")

    def test_one_that_is_400_days_ahead_works_and_its_claims_are_named_after_the_first_exchange(self):
        uz, tj = self.begin()
        self.power_cut(uz, days=400)
        self.assertFalse(self.clock(uz)["believed"])
        number = self.a_morning(uz)  # the officer's certificate lasts 365 days
        self.a_morning(tj)
        self.until_they_part_over_clocks()

        uz.set_clock()
        self.until_believed()
        self.until_exchanged()
        shown = tj.json("show", number)
        self.assertTrue(shown["claim"])
        dated = shown["stamped"].removeprefix("claims ")
        self.assertIn(f"dated {dated} by its office, received {shown['receipt']['time']}", tj.blo("show", number).out)
        self.works_and_is_dated_right()
        self.assertEqual([(2, 2), (0, 0)], self.counted(self.audited()))
        self.assert_said("2 entries are dated by a wrong clock, the first of them entry")
        for report in self.reports.values():
            self.assertIn("dated by a wrong clock", report[1])

    @faketime.needs_compiler
    def test_one_that_ntp_sets_400_days_ahead_is_dated_right_after_the_first_exchange(self):
        uz, tj = self.begin(under_ntp=True, days=_LONG_DAYS)
        with self.on_account(uz, self.world.path("azimovs")):
            self.certify(uz, "azimov", _OFFICER_DAYS, "operator")
        self.works()  # an unsure time is judged by a sure one before it, and azimov's begins no later
        tj.stop()
        self.power_cut(uz, days=400)
        self.assertTrue(self.clock(uz)["believed"])
        with self.on_account(uz, self.world.path("azimovs")):
            error = uz.alert(tj, "--json", expect=NOT_AUTHORISED).json()["error"]
        self.assertEqual("officer-certificate-over", error["reason"])
        number = self.a_morning(uz)

        uz.set_clock()
        until(lambda: self.clock(uz)["believed"], "it is in step")
        with self.on_account(uz, self.world.path("azimovs")):
            waits = self.a_morning(uz)
        tj.start()
        self.until_exchanged()
        self.assertEqual([(True, False), (False, True)], [(shown["claim"], shown["clockUnsure"]) for shown in
                                                          (tj.json("show", one) for one in (number, waits))])
        self.works_and_is_dated_right()
        (claims, unsure), theirs = self.counted(self.audited())
        self.assertEqual(((0, 0), 2), (theirs, unsure))  # who sends, and what
        self.assertGreaterEqual(claims, 2)
        self.assert_said(f"{claims} entries are dated by a wrong clock, the first of them entry")

    def test_one_that_is_five_hours_ahead_repeats_its_dates_and_accuses_nobody(self):
        uz, tj = self.begin()
        tj.stop()
        self.power_cut(uz, hours=5)
        self.assertTrue(self.clock(uz)["believed"])
        number = self.a_morning(uz)
        self.power_cut(uz)
        # It dated something: a person says which of the two times is right.
        self.assertFalse(self.clock(uz)["believed"])
        uz.blo("clock", "confirm", uz.today())
        tj.start()
        self.repeats_until_it_is(number)

    def test_one_that_is_five_hours_ahead_in_a_session_repeats_its_dates_and_accuses_nobody(self):
        uz, tj = self.begin()
        self.power_cut(uz, hours=5)
        number = self.sent_by(uz, "--wait", 60)
        self.sent.append(number)
        self.a_morning(tj)
        self.a_morning(uz)
        self.until_exchanged()
        for office in (uz, tj):
            until(lambda: "clock-differs" in self.alarms(office), "it is said")
        uz.set_clock()
        until(lambda: not self.clock(uz)["believed"], "it has stepped")
        uz.blo("clock", "confirm", uz.today())
        self.repeats_until_it_is(number)

    def repeats_until_it_is(self, number):
        """Fotehobod takes the message, and what Oybek enters bears its date."""
        self.until_exchanged()
        first = self.tj.json("show", number)
        numbers = self.works()
        self.assertEqual([(False, False)] * 5, [(one["claim"], one["clockUnsure"]) for one in (first, *numbers)])
        self.assertGreaterEqual(numbers[0]["stamped"], first["stamped"])
        self.assertEqual(numbers[0]["stamped"], self.works()[0]["stamped"])
        until(lambda: "dated-ahead" in self.alarms(self.uz), "it is said")
        self.assertEqual(numbers[0]["stamped"], self.pairing(self.uz)["datedAheadUntil"])
        self.assertEqual([(0, 0)] * 2, self.counted(self.audited()))


class Retention(Week):
    """400 days ahead everything is due that is kept for 300."""

    def destroys_nothing(self):
        """And nothing of it is left when the clock is right."""
        self.until_they_part_over_clocks()
        self.assertEqual(len(self.sent), self.uz.json("retention", "preview")["due"])
        refused = self.uz.json("retention", "apply", expect=REFUSED)["error"]  # as a timer does, without an officer's key
        self.assertEqual("date-unproven", refused["reason"])
        self.assertIn("NOT DESTROYED", self.uz.blo("status", expect={OK, DEGRADED}).out)
        self.uz.stop()
        self.uz.start()
        self.everything_is_read(self.uz)

        self.uz.set_clock()
        self.uz.stop()
        self.uz.start()
        self.until_exchanged()
        self.works_and_is_dated_right()
        self.assertEqual([(0, 0)] * 2, [(found["due"], office.json("retention", "apply")["erased"]) for office, found in
                                        ((one, one.json("retention", "preview")) for one in (self.uz, self.tj))])
        self.audited()

    @faketime.needs_compiler
    def test_a_timer_under_ntp_400_days_ahead_destroys_nothing_in_either_office(self):
        uz, _ = self.begin(under_ntp=True, days=_LONG_DAYS)
        self.power_cut(uz, days=400)
        self.assertTrue(self.clock(uz)["believed"])
        self.destroys_nothing()

    def test_a_timer_400_days_ahead_that_also_confirms_the_date_destroys_nothing(self):
        uz, _ = self.begin(days=_LONG_DAYS)
        self.power_cut(uz, days=400)
        self.assertEqual("clock-not-believed", uz.json("retention", "apply", expect=REFUSED)["error"]["reason"])
        uz.blo("clock", "confirm", uz.today())
        self.assertTrue(self.clock(uz)["believed"])
        self.destroys_nothing()


class BothOffices(Week):
    def test_two_posts_20_minutes_apart_go_on_through_30_power_cuts(self):
        uz, tj = self.begin()
        self.power_cut(tj, minutes=20)
        ahead = {uz: {}, tj: {"minutes": 20}}
        for cut in range(30):
            office = (uz, tj)[cut % 2]
            self.sent.append(self.sent_by(self.other(office)))  # it may be on its way, or half stored
            self.power_cut(office, **ahead[office])
            self.sent.append(self.sent_by((uz, tj, tj, uz)[cut % 4], "--wait", 60))
            if cut == 9:
                for one in (uz, tj):
                    alarm, = one.json("alarms")["alarms"]
                    self.assertEqual(("clock-differs", self.other(one).id), (alarm["code"], alarm["subject"]))
                    one.blo("ack", alarm["alarm"], "they look at a watch on Monday")
        for one in (uz, tj):
            self.assertTrue(self.clock(one)["believed"])
            self.assertEqual([], self.alarms(one))
            self.everything_is_read(one)
        self.until_exchanged()
        self.assertEqual([(0, 0)] * 2, self.counted(self.audited()))

    def test_two_whose_rtc_is_empty_after_one_power_cut_do_not_vouch_1970_for_each_other(self):
        uz, tj = self.begin()
        before = {office: self.pairing(office) for office in (uz, tj)}
        for office in (uz, tj):
            office.kill()
            office.empty_rtc(minutes=3)
        for office in (uz, tj):
            office.start()
        for office in (uz, tj):
            until(lambda: self.pairing(office)["connected"], "they meet")
        numbers = [self.sent_by(office, "--wait", 1, expect=NO_RECEIPT) for office in (uz, tj)]
        self.sent += numbers
        for office in (uz, tj):
            until(lambda: "not stored" in self.pairing(office)["waitingFor"], "what comes waits")
            self.assertFalse(self.clock(office)["believed"])
            after = self.pairing(office)
            self.assertEqual((before[office]["sent"] + 1, before[office]["receipted"], before[office]["received"]),
                             (after["sent"], after["receipted"], after["received"]))
            self.everything_is_read(office)
            self.export(office)

        for office in (uz, tj):
            office.set_clock()
        self.until_exchanged()
        for office in (uz, tj):
            self.assertTrue(self.clock(office)["believed"])
            acts = {act["what"] for act in office.trail() if act["time"].startswith("1970")}
            self.assertEqual({"send", "follow", "list", "show", "journal export", "trail export"}, acts)
        for number, office in zip(numbers, (tj, uz)):
            self.assertTrue(office.json("show", number)["clockUnsure"])
        self.works_and_is_dated_right()
        self.assertEqual([(0, 2), (0, 2)], self.counted(self.audited()))


class Ends(Week):
    """Both clocks are right, and years pass."""

    def days_pass(self, days):
        """Both machines were off meanwhile; somebody at each looks at a calendar."""
        for office in (self.uz, self.tj):
            office.stop()
            office.set_clock(days=days)
        for office in (self.uz, self.tj):
            office.start()
            office.blo("clock", "confirm", office.today())

    def test_officers_whose_certificates_end_read_on_and_are_renewed_on_both_sides(self):
        uz, tj = self.begin()
        self.days_pass(_OFFICER_DAYS - 1)
        self.works()
        self.days_pass(_OFFICER_DAYS + 1)
        for office, officer in ((uz, "karimov"), (tj, "rahimov")):
            error = office.alert(self.other(office), "--json", expect=NOT_AUTHORISED).json()["error"]
            self.assertEqual("officer-certificate-over", error["reason"])
            self.everything_is_read(office)
            self.export(office)
            renewed = self.world.path(f"{officer}-2")
            with self.on_account(office, renewed):
                self.certify(office, f"{officer}-2", _OFFICER_DAYS, "operator", person=1)
            office.officers = renewed
        self.works()
        self.until_exchanged()
        self.assertEqual([(0, 0)] * 2, self.counted(self.audited()))

    def test_offices_whose_certificates_end_are_read_and_exported_and_nothing_else(self):
        uz, tj = self.begin(days=_OFFICE_DAYS)
        self.days_pass(_OFFICE_DAYS - 1)
        self.works()
        self.until_exchanged()
        for office in (uz, tj):
            office.stop()
            office.set_clock(days=_OFFICE_DAYS + 0.5)
        for office in (uz, tj):
            office.start()
        for office in (uz, tj):
            self.assertIn("OVER: the office's certificate ended on", office.blo("status", expect={OK, DEGRADED}).out)
            error = office.alert(self.other(office), "--json", expect=NOT_AUTHORISED).json()["error"]
            self.assertEqual("office-certificate-over", error["reason"])
            self.everything_is_read(office)
        self.assertEqual([(0, 0)] * 2, self.counted(self.audited()))
