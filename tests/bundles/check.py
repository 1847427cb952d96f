"""Checks one bundle: check.py NAME. check.py --made: what is here is what make.py writes. check.py --many: there are enough.

BLO_BIN says where blo-audit is.
"""

import filecmp
import json
import os
import pathlib
import sys
import tempfile
import unittest

sys.dont_write_bytecode = True
HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "functional"))
import verifier
from blolib.agreement import same_notes, things
from blolib.programs import AUDIT_CODES, AUDITED, audit

_BUNDLES_MIN, _CODES_MIN = 40, 25
_NOT_MADE = {"valid-pair"}
_PREFIXES = {"valid-": "VERIFIED", "partial-": "VERIFIED, BUT NOT WHOLE", "broken-": "NOT VERIFIED"}


def codes(verdict):
    return [finding["code"] for finding in verdict["findings"]]


class Bundle(unittest.TestCase):
    def __init__(self, name, expected):
        super().__init__("verdict")
        self.name = name
        self.verdict_wanted, self.expected, self.missing = expected["verdict"], expected["codes"], expected["missing"]
        self.folder, authorities = HERE / name, HERE
        if name in _NOT_MADE:
            self.folder, authorities = HERE / name / "export", HERE / name
        self.trusted = [authorities / f"{country}.pem" for country in ("UZ", "TJ")]

    def verdict(self):
        wanted, = (verdict for prefix, verdict in _PREFIXES.items() if self.name.startswith(prefix))
        self.assertEqual(wanted, self.verdict_wanted, "valid, partial and broken are told by the name")
        done = audit(self.folder, self.trusted, "--json", expect=AUDITED)
        found, others = done.json(), verifier.verify(self.folder, self.trusted)
        about = (f"{self.name}: blo-audit {found['findings']} {found['missing']}, "
                 f"verifier.py {others['findings']} {others['missing']}")
        self.assertEqual((done.code, found["verdict"], others["verdict"]), (AUDIT_CODES[wanted], wanted, wanted), about)
        self.assertEqual((found["verified"], others["verified"]), (wanted == "VERIFIED",) * 2, about)
        if not self.expected:
            same_notes(self, found, others, about)
            for missing in (things(found["missing"]), others["missing"]):
                self.assertEqual(self.missing, [f"{one['what']} {one['origin']}" for one in missing], about)
            return
        self.assertIn(self.expected[0], codes(found), about)
        self.assertLessEqual(set(codes(found)), set(self.expected), about)
        self.assertIn(self.expected[0], codes(others), about)


class Made(unittest.TestCase):
    """What make.py writes is what is here."""

    def runTest(self):
        import make
        with tempfile.TemporaryDirectory(prefix="blo-") as folder:
            make.write(pathlib.Path(folder))
            made, here = self._files(folder), self._files(HERE)
            self.assertEqual(sorted(made), sorted(path for path in here if not self._is_source(path)))
            for path in made:
                link = os.path.islink(here[path])
                self.assertEqual(os.path.islink(made[path]), link, path)
                same = os.readlink(made[path]) == os.readlink(here[path]) if link else filecmp.cmp(made[path], here[path], False)
                self.assertTrue(same, f"{path} is not what make.py writes")

    @staticmethod
    def _files(folder):
        return {path.relative_to(folder).as_posix(): path for path in sorted(pathlib.Path(folder).rglob("*"))
                if path.is_symlink() or path.is_file()}

    @staticmethod
    def _is_source(path):
        first = path.split("/")[0]
        return first.endswith((".py", "CMakeLists.txt", ".pyc")) or first in _NOT_MADE | {"__pycache__"}


class Many(unittest.TestCase):
    """Enough ways to tamper, and enough codes; no folder that nobody expects."""

    def runTest(self):
        expected = expectations()
        folders = {path.name for path in HERE.iterdir() if path.is_dir() and path.name.startswith(tuple(_PREFIXES))}
        self.assertEqual(folders, set(expected))
        broken = {name: one for name, one in expected.items() if name.startswith("broken-")}
        self.assertGreaterEqual(len(broken), _BUNDLES_MIN)
        self.assertGreaterEqual(len({one["codes"][0] for one in broken.values()}), _CODES_MIN)


def expectations():
    expected = json.loads((HERE / "expected.json").read_text())
    return expected | {name: {"verdict": "VERIFIED", "codes": [], "missing": []} for name in _NOT_MADE}


def main(arguments):
    if arguments == ["--made"]:
        tests = [Made()]
    elif arguments == ["--many"]:
        tests = [Many()]
    else:
        expected = expectations()
        tests = [Bundle(name, expected[name]) for name in arguments or sorted(expected)]
    return 0 if unittest.TextTestRunner(verbosity=1).run(unittest.TestSuite(tests)).wasSuccessful() else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
