"""Lists that are longer than one answer, and a content that is longer to read than to send."""

from blolib import identity, wire
from blolib.control import Control, officer_of
from blolib.world import TJ, UZ, WorldTest, pair

_ROWS_MAX = 200  # of one page: docs/format/control.md
_ROWS = _ROWS_MAX + 1
_LISTS = ("officer_list", "pair_list", "draft_list", "policy_show", "alarm_list", "hold_list")
_ALL = {"officer_list": {"all": 1}, "alarm_list": {"all": 1}}
_KG = "KG-DOSTUK"


def table(drug, rows):
    lines = ["COUNTRY;SEIZURE_DATE;DRUG_NAME;AMOUNT;DRUG_UNIT"]
    return "\n".join(lines + [f"Uzbekistan;2024-03-07;{drug};{1 + row};Gram" for row in range(rows)]) + "\n"


def named(name, rows):
    """What stays the same of rows between two answers: of a pairing, whose."""
    return [wire.fields(row)[0] for row in rows] if name == "pair_list" else rows


class Pages(WorldTest):
    def office(self):
        """Oybek with an officer who may do everything, and Fotehobod."""
        uz, tj = self.world.office(UZ).start(), self.world.office(TJ).start()
        uz.add_officer("karimov", "operator", "releaser", "security-officer")
        tj.add_officer("rahimov")
        pair(uz, tj)
        return uz, tj

    def done(self, answer):
        self.assertNotIn("failure", answer)
        return answer

    def certify(self, control, count):
        for one in range(count):
            request = identity.officer_request(UZ, f"officer {one}")
            self.done(control.ask({"officer_add": {"request": request, "roles": [1], "valid_days": 365}}))

    def invite(self, control, count):
        for one in range(count):
            self.done(control.ask({"pair_invite": {"counterpart": f"KZ-P{one}", "legal_basis": "an agreement"}}))

    def draft(self, uz, count, rejected, control, karimov):
        uz.blo("policy", "set", TJ, "--release", "seizure")
        uz.blo("import", "seizures", self.world.write("drafts.csv", table("Hashish", count)), "--to", TJ)
        for one in range(rejected):
            self.done(control.ask({"draft_reject": {"draft": f"D-{one + 1}", "reason": "wrong"}}, karimov))

    def alarm(self, uz, count, control, karimov):
        """A policy that asks for less is an alarm each time the one before it was looked into."""
        first = len(uz.json("alarms", "--all")["alarms"]) + 1
        for one in range(first, first + count):
            for policy in (b"\x10\x01", b""):
                self.done(control.ask({"policy_set": {"counterpart": TJ, "policy": policy}}, karimov))
            self.done(control.ask({"alarm_ack": {"alarm": one, "sentence": "seen"}}, karimov))

    def hold(self, uz, count, control, karimov):
        uz.blo("import", "seizures", self.world.write("held.csv", table("Heroin", count)), "--to", TJ)
        for message in uz.outbox():
            if message["kind"] == "seizure":
                self.done(control.ask({"hold": {"number": message["number"], "reason": "a court"}}, karimov))

    def test_every_list_comes_in_pages_that_hold_each_row_once(self):
        uz, _ = self.office()
        kg = self.world.office(_KG).start()
        pair(uz, kg)
        karimov = officer_of(uz, "karimov")
        with Control(uz) as control:
            self.certify(control, 2)
            self.hold(uz, 3, control, karimov)
            self.alarm(uz, 3, control, karimov)
            self.draft(uz, 3, 1, control, karimov)
            for name in _LISTS:
                with self.subTest(name):
                    whole, following = control.page(name, karimov, **_ALL.get(name, {}))
                    self.assertEqual("", following)
                    self.assertGreaterEqual(len(whole), 2)
                    for rows in range(1, len(whole) + 1):
                        pages = list(control.pages(name, karimov, rows, **_ALL.get(name, {})))
                        self.assertEqual({rows}, {len(page) for page in pages[:-1]} | {rows})
                        self.assertTrue(1 <= len(pages[-1]) <= rows)
                        self.assertEqual(named(name, whole), named(name, [row for page in pages for row in page]))

    def test_a_list_goes_on_behind_a_row_that_went_meanwhile(self):
        uz, _ = self.office()
        karimov = officer_of(uz, "karimov")
        with Control(uz) as control:
            self.hold(uz, 3, control, karimov)
            whole, _ = control.page("hold_list", karimov)
            _, following = control.page("hold_list", karimov, rows=1)
            first = uz.json("hold", "list")["holds"][0]["number"]
            uz.blo("hold", "lift", first, "--reason", "over")
            self.assertEqual((whole[1:], ""), control.page("hold_list", karimov, after=following))

            self.draft(uz, 3, 0, control, karimov)
            whole, _ = control.page("draft_list", karimov)
            _, following = control.page("draft_list", karimov, rows=2)
            uz.add_officer("nazarova", "releaser")
            uz.blo("release", "D-2", "--yes", "--as", "nazarova")
            self.assertEqual((whole[2:], ""), control.page("draft_list", karimov, after=following))

    def test_a_page_begins_behind_nothing_that_a_client_makes_up(self):
        uz, _ = self.office()
        karimov = officer_of(uz, "karimov")
        invented = ("x", "-1", "+1", "01", "D-", "D-0", "1/2", "1/2/zz", f"1/1/{'0' * 31}", "9223372036854775808",
                    "9223372036854775808/1/" + "0" * 32, str(1 << 64), "UZ", "../..", "' OR 1", "a" * 101, "0" * 63, "\0",
                    "f" * 64, "KZ-NOBODY", "\u202e")
        with Control(uz) as control:
            for name in _LISTS:
                for after in invented:
                    with self.subTest(name=name, after=after):
                        answer = control.ask({name: {"page": {"after": after}}}, karimov)
                        self.assertIn(answer["failure"]["reason"], ("malformed", "unknown-counterpart"), answer)
                # More rows than there may be are as many as there may be.
                self.assertNotIn("failure", control.ask({name: {"page": {"rows": (1 << 32) - 1}}}, karimov))
            self.assertNotIn("failure", control.ask({"alarm_list": {"alarm": 0}}, karimov))
            for alarm in (99, (1 << 63) - 1, 1 << 63, (1 << 64) - 1):
                self.assertEqual("unknown-alarm", control.ask({"alarm_list": {"alarm": alarm}}, karimov)["failure"]["reason"])

    def assert_shown(self, office, name, rows, *arguments):
        """blo shows all rows, which are more than a page has, in JSON and in text; gives the JSON's."""
        listed = office.json(*arguments)[name]
        self.assertEqual(rows, len(listed))
        lines = [line for line in office.blo(*arguments).out.splitlines() if line and not line.startswith(" ")]
        self.assertGreaterEqual(len(lines), rows)
        return listed

    def first_page_is_full(self, control, karimov, name):
        rows, following = control.page(name, karimov, **_ALL.get(name, {}))
        self.assertEqual(_ROWS_MAX, len(rows))
        self.assertNotEqual("", following)

    def test_blo_shows_more_officers_and_pairings_than_a_page_has(self):
        uz, _ = self.office()
        karimov = officer_of(uz, "karimov")
        with Control(uz) as control:
            self.certify(control, _ROWS - 1)
            self.invite(control, _ROWS - 1)
            for name in ("officer_list", "pair_list"):
                self.first_page_is_full(control, karimov, name)
        officers = self.assert_shown(uz, "officers", _ROWS, "officer", "list")
        self.assertEqual(list(range(1, _ROWS + 1)), [officer["person"] for officer in officers])
        for command in (["pair", "list"], ["status"]):
            pairs = self.assert_shown(uz, "pairs", _ROWS, *command)
            self.assertEqual([TJ] + [f"KZ-P{one}" for one in range(_ROWS - 1)], [one["counterpart"] for one in pairs])

    def test_blo_shows_more_drafts_and_rejected_drafts_than_a_page_has(self):
        uz, _ = self.office()
        karimov = officer_of(uz, "karimov")
        with Control(uz) as control:
            self.draft(uz, _ROWS + 1, _ROWS, control, karimov)
            self.first_page_is_full(control, karimov, "draft_list")
        drafts = self.assert_shown(uz, "drafts", _ROWS + 1, "drafts")
        self.assertEqual([f"D-{one + 1}" for one in range(_ROWS + 1)], [draft["draft"] for draft in drafts])
        self.assertEqual(["wrong"] * _ROWS + [""], [draft["rejected"] for draft in drafts])

    def test_blo_shows_more_alarms_and_holds_than_a_page_has(self):
        uz, _ = self.office()
        karimov = officer_of(uz, "karimov")
        with Control(uz) as control:
            self.alarm(uz, _ROWS, control, karimov)
            self.hold(uz, _ROWS, control, karimov)
            for name in ("alarm_list", "hold_list"):
                self.first_page_is_full(control, karimov, name)
        alarms = self.assert_shown(uz, "alarms", _ROWS, "alarms", "--all")
        self.assertEqual(list(range(1, _ROWS + 1)), [alarm["alarm"] for alarm in alarms])
        self.assert_shown(uz, "holds", _ROWS, "hold", "list")


class Long(WorldTest):
    """A content of 256 KiB that is line ends alone: seventeen times as long to read."""

    def content(self):
        ends = "\n" * 4096
        return {"alert": {"reason": ends[:4000] + "why", "action": "search", "containers": [
            {"number": "CSQU3054383", "remarks": ends} for _ in range(62)]}}

    def test_a_message_of_line_ends_is_shown_and_cut_and_whole_in_json(self):
        uz, tj = self.offices()
        content = self.content()
        sent = uz.json("send", "alert", "--to", TJ, "--file", self.world.write_json("long.json", content), "--wait", 60)
        for office in (tj, uz):
            shown = office.blo("show", sent["number"])
            self.assertIn(f"longer than what is shown of it here. All of it: blo show --json {sent['number']}", shown.out)
            self.assertLess(len(shown.out), 2 * 1024 * 1024)
            self.assertIn("Container:", shown.out)
            self.assertEqual(content["alert"]["containers"], office.json("show", sent["number"])["content"]["alert"]["containers"])
        self.assert_works(uz, tj)
        short = uz.alert(tj, "--wait", 60, "--json").json()["number"]
        self.assertNotIn("longer than what is shown", tj.blo("show", short).out)

    def test_who_releases_a_message_of_line_ends_reads_all_of_it(self):
        uz, tj = self.offices()
        uz.add_officer("nazarova", "releaser")
        uz.blo("policy", "set", TJ, "--release", "alert")
        file = self.world.write_json("long.json", self.content())
        draft = uz.json("send", "alert", "--to", TJ, "--file", file, "--as", "karimov")["draft"]
        released = uz.blo("release", draft, "--yes", "--as", "nazarova").out
        self.assertEqual(62, released.count("CSQU3054383"))
        self.assertIn("why\n", released)
