"""blo-audit gives away what it does not need: tried from inside, and seen from outside while it runs."""

import ctypes
import fcntl
import os
import pathlib
import signal
import subprocess

from blolib.programs import BIN, TESTS, audit, environment
from blolib.waiting import until
from blolib.world import WorldTest

_CREATE_RULESET, _VERSION = 444, 1
_BUNDLE = TESTS / "bundles" / "valid-pair"


def _kernel_has_landlock():
    return ctypes.CDLL(None, use_errno=True).syscall(_CREATE_RULESET, None, ctypes.c_size_t(0), _VERSION) >= 1


class Sandbox(WorldTest):
    def _attempt(self, what):
        """What the program ended with, and what it said of its attempt."""
        inside = self.world.path("inside")
        inside.mkdir(exist_ok=True)
        (inside / "file").write_text("readable")
        done = subprocess.run([BIN / "sandbox_probe", inside, what], stdin=subprocess.DEVNULL, capture_output=True,
                              text=True, timeout=60, check=False)
        lines = done.stdout.splitlines()
        self.assertTrue(lines, f"{what}: {done}")
        if lines[0] == "none":
            self.skipTest("built with sanitizers, which need more than the sandbox leaves")
        self.assertEqual(lines[0], "landlock+seccomp" if _kernel_has_landlock() else "seccomp")
        return done.returncode, lines[1] if len(lines) > 1 else None

    def test_what_verifying_needs_still_works(self):
        for what in ("nothing", "read-inside", "thread", "write-open"):
            self.assertEqual(self._attempt(what), (0, "done"), what)

    def test_nothing_outside_the_export_can_be_read(self):
        for what in ("read-outside", "read-above"):
            code, said = self._attempt(what)
            if not _kernel_has_landlock():
                self.skipTest("this kernel has no Landlock")
            self.assertEqual((code, said), (0, "EACCES"), what)

    def test_writing_sockets_programs_and_new_code_end_it(self):
        for what in ("write-inside", "create-inside", "remove-inside", "socket", "execute", "fork", "signal", "code"):
            self.assertEqual(self._attempt(what), (-signal.SIGSYS, None), what)
        self.assertEqual((self.world.path("inside") / "file").read_text(), "readable")

    def test_the_report_says_what_was_in_force(self):
        self._attempt("nothing")
        expected = "landlock+seccomp" if _kernel_has_landlock() else "seccomp"
        authorities = [_BUNDLE / "UZ.pem", _BUNDLE / "TJ.pem"]
        self.assertEqual(audit(_BUNDLE / "export", authorities, "--json").json()["sandbox"], expected)
        said = audit(_BUNDLE / "export", authorities).err
        self.assertEqual("locked in" in said, not _kernel_has_landlock(), said)

    def test_it_is_in_force_while_blo_audit_reports(self):
        self._attempt("nothing")
        # A pipe that is full already: blo-audit waits there, inside, with its report.
        read, write = os.pipe()
        fcntl.fcntl(write, fcntl.F_SETPIPE_SZ, 4096)
        os.write(write, bytes(4096))
        program = subprocess.Popen([BIN / "blo-audit", "verify", _BUNDLE / "export", "--authority", _BUNDLE / "UZ.pem",
                                    "--authority", _BUNDLE / "TJ.pem"], stdout=write, env=environment())
        try:
            os.close(write)
            status = pathlib.Path(f"/proc/{program.pid}/status")
            until(lambda: "Seccomp:\t2" in status.read_text(), "blo-audit has entered its sandbox")
            self.assertIn("NoNewPrivs:\t1", status.read_text())
            with os.fdopen(read, "rb") as out:
                self.assertIn(b"VERIFIED", out.read())
            self.assertEqual(program.wait(60), 0)
        finally:
            program.kill()
            program.wait()
