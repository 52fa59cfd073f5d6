"""What pydantic found wrong in a setting, as one sentence: the name of the variable, and what to write."""

from collections.abc import Iterator, Mapping
from typing import Any

from pydantic import ValidationError

_WHAT_TO_WRITE = {
    "int": "write a whole number",
    "float": "write a number",
    "finite": "write a number",
    "datetime": "write a date such as 2026-12-01",
    "timezone": "write a date such as 2026-12-01",
    "greater_than": "write a number above {gt:g}",
    "greater_than_equal": "write {ge:g} or more",
    "less_than_equal": "write {le:g} or less",
    "enum": "write {expected}",
    "literal_error": "write {expected}",
    "path_type": "write the name of a file or folder",
}


def sentences(error: ValidationError) -> Iterator[str]:
    """One sentence for each setting that is wrong; the value is not repeated, as it may be a secret."""
    for problem in error.errors(include_url=False, include_input=False):
        yield f"MAILFLOW_{str(problem['loc'][0]).upper()}: {_complaint(problem)}."


def _complaint(problem: Mapping[str, Any]) -> str:
    sort, context = problem["type"], problem.get("ctx", {})
    if sort == "value_error":
        return str(context["error"])
    plain = _WHAT_TO_WRITE.get(sort) or _WHAT_TO_WRITE.get(sort.split("_")[0], "this value cannot be read; see the README")
    return plain.format(**{**context, "expected": str(context.get("expected", "")).replace("'", "")})
