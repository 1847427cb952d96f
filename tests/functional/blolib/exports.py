"""Exports made without any of our programs, from docs/format/*.md alone: what an office would write, and what one that lies
or was broken into would. Every signature in them is right."""

import hashlib
import struct

from . import identity, journal, wire
from .journal import Note, NoteKey, Origin

_BEGIN_S, _END_S = 1_704_067_200, 1_861_920_000
_TIME_MS = 1_709_788_329_000
_NETWORK = identity.LIVE


def _seed(name):
    return hashlib.sha256(name.encode()).digest()


def _certified(issuer, kind, subject, statement, keys, issuer_key, **more):
    details = {"version": 1, "kind": kind, "network": _NETWORK, "subject": subject, "statement": statement,
               "keys": [{"use": use, "key": bytes(key)} for use, key in sorted(keys.items())], "not_before_s": _BEGIN_S,
               "not_after_s": _END_S, **more}
    if issuer:
        details["issuer"] = identity.fingerprint(issuer)
    return identity.certificate(details, issuer_key)


class Authority:
    def __init__(self, country):
        self.country = country
        self.key = identity.signing_key(_seed(f"{country} authority"))
        self.certificate = _certified(None, identity.AUTHORITY, country, 1, {identity.USE_AUTHORITY: self.key.verify_key},
                                      self.key)

    def pem(self, path):
        path.write_text(identity.to_pem("BLO CERTIFICATE", self.certificate))
        return path


class Officer:
    def __init__(self, office, person, roles, statement, end_s):
        self.person = person
        self.key = identity.signing_key(_seed(f"{office.id} officer {person} {statement}"))
        self.certificate = _certified(office.certificate, identity.OFFICER, office.id, statement,
                                      {identity.USE_OFFICER: self.key.verify_key}, office.identity, person=person,
                                      roles=roles, name_commitment=_seed("name"), not_after_s=end_s)
        self.fingerprint = identity.fingerprint(self.certificate)


class Office:
    def __init__(self, authority, office_id, statement=2):
        self.authority, self.id = authority, office_id
        self.identity, self.receipt = (identity.signing_key(_seed(f"{office_id} {use}")) for use in ("identity", "receipt"))
        keys = {identity.USE_IDENTITY: self.identity.verify_key, identity.USE_RECEIPT: self.receipt.verify_key,
                identity.USE_TRANSPORT: _seed(f"{office_id} transport"), identity.USE_COURIER: _seed(f"{office_id} courier")}
        self.certificate = _certified(authority.certificate, identity.OFFICE, office_id, statement, keys, authority.key)

    def officer(self, person=1, roles=(1,), statement=1, end_s=_END_S):
        return Officer(self, person, list(roles), statement, end_s)

    def revoked_officer(self, person, statement, key=None):
        return self._revoked(identity.OFFICER, self.certificate, statement, key or self.identity, person=person)

    def revoked(self, statement=3, key=None):
        """As its authority revokes it; or as one with another key pretends to."""
        return self._revoked(identity.OFFICE, self.authority.certificate, statement, key or self.authority.key)

    def _revoked(self, kind, issuer, statement, key, **more):
        details = {"version": 1, "kind": kind, "network": _NETWORK, "subject": self.id, "statement": statement, "reason": 3,
                   "time_s": _BEGIN_S, "issuer": identity.fingerprint(issuer), **more}
        return identity.signed("blo/revocation/v1", wire.encode(identity.REVOCATION, details), key)


class Journal:
    """What `office` writes to `counterpart`, or, without one, its trail; entry by entry, a second after each other."""

    def __init__(self, office, counterpart=None, generation=1, after=None):
        self.office, self.counterpart = office, counterpart
        self.origin = Origin("live", office.id, counterpart.id if counterpart else "trail", generation)
        self.key = identity.signing_key(_seed(f"{self.origin} journal"))
        self.certificate = _certified(office.certificate, identity.JOURNAL, str(self.origin), generation + 1,
                                      {identity.USE_JOURNAL: self.key.verify_key}, office.identity)
        self.leaves = []
        self.time_ms = after.time_ms if after else _TIME_MS
        self.named = after.named if after else {}  # what the last stamp names of the opposite journal
        start = {"authority_certificate": office.authority.certificate, "office_certificate": office.certificate,
                 "journal_certificate": self.certificate}
        if after:
            start["previous"] = {"size": len(after.leaves), "root": after.root()}
        self.record("generation_start", start)

    def root(self, size=None):
        return journal.root([journal.leaf_hash(leaf) for leaf in self.leaves[:size]])

    def checkpoint(self):
        return journal.checkpoint_text(self.origin, len(self.leaves), self.root())

    # --- entries

    def entry(self, what, seen=None, size=None):
        """An entry whose stamp names what of `seen`, an opposite journal, is there now, or was at a size; without it, what
        the last stamp names."""
        self.time_ms += 1000
        if seen:
            size = size or len(seen.leaves)
            self.named = {"generation": seen.origin.generation, "size": size, "root": seen.root(size)}
        self.leaves.append(wire.encode(journal.ENTRY, {"version": 1, "stamp": {"time_ms": self.time_ms, **self.named}, **what}))
        return len(self.leaves) - 1

    def record(self, kind, values, seen=None, size=None):
        return self.entry({"record": wire.encode(journal.RECORD, {kind: values})}, seen, size)

    def introduce(self, officer):
        return self.record("certificate", {"certificate": officer.certificate, "padded_bytes": 64})

    def revoke(self, revocation, seen=None, size=None):
        return self.record("revocation", {"revocation": revocation}, seen, size)

    def message(self, officer, number=1):
        envelope = wire.encode(journal.ENVELOPE, {
            "version": 1, "network": _NETWORK, "message_id": number.to_bytes(16, "big"), "from": self.origin.sender,
            "to": self.origin.receiver, "officer": officer.fingerprint, "kind": 1, "precedence": 1,
            "created_ms": self.time_ms, "commitment": _seed("commitment"), "padded_bytes": 64})
        signature = identity.sign("blo/envelope/v1", officer.key, envelope)
        return self.entry({"message": {"envelope": envelope, "signature": signature}})

    def date(self, trail):
        """Says what the trail's head is now."""
        return self.record("trail_head", {"hash": journal.sha256(trail.checkpoint())})

    def act(self, officer, key=None, office_id=None, **more):
        """What an officer asked for; or signed with another key, or for another office."""
        nonce, sequence, request_hash = _seed("nonce"), len(self.leaves), _seed("request")
        signature = identity.sign("blo/control-request/v1", key or officer.key, nonce, struct.pack(">Q", sequence),
                                  (office_id or self.office.id).encode(), request_hash)
        return self.record("act", {"officer": officer.fingerprint, "signature": signature, "nonce": nonce,
                                   "sequence": sequence, "request_hash": request_hash, "request": 4, "user": 1000, **more})

    # --- files

    def write(self, export):
        """The journal's folder in an export."""
        folder = export / str(self.origin).replace("/", "_")
        files = {"certificates.pem": self._certificates(), "checkpoint": self._note(), "policy": self._policy()}
        hashes = [journal.leaf_hash(leaf) for leaf in self.leaves]
        assert len(hashes) < 256, "one tile is enough here"
        tile = journal.tile_path(0, len(hashes))
        files[f"tile/0/{tile}"] = b"".join(hashes)
        files[f"tile/entries/{tile}"] = b"".join(struct.pack(">H", len(leaf)) + leaf for leaf in self.leaves)
        for name, data in files.items():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)

    def _certificates(self):
        certificates = [self.office.authority.certificate, self.office.certificate, self.certificate]
        if self.counterpart:
            certificates += [self.counterpart.authority.certificate, self.counterpart.certificate]
        return "".join(identity.to_pem("BLO CERTIFICATE", one) for one in certificates).encode()

    @property
    def _note_key(self):
        return NoteKey(str(self.origin), NoteKey.ED25519, bytes(self.key.verify_key))

    def _note(self):
        text = self.checkpoint()
        return Note.signed_text(text.decode(), self._note_key, self.key.sign(text).signature).encode()

    def _policy(self):
        if not self.counterpart:
            return f"log {self._note_key}\nquorum none\n".encode()
        receipt = NoteKey(f"live/{self.counterpart.id}", NoteKey.COSIGNATURE, bytes(self.counterpart.receipt.verify_key))
        return f"log {self._note_key}\nwitness counterpart {receipt}\nquorum counterpart\n".encode()
