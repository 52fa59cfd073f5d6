"""What is known of a server that is not well; and that nothing is written where nothing has changed."""

from datetime import timedelta

from sqlalchemy import Connection, event

from filed import NOW
from mailflow.domain import SMTP, Trouble, imap
from mailflow.store import troubles
from mailflow.store.database import Store

MINUTE = timedelta(minutes=1)


def written(db: Connection) -> list[str]:
    """The statements from here on that write."""
    found: list[str] = []

    @event.listens_for(db, "before_cursor_execute")
    def _note(_connection: object, _cursor: object, statement: str, *_others: object) -> None:
        if not statement.startswith(("SELECT", "SAVEPOINT", "RELEASE")):
            found.append(statement.split(maxsplit=1)[0])

    return found


def test_the_first_failures_time_is_kept_and_the_latest_reason(store: Store) -> None:
    with store.writing() as db:
        troubles.note(db, SMTP, "Away.", NOW)
        troubles.note(db, imap("INBOX"), "Refused.", NOW + MINUTE)
        troubles.note(db, SMTP, "Wrong password.", NOW + 2 * MINUTE)
        assert troubles.standing(db) == (
            Trouble("SMTP", NOW, "Wrong password."),
            Trouble("IMAP INBOX", NOW + MINUTE, "Refused."),
        )


def test_what_is_known_is_not_written_again(store: Store) -> None:
    with store.writing() as db:
        assert not troubles.over(db, SMTP, NOW)
        troubles.note(db, SMTP, "Away.", NOW)
        writes = written(db)
        troubles.note(db, SMTP, "Away.", NOW + MINUTE)
        assert writes == []


def test_what_comes_back_before_it_is_done_with_is_the_same_trouble(store: Store) -> None:
    with store.writing() as db:
        troubles.note(db, SMTP, "Away.", NOW)
        assert troubles.note_told(db, SMTP, NOW + MINUTE)
        assert not troubles.note_told(db, SMTP, NOW + 2 * MINUTE)
        assert troubles.over(db, SMTP, NOW + 3 * MINUTE)
        assert troubles.standing(db) == ()
        troubles.note(db, SMTP, "Away again.", NOW + 4 * MINUTE)
        assert troubles.standing(db) == (Trouble("SMTP", NOW, "Away again.", told_at=NOW + MINUTE),)
        assert not troubles.forget(db, SMTP)
        troubles.over(db, SMTP, NOW + 5 * MINUTE)
        assert troubles.forget(db, SMTP)
        troubles.note(db, SMTP, "Away.", NOW + 6 * MINUTE)
        assert troubles.standing(db) == (Trouble("SMTP", NOW + 6 * MINUTE, "Away."),)
