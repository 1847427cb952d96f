"""Verifies an export: an auditor's program written a second time, from docs/format/*.md and docs/auditing.md alone.

verifier.py DIR AUTHORITY.pem… prints one JSON object and exits with 0, 3 or 6. It holds a whole journal in memory and takes
its time: it is here to disagree with blo-audit where that is wrong. Here is how an export is read and what its tree and its
receipts say; blolib/verifying_*.py have the certificates, the entries and what journals say of each other.
"""

import json
import os
import pathlib
import stat
import sys

sys.dont_write_bytecode = True
from blolib import identity, journal
from blolib.journal import Origin
from blolib.verifying_across import Across
from blolib.verifying_entries import CLOCK_SKEW_MAX_MS, PairReader, TrailReader
from blolib.verifying_keys import Chain, Keys
from blolib.verifying_missing import missing
from blolib.verifying_stamps import Stamps
from blolib.wire import Fault, Malformed

_TIME_S_MAX = 253_402_300_799


def _bytes_max(path):
    """docs/format/export.md: how long a file may be to be read at all."""
    if path.startswith("tile/entries/"):
        return 256 * (2 + 65_535)
    if path.startswith("tile/"):
        return 256 * 32
    return {"checkpoint": 16_384, "receipts": 256 * (16_384 + 3)}.get(path.split("/")[0], 65_536)


class Stop(Exception):
    """A journal cannot be read further; the finding says why."""


class Journal:
    """One journal of an export: one direction of a pairing, or an office's trail."""

    def __init__(self, folder, authorities):
        self.folder = folder
        self.origin = Origin.of_folder(folder.name)
        self.authorities = authorities
        self.findings = []
        self.leaves = []
        self.hashes = []
        self.reader = None  # what the entries are worth
        self.refused = set()  # entries that the counterpart refused
        self.receipted, self.receipts = 0, set()  # sizes
        self.last_receipt_s = None
        self.complete = False  # every entry below the checkpoint's size was read

    def find(self, code, where):
        self.findings.append({"code": code, "where": f"{self.folder.name}/{where}" if where else self.folder.name})

    def had(self, size, root):
        """Whether this was its head once."""
        return size <= len(self.hashes) and journal.root(self.hashes[:size]) == root

    def heads(self):
        """The hash of every checkpoint's text it had."""
        return set(journal.heads(self.origin, self.hashes))

    def read(self):
        """By itself: what its stamps say of other journals is not judged."""
        self.survey()
        self.judge(Stamps([self]))

    def survey(self):
        """All but what the entries say: for that the opposite journals are needed."""
        try:
            self._read_certificates()
            size = self._read_checkpoint()
            self._read_entries(size)
            self._check_first_stamp()
        except Stop:
            pass

    def judge(self, stamps):
        """`stamps` tells what those of a journal are worth."""
        if not self.complete:
            return
        try:
            self._judge_entries(stamps)
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
            self.keys = Keys(self.origin, self._text("certificates.pem"))
        except UnicodeDecodeError:
            self._stop("E-CERTIFICATE-FORM", "certificates.pem")
        except Malformed as why:
            self._stop(why.code, "certificates.pem")
        if identity.fingerprint(self.keys.authority) not in self.authorities:
            self._stop("E-UNTRUSTED", "certificates.pem")
        try:
            self.keys.check_sender()
        except Malformed as why:
            self._stop(why.code, "certificates.pem")
        if self.origin.is_trail:
            return
        if identity.fingerprint(self.keys.other_authority) not in self.authorities:
            return self.find("E-UNTRUSTED", "certificates.pem")
        try:
            self.keys.check_counterpart()
        except Malformed as why:
            self.find(why.code, "certificates.pem")

    def _read_checkpoint(self):
        try:
            self.note, size, self.signed_root = self._signed(self._text("checkpoint"))
        except UnicodeDecodeError:
            self._stop("E-CHECKPOINT", "checkpoint")
        except Malformed as why:
            self._stop("E-CHECKPOINT" if why.code == "E-MALFORMED" else why.code, "checkpoint")
        if self.origin.is_trail or self.keys.receipt:
            try:
                if self._read("policy") != self.keys.policy.encode():
                    self.find("E-POLICY", "policy")
            except Fault as why:
                self.find(why.code, "policy")
        return size

    def _signed(self, text):
        """(note, size, root) of a checkpoint of this journal by its key."""
        note = journal.Note(text)
        origin, size, root = journal.parse_checkpoint(note.text)
        if origin != str(self.origin):
            raise Fault("E-ORIGIN", "another journal's")
        if not note.signed_by(self.keys.journal):
            raise Fault("E-CHECKPOINT-KEY", "not signed by the journal's key")
        return note, size, root

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
                    self._stop("E-BUNDLE", path)
                self.leaves.append(leaf)
                at += 2 + length
            if at != len(data):
                self.find("E-BUNDLE", path)
        self.hashes = [journal.leaf_hash(leaf) for leaf in self.leaves]

    def _check_first_stamp(self):
        """An office that was not certified when its journal began is not read further."""
        try:
            time_ms = journal.parse_entry(self.leaves[0])["stamp"]["time_ms"] if self.leaves else None
        except Malformed:
            time_ms = None
        self._find_times()
        received_ms = self.received(0)
        if time_ms is not None and received_ms is not None and time_ms > received_ms + CLOCK_SKEW_MAX_MS:
            time_ms = received_ms
        if self.origin.is_trail and time_ms is not None:
            time_ms = min(time_ms, self.keys.end_ms())  # a generation of a trail may begin after the end
        if time_ms is not None and not self.keys.valid(time_ms):
            self._stop("E-VALIDITY", "certificates.pem")
        self.complete = True

    def _find_times(self):
        """[(size, milliseconds)] of the receipts in order whose signatures hold, whatever their roots are."""
        self.times = []
        if self.origin.is_trail or not self.keys.receipt:
            return
        last, number = (0, 0, None), 0
        while (self.folder / "receipts" / journal.tile_path(number)).is_file():
            *notes, _ = (self.folder / "receipts" / journal.tile_path(number)).read_bytes().split(b"%%\n")
            number += 1
            for data in notes:
                try:
                    note, size, root = self._signed(data.decode())
                except (UnicodeDecodeError, Malformed):
                    continue
                last = self._take_time(note, size, root, last)
        self._take_time(self.note, len(self.leaves), self.signed_root, last)

    def _take_time(self, note, size, root, last):
        try:
            time_s = note.receipted_by(self.keys.receipt)
        except Malformed:
            return last
        twice = (size, root) == (last[0], last[2]) and time_s != last[1]
        if time_s is None or time_s > _TIME_S_MAX or size < last[0] or twice or time_s < last[1]:
            return last
        self.times.append((size, time_s * 1000))
        return size, time_s, root

    def received(self, index):
        """When an entry had its first receipt; of a trail, when a head over it was receipted in a pair journal."""
        over = [(size, time_ms) for size, time_ms in self.times if size > index]
        if self.origin.is_trail:
            return min((time_ms for _, time_ms in over), default=None)
        return over[0][1] if over else None

    def date(self, others):
        """A trail is dated by the receipts over its heads in its office's pair journals."""
        sizes = {head: size for size, head in enumerate(journal.heads(self.origin, self.hashes), 1)}
        for one in others:
            if one.reader is None or one.origin[:2] != self.origin[:2]:
                continue
            self.times += [(sizes[head["hash"]], stamp["received_ms"]) for _, head, stamp in one.reader.kept("trail_head")
                           if head["hash"] in sizes and stamp["received_ms"] is not None]

    def _judge_entries(self, stamps):
        self.reader = (TrailReader if self.origin.is_trail else PairReader)(self.keys)
        self.reader.read(self.leaves, lambda index, stamp: stamps.verdict(self, index, stamp), self.received)
        for code, where in self.reader.findings:
            self.find(code, where)

    # --- the tree and the receipts

    def _check_validity(self):
        if self.reader.needs_ms is not None and not self.keys.valid(self.reader.needs_ms):
            self.find("E-VALIDITY", "certificates.pem")

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
                    if self._read(path) != b"".join(tile):
                        self.find("E-TILE", path)
                except Fault as why:
                    self.find(why.code, path)
            full = len(hashes) // 256
            hashes = [journal.root(hashes[i * 256:(i + 1) * 256]) for i in range(full)]
            level += 1

    def _check_receipts(self):
        self.receipt_files, self.receipt_times, last, full = 0, 0, None, True
        if self.origin.is_trail:
            return
        while os.path.lexists(self.folder / "receipts" / journal.tile_path(self.receipt_files)):
            path = "receipts/" + journal.tile_path(self.receipt_files)
            self.receipt_files += 1
            try:
                data = self._read(path)
            except Fault as why:
                self.find(why.code, path)
                continue
            *notes, end = data.split(b"%%\n")
            for note in notes if self.keys.receipt else ():
                last = self._check_receipt(note, last)
            if end or not data or len(notes) > 256 or not full:
                self.find("E-RECEIPT", path)
            full = len(notes) == 256
        if self.keys.receipt and self.root == self.signed_root:
            self._check_newest(last)

    def _check_newest(self, last):
        """The receipt on the checkpoint itself."""
        try:
            time_s = self.note.receipted_by(self.keys.receipt)
        except Malformed as why:
            return self.find("E-RECEIPT" if why.code == "E-MALFORMED" else why.code, "checkpoint")
        if time_s is None:
            if self.receipt_times and self.receipted == len(self.hashes):
                self.find("E-RECEIPT-MISSING", "checkpoint")
        elif self._goes_on(len(self.hashes), time_s, self.root, last):
            self._believe(len(self.hashes), time_s)

    def _check_receipt(self, data, last):
        """The size, time and root that receipts have reached after this one."""
        try:
            note, size, root = self._signed(data.decode())
            time_s = note.receipted_by(self.keys.receipt)
            if time_s is None:
                raise Fault("E-RECEIPT-KEY", "no receipt by the counterpart")
        except UnicodeDecodeError:
            self.find("E-RECEIPT", "receipts")
            return last
        except Malformed as why:
            self.find("E-RECEIPT" if why.code == "E-MALFORMED" else why.code, "receipts")
            return last
        if not self._goes_on(size, time_s, root, last):
            return last
        if size > len(self.hashes):
            self.find("E-RECEIPT-SIZE", "receipts")
        elif not self.had(size, root):
            self.find("E-RECEIPT-ROOT", "receipts")
        else:
            self._believe(size, time_s)
        return size, time_s, root

    def _goes_on(self, size, time_s, root, last):
        """Whether receipts go on with this one after the last; the first goes on from None."""
        last_size, last_time_s, last_root = last or (0, 0, None)
        if time_s > _TIME_S_MAX:
            self.find("E-RECEIPT", "receipts")
        elif size < last_size:
            self.find("E-RECEIPT-ORDER", "receipts")
        elif (size, root) == (last_size, last_root) and time_s != last_time_s:
            self.find("E-RECEIPT-TWICE", "receipts")
        elif time_s < last_time_s:
            self.find("E-RECEIPT-TIME", "receipts")
        else:
            return True
        return False

    def _believe(self, size, time_s):
        """A receipt counts when the counterpart's certificates were valid then."""
        self.receipted = size
        self.receipts.add(size)
        self.receipt_times += 1
        self.last_receipt_s = time_s
        if not self.keys.other_valid(time_s * 1000):
            self.find("E-VALIDITY", "certificates.pem")

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
        paths = [path for path in self.folder.rglob("*") if not left_by_system(self.folder, path)]
        filled = {path.parent for path in paths}
        for path in paths:
            place = str(path.relative_to(self.folder))
            if path.is_symlink() or not (path.is_dir() or path.is_file()):
                self.find("E-LINK", place)
            elif place not in expected if path.is_file() else not self._leads_to_file(place) or path not in filled:
                self.find("E-EXTRA", place)

    @staticmethod
    def _leads_to_file(place):
        """Whether a folder of this name may hold files of an export; one that is empty holds none."""
        return place.split("/")[0] in ("tile", "receipts")

    # --- files

    def _read(self, path):
        """Its bytes; Fault where it is not there, or not a file, or stands behind a link."""
        place = self.folder
        for part in path.split("/"):
            place = place / part
            if place.is_symlink():
                raise Fault("E-LINK", path)
        try:
            if not stat.S_ISREG(place.stat().st_mode):
                raise Fault("E-LINK", path)
            if place.stat().st_size > _bytes_max(path):
                raise Fault("E-UNREADABLE", path)
            return place.read_bytes()
        except FileNotFoundError:
            raise Fault("E-MISSING", path) from None
        except NotADirectoryError:
            raise Fault("E-LINK", path) from None
        except OSError:
            raise Fault("E-UNREADABLE", path) from None

    def _bytes(self, path):
        try:
            return self._read(path)
        except Fault as why:
            self._stop(why.code, path)

    def _text(self, path):
        return self._bytes(path).decode()

    def _stop(self, code, where):
        self.find(code, where)
        raise Stop


def challenges(one):
    """An auditor's texts in a journal, each with its index and whether a receipt covers it."""
    return [{"index": index, "text": record["text"], "receipted": index < one.receipted}
            for index, record, _ in (one.reader.kept("challenge") if one.reader else [])]


def answers(one, text, there):
    """Whether a journal shows itself complete up to an auditor's text, among the journals that are there."""
    if not any(held["text"] == text and held["receipted"] for held in challenges(one)):
        return False
    named = one.reader.unjudged
    return (all(one.origin.in_generation(earlier) in there for earlier in range(1, one.origin.generation))
            and all(one.origin.opposite(generation) in there for generation in named))


def left_by_system(folder, path):
    """What Windows and macOS leave in folders that somebody looked at, and all that lies in such a folder; no link is."""
    names = {"Thumbs.db", "desktop.ini", ".DS_Store", "System Volume Information", "$RECYCLE.BIN"}
    *folders, name = path.relative_to(folder).parts
    return bool(names.intersection(folders)) or name in names and not path.is_symlink()


def verdict_of(findings, lacking):
    if findings:
        return "NOT VERIFIED"
    return "VERIFIED, BUT NOT WHOLE" if lacking else "VERIFIED"


def verify(folder, authority_files, challenge=None, challenge_of=None, without=()):
    """The same verdict that `blo-audit verify --json` gives, as far as both say the same things."""
    authorities = {identity.fingerprint(identity.from_pem("BLO CERTIFICATE", pathlib.Path(path).read_text()))
                   for path in authority_files}
    findings, journals = [], []
    for place in sorted(pathlib.Path(folder).iterdir()):
        if Origin.of_folder(place.name) and place.is_dir() and not place.is_symlink():
            journals.append(Journal(place, authorities))
        elif not left_by_system(pathlib.Path(folder), place):
            regular = not place.is_symlink() and (place.is_file() or place.is_dir())
            findings.append({"code": "E-EXTRA" if regular else "E-LINK", "where": place.name})
    if not journals:
        findings.append({"code": "E-MISSING", "where": "."})
    for one in journals:
        one.survey()
    stamps = Stamps(journals)
    pairs, trails = ([one for one in journals if one.origin.is_trail == trail] for trail in (False, True))
    for one in pairs:
        one.judge(stamps)
    for one in trails:
        if one.complete:
            one.date(pairs)
        one.judge(stamps)
    across = Across(journals)
    across.check()
    lacking = missing(journals, stamps, across.trails_ended_early)
    lacking -= {("journal", Origin.of_folder(origin.replace("/", "_"))) for origin in without}
    findings += [finding for one in journals for finding in one.findings]
    if challenge is not None:
        pairings = {}
        for one in journals:
            if not one.origin.is_trail:
                offices = one.origin.network, *sorted((one.origin.sender, one.origin.receiver))
                held = challenge_of in (None, one.origin.sender) and answers(one, challenge, {each.origin for each in journals})
                pairings.setdefault(offices, []).append(held)
        findings += [{"code": "E-CHALLENGE", "where": "."} for held in pairings.values() or ((),) if not any(held)]
    verdict = verdict_of(findings, lacking)
    return {
        "verified": verdict == "VERIFIED",
        "verdict": verdict,
        "missing": sorted(({"what": what, "origin": str(origin)} for what, origin in lacking), key=lambda one: (one["what"], one["origin"])),
        "findings": findings,
        "journals": [{"origin": str(one.origin), "size": len(one.hashes), "root": journal.root(one.hashes).hex(),
                      "receipted": one.receipted, "claims": len(one.reader.claims) if one.reader else 0, "challenges": challenges(one),
                      "read_after_end": one.reader.after_end if one.reader else {"office": 0, "own": 0},
                      **(one.reader.counts if one.reader else {"messages": 0, "records": 0})}
                     for one in sorted(journals, key=lambda one: one.origin)],
    }


if __name__ == "__main__":
    verdict = verify(sys.argv[1], sys.argv[2:])
    print(json.dumps(verdict, indent=1))
    sys.exit({"VERIFIED": 0, "VERIFIED, BUT NOT WHOLE": 3}.get(verdict["verdict"], 6))
