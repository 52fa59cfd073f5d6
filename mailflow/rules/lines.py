r"""Where each key of a TOML text stands, so that a mistake can be pointed at by its line. The text must be valid TOML."""

import re
import tomllib
from collections.abc import Iterator

Key = tuple[str | int, ...]

_BLANK = re.compile(r"(?:[\s]|#[^\n]*)*")
_STATEMENT = re.compile(r"""(\[\[?)?((?:"(?:\\.|[^"\\])*"|'[^']*'|[^"'=\]])+)""")
_TOKEN = re.compile(
    r'(?P<text>"""(?:\\.|[^\\])*?"{3,5}|\'\'\'.*?\'{3,5}|"(?:\\.|[^"\\])*"|\'[^\']*\')'
    r"|(?P<open>[\[{])|(?P<close>[\]}])|(?P<comma>,)|(?P<newline>\n)|(?P<blank>[ \t\r]+|#[^\n]*)|(?P<plain>[^\s\"'\[\]{},#]+)",
    re.DOTALL,
)


def find_lines(text: str) -> dict[Key, int]:
    """The line (from 1) of every table, key and list element, under its path as pydantic names it: ("rules", 2, "words", 0)."""
    lines: dict[Key, int] = {}
    counts: dict[Key, int] = {}
    table: Key = ()
    position = _skip(text, 0)
    while match := _STATEMENT.match(text, position):
        line = text.count("\n", 0, position) + 1
        written = _parts(match[2])
        if match[1]:
            table = _numbered(written, counts, begins=match[1] == "[[")
            lines[table] = line
            lines.setdefault(table[:1], line)
            position = match.end() + len(match[1])
        else:
            path = (*table, *written)
            lines[path] = line
            position = _scan_value(text, match.end() + 1, path, lines)
        position = _skip(text, position)
    return lines


def line_of(path: Key, lines: dict[Key, int]) -> int:
    """The line of a path, or of the nearest thing around it that is written down; 1 where nothing is."""
    return next((lines[path[:end]] for end in range(len(path), 0, -1) if path[:end] in lines), 1)


def _skip(text: str, position: int) -> int:
    blank = _BLANK.match(text, position)
    return blank.end() if blank else position


def _parts(written: str) -> Key:
    """The parts of a dotted key, by TOML's own quoting rules."""

    def descend(value: object) -> Iterator[str]:
        while isinstance(value, dict):
            (name, value), *_ = value.items()
            yield name

    return tuple(descend(tomllib.loads(f"{written.strip()} = 0")))


def _numbered(written: Key, counts: dict[Key, int], begins: bool) -> Key:
    """The path with the number of each table that stands in a list; `begins` where the header opens one more."""
    path: Key = ()
    for depth, part in enumerate(written, 1):
        path = (*path, part)
        if begins and depth == len(written):
            counts[path] = counts.get(path, 0) + 1
        if path in counts:
            path = (*path, counts[path] - 1)
    return path


def _scan_value(text: str, position: int, path: Key, lines: dict[Key, int]) -> int:
    """Records the line of each element where the value is a list; returns the position after the value."""
    depth = index = 0
    while (token := _TOKEN.match(text, position)) and not (token.lastgroup == "newline" and depth == 0):
        position = token.end()
        if token.lastgroup == "close":
            depth -= 1
        elif token.lastgroup == "comma" and depth == 1:
            index += 1
        elif depth == 1 and token.lastgroup in ("text", "plain", "open"):
            lines.setdefault((*path, index), text.count("\n", 0, token.start()) + 1)
        if token.lastgroup == "open":
            depth += 1
    return position
