"""Exports made without any of our programs, from docs/format/*.md alone: what an office would write, and what one that lies
or was broken into would. Every signature in them is right."""

import base64
import hashlib
import struct

from . import identity, journal, wire
from .journal import Note, NoteKey, Origin

_BEGIN_S, END_S = 1_704_067_200, 1_861_920_000
TIME_MS = 1_709_788_329_000


def bytes_of(name):
    """32 bytes, others for each name."""
    return hashlib.sha256(name.encode()).digest()


def certified(issuer, kind, subject, statement, keys, issuer_key, **more):
    """A certificate by `issuer` (None: by itself); `more` are details that are otherwise than they would be."""
    details = {"version": 1, "kind": kind, "network": identity.LIVE, "subject": subject, "statement": statement,
               "keys": [{"use": use, "key": bytes(key)} for use, key in sorted(keys.items())], "not_before_s": _BEGIN_S,
               "not_after_s": END_S, **more}
    if issuer:
        details["issuer"] = identity.fingerprint(issuer)
    return identity.certificate(details, issuer_key)


class Authority:
    def __init__(self, country, seed="", **more):
        self.country = country
        self.key = identity.signing_key(bytes_of(f"{country} authority{seed}"))
        self.certificate = certified(None, identity.AUTHORITY, country, 1, {identity.USE_AUTHORITY: self.key.verify_key},
                                     self.key, **more)

    def pem(self, path):
        path.write_text(identity.to_pem("BLO CERTIFICATE", self.certificate))
        return path


class Officer:
    def __init__(self, office, person, roles, statement, end_s, issuer_key, key, **more):
        self.person, self.roles, self.statement = person, roles, statement
        self.key = key or identity.signing_key(bytes_of(f"{office.id} officer {person} {statement}"))
        self.certificate = certified(office.certificate, identity.OFFICER, office.id, statement,
                                     {identity.USE_OFFICER: self.key.verify_key}, issuer_key or office.identity,
                                     person=person, roles=roles, name_commitment=bytes_of("name"), not_after_s=end_s, **more)
        self.fingerprint = identity.fingerprint(self.certificate)


class Office:
    def __init__(self, authority, office_id, statement=2, key=None, uses=None, **more):
        """`key` signs in place of the authority's, `uses` are keys in place of the office's own."""
        self.authority, self.id = authority, office_id
        self.identity, self.receipt = (identity.signing_key(bytes_of(f"{office_id} {use}")) for use in ("identity", "receipt"))
        keys = {identity.USE_IDENTITY: self.identity.verify_key, identity.USE_RECEIPT: self.receipt.verify_key,
                identity.USE_TRANSPORT: bytes_of(f"{office_id} transport"), identity.USE_COURIER: bytes_of(f"{office_id} courier")}
        self.certificate = certified(authority.certificate, identity.OFFICE, office_id, statement, keys | (uses or {}),
                                     key or authority.key, **more)

    def officer(self, person=1, roles=(1,), statement=1, end_s=END_S, issuer_key=None, key=None, **more):
        """`issuer_key` signs in place of the office's, `key` is the officer's own."""
        return Officer(self, person, list(roles), statement, end_s, issuer_key, key, **more)

    def revoked_officer(self, person, statement, key=None):
        return self._revoked(identity.OFFICER, self.certificate, statement, key or self.identity, person=person)

    def revoked(self, statement=3, key=None):
        """As its authority revokes it; or as one with another key pretends to."""
        return self._revoked(identity.OFFICE, self.authority.certificate, statement, key or self.authority.key)

    def _revoked(self, kind, issuer, statement, key, **more):
        details = {"version": 1, "kind": kind, "network": identity.LIVE, "subject": self.id, "statement": statement, "reason": 3,
                   "time_s": _BEGIN_S, "issuer": identity.fingerprint(issuer), **more}
        return identity.signed("blo/revocation/v1", wire.encode(identity.REVOCATION, details), key)


class Journal:
    """What `office` writes to `counterpart`, or, without one, its trail; entry by entry, a second after each other."""

    def __init__(self, office, counterpart=None, generation=1, after=None, start=None, key=None, issuer_key=None,
                 **certificate):
        """`after` is the generation before. `start` replaces fields of the generation start, `key` is the journal's own,
        `issuer_key` signs its certificate in place of the office's, and `certificate` replaces details of that."""
        self.office, self.counterpart = office, counterpart
        self.origin = Origin("live", office.id, counterpart.id if counterpart else "trail", generation)
        self.key = key or identity.signing_key(bytes_of(f"{self.origin} journal"))
        subject = certificate.pop("subject", str(self.origin))
        self.certificate = certified(office.certificate, identity.JOURNAL, subject, generation + 1,
                                     {identity.USE_JOURNAL: self.key.verify_key}, issuer_key or office.identity,
                                     **certificate)
        self.leaves = []
        self.receipted = []  # notes, oldest first
        self.time_ms = after.time_ms if after else TIME_MS
        self.unsure = False  # whether stamps say that the office was not sure of its clock
        self.named = after.named if after else {}  # what the last stamp names of the opposite journal
        values = {"authority_certificate": office.authority.certificate, "office_certificate": office.certificate,
                  "journal_certificate": self.certificate}
        if after:
            values["previous"] = {"size": len(after.leaves), "root": after.root()}
            if after.origin.generation + 1 != generation:
                values["previous"]["generation"] = after.origin.generation
        self.start = values | (start or {})
        self.begin()

    def begin(self):
        self.record("generation_start", self.start)

    def root(self, size=None):
        return journal.root([journal.leaf_hash(leaf) for leaf in self.leaves[:size]])

    def checkpoint(self, size=None, root=None):
        """The text of the head, or of the one it had at a size; or of one it never had."""
        size = len(self.leaves) if size is None else size
        return journal.checkpoint_text(self.origin, size, self.root(size) if root is None else root)

    def signed(self, text=None, key=None):
        """The note of the head, or of another text, by the journal's key or by another one under its name."""
        text = text or self.checkpoint()
        return Note.signed_text(text.decode(), self.note_key, (key or self.key).sign(text).signature)

    def cosigned(self, note=None, after_s=1, key=None):
        """The note with the counterpart's receipt, some seconds after the last entry; or by another key."""
        note = note or self.signed()
        text, time_s = note.rpartition("\n\n")[0] + "\n", self.time_ms // 1000 + after_s
        signature = (key or self.counterpart.receipt).sign(f"cosignature/v1\ntime {time_s}\n{text}".encode()).signature
        blob = base64.b64encode(self.receipt_key.id + struct.pack(">Q", time_s) + signature).decode()
        return f"{note}— {self.receipt_key.name} {blob}\n"

    def receipt(self, note=None, after_s=1, key=None):
        """The counterpart's receipt for all there is, or for a note."""
        self.receipted.append(self.cosigned(note, after_s, key))
        return self

    # --- entries

    def entry(self, what, seen=None, size=None):
        """An entry whose stamp names what of `seen`, an opposite journal, is there now, or was at a size; without it, what
        the last stamp names."""
        self.time_ms += 1000
        unsure = {"clock_unsure": 1} if self.unsure else {}
        if seen:
            size = size or len(seen.leaves)
            self.named = {"generation": seen.origin.generation, "size": size, "root": seen.root(size)}
        self.leaves.append(wire.encode(journal.ENTRY, {"version": 1, "stamp": {"time_ms": self.time_ms, **self.named, **unsure}, **what}))
        return len(self.leaves) - 1

    def record(self, kind, values, seen=None, size=None):
        return self.entry({"record": wire.encode(journal.RECORD, {kind: values})}, seen, size)

    def introduce(self, officer):
        return self.record("certificate", {"certificate": officer.certificate, "padded_bytes": 64})

    def revoke(self, revocation, seen=None, size=None):
        return self.record("revocation", {"revocation": revocation}, seen, size)

    def message(self, officer, number=1, seen=None, size=None, key=None, releaser=None, release_key=None, **fields):
        """A message with the officer's signature, or another key's; released where there is a releaser. `fields` are the
        envelope's that are otherwise than they would be."""
        derived = {}
        if fields.get("kind") == 3 and len(fields.get("in_reply_to", b"")) == 16:
            derived = journal.derived_opened(*self.origin[:3], fields["in_reply_to"], officer.person)
        envelope = wire.encode(journal.ENVELOPE, {
            "version": 1, "network": identity.LIVE, "message_id": number.to_bytes(16, "big"), "from": self.origin.sender,
            "to": self.origin.receiver, "officer": officer.fingerprint, "kind": 1, "precedence": 1,
            "created_ms": self.time_ms, "commitment": bytes_of("commitment"), "padded_bytes": 64, **derived, **fields})
        signature = identity.sign("blo/envelope/v1", key or officer.key, envelope)
        message = {"envelope": envelope, "signature": signature}
        if releaser:
            by = identity.sign("blo/release/v1", release_key or releaser.key, envelope, signature)
            message["release"] = {"officer": releaser.fingerprint, "signature": by}
        return self.entry({"message": message}, seen, size)

    def date(self, trail):
        """Says what the trail's head is now."""
        return self.record("trail_head", {"hash": journal.sha256(trail.checkpoint())})

    def act(self, officer, key=None, office_id=None, **more):
        """What an officer asked for; or signed with another key, or for another office."""
        generation = "" if self.origin.generation == 1 else f" of generation {self.origin.generation}"
        nonce, sequence, request_hash = bytes_of("nonce" + generation), len(self.leaves), bytes_of("request")
        signature = identity.sign("blo/control-request/v1", key or officer.key, nonce, struct.pack(">Q", sequence),
                                  (office_id or self.office.id).encode(), request_hash)
        return self.record("act", {"officer": officer.fingerprint, "signature": signature, "nonce": nonce,
                                   "sequence": sequence, "request_hash": request_hash, "request": 4, "user": 1000, **more})

    # --- evidence

    def proven(self, indexes, receipted=False, consistent_from=None):
        """These entries under a checkpoint of all: evidence.md's ProvenJournal."""
        hashes = [journal.leaf_hash(leaf) for leaf in self.leaves]
        return {"checkpoint": self.cosigned(after_s=60) if receipted else self.signed(),
                "entries": [{"index": index, "leaf": self.leaves[index], "proof": journal.inclusion_proof(hashes, index)}
                            for index in indexes],
                "consistency": journal.consistency_proof(hashes, consistent_from) if consistent_from else []}

    # --- files

    @property
    def folder(self):
        return str(self.origin).replace("/", "_")

    def files(self):
        """{path: bytes} of the journal's folder in an export."""
        files = {"certificates.pem": self.certificates(), "checkpoint": self._note(), "policy": self._policy()}
        hashes = [journal.leaf_hash(leaf) for leaf in self.leaves]
        assert len(hashes) < 256, "one tile is enough here"
        tile = journal.tile_path(0, len(hashes))
        files[f"tile/0/{tile}"] = b"".join(hashes)
        files[f"tile/entries/{tile}"] = b"".join(struct.pack(">H", len(leaf)) + leaf for leaf in self.leaves)
        if self.receipted:
            files["receipts/000"] = "".join(note + "%%\n" for note in self.receipted).encode()
        return {f"{self.folder}/{path}": data for path, data in files.items()}

    def write(self, export):
        for name, data in self.files().items():
            path = export / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)

    def certificates(self, *replaced):
        certificates = replaced or [self.office.authority.certificate, self.office.certificate, self.certificate]
        if self.counterpart and not replaced:
            certificates += [self.counterpart.authority.certificate, self.counterpart.certificate]
        return "".join(identity.to_pem("BLO CERTIFICATE", one) for one in certificates).encode()

    @property
    def note_key(self):
        return NoteKey(str(self.origin), NoteKey.ED25519, bytes(self.key.verify_key))

    @property
    def receipt_key(self):
        return NoteKey(f"{self.origin.network}/{self.counterpart.id}", NoteKey.COSIGNATURE,
                       bytes(self.counterpart.receipt.verify_key))

    def _note(self):
        text = self.checkpoint()
        if self.receipted and self.receipted[-1].startswith(text.decode()):
            return self.receipted[-1].encode()
        return self.signed().encode()

    def _policy(self):
        if not self.counterpart:
            return f"log {self.note_key}\nquorum none\n".encode()
        return f"log {self.note_key}\nwitness counterpart {self.receipt_key}\nquorum counterpart\n".encode()
