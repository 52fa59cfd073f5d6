"""What people have said of messages is read back to be learnt from: their last word, and what mailflow had thought at first."""

from sqlalchemy import insert

from filed import NOW, filed_case, filed_message, raw_mail
from mailflow.domain import Kind
from mailflow.store.database import Store
from mailflow.store.lessons import Lesson, lessons
from mailflow.store.tables import corrections


def say(store: Store, message: int, was: Kind, kind: Kind, *, sensitive: bool = False) -> None:
    row = {"message": message, "was": was, "was_sensitive": False, "kind": kind, "sensitive": sensitive, "who": "tom", "at": NOW}
    with store.writing() as db:
        db.execute(insert(corrections).values(row))


def test_the_last_word_counts_and_what_was_thought_first(store: Store) -> None:
    raw = raw_mail("Who waters the fern?")
    with store.writing() as db:
        case_id = filed_case(db)
        message = filed_message(db, case_id, raw)
    say(store, message, Kind.OTHER, Kind.STORY)
    say(store, message, Kind.STORY, Kind.QUERY, sensitive=True)
    with store.reading() as db:
        assert list(lessons(db)) == [Lesson(message, case_id, "sam.ode@university.example", Kind.OTHER, Kind.QUERY, True, raw)]


def test_of_a_header_alone_nothing_is_learnt(store: Store) -> None:
    with store.writing() as db:
        message = filed_message(db, None, b"Subject: big", whole=False)
        filed_message(db, None, raw_mail("Nobody has said what this is."))
    say(store, message, Kind.OTHER, Kind.QUERY)
    with store.reading() as db:
        assert list(lessons(db)) == []


def test_the_words_of_a_message_are_in_no_printed_form_of_a_lesson(store: Store) -> None:
    with store.writing() as db:
        message = filed_message(db, None, raw_mail("Who waters the fern?"))
    say(store, message, Kind.OTHER, Kind.QUERY)
    with store.reading() as db:
        assert "fern" not in str(list(lessons(db)))
