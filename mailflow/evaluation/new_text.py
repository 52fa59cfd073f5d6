"""The new text: whether it ends where the sender's words end, and whether any of them are lost.

Labels tell its last words only. What it ought to be is taken to be the readable text up to where these first stand, without
lines that bear a mark of quotation (>), the line or two with a colon that introduce them, and a mail server's warning on top.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import dropwhile

from mailflow.evaluation.judging import Judged
from mailflow.evaluation.shares import f1, mean, share

_WORD = re.compile(r"\w+")
_DIGIT = re.compile(r"\d")
_WARNING = re.compile(
    r"(?i)^\W*(?:external|caution|warning)\W+(?:(?:this|external) )?(?:e-?mail|message|sender|was sent)\b"
    r"|\b(?:came|originate[ds]?|sent) from (?:an )?(?:outside|external)\b"
    r"|\boften (?:get|receive) e-?mails? from\b|\b(?:links|attachments) (?:and|or) (?:open )?(?:links|attachments)\b"
)


@dataclass(frozen=True, slots=True)
class NewTextMatch:
    """How one new text compares: whether its end is right, its token-F1, and the lines of the sender's that it lacks."""

    ends_right: bool
    f1: float
    lost: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class NewTextScores:
    """`lost` counts, by the message's name, the lines of the sender's that the new text lacks."""

    messages: int
    ends_right: int
    f1: float | None  # the mean over the messages
    lost: tuple[tuple[str, int], ...]

    @property
    def exact(self) -> float | None:
        """Of the messages whose label tells it, how many new texts end with the right words."""
        return share(self.ends_right, self.messages)

    @property
    def lines_lost(self) -> int:
        """In all messages together."""
        return sum(lines for _, lines in self.lost)


def score_new_text(judged: Sequence[Judged]) -> NewTextScores:
    """Compares every new text whose end is labelled."""
    matches = [(one.name, match) for one in judged if (match := match_new_text(one))]
    return NewTextScores(
        messages=len(matches),
        ends_right=sum(match.ends_right for _, match in matches),
        f1=mean([match.f1 for _, match in matches]),
        lost=tuple((name, len(match.lost)) for name, match in matches if match.lost),
    )


def match_new_text(one: Judged) -> NewTextMatch | None:
    """Compares one new text; None where nobody said how it ends. Words count, not punctuation, case or line breaks.

    Where the labelled words stand nowhere in the text, it has not been read: the F1 is 0.
    """
    if one.labelled.ending is None:
        return None
    found, ending = _words(one.new_text), _words(one.labelled.ending)
    wanted = list(_up_to(ending, _unwarned(_unquoted(one.text))))
    words = [word for line in wanted for word in _words(line)]
    shared = (Counter(found) & Counter(words)).total()
    alike = 1.0 if not found and not ending else f1(shared, len(found), len(words))
    return NewTextMatch(
        ends_right=found[-len(ending) :] == ending if ending else not found,
        f1=alike or 0.0,
        lost=tuple(line for line in wanted if not _holds(found, _words(line))),
    )


def _unquoted(text: str) -> list[str]:
    """The lines that bear no mark of quotation, and introduce none."""
    kept: list[str] = []
    below_introduction = quoted = False
    for line in reversed(text.split("\n")):
        if line.lstrip().startswith(">"):
            quoted, below_introduction = True, False
        elif not line.strip():
            below_introduction = False
        elif quoted and line.rstrip().endswith(":"):
            # Its date stands on the line above where it is wrapped: "On 3 March 2026 the EDI Centre / <...> wrote:".
            quoted, below_introduction = False, not _DIGIT.search(line)
        elif below_introduction and _DIGIT.search(line):
            below_introduction = False
        else:
            quoted = below_introduction = False
            kept.append(line)
    return kept[::-1]


def _unwarned(lines: Sequence[str]) -> Sequence[str]:
    """The lines without a mail server's warning above them."""
    return list(dropwhile(_WARNING.search, lines))


def _up_to(ending: list[str], lines: Sequence[str]) -> Iterator[str]:
    """The lines up to where the ending first stands, the last of them cut there; none where it stands nowhere."""
    counts = [len(_words(line)) for line in lines]
    words = [word for line in lines for word in _words(line)]
    starts = (start for start in range(len(words)) if ending and words[start : start + len(ending)] == ending)
    start = next(starts, None)
    left = 0 if start is None else start + len(ending)
    for line, count in zip(lines, counts, strict=True):
        if left <= 0:
            return
        yield line if count <= left else " ".join(_words(line)[:left])
        left -= count


def _holds(words: Sequence[str], line: Sequence[str]) -> bool:
    """Whether the words hold those of the line, in its order and next to each other."""
    return f" {' '.join(line)} " in f" {' '.join(words)} " if line else True


def _words(text: str) -> list[str]:
    return _WORD.findall(text.lower())
