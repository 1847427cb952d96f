"""The stage of the demo: a folder, terminals that show what is typed and what comes back, two running daemons."""

import os
import pathlib
import re
import shlex
import shutil
import signal
import socket
import subprocess
import sys
import tempfile

_COMMAND_TIMEOUT_S = 60
_READY_TIMEOUT_S = 30
_STOP_TIMEOUT_S = 15


class Unexpected(Exception):
    """Something came out otherwise than it should have."""


def say(text=""):
    """Prints a paragraph's lines; never two empty lines in a row."""
    if text or not say.ended_empty:
        print(text, flush=True)
    say.ended_empty = text == "" or text.endswith("\n")


say.ended_empty = True


class Terminal:
    """Where somebody types: shows each command after the place's name, and its real output below."""

    def __init__(self, place, folder, programs, variables=None):
        self.place = place
        self._folder = folder
        kept = {name: value for name, value in os.environ.items() if not name.startswith("BLO_")}
        self.environment = {**kept, "LC_ALL": "C.UTF-8", "PATH": f"{programs}:{os.environ['PATH']}", **(variables or {})}

    def show_command(self, words):
        say(f"{self.place} $ {shlex.join(words)}")

    def run(self, *words, expect=0, output=True):
        """Runs a command and gives back what it printed; Unexpected when the exit code is not `expect`."""
        words = [str(word) for word in words]
        self.show_command(words)
        done = subprocess.run(words, cwd=self._folder, env=self.environment, stdin=subprocess.DEVNULL, text=True,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=_COMMAND_TIMEOUT_S, check=False)
        if output or done.returncode != expect:
            for line in done.stdout.rstrip("\n").split("\n"):
                say(f"  {line}".rstrip())
        if done.returncode != expect:
            raise Unexpected(f"that should have ended with exit code {expect} and ended with {done.returncode}")
        if output:
            say()
        return done.stdout


class Stage:
    """The folder and everything that runs in it; clear() leaves neither."""

    def __init__(self, programs):
        self.programs = pathlib.Path(programs).resolve()
        for name in ("blo", "blod", "blo-audit"):
            if not os.access(self.programs / name, os.X_OK):
                raise Unexpected(f"{self.programs / name} is not there; ./dev demo builds it")
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="blo-demo-"))
        self.daemons = []

    def terminal(self, place, **variables):
        return Terminal(place, self.folder, self.programs, variables)

    def start(self, terminal, *words):
        """Starts blod in the background; it is ready when it has said where it listens."""
        terminal.show_command([*words])
        with open(self.folder / f"{terminal.place.lower()}.diagnostics", "wb") as diagnostics:
            # A session of its own: Ctrl-C ends the demo, and the demo ends the daemons.
            daemon = subprocess.Popen(words, cwd=self.folder, env=terminal.environment, stdin=subprocess.DEVNULL,
                                      stdout=subprocess.PIPE, stderr=diagnostics, text=True, start_new_session=True)
        self.daemons.append(daemon)
        signal.alarm(_READY_TIMEOUT_S)
        line = daemon.stdout.readline()
        signal.alarm(0)
        if not line:
            say((self.folder / f"{terminal.place.lower()}.diagnostics").read_text())
            raise Unexpected("blod did not start")
        say(f"  {line}")

    def quietly(self, terminal, *words):
        """What a command prints, shown to nobody; nothing when it fails."""
        done = subprocess.run(words, cwd=self.folder, env=terminal.environment, stdin=subprocess.DEVNULL, text=True,
                              capture_output=True, timeout=_COMMAND_TIMEOUT_S, check=False)
        return done.stdout if done.returncode == 0 else ""

    def clear(self):
        for daemon in self.daemons:
            if daemon.poll() is None:
                daemon.terminate()
        for daemon in self.daemons:
            try:
                daemon.wait(_STOP_TIMEOUT_S)
            except subprocess.TimeoutExpired:
                daemon.kill()
                daemon.wait()
        shutil.rmtree(self.folder, ignore_errors=True)


def free_addresses(count):
    """So many loopback addresses on which nobody listens at BLO Link's port."""
    port, found = 7117, []
    for last in range(2, 255):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((f"127.0.0.{last}", port))
            except OSError:
                continue
        found.append(f"127.0.0.{last}:{port}")
        if len(found) == count:
            return found
    raise Unexpected(f"no {count} loopback addresses are free")


def end_on_signals():
    """A request to end, and a daemon that does not get ready, end the demo as Ctrl-C does: cleaned up."""
    def interrupt(*_):
        raise KeyboardInterrupt

    def alarm(*_):
        raise Unexpected("a daemon did not get ready")

    signal.signal(signal.SIGTERM, interrupt)
    signal.signal(signal.SIGHUP, interrupt)
    signal.signal(signal.SIGALRM, alarm)


def first_match(pattern, text, what):
    found = re.search(pattern, text, re.M)
    if found is None:
        raise Unexpected(f"{what} is not in that")
    return found[1]


def require(condition, what):
    if not condition:
        raise Unexpected(what)


def complain(text):
    print(f"demo: {text}", file=sys.stderr, flush=True)
