"""Evidence of one message and tlog-proofs, judged a second time from docs/format/evidence.md."""

from . import identity, journal, wire
from .journal import NoteKey, Origin
from .verifying_entries import CLOCK_SKEW_MAX_MS, PairReader
from .verifying_keys import Chain, Keys, strict
from .verifying_refusals import Run
from .wire import Fault, Malformed

ENTRY = {1: ("index", "uint"), 2: ("leaf", "bytes"), 3: ("proof", ["bytes"]), 4: ("salt", "bytes"), 5: ("content", "bytes")}
JOURNAL = {1: ("checkpoint", "string"), 2: ("entries", [ENTRY]), 3: ("consistency", ["bytes"])}
EVIDENCE = {1: ("version", "uint"), 2: ("index", "uint"), 3: ("journal", JOURNAL), 4: ("receiver_authority", "bytes"),
            5: ("receiver_office", "bytes"), 6: ("opposite", [JOURNAL])}
NAME = {1: ("name", "string"), 2: ("agency", "string")}


_FALSE_STAMP = 13


class Stop(Exception):
    """Nothing more of this journal can be judged."""


def parse(data):
    if len(data) > 2 << 20:
        raise Malformed("too long")
    evidence = wire.parse(EVIDENCE, data)
    if evidence["version"] != 1 or evidence["journal"] is None or len(evidence["opposite"]) > 4:
        raise Malformed("evidence")
    for one in [evidence["journal"], *evidence["opposite"]]:
        _check_journal(one)
    if not evidence["index"] or evidence["index"] not in [one["index"] for one in evidence["journal"]["entries"]]:
        raise Malformed("no message")
    if not all(1 <= len(evidence[name]) <= 4096 for name in ("receiver_authority", "receiver_office")):
        raise Malformed("certificates")
    return evidence


def _check_journal(one):
    entries, indexes = one["entries"], [entry["index"] for entry in one["entries"]]
    hashes = [hash_ for entry in entries for hash_ in entry["proof"]] + one["consistency"]
    in_form = (1 <= len(entries) <= 64 and indexes[0] == 0 and indexes == sorted(set(indexes)) and indexes[-1] < (1 << 63) - 1
               and all(len(hash_) == 32 for hash_ in hashes) and len(one["consistency"]) <= 126
               and len(one["checkpoint"].encode()) <= 16_384)
    for entry in entries:
        in_form = in_form and 1 <= len(entry["leaf"]) <= 65_535 and len(entry["proof"]) <= 63
        in_form = in_form and (len(entry["salt"]), bool(entry["content"])) in ((0, False), (32, True))
        in_form = in_form and len(entry["content"]) <= 256 * 1024
    if not in_form:
        raise Malformed("a journal")


# --- proofs, by RFC 9162's algorithms

def included(leaf_hash, index, size, proof, root):
    if index >= size:
        return False
    node, last, found = index, size - 1, leaf_hash
    for hash_ in proof:
        if last == 0:
            return False
        if node & 1 or node == last:
            found = journal.sha256(b"\1", hash_, found)
            while not node & 1 and node:
                node, last = node >> 1, last >> 1
        else:
            found = journal.sha256(b"\1", found, hash_)
        node, last = node >> 1, last >> 1
    return last == 0 and found == root


def consistent(old, old_root, size, root, proof):
    if old > size or old == 0:
        return False
    if old == size:
        return not proof and old_root == root
    path = list(proof) if old & (old - 1) else [old_root, *proof]
    if not path:
        return False
    node, last = old - 1, size - 1
    while node & 1:
        node, last = node >> 1, last >> 1
    first = second = path[0]
    for hash_ in path[1:]:
        if last == 0:
            return False
        if node & 1 or node == last:
            first, second = journal.sha256(b"\1", hash_, first), journal.sha256(b"\1", hash_, second)
            while not node & 1 and node:
                node, last = node >> 1, last >> 1
        else:
            second = journal.sha256(b"\1", second, hash_)
        node, last = node >> 1, last >> 1
    return (first, second, last) == (old_root, root, 0)


class ProvenKeys(Keys):
    """A journal's certificates as its entry 0 holds them."""

    def __init__(self, origin, start, other_authority, other_office):
        self.origin, self.receipt = origin, None
        self.authority, self.office, self.certificate = (
            start[one + "_certificate"] for one in ("authority", "office", "journal"))
        for one in (self.authority, self.office, self.certificate):
            identity.strict_details(one)
        self.other_authority, self.other_office = other_authority, other_office


class Proven:
    """One journal of an evidence; Stop where it cannot be believed."""

    def __init__(self, values, verdict, others, opposite=False, received_ms=None):
        self.values, self.verdict, self.received_ms = values, verdict, received_ms
        leaves = [entry["leaf"] for entry in values["entries"]]
        try:
            first = journal.parse_entry(leaves[0])
            kind, start = journal.parse_record(first["record"])
            if kind != "generation_start":
                raise Malformed("entry 0")
            for name in ("authority", "office", "journal"):
                identity.strict_details(start[name + "_certificate"])
        except Malformed:
            self._stop("E-START")
        verdict.trust(start["authority_certificate"])
        try:
            self._check_office(start, self.judged_ms(first["stamp"]["time_ms"]))
            self._read_note(start, others)
        except Malformed as why:
            self._stop("E-CHECKPOINT" if why.code == "E-MALFORMED" else why.code)
        for entry in values["entries"]:
            if not included(journal.leaf_hash(entry["leaf"]), entry["index"], self.size, entry["proof"], self.root):
                self._stop("E-PROOF")
        if opposite:
            try:
                self.keys.check_counterpart()  # the sender, whose revocation may stand here
            except Malformed:
                pass  # it is not a journal of the opposite direction at all
        self._read(values["entries"])

    def _stop(self, code):
        self.verdict.find(code)
        raise Stop

    def _note_time(self, entry):
        stamp = journal.parse_entry(entry["leaf"])["stamp"]
        self.judged[entry["index"]] = self.reader._worth(stamp, self.received_ms)["judged_ms"]

    def judged_ms(self, time_ms):
        """The time itself, or that of the receipt over everything here, where it is a claim."""
        claim = self.received_ms is not None and time_ms > self.received_ms + CLOCK_SKEW_MAX_MS
        return self.received_ms if claim else time_ms

    @staticmethod
    def _check_office(start, time_ms):
        authority, office = start["authority_certificate"], start["office_certificate"]
        details = identity.details_of(office)
        Chain.office(authority, office, details["network"], details["subject"])
        if not Chain.valid(office, time_ms) or not Chain.valid(authority, time_ms):
            raise Fault("E-VALIDITY", "not valid then")

    def _read_note(self, start, others):
        self.note = journal.Note(self.values["checkpoint"])
        text, self.size, self.root = journal.parse_checkpoint(self.note.text)
        self.origin = Origin.of_folder(text.replace("/", "_"))
        if self.origin is None or str(self.origin) != text:
            raise Malformed("origin")
        if self.origin.is_trail:
            raise Fault("E-ORIGIN", "a trail")
        self.keys = ProvenKeys(self.origin, start, *others)
        self.keys.check_sender()
        receipts = f"{self.origin.network}/{self.origin.receiver}"
        names = [name for name, _ in self.note.signatures]
        if set(names) - {text, receipts} or len(set(names)) < len(names):
            raise Malformed("other signatures")
        if not self.note.signed_by(self.keys.journal):
            raise Fault("E-CHECKPOINT-KEY", "not signed")

    @staticmethod
    def _refuses(leaf):
        try:
            return journal.parse_record(journal.parse_entry(leaf)["record"] or b"")[0] == "refusal"
        except Malformed:
            return False

    def _read(self, entries):
        self.reader = PairReader(self.keys)
        self.reader.binds = False  # of a few entries nobody can say which of two times is a claim's
        self.refusing = {entry["index"] for entry in entries if self._refuses(entry["leaf"])}
        self.judged = {}  # index: the time at which its entry is judged
        for entry in entries:
            try:
                self._note_time(entry)
                self.reader._judge(entry["index"], journal.parse_entry(entry["leaf"]), "unjudged", self.received_ms)
            except Malformed as why:
                self.reader.doubts.setdefault(entry["index"], (why.code, str(why)))
        if 0 in self.reader.doubts:
            self._stop(self.reader.doubts[0][0])


class Verdict:
    """What blo-audit evidence --json says, as far as both say the same things."""

    def __init__(self, authority_files):
        self.trusted = {identity.fingerprint(identity.from_pem("BLO CERTIFICATE", path.read_text())) for path in authority_files}
        self.codes, self.seen = set(), set()
        self.number = self.receipt = self.not_before = self.refused = None
        self.content_state = "not-disclosed"

    @property
    def verified(self):
        return not self.codes

    def find(self, code):
        self.codes.add(code)

    def trust(self, authority):
        if identity.fingerprint(authority) not in self.trusted:
            self.find("E-UNTRUSTED")
            raise Stop

    def read(self, evidence):
        self.evidence, self.index = evidence, evidence["index"]
        others = evidence["receiver_authority"], evidence["receiver_office"]
        self.journal = Proven(evidence["journal"], self, others, received_ms=self._received_ms(*others))
        origin = self.journal.origin
        generation = [] if origin.generation == 1 else [origin.generation]
        self.number = "/".join(map(str, [origin.sender, origin.receiver, *generation, self.index]))
        entry, = (one for one in evidence["journal"]["entries"] if one["index"] == self.index)
        self.leaf_hash = journal.leaf_hash(entry["leaf"])
        try:
            self.entry = journal.parse_entry(entry["leaf"])
        except Malformed:
            self.entry = None
        self._read_message()
        self._step(self._read_receipt)
        for one in evidence["opposite"]:
            self._step(self._read_opposite, one)
        self._read_disclosed()
        doubt = self.journal.reader.doubts.get(self.index)
        if doubt and doubt[0] != "E-DUPLICATE":  # which some entries of a journal cannot tell
            self.find(doubt[0])

    def _received_ms(self, authority, office):
        """The receipt's time, where it holds; what is wrong with it is found later."""
        try:
            details, note = strict(office), journal.Note(self.evidence["journal"]["checkpoint"])
            strict(authority)
            own = identity.key_of(details, identity.USE_RECEIPT)
            if identity.fingerprint(authority) not in self.trusted or own is None:
                return None
            Chain.office(authority, office, details["network"], details["subject"])
            network = {identity.LIVE: "live", identity.EXERCISE: "exercise"}[details["network"]]
            time_s = note.receipted_by(NoteKey(f"{network}/{details['subject']}", NoteKey.COSIGNATURE, own))
        except (Malformed, KeyError):
            return None
        if time_s is None or not (Chain.valid(authority, time_s * 1000) and Chain.valid(office, time_s * 1000)):
            return None
        return time_s * 1000

    @staticmethod
    def _step(step, *arguments):
        try:
            step(*arguments)
        except Stop:
            pass

    def _read_message(self):
        if self.entry is None or self.index in self.journal.reader.doubts and not self.entry["message"]:
            return
        if not self.entry["message"]:
            self.find("E-NO-MESSAGE")
        elif not self.journal.keys.valid(self.journal.judged[self.index]):
            self.find("E-VALIDITY")

    def _read_receipt(self):
        keys = self.journal.keys
        try:
            strict(keys.other_authority)
            strict(keys.other_office)
        except Malformed as why:
            self.find(why.code)
            raise Stop from None
        self.trust(keys.other_authority)
        details = identity.details_of(keys.other_office)
        named = (keys.origin.network_number, keys.origin.receiver)
        if (details["network"], details["subject"]) != named or identity.key_of(details, identity.USE_RECEIPT) is None:
            return self.find("E-SUBJECT")
        try:
            keys.check_counterpart()
        except Malformed as why:
            return self.find(why.code)
        if not keys.other_valid_ever():
            return self.find("E-VALIDITY")
        if len(self.journal.note.signatures) < 2:
            return None
        try:
            self.receipt = self.journal.note.receipted_by(keys.receipt)
        except Malformed:
            self.receipt = None
        if self.receipt is None:
            return self.find("E-RECEIPT-KEY")
        if not keys.other_valid(self.receipt * 1000):
            self.find("E-VALIDITY")

    def _read_opposite(self, values):
        keys, origin = self.journal.keys, self.journal.origin
        other = Proven(values, self, (keys.authority, keys.office), opposite=True)
        if other.origin != origin.opposite(other.origin.generation) or other.origin in self.seen:
            return self.find("E-ORIGIN")
        self.seen.add(other.origin)
        if other.keys.office != keys.other_office:
            return self.find("E-SUBJECT")
        if len(other.note.signatures) != 1:
            return self.find("E-CHECKPOINT")
        self._read_refusals(other, origin)
        stamp = self.entry["stamp"] if self.entry else {"generation": 0}
        if stamp["generation"] != other.origin.generation or self.refused == _FALSE_STAMP:
            if values["consistency"]:
                self.find("E-EVIDENCE")
        elif consistent(stamp["size"], stamp["root"], other.size, other.root, values["consistency"]):
            found = dict(other.reader.stamps).get(stamp["size"] - 1)
            if stamp["size"] - 1 in other.reader.went_back or found and found["clock_unsure"]:
                found = None
            elif found and self.receipt is not None and found["time_ms"] > self.receipt * 1000 + CLOCK_SKEW_MAX_MS:
                found = None
            self.not_before = found and found["time_ms"]
        else:
            self.find("E-INTERLOCK")
        for code, _ in other.reader.findings:
            self.find(code)
        if other.reader.forged:
            self.find("E-REVOCATION")
        for _, _, cut in other.reader.kept("revocation"):
            if (origin.generation, self.index) >= (cut["generation"], cut["size"]):
                self.find("E-REVOKED")

    def _read_refusals(self, other, origin):
        """Between the entries shown nothing stands, as far as evidence goes."""
        shown = {entry["index"] for entry in other.values["entries"]}
        refusals = {index: (refusal, stamp) for index, refusal, stamp in other.reader.kept("refusal")}
        after_loss = any(start["after_loss"] for _, start, _ in other.reader.kept("generation_start"))
        for index, (refusal, stamp) in refusals.items():
            if (refusal["generation"], refusal["index"]) != (origin.generation, self.index):
                continue
            run = Run(after_loss, min(other.reader.messages, default=None))
            run.first = refusal["run"][0]
            others = [one for one in shown if run.first <= one < index and one not in other.refusing]
            run.end = max(others, default=index)
            if run.counts(index, refusal, stamp, refusal["leaf_hash"] == self.leaf_hash, self.refused is not None,
                          receipted=self.receipt is not None and self.journal.size):
                self.refused = refusal["reason"]
            else:
                self.find("E-REFUSAL")

    def _read_disclosed(self):
        for entry in self.evidence["journal"]["entries"]:
            if not entry["content"]:
                continue
            read = journal.parse_entry(entry["leaf"])
            if read["message"]:
                committed = journal.parse_envelope(read["message"]["envelope"])["commitment"]
                matches = committed == journal.sha256(b"blo/content/v1\0", entry["salt"], entry["content"])
                self.content_state = "matches" if matches else "differs"
            else:
                kind, record = journal.parse_record(read["record"])
                matches = kind == "certificate" and identity.details_of(record["certificate"])["name_commitment"] == (
                    journal.sha256(b"blo/officer-name/v1\0", entry["salt"], entry["content"]))
                if matches:
                    wire.parse(NAME, entry["content"])
            if not matches:
                self.find("E-CONTENT")
        if any(entry["content"] for one in self.evidence["opposite"] for entry in one["entries"]):
            self.find("E-CONTENT")


def verify(text, authority_files):
    verdict = Verdict(authority_files)
    try:
        verdict.read(parse(identity.from_pem("BLO EVIDENCE", text)))
    except Malformed:
        verdict.find("E-EVIDENCE")
    except Stop:
        pass
    return verdict


class TlogProof:
    """c2sp.org/tlog-proof@v1."""

    def __init__(self, text):
        head, gap, self.checkpoint = text.partition("\n\n")
        lines = head.split("\n")
        if not gap or lines.pop(0) != "c2sp.org/tlog-proof@v1":
            raise Malformed("tlog-proof")
        self.extra = journal.unbase64(lines.pop(0)[6:]) if lines[0].startswith("extra ") else None
        word, _, index = lines.pop(0).partition(" ")
        if word != "index" or index != str(int(index)):
            raise Malformed("index")
        self.index, self.proof = int(index), [journal.unbase64(line) for line in lines]

    def holds(self, key):
        """Whether what is in `extra` lies under a checkpoint that `key` signed."""
        note = journal.Note(self.checkpoint)
        origin, size, root = journal.parse_checkpoint(note.text)
        return (origin == key.name and note.signed_by(key)
                and included(journal.leaf_hash(self.extra), self.index, size, self.proof, root))


def journal_key(proven):
    """The NoteKey of a Proven journal."""
    return NoteKey(str(proven.origin), NoteKey.ED25519, proven.keys.journal.public)
