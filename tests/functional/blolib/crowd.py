"""Many connections from one process, which may be another Unix user's: silent ones, unfinished ones, replayed ones.

Run as a program, so that it can be copied where another user may read it; Crowd below starts it.

    crowd.py stay PATH COUNT HEX BYTES       COUNT connections to a Unix socket; each says HEX and BYTES zeros, then nothing
    crowd.py storm HOST PORT RATE HEX        RATE connections a second for ever, each of which says HEX and then nothing
"""

import os
import pathlib
import resource
import selectors
import shutil
import socket
import subprocess
import sys
import time

# Of a storm's connections so many are open at once; the oldest makes room.
_OPEN_MAX = 600


def stay(path, count, said, zeros):
    """Answers "ready" when all have said what they have to say, as far as the other side takes it; ends with stdin."""
    crowd, unsaid = [], selectors.DefaultSelector()
    for _ in range(count):
        connection = socket.socket(socket.AF_UNIX)
        connection.connect(path)
        connection.setblocking(False)
        crowd.append(connection)
        unsaid.register(connection, selectors.EVENT_WRITE, said + bytes(zeros))
    while unsaid.get_map():
        # What is not taken for a second will not be.
        ready = unsaid.select(1)
        if not ready:
            break
        for key, _ in ready:
            try:
                sent = key.fileobj.send(key.data) if key.data else 0
            except BlockingIOError:
                continue
            except OSError:  # hung up on
                sent = len(key.data)
            if sent == len(key.data):
                unsaid.unregister(key.fileobj)
            else:
                unsaid.modify(key.fileobj, selectors.EVENT_WRITE, key.data[sent:])
    print("ready", flush=True)
    sys.stdin.read()


def storm(host, port, rate, said):
    """Answers with the number of connections made each time a line comes, and ends with stdin."""
    os.set_blocking(0, False)
    made, begun, crowd = 0, time.monotonic(), []
    pause = selectors.DefaultSelector()
    while True:
        try:
            line = os.read(0, 100)
            if not line:
                return
            print(made, time.monotonic() - begun, flush=True)
        except BlockingIOError:
            pass
        due = int((time.monotonic() - begun) * rate)
        for _ in range(min(due - made, 50)):
            connection = socket.socket()
            connection.setblocking(False)
            try:
                connection.connect((host, port))
            except BlockingIOError:
                pass
            except OSError:
                connection.close()
                continue
            crowd.append((connection, said))
            made += 1
        # Those made in the round before are connected by now, or hung up on.
        for i, (connection, rest) in enumerate(crowd):
            if not rest:
                continue
            try:
                connection.send(rest)
            except BlockingIOError:
                continue
            except OSError:
                pass
            crowd[i] = (connection, b"")
        while len(crowd) > _OPEN_MAX:
            crowd.pop(0)[0].close()
        if due - made < 50:
            pause.select(0.002)


class Crowd:
    """The program, running until the with-block ends. `user`: another Unix user, with these groups."""

    def __init__(self, *words, user=None, groups=(), copy_to=None):
        program = pathlib.Path(__file__)
        if copy_to is not None:
            program = pathlib.Path(shutil.copy(program, copy_to))
        other = {} if user is None else {"user": user, "group": user, "extra_groups": list(groups)}
        self._process = subprocess.Popen([sys.executable, str(program), *map(str, words)], cwd="/", text=True,
                                         stdin=subprocess.PIPE, stdout=subprocess.PIPE, **other)

    @classmethod
    def staying(cls, path, count, said=b"", zeros=0, **options):
        """At a Unix socket."""
        crowd = cls("stay", path, count, said.hex(), zeros, **options)
        assert crowd._process.stdout.readline() == "ready\n", "the crowd does not come in"
        return crowd

    @classmethod
    def storming(cls, address, rate, said=b""):
        host, _, port = address.rpartition(":")
        return cls("storm", host.strip("[]"), port, rate, said.hex())

    def made(self):
        """Of a storm: connections so far, and in how many seconds."""
        self._process.stdin.write("?\n")
        self._process.stdin.flush()
        made, seconds = self._process.stdout.readline().split()
        return int(made), float(seconds)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._process.stdin.close()
        self._process.wait(60)
        self._process.stdout.close()


def main():
    limit = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (limit, limit))
    if sys.argv[1] == "stay":
        path, count, said, zeros = sys.argv[2:]
        stay(path, int(count), bytes.fromhex(said), int(zeros))
    else:
        host, port, rate, said = sys.argv[2:]
        storm(host, int(port), float(rate), bytes.fromhex(said))


if __name__ == "__main__":
    main()
