"""The initiator of a session, written a second time from docs/format/session.md: for callers who are not who they
should be."""

import hashlib
import hmac
import os
import struct

import nacl.bindings as sodium

PATTERN = b"Noise_XKpsk3_25519_ChaChaPoly_BLAKE2b"
PROTOCOL = b"blo/1"


def _hash(*parts):
    return hashlib.blake2b(b"".join(parts)).digest()


def _hkdf(chaining_key, material, count):
    """Noise §4.3's HKDF: `count` outputs of 64 bytes."""
    secret = hmac.digest(chaining_key, material, "blake2b")
    outputs, last = [], b""
    for number in range(1, count + 1):
        last = hmac.digest(secret, last + bytes([number]), "blake2b")
        outputs.append(last)
    return outputs


class Initiator:
    """Makes messages 1 and 3 and reads message 2."""

    def __init__(self, network, responder, responder_key, static_secret, psk, ephemeral_secret=None, protocol=PROTOCOL,
                 pattern=PATTERN):
        self._static = static_secret
        self._ephemeral = ephemeral_secret or os.urandom(32)
        self._responder_key = responder_key
        self._psk = psk
        self._h = self._ck = pattern.ljust(64, b"\0")
        self._key, self._counter = None, 0
        self._mix_hash(protocol + b"\0" + network.encode() + b"\0" + responder.encode())
        self._mix_hash(responder_key)

    def message_1(self):
        self._send_ephemeral()
        self._mix_dh(self._ephemeral, self._responder_key)
        return frame(self._ephemeral_public + self._seal(b""))

    def read_message_2(self, message):
        theirs = message[:32]
        self._mix_hash(theirs)
        self._mix_key(theirs)
        self._mix_dh(self._ephemeral, theirs)
        self._their_ephemeral = theirs
        assert self._open(message[32:]) == b""

    def message_3(self):
        static = self._seal(sodium.crypto_scalarmult_base(self._static))
        self._mix_dh(self._static, self._their_ephemeral)
        self._mix_psk()
        return frame(static + self._seal(b""))

    @property
    def handshake_hash(self):
        return self._h

    def transport_keys(self):
        """From initiator to responder, and back."""
        return [key[:32] for key in _hkdf(self._ck, b"", 2)]

    def _send_ephemeral(self):
        self._ephemeral_public = sodium.crypto_scalarmult_base(self._ephemeral)
        self._mix_hash(self._ephemeral_public)
        self._mix_key(self._ephemeral_public)  # psk handshakes mix ephemeral keys in (Noise §9.2)

    def _mix_hash(self, data):
        self._h = _hash(self._h, data)

    def _mix_key(self, material):
        self._ck, key = _hkdf(self._ck, material, 2)
        self._key, self._counter = key[:32], 0

    def _mix_dh(self, secret, public):
        self._mix_key(sodium.crypto_scalarmult(secret, public))

    def _mix_psk(self):
        self._ck, mixed, key = _hkdf(self._ck, self._psk, 3)
        self._mix_hash(mixed)
        self._key, self._counter = key[:32], 0

    def _nonce(self):
        nonce = struct.pack("<IQ", 0, self._counter)
        self._counter += 1
        return nonce

    def _seal(self, plaintext):
        box = sodium.crypto_aead_chacha20poly1305_ietf_encrypt(plaintext, self._h, self._nonce(), self._key)
        self._mix_hash(box)
        return box

    def _open(self, box):
        plaintext = sodium.crypto_aead_chacha20poly1305_ietf_decrypt(box, self._h, self._nonce(), self._key)
        self._mix_hash(box)
        return plaintext


def frame(message):
    """u16be length ‖ message."""
    return struct.pack(">H", len(message)) + message
