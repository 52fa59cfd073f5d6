"""Messages and cases as the pipeline leaves them, written straight into the tables: for tests of what people see."""

import hashlib
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default

from sqlalchemy import Connection, func, insert, select, update

from mailflow.domain import (
    CHECKLIST,
    Agreement,
    CaseState,
    Consent,
    EditedText,
    Kind,
    MessageState,
    OutgoingState,
    Reason,
    StoryState,
)
from mailflow.domain.plain import Json, reason_to_json
from mailflow.store import queueing
from mailflow.store.tables import approvals, askings, cases, messages, outgoings, raws, stories
from outgoing import outgoing_mail

NOW = datetime(2026, 11, 24, 10, 0, tzinfo=UTC)
TOLD = "I said to Priya Nair that the joke about her accent was not funny. Two people thanked me.\n\nBest wishes,\nSam\n"
NAMED = {"text": "Priya Nair", "start": 10, "end": 20, "sort": "name", "reason": "A name of somebody else."}
SHOWN = EditedText("A word in time", "I said to my colleague that the joke was not funny.", checked=CHECKLIST)
WHY_HELD = Reason("unsure", "It looks like a query (55% sure), and 70% is needed.")
WHY_SILENT = Reason("held", "A person answers.")


def raw_mail(text: str, subject: str = "Something I saw", sender: str = "Sam Ode <sam.ode@university.example>") -> bytes:
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = sender, "edi.centre@university.example", subject
    mail["Date"], mail["Message-ID"] = (
        "Tue, 24 Nov 2026 09:00:00 +0000",
        f"<{hashlib.sha256(text.encode()).hexdigest()[:12]}@x.example>",
    )
    mail.set_content(text)
    return mail.as_bytes()


def formatted_mail(
    html: str = "<p>May I <b>bring</b> a friend?</p>",
    file: bytes = b"A list.",
    name: str = "list.txt",
    text: str = "May I bring a friend?",
) -> bytes:
    """A mail with HTML beside its text, and a file."""
    mail = message_from_bytes(raw_mail(text, "A friend"), policy=default)
    mail.add_alternative(html, subtype="html")
    mail.add_attachment(file, maintype="application", subtype="octet-stream", filename=name)
    return mail.as_bytes()


def filed_case(
    db: Connection,
    kind: Kind = Kind.QUERY,
    *,
    sensitive: bool = False,
    opened_at: datetime = NOW - timedelta(days=2),
    **values: object,
) -> int:
    row: Json = {
        "kind": kind,
        "state": CaseState.OPEN,
        "sensitive": sensitive,
        "requester": "sam.ode@university.example",
        "requester_name": "Sam Ode",
        "subject": "Something I saw",
        "opened_at": opened_at,
        **values,
    }
    return db.execute(insert(cases).values(row).returning(cases.c.id)).scalar_one()


def filed_message(
    db: Connection,
    case_id: int | None,
    raw: bytes,
    state: MessageState = MessageState.FILED,
    kind: Kind = Kind.QUERY,
    **values: object,
) -> int:
    row: Json = {
        "message_id": None,
        "fingerprint": hashlib.sha256(raw + str(values).encode() + str(case_id).encode()).hexdigest(),
        "size": len(raw),
        "arrived": NOW - timedelta(days=2),
        "received_at": NOW - timedelta(days=2),
        "state": state,
        "case_id": case_id,
        "kind": kind,
        "confidence": 0.55,
        "sensitive": False,
        "reasons": [reason_to_json(Reason("asks", "It asks a question.", 1.5, kind))],
        "subject": "Something I saw",
        "sender": "sam.ode@university.example",
        "sender_name": "Sam Ode",
        **values,
    }
    number: int = db.execute(insert(messages).values(row).returning(messages.c.id)).scalar_one()
    db.execute(insert(raws).values(message_id=number, content=raw))
    return number


def filed_story(
    db: Connection,
    state: StoryState = StoryState.RECEIVED,
    consent: Consent = Consent.ANONYMOUS,
    *,
    text: str = TOLD,
    identifiers: tuple[Json, ...] = (NAMED,),
    sensitive: bool = False,
) -> int:
    case_id = filed_case(db, Kind.STORY, sensitive=sensitive)
    filed_message(db, case_id, raw_mail(text), kind=Kind.STORY, sensitive=sensitive)
    db.execute(insert(stories).values(case_id=case_id, state=state, consent=consent, identifiers=list(identifiers)))
    return case_id


def ready_story(
    db: Connection,
    state: StoryState = StoryState.IN_REVIEW,
    consent: Consent = Consent.ANONYMOUS,
    text: EditedText = SHOWN,
    approved_by: tuple[str, ...] = (),
    *,
    agreed: bool = False,
) -> int:
    """A story with the text that may be shown, and its approvals. `agreed`: its contributor has said yes to this text."""
    case_id = filed_story(db, state, consent)
    values = {"title": text.title, "shown": text.shown, "checked": list(text.checked), "version": 1, "edited_by": "ada"}
    published = {"published_at": NOW} if state is StoryState.PUBLISHED else {}
    db.execute(update(stories).where(stories.c.case_id == case_id).values(**values, **published))
    for who in approved_by:
        db.execute(insert(approvals).values(case_id=case_id, who=who, at=NOW, fingerprint=text.fingerprint))
    if agreed:
        row = {"case_id": case_id, "fingerprint": text.fingerprint, "shown": text.shown, "asked_by": "ada", "asked_at": NOW}
        db.execute(insert(askings).values(**row, answer=Agreement.YES, confirmed_by="ada", confirmed_at=NOW, note="Said yes."))
    return case_id


def held_query(db: Connection, text: str = "May I bring a friend?", **values: object) -> int:
    """The case of a message that waits for a person."""
    case_id = filed_case(db)
    values = {"hold": reason_to_json(WHY_HELD), "silence": reason_to_json(WHY_SILENT), **values}
    filed_message(db, case_id, raw_mail(text, "A friend"), MessageState.HELD, **values)
    return case_id


def filed_draft(
    db: Connection,
    kind: Kind = Kind.QUERY,
    text: str = "May I bring a friend?",
    body: str = "Thank you.\r\n",
    **case: object,
) -> int:
    """The number of a reply that waits for approval, to the only message of a new case."""
    case_id = filed_case(db, kind, **case)
    answers = filed_message(db, case_id, raw_mail(text), kind=kind)
    mail = outgoing_mail(case_id, "sam.ode@university.example", body=body)
    queueing.enqueue_all(db, [queueing.Queued(mail, OutgoingState.DRAFT, case_id, answers)], NOW - timedelta(days=1))
    return db.execute(select(func.max(outgoings.c.id))).scalar_one()
