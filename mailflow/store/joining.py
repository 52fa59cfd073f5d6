"""Which case a message belongs to: by what its headers name, else by what stands in its subject, its new words, its quotes.

A reference with its token is taken from whoever writes it: they have had a mail of ours before them. A bare number is taken
from the requester of that case alone, and not from quotes. Nothing is ever joined by a subject's words or by who wrote.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from mailflow.domain import Email, KnownCase, Named, named_in

_MOST_PARENTS = 100  # a database takes some thousand values in one query, and a batch has fifty messages


@dataclass(frozen=True, slots=True)
class Joined:
    """The case of a message. `another`: one of another conversation that was named where this one was, or in the subject."""

    case: KnownCase | None = None
    another: KnownCase | None = None


def parents(email: Email) -> tuple[str, ...]:
    """The earlier mails that its headers name, nearest first."""
    return email.thread.parents[:_MOST_PARENTS]


def named(email: Email) -> frozenset[int]:
    """The numbers of the cases whose references stand anywhere in it."""
    return frozenset(name.case_id for text in (email.subject, email.new_text, email.text) for name in named_in(text))


def join(
    email: Email, by_mail: Mapping[str, KnownCase], by_number: Mapping[int, KnownCase], merged: Mapping[int, KnownCase]
) -> Joined:
    """The case that a message belongs to. `by_mail`: cases by the Message-IDs of the mails on them.

    `merged`: the cases that others went into, by the numbers of those: whoever may name the one is led to the other.

    The nearest known mail that the headers name decides, whatever else they name. What stands in the subject was written or
    left there by somebody: where it differs, or two are named in one place, the message may be about either of them.
    """
    answered = next((by_mail[parent] for parent in parents(email) if parent in by_mail), None)
    subject = list(_meant(email, named_in(email.subject), by_number))
    if answered:
        return _first([answered, *subject], merged)
    own_words = list(_meant(email, named_in(email.new_text), by_number))
    anywhere = list(_meant(email, (name for name in named_in(email.text) if name.token), by_number))
    return _first(subject or own_words or anywhere, merged)


def _first(named: list[KnownCase], merged: Mapping[int, KnownCase]) -> Joined:
    if not named:
        return Joined()
    cases = [merged.get(case.case_id, case) for case in named]
    others = (case for case in cases if case.conversation != cases[0].conversation)
    return Joined(cases[0], next(others, None))


def _meant(email: Email, names: Iterable[Named], by_number: Mapping[int, KnownCase]) -> Iterator[KnownCase]:
    """The cases that are there, and that whoever wrote this may name."""
    for name in names:
        case = by_number.get(name.case_id)
        if case is None:
            continue
        knows_it = name.token is not None and name.token == case.token
        if knows_it or (email.sender is not None and email.sender.address == case.requester):
            yield case
