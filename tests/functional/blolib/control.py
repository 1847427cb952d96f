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
PAGE = {1: ("after", "string"), 2: ("rows", "uint")}
REQUEST = {
    1: ("status", EMPTY), 2: ("send", {1: ("messages", [OUTGOING])}), 3: ("list", LIST),
    4: ("show", {1: ("number", "string")}), 5: ("follow", EMPTY), 6: ("export", {1: ("counterpart", "string")}),
    10: ("officer_add", {1: ("request", "bytes"), 2: ("roles", ["uint"]), 3: ("valid_days", "uint"), 4: ("person", "uint")}),
    11: ("officer_list", {1: ("all", "uint"), 2: ("page", PAGE)}),
    20: ("pair_invite", {1: ("counterpart", "string"), 2: ("addresses", ["string"]), 3: ("legal_basis", "string")}),
    23: ("pair_list", {1: ("page", PAGE)}), 30: ("draft_list", {1: ("page", PAGE)}),
    32: ("draft_release", {1: ("draft", "string"), 2: ("signature", "bytes")}),
    33: ("draft_reject", {1: ("draft", "string"), 2: ("reason", "string")}),
    34: ("policy_set", {1: ("counterpart", "string"), 2: ("policy", "bytes")}),
    35: ("policy_show", {1: ("counterpart", "string"), 2: ("page", PAGE)}),
    42: ("alarm_list", {1: ("all", "uint"), 2: ("page", PAGE), 3: ("alarm", "uint")}),
    43: ("alarm_ack", {1: ("alarm", "uint"), 2: ("sentence", "string")}),
    63: ("hold", {1: ("number", "string"), 2: ("reason", "string"), 3: ("lift", "uint")}),
    64: ("hold_list", {1: ("page", PAGE)}),
}
FAILURE = {1: ("exit_code", "uint"), 2: ("reason", "string"), 3: ("sentence", "string"), 4: ("next_step", "string")}
_WHAT = {2: "failure", 3: "status", 4: "send", 5: "list", 6: "show", 7: "event", 8: "export_file", 9: "export_done",
         10: "officer_add", 11: "officer_list", 20: "pair_invite", 23: "pair_list", 30: "draft_list", 35: "policy_show",
         42: "alarm_list", 50: "done", 64: "hold_list"}


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

    def page(self, name, officer, after="", rows=0, **what):
        """(rows as bytes, where the next page begins) of a list; a failure is an AssertionError."""
        answer = self.ask({name: what | {"page": {"after": after, "rows": rows}}}, officer)
        assert name in answer, answer
        found = wire.fields(answer[name])
        following = [value for number, value in found if number == 2]
        return [value for number, value in found if number == 1], following[0].decode() if following else ""

    def pages(self, name, officer, rows, **what):
        """Every page of a list."""
        found, following = self.page(name, officer, rows=rows, **what)
        yield found
        while following:
            found, following = self.page(name, officer, after=following, rows=rows, **what)
            yield found

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
