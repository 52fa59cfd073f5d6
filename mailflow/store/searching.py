"""Mail is found by its words: what each message says is kept beside it, and the database has its own index of that.

Whatever people type is searched for: words by their beginnings (train finds training), "phrases" as they stand, references of
cases; nothing of it is ever read as a command.
"""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    column,
    delete,
    exists,
    func,
    insert,
    literal,
    literal_column,
    select,
    table,
)

from mailflow.domain import Email, MessageState, case_id_of
from mailflow.domain.unseen import CONTROLS
from mailflow.errors import UserError
from mailflow.store.tables import message_texts, messages, raws

MOST_KEPT = 50_000  # characters of a message that can be found by
ABOVE_ALL = 2**31 - 1  # what the database can count to: no message has such a number
MOST_TYPED = 200  # characters of a search
SHORTEST_BEGINNING = 3  # letters: shorter words are only found whole
_MOST_TERMS = 12
_BEFORE, _BEHIND = 60, 160  # characters of an excerpt around what was found
_UNKEPT = re.compile(rf"(?!\n)[{CONTROLS}\ud800-\udfff]")
_TERM = re.compile(r'"([^"]*)"?(\*?)|([^\s"]+)')
_WORD = re.compile(r"[^\W_]+")
_index = table("message_words", column("rowid"), column("words"))  # of SQLite (FTS5)
_itself: ColumnElement[str] = literal_column("message_words")
_simple: ColumnElement[str] = literal_column("'simple'")  # of PostgreSQL: every word counts, as it is written
_vector: ColumnElement[str] = literal_column("message_text.message_words")  # of PostgreSQL


@dataclass(frozen=True, slots=True)
class Term:
    """Words that must stand one after another; `begins`: the last of them may go on."""

    words: tuple[str, ...]
    begins: bool = False


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is looked for: all of these terms, on one of these cases where any is named."""

    terms: tuple[Term, ...] = ()
    cases: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of an excerpt: what was found, or what stands around it."""

    text: str
    found: bool = False


def understand(typed: str) -> Wanted:
    """What somebody looks for, by what they typed. There is nothing that cannot be typed."""
    terms, cases = list[Term](), list[int]()
    for phrase, star, word in _TERM.findall(typed[:MOST_TYPED]):
        try:
            cases.append(case_id_of(word or phrase))
        except UserError:
            if words := tuple(_WORD.findall(word or phrase)):
                long = len(words[-1]) >= SHORTEST_BEGINNING
                terms.append(Term(words, begins=long and bool(word or star)))
    return Wanted(tuple(terms[:_MOST_TERMS]), tuple(cases[:_MOST_TERMS]))


def number_of(wanted: Wanted, db: Connection) -> ColumnElement[int]:
    """By which column a search goes: SQLite's index gives what it finds in the order of its own."""
    return _index.c.rowid if wanted.terms and _is_sqlite(db) else messages.c.id


def narrowed(query: Select[int], wanted: Wanted, db: Connection) -> Select[int]:
    """The query for messages, for those that are looked for."""
    if wanted.cases:
        query = query.where(messages.c.case_id.in_(wanted.cases))
    if not wanted.terms:
        return query
    if _is_sqlite(db):
        return query.join(_index, _index.c.rowid == messages.c.id).where(_matches(wanted))
    # Found first, by its index: where few or none are found, PostgreSQL would rather read every text than ask it.
    found = select(message_texts.c.message).where(_vector.op("@@")(_query(wanted))).cte("found").prefix_with("MATERIALIZED")
    return query.join(found, found.c.message == messages.c.id)


def excerpts(db: Connection, ids: Collection[int], wanted: Wanted) -> dict[int, tuple[Piece, ...]]:
    """Of each of these messages the words around what was found."""
    if not wanted.terms or not ids:
        return {}
    found = select(message_texts.c.message, message_texts.c.words).where(message_texts.c.message.in_(ids))
    return {row.message: excerpt(row.words, wanted) for row in db.execute(found)}


def excerpt(text: str, wanted: Wanted) -> tuple[Piece, ...]:
    """A text around the first that was found in it, on one line; empty where nothing shows."""
    said = re.compile("|".join(map(_as_pattern, wanted.terms)), re.IGNORECASE)
    first = said.search(text)
    if first is None:
        return ()
    begin, end = max(0, first.start() - _BEFORE), first.end() + _BEHIND
    begin = text.find(" ", begin, first.start()) + 1 if begin else 0
    end = text.rfind(" ", first.end(), end) if " " in text[first.end() : end] and end < len(text) else end
    cut = " ".join(text[begin:end].split())
    pieces, position = [Piece("… " if begin else "")], 0
    for met in said.finditer(cut):
        pieces += [Piece(cut[position : met.start()]), Piece(met[0], found=True)]
        position = met.end()
    pieces.append(Piece(cut[position:] + (" …" if end < len(text) else "")))
    return tuple(piece for piece in pieces if piece.text)


def write_words(db: Connection, emails: Mapping[int, Email]) -> None:
    """Keeps what these messages say, by their numbers, in place of what was kept before."""
    if emails:
        db.execute(delete(message_texts).where(message_texts.c.message.in_(list(emails))))
        db.execute(insert(message_texts), [{"message": number, "words": _words(email)} for number, email in emails.items()])


def unwritten(db: Connection, below: int, most: int) -> list[int]:
    """The numbers of decided messages of which no words are kept, below a number, the newest first."""
    decided = (MessageState.FILED, MessageState.HELD, MessageState.IGNORED)
    kept = exists().where(message_texts.c.message == messages.c.id)
    without = select(messages.c.id).where(messages.c.id < below, messages.c.state.in_(decided), ~kept)
    return list(db.execute(without.order_by(messages.c.id.desc()).limit(most)).scalars())


def raw_of(db: Connection, number: int) -> bytes | None:
    """The bytes of a message; None where there is none any more."""
    return db.execute(select(raws.c.content).where(raws.c.message_id == number)).scalar_one_or_none()


def add_words(db: Connection, words: Mapping[int, Email | None]) -> None:
    """Keeps what these messages say, where nothing is kept yet; None says nothing. What is gone meanwhile is passed by."""
    there = set(db.execute(select(messages.c.id).where(messages.c.id.in_(list(words)))).scalars())
    there -= set(db.execute(select(message_texts.c.message).where(message_texts.c.message.in_(list(words)))).scalars())
    rows = [{"message": number, "words": _words(email) if email else ""} for number, email in words.items() if number in there]
    if rows:
        db.execute(insert(message_texts), rows)


def _words(email: Email) -> str:
    """Who wrote, about what, what they wrote anew, and what the attached files are called."""
    sender = [email.sender.name, email.sender.address] if email.sender else []
    files = [file.filename for file in email.attachments]
    return _UNKEPT.sub(" ", "\n".join((email.subject, *sender, email.new_text, *files))[:MOST_KEPT])


def _is_sqlite(db: Connection) -> bool:
    return db.dialect.name == "sqlite"


def _matches(wanted: Wanted) -> ColumnElement[bool]:
    terms = (f'"{" ".join(term.words)}"{"*" if term.begins else ""}' for term in wanted.terms)
    return _itself.op("MATCH")(literal(" ".join(terms)))


def _query(wanted: Wanted) -> ColumnElement[object]:
    """For PostgreSQL."""
    terms = (" <-> ".join(f"'{word}'" for word in term.words) + (":*" if term.begins else "") for term in wanted.terms)
    return func.to_tsquery(_simple, " & ".join(terms))


def _as_pattern(term: Term) -> str:
    return r"\b" + r"[\W_]+".join(term.words) + (r"\w*" if term.begins else r"\b")
