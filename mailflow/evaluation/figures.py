"""The figures by their names: what floors are asked for by, what a machine reads, and what each means."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from mailflow.evaluation.confidence import calibration_error
from mailflow.evaluation.details import FIELDS
from mailflow.evaluation.report import Report


@dataclass(frozen=True, slots=True)
class Figure:
    """What a figure tells, in words, and how it is taken from a report; None where there was nothing to measure it on."""

    meaning: str
    of: Callable[[Report], float | None]


def _field(name: str) -> Figure:
    return Figure("of training mail, right (nothing, where nothing is said)", lambda on: on.details.by_field[name].right)


FIGURES: Mapping[str, Figure] = {
    "macro_f1": Figure("F1 of the kinds, each kind counting the same", lambda on: on.kinds.macro_f1),
    "accuracy": Figure("of all mail, taken for the right kind", lambda on: on.kinds.accuracy),
    "also": Figure("of second kinds, by label or by mailflow, the same by both", lambda on: on.kinds.also),
    "people_kept": Figure("of people's mail, not ignored as a machine's", lambda on: on.kinds.people_kept),
    "calibration_error": Figure("how far confidence and truth are apart", lambda on: calibration_error(on.confidence)),
    "coverage": Figure("of all mail, answered, filed or ignored without a person", lambda on: on.answering.now.coverage),
    "settled_precision": Figure("of that, rightly", lambda on: on.answering.now.settled_precision),
    "answered": Figure("of all mail, answered by itself", lambda on: on.answering.now.answered_share),
    "reply_precision": Figure("of that, rightly", lambda on: on.answering.now.reply_precision),
    "sensitive_recall": Figure("of sensitive mail, raises the alarm", lambda on: on.alarms.recall),
    "alarm_precision": Figure("of the alarms, true", lambda on: on.alarms.precision),
    "false_alarms": Figure("of all other mail, raises the alarm, too", lambda on: on.alarms.false_alarm_rate),
    "sensitive_answered": Figure("sensitive messages that are answered by themselves", lambda on: len(on.alarms.answered)),
    "new_text_exact": Figure("of new texts, end with the right words", lambda on: on.new_text.exact),
    "new_text_f1": Figure("F1 of the words of the new text, on average", lambda on: on.new_text.f1),
    "lines_lost": Figure(
        "lines of senders' that the new text lacks", lambda on: on.new_text.lines_lost if on.new_text.messages else None
    ),
    **{name: _field(name) for name in FIELDS},
    "identifiers_recall": Figure("of labelled identifiers, found", lambda on: on.stories.all_sorts.recall),
    "identifiers_covered": Figure("of them, marked whole wherever they stand", lambda on: on.stories.coverage),
    "identifiers_precision": Figure("of the marks, right", lambda on: on.stories.all_sorts.precision),
    "consent": Figure("of labelled consents, read rightly", lambda on: on.stories.consent),
}


def take_figures(report: Report) -> dict[str, float | None]:
    """Every figure of a report by its name."""
    return {name: figure.of(report) for name, figure in FIGURES.items()}
