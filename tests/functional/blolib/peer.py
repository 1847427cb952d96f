"""The dialling side of a whole session, written a second time from docs/format/session.md and sync.md: for callers who
prove who they are and then do what blod would never do."""

import os
import socket
import struct

import nacl.bindings as sodium

from . import wire
from .addresses import dial
from .daemon import read_exact
from .noise import frame

HELLO = {1: ("minor", "uint"), 2: ("features", ["uint"]), 3: ("office_certificate", "bytes"),
         4: ("journal_certificate", "bytes"), 5: ("time_ms", "uint"), 6: ("start", "uint")}
HEAD = {1: ("generation", "uint"), 2: ("size", "uint"), 3: ("checkpoint", "bytes"), 4: ("receipt_time_s", "uint"),
        5: ("receipt_signature", "bytes"), 6: ("certificate", "bytes")}
IP_ENDPOINT = {1: ("address", "bytes"), 2: ("port", "uint")}
HEADS = {1: ("mine", HEAD), 2: ("yours", HEAD), 3: ("recovers", "uint"), 4: ("runs_twice", "uint"),
         5: ("announced", [IP_ENDPOINT])}
ITEMS = {1: ("first", "uint"), 2: ("items", [{1: ("entry", "bytes")}])}
BATCH_END = {1: ("checkpoint", "bytes")}
CLOSE = {1: ("reason", "uint")}
PING = {1: ("token", "uint")}
SECRET_OFFER = {1: ("number", "uint"), 2: ("random", "bytes")}
NOT_TAKEN = {1: ("wait_s", "uint")}
_PARSED = {1: ("hello", HELLO), 2: ("heads", HEADS), 8: ("pong", PING), 10: ("close", CLOSE), 17: ("not_taken", NOT_TAKEN)}
_ITEMS, _RECEIPT = 3, 6
PROTOCOL, IDENTITY, FROZEN = 3, 4, 5  # reasons of a Close


class Peer:
    """A connection on which the handshake was said to its end. Whether it was accepted shows in what is heard next."""

    def __init__(self, address, initiator):
        self._socket = dial(address)
        self._socket.sendall(initiator.message_1())
        initiator.read_message_2(read_exact(self._socket, 2 + 48)[2:])
        self._socket.sendall(initiator.message_3())
        self._keys = initiator.transport_keys()
        self._counters = [0, 0]

    def close(self):
        self._socket.close()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def say(self, data):
        """One frame."""
        box = sodium.crypto_aead_chacha20poly1305_ietf_encrypt(data, b"", self._nonce(0), self._keys[0])
        self._socket.sendall(frame(box))

    def say_hello(self, unknown=b"", **hello):
        """`unknown`: fields that nobody knows, encoded."""
        encoded = wire.encode(HELLO, hello) + unknown
        self.say(wire.encode({1: ("hello", "bytes")}, {"hello": encoded}))

    def say_heads(self, generation=1, announced=(), **mine):
        """As one who gave no receipt; `generation`: of the journal it writes, and has none but what `mine` says.
        `announced`: where it says that it can be dialled."""
        heads = {"mine": {"generation": generation} | mine, "yours": {"generation": 1}, "announced": list(announced)}
        self.say(wire.encode({2: ("heads", HEADS)}, {"heads": heads}))

    def say_batch(self, entries, note, first=0):
        """Entries from the index `first` on, none with a body, and the checkpoint over all until them."""
        items = {"first": first, "items": [{"entry": entry} for entry in entries]}
        self.say(wire.encode({3: ("items", ITEMS)}, {"items": items}))
        self.say(wire.encode({5: ("end", BATCH_END)}, {"end": {"checkpoint": note.encode()}}))

    def say_ping(self, token):
        self.say(wire.encode({7: ("ping", PING)}, {"ping": {"token": token}}))

    def say_offer(self, number):
        """Of the next pairing secret, as the office with the smaller id."""
        offer = {"number": number, "random": os.urandom(32)}
        self.say(wire.encode({11: ("offer", SECRET_OFFER)}, {"offer": offer}))

    def begin(self, **hello):
        """Hello and Heads, as one who gave no receipt, until the other side has said both."""
        self.say_hello(**hello)
        heard = [self.hear() or ("hung up", None), self.hear() or ("hung up", None)]
        assert [what for what, _ in heard] == ["hello", "heads"], heard
        self.say_heads()

    def hear_receipt(self):
        """The entries that come before the next receipt."""
        entries = []
        while (heard := self.hear()) and heard[0] != _RECEIPT:
            if heard[0] == _ITEMS:
                items = [value for field, value in wire.fields(heard[1]) if field == 2]
                entries += [dict(wire.fields(item))[1] for item in items]
        assert heard, f"no receipt, after {len(entries)} entries"
        return entries

    def hear(self):
        """(what, its values) of the next frame, a number and bytes where this page knows no more; None when the other
        side has hung up."""
        try:
            size, = struct.unpack(">H", read_exact(self._socket, 2))
            box = read_exact(self._socket, size)
        except (ConnectionError, socket.timeout) as end:
            if isinstance(end, socket.timeout):
                raise AssertionError("neither a frame nor an end") from None
            return None
        data = sodium.crypto_aead_chacha20poly1305_ietf_decrypt(box, b"", self._nonce(1), self._keys[1])
        (number, value), = wire.fields(data)
        if number not in _PARSED:
            return number, value
        name, schema = _PARSED[number]
        return name, wire.parse(schema, value)

    def hear_all(self):
        """Everything until the other side hangs up."""
        return list(iter(self.hear, None))

    def _nonce(self, direction):
        nonce = struct.pack("<IQ", 0, self._counters[direction])
        self._counters[direction] += 1
        return nonce
