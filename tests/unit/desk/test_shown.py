import pytest
from hypothesis import given
from hypothesis import strategies as st

from filed import NOW, raw_mail
from mailflow import settings
from mailflow.desk.mail.letters import open_letter
from mailflow.desk.shown import Piece, folded, harmless, marked
from mailflow.domain import FoldReason, Identifier, MessageState, Role
from mailflow.message.parse import read
from mailflow.store.kept import KeptMessage

OURSELVES = settings.load().ourselves


def _at(text: str, start: int, end: int, sort: str = "name") -> Identifier:
    return Identifier(text, start, end, sort, "A name.")


def _kept(raw: bytes) -> KeptMessage:
    return KeptMessage(1, NOW, MessageState.FAILED, None, None, False, None, (), None, None, None, None, True, Role.ADVISER, raw)


def test_identifiers_are_marked_where_they_stand() -> None:
    ada = _at("Ada", 5, 8)
    assert marked("Dear Ada, hello", [ada]) == [Piece("Dear "), Piece("Ada", identifier=ada), Piece(", hello")]


def test_of_overlapping_identifiers_every_letter_is_marked_once() -> None:
    pieces = marked(
        "Ada Lovelace of Maths", [_at("Lovelace of Maths", 4, 21, "unit"), _at("Ada Lovelace", 0, 12), _at("Ada", 0, 3)]
    )
    assert [(piece.text, piece.identifier and piece.identifier.sort) for piece in pieces] == [
        ("Ada Lovelace", "name"),
        (" of Maths", "unit"),
    ]


def test_an_identifier_that_has_moved_is_found_again() -> None:
    pieces = marked("Well. Dear Ada, Ada!", [_at("Ada", 5, 8)])
    assert [piece.text for piece in pieces if piece.identifier] == ["Ada", "Ada"]


@given(st.text(), st.lists(st.tuples(st.text(max_size=3), st.integers(-5, 30), st.integers(-5, 30))))
def test_marking_never_changes_a_text(text: str, spans: list[tuple[str, int, int]]) -> None:
    assert "".join(piece.text for piece in marked(text, [_at(*span) for span in spans])) == text


@pytest.mark.parametrize(
    "trick", ["\u202e", "\u2066", "\x1b", "\x00", "\x9b", "\u200f", "\ud800", "\ufeff", "\u200b", "\u00ad", "\U000e0041"]
)
def test_characters_that_play_tricks_are_shown_as_a_sign(trick: str) -> None:
    assert harmless(f"a{trick}b\tc\n") == "a\N{REPLACEMENT CHARACTER}b\tc\n"


def test_folds_are_folded_and_nothing_is_left_out() -> None:
    email = read(raw_mail("Yes please.\n\n-- \nSam Ode\nHR\n\n> Shall we?\n> Ours\n"), OURSELVES)
    pieces = folded(email)
    assert pieces[0] == Piece("Yes please.")
    assert {piece.fold for piece in pieces[1:]} <= set(FoldReason)
    assert "".join("".join(piece.text.split()) for piece in pieces) == "".join(email.text.split())


@pytest.mark.parametrize("raw", [b"", b"Subject: words that hung us\n\nwords\n"])
def test_what_has_failed_is_shown_as_it_came_and_not_read_again(raw: bytes) -> None:
    letter = open_letter(_kept(raw), OURSELVES)
    assert letter.email is None
    assert letter.problem
    assert letter.raw_text == raw.decode()
