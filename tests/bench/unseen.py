"""How the whole room does on mail that the model has not learnt from: the rules as shipped, the wording out of fold."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from mailflow.classify import Classifier
from mailflow.classify.judgement import Judgement, Trust
from mailflow.domain import Kind, Verdict
from mailflow.learning.examples import Example
from mailflow.rules import ReplyPolicy, Rules


@dataclass(frozen=True)
class Recalled:
    """Judges each message as the model did that had not seen it."""

    judgements: dict[tuple[str, str], Judgement]
    trust: Trust

    def judge(self, subject: str, text: str) -> Judgement:
        return self.judgements[subject, text]


def classify_unseen(examples: Sequence[Example], judgements: Sequence[Judgement], rules: Rules, trust: Trust) -> list[Verdict]:
    """The verdict on each example, as on a message that arrives tomorrow."""
    texts = [(example.subject, example.text) for example in examples]
    classifier = Classifier(rules, Recalled(dict(zip(texts, judgements, strict=True)), trust))
    return [classifier.classify(example.email()) for example in examples]


@dataclass(frozen=True)
class Figures:
    """Shares from 0 to 1. `answered` is of all mail; `answered_rightly` of what is answered."""

    macro_f1: float
    accuracy: float
    sure: float  # share of mail at or above its kind's confidence, and not sensitive: needs no person to be filed
    sure_rightly: float
    answered: float
    answered_rightly: float  # kind right, and not sensitive by its label
    sensitive_answered: int
    sensitive_recall: float
    false_alarms: float
    humans_taken_for_machines: float


def measure(examples: Sequence[Example], verdicts: Sequence[Verdict], rules: Rules) -> Figures:
    """The figures of a set of verdicts."""
    pairs = list(zip(examples, verdicts, strict=True))
    sure = [(e, v) for e, v in pairs if v.confidence >= rules.kinds[v.kind].confidence and not v.sensitive]
    answered = [(e, v) for e, v in sure if rules.kinds[v.kind].reply is ReplyPolicy.ACKNOWLEDGE]
    rightly = [(e, v) for e, v in answered if e.kind is v.kind and not e.sensitive]
    sensitive = [v for e, v in pairs if e.sensitive]
    ordinary = [v for e, v in pairs if not e.sensitive]
    humans = [v for e, v in pairs if e.kind is not Kind.AUTOMATIC]
    machines = [v for v in humans if v.kind is Kind.AUTOMATIC and v.confidence >= rules.kinds[Kind.AUTOMATIC].confidence]
    return Figures(
        macro_f1=sum(_f1(pairs, kind) for kind in Kind) / len(Kind),
        accuracy=sum(e.kind is v.kind for e, v in pairs) / len(pairs),
        sure=len(sure) / len(pairs),
        sure_rightly=sum(e.kind is v.kind for e, v in sure) / len(sure),
        answered=len(answered) / len(pairs),
        answered_rightly=len(rightly) / len(answered),
        sensitive_answered=sum(e.sensitive for e, _ in answered),
        sensitive_recall=sum(v.sensitive for v in sensitive) / len(sensitive),
        false_alarms=sum(v.sensitive for v in ordinary) / len(ordinary),
        humans_taken_for_machines=len(machines) / len(humans),
    )


def _f1(pairs: Sequence[tuple[Example, Verdict]], kind: Kind) -> float:
    both = sum(e.kind is kind and v.kind is kind for e, v in pairs)
    return 2 * both / (sum(e.kind is kind for e, _ in pairs) + sum(v.kind is kind for _, v in pairs))


def report(examples: Sequence[Example], verdicts: Sequence[Verdict], rules: Rules) -> str:
    """Figures, confusion matrix (a row a true kind) and calibration, to be read."""
    lines = [f"{name:26} {value:.3f}" for name, value in vars(measure(examples, verdicts, rules)).items()]
    taken = Counter((e.kind, v.kind) for e, v in zip(examples, verdicts, strict=True))
    lines.append(f"{'':10}" + "".join(f"{kind:>10}" for kind in Kind))
    lines += [f"{kind:10}" + "".join(f"{taken[kind, other]:10}" for other in Kind) for kind in Kind]
    for low in range(3, 10):
        inside = [e.kind is v.kind for e, v in zip(examples, verdicts, strict=True) if low <= v.confidence * 10 < low + 1]
        if inside:
            lines.append(f"confidence {low / 10} to {low / 10 + 0.1:.1f}: right {sum(inside) / len(inside):.2f} of {len(inside)}")
    return "\n".join(lines)
