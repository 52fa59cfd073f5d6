"""How `mailflow learn` tells what was learnt, what it is worth, and what is in use: for people, or as JSON."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import tzinfo

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table

from mailflow.domain.plain import Json
from mailflow.learnt import InUse, KeptWeights
from mailflow.relearning import Figures, Relearnt

_MEANINGS = {
    "macro_f1": "F1 of the kinds, each kind counting the same",
    "answered": "of all mail, answered by itself",
    "reply_precision": "of that, rightly",
    "sensitive_recall": "of sensitive mail, raises the alarm",
    "sensitive_answered": "sensitive messages that are answered by themselves",
    "corrected_right": "corrected messages that are taken for what people say they are",
    "corrected_known": "the same, by judges that have learnt from these very messages",
}


def relearnt_to_json(learnt: Relearnt, corrections: int, new: int, taken: KeptWeights | None) -> Json:
    """What other programs may rely on. `taken`: the name of what is in use now; null where it was not taken into use."""
    return {
        "corrections": corrections,
        "new": new,
        "before": asdict(learnt.before),
        "after": asdict(learnt.after),
        "worse": list(learnt.worse),
        "taken": taken.name if taken else None,
    }


def print_relearnt(learnt: Relearnt, corrections: int, new: int, taken: KeptWeights | None) -> None:
    """The figures before and after, and what follows."""
    console = Console(highlight=False)
    table = Table("Figure", "Before", "After", "Meaning", box=SIMPLE_HEAD, show_edge=False, pad_edge=False)
    for name, meaning in _MEANINGS.items():
        table.add_row(name, _figure(learnt.before, name), _figure(learnt.after, name), meaning)
    console.print(table)
    told = f"Learnt from {corrections} correction{'' if corrections == 1 else 's'}, {new} of them new."
    console.print(f"{told} Each figure but the last is of mail that the judges had not learnt from.", soft_wrap=True)
    console.print(_what_follows(learnt, taken), soft_wrap=True)


def _what_follows(learnt: Relearnt, taken: KeptWeights | None) -> str:
    if taken:
        return f"In use as {taken.name}; a running mailflow follows within a minute. `mailflow learn --undo` goes back."
    if learnt.worse:
        return f"Not taken into use, for it would do worse: {', '.join(learnt.worse)}. What was in use stays."
    return "Nothing is changed (--dry-run)."


def kept_to_json(found: InUse, kept: Sequence[KeptWeights]) -> Json:
    """What is in use (null: what mailflow comes with), and what is kept, the newest first."""
    return {
        "in_use": found.learnt.name if found.learnt else None,
        "problem": found.problem,
        "kept": [
            {"name": one.name, "at": one.at.isoformat(), "by": one.by, "corrections": len(one.said), "figures": one.figures}
            for one in kept
        ],
    }


def print_kept(found: InUse, kept: Sequence[KeptWeights], zone: tzinfo) -> None:
    """A line each, the newest first; at last what mailflow comes with."""
    in_use = found.learnt.name if found.learnt else None
    for one in kept:
        when = f"{one.at.astimezone(zone):%-d %B %Y %H:%M}"
        told = f"learnt from {len(one.said)} correction{'' if len(one.said) == 1 else 's'} on {when} by {one.by}"
        print(f"{one.name}: {told}{' (in use)' if one.name == in_use else ''}")
    print(f"What mailflow comes with{'' if in_use else ' (in use)'}")
    if found.problem:
        print(found.problem)


def _figure(of: Figures, name: str) -> str:
    figure = getattr(of, name)
    if figure is None:
        return "-"
    return str(figure) if isinstance(figure, int) else f"{figure:.3f}"
