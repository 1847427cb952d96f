"""A client of the control socket, written a second time from docs/format/control.md: for requests that blo would never
make."""

import hashlib
import socket
import struct

from . import identity, wire
from .daemon import read_frame

GREETING = {1: ("version", "uint"), 2: ("office", "string"), 3: ("network", "uint"), 4: ("nonce", "bytes")}
SIGNED_REQUEST = {1: ("request", "bytes"), 2: ("officer", "bytes"), 3: ("signature", "bytes")}
EMPTY = {}
LIST = {1: ("direction", "uint"), 2: ("counterpart", "string"), 3: ("limit", "uint"), 4: ("before", "string")}
OUTGOING = {1: ("envelope", "bytes"), 2: ("signature", "bytes"), 3: ("content", "bytes"), 4: ("salt", "bytes"),
            5: ("import_key", "bytes")}
REQUEST = {
    1: ("status", EMPTY), 2: ("send", {1: ("messages", [OUTGOING])}), 3: ("list", LIST),
    4: ("show", {1: ("number", "string")}), 5: ("follow", EMPTY), 6: ("export", {1: ("counterpart", "string")}),
    11: ("officer_list", EMPTY), 23: ("pair_list", EMPTY), 32: ("draft_release", {1: ("draft", "string"), 2: ("signature", "bytes")}),
}
FAILURE = {1: ("exit_code", "uint"), 2: ("reason", "string"), 3: ("sentence", "string"), 4: ("next_step", "string")}
_WHAT = {2: "failure", 3: "status", 4: "send", 5: "list", 6: "show", 7: "event", 8: "export_file", 9: "export_done",
         11: "officer_list", 23: "pair_list"}


class Control:
    """One connection."""

    def __init__(self, office):
        self.socket = socket.socket(socket.AF_UNIX)
        self.socket.settimeout(30)
        self.socket.connect(str(office.home / "control.sock"))
        self.greeting = wire.parse(GREETING, read_frame(self.socket))
        self._sequence = 0

    def close(self):
        self.socket.close()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def signed(self, request, officer=None):
        """The frame of a request. `officer`: (fingerprint, signing key), or None for one that nobody signs."""
        encoded = wire.encode(REQUEST, request)
        message = {"request": encoded}
        if officer is not None:
            fingerprint, key = officer
            message |= {"officer": fingerprint, "signature": identity.sign(
                "blo/control-request/v1", key, self.greeting["nonce"], struct.pack(">Q", self._sequence),
                self.greeting["office"].encode(), hashlib.sha256(encoded).digest())}
        encoded = wire.encode(SIGNED_REQUEST, message)
        return struct.pack(">I", len(encoded)) + encoded

    def send(self, frame):
        self.socket.sendall(frame)
        self._sequence += 1
        return self.answer()

    def ask(self, request, officer=None):
        return self.send(self.signed(request, officer))

    def answer(self):
        """{what: its bytes} of the next response; "failure" parsed."""
        found = {_WHAT[number]: value for number, value in wire.fields(read_frame(self.socket)) if number in _WHAT}
        if "failure" in found:
            found["failure"] = wire.parse(FAILURE, found["failure"])
        return found


def officer_of(office, name):
    """(fingerprint, signing key) of an officer whose key file has no passphrase."""
    certificate = identity.from_pem("BLO CERTIFICATE", (office.officers / f"{name}.pem").read_text())
    seed = identity.seeds(office.officers / f"{name}.key")[identity.USE_OFFICER]
    return identity.fingerprint(certificate), identity.signing_key(seed)
