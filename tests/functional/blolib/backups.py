"""A second implementation of the format of backups: opens one, and writes one as of any time."""

import base64
import hmac

import nacl.bindings
import nacl.utils

from . import identity

_CHUNK = 64 * 1024
_USE_BACKUP = 100


def header_of(file):
    """{name: value} of the header, and where it ends."""
    end = file.index(b"\n\n") + 2
    magic, *lines = file[:end].decode().split("\n")[:-2]
    if magic != "blo/backup/v1":
        raise ValueError(magic)
    return dict(line.split(" ", 1) for line in lines), end


def opened(file, key_file):
    """Everything inside, under the key of this file without passphrase."""
    header, end = header_of(file)
    secret = identity.seeds(key_file)[_USE_BACKUP]
    ephemeral = base64.b64decode(header["ephemeral"])
    key = _key(nacl.bindings.crypto_scalarmult(secret, ephemeral), ephemeral, base64.b64decode(header["recipient"]), file[:end])
    boxes = [file[at:at + _CHUNK + 16] for at in range(end, len(file), _CHUNK + 16)]
    return b"".join(
        nacl.bindings.crypto_aead_xchacha20poly1305_ietf_decrypt(box, b"", _nonce(number, number == len(boxes) - 1), key)
        for number, box in enumerate(boxes)
    )


def written(file, key_file, time):
    """The same backup, as if it had been written at that time (RFC 3339)."""
    header, _ = header_of(file)
    secret = nacl.utils.random(32)
    ephemeral = nacl.bindings.crypto_scalarmult_base(secret)
    recipient = base64.b64decode(header["recipient"])
    header |= {"time": time, "ephemeral": base64.b64encode(ephemeral).decode()}
    text = ("blo/backup/v1\n" + "".join(f"{name} {value}\n" for name, value in header.items()) + "\n").encode()
    key = _key(nacl.bindings.crypto_scalarmult(secret, recipient), ephemeral, recipient, text)
    plain = opened(file, key_file)
    chunks = [plain[at:at + _CHUNK] for at in range(0, len(plain), _CHUNK)]
    return text + b"".join(
        nacl.bindings.crypto_aead_xchacha20poly1305_ietf_encrypt(chunk, b"", _nonce(number, number == len(chunks) - 1), key)
        for number, chunk in enumerate(chunks)
    )


def _key(shared, ephemeral, recipient, header):
    """RFC 5869 with SHA-256, 32 bytes."""
    material = hmac.digest(ephemeral + recipient, shared, "sha256")
    return hmac.digest(material, b"blo/backup/v1\0" + header + b"\1", "sha256")


def _nonce(number, last):
    return bytes(15) + number.to_bytes(8, "big") + bytes([last])
