"""The page that blo-audit verify writes: what the verdict said, for people who open a file in a browser."""

import datetime
import hashlib
import json
import re
import shutil

from blolib import exports
from blolib.page import Page, browse
from blolib.programs import FAILED, TESTS, UNVERIFIED, audit, judge, run
from blolib.world import TJ, UZ, WorldTest
from evidence_test import example

_BUNDLE = TESTS / "bundles/valid-pair"
_TRUSTED = [_BUNDLE / "UZ.pem", _BUNDLE / "TJ.pem"]
_HOSTILE = "<script>alert(1)<script> \u202egnp \x1b[2J & \"'><img src=x>"


class Examination(WorldTest):
    """What a report says of itself: when, by which program, and of which files."""

    def _assert_now(self, time):
        made = datetime.datetime.fromisoformat(time)
        self.assertLess(abs(datetime.datetime.now(datetime.timezone.utc) - made), datetime.timedelta(minutes=10))

    def _assert_of(self, examined, files):
        """`files` are {path as it is named: place}."""
        self.assertEqual(run("blo-audit", "--version").out.strip(), examined["program"])
        self._assert_now(examined["time"])
        digests = {str(path): hashlib.sha256(place.read_bytes()).hexdigest() for path, place in files.items()}
        self.assertEqual(digests, {one["path"]: one["sha256"] for one in examined["files"]})
        self.assertEqual(len(digests), len(examined["files"]), "each once")
        listed = "".join(f"{digests[path]}  {path}\n" for path in sorted(digests))
        self.assertEqual(hashlib.sha256(listed.encode()).hexdigest(), examined["list_sha256"])

    def _assert_told(self, text, examined, each=True):
        """The same, said to people."""
        made = re.search(rf"made\s*(\S+Z) by this machine's clock, with {re.escape(examined['program'])}(?=\s|files)", text)
        self.assertIsNotNone(made, text)
        self._assert_now(made[1])
        self.assertIn(f"{len(examined['files'])} were read; SHA-256 of the list of theirs: {examined['list_sha256']}", text)
        for one in examined["files"] if each else []:
            self.assertIn(f"{one['sha256']}  {one['path']}", text)

    @staticmethod
    def _export(folder, prefix=""):
        return {prefix + str(path.relative_to(folder)): path for path in folder.rglob("*") if path.is_file()}

    def test_every_file_of_an_export_is_named_with_its_hash(self):
        folder, html = _BUNDLE / "export", self.world.path("report.html")
        trusted = {str(path): path for path in _TRUSTED}
        done = audit(folder, _TRUSTED, "--json", "--html", html).json()
        self._assert_of(done["examined"], trusted | self._export(folder))
        for text in audit(folder, _TRUSTED).out, Page(html.read_text()).text:
            self._assert_told(text, done["examined"])

    def test_every_command_names_what_it_read(self):
        folder = _BUNDLE / "export"
        trust = [word for path in _TRUSTED for word in ("--authority", path)]
        trusted = {str(path): path for path in _TRUSTED}
        shown = json.loads(run("blo-audit", "show", folder, "0", *trust, "--json").out.splitlines()[0])
        self._assert_of(shown["examined"], trusted | self._export(folder))
        self._assert_told(run("blo-audit", "show", folder, "0", *trust).out, shown["examined"])
        both = trusted | self._export(folder, "A/") | self._export(folder, "B/")
        for command in ("diff", "reconcile"):
            done = run("blo-audit", command, folder, folder, *trust, "--json").out.splitlines()[0]
            self._assert_of(json.loads(done)["examined"], both)
            self._assert_told(run("blo-audit", command, folder, folder, *trust).out, json.loads(done)["examined"], each=False)
        html = self.world.path("report.html")
        run("blo-audit", "reconcile", folder, folder, *trust, "--html", html)
        self._assert_told(Page(html.read_text()).text, json.loads(done)["examined"])
        file = self.world.write("no-fork", "neither two histories nor one\n")
        done = run("blo-audit", "fork", file, *trust, "--json", expect={FAILED, UNVERIFIED})
        self._assert_of(done.json()["examined"], trusted | {str(file): file})
        self._assert_told(run("blo-audit", "fork", file, *trust, expect={FAILED, UNVERIFIED}).out, done.json()["examined"])

    def test_evidence_of_one_message_names_what_it_was_judged_by(self):
        text, authorities = example()
        file, html = self.world.write("evidence", text), self.world.path("evidence.html")
        trusted = [one.pem(self.world.path(f"{one.country}.pem")) for one in authorities]
        examined = judge(file, trusted, "--json", "--html", html).json()["examined"]
        self._assert_of(examined, {str(path): path for path in (file, *trusted)})
        for said in judge(file, trusted).out, Page(html.read_text()).text:
            self._assert_told(said, examined)

    def test_what_was_changed_has_another_hash_and_what_was_not_has_the_same(self):
        one, copy = audit(_BUNDLE / "export", _TRUSTED, "--json").json(), self.world.path("copy")
        shutil.copytree(_BUNDLE / "export", copy)
        policy = copy / f"live_{UZ}_{TJ}_1/policy"
        self.assertEqual(one["examined"]["list_sha256"], audit(copy, _TRUSTED, "--json").json()["examined"]["list_sha256"])
        policy.write_text(policy.read_text() + "x")
        other = audit(copy, _TRUSTED, "--json", expect=UNVERIFIED).json()
        changed = {(one["path"], one["sha256"]) for one in one["examined"]["files"]} - {
            (one["path"], one["sha256"]) for one in other["examined"]["files"]}
        self.assertEqual([f"live_{UZ}_{TJ}_1/policy"], [path for path, _ in changed])


class Report(WorldTest):
    def _copy(self, name):
        copy = self.world.path(name)
        shutil.copytree(_BUNDLE / "export", copy)
        return copy

    def _page(self, folder, *arguments, trusted=_TRUSTED, expect=0):
        html = self.world.path("report.html")
        done = audit(folder, trusted, "--html", html, *arguments, expect=expect)
        page = Page(html.read_text())
        self.assertEqual([], page.forbidden())
        self.assertIn("default-src 'none'", page.policy)
        self.assertEqual(0o600, html.stat().st_mode & 0o777)
        return page, done

    def test_it_says_what_the_verdict_said(self):
        page, done = self._page(_BUNDLE / "export", "--json")
        verdict = done.json()
        self.assertEqual("VERIFIED: 2 journals, nothing found", page.verdict)
        for journal in verdict["journals"]:
            for said in (f"Journal {journal['origin']}", journal["root"], journal["sender_authority"], *journal["notes"],
                         f"{journal['origin']} entry {journal['size'] - 1}: ",
                         f"{journal['origin']} receipt for the first {journal['receipted']} entries"):
                self.assertIn(said, page.text)
        self.assertIn("alert, ", page.text)
        self.assertNotIn("left out", page.text)

    def _written(self, *journals):
        folder = self.world.path("export")
        folder.mkdir()
        for one in journals:
            one.write(folder)
        return folder

    def _timeline(self, page):
        """Its rows, in order."""
        return page.text.partition("Timeline\n")[2] if "Timeline\n" in page.text else page.text.rpartition("Timeline")[2]

    def test_the_timeline_puts_an_entry_before_its_receipt_and_no_receipt_twice(self):
        """Though a receipt's time is of whole seconds, and the sender's clock runs ahead."""
        uz, tj = (exports.Office(exports.Authority(id_[:2]), id_) for id_ in (UZ, TJ))
        ours, karimov = exports.Journal(uz, tj), uz.officer()
        ours.introduce(karimov)
        ours.message(karimov, 1)
        ours.receipt(after_s=0)
        ours.time_ms += 120_000
        ours.message(karimov, 2)
        ours.receipt(after_s=-60)
        trusted = [office.authority.pem(self.world.path(f"{office.authority.country}.pem")) for office in (uz, tj)]
        page, _ = self._page(self._written(ours), trusted=trusted)
        said = self._timeline(page)
        order = [f"live/{UZ}/{TJ}/1 {what}" for what in ("entry 0", "entry 1", "entry 2", "receipt for the first 3 entries",
                                                         "entry 3", "receipt for the first 4 entries")]
        self.assertEqual([1] * len(order), [said.count(what) for what in order], said)
        self.assertEqual(order, sorted(order, key=said.index))

    def test_opened_and_acted_lead_to_what_they_answer(self):
        page, _ = self._page(TESTS / "bundles/valid-opened-and-acted", trusted=[TESTS / f"bundles/{country}.pem" for country in ("UZ", "TJ")])
        self.assertEqual([f"live_{TJ}_{UZ}_1-2"] * 2, page.links)
        self.assertIn(page.links[0], page.rows)
        self.assertEqual(len(set(page.rows)), len(page.rows))
        said = self._timeline(page)
        self.assertRegex(said, rf"opened, routine, by officer 1, about {TJ}/{UZ}/2 ")
        self.assertRegex(said, rf"acted, routine, by officer 1, released by officer 2, about {TJ}/{UZ}/2 ")

    def test_findings_stand_there_and_nothing_hostile_runs(self):
        folder = self._copy("export " + _HOSTILE)
        (folder / _HOSTILE).write_text("x")
        tile = folder / f"live_{UZ}_{TJ}_1/tile/0/000"
        tile.write_bytes(b"\0" + tile.read_bytes()[1:])
        page, done = self._page(folder, "--json", expect=UNVERIFIED)
        self.assertTrue(page.verdict.startswith("NOT VERIFIED: "), page.verdict)
        findings = done.json()["findings"]
        self.assertLessEqual({"E-EXTRA", "E-TILE"}, {finding["code"] for finding in findings})
        for finding in findings:
            self.assertIn(f"Finding {finding['code']}", page.text)
            self.assertIn(finding["evidence"], page.text)
        self.assertIn("<script>", page.text)
        for hidden in ("\u202e", "\x1b"):
            self.assertNotIn(hidden, page.text)

    def test_what_cannot_begin_leaves_an_older_page_alone(self):
        html = self.world.write("report.html", "of yesterday")
        audit(_BUNDLE / "export", _TRUSTED, "--html", self.world.path("no/folder.html"), expect=FAILED)
        audit(_BUNDLE / "export", [_BUNDLE / "export" / f"live_{UZ}_{TJ}_1/policy"], "--html", html, expect=FAILED)
        self.assertEqual("of yesterday", html.read_text())

    def test_chromium_shows_the_report_as_it_is(self):
        html = self.world.path("report.html")
        audit(_BUNDLE / "export", _TRUSTED, "--html", html)
        page = browse(html, self.world.path("browser"))
        if page is None:
            self.skipTest("chromium is not installed")
        self.assertEqual(("VERIFIED: 2 journals, nothing found", []), (page.verdict, page.forbidden()))
        self.assertIn("receipt for the first", page.text)
