#!/usr/bin/env python3
"""Writes every bundle anew, with the authorities' certificates, expected.json and the table in README.md: the same bytes
each time. make.py FOLDER writes them there instead of beside itself."""

import json
import pathlib
import shutil
import sys

sys.dont_write_bytecode = True
from bundle import BUNDLES, HERE, TJ, UZ, Link
import across_cases  # noqa: F401
import entry_cases  # noqa: F401
import file_cases  # noqa: F401
import note_cases  # noqa: F401
import partial_cases  # noqa: F401
import valid_cases  # noqa: F401

_TABLE = "<!-- the table below is written by make.py -->\n"


def write(folder):
    for office in (UZ, TJ):
        office.authority.pem(folder / f"{office.authority.country}.pem")
    for name, bundle in BUNDLES.items():
        shutil.rmtree(folder / name, ignore_errors=True)
        for path, data in sorted(bundle.make().items()):
            place = folder / name / path
            place.parent.mkdir(parents=True, exist_ok=True)
            if isinstance(data, Link):
                place.symlink_to(data)
            else:
                place.write_bytes(data)
    expected = {name: {"done": bundle.done, "verdict": bundle.verdict, "codes": bundle.codes, "missing": sorted(bundle.missing)}
                for name, bundle in sorted(BUNDLES.items())}
    (folder / "expected.json").write_text(json.dumps(expected, indent=1) + "\n")
    kept = (HERE / "README.md").read_text().partition(_TABLE)[0]
    rows = "".join(f"| `{name}` | {one['done']} | {_outcome(one)} |\n" for name, one in expected.items())
    (folder / "README.md").write_text(
        f"{kept}{_TABLE}\n| bundle | what is in it, or was done to it | code, or what is missing |\n| --- | --- | --- |\n{rows}")


def _outcome(one):
    return ", ".join(one["codes"]) or ", ".join(f"missing: {what}" for what in one["missing"]) or "verified"


if __name__ == "__main__":
    write(pathlib.Path(sys.argv[1]) if len(sys.argv) > 1 else HERE)
