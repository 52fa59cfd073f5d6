"""Shares, from 0 to 1; of nothing there is none."""

from collections.abc import Collection


def share(part: float, whole: float) -> float | None:
    """What part of the whole; None where there is nothing to take it from."""
    return part / whole if whole else None


def f1(right: float, found: float, wanted: float) -> float | None:
    """The harmonic mean of precision (right of found) and recall (right of wanted); None where both are of nothing."""
    return share(2 * right, found + wanted)


def mean(values: Collection[float | None]) -> float | None:
    """The mean of those that are there; None where none is."""
    there = [value for value in values if value is not None]
    return share(sum(there), len(there))
