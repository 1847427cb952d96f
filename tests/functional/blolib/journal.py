"""Trees, notes, checkpoints, entries and the records of audit trails, written a second time from docs/format/tree.md,
checkpoint.md, entry.md and trail.md."""

import base64
import binascii
import hashlib
import re
import struct
from typing import NamedTuple

import nacl.exceptions
import nacl.signing

from . import identity, wire
from .wire import Fault, Malformed

STAMP = {1: ("time_ms", "uint"), 2: ("generation", "uint"), 3: ("size", "uint"), 4: ("root", "bytes"),
         5: ("clock_unsure", "uint")}
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
                             3: ("journal_certificate", "bytes"),
                             4: ("previous", {1: ("size", "uint"), 2: ("root", "bytes"),
                                              3: ("generation", "uint")}), 5: ("after_loss", "uint")}),
    2: ("certificate", {1: ("certificate", "bytes"), 2: ("padded_bytes", "uint")}),
    3: ("refusal", {1: ("generation", "uint"), 2: ("index", "uint"), 3: ("leaf_hash", "bytes"), 4: ("reason", "uint")}),
    4: ("revocation", {1: ("revocation", "bytes")}),
    5: ("policy", {1: ("release", [{1: ("kind", "uint"), 2: ("precedence", "uint")}]), 2: ("purpose", "uint")}),
    6: ("trail_head", {1: ("hash", "bytes")}),
    7: ("act", {1: ("officer", "bytes"), 2: ("signature", "bytes"), 3: ("nonce", "bytes"), 4: ("sequence", "uint"),
                5: ("request_hash", "bytes"), 6: ("request", "uint"), 7: ("subject", "string"), 8: ("refused", "uint"),
                9: ("user", "uint"), 10: ("padded_bytes", "uint")}),
    8: ("act_failed", {1: ("act", "uint"), 2: ("exit_code", "uint")}),
    9: ("peer_refused", {1: ("counterpart", "string"), 2: ("reason", "string")}),
    10: ("erasure", {1: ("index", "uint"), 2: ("rule", "string"), 3: ("person", "uint"), 4: ("generation", "uint"),
                    5: ("received", "uint")}),
    11: ("challenge", {1: ("text", "string")}),
    12: ("unentered", {1: ("person", "uint"), 2: ("requests", "uint"), 3: ("first_ms", "uint"), 4: ("last_ms", "uint")}),
}
_TIME_MS_MAX = 253_402_300_799_999
_ENTRY_BYTES_MAX = 16_384
_BODY_BYTES_MAX = 307_200
_OFFICE = re.compile(r"[A-Z]{2}-[A-Z0-9]{2,16}")
_FOLDER = re.compile(r"(live|exercise)_([A-Z]{2}-[A-Z0-9]{2,16})_([A-Z]{2}-[A-Z0-9]{2,16}|trail)_([1-9][0-9]*)")


def _require(condition, what):
    if not condition:
        raise Malformed(what)


class Origin(NamedTuple):
    """Which journal: everything `sender` sent to `receiver` in one generation; or, to `trail`, its audit trail."""

    network: str
    sender: str
    receiver: str
    generation: int

    @classmethod
    def of_folder(cls, name):
        """The journal that a folder of an export holds; None for another name."""
        found = _FOLDER.fullmatch(name)
        return found and cls(*found.groups()[:3], int(found[4]))

    def __str__(self):
        return "/".join(map(str, self))

    @property
    def network_number(self):
        return {"live": identity.LIVE, "exercise": identity.EXERCISE}[self.network]

    @property
    def is_trail(self):
        return self.receiver == "trail"

    def opposite(self, generation):
        return Origin(self.network, self.receiver, self.sender, generation)

    def trail(self, generation):
        return Origin(self.network, self.sender, "trail", generation)

    def in_generation(self, generation):
        return self._replace(generation=generation)


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


def _left(count):
    """The leaves of the left part of a tree of `count`, which is at least 2."""
    return 1 << (count - 1).bit_length() - 1


def inclusion_proof(hashes, index):
    """RFC 6962 §2.1.1 by its definition."""
    if len(hashes) == 1:
        return []
    left = _left(len(hashes))
    if index < left:
        return inclusion_proof(hashes[:left], index) + [root(hashes[left:])]
    return inclusion_proof(hashes[left:], index - left) + [root(hashes[:left])]


def consistency_proof(hashes, old, whole=True):
    """RFC 6962 §2.1.2 by its definition."""
    if old == len(hashes):
        return [] if whole else [root(hashes)]
    left = _left(len(hashes))
    if old <= left:
        return consistency_proof(hashes[:left], old, whole) + [root(hashes[left:])]
    return consistency_proof(hashes[left:], old - left, False) + [root(hashes[:left])]


def heads(origin, hashes):
    """SHA-256 of the checkpoint's text at every size, from 1 to that of the journal."""
    return [sha256(checkpoint_text(origin, size, root(hashes[:size]))) for size in range(1, len(hashes) + 1)]


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
        _require(all(lines) and len(lines) <= 100, "signature lines")
        self.signatures = [(line[1], unbase64(line[2])) for line in lines]
        _require(all(len(blob) > 4 for _, blob in self.signatures), "signature")

    @staticmethod
    def signed_text(text, key, signature):
        """The note of a text with one signature."""
        return f"{text}\n— {key.name} {base64.b64encode(key.id + signature).decode()}\n"

    def signature_by(self, key):
        """The signature's bytes; None where there is none by that key."""
        found = {blob[4:] for name, blob in self.signatures if name == key.name and blob[:4] == key.id}
        if len(found) > 1:
            raise Fault(self._unsigned(key), "two signatures by one key")
        return found.pop() if found else None

    def signed_by(self, key):
        signature = self.signature_by(key)
        return signature is not None and verified_bytes(key.public, signature, self.text.encode())

    def receipted_by(self, key):
        """The receipt's time in seconds; None where there is no receipt."""
        signature = self.signature_by(key)
        if signature is None:
            return None
        time_s, = struct.unpack(">Q", signature[:8].rjust(8, b"\0"))
        signed = f"cosignature/v1\ntime {time_s}\n{self.text}"
        if len(signature) != 72 or time_s >= 1 << 63 or not verified_bytes(key.public, signature[8:], signed.encode()):
            raise Fault(self._unsigned(key), "cosignature")
        return time_s

    @staticmethod
    def _unsigned(key):
        return "E-RECEIPT-KEY" if key.kind == NoteKey.COSIGNATURE else "E-CHECKPOINT-KEY"


def verified_bytes(public, signature, signed):
    """As identity.verified, without a prefix: notes have C2SP's own way to tell signatures apart."""
    try:
        nacl.signing.VerifyKey(public).verify(signed, signature)
        return True
    except (nacl.exceptions.BadSignatureError, ValueError):
        return False


def checkpoint_text(origin, size, root_):
    return f"{origin}\n{size}\n{base64.b64encode(root_).decode()}\n".encode()


def parse_checkpoint(text):
    """(origin, size, root)."""
    found = re.fullmatch(r"([^\n]+)\n(0|[1-9][0-9]*)\n([^\n]+)\n", text)
    _require(found and Origin.of_folder(found[1].replace("/", "_")), "checkpoint")
    hash_ = unbase64(found[3])
    size = int(found[2])
    _require(len(hash_) == 32 and (size or hash_ == root([])), "checkpoint's root")
    _require(size < 1 << 63, "checkpoint's size")
    return found[1], size, hash_


# --- entries

def parse_entry(leaf):
    if len(leaf) > _ENTRY_BYTES_MAX:
        raise Fault("E-OVERSIZE", "entry too long")
    entry = wire.parse(ENTRY, leaf)
    stamp = entry["stamp"]
    _require(entry["version"] == 1 and stamp is not None and stamp["time_ms"] <= _TIME_MS_MAX, "entry")
    _require(stamp["clock_unsure"] <= 1, "stamp")
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
    _require(1 <= envelope["padded_bytes"] <= _BODY_BYTES_MAX and len(envelope["attachments"]) <= 64, "sizes")
    _require(all(len(one["commitment"]) == 32 and one["padded_bytes"] for one in envelope["attachments"]), "attachment")
    return envelope


def parse_record(data):
    """(name, values) of the one record."""
    record = wire.parse(RECORD, data)
    found = [(name, values) for name, values in record.items() if values is not None]
    _require(len(found) == 1, "one record")
    name, values = found[0]
    _require(_RECORD_FORMS[name](values), name)
    return name, values


def _is_printable(text, characters_max):
    return len(text) <= characters_max and re.fullmatch(r"[ -~]*", text)


def _is_certificate(encoded):
    return 1 <= len(encoded) <= 4096


def _is_start(start):
    previous = start["previous"]
    return (all(_is_certificate(start[one + "_certificate"]) for one in ("authority", "office", "journal"))
            and (previous is None or (previous["size"] < 1 << 63 and len(previous["root"]) == 32
                                      and (previous["size"] > 0 or previous["root"] == hashlib.sha256().digest())))
            and start["after_loss"] <= (previous is not None))


def _is_policy(policy):
    return (len(policy["release"]) <= 64 and policy["purpose"] <= 1
            and all(rule["precedence"] <= 4 and rule["kind"] < 1 << 31 for rule in policy["release"]))


def _is_act(act):
    return ((len(act["officer"]), len(act["signature"])) in ((0, 0), (32, 64)) and act["refused"] <= 1
            and act["request"] < 1 << 32 and act["padded_bytes"] <= _BODY_BYTES_MAX
            and len(act["nonce"]) == len(act["request_hash"]) == 32 and _is_printable(act["subject"], 100))


_RECORD_FORMS = {
    "generation_start": _is_start,
    "certificate": lambda one: _is_certificate(one["certificate"]) and one["padded_bytes"] <= _BODY_BYTES_MAX,
    "refusal": lambda one: (one["generation"] >= 1 and one["index"] < (1 << 63) - 1 and len(one["leaf_hash"]) == 32
                            and 1 <= one["reason"] <= 15),
    "revocation": lambda one: 1 <= len(one["revocation"]) <= 4096,
    "policy": _is_policy,
    "trail_head": lambda one: len(one["hash"]) == 32,
    "act": _is_act,
    "act_failed": lambda one: 1 <= one["exit_code"] <= 8,
    "peer_refused": lambda one: _OFFICE.fullmatch(one["counterpart"]) and _is_printable(one["reason"], 200),
    "erasure": lambda one: (one["index"] < 1 << 63 and _is_printable(one["rule"], 100) and
                            (one["generation"] or not one["received"])),
    "challenge": lambda one: one["text"] and _is_printable(one["text"], 100),
    "unentered": lambda one: one["person"] and one["requests"] and one["first_ms"] <= one["last_ms"] <= _TIME_MS_MAX,
}


def head_follows(stamp, earlier):
    """Whether the head in a stamp may come after the one in another: neither decreases, and one size has one root."""
    if earlier is None or stamp["generation"] != earlier["generation"]:
        return earlier is None or stamp["generation"] > earlier["generation"]
    return stamp["size"] > earlier["size"] or (stamp["size"], stamp["root"]) == (earlier["size"], earlier["root"])


def needs_release(policy, envelope):
    """Whether one of a policy's rules fits; what a rule leaves out fits everything. An opened (3) never does."""
    return envelope["kind"] != 3 and any(rule["kind"] in (0, envelope["kind"]) and rule["precedence"] in (0, envelope["precedence"])
               for rule in policy["release"])


def derived_opened(network, sender, receiver, answered, person):
    """The fields of an opened (kind 3) that follow from what it answers and who opened it."""
    about = f"{network}/{sender}/{receiver}".encode() + b"\0" + answered + struct.pack(">Q", person)
    message_id, salt = (sha256(b"blo/opened/v1\0", bytes([what]), about) for what in (1, 2))
    return {"message_id": message_id[:16], "precedence": 1,
            "created_ms": min(int.from_bytes(answered[:6], "big"), _TIME_MS_MAX),
            "commitment": sha256(b"blo/content/v1\0", salt, b"\x62\x00"), "padded_bytes": 40}


def signed_by_officer(message, officer_key):
    return identity.verified("blo/envelope/v1", officer_key, message["signature"], message["envelope"])
