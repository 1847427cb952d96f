"""A running blod."""

import os
import pathlib
import signal
import socket
import struct
import subprocess

from .programs import BIN, environment
from .waiting import until

# How a sanitizer begins what it has to say.
_SANITIZER_MARKS = ("ERROR: AddressSanitizer", "ERROR: LeakSanitizer", "runtime error:")


class Daemon:
    """Started on an office's home; `log` takes what it writes to stdout and stderr. With `user`, as that Unix user."""

    def __init__(self, home, log, *arguments, env=None, user=None, program=BIN / "blod"):
        self.home = home
        self.log = log
        with open(log, "ab") as output:
            self.process = subprocess.Popen(
                [str(program), "--home", str(home), *map(str, arguments)], env=environment(env), cwd=home,
                stdin=subprocess.DEVNULL, stdout=output, stderr=output, user=user, group=user,
                extra_groups=None if user is None else [])

    @property
    def pid(self):
        return self.process.pid

    @property
    def running(self):
        return self.process.poll() is None

    def wait_until_ready(self):
        until(self._ready, f"blod on {self.home} is ready")
        return self

    def _ready(self):
        if not self.running:
            raise AssertionError(f"blod ended with {self.process.returncode}:\n{self.said()}")
        try:
            greeting(self.home / "control.sock")
            return True
        except OSError:
            return False

    def memory_peak_mib(self):
        status = pathlib.Path(f"/proc/{self.pid}/status").read_text()
        return int(status.split("VmHWM:")[1].split()[0]) / 1024

    def wait(self, timeout_s=60):
        """The exit code, once it ends by itself."""
        return self.process.wait(timeout_s)

    def stop(self):
        """SIGTERM, and nothing but a clean end will do."""
        if self.running:
            self.process.send_signal(signal.SIGTERM)
        code = self.wait()
        assert code == 0, f"blod ended with {code}:\n{self.said()}"

    def kill(self):
        """SIGKILL: no warning, no last write."""
        self.process.kill()
        self.wait()

    def said(self):
        """The end of stdout and stderr."""
        return self.log.read_text(errors="replace")[-6000:]

    def check_sanitizers(self):
        text = self.log.read_text(errors="replace")
        for mark in _SANITIZER_MARKS:
            assert mark not in text, f"{mark} in {self.log}:\n{text[-6000:]}"


def greeting(path):
    """Connects to a control socket and takes its greeting; OSError while nobody is there."""
    with socket.socket(socket.AF_UNIX) as connection:
        connection.settimeout(20)
        connection.connect(os.fspath(path))
        return read_frame(connection)


def read_frame(connection):
    """One frame of the control protocol: u32be length, then so many bytes."""
    size, = struct.unpack(">I", read_exact(connection, 4))
    return read_exact(connection, size)


def read_exact(connection, size):
    """`size` bytes; ConnectionError when the other side ends before."""
    parts = bytearray()
    while len(parts) < size:
        part = connection.recv(size - len(parts))
        if not part:
            raise ConnectionError(f"ended after {len(parts)} of {size} bytes")
        parts += part
    return bytes(parts)
