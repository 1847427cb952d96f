"""What refusals are worth: docs/format/entry.md, for verifier.py and evidence.py."""

_HELD = 12


def covers(head, refusal):
    """Whether a head lies over the entry that a refusal names."""
    return bool(head) and head["generation"] == refusal["generation"] and head["size"] > refusal["index"]


class Run:
    """The refusals of one journal, in their order."""

    def __init__(self, after_loss=False, first_message=None):
        """Of a generation that began after a loss: everything before its first message is in place."""
        self.after_loss, self.first_message = after_loss, first_message
        self.first, self.end = 0, 0  # entries from first to end name one head, and each is a refusal in its place

    def counts(self, index, refusal, stamp, there, again=False, is_erasure=False, receipted=None):
        """`there`: it names the entry that is there. `receipted`: the smallest size over that for which a receipt is known."""
        first, before = refusal["run"]
        if first != self.first:
            self.first = self.end = first
        follows = index == self.end
        worth = there and (refusal["reason"] == _HELD and is_erasure or not again and (
            self._begins(index) or follows and covers(stamp, refusal) and not covers(before, refusal)
            and not (receipted and receipted < stamp["size"])))
        if worth and follows:
            self.end = index + 1
        return worth

    def unjudged(self, index, refusal):
        """One whose journal is not there is taken at its word."""
        self.counts(index, refusal | {"reason": _HELD}, None, True, is_erasure=True)

    def _begins(self, index):
        return self.after_loss and (self.first_message is None or index < self.first_message)
