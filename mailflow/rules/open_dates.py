"""The open sessions of rules.toml, changed as a person would by hand: only the lines of one entry, and no comment is lost.

Each function takes the file's text and gives the new one. The text must be one that `rules.parse` takes.
"""

import tomllib
from datetime import date
from typing import Any

import tomlkit

from mailflow.errors import UserError
from mailflow.rules.lines import find_lines
from mailflow.rules.values import OpenSession

_TABLE = "open_sessions"


def add(text: str, session: OpenSession) -> str:
    """With one more entry, before the first that is later."""
    lines, spans = text.splitlines(), _spans(text)
    entry = tomlkit.document()
    entry.append(_TABLE, tomlkit.item([_values(session)]))
    block = tomlkit.dumps(entry).strip().splitlines()
    later = (span for span in spans if _day(lines, span) > session.date)
    if span := next(later, None):
        start = span.start
        while start and lines[start - 1].startswith("#"):
            start -= 1
        lines[start:start] = [*block, ""]
    else:
        end = spans[-1].stop if spans else len(lines)
        lines[end:end] = ["", *block]
    return _joined(lines)


def change(text: str, number: int, session: OpenSession) -> str:
    """With other values in an entry, by its number from 0. Raises UserError where there is none."""
    lines, span = text.splitlines(), _span(text, number)
    entry = tomlkit.parse(_joined(lines[span.start : span.stop]))
    table: Any = entry[_TABLE]
    for name, value in _values(session).items():
        if table[0][name] != value:
            table[0][name] = value
    lines[span.start : span.stop] = tomlkit.dumps(entry).splitlines()
    return _joined(lines)


def remove(text: str, number: int) -> str:
    """Without an entry, by its number from 0. Raises UserError where there is none."""
    lines, span = text.splitlines(), _span(text, number)
    blank_too = span.stop < len(lines) and not lines[span.stop].strip()
    del lines[span.start : span.stop + blank_too]
    return _joined(lines)


def _values(session: OpenSession) -> dict[str, object]:
    return {"date": session.date, "time": session.time, "format": session.format, "place": session.place}


def _span(text: str, number: int) -> range:
    spans = _spans(text)
    if number >= len(spans):
        raise UserError("There is no such date any more. Nothing was changed: look at the list as it is now.")
    return spans[number]


def _spans(text: str) -> list[range]:
    """The lines of each entry, from 0: from its heading to the end of its last value."""
    lines, places = text.splitlines(), find_lines(text)
    spans = []
    number = 0
    while (heading := places.get((_TABLE, number))) is not None:
        last = max(line for path, line in places.items() if path[:2] == (_TABLE, number))
        spans.append(range(heading - 1, _value_ends(lines, last)))
        number += 1
    return spans


def _value_ends(lines: list[str], line: int) -> int:
    """The line after a value that begins on a line, both from 1; a text between \"\"\" may stand on several."""
    for end in range(line, len(lines)):
        try:
            tomllib.loads("\n".join(lines[line - 1 : end]))
        except tomllib.TOMLDecodeError:
            continue
        return end
    return len(lines)


def _day(lines: list[str], span: range) -> date:
    day: date = tomllib.loads(_joined(lines[span.start : span.stop]))[_TABLE][0]["date"]
    return day


def _joined(lines: list[str]) -> str:
    return "\n".join(lines) + "\n"
