"""Terminal sessions of one account: a shell that leads each, as after a login."""

import fcntl
import os
import pathlib
import pty
import shlex
import subprocess
import termios

from .programs import BIN, OK, Done, environment
from .waiting import until


class Session:
    """A session without a terminal: a shell whose commands find the office's home and officers."""

    def __init__(self, office, wrapper=(), env=None):
        self._folder = office.world.folder
        self.shell = subprocess.Popen([*wrapper, "/bin/sh"], start_new_session=True, stdin=subprocess.PIPE,
                                      stdout=subprocess.PIPE, env=environment(office.environment() | (env or {})),
                                      text=True)

    def run(self, *command, expect=OK):
        """Runs any command in this session."""
        out, err = self._folder / f"out-{self.shell.pid}", self._folder / f"err-{self.shell.pid}"
        words = shlex.join(map(str, command))
        self.tell(f"{words} </dev/null >{out} 2>{err}; echo $?")
        done = Done(words, int(self.shell.stdout.readline()), out.read_text(), err.read_text())
        assert expect is None or done.code == expect, f"expected exit code {expect}: {done}"
        return done

    def tell(self, line):
        """One line for the shell."""
        self.shell.stdin.write(line + "\n")
        self.shell.stdin.flush()

    def answer(self):
        """The shell's next line."""
        return self.shell.stdout.readline().rstrip("\n")

    def blo(self, *arguments, expect=OK):
        return self.run(BIN / "blo", *arguments, expect=expect)

    def close(self):
        """The shell ends, and with it the session; nobody it left behind may keep its output open."""
        if self.shell.stdin.closed:
            return
        self.shell.stdin.close()
        self.shell.wait(60)
        assert self.shell.stdout.read() == ""
        self.shell.stdout.close()


class Terminal:
    """A session with a terminal at which somebody types."""

    def __init__(self, office, prompt=""):
        self._ours, theirs = pty.openpty()
        termios.tcsetwinsize(theirs, (24, 80))
        self.shell = subprocess.Popen(["/bin/sh"], start_new_session=True, stdin=theirs, stdout=theirs, stderr=theirs,
                                      env={**environment(office.environment()), "PS1": prompt, "ENV": ""},
                                      preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0))
        os.close(theirs)
        os.set_blocking(self._ours, False)
        self.shown = ""
        self._unread = ""

    def type(self, line):
        os.write(self._ours, line.encode() + b"\n")

    def wait_for(self, text):
        """Until `text` has been shown, from where the last wait ended."""
        self.wait_for_any([text])
        seen, _, self._unread = self._unread.partition(text)
        self.shown += seen + text
        return seen

    def wait_for_one_of(self, *texts):
        """As wait_for: what was seen, and the text that came first."""
        self.wait_for_any(texts)
        first = min((text for text in texts if text in self._unread), key=self._unread.index)
        return self.wait_for(first), first

    def wait_for_any(self, texts):
        def shown():
            try:
                self._unread += os.read(self._ours, 65_536).decode(errors="replace")
            except BlockingIOError:
                pass
            return any(text in self._unread for text in texts)
        until(shown, f"the terminal shows one of {texts}")

    def hang_up(self):
        """The line is cut: whoever has the terminal gets SIGHUP."""
        if self._ours is not None:
            os.close(self._ours)
            self._ours = None
        self.shell.wait(60)


def is_running(pid):
    """Neither gone nor a zombie."""
    try:
        state = pathlib.Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except (FileNotFoundError, ProcessLookupError):
        return False
    return state not in "ZX"


def processes_of(leader):
    """The pids of the session that `leader` leads, save for itself."""
    found = []
    for path in pathlib.Path("/proc").glob("[0-9]*"):
        try:
            fields = (path / "stat").read_text().rpartition(")")[2].split()
        except (FileNotFoundError, ProcessLookupError):
            continue
        if int(fields[3]) == leader and int(path.name) != leader and fields[0] not in "ZX":
            found.append(int(path.name))
    return found
