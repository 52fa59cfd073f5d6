"""Puts the evidence together: what a message is, how sure we are, and every reason that counted."""

import math
from collections.abc import Iterator, Mapping, Sequence

from mailflow.classify.advice import without_advice
from mailflow.classify.judgement import Judge, Judgement, Opinion, Trust
from mailflow.classify.match import Matcher
from mailflow.classify.wording import deciding_text, split_words
from mailflow.domain import Automatic, Email, Kind, Reason, Verdict
from mailflow.rules import Rules

_ALSO_FROM = 0.25  # the share from which a second thing is named that the message does
_IN_DOUBT_FROM = 0.15  # the share from which the runner-up's words are told too
_ENOUGH_WORDS = 12  # that a machine wrote it, wording alone may say only from as many words on
_WORTH_TELLING = 0.1  # chance of being sensitive from which the doubt is told
_AS_EXAMPLES = {
    Kind.TRAINING: "requests for training",
    Kind.QUERY: "questions about the programme",
    Kind.STORY: "stories",
    Kind.OTHER: "other business",
    Kind.AUTOMATIC: "written by a machine",
}
_OURS = (Kind.TRAINING, Kind.STORY, Kind.QUERY)  # in the order of what needs the team's action most


class Classifier:
    """Decides what messages are, by one file of rules and the learnt model. Made once; safe to share."""

    def __init__(self, rules: Rules, judge: Judge) -> None:
        """`judge`: whoever says what the wording speaks for."""
        self._matcher = Matcher(rules)
        self._judge = judge

    @property
    def judge(self) -> Judge:
        """Whoever says what the wording speaks for; whatever the rules are."""
        return self._judge

    def classify(self, email: Email) -> Verdict:
        """The verdict on one message; nothing a message holds makes it raise. Takes 10 to 30 ms, most of it the encoder's."""
        if email.automatic:
            return self._trust_machine(email, email.automatic)
        reasons = self._matcher.match(email)
        text = deciding_text(email)
        if not any(letter.isalnum() for letter in email.subject + text):
            empty = Reason("empty message", "The message has no words of its own, so a person must look.")
            return Verdict(Kind.OTHER, 0.0, reasons=(empty, *reasons))
        possible = _possible(email, text, reasons)
        return self._conclude(email, possible, reasons, self._judge.judge(email.subject, text), self._judge.trust)

    def _trust_machine(self, email: Email, automatic: Automatic) -> Verdict:
        """What bears a machine's marks is one's; yet where its words may be a person's, the team's sensitive words count."""
        reason = Reason(f"automatic: {automatic.sort}", automatic.reason, kind=Kind.AUTOMATIC)
        grave = self._matcher.match_sensitive(without_advice(email)) if automatic.holds_words else None
        return Verdict(Kind.AUTOMATIC, 0.99, sensitive=grave is not None, reasons=(reason, *([grave] if grave else [])))

    def _conclude(
        self, email: Email, possible: Sequence[Kind], reasons: list[Reason], judgement: Judgement, trust: Trust
    ) -> Verdict:
        shares = trust.weigh(judgement, reasons, possible)
        kind, second, *_ = sorted(possible, key=lambda kind: -shares[kind])
        alarm = trust.raise_alarm(judgement, shares)
        alarms = [self._matcher.match_sensitive(email), _alarm(judgement, alarm, trust)]
        found = [reason for reason in alarms if reason]
        told = [kind, second] if shares[second] >= _IN_DOUBT_FROM else [kind]
        learnt = [reason for each in told for reason in _learnt(each, judgement, trust)]
        doubt = None if found or kind not in _OURS else _doubt(judgement, alarm)
        return Verdict(
            kind=kind,
            confidence=round(shares[kind] * (_chance(-alarm) if kind in _OURS and not found else 1), 3),
            sensitive=bool(found),
            reasons=(*reasons, *learnt, *found, *([doubt] if doubt else [])),
            also=_also(kind, second, shares, sensitive=bool(found)),
        )


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


def _learnt(kind: Kind, judgement: Judgement, trust: Trust) -> Iterator[Reason]:
    """What each judge says for a kind, above what it says for the kinds on average."""
    words = judgement.words.telling.get(kind, ())
    if words:
        weight = _weight(kind, judgement.words, trust.words_count)
        moved = judgement.words.moved.get(kind)
        since = f", since you moved {moved} such mails there" if moved else ""
        yield Reason("learnt wording", f"The wording{_quoted(words)} speaks for {kind}{since}.", weight, kind)
    weight = _weight(kind, judgement.sense, trust.sense_count)
    if weight > 0:
        yield Reason("learnt sense", f"Read as a whole, the message is like those that were {_AS_EXAMPLES[kind]}.", weight, kind)


def _weight(kind: Kind, opinion: Opinion, counts: float) -> float:
    average = sum(opinion.evidence.values()) / len(opinion.evidence)
    return round(counts * (opinion.evidence[kind] - average), 2)


def _alarm(judgement: Judgement, alarm: float, trust: Trust) -> Reason | None:
    if alarm <= trust.alarm_from:
        return None
    return Reason(
        "sensitive wording",
        f"The wording{_quoted(judgement.words.alarming)} is like that of messages that need a person at once.",
    )


def _doubt(judgement: Judgement, alarm: float) -> Reason | None:
    """Mail of ours that might be sensitive is answered by itself only where its kind is all the surer."""
    if _chance(alarm) < _WORTH_TELLING:
        return None
    return Reason(
        "perhaps sensitive",
        f"The wording{_quoted(judgement.words.alarming)} might be that of a sensitive message, which lowers the confidence.",
    )


def _chance(log_odds: float) -> float:
    return 1 / (1 + math.exp(-max(-30.0, min(30.0, log_odds))))


def _quoted(words: Sequence[str]) -> str:
    return f" ({', '.join(f'“{word}”' for word in words)})" if words else ""
