"""Certificates, key files and pairing files, written a second time from docs/format/identity.md, keyfile.md and
pairing.md, so that tests can make what blo would never make."""

import base64
import hashlib
import hmac
import re
import textwrap

import nacl.bindings
import nacl.exceptions
import nacl.pwhash
import nacl.signing
import nacl.utils

from . import wire

LIVE, EXERCISE = 1, 2
AUTHORITY, OFFICE, OFFICER, JOURNAL = 1, 2, 3, 4
USE_STORE, USE_AUTHORITY, USE_IDENTITY, USE_RECEIPT, USE_TRANSPORT, USE_COURIER, USE_OFFICER, USE_JOURNAL = range(8)

SIGNED = {1: ("details", "bytes"), 2: ("signature", "bytes")}
PUBLIC_KEY = {1: ("use", "uint"), 2: ("key", "bytes")}
DETAILS = {
    1: ("version", "uint"), 2: ("kind", "uint"), 3: ("network", "uint"), 4: ("subject", "string"),
    5: ("statement", "uint"), 6: ("keys", [PUBLIC_KEY]), 7: ("not_before_s", "uint"), 8: ("not_after_s", "uint"),
    9: ("issuer", "bytes"), 10: ("person", "uint"), 11: ("roles", ["uint"]), 12: ("name_commitment", "bytes"),
}
PAIRING = {
    1: ("version", "uint"), 2: ("network", "uint"), 3: ("authority_certificate", "bytes"),
    4: ("office_certificate", "bytes"), 5: ("journal_certificate", "bytes"), 6: ("counterpart", "string"),
    7: ("one_time_key", "bytes"), 8: ("random", "bytes"), 9: ("addresses", ["string"]),
    10: ("legal_basis", "string"),
}
REVOCATION = {
    1: ("version", "uint"), 2: ("kind", "uint"), 3: ("network", "uint"), 4: ("subject", "string"),
    5: ("statement", "uint"), 6: ("person", "uint"), 7: ("reason", "uint"), 8: ("time_s", "uint"), 9: ("issuer", "bytes"),
}
NAME = {1: ("name", "string"), 2: ("agency", "string")}
REQUEST = {1: ("version", "uint"), 2: ("kind", "uint"), 3: ("network", "uint"), 4: ("subject", "string"),
           5: ("keys", [PUBLIC_KEY]), 6: ("name", NAME), 7: ("name_salt", "bytes")}
SEED = {1: ("use", "uint"), 2: ("seed", "bytes")}
SEEDS = {1: ("seeds", [SEED])}
SEALED = {1: ("passes", "uint"), 2: ("memory_bytes", "uint"), 3: ("salt", "bytes"), 4: ("nonce", "bytes"),
          5: ("box", "bytes")}
KEY_FILE = {1: ("version", "uint"), 2: ("subject", "string"), 3: ("network", "uint"), 4: ("plain", "bytes"),
            5: ("sealed", SEALED)}


def to_pem(label, data):
    lines = "".join(line + "\n" for line in textwrap.wrap(base64.b64encode(data).decode(), 64))
    return f"-----BEGIN {label}-----\n{lines}-----END {label}-----\n"


def all_from_pem(label, text):
    """The blocks of a file: strictly one after the other, nothing between."""
    begin, end = f"-----BEGIN {label}-----\n", f"-----END {label}-----"
    blocks = []
    while text:
        body, found, text = text.partition(end)
        if not found or not body.startswith(begin):
            raise wire.Malformed("armour")
        data = base64.b64decode("".join(body[len(begin):].split("\n")), validate=True)
        blocks.append(data)
        text = text.removeprefix("\n")
        if to_pem(label, data) != body + end + "\n":
            raise wire.Malformed("armour")
    return blocks


def from_pem(label, text):
    """The one block of a file that people handed over: blanks, blank lines and what stands around it count for nothing."""
    lines = [line.strip(" \t\r") for line in text.removeprefix("\ufeff").split("\n")]
    begin, end = f"-----BEGIN {label}-----", f"-----END {label}-----"
    if lines.count(begin) != 1 or end not in lines[lines.index(begin):]:
        raise wire.Malformed("armour")
    block = lines[lines.index(begin) + 1:]
    joined = "".join(block[:block.index(end)])
    data = base64.b64decode(joined, validate=True)
    if not data or base64.b64encode(data).decode() != joined:
        raise wire.Malformed("armour")
    return data


def seeds(path):
    """{use: seed} of a key file without passphrase."""
    file = wire.parse(KEY_FILE, from_pem("BLO KEY FILE", path.read_text()))
    return {one["use"]: one["seed"] for one in wire.parse(SEEDS, file["plain"])["seeds"]}


def sealed_seeds(path, passphrase):
    """{use: seed} of a key file that `passphrase` seals."""
    file = wire.parse(KEY_FILE, from_pem("BLO KEY FILE", path.read_text()))
    sealed = file["sealed"]
    key = nacl.pwhash.argon2id.kdf(32, passphrase, sealed["salt"], opslimit=sealed["passes"],
                                   memlimit=sealed["memory_bytes"])
    about = b"blo/key-file/v1\0" + file["subject"].encode() + b"\0" + bytes([file["network"]])
    opened = nacl.bindings.crypto_aead_xchacha20poly1305_ietf_decrypt(sealed["box"], about, sealed["nonce"], key)
    return {one["use"]: one["seed"] for one in wire.parse(SEEDS, opened)["seeds"]}


def signing_key(seed):
    return nacl.signing.SigningKey(seed)


def sign(prefix, key, *parts):
    return key.sign(prefix.encode() + b"\0" + b"".join(parts)).signature


def signed(prefix, details, key):
    """{ details, signature }, encoded."""
    return wire.encode(SIGNED, {"details": details, "signature": sign(prefix, key, details)})


def certificate(details, key):
    return signed("blo/certificate/v1", wire.encode(DETAILS, details), key)


def officer_request(office, name):
    """An officer's request for a certificate, with a key that nobody keeps."""
    key = nacl.signing.SigningKey.generate()
    details = {"version": 1, "kind": OFFICER, "network": LIVE, "subject": office,
               "keys": [{"use": USE_OFFICER, "key": bytes(key.verify_key)}], "name": {"name": name, "agency": "Customs"},
               "name_salt": nacl.utils.random(32)}
    return signed("blo/certificate-request/v1", wire.encode(REQUEST, details), key)


def details_of(encoded):
    return wire.parse(DETAILS, wire.parse(SIGNED, encoded)["details"])


# Which keys each kind of certificate holds, and which of these are Ed25519.
_USES = {AUTHORITY: [USE_AUTHORITY], OFFICE: [USE_IDENTITY, USE_RECEIPT, USE_TRANSPORT, USE_COURIER],
         OFFICER: [USE_OFFICER], JOURNAL: [USE_JOURNAL]}
_ED25519 = {USE_AUTHORITY, USE_IDENTITY, USE_RECEIPT, USE_OFFICER, USE_JOURNAL}
_OFFICE_ID = r"[A-Z]{2}-[A-Z0-9]{2,16}"
_SUBJECT = {AUTHORITY: r"[A-Z]{2}", OFFICE: _OFFICE_ID, OFFICER: _OFFICE_ID,
            JOURNAL: rf"(live|exercise)/{_OFFICE_ID}/({_OFFICE_ID}|trail)/[1-9][0-9]{{0,9}}"}
_TIME_S_MAX = 253_402_300_799


def strict_details(encoded):
    """The details of a certificate that is in form; Malformed for any other."""
    if len(encoded) > 4096 or len(wire.parse(SIGNED, encoded)["signature"]) != 64:
        raise wire.Malformed("certificate")
    details = details_of(encoded)
    kind, keys = details["kind"], details["keys"]
    officer = kind == OFFICER
    in_form = (
        details["version"] == 1 and kind in _USES and details["network"] in (LIVE, EXERCISE)
        and re.fullmatch(_SUBJECT[kind], details["subject"]) and details["statement"] > 0
        and [key["use"] for key in keys] == _USES[kind] and len({key["key"] for key in keys}) == len(keys)
        and all(len(key["key"]) == 32 for key in keys)
        and all(nacl.bindings.crypto_core_ed25519_is_valid_point(key["key"]) for key in keys if key["use"] in _ED25519)
        and details["not_before_s"] <= details["not_after_s"] <= _TIME_S_MAX
        and len(details["issuer"]) == (0 if kind == AUTHORITY else 32)
        and officer == (details["person"] > 0) == bool(details["roles"])
        and details["roles"] == sorted(set(details["roles"])) and all(1 <= role <= 5 for role in details["roles"])
        and len(details["name_commitment"]) == (32 if officer else 0)
        and (kind != JOURNAL or details["subject"].startswith({LIVE: "live/", EXERCISE: "exercise/"}[details["network"]])))
    if not in_form:
        raise wire.Malformed("certificate")
    return details


def strict_revocation(encoded):
    """The details of a revocation that is in form; Malformed for any other."""
    outer = wire.parse(SIGNED, encoded)
    details = wire.parse(REVOCATION, outer["details"])
    in_form = (
        len(encoded) <= 4096 and len(outer["signature"]) == 64 and details["version"] == 1
        and details["kind"] in (OFFICE, OFFICER) and details["network"] in (LIVE, EXERCISE)
        and re.fullmatch(_OFFICE_ID, details["subject"]) and details["statement"] > 0
        and (details["kind"] == OFFICER) == (details["person"] > 0) and 1 <= details["reason"] <= 4
        and details["time_s"] <= _TIME_S_MAX and len(details["issuer"]) == 32)
    if not in_form:
        raise wire.Malformed("revocation")
    return details


def revoked_by(encoded, key):
    """Whether that key signed the revocation."""
    outer = wire.parse(SIGNED, encoded)
    return verified("blo/revocation/v1", key, outer["signature"], outer["details"])


def fingerprint(encoded):
    return hashlib.sha256(wire.parse(SIGNED, encoded)["details"]).digest()


def verified(prefix, key, signature, *parts):
    """Whether the Ed25519 signature by the 32-byte key holds."""
    try:
        nacl.signing.VerifyKey(key).verify(prefix.encode() + b"\0" + b"".join(parts), signature)
        return True
    except (nacl.exceptions.BadSignatureError, ValueError):
        return False


def key_of(details, use):
    """The public key a certificate gives for a use; None where it gives none."""
    return next((key["key"] for key in details["keys"] if key["use"] == use), None)


def pairing_file(details, identity_key):
    return signed("blo/pairing/v1", wire.encode(PAIRING, details), identity_key)


def read_pairing_file(path):
    encoded = from_pem("BLO PAIRING", path.read_text())
    return wire.parse(PAIRING, wire.parse(SIGNED, encoded)["details"])


def noise_psk(own_file, one_time_secret, other_file):
    """The pre-shared key that two pairing files agree on, for the side that made the first with that one-time secret."""
    own, other = (wire.parse(PAIRING, wire.parse(SIGNED, file)["details"]) for file in (own_file, other_file))
    shared = nacl.bindings.crypto_scalarmult(one_time_secret, other["one_time_key"])
    pairs = sorted([(other["counterpart"], own, own_file), (own["counterpart"], other, other_file)], key=lambda one: one[0])
    material = shared + b"".join(details["random"] for _, details, _ in pairs)
    hashes = b"".join(hashlib.sha256(file).digest() for _, _, file in pairs)
    return _hkdf(_hkdf(material, b"blo/pairing-secret/v1\0" + hashes), b"blo/noise-psk/v1\0")


def _hkdf(material, info):
    """RFC 5869 with SHA-256, no salt, 32 bytes."""
    return hmac.digest(hmac.digest(bytes(32), material, "sha256"), info + b"\1", "sha256")
