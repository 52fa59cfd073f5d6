"""The same mail twice is one message, by whichever way it came; two mails under one Message-ID are two, and a person looks."""

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import select

from letters import TRAINING
from mailflow import pipeline, settings
from mailflow.deciding import House
from mailflow.domain import MessageState
from mailflow.store.database import Store
from mailflow.store.tables import cases, messages, outgoings, places, raws
from receiving_mail import put_to_rest

ROOT = Path(__file__).parents[2]
NOW = datetime(2026, 11, 24, 10, 0, tzinfo=UTC)
ONCE = (
    "From: Sam <sam@university.example>\r\nTo: edi.centre@university.example, bystander@university.example\r\n"
    "Subject: Active Bystander training\r\nDate: Tue, 24 Nov 2026 09:00:00 +0000\r\nMessage-ID: <1@client.example>\r\n"
)
BODY = f"\r\n{TRAINING}".replace("\r\n", "\n").replace("\n", "\r\n")


@pytest.fixture(scope="module")
def house() -> House:
    return House.build(settings.load(_env_file=None, mode="live", rules=ROOT / "rules.toml", templates=ROOT / "templates"))


def copy(above: str = "", head: str = ONCE, body: str = BODY) -> bytes:
    return (above + head + body).encode()


def process(store: Store, house: House, *batches: Sequence[bytes]) -> None:
    """Each batch is received and decided before the next one comes."""
    uid = 1
    for batch in batches:
        put_to_rest(store, *batch, first_uid=uid)
        uid += len(batch)
        while pipeline.process(store, house, "here/1/1", NOW):
            pass


def standing(store: Store) -> tuple[list[MessageState], int, int, int]:
    """The messages' states, and how many cases, mails of ours and places there are."""
    with store.reading() as db:
        states = list(db.execute(select(messages.c.state).order_by(messages.c.id)).scalars())
        counted = [len(db.execute(select(table.c.id)).all()) for table in (cases, outgoings, places)]
    return states, counted[0], counted[1], counted[2]


def why_held(store: Store) -> list[str | None]:
    with store.reading() as db:
        return [hold["name"] if hold else None for hold in db.execute(select(messages.c.hold).order_by(messages.c.id)).scalars()]


WAYS = {
    "by two routes": (
        "Received: from a.example by mx1.university.example\r\nReturn-Path: <sam@university.example>\r\n",
        "Received: from b.example by mx2.university.example\r\nX-Spam-Score: 1\r\nAuthentication-Results: mx2; spf=pass\r\n",
    ),
    "resent": (
        "",
        "Resent-From: kim@university.example\r\nResent-Date: Wed, 25 Nov 2026 09:00:00 +0000\r\nResent-Message-ID: <9@x>\r\n",
    ),
    "to two aliases": (
        "Delivered-To: edi.centre@university.example\r\n",
        "Delivered-To: bystander@university.example\r\nX-Original-To: b\r\n",
    ),
}


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("together", [True, False], ids=["in one batch", "one after the other"])
def test_one_mail_that_comes_twice_is_one_message_and_answered_once(store: Store, house: House, way: str, together: bool) -> None:
    first, second = map(copy, WAYS[way])
    process(store, house, *([(first, second)] if together else [(first,), (second,)]))
    assert standing(store) == ([MessageState.FILED], 1, 1, 2)


def test_other_line_ends_and_folds_make_no_other_mail(store: Store, house: House) -> None:
    folded = ONCE.replace("Active Bystander training", "Active\r\n Bystander training")
    process(store, house, (copy(), copy().replace(b"\r\n", b"\n"), copy(head=folded)))
    assert standing(store) == ([MessageState.FILED], 1, 1, 3)


NAMELESS = ONCE.replace("Message-ID: <1@client.example>\r\n", "")


def test_without_a_message_id_the_same_bytes_are_one_message(store: Store, house: House) -> None:
    process(store, house, (copy(head=NAMELESS), copy(head=NAMELESS)), (copy(head=NAMELESS),))
    assert standing(store) == ([MessageState.FILED], 1, 1, 3)


def test_without_a_message_id_other_words_are_another_message(store: Store, house: House) -> None:
    process(store, house, (copy(head=NAMELESS), copy(head=NAMELESS, body=BODY + "PS: We are all looking forward to it.\r\n")))
    assert standing(store) == ([MessageState.FILED, MessageState.FILED], 2, 2, 2)


@pytest.mark.parametrize(
    "other",
    [
        copy(head=ONCE.replace("sam@", "mallory@")),
        copy(body=BODY.replace("Physics", "Chemistry")),
        # A list adds a footer, and the words are the same.
        copy(head=ONCE.replace("Subject: ", "Subject: [EDI] "), body=BODY + "_______________\r\nEDI mailing list\r\n"),
    ],
    ids=["another sender", "other words", "a list's footer"],
)
def test_the_same_message_id_with_other_bytes_is_kept_and_held_and_not_answered(store: Store, house: House, other: bytes) -> None:
    process(store, house, (copy(),), (other,))
    states, _, answers, _ = standing(store)
    assert (states, answers) == ([MessageState.FILED, MessageState.HELD], 1)
    assert why_held(store) == [None, "same-message-id"]
    with store.reading() as db:
        assert list(db.execute(select(raws.c.content).order_by(raws.c.message_id)).scalars()) == [copy(), other]


def test_two_mails_of_one_message_id_that_come_together_are_both_held(store: Store, house: House) -> None:
    process(store, house, (copy(), copy(head=ONCE.replace("sam@", "mallory@"))))
    assert why_held(store) == ["same-message-id", "same-message-id"]
    assert standing(store)[2] == 0
