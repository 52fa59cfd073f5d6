"""A report as plain JSON: the figures by their names first, then what they are made of."""

from typing import Any

from mailflow.domain import Kind
from mailflow.domain.plain import reason_to_json
from mailflow.evaluation.answering import Settled
from mailflow.evaluation.figures import take_figures
from mailflow.evaluation.report import Report
from mailflow.evaluation.stories import SortScores
from mailflow.evaluation.worst import Case

Json = dict[str, Any]
_DIGITS = 4


def report_to_json(report: Report) -> Json:
    """`figures`, then a table for each of kinds, confidence, answering, alarms, new_text, details, stories and worst."""
    return {
        "messages": report.messages,
        "failed": list(report.failed),
        "figures": {name: _round(figure) for name, figure in take_figures(report).items()},
        "kinds": _kinds(report),
        "confidence": [
            {"from": band.low, "to": band.high, "messages": band.messages, "mean": _round(band.confidence), "right": band.right}
            for band in report.confidence
        ],
        "answering": {
            "now": _settled(report.answering.now),
            "curve": [{"confidence": at, **_settled(settled)} for at, settled in report.answering.curve],
        },
        "alarms": {
            "sensitive": report.alarms.sensitive,
            "ordinary": report.alarms.ordinary,
            "false_alarms": report.alarms.false_alarms,
            "missed": list(report.alarms.missed),
            "answered": list(report.alarms.answered),
        },
        "new_text": {
            "messages": report.new_text.messages,
            "ends_right": report.new_text.ends_right,
            "lost": [{"file": name, "lines": lines} for name, lines in report.new_text.lost],
        },
        "details": _details(report),
        "stories": _stories(report),
        "worst": [_case(case) for case in report.worst],
    }


def _kinds(report: Report) -> Json:
    kinds = report.kinds
    return {
        "confusion": {
            labelled.value: {judged.value: kinds.confusion.get((labelled, judged), 0) for judged in Kind} for labelled in Kind
        },
        "by_kind": {
            kind.value: {
                "labelled": figures.labelled,
                "precision": _round(figures.precision),
                "recall": _round(figures.recall),
                "f1": _round(figures.f1),
            }
            for kind, figures in kinds.by_kind.items()
        },
        "people_ignored": list(kinds.people_ignored),
    }


def _settled(settled: Settled) -> Json:
    return {
        "coverage": _round(settled.coverage),
        "settled_precision": _round(settled.settled_precision),
        "answered": _round(settled.answered_share),
        "reply_precision": _round(settled.reply_precision),
    }


def _details(report: Report) -> Json:
    fields = report.details.by_field
    return {
        "messages": report.details.messages,
        "taken_for_something_else": report.details.untaken,
        "by_field": {
            field: {
                "right": _round(scores.right),
                "right_where_said": _round(scores.right_where_said),
                "right_where_taken": _round(report.details.where_taken[field].right),
                "messages": {match.value: count for match, count in sorted(scores.counts.items())},
            }
            for field, scores in fields.items()
        },
    }


def _stories(report: Report) -> Json:
    stories = report.stories
    return {
        "stories": stories.stories,
        "taken_for_something_else": stories.untaken,
        "identifiers": _sort(stories.all_sorts),
        "identifiers_where_taken": _sort(stories.where_taken),
        "by_sort": {sort: _sort(scores) for sort, scores in stories.by_sort.items()},
        "consents": stories.consents,
        "consents_right": stories.consents_right,
    }


def _sort(scores: SortScores) -> Json:
    return {
        "labelled": scores.labelled,
        "recall": _round(scores.recall),
        "marked": scores.marked,
        "precision": _round(scores.precision),
    }


def _case(case: Case) -> Json:
    return {
        "file": case.name,
        "kind": case.kind.value,
        "confidence": _round(case.confidence),
        "faults": [fault.text for fault in case.faults],
        "reasons": [reason_to_json(reason) for reason in case.reasons],
    }


def _round(figure: float | None) -> float | None:
    return None if figure is None else round(figure, _DIGITS)
