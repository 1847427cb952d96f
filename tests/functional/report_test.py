"""The page that blo-audit verify writes: what the verdict said, for people who open a file in a browser."""

import shutil

from blolib.page import Page, browse
from blolib.programs import FAILED, TESTS, UNVERIFIED, audit
from blolib.world import TJ, UZ, WorldTest

_BUNDLE = TESTS / "bundles/valid-pair"
_TRUSTED = [_BUNDLE / "UZ.pem", _BUNDLE / "TJ.pem"]
_HOSTILE = "<script>alert(1)<script> \u202egnp \x1b[2J & \"'><img src=x>"


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
