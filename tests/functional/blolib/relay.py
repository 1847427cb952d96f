"""A relay between two daemons: passes bytes, remembers what the dialling side said, and can be cut."""

import socket
import threading

from .addresses import dial, free_address, split


class Relay:
    """Listens on `address` and passes every connection on to `target`."""

    def __init__(self, target):
        self.address = free_address()
        self._target = target
        self._lock = threading.Lock()
        self._pairs = []
        self.said = []  # what came from the dialling side, one bytearray for each connection
        self._listener = None
        self.open()

    def open(self):
        """Lets connections through (again)."""
        self._listener = socket.create_server(split(self.address), reuse_port=False)
        threading.Thread(target=self._accept, args=(self._listener,), daemon=True).start()

    def cut(self):
        """Ends every connection; new ones go through."""
        with self._lock:
            ended, self._pairs = self._pairs, []
        for pair in ended:
            for end in pair:
                _shut(end)

    def refuse(self):
        """Refuses new connections until open(); those there are go on."""
        _shut(self._listener)
        self._listener.close()

    def close(self):
        """Cuts, and refuses new connections until open()."""
        self.refuse()
        self.cut()

    def _accept(self, listener):
        while True:
            try:
                near, _ = listener.accept()
            except OSError:
                return
            try:
                far = dial(self._target)
            except OSError:
                near.close()
                continue
            heard = bytearray()
            with self._lock:
                self._pairs.append((near, far))
                self.said.append(heard)
            for one, other, record in ((near, far, heard), (far, near, None)):
                threading.Thread(target=_pass, args=(one, other, record), daemon=True).start()


def _pass(one, other, record):
    try:
        while data := one.recv(65_536):
            if record is not None:
                record += data
            other.sendall(data)
    except OSError:
        pass
    _shut(one)
    _shut(other)


def _shut(end):
    try:
        end.shutdown(socket.SHUT_RDWR)
    except OSError:
        pass
