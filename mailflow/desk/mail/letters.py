"""A kept message, read anew so that it can be shown, and whatever cannot be read as it came; and a mail of ours, as it leaves."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from email import message_from_bytes
from email.policy import default

import nh3

from mailflow.desk.shown import Piece, folded, marked
from mailflow.domain import Answer, AutomaticSort, Email, Identifier, Kind, MessageState, Ourselves
from mailflow.kinds.query import find_answers
from mailflow.kinds.story import find_all_identifiers
from mailflow.message.parse import read
from mailflow.rules import FrequentQuestion
from mailflow.store.kept import KeptMessage

MOST_BYTES_SHOWN = 64 * 1024  # of a message as it came


@dataclass(frozen=True, slots=True)
class Letter:
    """A message to be shown: as it was read, or, where that failed, the beginning of its bytes and why."""

    kept: KeptMessage
    email: Email | None
    pieces: tuple[Piece, ...] = field(repr=False)
    problem: str | None = None
    raw_text: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class OurLetter:
    """A mail of ours as its readers see it: its text, and the HTML that says the same, without styles and scripts."""

    subject: str = field(repr=False)
    text: str = field(repr=False)
    html: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Telling:
    """What a message on a story's case tells, with what could tell who somebody is: spans of its new text."""

    letter: Letter
    identifiers: tuple[Identifier, ...] = field(repr=False)

    @property
    def pieces(self) -> list[Piece]:
        """The new text, marked."""
        return marked(self.letter.email.new_text, self.identifiers) if self.letter.email else []


def tell(letters: Sequence[Letter], kept: tuple[Identifier, ...]) -> list[Telling]:
    """The messages of a story. `kept` was found in the first when it was filed; the later ones are searched anew.

    A bounce tells nothing: its words are a mail server's, and those of a mail of ours.
    """
    letters = [letter for letter in letters if letter.kept.automatic is not AutomaticSort.BOUNCE]
    searched = [find_all_identifiers(letter.email) if letter.email else () for letter in letters[1:]]
    return [Telling(letter, found) for letter, found in zip(letters, (kept, *searched), strict=False)]


def suggest(letters: Sequence[Letter], questions: tuple[FrequentQuestion, ...]) -> tuple[Answer, ...]:
    """The agreed answers that may fit the newest question among these messages, those first that we are sure of."""
    asked = [letter.email for letter in letters if letter.email and letter.kept.kind is Kind.QUERY]
    if not asked:
        return ()
    found = find_answers(asked[-1], questions)
    return found.answers + found.perhaps


def open_ours(raw: bytes) -> OurLetter:
    """The subject and both parts of the very bytes that leave."""
    mail = message_from_bytes(raw, policy=default)
    text, html = ((part.get_content() if (part := mail.get_body((sort,))) else "") for sort in ("plain", "html"))
    return OurLetter(str(mail["Subject"] or ""), text, nh3.clean(html))


def html_of_ours(raw: bytes) -> str:
    """The HTML part of the very bytes that leave, as its readers see it: for a sandboxed frame; "" where there is none."""
    part = message_from_bytes(raw, policy=default).get_body(("html",))
    return str(part.get_content()) if part else ""


def open_letter(kept: KeptMessage, ourselves: Ourselves) -> Letter:
    """Reads a kept message. Never fails, nor tries what has failed: a person must be able to look at what we could not read."""
    try:
        email = None if kept.state is MessageState.FAILED else read(kept.raw, ourselves)
    except Exception as error:  # any bytes may have come; the words of the error may be the message's
        problem = f"Reading it failed with {type(error).__name__}."
    else:
        if email:
            return Letter(kept, email, tuple(folded(email)))
        problem = kept.failure or "It could not be read."
    return Letter(kept, None, (), problem, kept.raw[:MOST_BYTES_SHOWN].decode("utf-8", "replace"))
