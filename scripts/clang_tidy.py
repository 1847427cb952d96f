"""Runs clang-tidy over lib/, daemon/ and cli/: clang_tidy.py BUILD-FOLDER.

A file found clean is remembered by the hash of all it was made of (itself, our headers it includes, the checks, how it
is compiled) and not looked at again while that stays.
"""

import concurrent.futures
import hashlib
import json
import os
import pathlib
import re
import shlex
import subprocess
import sys

TIDY = "clang-tidy-19"
# Precompiled by GCC, and nothing to clang: each file includes what it needs.
PRECOMPILED = re.compile(r" -Winvalid-pch -include \S+/cmake_pch\.hxx")
CACHE = pathlib.Path(os.environ.get("XDG_CACHE_HOME") or pathlib.Path.home() / ".cache", "blo-clang-tidy")


def fingerprint(command, root, common):
    """Of one entry of compile_commands.json: the hash of everything of ours that its outcome depends on."""
    words = shlex.split(command["command"])
    words = words[1:] if os.path.basename(words[0]) == "ccache" else words
    at = words.index("-o")
    listing = subprocess.run(words[:at] + words[at + 2:] + ["-MM", "-MF", "-"], cwd=command["directory"],
                             capture_output=True, text=True, check=False)
    if listing.returncode != 0:
        return None
    digest = hashlib.sha256(common)
    digest.update(" ".join(words).replace(str(root), "").encode())
    for path in listing.stdout.partition(":")[2].replace("\\\n", " ").split():
        digest.update(hashlib.sha256(pathlib.Path(command["directory"], path).read_bytes()).digest())
    return digest.hexdigest()


def look(command, build, root, common):
    """What clang-tidy says of one file; nothing where it is clean."""
    mark = fingerprint(command, root, common)
    if mark and (CACHE / mark).exists():
        return ""
    run = subprocess.run([TIDY, "--quiet", "--extra-arg=-Wno-error", "-p", build, command["file"]],
                         capture_output=True, text=True, check=False)
    if run.returncode == 0:
        if mark:
            (CACHE / mark).touch()
        return ""
    return run.stdout.strip() or run.stderr.strip()


def main(build):
    root = pathlib.Path.cwd()
    CACHE.mkdir(parents=True, exist_ok=True)
    version = subprocess.run([TIDY, "--version"], capture_output=True, check=True).stdout
    common = version + (root / ".clang-tidy").read_bytes()
    ours = tuple(f"{root}/{folder}/" for folder in ("lib", "daemon", "cli"))
    commands = [{**command, "command": PRECOMPILED.sub("", command["command"])}
                for command in json.loads(pathlib.Path(build, "compile_commands.json").read_text())
                if command["file"].startswith(ours)]
    if not commands:
        sys.exit(f"{build}/compile_commands.json names no source of lib/, daemon/ or cli/")
    at = pathlib.Path(build, "clang-tidy")
    at.mkdir(exist_ok=True)
    (at / "compile_commands.json").write_text(json.dumps(commands))
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        said = [text for text in pool.map(lambda command: look(command, at, root, common), commands) if text]
    print("\n".join(said), end="\n" if said else "")
    sys.exit(1 if said else 0)


if __name__ == "__main__":
    main(sys.argv[1])
