"""Reads a labelled set: one JSON object a line, about a message in a file or with a subject and a text of its own.

What the labels mean is defined in tests/corpus/LABELS.md.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from email.message import EmailMessage
from email.policy import SMTP
from pathlib import Path

from pydantic import ValidationError

from mailflow.errors import UserError
from mailflow.evaluation.label import Label, complaints

_MOST_TOLD = 10  # problems of one file; the others are probably of the same sort
_FOLDER = "messages"
_SOMEBODY = "somebody@writers.example"


@dataclass(frozen=True, slots=True)
class Labelled:
    """A message and what people say of it. Messages of one `group` (a conversation) belong together."""

    name: str
    label: Label
    group: str
    ending: str | None  # the last words of the new text; "" where there is no new text, None where nobody said
    path: Path | None = None  # None: the message is the label's own subject and text

    def read_raw(self) -> bytes:
        """The message's bytes; a text becomes a plain mail of somebody's. Raises UserError where the file cannot be read."""
        if self.path is None:
            return _write_mail(self.label.subject, self.label.text or "")
        try:
            return self.path.read_bytes()
        except OSError as error:
            raise UserError(f"{self.path} cannot be read ({error.strerror}).") from None


def read_labels(paths: Sequence[Path]) -> list[Labelled]:
    """The labelled messages of one or more files, in order. Raises UserError, a sentence for each line that is wrong."""
    return [labelled for path in paths for labelled in _read_set(path)]


def _read_set(path: Path) -> list[Labelled]:
    problems: list[str] = []
    labels: dict[str, tuple[int, Label]] = {}
    for number, line in _lines(path):
        try:
            label = Label.model_validate_json(line)
        except ValidationError as error:
            problems += [f"{path.name} line {number}: {complaint}" for complaint in complaints(error)]
            continue
        name = label.file or label.id or f"{path.name}:{number}"
        if name in labels:
            problems.append(f"{path.name} line {number}: {name} stands in line {labels[name][0]} already; take one of them out.")
        elif label.file is not None and _find(path, label.file) is None:
            problems.append(
                f"{path.name} line {number}: there is no file {label.file}, neither in {_FOLDER}/ beside it nor beside it."
            )
        labels.setdefault(name, (number, label))
    if problems:
        more = len(problems) - _MOST_TOLD
        raise UserError(*problems[:_MOST_TOLD], *([f"{path.name}: {more} more lines are wrong."] if more > 0 else []))
    if not labels:
        raise UserError(f"{path} holds no labels; write one JSON object a line, as tests/corpus/labels.jsonl has.")
    endings_told = any(label.new_text_ends_with for _, label in labels.values())
    return [_labelled(path, name, label, endings_told) for name, (_, label) in labels.items()]


def _lines(path: Path) -> Iterator[tuple[int, str]]:
    """The lines with something on them, and their numbers."""
    try:
        written = path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise UserError(f"{path} cannot be read ({error.strerror}); write the path of a labelled set (.jsonl).") from None
    except UnicodeDecodeError:
        raise UserError(f"{path} is not UTF-8; save it again with the encoding UTF-8.") from None
    # Not splitlines(): JSON may hold the line ends of Unicode as they are.
    yield from ((number, line) for number, line in enumerate(written.split("\n"), 1) if line.strip())


def _labelled(path: Path, name: str, label: Label, endings_told: bool) -> Labelled:
    """Where a set tells how new texts end, a message of it whose label tells none has no new text."""
    no_new_text = "" if label.file is not None and endings_told else None
    found = _find(path, label.file) if label.file is not None else None
    return Labelled(name, label, label.thread or name, label.new_text_ends_with or no_new_text, found)


def _find(labels: Path, name: str) -> Path | None:
    beside = (labels.parent / _FOLDER / name, labels.parent / name)
    return next((path for path in beside if path.is_file()), None)


def _write_mail(subject: str, text: str) -> bytes:
    mail = EmailMessage(policy=SMTP)
    mail["From"] = _SOMEBODY
    mail["Subject"] = " ".join(subject.split())
    mail.set_content(text, cte="base64")
    return mail.as_bytes()
