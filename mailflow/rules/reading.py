"""Reads rules.toml. Every mistake becomes one sentence: file, line, key, and what to write instead."""

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from mailflow.errors import UserError
from mailflow.rules.lines import Key, find_lines, line_of
from mailflow.rules.sentences import describe, say_key
from mailflow.rules.values import Rules


def load(path: Path) -> Rules:
    """The rules of a file. Raises UserError with a sentence for each mistake, or where the file cannot be read."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        raise UserError(f"{path}: there is no such file; copy the one that came with mailflow, or set MAILFLOW_RULES.") from None
    except UnicodeDecodeError as error:
        raise UserError(f"{path}: byte {error.start} is not UTF-8; save the file again with the encoding UTF-8.") from None
    except OSError as error:
        raise UserError(f"{path}: cannot be read ({error.strerror}); check the name and the permissions of the file.") from None
    return parse(text, path)


def parse(text: str, source: Path) -> Rules:
    """The rules in a text; `source` is the file it is from, for the error sentences. Raises UserError."""
    text = text.replace("\r\n", "\n")
    try:
        written = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise UserError(_syntax(str(error), text, source)) from None
    except RecursionError:
        raise UserError(f"{source}: lists or tables stand too deep within others; no key needs that.") from None
    try:
        rules = Rules.model_validate(written | {"source": source})
    except ValidationError as error:
        lines = find_lines(text)
        problems = _causes(error.errors(include_url=False))
        found = [(_nearest(problem["loc"], lines), describe(problem, written)) for problem in problems]
        raise UserError(*_in_order(found, source)) from None
    if doubled := list(_doubles(rules, find_lines(text))):
        raise UserError(*_in_order(doubled, source))
    return rules


def _causes(problems: list[ErrorDetails]) -> list[ErrorDetails]:
    """Without those that only follow from another one: a list whose only entry is wrong is not also too short."""
    paths = [problem["loc"] for problem in problems]
    return [
        problem
        for problem in problems
        if problem["type"] != "too_short" or not any(path[:-1] == problem["loc"] for path in paths)
    ]


def _in_order(found: list[tuple[int, str]], source: Path) -> list[str]:
    return [f"{source}, line {line}: {sentence}" for line, sentence in sorted(found, key=lambda pair: pair[0])]


def _nearest(path: Key, lines: dict[Key, int]) -> int:
    return line_of(tuple(part for part in path if part != "[key]"), lines)


def _doubles(rules: Rules, lines: dict[Key, int]) -> Iterator[tuple[int, str]]:
    """Names that stand twice: the second is pointed at, the first is named."""
    named = {
        ("rules", "name"): [rule.name for rule in rules.rules],
        ("departments", "name"): [department.name for department in rules.departments],
        ("questions", "question"): [question.question for question in rules.questions],
    }
    for (table, key), names in named.items():
        first: dict[str, int] = {}
        for index, name in enumerate(names):
            line = line_of((table, index, key), lines)
            if name.casefold() in first:
                yield line, f'{say_key((table, index, key))} "{name}" is taken by line {first[name.casefold()]}; write another.'
            first.setdefault(name.casefold(), line)


_PLAIN = (
    ("Cannot overwrite", "this key is written twice in one table; keep one of the two"),
    ("Cannot declare", "this table is written twice; keep its keys together under one heading"),
    ("Unterminated", "a text or list that was opened is not closed; add the missing quote or bracket"),
    ("Illegal character", "a text is not closed on its line; add the missing quote"),
    ("Unclosed array", "a list is not closed, or a comma is missing between two of its texts; check the [ ] and the commas"),
    ("Unescaped '\\'", "a \\ must be doubled in \"…\"; put patterns between '…', where it needs not be"),
    ("Invalid value", 'this value cannot be read; put texts between quotes, as in folder = "Training"'),
    ("Expected '='", "a line must read key = value, as in weight = 2"),
    ("Expected newline", "there is more on this line than one key = value; begin a new line, or check the quotes"),
)


def _syntax(message: str, text: str, source: Path) -> str:
    where = re.search(r" \(at (?:line (\d+), column \d+|end of document)\)$", message)
    line = int(where[1]) if where and where[1] else text.rstrip().count("\n") + 1
    bare = message[: where.start()] if where else message
    if where and not where[1] and not bare.startswith("Cannot"):
        return f"{source}, line {line}: the file ends in the middle of a list, a text or a line; complete or close it."
    meaning = next((plain for begin, plain in _PLAIN if bare.startswith(begin)), f"this is not TOML ({bare})")
    return f"{source}, line {line}: {meaning}."
