"""Trees, notes, checkpoints and entries, written a second time from docs/format/tree.md, checkpoint.md and entry.md."""

import base64
import binascii
import hashlib
import re
import struct

import nacl.exceptions
import nacl.signing

from . import identity, wire
from .wire import Malformed

STAMP = {1: ("time_ms", "uint"), 2: ("generation", "uint"), 3: ("size", "uint"), 4: ("root", "bytes")}
RELEASE = {1: ("officer", "bytes"), 2: ("signature", "bytes")}
SIGNED_ENVELOPE = {1: ("envelope", "bytes"), 2: ("signature", "bytes"), 3: ("release", RELEASE)}
ENTRY = {1: ("version", "uint"), 2: ("stamp", STAMP), 3: ("message", SIGNED_ENVELOPE), 4: ("record", "bytes")}
ATTACHMENT = {1: ("commitment", "bytes"), 2: ("padded_bytes", "uint")}
ENVELOPE = {
    1: ("version", "uint"), 2: ("network", "uint"), 3: ("message_id", "bytes"), 4: ("from", "string"),
    5: ("to", "string"), 6: ("officer", "bytes"), 7: ("kind", "uint"), 8: ("precedence", "uint"),
    9: ("created_ms", "uint"), 10: ("expires_ms", "uint"), 11: ("commitment", "bytes"), 12: ("padded_bytes", "uint"),
    13: ("attachments", [ATTACHMENT]), 14: ("in_reply_to", "bytes"), 15: ("supersedes", "bytes"),
}
RECORD = {
    1: ("generation_start", {1: ("authority_certificate", "bytes"), 2: ("office_certificate", "bytes"),
                             3: ("journal_certificate", "bytes")}),
    2: ("certificate", {1: ("certificate", "bytes"), 2: ("padded_bytes", "uint")}),
    3: ("refusal", {1: ("generation", "uint"), 2: ("index", "uint"), 3: ("leaf_hash", "bytes"), 4: ("reason", "uint")}),
    4: ("revocation", {1: ("revocation", "bytes")}),
    5: ("policy", {1: ("release", [{1: ("kind", "uint"), 2: ("precedence", "uint")}]), 2: ("purpose", "uint")}),
    6: ("trail_head", {1: ("hash", "bytes")}),
}
_TIME_MS_MAX = 253_402_300_799_999
_ENTRY_BYTES_MAX = 16_384
_OFFICE = re.compile(r"[A-Z]{2}-[A-Z0-9]{2,16}")


def _require(condition, what):
    if not condition:
        raise Malformed(what)


# --- the tree

def sha256(*parts):
    return hashlib.sha256(b"".join(parts)).digest()


def leaf_hash(entry):
    return sha256(b"\0", entry)


def root(hashes):
    """RFC 6962 §2.1 by its definition."""
    if not hashes:
        return sha256(b"")
    if len(hashes) == 1:
        return hashes[0]
    left = 1 << (len(hashes) - 1).bit_length() - 1
    return sha256(b"\1", root(hashes[:left]), root(hashes[left:]))


def tile_path(number, width=256):
    groups = [f"{number % 1000:03}"]
    while number >= 1000:
        number //= 1000
        groups.insert(0, f"x{number % 1000:03}")
    return "/".join(groups) + ("" if width == 256 else f".p/{width}")


# --- notes and checkpoints

def unbase64(text):
    try:
        data = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise Malformed("base64") from None
    _require(base64.b64encode(data).decode() == text, "base64")
    return data


class NoteKey:
    ED25519, COSIGNATURE = 1, 4

    def __init__(self, name, kind, public):
        self.name, self.kind, self.public = name, kind, public
        self.id = sha256(name.encode(), b"\n", bytes([kind]), public)[:4]

    def __str__(self):
        return f"{self.name}+{self.id.hex()}+{base64.b64encode(bytes([self.kind]) + self.public).decode()}"


class Note:
    def __init__(self, note):
        _require(len(note.encode()) <= 16_384 and not re.search(r"[\0-\x09\x0b-\x1f]", note), "note")
        text, gap, signatures = note.rpartition("\n\n")
        _require(gap and signatures.endswith("\n"), "note without signatures")
        self.text = text + "\n"
        lines = [re.fullmatch(r"— ([^\s+]+) (\S+)", line) for line in signatures[:-1].split("\n")]
        _require(all(lines), "signature line")
        self.signatures = [(line[1], unbase64(line[2])) for line in lines]
        _require(all(len(blob) > 4 for _, blob in self.signatures), "signature")

    def signature_by(self, key):
        """The signature's bytes; None where there is none by that key."""
        found = {blob[4:] for name, blob in self.signatures if name == key.name and blob[:4] == key.id}
        _require(len(found) < 2, "two signatures by one key")
        return found.pop() if found else None

    def signed_by(self, key):
        signature = self.signature_by(key)
        return signature is not None and verified_bytes(key.public, signature, self.text.encode())

    def receipted_by(self, key):
        """The receipt's time in seconds; None where there is no receipt."""
        signature = self.signature_by(key)
        if signature is None:
            return None
        _require(len(signature) == 72, "cosignature")
        time_s, = struct.unpack(">Q", signature[:8])
        signed = f"cosignature/v1\ntime {time_s}\n{self.text}"
        _require(verified_bytes(key.public, signature[8:], signed.encode()), "cosignature")
        return time_s


def verified_bytes(public, signature, signed):
    """As identity.verified, without a prefix: notes have C2SP's own way to tell signatures apart."""
    try:
        nacl.signing.VerifyKey(public).verify(signed, signature)
        return True
    except (nacl.exceptions.BadSignatureError, ValueError):
        return False


def parse_checkpoint(text):
    """(origin, size, root)."""
    found = re.fullmatch(r"([^\n]+)\n(0|[1-9][0-9]*)\n([^\n]+)\n", text)
    _require(found, "checkpoint")
    hash_ = unbase64(found[3])
    _require(len(hash_) == 32, "checkpoint's root")
    return found[1], int(found[2]), hash_


# --- entries

def parse_entry(leaf):
    _require(len(leaf) <= _ENTRY_BYTES_MAX, "entry too long")
    entry = wire.parse(ENTRY, leaf)
    stamp = entry["stamp"]
    _require(entry["version"] == 1 and stamp is not None and stamp["time_ms"] <= _TIME_MS_MAX, "entry")
    _require((entry["message"] is None) != (not entry["record"]), "exactly one of message and record")
    if stamp["generation"] == 0:
        _require(not stamp["size"] and not stamp["root"], "stamp")
    else:
        _require(stamp["size"] >= 1 and len(stamp["root"]) == 32, "stamp")
    message = entry["message"]
    if message is not None:
        _require(message["envelope"] and len(message["signature"]) == 64, "message")
        release = message["release"]
        _require(release is None or (len(release["officer"]) == 32 and len(release["signature"]) == 64), "release")
    return entry


def parse_envelope(data):
    envelope = wire.parse(ENVELOPE, data)
    _require(envelope["version"] == 1 and envelope["network"] in (1, 2), "version or network")
    _require(_OFFICE.fullmatch(envelope["from"]) and _OFFICE.fullmatch(envelope["to"]), "from or to")
    _require(envelope["from"] != envelope["to"], "from is to")
    for field, sizes in (("message_id", (16,)), ("officer", (32,)), ("commitment", (32,)), ("in_reply_to", (0, 16)),
                         ("supersedes", (0, 16))):
        _require(len(envelope[field]) in sizes, field)
    _require(1 <= envelope["kind"] < 1 << 31 and 1 <= envelope["precedence"] <= 4, "kind or precedence")
    _require(envelope["created_ms"] <= _TIME_MS_MAX, "created")
    expires = envelope["expires_ms"]
    _require(expires == 0 or envelope["created_ms"] < expires <= _TIME_MS_MAX, "expires")
    _require(1 <= envelope["padded_bytes"] <= 307_200 and len(envelope["attachments"]) <= 64, "sizes")
    return envelope


def parse_record(data):
    """(name, values) of the one record."""
    record = wire.parse(RECORD, data)
    found = [(name, values) for name, values in record.items() if values is not None]
    _require(len(found) == 1, "one record")
    name, values = found[0]
    certificates = [value for field, value in values.items() if field.endswith("certificate")]
    _require(all(1 <= len(value) <= 4096 for value in certificates), "certificate")
    if name == "refusal":
        _require(values["generation"] >= 1 and len(values["leaf_hash"]) == 32 and 1 <= values["reason"] <= 11, "refusal")
    if name == "policy":
        _require(len(values["release"]) <= 64 and values["purpose"] <= 1, "policy")
        _require(all(rule["precedence"] <= 4 and rule["kind"] < 1 << 31 for rule in values["release"]), "policy's rule")
    if name == "trail_head":
        _require(len(values["hash"]) == 32, "trail_head")
    if name == "revocation":
        _require(1 <= len(values["revocation"]) <= 4096, "revocation")
    return name, values


def follows(stamp, earlier):
    """Whether a stamp may stand after another one."""
    if earlier is None:
        return True
    if stamp["time_ms"] < earlier["time_ms"] or stamp["generation"] < earlier["generation"]:
        return False
    if stamp["generation"] > earlier["generation"] or stamp["size"] > earlier["size"]:
        return True
    return (stamp["size"], stamp["root"]) == (earlier["size"], earlier["root"])


def needs_release(policy, envelope):
    """Whether one of a policy's rules fits; what a rule leaves out fits everything."""
    return any(rule["kind"] in (0, envelope["kind"]) and rule["precedence"] in (0, envelope["precedence"])
               for rule in policy["release"])


def signed_by_officer(message, officer_key):
    return identity.verified("blo/envelope/v1", officer_key, message["signature"], message["envelope"])
