"""What the tests of lost and restored stores share."""

import verifier

from .programs import audit
from .waiting import until
from .world import WorldTest, accept_again, confirm, offer_again


class DisasterTest(WorldTest):
    def exchange(self, uz, tj, *markers):
        for marker in markers:
            uz.alert(tj, "--wait", 60, marker=f"{marker} from Oybek")
            tj.alert(uz, "--wait", 60, marker=f"{marker} from Fotehobod")

    def lose(self, office):
        """Everything in its home but the keys and the certificates."""
        for path in office.home.iterdir():
            if path.name not in ("office.key", "office.pem", "authority.pem"):
                path.unlink()

    def pair_after_loss(self, lost, counterpart):
        """The ceremony anew, with an office that has nothing but its keys, until it has everything again."""
        theirs = offer_again(counterpart, lost)
        ours = offer_again(lost, counterpart, "--from", theirs, "--address", lost.address)
        digits = accept_again(lost, counterpart, ours, theirs)
        confirm(lost, counterpart, digits)
        confirm(counterpart, lost, digits)
        self.until_given_back(lost, counterpart)

    def until_given_back(self, office, counterpart):
        until(lambda: "here again" in office.pair_status(counterpart)["waitingFor"], "what was lost is here again")

    def assert_whole(self, uz, tj, *markers):
        """Both sides hold every message, can read it, and auditors who trust neither find nothing."""
        for office, counterpart in ((uz, tj), (tj, uz)):
            until(lambda: office.pair_status(counterpart)["sent"] == office.pair_status(counterpart)["receipted"], "all receipted")
            read = [office.blo("show", message["number"]).out for box in (office.inbox(), office.outbox()) for message in box]
            for marker in markers:
                self.assertEqual(1, sum(marker in text for text in read), marker)
            folder = office.export(f"{office.home.name}-whole-{len(read)}")
            authorities = [office.authority / "authority.pem" for office in (uz, tj)]
            audit(folder, authorities)
            self.assertEqual([], verifier.verify(folder, authorities)["findings"])

    def go_on(self, office, counterpart):
        return office.json("office", "recover", counterpart.id)
