"""--version: one number for the programs and the change log, and the commit they were built from."""

import re
import subprocess

from blolib.programs import CHECKOUT, run
from blolib.world import WorldTest

_COMMIT = """
include("@CHECKOUT@/cmake/commit.cmake")
blo_commit("@SOURCE@" found)
file(WRITE "@SOURCE@/found" "${found}")
"""


def number():
    return re.search(r"^project\(blo-link VERSION ([0-9.]+) ", (CHECKOUT / "CMakeLists.txt").read_text(), re.M)[1]


class Version(WorldTest):
    def test_each_program_says_its_number_and_commit(self):
        said = {program: run(program, "--version").out for program in ("blo", "blod", "blo-audit")}
        for program, line in said.items():
            self.assertRegex(line, rf"\A{program} {re.escape(number())}( \(commit [0-9a-f]{{12}}\+?\))?\n\Z")
        self.assertEqual(1, len({line.split(" ", 1)[1] for line in said.values()}), said)

    def test_the_change_log_begins_with_it(self):
        newest = re.search(r"^## (\S+) \(\d{4}-\d\d-\d\d\)$", (CHECKOUT / "CHANGELOG.md").read_text(), re.M)[1]
        self.assertEqual(number(), newest)

    def test_a_checkout_and_an_archive_know_their_commit_and_a_bare_folder_none(self):
        git = ["git", "-c", "user.name=n", "-c", "user.email=e@localhost", "-c", "init.defaultBranch=main"]
        source = self._source("checkout")
        for words in (["init", "-q"], ["add", "."], ["commit", "-qm", "one"]):
            subprocess.run([*git, "-C", source, *words], check=True)
        commit = subprocess.run([*git, "-C", source, "rev-parse", "HEAD"], check=True, capture_output=True,
                                text=True).stdout[:12]
        self.assertEqual(commit, self._commit(source))
        (source / "cmake/commit.txt").open("a", encoding="utf-8").write("changed\n")
        self.assertEqual(commit + "+", self._commit(source))

        archive = self.world.path("archive")
        archive.mkdir()
        packed = subprocess.run([*git, "-C", source, "archive", "HEAD"], check=True, capture_output=True).stdout
        subprocess.run(["tar", "-C", archive, "-x"], input=packed, check=True)
        self.assertEqual(commit, self._commit(archive))

        # Also where it lies inside somebody else's checkout.
        self.assertEqual("", self._commit(self._source("checkout/bare")))

    def _source(self, name):
        source = self.world.path(name)
        (source / "cmake").mkdir(parents=True)
        for path in (".gitattributes", "cmake/commit.txt"):
            (source / path).write_text((CHECKOUT / path).read_text())
        return source

    def _commit(self, source):
        script = self.world.write("commit.cmake", _COMMIT.replace("@CHECKOUT@", str(CHECKOUT)).replace("@SOURCE@", str(source)))
        subprocess.run(["cmake", "-P", script], check=True)
        found = (source / "found").read_text()
        (source / "found").unlink()
        return found
