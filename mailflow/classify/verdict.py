"""Puts the evidence together: what a message is, how sure we are, and every reason that counted."""

import math
from collections.abc import Iterable

from mailflow.classify.match import Matcher
from mailflow.classify.wording import deciding_text
from mailflow.domain import Email, Kind, Reason, Verdict
from mailflow.rules import Rules


class Classifier:
    """Decides what messages are by one file of rules. Made once, then asked for each message; safe to share."""

    def __init__(self, rules: Rules) -> None:
        """Compiles the rules, so that a message costs little."""
        self._matcher = Matcher(rules)

    def classify(self, email: Email) -> Verdict:
        """The verdict on one message; never raises for what a message holds."""
        if email.automatic:
            return Verdict(Kind.AUTOMATIC, 0.99, reasons=(Reason(f"automatic: {email.automatic.sort}", email.automatic.reason),))
        reasons = self._matcher.match(email)
        alarm = self._matcher.match_sensitive(email)
        shares = _shares(reasons)
        kind = max(shares, key=lambda kind: shares[kind])
        if not (email.subject + deciding_text(email)).strip():
            empty = Reason("empty message", "The message has no words of its own, so a person must look.")
            return Verdict(Kind.OTHER, 0.2, reasons=(empty, *reasons))
        return Verdict(kind, shares[kind], sensitive=alarm is not None, reasons=(*reasons, *([alarm] if alarm else [])))


def _shares(reasons: Iterable[Reason]) -> dict[Kind, float]:
    points = dict.fromkeys(Kind, 0.0) | {Kind.OTHER: 0.5}
    for reason in reasons:
        if reason.kind and reason.weight:
            points[reason.kind] += reason.weight
    total = sum(math.exp(value) for value in points.values())
    return {kind: math.exp(value) / total for kind, value in points.items()}
