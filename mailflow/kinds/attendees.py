"""How many people a session is for, as somebody writes it: "15-20", "a dozen", "9 of us + 2", "all 43 of us".

Every number that is not a time, a date, a sum of money or a room is weighed by the words around it.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from mailflow.kinds import attendee_words as words
from mailflow.kinds.attendee_sums import add_up
from mailflow.kinds.head_words import OTHERS, counts_people
from mailflow.kinds.number_words import in_digits

_CERTAIN = 9  # the weight from which a number is the whole, whatever else is counted


@dataclass(frozen=True, slots=True)
class _Count:
    position: int
    weight: int
    low: int
    high: int | None


def count_attendees(text: str) -> int | tuple[int, int] | None:
    """The number of people, or its range; None where no number is said, or only one of something else."""
    text = in_digits(text)
    if bounds := words.LOW_HIGH.search(text):
        low, high = int(bounds["n"]), int(bounds["m"] or bounds["most"] or bounds["maybe"])
        if low < high:
            return low, high
    # The most telling first; of equals, what is said last stands.
    best = max(_counts(text), key=lambda count: (count.weight, count.position), default=None)
    if (best is None or best.weight < _CERTAIN) and (total := add_up(text, best.weight if best else 0)):
        return total
    if best is None:
        return None
    return (best.low, best.high) if best.high and best.high > best.low else best.low


def _counts(text: str) -> Iterator[_Count]:
    """Each number that may be one of people, with how much speaks for it (1 to 10)."""
    for match in words.SPAN.finditer(text):
        low, high = int(match["n"]), int(match["m"]) if match["m"] else None
        before = text[max(0, match.start() - 60) : match.start()]
        if high and words.GREW.search(before):
            low, high = high, None
        # "between nine and one" tells the time.
        if low < 2 or (low > 1500 and 1900 < low < 2100) or (high or low) < low:
            continue
        if weight := _weigh(before, text[match.end() : match.end() + 90]):
            yield _Count(match.start("n"), weight, low, high)


def _weigh(before: str, after: str) -> int:
    """How much the words around a number say that it counts those who would come; 0 where it counts something else."""
    far, whole = counts_people(after), words.TOTAL_AFTER.match(after)
    if far is None and not whole:
        return 0
    if far == OTHERS:
        return 3 if words.WE_ARE.search(before) else 0
    # The first that holds.
    signs = (
        (10, words.LABEL.search(before)),
        (0, words.NOT_THEM.search(before) or words.OTHERS.match(after)),
        (1, words.SHARE.match(after)),
        (9, whole or (far == 0 and words.TOTAL_BEFORE.search(before))),
        (8, words.WE_ARE.search(before)),
        (7, far == 1 or words.COME.match(after) or words.COUNTED.search(before)),
        (3, words.SOME_OF_US.match(after)),
        (6, words.OF_US.match(after)),
        (5, far or words.BOUND.search(before)),
        (0, words.SOFT.search(before)),
        # "students (28)", "Chaplaincy volunteers, 15, any weekday", "24 now"
        (5, words.IN_BRACKETS.search(before) and words.BRACKET_ENDS.match(after)),
        (5, words.APART.search(before) and words.SO_FAR.match(after)),
        (4, words.ROUGHLY.search(before) and words.ENDS.match(after)),
        (2, words.APART.search(before) and words.ENDS.match(after)),
    )
    return next((weight for weight, holds in signs if holds), 0)
