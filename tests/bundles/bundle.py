"""The people of the bundles, what they would say to each other when nobody lies, and the list of all bundles."""

import hashlib
import pathlib
import sys
from typing import Callable, NamedTuple

HERE = pathlib.Path(__file__).resolve().parent
sys.dont_write_bytecode = True
sys.path.insert(0, str(HERE.parent / "functional"))
from blolib import exports, identity, journal

BUNDLES = {}


class Bundle(NamedTuple):
    done: str  # what was done to it, or what it shows
    codes: list  # the one it is named for, then those that follow from it; none: nothing is wrong with it
    make: Callable  # {path: bytes or Link}
    missing: tuple = ()  # what it shows to be missing: "journal live/UZ-OYBEK/TJ-FOTEHOBOD/1"

    @property
    def verdict(self):
        if self.codes:
            return "NOT VERIFIED"
        return "VERIFIED, BUT NOT WHOLE" if self.missing else "VERIFIED"


class Link(str):
    """A symbolic link to this."""


def _named(prefix, done, codes, missing=()):
    def register(make):
        BUNDLES[f"{prefix}-{make.__name__.replace('_', '-')}"] = Bundle(done, list(codes), make, missing)
        return make
    return register


def valid(done):
    return _named("valid", done, ())


def partial(done, *missing):
    """`missing`: what it shows that it lacks."""
    return _named("partial", done, (), missing)


def broken(done, *codes):
    """`codes`: what it must be called, then what else blo-audit may find because of it."""
    return _named("broken", done, codes)


UZ = exports.Office(exports.Authority("UZ"), "UZ-OYBEK")
TJ = exports.Office(exports.Authority("TJ"), "TJ-FOTEHOBOD")
KARIMOV, RAHIMOV = UZ.officer(), TJ.officer()
ENDING = exports.Office(UZ.authority, "UZ-OYBEK", not_after_s=exports.TIME_MS // 1000 + 366 * 86_400)
RELEASER = UZ.officer(person=2, roles=(2,))
STRANGER = UZ.officer(person=9)


def begun(office=UZ, counterpart=TJ, **journal):
    """One direction: its start, an officer, a message."""
    ours, officer = exports.Journal(office, counterpart, **journal), office.officer()
    ours.introduce(officer)
    ours.message(officer, 1 if office.id == UZ.id else 101)
    return ours


def whole(**journal):
    """One direction: four entries, receipted twice."""
    ours = begun(**journal).receipt()
    ours.message(KARIMOV, 2)
    return ours.receipt()


def pair():
    """Both directions: a message, an answer to it, another message that has seen the answer; all receipted."""
    ours, theirs = begun().receipt(), exports.Journal(TJ, UZ)
    theirs.introduce(RAHIMOV)
    theirs.message(RAHIMOV, 101, seen=ours)
    theirs.receipt()
    ours.message(KARIMOV, 2, seen=theirs)
    return ours.receipt(), theirs


LIES = ({"size": 99}, {"root": bytes(32)}, {"generation": 7})  # each names a head that the opposite journal never had


def lying(*lies):
    """Both directions; after what `pair` says, a message under each lying stamp, then one under a true one. Which lied."""
    ours, theirs = pair()
    true, lied = ours.named, []
    for number, lie in enumerate(lies, 10):
        ours.named = true | lie
        lied.append(ours.message(KARIMOV, number))
    ours.named = true
    ours.message(KARIMOV, 3)
    return ours.receipt(), theirs, lied


def refuse(theirs, ours, indexes, reason):
    """One after the other, right after the receipt for all there is."""
    for index in indexes:
        theirs.record("refusal", {"generation": ours.origin.generation, "index": index, "reason": reason,
                                  "leaf_hash": journal.leaf_hash(ours.leaves[index])}, seen=ours)


def trail():
    """An audit trail: its start, an officer, an act."""
    acts = exports.Journal(UZ)
    acts.introduce(KARIMOV)
    acts.act(KARIMOV, subject="officer 2")
    return acts


DAY_MS = 24 * 60 * 60 * 1000


ENDS_S = exports.TIME_MS // 1000 + 600  # when a certificate ends within the ten minutes after a journal began


def trail_after(end, days, then=None):
    """A trail with an act in force, and one that only reads so many days after an end, with something a day before it: no
    reader takes the days for a clock that is ahead. `end` is "office", whose officer's certificate ends with its own, or "own".
    `then(acts, officer, office)` adds more."""
    office = exports.Office(UZ.authority, UZ.id, **({"not_after_s": ENDS_S} if end == "office" else {}))
    officer, acts = office.officer(end_s=ENDS_S), exports.Journal(office)
    acts.introduce(officer)
    acts.act(officer, subject="officer 2")
    acts.time_ms = ENDS_S * 1000 + (days - 1) * DAY_MS
    if end == "own":
        acts.record("peer_refused", {"counterpart": TJ.id, "reason": "frozen"})
    else:
        acts.act(officer)
    acts.time_ms += DAY_MS
    acts.act(officer, subject="after the end")
    if then:
        then(acts, officer, office)
    return files_of(acts)


def begun_anew(ours):
    """A trail that goes on after its store was lost, later than `ours`: it knows nothing of what was before."""
    acts = exports.Journal(UZ, None, 1_795_347_602, start={"previous": {"size": 0, "root": hashlib.sha256().digest()}})
    acts.time_ms = ours.time_ms
    acts.introduce(KARIMOV)
    acts.act(KARIMOV)
    return acts


def generations():
    """Two generations of one direction, the second begun where the first ended."""
    first = whole()
    second = exports.Journal(UZ, TJ, 2, after=first)
    second.introduce(KARIMOV)
    second.message(KARIMOV, 3)
    return first, second.receipt()


def files_of(*journals):
    return {path: data for one in journals for path, data in one.files().items()}


def changed(files, name, change):
    """The files with `change` made to the bytes of the one whose path ends in `name`."""
    path, = [path for path in files if path.endswith(name)]
    return files | {path: change(files[path])}


def renamed(files, old, new):
    path, = [path for path in files if path.endswith(old)]
    return {(path.removesuffix(old) + new if one == path else one): data for one, data in files.items()}


def without(files, name):
    path, = [path for path in files if path.endswith(name)]
    return {one: data for one, data in files.items() if one != path}


_GROUP_ORDER = (1 << 252) + 27742317777372353535851937790883648493


def malleable(signature):
    """The same signature with S + L in place of S: as good for whoever does not look."""
    s = int.from_bytes(signature[32:], "little") + _GROUP_ORDER
    return signature[:32] + s.to_bytes(32, "little")


def bent(data):
    """With one bit of its last byte changed."""
    return data[:-1] + bytes([data[-1] ^ 1])


SPLIT_S = exports.Journal(UZ, TJ).time_ms // 1000  # when every journal has its first entry
OTHER_KEY = identity.signing_key(b"\x5a" * 32)
