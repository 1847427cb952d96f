"""Whose word a journal is: the certificate rules of docs/format/identity.md, for verifier.py."""

from . import identity, wire
from .journal import NoteKey
from .wire import Fault, Malformed


_KINDS = [identity.AUTHORITY, identity.OFFICE, identity.JOURNAL, identity.AUTHORITY, identity.OFFICE]


def strict(encoded):
    """Details of a certificate in form."""
    try:
        return identity.strict_details(encoded)
    except Malformed as why:
        raise Fault("E-CERTIFICATE-FORM", str(why)) from None


class Chain:
    """One certificate vouches for the next."""

    @staticmethod
    def issued(issuer, use, encoded, kind):
        """Details of a certificate that `issuer` vouches for; Malformed where it does not."""
        details, issuer_details = strict(encoded), identity.details_of(issuer)
        outer = wire.parse(identity.SIGNED, encoded)
        key = identity.key_of(issuer_details, use)
        if details["kind"] != kind or key is None:
            raise Fault("E-CERTIFICATE-KIND", "another kind")
        if details["network"] != issuer_details["network"]:
            raise Fault("E-NETWORK", "another network")
        if details["issuer"] != identity.fingerprint(issuer):
            raise Fault("E-CERTIFICATE", "another issuer")
        if not identity.verified("blo/certificate/v1", key, outer["signature"], outer["details"]):
            raise Fault("E-CERTIFICATE", "the issuer's signature does not hold")
        if {one["key"] for one in details["keys"]} & {one["key"] for one in issuer_details["keys"]}:
            raise Fault("E-CERTIFICATE", "a key with two holders")
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
            raise Fault("E-CERTIFICATE", "the authority's own signature does not hold")
        details = cls.issued(authority, identity.USE_AUTHORITY, office, identity.OFFICE)
        country = identity.details_of(authority)["subject"]
        if details["subject"][:2] != country:
            raise Fault("E-SUBJECT", "of another country")
        if details["network"] != network:
            raise Fault("E-NETWORK", "of another network")
        if details["subject"] != office_id:
            raise Fault("E-SUBJECT", "of another office")
        return details


class Keys:
    """What certificates.pem holds, and which of it can be believed. Malformed where the file is not in form."""

    def __init__(self, origin, pem):
        self.origin = origin
        try:
            blocks = identity.all_from_pem("BLO CERTIFICATE", pem)
        except (Malformed, ValueError):
            raise Fault("E-CERTIFICATE-FORM", "armour") from None
        if len(blocks) != (3 if origin.is_trail else 5):
            raise Fault("E-CERTIFICATE-FORM", "another number of certificates")
        for block, kind in zip(blocks, _KINDS):
            if strict(block)["kind"] != kind:
                raise Fault("E-CERTIFICATE-KIND", "another kind")
        self.authority, self.office, self.certificate, *other = blocks
        self.other_authority, self.other_office = other or (None, None)
        self.receipt = None  # the counterpart's key, once it can be believed

    def check_sender(self):
        """Malformed where the sender's certificates do not hold."""
        Chain.office(self.authority, self.office, self.origin.network_number, self.origin.sender)
        details = self.of_journal(self.certificate)
        self.journal = NoteKey(str(self.origin), NoteKey.ED25519, identity.key_of(details, identity.USE_JOURNAL))

    def check_counterpart(self):
        """Malformed where the counterpart's certificates do not hold."""
        other = Chain.office(self.other_authority, self.other_office, self.origin.network_number, self.origin.receiver)
        name = f"{self.origin.network}/{self.origin.receiver}"
        self.receipt = NoteKey(name, NoteKey.COSIGNATURE, identity.key_of(other, identity.USE_RECEIPT))

    def of_journal(self, certificate):
        """Details of a journal certificate by the office, for exactly this journal."""
        details = Chain.issued(self.office, identity.USE_IDENTITY, certificate, identity.JOURNAL)
        if details["subject"] != str(self.origin):
            raise Fault("E-SUBJECT", "of another journal")
        return details

    def valid(self, time_ms):
        return Chain.valid(self.office, time_ms) and Chain.valid(self.authority, time_ms)

    def end_ms(self):
        """The end of the office's certificate, or of its authority's."""
        return min(identity.details_of(one)["not_after_s"] for one in (self.office, self.authority)) * 1000

    def other_valid(self, time_ms):
        return Chain.valid(self.other_office, time_ms) and Chain.valid(self.other_authority, time_ms)

    def other_valid_ever(self):
        """Whether there is a time at which both of the counterpart's certificates are valid."""
        both = [identity.details_of(one) for one in (self.other_office, self.other_authority)]
        return max(one["not_before_s"] for one in both) <= min(one["not_after_s"] for one in both)

    def revoked_officer(self, revocation):
        """Whether the office itself signed the revocation of its officer."""
        return identity.revoked_by(revocation, identity.key_of(identity.details_of(self.office), identity.USE_IDENTITY))

    def revoked_counterpart(self, revocation):
        """Whether the counterpart's authority signed the revocation, and whether it ends the certificate that is here."""
        key = identity.key_of(identity.details_of(self.other_authority), identity.USE_AUTHORITY)
        newer = identity.strict_revocation(revocation)["statement"] > identity.details_of(self.other_office)["statement"]
        return identity.revoked_by(revocation, key), newer

    @property
    def policy(self):
        """The text of the file policy."""
        if self.origin.is_trail:
            return f"log {self.journal}\nquorum none\n"
        return f"log {self.journal}\nwitness counterpart {self.receipt}\nquorum counterpart\n"
