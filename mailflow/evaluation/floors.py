"""Floors and ceilings: figures that must not fall below, or rise above, what was asked for."""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from mailflow.errors import UserError


@dataclass(frozen=True, slots=True)
class Bound:
    """A figure's name, and what it must reach at least, or (`ceiling`) may reach at most."""

    name: str
    figure: float
    ceiling: bool = False


def read_bounds(least: Sequence[str], most: Sequence[str], names: Sequence[str]) -> list[Bound]:
    """Bounds as they are written, NAME=FIGURE. Raises UserError for each that cannot be read."""
    bounds, problems = [], []
    for written, ceiling in (*((each, False) for each in least), *((each, True) for each in most)):
        name, _, figure = (part.strip() for part in written.partition("="))
        if name not in names:
            problems.append(f"{written!r} names no figure; write one of {', '.join(names)}, as in macro_f1=0.9.")
            continue
        try:
            bounds.append(Bound(name, _finite(figure), ceiling))
        except ValueError:
            problems.append(f"{written!r} has no number; write for example {name}=0.9.")
    if problems:
        raise UserError(*problems)
    return bounds


def broken(bounds: Sequence[Bound], figures: Mapping[str, float | None]) -> Iterator[str]:
    """One sentence for each bound that does not hold. What cannot be measured does not hold."""
    for bound in bounds:
        figure = figures[bound.name]
        asked = f"{'at most' if bound.ceiling else 'at least'} {bound.figure:g} is asked for"
        if figure is None:
            yield f"{bound.name}: there is nothing to measure it on, and {asked}."
        elif not (figure <= bound.figure if bound.ceiling else figure >= bound.figure):
            yield f"{bound.name} is {figure:.4g}, and {asked}."


def _finite(written: str) -> float:
    figure = float(written)
    if not math.isfinite(figure):
        raise ValueError(written)
    return figure
