"""Runs blo and blo-audit as somebody at a terminal does."""

import json
import os
import pathlib
import subprocess
from typing import NamedTuple

_TIMEOUT_S = 240

TESTS = pathlib.Path(__file__).resolve().parents[2]
CHECKOUT = TESTS.parent
BIN = pathlib.Path(os.environ.get("BLO_BIN", CHECKOUT / "build/dev/bin"))

# blo's exit codes.
OK, FAILED, USAGE, NOT_FOUND, NOT_AUTHORISED, REFUSED, UNVERIFIED, NO_RECEIPT, DEGRADED = range(9)
# blo-audit's, by what an export's audit comes to.
NOT_WHOLE = 3
AUDIT_CODES = {"VERIFIED": OK, "VERIFIED, BUT NOT WHOLE": NOT_WHOLE, "NOT VERIFIED": UNVERIFIED}
AUDITED = frozenset(AUDIT_CODES.values())
# blod's, where no waiting helps and systemd does not start it again.
NOT_CONFIGURED = 78


class Done(NamedTuple):
    """A program that ended."""

    command: str
    code: int
    out: str
    err: str

    @property
    def text(self):
        return self.out + self.err

    def json(self):
        """What --json printed: one object on one line."""
        lines = self.out.splitlines()
        assert len(lines) == 1, f"not one line of JSON from {self}"
        return json.loads(lines[0])

    def __str__(self):
        return f"`{self.command}` → {self.code}\nstdout: {self.out}\nstderr: {self.err}"


def run(program, *arguments, env=None, expect=OK):
    """Runs one of our programs; `expect` is its exit code, a set of them, or None for any."""
    command = [str(BIN / program), *map(str, arguments)]
    ended = subprocess.run(command, env=environment(env), stdin=subprocess.DEVNULL, capture_output=True,
                           timeout=_TIMEOUT_S, check=False)
    done = Done(" ".join([program, *map(str, arguments)]), ended.returncode, ended.stdout.decode(),
                ended.stderr.decode())
    if expect is not None:
        allowed = expect if isinstance(expect, (set, frozenset)) else {expect}
        assert done.code in allowed, f"expected exit code {sorted(allowed)}: {done}"
    return done


def environment(more=None):
    """This process's environment without what would lead our programs elsewhere."""
    kept = {name: value for name, value in os.environ.items()
            if not name.startswith("BLO_") and name not in ("XDG_RUNTIME_DIR", "RUNTIME_DIRECTORY")}
    return {**kept, "LC_ALL": "C.UTF-8", **(more or {})}


def audit(folder, authorities, *arguments, expect=OK):
    trusted = [word for authority in authorities for word in ("--authority", authority)]
    return run("blo-audit", "verify", folder, *trusted, *arguments, expect=expect)


def judge(file, authorities, *arguments, expect=OK):
    """blo-audit evidence."""
    trusted = [word for authority in authorities for word in ("--authority", authority)]
    return run("blo-audit", "evidence", file, *trusted, *arguments, expect=expect)
