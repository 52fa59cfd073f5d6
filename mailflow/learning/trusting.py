"""How far the judges and the rules are to be trusted: found on messages that no judge has learnt from."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
from scipy.optimize import minimize
from sklearn.linear_model import LogisticRegression

from mailflow.classify.judgement import Judgement, Trust
from mailflow.classify.match import Matcher
from mailflow.domain import Kind, Reason
from mailflow.learning.examples import Example

_FALSE_ALARMS = 0.06  # the share of ordinary mail that may be called sensitive, by the team's words or by the judges
_HELD_NEAR = 0.5  # how strongly the counts are held near 0.5, in squared log-odds over all examples: hardly
_KINDS = tuple(Kind)


def fit_trust(examples: Sequence[Example], judgements: Sequence[Judgement], matcher: Matcher) -> Trust:
    """The Trust under which a confidence of 0.8 is right in eight of ten unseen messages."""
    matched = [matcher.match(example.email()) for example in examples]
    evidence = np.array([_evidence(judgement, reasons) for judgement, reasons in zip(judgements, matched, strict=True)])
    right = np.array([_KINDS.index(example.kind) for example in examples])
    found = minimize(_loss, [0.5, 0.5, 0.5, *(0.0 for _ in _KINDS)], args=(evidence, right), method="L-BFGS-B")
    words, sense, rules, *adds = (round(float(value), 3) for value in found.x)
    trust = Trust(max(words, 0.0), max(sense, 0.0), max(rules, 0.0), dict(zip(_KINDS, adds, strict=True)))
    shares = [trust.weigh(judgement, reasons) for judgement, reasons in zip(judgements, matched, strict=True)]
    trust = _fit_alarm(examples, judgements, shares, trust)
    alarms = [trust.raise_alarm(judgement, share) for judgement, share in zip(judgements, shares, strict=True)]
    return replace(trust, alarm_from=_find_bar(examples, alarms, matcher))


def _evidence(judgement: Judgement, reasons: Sequence[Reason]) -> list[list[float]]:
    """For each kind: what the words, the sense and the rules say for it."""
    ruled = dict.fromkeys(_KINDS, 0.0)
    for reason in reasons:
        if reason.kind and reason.weight:
            ruled[reason.kind] += reason.weight
    return [[judgement.words.evidence[kind], judgement.sense.evidence[kind], ruled[kind]] for kind in _KINDS]


def _loss(counts: "np.ndarray", evidence: "np.ndarray", right: "np.ndarray") -> float:
    """The negative log-likelihood of the right kinds."""
    points = evidence @ counts[:3] + counts[3:]
    points = points - points.max(axis=1, keepdims=True)
    chances = points - np.log(np.exp(points).sum(axis=1, keepdims=True))
    held = _HELD_NEAR * (np.sum((counts[:3] - 0.5) ** 2) + np.sum(counts[3:] ** 2))
    return float(held - chances[np.arange(len(right)), right].sum())


def _fit_alarm(
    examples: Sequence[Example], judgements: Sequence[Judgement], shares: Sequence[Mapping[Kind, float]], trust: Trust
) -> Trust:
    """Makes the alarm the log-odds of being sensitive."""
    known = [
        [judgement.words.alarm, judgement.sense.alarm, *share.values()]
        for judgement, share in zip(judgements, shares, strict=True)
    ]
    fitted = LogisticRegression(max_iter=1000).fit(known, [example.sensitive for example in examples])
    words, sense, *by_kind = (float(value) for value in fitted.coef_[0])
    # The shares add up to one, so that the intercept may be given to each kind.
    always = float(fitted.intercept_[0])
    adds = {kind: round(value + always, 3) for kind, value in zip(shares[0], by_kind, strict=True)}
    return replace(trust, words_alarm=round(words, 3), sense_alarm=round(sense, 3), alarm_by_kind=adds)


def _find_bar(examples: Sequence[Example], alarms: Sequence[float], matcher: Matcher) -> float:
    """The lowest bar with which no more of the ordinary mail is called sensitive than is bearable."""
    ordinary = [(example, alarm) for example, alarm in zip(examples, alarms, strict=True) if not example.sensitive]
    quiet = sorted((alarm for example, alarm in ordinary if not matcher.match_sensitive(example.email())), reverse=True)
    bearable = int(_FALSE_ALARMS * len(ordinary)) - (len(ordinary) - len(quiet))
    return round(quiet[max(0, bearable)], 3)
