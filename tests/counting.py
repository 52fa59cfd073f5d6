"""The count after a fault: every letter filed once and lying once, every mail received once or held in doubt, and told so."""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

from sqlalchemy import Connection, func, select

from letters import Letter
from mailflow.domain import Kind, MessageState, OutgoingState, Purpose
from mailflow.message.identity import message_id_of
from mailflow.store.tables import digests as digests_noted
from mailflow.store.tables import messages, outgoings, places
from running import Installation
from servers.imap import ImapServer
from servers.starting import eventually

UNDER_WAY = (OutgoingState.QUEUED, OutgoingState.SENDING, OutgoingState.DEFERRED)


def await_settled(installation: Installation, letters: int, seconds: float = 60) -> None:
    """Waits until so many messages are decided and in their folders, and no mail is under way."""
    received = messages.c.state == MessageState.RECEIVED

    def settled() -> bool:
        with installation.database() as db:
            decided = _count(db, messages, ~received)
            rest = _count(db, places, places.c.settled.is_(False) & messages.c.folder.is_not(None), joined=True)
            return decided >= letters and not rest + _count(db, outgoings, outgoings.c.state.in_(UNDER_WAY))

    eventually(settled, f"{letters} letters to be filed and answered", seconds, pause=0.1)


def states(installation: Installation) -> Counter[OutgoingState]:
    """How many mails of ours are in which state."""
    with installation.database() as db:
        return Counter(db.execute(select(outgoings.c.state)).scalars())


def await_arrived(installation: Installation, look: Callable[[], Iterable[bytes]]) -> Counter[str]:
    """Waits until every mail that was sent has been received; how often each was, by its Message-ID."""
    with installation.database() as db:
        sent = set(db.execute(select(outgoings.c.message_id).where(outgoings.c.state == OutgoingState.SENT)).scalars())

    def arrived() -> Counter[str]:
        found = Counter(message_id_of(raw) or "none" for raw in look())
        return found if sent <= found.keys() else Counter()

    return eventually(arrived, "every mail that was sent to be received", seconds=15, pause=0.1) if sent else Counter()


def wrong(
    installation: Installation, server: ImapServer, letters: Sequence[Letter], arrived: Counter[str], digests: int = 0
) -> list[str]:
    """What does not add up, one line each; [] where nothing is lost, doubled or stuck.

    `arrived`: how often each mail of ours was received, by its Message-ID.
    """
    with installation.database() as db:
        rows = db.execute(select(messages)).all()
        mails = db.execute(select(outgoings)).all()
        made = _count(db, digests_noted)
    told = installation.command("status")
    return [
        *_of_letters(letters, rows),
        *_of_places(_lying(server, installation.centre), rows),
        *_of_copies(Counter(message_id_of(raw) for raw in server.messages(installation.centre, "Sent"))),
        *_of_replies(rows, mails),
        *_of_arrivals(mails, arrived),
        *_of_digests(made, mails, digests),
        *_of_status(told, mails),
    ]


def _of_letters(letters: Sequence[Letter], rows: Sequence[Any]) -> Iterator[str]:
    kept = Counter(row.message_id for row in rows)
    for letter in letters:
        if kept[letter.message_id] != 1:
            yield f"{letter.message_id} is kept {kept[letter.message_id]} times"
    if len(rows) != len(letters):
        yield f"{len(rows)} messages are kept of {len(letters)} letters"
    cases = Counter(row.case_id for row in rows if row.kind is not Kind.AUTOMATIC)
    yield from (f"case {case} is of {count} letters" for case, count in cases.items() if case is None or count > 1)
    yield from (f"{row.message_id} is {row.state}" for row in rows if row.state in {MessageState.RECEIVED, MessageState.FAILED})


def _of_places(lying: Counter[tuple[str, str]], rows: Sequence[Any]) -> Iterator[str]:
    wanted = Counter((row.message_id, row.folder or "INBOX") for row in rows)
    yield from (f"{message} does not lie in {folder}" for message, folder in wanted - lying)
    yield from (f"{message} lies in {folder} too" for message, folder in lying - wanted)


def _lying(server: ImapServer, centre: str) -> Counter[tuple[str, str]]:
    """Message-ID and folder of all that lies in the mailbox, but for what is kept of sent mail."""
    with server.mailbox(centre) as session:
        folders = [folder for _, _, folder in session.list_folders() if folder != "Sent"]
    return Counter((message_id_of(raw) or "", folder) for folder in folders for raw in server.messages(centre, folder))


def _of_copies(kept: Counter[str | None]) -> Iterator[str]:
    yield from (f"{copied} lies in Sent {times} times" for copied, times in kept.items() if times > 1)


def _of_replies(rows: Sequence[Any], mails: Sequence[Any]) -> Iterator[str]:
    """An answer, or a reason for none; and an alert for what is sensitive."""
    made = Counter((mail.answers, mail.purpose) for mail in mails)
    for row in rows:
        for purpose, wanted in ((Purpose.ACKNOWLEDGEMENT, row.silence is None), (Purpose.ALERT, row.sensitive)):
            if made[row.id, purpose] != int(wanted):
                yield f"{row.message_id} has {made[row.id, purpose]} mails of the sort {purpose}"


def _of_arrivals(mails: Sequence[Any], arrived: Counter[str]) -> Iterator[str]:
    for mail in mails:
        times = arrived[mail.message_id]
        if mail.state is OutgoingState.SENT and times != 1:
            yield f"mail {mail.id} is sent, and was received {times} times"
        elif mail.state is OutgoingState.IN_DOUBT and times > 1:
            yield f"mail {mail.id} is in doubt, and was received {times} times"
        elif mail.state not in {OutgoingState.SENT, OutgoingState.IN_DOUBT}:
            yield f"mail {mail.id} is {mail.state}"
    yield from (f"{unknown} was received, and is not ours" for unknown in arrived.keys() - {mail.message_id for mail in mails})


def _of_digests(made: int, mails: Sequence[Any], wanted: int) -> Iterator[str]:
    queued = sum(mail.purpose is Purpose.DIGEST for mail in mails)
    if (made, queued) != (wanted, wanted):
        yield f"{made} digests are noted and {queued} made, of {wanted}"


def _of_status(told: Any, mails: Sequence[Any]) -> Iterator[str]:
    doubtful = sum(mail.state is OutgoingState.IN_DOUBT for mail in mails)
    if dict(told["mails"]).get(OutgoingState.IN_DOUBT.value, 0) != doubtful or bool(told["in_doubt"]) != bool(doubtful):
        yield f"{doubtful} mails are in doubt, and `mailflow status` tells of {told['mails']}"
    # Whoever counts may have stopped the daemon before.
    problems = [problem for problem in told["problems"] if not re.search("in doubt|is not running", problem, re.IGNORECASE)]
    yield from (f"`mailflow status` says: {problem}" for problem in problems)


def _count(db: Connection, table: Any, *which: Any, joined: bool = False) -> int:
    source = table.join(messages, messages.c.id == places.c.message) if joined else table
    return db.execute(select(func.count()).select_from(source).where(*which)).scalar_one()
