"""A database with one of each thing, in which the same names lead everywhere: for tests that walk all routes of the desk.

`PLACES` says what stands for a parameter of a route: whoever adds one adds it there. Case 1 is a plain question with message 1
and draft 1; case 2 a story; case 3 a training request; case 4 a sensitive question (message 4).
"""

import re
from typing import Any

from fastapi.testclient import TestClient
from sqlalchemy import Connection, insert, select, update
from sqlmodel import SQLModel

from filed import NOW, filed_case, filed_draft, filed_message, filed_story, formatted_mail, raw_mail
from mailflow.domain import Kind, MessageState, Role, TrainingState
from mailflow.store import people, sessions
from mailflow.store.database import Store
from mailflow.store.tables import desk_sessions, events, notes, raws, trainings
from visiting import PASSWORD

PEOPLE = {"rhea": Role.READER, "adam": Role.ADVISER, "rosa": Role.REVIEWER, "ada": Role.ADMINISTRATOR}
STORY, TRAINING = "EDI-0002", "EDI-0003"
# By the first word of a route, and for all others.
PLACES = {
    "assets": {"name": "desk.css"},
    "review": {"reference": STORY},
    "stories": {"reference": STORY, "name": "feed.json"},
    "training": {"reference": TRAINING},
    "settings": {"name": "rhea"},
}
_ELSEWHERE = {"reference": "EDI-0001", "number": "1", "place": "1"}


def way(route: str) -> str:
    """The address of a route in a furnished database."""
    values = {**_ELSEWHERE, **PLACES.get(route.split("/")[1], {})}
    return re.sub(r"{(\w+)(?::\w+)?}", lambda found: values[found[1]], route)


def furnish(db: Connection) -> None:
    """One of each thing, and one person of each role."""
    for name, role in PEOPLE.items():
        people.add(db, name, PASSWORD, "root", NOW, role)
    assert filed_draft(db) == 1
    db.execute(update(raws).where(raws.c.message_id == 1).values(content=formatted_mail()))
    assert filed_story(db) == 2
    training = filed_case(db, Kind.TRAINING)
    filed_message(db, training, raw_mail("Can you train the Department of Physics?"), kind=Kind.TRAINING)
    db.execute(insert(trainings).values(case_id=training, state=TrainingState.NEW, details={}))
    sensitive = filed_case(db, sensitive=True)
    filed_message(db, sensitive, raw_mail("He threatened me."), sensitive=True)
    filed_message(db, None, b"\x00", MessageState.FAILED, kind=None, failure="It could not be read.")
    db.execute(insert(notes).values(case_id=1, who="adam", at=NOW, words="Ask the dean."))


def entered(browser: TestClient, store: Store, name: str) -> str:
    """Signs somebody in without their password; the token that their forms bear."""
    with store.writing() as db:
        token = sessions.start(db, name, NOW)
        csrf: str = db.execute(select(desk_sessions.c.csrf).where(desk_sessions.c.person == name)).scalars().all()[-1]
    browser.cookies.set("mailflow", token)
    return csrf


def everything(store: Store, *, reading: bool = False) -> dict[str, Any]:
    """What all tables hold, but when sessions were last in use; `reading`: nor that somebody read."""
    with store.reading() as db:
        found = {table.name: db.execute(select(table)).mappings().all() for table in SQLModel.metadata.sorted_tables}
    rows = {name: [dict(row) for row in kept] for name, kept in found.items()}
    for session in rows[desk_sessions.name]:
        del session["seen_at"]
    if reading:
        rows[events.name] = [event for event in rows[events.name] if not event["what"].startswith("read")]
    return rows
