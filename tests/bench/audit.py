"""How fast blo-audit verifies an export, and in how much memory, beside the bare signature checks of all cores."""

import json
import os
import pathlib
import shutil
import subprocess
import tempfile
import time


def run(*words):
    """A program's output, its seconds, and the largest memory that it, or this script before it became it, had, in MiB."""
    with tempfile.TemporaryFile() as out:
        began = time.monotonic()
        child = subprocess.Popen([str(word) for word in words], stdout=out)
        _, status, usage = os.wait4(child.pid, 0)
        seconds = time.monotonic() - began
        child.returncode = os.waitstatus_to_exitcode(status)
        out.seek(0)
        text = out.read()
    if child.returncode != 0:
        raise SystemExit(f"{words[0]} {words[1]} ended with {child.returncode}: {text[:1000]!r}")
    return json.loads(text), seconds, usage.ru_maxrss / 1024


def limit(binaries):
    return run(binaries / "blo_bench", "limit-of-cores")[0]["limit_ed25519_verify_cores"]


def verify(folder, entries, binaries):
    """One run: (metric, unit, value) each."""
    before = limit(binaries)
    verdict, seconds, peak = run(binaries / "blo-audit", "verify", folder / "export", "--json",
                                 "--authority", folder / "UZ.pem", "--authority", folder / "TJ.pem")
    cores = (before + limit(binaries)) / 2
    assert verdict["verified"] and sum(journal["size"] for journal in verdict["journals"]) == entries
    yield "audit", "entries/s", entries / seconds
    yield "audit_rss", "MiB", peak
    yield "limit_ed25519_verify_cores", "1/s", cores
    yield "audit_of_limit", "%", 100 * entries / seconds / cores


def measure(entries, runs, binaries):
    """The export is made once, then verified `runs` times."""
    folder = pathlib.Path(tempfile.mkdtemp(prefix="blo-audit-"))
    try:
        made = run(binaries / "blo_bench", "make-export", folder, entries)[0]["entries"]
        for _ in range(runs):
            yield from verify(folder, made, binaries)
    finally:
        shutil.rmtree(folder)
