"""Broken by somebody who has the files and no key: files, tiles, bundles, certificates exchanged."""

from blolib import exports, identity

from bundle import (KARIMOV, OTHER_KEY, SPLIT_S, TJ, UZ, Link, begun, bent, broken, changed, files_of, generations, pair,
                    renamed, trail, whole, without)

_HERE = "live_UZ-OYBEK_TJ-FOTEHOBOD_1"


@broken("a file was added", "E-EXTRA")
def file_added():
    return files_of(whole()) | {f"{_HERE}/notes.txt": b"hello\n"}


@broken("a tile of an earlier size was left behind", "E-EXTRA")
def old_tile_left():
    return files_of(whole()) | {f"{_HERE}/tile/0/000.p/3": files_of(begun())[f"{_HERE}/tile/0/000.p/3"]}


@broken("a link has the name of what Windows leaves", "E-LINK")
def link_named_as_a_systems_file():
    return files_of(whole()) | {f"{_HERE}/Thumbs.db": Link("checkpoint")}


@broken("a folder holds nothing but what macOS leaves", "E-EXTRA")
def folder_of_a_systems_file():
    return files_of(whole()) | {f"{_HERE}/tile/7/.DS_Store": b"left by a system"}


@broken("a symbolic link was added", "E-LINK")
def link_added():
    return files_of(whole()) | {f"{_HERE}/tile/0/link": Link("000.p/4")}


@broken("the checkpoint is a link to a right one elsewhere", "E-LINK", "E-EXTRA")
def link_for_a_file():
    files = files_of(whole())
    return files | {f"{_HERE}/checkpoint": Link("elsewhere"), f"{_HERE}/elsewhere": files[f"{_HERE}/checkpoint"]}


@broken("a whole journal is a link to another folder", "E-LINK")
def link_for_a_journal():
    return files_of(pair()[0]) | {"live_TJ-FOTEHOBOD_UZ-OYBEK_1": Link(_HERE)}


@broken("there is no journal", "E-MISSING", "E-EXTRA")
def no_journal():
    return {"README": b"the export was here\n"}


@broken("the checkpoint is missing", "E-MISSING")
def checkpoint_missing():
    return without(files_of(whole()), "checkpoint")


@broken("the certificates are missing", "E-MISSING")
def certificates_missing():
    return without(files_of(whole()), "certificates.pem")


@broken("a tile is missing", "E-MISSING")
def tile_missing():
    return without(files_of(whole()), "tile/0/000.p/4")


@broken("the bundle of entries is missing", "E-MISSING")
def entries_missing():
    return without(files_of(whole()), "tile/entries/000.p/4")


@broken("the checkpoint is longer than a note may be", "E-UNREADABLE")
def checkpoint_too_long():
    return changed(files_of(whole()), "checkpoint", lambda note: note + b"x" * 16_384)


@broken("the policy asks for no witness", "E-POLICY")
def policy_changed():
    return changed(files_of(whole()), "policy", lambda policy: policy.replace(b"quorum counterpart", b"quorum none"))


@broken("the bundle ends inside its last entry", "E-BUNDLE")
def bundle_truncated():
    return changed(files_of(whole()), "tile/entries/000.p/4", lambda data: data[:-1])


@broken("the bundle goes on after its last entry", "E-BUNDLE")
def bundle_goes_on():
    return changed(files_of(whole()), "tile/entries/000.p/4", lambda data: data + b"\0\1x")


@broken("a tile holds the hash of another entry", "E-TILE")
def tile_wrong():
    return changed(files_of(whole()), "tile/0/000.p/4", lambda tile: tile[:96] + tile[:32])


@broken("a tile is cut short by a hash", "E-TILE")
def tile_truncated():
    return changed(files_of(whole()), "tile/0/000.p/4", lambda tile: tile[:-32])


@broken("a tile goes on after its last hash", "E-TILE")
def tile_too_long():
    return changed(files_of(whole()), "tile/0/000.p/4", lambda tile: tile + bytes(32))


def _with_leaves(change):
    """Entries and tile after a change of the leaves, under the checkpoint and receipts of before."""
    ours = whole()
    before, size = files_of(ours), len(ours.leaves)
    change(ours.leaves)
    after = files_of(ours)
    kept = {path: data for path, data in before.items() if "/tile/" not in path}
    tiles = {path: data for path, data in after.items() if "/tile/" in path}
    return kept | {path.replace(f".p/{len(ours.leaves)}", f".p/{size}"): data for path, data in tiles.items()}


_FOLLOWS = ("E-RECEIPT-ROOT",)  # one entry changed is another tree than the counterpart receipted


@broken("a byte of a signed message was changed", "E-TILE", "E-ROOT", "E-SIGNATURE", *_FOLLOWS)
def entry_edited():
    before = whole().leaves[2]
    return changed(files_of(whole()), "tile/entries/000.p/4", lambda data: data.replace(before, bent(before)))


@broken("a byte of a signed message was changed and the tile made to fit", "E-ROOT", "E-SIGNATURE", *_FOLLOWS)
def entry_edited_with_its_tile():
    return _with_leaves(lambda leaves: leaves.__setitem__(2, bent(leaves[2])))


@broken("two entries were exchanged", "E-ROOT", "E-STAMP", *_FOLLOWS)
def entries_reordered():
    return _with_leaves(lambda leaves: leaves.__setitem__(slice(2, 4), [leaves[3], leaves[2]]))


@broken("an entry was left out", "E-BUNDLE", *_FOLLOWS)
def entry_dropped():
    return _with_leaves(lambda leaves: leaves.pop(2))


@broken("an entry was put in between", "E-BUNDLE", "E-ROOT", "E-TILE", "E-DUPLICATE", *_FOLLOWS)
def entry_inserted():
    return _with_leaves(lambda leaves: leaves.insert(2, leaves[2]))


@broken("an entry was replaced by another one of the same journal", "E-ROOT", "E-DUPLICATE", *_FOLLOWS)
def entry_replaced():
    return _with_leaves(lambda leaves: leaves.__setitem__(3, leaves[2]))


@broken("the folder was named after the opposite journal", "E-SUBJECT")
def folder_renamed():
    return {path.replace(_HERE, "live_UZ-OYBEK_TJ-KONIBODOM_1"): data for path, data in files_of(whole()).items()}


@broken("the first generation stands in place of the second", "E-SUBJECT")
def generation_renamed():
    return {path.replace(_HERE, _HERE[:-1] + "2"): data for path, data in files_of(generations()[0]).items()}


# --- certificates


@broken("an authority that nobody gave the auditor", "E-UNTRUSTED")
def authority_unknown():
    office = exports.Office(exports.Authority("UZ", seed=" made at home"), UZ.id)
    ours = exports.Journal(office, TJ)
    ours.introduce(office.officer())
    return files_of(ours.receipt())


@broken("the authority's certificate holds another signature, here and in the generation start", "E-CERTIFICATE")
def authority_signature_changed():
    authority = exports.Authority("UZ")
    authority.certificate = bent(authority.certificate)
    office = exports.Office(authority, UZ.id)
    return files_of(begun(office, TJ).receipt())


@broken("the certificates stand in another order", "E-CERTIFICATE-KIND")
def certificates_reordered():
    ours = whole()
    pem = ours.certificates(UZ.certificate, UZ.authority.certificate, ours.certificate, TJ.authority.certificate,
                            TJ.certificate)
    return changed(files_of(ours), "certificates.pem", lambda _: pem)


@broken("a certificate was left out", "E-CERTIFICATE-FORM")
def certificate_dropped():
    ours = whole()
    pem = ours.certificates(UZ.authority.certificate, UZ.certificate, ours.certificate, TJ.authority.certificate)
    return changed(files_of(ours), "certificates.pem", lambda _: pem)


@broken("a line of text between two certificates", "E-CERTIFICATE-FORM")
def text_between_certificates():
    return changed(files_of(whole()), "certificates.pem", lambda pem: pem.replace(b"-----\n-----", b"-----\nnote\n-----", 1))


@broken("the office's receipt key is a weak one", "E-CERTIFICATE-FORM")
def weak_key():
    office = exports.Office(UZ.authority, UZ.id, uses={identity.USE_RECEIPT: bytes([1]) + bytes(31)})
    return files_of(begun(office, TJ).receipt())


@broken("the office certified itself", "E-CERTIFICATE")
def office_self_signed():
    return files_of(begun(exports.Office(UZ.authority, UZ.id, key=UZ.identity), TJ).receipt())


@broken("another authority certified the office", "E-CERTIFICATE")
def office_of_another_authority():
    return files_of(begun(exports.Office(UZ.authority, UZ.id, key=TJ.authority.key), TJ).receipt())


@broken("another country's office", "E-SUBJECT")
def office_of_another_country():
    office = exports.Office(UZ.authority, "KZ-SARYAGASH")
    ours = exports.Journal(office, TJ)
    ours.introduce(office.officer())
    return files_of(ours.receipt())


@broken("an office certified for the exercise", "E-NETWORK")
def office_of_the_exercise():
    return files_of(begun(exports.Office(UZ.authority, UZ.id, network=identity.EXERCISE), TJ).receipt())


@broken("the office's certificate had ended before the last entry", "E-VALIDITY")
def office_expired():
    office = exports.Office(UZ.authority, UZ.id, not_after_s=SPLIT_S + 4)
    ours = begun(office, TJ)
    ours.time_ms += 5000
    ours.record("policy", {})
    return files_of(ours.receipt())


@broken("the office was certified after its first entry", "E-VALIDITY")
def office_not_yet_valid():
    return files_of(begun(exports.Office(UZ.authority, UZ.id, not_before_s=SPLIT_S + 9), TJ).receipt())


@broken("the counterpart's certificate had ended before its receipt", "E-VALIDITY")
def counterpart_expired():
    return files_of(begun(UZ, exports.Office(TJ.authority, TJ.id, not_after_s=SPLIT_S + 1)).receipt(after_s=60))


@broken("the counterpart certified itself", "E-CERTIFICATE")
def counterpart_self_signed():
    return files_of(begun(UZ, exports.Office(TJ.authority, TJ.id, key=TJ.identity)).receipt())


@broken("the journal's certificate is for another counterpart", "E-SUBJECT")
def journal_of_another_origin():
    return files_of(whole(subject="live/UZ-OYBEK/TJ-KONIBODOM/1"))


@broken("the journal's certificate is signed by the authority", "E-CERTIFICATE")
def journal_of_the_authority():
    return files_of(whole(issuer_key=UZ.authority.key))


@broken("the journal's key is the office's identity key", "E-CERTIFICATE")
def key_of_two_uses():
    return files_of(whole(key=UZ.identity))


@broken("a trail's certificates stand beside a pair's journal", "E-CERTIFICATE-FORM")
def certificates_of_a_trail():
    pem = trail().certificates()
    return changed(files_of(whole()), "certificates.pem", lambda _: pem)
