"""Messages put to rest as the mailbox gives them, without one."""

from datetime import UTC, datetime

from mailflow.domain import Fetched, Location
from mailflow.message.identity import fingerprint, message_id_of
from mailflow.store import receiving
from mailflow.store.database import Store
from mailflow.store.receiving import ReadTo

CENTRE = "edi.centre@university.example"
NOW = datetime(2026, 11, 24, 10, 0, tzinfo=UTC)


def put_to_rest(store: Store, *raws: bytes, first_uid: int = 1, whole: bool = True) -> None:
    """Keeps messages, the first at `first_uid`, as arrived at `NOW`; where not `whole`, their headers."""
    fetched = [
        Fetched(Location(CENTRE, "INBOX", 7, first_uid + n), raw, NOW, fingerprint(raw), message_id_of(raw), whole=whole)
        for n, raw in enumerate(raws)
    ]
    with store.writing() as db:
        receiving.keep(db, CENTRE, "INBOX", fetched, ReadTo(7, first_uid + len(raws) - 1), NOW)
