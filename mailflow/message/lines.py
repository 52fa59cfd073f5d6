"""A text as lines that can be marked as folded."""

from dataclasses import dataclass

from mailflow.domain import FoldReason

MOST_LINES = 20_000  # of a text that are looked at, some four hundred pages; what stands below is never folded


@dataclass(slots=True)
class Line:
    """The line `text[start:end]`; `reason` says why it is folded, `cut` how many of its first characters are not."""

    start: int
    end: int
    text: str  # without indentation
    indent: int = 0  # how many characters of indentation were left out of `text`
    reason: FoldReason | None = None
    cut: int = 0

    @property
    def folded_from(self) -> int:
        """Where in the whole text the folded part of the line starts."""
        return self.start + self.cut

    @property
    def blank(self) -> bool:
        """Whether nothing stands in the line."""
        return not self.text


def split_lines(text: str) -> list[Line]:
    """The first MOST_LINES lines of a text, none of them marked."""
    lines: list[Line] = []
    position = 0
    for raw in text.split("\n", MOST_LINES)[:MOST_LINES]:
        lines.append(Line(position, position + len(raw), raw.strip(), len(raw) - len(raw.lstrip())))
        position += len(raw) + 1
    return lines


def segments(lines: list[Line]) -> list[list[Line]]:
    """The runs of lines that are not folded."""
    runs: list[list[Line]] = []
    open_run = False
    for line in lines:
        if line.reason is not None:
            open_run = False
        elif open_run:
            runs[-1].append(line)
        else:
            runs.append([line])
            open_run = True
    return runs


def paragraphs(lines: list[Line]) -> list[list[Line]]:
    """The runs of lines with something in them."""
    runs: list[list[Line]] = [[]]
    for line in lines:
        if not line.blank:
            runs[-1].append(line)
        elif runs[-1]:
            runs.append([])
    return [run for run in runs if run]
