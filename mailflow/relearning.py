"""From corrections to better judges: what people have said is learnt with the examples, and measured on mail new to the judges.

Of every message it is asked what judges make of it that have learnt from the others only (cross-validation): once as they
are, without what was corrected since, and once with it. What does worse is not to be taken into use.
"""

import hashlib
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from sqlalchemy import Connection

from mailflow.classify.features import extract_features
from mailflow.classify.judgement import Judgement, Trust
from mailflow.classify.judges import Judges
from mailflow.classify.match import Matcher
from mailflow.classify.verdict import Classifier
from mailflow.classify.wording import deciding_text
from mailflow.deciding import House, settle, whose_fault
from mailflow.domain import Address, Email, History, Kind
from mailflow.errors import PermanentError
from mailflow.evaluation.alarms import score_alarms
from mailflow.evaluation.answering import Settled
from mailflow.evaluation.judging import Judged
from mailflow.evaluation.kinds import score_kinds
from mailflow.evaluation.label import Label
from mailflow.evaluation.labels import Labelled
from mailflow.learning.examples import Example
from mailflow.learning.folds import FOLDS, split
from mailflow.learning.trusting import fit_trust
from mailflow.learning.unseen import Recalled, judge_others
from mailflow.learning.weights import learn
from mailflow.store.lessons import Lesson, lessons

STEPS = 2 * FOLDS  # of measuring: each fold with what is new, and without
_COUNTS = 3.0  # a corrected message is learnt as so many examples: it is this team's own mail
_TOLD_FROM = 3  # conversations in which a word stood that is told as a reason: of fewer, one could be made out
_SOMEBODY = Address("", "somebody@writers.example")

Said = tuple[int, Kind, bool]  # a message's number, its kind, and whether it is sensitive
Step = tuple[int, list[int], list[int]]  # without what is new (0) or with it; the places to learn from, and to judge
Watch = Callable[[Sequence[Step]], Iterable[Step]]


@dataclass(frozen=True, slots=True)
class Taught:
    """A message of which a person has said what it is, read again."""

    message: int
    was: Kind  # what mailflow had taken it for
    example: Example = field(repr=False)
    email: Email = field(repr=False)

    @property
    def said(self) -> Said:
        """What the person said."""
        return self.message, self.example.kind, self.example.sensitive


@dataclass(frozen=True, slots=True)
class Figures:
    """How well judges do on mail new to them. Shares are of 1; None where there was nothing to measure it on."""

    macro_f1: float | None
    answered: float | None  # of all mail, answered by itself
    reply_precision: float | None  # of that, rightly
    sensitive_recall: float | None
    sensitive_answered: int  # messages
    corrected_right: int  # of the corrected messages, taken for what people say they are
    corrected_known: int = 0  # of them, by the judges that are or would be in use, whatever these have learnt from


@dataclass(frozen=True, slots=True)
class Relearnt:
    """New weights, how they do, and how the judges in use do on the same mail."""

    weights: bytes = field(repr=False)
    before: Figures
    after: Figures

    @property
    def worse(self) -> tuple[str, ...]:
        """The names of the figures that have become worse than chance would make them."""
        return tuple(name for name, bearable in _BEARABLE.items() if _loss(self.before, self.after, name) > bearable)


# How much of a figure may be lost: as much as it differs from one way of splitting the mail to another.
_BEARABLE = {"macro_f1": 0.005, "reply_precision": 0.005, "sensitive_recall": 0.01, "sensitive_answered": 0, "corrected_right": 0}


def read_taught(db: Connection, house: House) -> list[Taught]:
    """The messages that people have corrected or confirmed. What cannot be read is left out: nobody could learn from it."""
    taught = []
    for lesson in lessons(db):
        try:
            email = house.read(lesson.raw)
        except Exception as error:  # as the daemon would write it down
            if isinstance(fault := whose_fault(error), PermanentError):
                continue
            raise fault from None
        group = _conversation(lesson, email)
        example = Example(email.subject, deciding_text(email), lesson.kind, lesson.sensitive, group, _COUNTS)
        taught.append(Taught(lesson.message, lesson.was, example, email))
    return taught


def relearn(
    examples: Sequence[Example], taught: Sequence[Taught], known: Collection[Said], house: House, now: datetime, watch: Watch
) -> Relearnt:
    """Learns from examples and corrections. `known` is what the judges in use have learnt already.

    `watch` passes on the steps, of which there are STEPS, and may tell how far they are. Takes about a minute for two thousand
    examples.
    """
    everything = [*examples, *(one.example for one in taught)]
    new = frozenset(place for place, one in enumerate(taught, len(examples)) if one.said not in known)
    emails = [*(replace(example.email(), sender=_SOMEBODY) for example in examples), *(one.email for one in taught)]
    left_out: tuple[frozenset[int], ...] = (new, frozenset())
    said: tuple[dict[int, Judgement], ...] = ({}, {})
    folds = list(split(everything))
    steps = [
        (way, [place for place in seen if place not in without], judged)
        for way, without in enumerate(left_out)
        for seen, judged in folds
    ]
    for way, seen, judged in watch(steps):
        said[way].update(judge_others(everything, seen, judged))
    figures, trust = [], Trust()
    for judgements, without in zip(said, left_out, strict=True):
        learnt_from = [place for place in range(len(everything)) if place not in without]
        trust = _trust(everything, judgements, learnt_from, house)
        figures.append(_measure(everything, emails, judgements, trust, len(examples), house, now))
    weights = learn(everything, trust, count_moved(taught))
    classifiers = house.classifier, Classifier(house.rules, Judges(weights))
    known_by = [sum(each.classify(one.email).kind is one.example.kind for one in taught) for each in classifiers]
    before, after = (replace(each, corrected_known=number) for each, number in zip(figures, known_by, strict=True))
    return Relearnt(weights, before, after)


def count_moved(taught: Iterable[Taught]) -> dict[Kind, dict[str, int]]:
    """For each kind, in how many of the messages that people have moved there each word stood.

    Of words that stood in few conversations nothing is told, however many messages these have.
    """
    stood: dict[Kind, dict[str, list[str]]] = {kind: {} for kind in Kind}  # by word, the conversation of each message
    for one in taught:
        if one.example.kind is not one.was:
            words = extract_features(one.example.subject, one.example.text)["words"]
            for word in {word.removeprefix("s:") for word in words}:
                stood[one.example.kind].setdefault(word, []).append(one.example.group)
    told = {
        kind: {word: len(groups) for word, groups in sorted(words.items()) if len(set(groups)) >= _TOLD_FROM}
        for kind, words in stood.items()
    }
    return {kind: counts for kind, counts in told.items() if counts}


def _conversation(lesson: Lesson, email: Email) -> str:
    """Whose conversation it is: by its writer, whose name stands below all that they write. The address itself is not told."""
    writer = lesson.requester or (email.sender.address if email.sender else None)
    if writer:
        return hashlib.sha256(writer.encode()).hexdigest()[:16]
    return f"message {lesson.message}" if lesson.case_id is None else f"case {lesson.case_id}"


def _trust(everything: Sequence[Example], judgements: Mapping[int, Judgement], places: Sequence[int], house: House) -> Trust:
    return fit_trust([everything[place] for place in places], [judgements[place] for place in places], Matcher(house.rules))


def _measure(
    everything: Sequence[Example],
    emails: Sequence[Email],
    judgements: Mapping[int, Judgement],
    trust: Trust,
    corrected_from: int,
    house: House,
    now: datetime,
) -> Figures:
    texts = [(email.subject, deciding_text(email)) for email in emails]
    recalled = Recalled({text: judgements[place] for place, text in enumerate(texts)}, trust)
    judged = list(_judge(everything, emails, Classifier(house.rules, recalled), house, now))
    answering, alarms = Settled.of(judged), score_alarms(judged)
    return Figures(
        macro_f1=score_kinds(judged).macro_f1,
        answered=answering.answered_share,
        reply_precision=answering.reply_precision,
        sensitive_recall=alarms.recall,
        sensitive_answered=len(alarms.answered),
        corrected_right=sum(one.kind is one.label.kind for one in judged[corrected_from:]),
    )


def _judge(
    everything: Sequence[Example], emails: Sequence[Email], classifier: Classifier, house: House, now: datetime
) -> Iterator[Judged]:
    """Each as if it arrived now; what it says besides its kind is not understood, for that is not what is learnt."""
    for place, (example, email) in enumerate(zip(everything, emails, strict=True)):
        label = Label(kind=example.kind, sensitive=example.sensitive, text="")
        plan = settle(email, classifier.classify(email), None, house, History(), now, now)
        yield Judged(Labelled(str(place), label, example.group, None), plan)


def _loss(before: Figures, after: Figures, name: str) -> float:
    """How much of a figure is lost; of mail that must not be answered, how much more is."""
    old, new = getattr(before, name), getattr(after, name)
    if old is None or new is None:
        return 0.0
    return float(new - old if name == "sensitive_answered" else old - new)
