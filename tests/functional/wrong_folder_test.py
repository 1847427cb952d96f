"""blo-audit given something that is no export: one sentence with what to give instead, and no verdict."""

import shutil

from blolib.programs import FAILED, OK, TESTS, UNVERIFIED, USAGE, run
from blolib.world import TJ, UZ, WorldTest

_PAIR = TESTS / "bundles/valid-pair"
_TRUST = [word for country in ("UZ", "TJ") for word in ("--authority", _PAIR / f"{country}.pem")]
_THERE = f"live_{UZ}_{TJ}_1"


class WrongFolder(WorldTest):
    def setUp(self):
        super().setUp()
        self.exports = self.world.path("exports")
        shutil.copytree(_PAIR / "export", self.exports / "export")

    def _refused(self, words, *saying):
        """One line on stderr, nothing on stdout."""
        for json in ([], ["--json"]):
            done = run("blo-audit", *words, *_TRUST, *json, expect=USAGE)
            self.assertEqual(("", 1), (done.out, done.err.count("\n")), done)
            self.assertNotIn("VERIFIED", done.err)
            for said in saying:
                self.assertIn(str(said), done.err)

    def test_an_ordinary_file(self):
        file = self.world.write("evidence.pem", "-----BEGIN BLO EVIDENCE-----\n")
        for path in (file, self.exports / "export" / _THERE / "checkpoint"):
            for command in ("verify", "show"):
                self._refused([command, path], f"{path} is no folder", "blo-audit evidence")
        for command in ("diff", "reconcile"):
            self._refused([command, self.exports / "export", file], f"{file} is no folder")

    def test_a_folder_too_deep(self):
        journal = self.exports / "export" / _THERE
        for path in (journal, journal / "tile", journal / "tile/entries", f"{journal}/", f"{journal}/."):
            for command in ("verify", "show"):
                self._refused([command, path], f"give the folder of all its journals: {self.exports / 'export'}")
        renamed = self.world.path("journal")
        shutil.copytree(journal, renamed)
        self._refused(["verify", renamed], f"{renamed} is the folder of one journal under another name")

    def test_a_folder_too_shallow(self):
        self._refused(["verify", self.exports], f"{self.exports} holds exports and is none", self.exports / "export")
        self._refused(["reconcile", self.exports, self.exports / "export"], f"{self.exports} holds exports")

    def test_a_folder_where_a_file_belongs(self):
        self._refused(["evidence", self.exports / "export"], "is a folder", "blo evidence", "blo-audit verify")
        self._refused(["fork", self.exports], "is a folder", "blo alarms")

    def test_what_is_there_and_what_is_nowhere_is_as_it_was(self):
        run("blo-audit", "verify", self.exports / "export", *_TRUST, expect=OK)
        (link := self.world.path("link")).symlink_to(self.exports / "export")
        run("blo-audit", "verify", link, *_TRUST, expect=OK)
        run("blo-audit", "verify", self.world.path("nowhere"), *_TRUST, expect=FAILED)
        (empty := self.world.path("empty")).mkdir()
        self.assertIn("E-MISSING", run("blo-audit", "verify", empty, *_TRUST, expect=UNVERIFIED).out)
