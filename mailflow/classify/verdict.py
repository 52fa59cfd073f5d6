"""Puts the evidence together: what a message is, how sure we are, and every reason that counted."""

import math
from collections.abc import Mapping, Sequence

from mailflow.classify.match import Matcher
from mailflow.classify.model import Judge, Judgement, Trust, load_model
from mailflow.classify.wording import deciding_text, split_words
from mailflow.domain import Email, Kind, Reason, Verdict
from mailflow.rules import Rules

_ALSO_FROM = 0.25  # the share from which a second thing is named that the message does
_IN_DOUBT_FROM = 0.15  # the share from which the runner-up's words are told too
_ENOUGH_WORDS = 12  # that a machine wrote it, wording alone may say only from as many words on
_WORTH_TELLING = 0.1  # chance of being sensitive from which the doubt is told
_OURS = (Kind.TRAINING, Kind.STORY, Kind.QUERY)  # in the order of what needs the team's action most


class Classifier:
    """Decides what messages are, by one file of rules and the learnt model. Made once; safe to share."""

    def __init__(self, rules: Rules, model: Judge | None = None) -> None:
        """`model`: another one than is shipped, read when the first message needs it."""
        self._matcher = Matcher(rules)
        self._model = model

    def classify(self, email: Email) -> Verdict:
        """The verdict on one message; nothing a message holds makes it raise. Takes a few milliseconds."""
        if email.automatic:
            reason = Reason(f"automatic: {email.automatic.sort}", email.automatic.reason, kind=Kind.AUTOMATIC)
            return Verdict(Kind.AUTOMATIC, 0.99, reasons=(reason,))
        reasons = self._matcher.match(email)
        text = deciding_text(email)
        if not any(letter.isalnum() for letter in email.subject + text):
            empty = Reason("empty message", "The message has no words of its own, so a person must look.")
            return Verdict(Kind.OTHER, 0.0, reasons=(empty, *reasons))
        model = self._model or load_model()
        possible = _possible(email, text, reasons)
        return self._conclude(email, possible, reasons, model.judge(email.subject, text), model.trust)

    def _conclude(
        self, email: Email, possible: Sequence[Kind], reasons: list[Reason], judgement: Judgement, trust: Trust
    ) -> Verdict:
        shares = weigh(judgement.evidence, reasons, trust, possible)
        kind, second, *_ = sorted(possible, key=lambda kind: -shares[kind])
        alarm = raise_alarm(judgement, shares, trust)
        alarms = [self._matcher.match_sensitive(email), _alarm(judgement, alarm, trust)]
        found = [reason for reason in alarms if reason]
        told = [kind, second] if shares[second] >= _IN_DOUBT_FROM else [kind]
        wording = [reason for each in told if (reason := _wording(each, judgement, trust.wording_counts))]
        doubt = None if found or kind not in _OURS else _doubt(judgement, alarm)
        return Verdict(
            kind=kind,
            confidence=round(shares[kind] * (_chance(-alarm) if kind in _OURS and not found else 1), 3),
            sensitive=bool(found),
            reasons=(*reasons, *wording, *found, *([doubt] if doubt else [])),
            also=_also(kind, second, shares, sensitive=bool(found)),
        )


def weigh(
    evidence: Mapping[Kind, float], reasons: Sequence[Reason], trust: Trust, possible: Sequence[Kind] = tuple(Kind)
) -> dict[Kind, float]:
    """The share of each kind: the wording's log-odds and the weights of the rules that fit, added up.

    The shares of the `possible` kinds add up to 1; the others have none.
    """
    points = {kind: trust.wording_counts * evidence[kind] for kind in Kind}
    for reason in reasons:
        if reason.kind and reason.weight:
            points[reason.kind] += trust.rules_count * reason.weight
    most = max(points[kind] for kind in possible)
    counted = {kind: math.exp(points[kind] - most) if kind in possible else 0.0 for kind in Kind}
    total = sum(counted.values())
    return {kind: value / total for kind, value in counted.items()}


def _possible(email: Email, text: str, reasons: Sequence[Reason]) -> list[Kind]:
    """What a message may be. Without a machine's mark, an answer or a few words are a person's: "Yes", "Withdraw", "ok"."""
    ruled = any(reason.kind is Kind.AUTOMATIC and (reason.weight or 0) > 0 for reason in reasons)
    judged = not email.thread.parents and len(split_words(text)) >= _ENOUGH_WORDS
    return [kind for kind in Kind if kind is not Kind.AUTOMATIC or ruled or judged]


def _also(kind: Kind, second: Kind, shares: Mapping[Kind, float], sensitive: bool) -> Kind | None:
    """The second thing: a plea for help inside mail of ours is other business; else a strong runner-up among ours."""
    if kind not in _OURS:
        return None
    if sensitive:
        return Kind.OTHER
    return second if second in _OURS and shares[second] >= _ALSO_FROM else None


def _wording(kind: Kind, judgement: Judgement, counts: float) -> Reason | None:
    words = judgement.telling.get(kind)
    if not words:
        return None
    average = sum(judgement.evidence.values()) / len(judgement.evidence)
    weight = round(counts * (judgement.evidence[kind] - average), 2)
    return Reason("learnt wording", f"The wording{_quoted(words)} speaks for {kind}.", weight, kind)


def raise_alarm(judgement: Judgement, shares: Mapping[Kind, float], trust: Trust) -> float:
    """The log-odds that a message is sensitive, its kind considered."""
    return trust.alarm_counts * judgement.alarm + sum(shares[kind] * adds for kind, adds in trust.alarm_by_kind.items())


def _alarm(judgement: Judgement, alarm: float, trust: Trust) -> Reason | None:
    if alarm <= trust.alarm_from:
        return None
    return Reason(
        "sensitive wording", f"The wording{_quoted(judgement.alarming)} is like that of messages that need a person at once."
    )


def _doubt(judgement: Judgement, alarm: float) -> Reason | None:
    """Mail of ours that might be sensitive is answered by itself only where its kind is all the surer."""
    if _chance(alarm) < _WORTH_TELLING:
        return None
    return Reason(
        "perhaps sensitive",
        f"The wording{_quoted(judgement.alarming)} might be that of a sensitive message, which lowers the confidence.",
    )


def _chance(log_odds: float) -> float:
    return 1 / (1 + math.exp(-max(-30.0, min(30.0, log_odds))))


def _quoted(words: Sequence[str]) -> str:
    return f" ({', '.join(f'“{word}”' for word in words)})" if words else ""
