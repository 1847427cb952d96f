"""Runs one functional test: run.py FILE TEST, as in `run.py exchange ipv6`. Exit code 77: skipped.

BLO_BIN says where the programs are; without it, build/dev/bin. Without TEST, all of the file's run; without both, it
lists what there is.
"""

import importlib
import pathlib
import sys
import unittest

sys.dont_write_bytecode = True
from blolib.world import WorldTest

_SKIPPED = 77
_HERE = pathlib.Path(__file__).resolve().parent


class Result(unittest.TextTestResult):
    """Prints what the daemons said as soon as a test fails, while it can still be read."""

    def addError(self, test, err):
        super().addError(test, err)
        self._show()

    def addFailure(self, test, err):
        super().addFailure(test, err)
        self._show()

    def _show(self):
        if WorldTest.current is not None:
            self.stream.writeln("\n" + WorldTest.current.diagnostics())


def tests_in(file):
    loaded = unittest.defaultTestLoader.loadTestsFromModule(importlib.import_module(f"{file}_test"))
    return [test for case in loaded for test in case]


def main(arguments):
    if not arguments:
        for path in sorted(_HERE.glob("*_test.py")):
            file = path.name.removesuffix("_test.py")
            for test in tests_in(file):
                print(file, test._testMethodName.removeprefix("test_"))
        return 0
    file, *names = arguments
    suite = unittest.TestSuite(test for test in tests_in(file)
                               if not names or test._testMethodName.removeprefix("test_") in names)
    result = unittest.TextTestRunner(resultclass=Result, verbosity=2).run(suite)
    if result.testsRun == 0:
        print(f"there is no such test in {file}_test.py")
        return 1
    if not result.wasSuccessful():
        return 1
    return _SKIPPED if len(result.skipped) == result.testsRun else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
