"""What pydantic found wrong in rules.toml, as sentences for people who are no programmers."""

import difflib
from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel
from pydantic_core import ErrorDetails

from mailflow.domain import Kind
from mailflow.rules.lines import Key
from mailflow.rules.values import Rules

_WRONG_VALUE = {
    "string_type": 'must be a text between quotes, as in "Training"',
    "float_parsing": "must be a number, as in 1.5",
    "float_type": "must be a number, as in 1.5",
    "finite_number": "must be an ordinary number, as in 1.5",
    "int_parsing": "must be a whole number, as in 3",
    "int_type": "must be a whole number, as in 3",
    "int_from_float": "must be a whole number, as in 3",
    "tuple_type": 'must be a list between [ and ], as in ["one", "two"]',
    "dict_type": "must be a table with keys of its own",
    "model_type": "must be a table with keys of its own",
    "model_attributes_type": "must be a table with keys of its own",
    "date": "is no date; write it as 2027-01-14",
    "time": 'is no time of day; write it as "08:00"',
    "too_short": "must have at least one entry",
}


def describe(problem: ErrorDetails, written: Mapping[str, Any]) -> str:
    """One sentence: the key, what is wrong with it, what to write instead. `written` is the file as read."""
    path, sort, context = problem["loc"], problem["type"], problem.get("ctx", {})
    match sort:
        case "missing":
            return f"{_owner(path[:-1], written)} has no `{path[-1]}`; add it."
        case "value_error":
            return f"{_owner(path, written)} {context['error']}."
        case _:
            sentence = f"{say_key(path)} {_complaint(problem, context)}"
            return sentence if sentence.endswith("?") else f"{sentence}."


def _complaint(problem: ErrorDetails, context: Mapping[str, Any]) -> str:
    path, sort, value = problem["loc"], problem["type"], problem["input"]
    if sort == "extra_forbidden":
        return f"is unknown{_suggest(str(path[-1]), _known_keys(path[:-1]))}"
    if path[-1] == "[key]":
        return f"is no kind of mail{_suggest(str(value), list(Kind))}"
    if sort in ("enum", "literal_error"):
        choices = [choice.strip("' ") for choice in str(context["expected"]).replace(" or ", ", ").split(", ")]
        return f'cannot be "{value}"{_suggest(str(value), choices)}'
    if sort in ("greater_than_equal", "less_than_equal"):
        limit, word = (context["ge"], "at least") if "ge" in context else (context["le"], "at most")
        return f"is {value}; write {word} {limit:g}"
    return _WRONG_VALUE.get(sort) or _WRONG_VALUE.get(sort.split("_")[0], problem["msg"])


def say_key(path: Key) -> str:
    """A path as the team finds it in the file: `weight` of rule 3."""
    names = [str(part) for part in path if isinstance(part, str) and part != "[key]"]
    numbers = [part + 1 for part in path if isinstance(part, int)]
    if not names:
        return "the file"
    if isinstance(path[-1], int) and len(names) > 1:
        return f"entry {numbers[-1]} of `{names[-1]}`"
    return f"`{names[-1]}`" if len(names) > 1 else f"`{'.'.join(names)}`"


def _owner(path: Key, written: Mapping[str, Any]) -> str:
    """What a complaint about a whole table is about: a rule by its name, anything else by its key."""
    value: Any = written
    for part in path:
        value = _within(value, part)
    if isinstance(value, dict) and path and isinstance(path[-1], int):
        title = value.get("name") or value.get("question")
        return f'"{title}"' if isinstance(title, str) else f"number {path[-1] + 1} of [[{path[0]}]]"
    return say_key(path)


def _within(value: Any, part: str | int) -> Any:
    if isinstance(value, list) and isinstance(part, int) and part < len(value):
        return value[part]
    return value.get(part) if isinstance(value, dict) else None


def _suggest(word: str, choices: list[str]) -> str:
    near = difflib.get_close_matches(word.lower(), choices, n=1, cutoff=0.6)
    return f"; did you mean `{near[0]}`?" if near else f"; write one of {', '.join(choices)}"


def _known_keys(path: Key) -> list[str]:
    """The keys that the table at `path` may hold."""
    model: type[BaseModel] = Rules
    for part in path:
        if isinstance(part, str) and part in model.model_fields:
            model = _table_within(model.model_fields[part].annotation) or model
    return [name for name in model.model_fields if name != "source"]


def _table_within(annotation: Any) -> type[BaseModel] | None:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    return next((found for part in getattr(annotation, "__args__", ()) if (found := _table_within(part))), None)
