"""Finds which of the team's rules fit a message, and says for each where it fitted and what it speaks for."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from mailflow.classify.wording import Wording, deciding_text, split_words
from mailflow.domain import DANGER, Address, Email, Reason
from mailflow.domain.decisions import SENSITIVE_WORDS
from mailflow.rules import Alarms, Rule, Rules, Where

_PLACES = {
    Where.SUBJECT: "in the subject",
    Where.BODY: "in the body",
    Where.SENDER: "in the sender",
    Where.RECIPIENT: "among the recipients",
    Where.ATTACHMENT: "among the attachments",
    Where.HEADER: "in the header",
}
_MOST_SHOWN = 40  # characters of what a pattern found


class Matcher:
    """The rules of one file, made ready to be asked about many messages. Holds no state of its own: safe to share."""

    def __init__(self, rules: Rules) -> None:
        """Raises nothing: `rules` are checked."""
        self._rules = [(rule, _Terms(rule.words, rule.patterns), _Terms(rule.unless)) for rule in rules.rules]
        self._danger = _Alarm(rules.sensitive.danger)
        self._sensitive = _Alarm(rules.sensitive)

    def match(self, email: Email) -> list[Reason]:
        """A reason for every rule that fits, in the order of the file, with its weight and its kind."""
        parts = _Parts(email)
        return [reason for entry in self._rules if (reason := _apply(*entry, parts))]

    def match_sensitive(self, email: Email) -> Reason | None:
        """The reason why the team's sensitive words make a person read this message first; None where none is found."""
        parts = _Parts(email)
        if (found := self._danger.find(parts)) is not None:
            return Reason(DANGER, f"The wording {found} may be about a danger to somebody's life.")
        if (found := self._sensitive.find(parts)) is not None:
            return Reason(SENSITIVE_WORDS, f"The wording {found} makes this sensitive.")
        return None


def _apply(rule: Rule, terms: "_Terms", unless: "_Terms", parts: "_Parts") -> Reason | None:
    for where in rule.where:
        found = terms.find(parts.read(where, rule.header))
        if found is not None:
            # An exception counts wherever it stands: "unless bystander" means the message, not the one line.
            others = {*rule.where, Where.SUBJECT, Where.BODY} - {Where.HEADER}
            if any(unless.find(parts.read(place, None)) is not None for place in others):
                return None
            place = f"{_PLACES[where]} {rule.header}" if where is Where.HEADER else _PLACES[where]
            speaks = "speaks for" if rule.weight >= 0 else "speaks against"
            shown = f": {found} {place}" if found else ""
            return Reason(rule.name, f"The rule “{rule.name}” {speaks} {rule.kind}{shown}.", rule.weight, rule.kind)
    return None


@dataclass(frozen=True, slots=True)
class _Phrase:
    written: str  # as the rule has it
    needle: str  # as it is searched in Wording.words
    pattern: re.Pattern[str] | None = None  # where a * stands within the phrase


class _Terms:
    """Words and patterns, of which one is enough."""

    def __init__(self, words: Iterable[str], patterns: Iterable[str] = ()) -> None:
        # First words apart: this loop is run for every rule on every message, and most phrases fail at their first word.
        self._phrases = [(_first_word(phrase.needle), phrase) for phrase in map(_phrase, words)]
        self._patterns = [re.compile(pattern, re.IGNORECASE) for pattern in patterns]

    def find(self, wording: Wording) -> str | None:
        """What was found, in quotation marks: a phrase as the rule has it; of what a pattern found, the beginning.

        Empty where a pattern found hardly a thing: one that fits where something is missing. None where nothing fits.
        """
        words, known = wording.words, wording.known
        for first, phrase in self._phrases:
            if first in known and phrase.needle in words and (not phrase.pattern or phrase.pattern.search(words)):
                return f"“{phrase.written}”"
        met = next((met for pattern in self._patterns if (met := pattern.search(wording.text))), None)
        return _shown(met[0].strip()) if met else None


def _shown(text: str) -> str:
    shown = text if len(text) <= _MOST_SHOWN else text[: _MOST_SHOWN - 1].rstrip() + "…"
    return f"“{shown}”" if len(shown) > 1 else ""


def _first_word(needle: str) -> str:
    """The word that a needle begins with; empty where a * stands in it."""
    first, space, _ = needle[1:].partition(" ")
    return first if space else ""


def _phrase(written: str) -> _Phrase:
    """A phrase ready to be searched. "workshop*" finds workshops; a plain substring search is all that most need."""
    pieces = [" ".join(split_words(piece)) for piece in written.split("*")]
    needle = " " + pieces[0]
    if len(pieces) == 1:
        return _Phrase(written, needle + " ")
    if not any(pieces[1:]):
        return _Phrase(written, needle)
    # A space where the phrase has one after the star, so that "call* out" finds "calling out".
    gaps = [r"\w{0,40} " if piece.startswith(" ") else r"\w{0,40}" for piece in written.split("*")[1:]]
    expression = re.escape(needle) + "".join(gap + re.escape(piece) for gap, piece in zip(gaps, pieces[1:], strict=True))
    return _Phrase(written, needle, re.compile(expression + ("" if written.endswith("*") else r"\b")))


class _Alarm:
    """What in a message's subject or body raises an alarm, unless something else there says that there is nothing to it."""

    def __init__(self, alarms: Alarms) -> None:
        self._terms = _Terms(alarms.words, alarms.patterns)
        self._unless = _Terms(alarms.unless)

    def find(self, parts: "_Parts") -> str | None:
        """What was found, in quotation marks, and where."""
        places = [(_PLACES[where], parts.read(where, None)) for where in (Where.SUBJECT, Where.BODY)]
        met = ((self._terms.find(wording), place) for place, wording in places)
        found = next((f"{words} {place}" for words, place in met if words is not None), None)
        if found is None or any(self._unless.find(wording) is not None for _, wording in places):
            return None
        return found


class _Parts:
    """The parts of one message, each prepared when a rule first reads it."""

    def __init__(self, email: Email) -> None:
        self._email = email
        self._read: dict[tuple[Where, str | None], Wording] = {}

    def read(self, where: Where, header: str | None) -> Wording:
        key = (where, header if where is Where.HEADER else None)
        if key not in self._read:
            self._read[key] = Wording.of("\n".join(self._texts(*key)))
        return self._read[key]

    def _texts(self, where: Where, header: str | None) -> Iterator[str]:
        email = self._email
        match where:
            case Where.SUBJECT:
                yield email.subject
            case Where.BODY:
                yield deciding_text(email)
            case Where.SENDER:
                yield from _written([email.sender] if email.sender else [])
            case Where.RECIPIENT:
                yield from _written([*email.to, *email.cc])
            case Where.ATTACHMENT:
                for attachment in email.attachments:
                    yield f"{attachment.filename} {attachment.content_type}"
            case Where.HEADER:
                yield from (value for name, value in email.headers if header and name == header.lower())


def _written(addresses: Iterable[Address]) -> Iterator[str]:
    for address in addresses:
        yield f"{address.name} <{address.address}>"
