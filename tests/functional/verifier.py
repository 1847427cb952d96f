"""Verifies an export: an auditor's program written a second time, from docs/format/*.md and docs/auditing.md alone.

verifier.py DIR AUTHORITY.pem… prints one JSON object and exits with 0 or 6. It holds a whole journal in memory and takes
its time: it is here to disagree with blo-audit where that is wrong.
"""

import json
import pathlib
import re
import sys

sys.dont_write_bytecode = True
from blolib import identity, journal, wire
from blolib.journal import NoteKey
from blolib.wire import Malformed

_LABEL = "BLO CERTIFICATE"
_OPERATOR, _RELEASER = 1, 2
_FOLDER = re.compile(r"(live|exercise)_([A-Z]{2}-[A-Z0-9]{2,16})_([A-Z]{2}-[A-Z0-9]{2,16})_([1-9][0-9]*)")


class Stop(Exception):
    """A journal cannot be read further; the finding says why."""


class Chain:
    """The certificate rules of docs/format/identity.md."""

    @staticmethod
    def issued(issuer, use, encoded, kind):
        """Details of a certificate that `issuer` vouches for; Malformed where it does not."""
        details, issuer_details = identity.strict_details(encoded), identity.details_of(issuer)
        outer = wire.parse(identity.SIGNED, encoded)
        key = identity.key_of(issuer_details, use)
        if details["kind"] != kind or details["network"] != issuer_details["network"] or key is None:
            raise Malformed("another kind or network")
        if details["issuer"] != identity.fingerprint(issuer):
            raise Malformed("another issuer")
        if not identity.verified("blo/certificate/v1", key, outer["signature"], outer["details"]):
            raise Malformed("the issuer's signature does not hold")
        if {one["key"] for one in details["keys"]} & {one["key"] for one in issuer_details["keys"]}:
            raise Malformed("a key with two holders")
        return details

    @staticmethod
    def valid(encoded, time_ms):
        details = identity.details_of(encoded)
        return details["not_before_s"] * 1000 <= time_ms <= details["not_after_s"] * 1000

    @classmethod
    def office(cls, authority, office, network, office_id):
        outer = wire.parse(identity.SIGNED, authority)
        own = identity.key_of(identity.details_of(authority), identity.USE_AUTHORITY)
        if own is None or not identity.verified("blo/certificate/v1", own, outer["signature"], outer["details"]):
            raise Malformed("the authority's own signature does not hold")
        details = cls.issued(authority, identity.USE_AUTHORITY, office, identity.OFFICE)
        country = identity.details_of(authority)["subject"]
        if (details["subject"], details["network"]) != (office_id, network) or office_id[:2] != country:
            raise Malformed("of another office")
        return details


class Journal:
    """One direction of an export."""

    def __init__(self, folder, authorities):
        self.folder = folder
        network, self.sender, self.receiver, generation = _FOLDER.fullmatch(folder.name).groups()
        self.origin = "/".join((network, self.sender, self.receiver, generation))
        self.network = {"live": 1, "exercise": 2}[network]
        self.generation = int(generation)
        self.authorities = authorities
        self.findings = []
        self.leaves = []
        self.hashes = []
        self.officers = {}  # every one introduced, by fingerprint
        self.persons = {}  # person: newest statement, fingerprint of its certificate
        self.policy = {"release": []}
        self.doubts = {}  # index: (code, what), unless the counterpart refused the entry
        self.ids = {}
        self.refusals = []
        self.stamps = []
        self.counts = {"messages": 0, "records": 0}
        self.receipted = 0
        self.complete = False  # every entry below the checkpoint's size was read

    def find(self, code, where):
        self.findings.append({"code": code, "where": f"{self.folder.name}/{where}" if where else self.folder.name})

    def read(self):
        try:
            self._read_certificates()
            size = self._read_checkpoint()
            self._read_entries(size)
            self._check_first_stamp()
            self._judge_entries()
            self._check_validity()
            self._check_root()
            self._check_tiles()
            self._check_receipts()
            self._check_files()
        except Stop:
            pass

    # --- keys

    def _read_certificates(self):
        try:
            blocks = identity.all_from_pem(_LABEL, self._text("certificates.pem"))
            self.authority, self.office, self.certificate, self.other_authority, self.other_office = blocks
            for block in blocks:
                identity.strict_details(block)
        except (Malformed, ValueError):
            self._stop("E-UNREADABLE", "certificates.pem")
        if identity.fingerprint(self.authority) not in self.authorities:
            self._stop("E-UNTRUSTED", "certificates.pem")
        try:
            Chain.office(self.authority, self.office, self.network, self.sender)
            details = Chain.issued(self.office, identity.USE_IDENTITY, self.certificate, identity.JOURNAL)
            if details["subject"] != self.origin:
                raise Malformed("of another journal")
        except Malformed:
            self._stop("E-CERTIFICATE", "certificates.pem")
        self.key = NoteKey(self.origin, NoteKey.ED25519, identity.key_of(details, identity.USE_JOURNAL))
        self.receipt_key = None
        if identity.fingerprint(self.other_authority) not in self.authorities:
            return self.find("E-UNTRUSTED", "certificates.pem")
        try:
            other = Chain.office(self.other_authority, self.other_office, self.network, self.receiver)
        except Malformed:
            return self.find("E-CERTIFICATE", "certificates.pem")
        name = self.origin.split("/")[0] + "/" + self.receiver
        self.receipt_key = NoteKey(name, NoteKey.COSIGNATURE, identity.key_of(other, identity.USE_RECEIPT))

    def _read_checkpoint(self):
        try:
            self.note = journal.Note(self._text("checkpoint"))
            origin, size, self.signed_root = journal.parse_checkpoint(self.note.text)
            if origin != self.origin or not self.note.signed_by(self.key):
                raise Malformed("another origin, or not signed")
        except (Malformed, UnicodeDecodeError):
            self._stop("E-CHECKPOINT", "checkpoint")
        if self.receipt_key:
            policy = f"log {self.key}\nwitness counterpart {self.receipt_key}\nquorum counterpart\n"
            try:
                if self._text("policy") != policy:
                    self.find("E-UNREADABLE", "policy")
            except UnicodeDecodeError:
                self.find("E-UNREADABLE", "policy")
        return size

    # --- entries

    def _read_entries(self, size):
        while len(self.leaves) < size:
            width = min(256, size - len(self.leaves))
            path = "tile/entries/" + journal.tile_path(len(self.leaves) // 256, width)
            data, at = self._bytes(path), 0
            for _ in range(width):
                length = int.from_bytes(data[at:at + 2], "big")
                leaf = data[at + 2:at + 2 + length]
                if len(data) < at + 2 or len(leaf) < length:
                    self._stop("E-UNREADABLE", path)
                self.leaves.append(leaf)
                at += 2 + length
            if at != len(data):
                self.find("E-UNREADABLE", path)
        self.hashes = [journal.leaf_hash(leaf) for leaf in self.leaves]

    def _check_first_stamp(self):
        """An office that was not certified when its journal began is not read further."""
        try:
            time_ms = journal.parse_entry(self.leaves[0])["stamp"]["time_ms"] if self.leaves else None
        except Malformed:
            time_ms = None
        if time_ms is not None and not (Chain.valid(self.office, time_ms) and Chain.valid(self.authority, time_ms)):
            self._stop("E-CERTIFICATE", "certificates.pem")
        self.complete = True

    def _judge_entries(self):
        last = None
        for index, leaf in enumerate(self.leaves):
            try:
                entry = journal.parse_entry(leaf)
                self.counts["messages" if entry["message"] else "records"] += 1
                if not journal.follows(entry["stamp"], last):
                    raise Malformed("the stamp goes back")
                last = entry["stamp"]
                self.stamps.append((index, last))
                if entry["message"]:
                    self._judge_message(index, entry["message"], last["time_ms"])
                else:
                    self._judge_record(index, entry["record"], last["time_ms"])
            except Malformed as why:
                self.doubts.setdefault(index, ("E-ENTRY", str(why)))

    def _judge_message(self, index, message, time_ms):
        envelope = journal.parse_envelope(message["envelope"])
        if (envelope["network"], envelope["from"], envelope["to"]) != (self.network, self.sender, self.receiver):
            raise Malformed("misaddressed")
        author = self._officer(envelope["officer"], time_ms)
        if index == 0 or not {_OPERATOR, _RELEASER} & set(author["roles"]):
            raise Malformed("unauthorised")
        release = message["release"]
        if release is not None:
            releaser = self._officer(release["officer"], time_ms)
            if _RELEASER not in releaser["roles"] or releaser["person"] == author["person"]:
                raise Malformed("unauthorised release")
        elif journal.needs_release(self.policy, envelope):
            raise Malformed("not released")
        if envelope["kind"] not in (1, 2):
            raise Malformed("unknown kind")
        holds = journal.signed_by_officer(message, identity.key_of(author, identity.USE_OFFICER))
        if holds and release is not None:
            key = identity.key_of(releaser, identity.USE_OFFICER)
            holds = identity.verified("blo/release/v1", key, release["signature"], message["envelope"],
                                      message["signature"])
        if not holds:
            self.doubts[index] = ("E-SIGNATURE", "an officer's signature")
        elif self.ids.setdefault(envelope["message_id"], index) != index:
            self.doubts[index] = ("E-DUPLICATE", "message id")

    def _officer(self, fingerprint, time_ms):
        """Details of an officer introduced before who may speak at this time; the office must be valid then, too."""
        certificate = self.officers.get(fingerprint)
        in_force = certificate and self.persons[identity.details_of(certificate)["person"]] == (
            identity.details_of(certificate)["statement"], fingerprint)
        if not in_force or not Chain.valid(certificate, time_ms) or not Chain.valid(self.office, time_ms):
            raise Malformed("unauthorised")
        return identity.details_of(certificate)

    def _judge_record(self, index, encoded, time_ms):
        kind, record = journal.parse_record(encoded)
        if (index == 0) != (kind == "generation_start"):
            raise Malformed("a generation start is entry 0")
        if kind == "generation_start":
            if record["office_certificate"] != self.office:
                raise Malformed("another office")
            details = Chain.issued(self.office, identity.USE_IDENTITY, record["journal_certificate"], identity.JOURNAL)
            if details["subject"] != self.origin:
                raise Malformed("another journal")
            if (record["authority_certificate"], record["journal_certificate"]) != (self.authority, self.certificate):
                self.find("E-CERTIFICATE", f"entry {index}")
        elif kind == "certificate":
            details = Chain.issued(self.office, identity.USE_IDENTITY, record["certificate"], identity.OFFICER)
            if details["subject"] != self.sender or not Chain.valid(record["certificate"], time_ms):
                raise Malformed("unauthorised")
            person, fingerprint = details["person"], identity.fingerprint(record["certificate"])
            newest = self.persons.get(person, (0, None))
            if newest[1] == fingerprint:
                return  # in force already
            if details["statement"] <= newest[0]:
                raise Malformed("superseded")
            self.persons[person] = (details["statement"], fingerprint)
            self.officers[fingerprint] = record["certificate"]
        elif kind == "policy":
            self.policy = record
        elif kind == "refusal":
            self.refusals.append((index, record))

    # --- the tree and the receipts

    def _check_validity(self):
        for _, stamp in self.stamps[-1:]:
            if not (Chain.valid(self.office, stamp["time_ms"]) and Chain.valid(self.authority, stamp["time_ms"])):
                self.find("E-CERTIFICATE", "certificates.pem")

    def _check_root(self):
        self.root = journal.root(self.hashes)
        if self.root != self.signed_root:
            self.find("E-ROOT", "checkpoint")

    def _check_tiles(self):
        level, hashes = 0, self.hashes
        while hashes:
            for number in range(-(-len(hashes) // 256)):
                tile = hashes[number * 256:(number + 1) * 256]
                path = f"tile/{level}/{journal.tile_path(number, len(tile))}"
                try:
                    if (self.folder / path).read_bytes() != b"".join(tile):
                        self.find("E-TILE", path)
                except OSError:
                    self.find("E-UNREADABLE", path)
            full = len(hashes) // 256
            hashes = [journal.root(hashes[i * 256:(i + 1) * 256]) for i in range(full)]
            level += 1

    def _check_receipts(self):
        self.receipt_files, last = 0, (0, 0)
        while (self.folder / "receipts" / journal.tile_path(self.receipt_files)).exists():
            path = "receipts/" + journal.tile_path(self.receipt_files)
            self.receipt_files += 1
            *notes, end = self._text(path, errors="replace").split("%%\n")
            if end:
                self.find("E-UNREADABLE", path)
            for note in notes if self.receipt_key else ():
                last = self._check_receipt(note, last)
        if not self.receipt_key or self.root != self.signed_root:
            return
        try:
            if self.note.receipted_by(self.receipt_key) is not None:
                self.receipted = len(self.hashes)
            elif 0 < self.receipted == len(self.hashes):
                raise Malformed("its receipt is missing")
        except Malformed:
            self.find("E-RECEIPT", "checkpoint")

    def _check_receipt(self, text, last):
        """The size and time receipts have reached after this one."""
        try:
            note = journal.Note(text)
            origin, size, root = journal.parse_checkpoint(note.text)
            time_s = note.receipted_by(self.receipt_key)
            if origin != self.origin or not note.signed_by(self.key) or time_s is None:
                raise Malformed("not a receipt of this journal")
        except Malformed:
            self.find("E-RECEIPT", "receipts")
            return last
        if size < last[0] or time_s < last[1]:
            self.find("E-RECEIPT-ORDER", "receipts")
            return last
        if size > len(self.hashes) or journal.root(self.hashes[:size]) != root:
            self.find("E-RECEIPT", "receipts")
        elif not Chain.valid(self.other_office, time_s * 1000):
            self.find("E-CERTIFICATE", "certificates.pem")
        else:
            self.receipted = size
        return size, time_s

    def _check_files(self):
        expected = {"certificates.pem", "checkpoint", "policy"}
        expected |= {"receipts/" + journal.tile_path(number) for number in range(self.receipt_files)}
        size, level = len(self.hashes), 0
        while size >> 8 * level:
            at_level = size >> 8 * level
            for number in range(-(-at_level // 256)):
                path = journal.tile_path(number, min(256, at_level - number * 256))
                expected |= {f"tile/{level}/{path}"} | ({f"tile/entries/{path}"} if level == 0 else set())
            level += 1
        for path in self.folder.rglob("*"):
            place = str(path.relative_to(self.folder))
            if path.is_symlink() or (not path.is_dir() and place not in expected):
                self.find("E-EXTRA", place)

    # --- files

    def _bytes(self, path):
        try:
            return (self.folder / path).read_bytes()
        except OSError:
            self._stop("E-UNREADABLE", path)

    def _text(self, path, errors="strict"):
        return self._bytes(path).decode(errors=errors)

    def _stop(self, code, where):
        self.find(code, where)
        raise Stop


def check_across(journals):
    """The heads that stamps name and the entries that refusals name; then what is left in doubt becomes a finding."""
    by_origin = {one.origin: one for one in journals}
    for one in journals:
        network, sender, receiver, _ = one.origin.split("/")
        for index, stamp in one.stamps:
            named = by_origin.get(f"{network}/{receiver}/{sender}/{stamp['generation']}")
            # Of a journal that could not be read, that is the finding.
            if stamp["generation"] and named and named.complete and (
                    stamp["size"] > len(named.hashes) or journal.root(named.hashes[:stamp["size"]]) != stamp["root"]):
                one.find("E-INTERLOCK", f"entry {index}")
        for index, refusal in one.refusals:
            named = by_origin.get(f"{network}/{receiver}/{sender}/{refusal['generation']}")
            if named is None or not named.complete:
                continue
            if named.hashes[refusal["index"]:refusal["index"] + 1] != [refusal["leaf_hash"]]:
                one.find("E-REFUSAL", f"entry {index}")
            else:
                named.doubts.pop(refusal["index"], None)
    for one in journals:
        for index, (code, _) in sorted(one.doubts.items()):
            one.find(code, f"entry {index}")


def verify(folder, authority_files):
    """The same verdict that `blo-audit verify --json` gives, as far as both say the same things."""
    authorities = {identity.fingerprint(identity.from_pem(_LABEL, pathlib.Path(path).read_text()))
                   for path in authority_files}
    findings, journals = [], []
    for place in sorted(pathlib.Path(folder).iterdir()):
        if _FOLDER.fullmatch(place.name) and place.is_dir() and not place.is_symlink():
            journals.append(Journal(place, authorities))
        else:
            findings.append({"code": "E-EXTRA", "where": place.name})
    for one in journals:
        one.read()
    check_across(journals)
    findings += [finding for one in journals for finding in one.findings]
    return {
        "verified": not findings and bool(journals),
        "findings": findings,
        "journals": [{"origin": one.origin, "size": len(one.hashes), "root": journal.root(one.hashes).hex(),
                      "receipted": one.receipted, **one.counts} for one in journals],
    }


if __name__ == "__main__":
    verdict = verify(sys.argv[1], sys.argv[2:])
    print(json.dumps(verdict, indent=1))
    sys.exit(0 if verdict["verified"] else 6)
