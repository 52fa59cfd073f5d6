"""The same libraries in a straight line, as a script would use them that may lose mail, double it, or answer the wrong one.

Fetch fifty, parse, look for one word, insert, render, send over one kept connection; then the next fifty.
"""

import logging
import re
import secrets
import smtplib
import sqlite3
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path

from imapclient import IMAPClient
from jinja2 import Environment
from mailparser import MailParser

from bench.ours import Measured

BATCH = 50
OURS = "edi.centre@university.example"
TRAINING = re.compile(r"\b(?:training|workshop|session)\b", re.IGNORECASE)
TABLES = """
PRAGMA journal_mode = WAL;
PRAGMA synchronous = OFF;
CREATE TABLE message (id INTEGER PRIMARY KEY, message_id TEXT, sender TEXT, subject TEXT, kind TEXT, raw BLOB);
CREATE TABLE reply (id INTEGER PRIMARY KEY, message_id TEXT, recipient TEXT, raw BLOB);
"""
REPLY = """From: EDI Centre <{{ ours }}>
To: {{ to }}
Subject: Re: {{ subject }}
Date: {{ date }}
Message-ID: {{ id }}
In-Reply-To: {{ parent }}
Content-Type: text/plain; charset="utf-8"

Dear {{ name }},

thank you for writing to the EDI Centre about our {{ kind }}. We have your message and will answer it within three
working days.

The EDI Centre
"""


@dataclass(frozen=True)
class Servers:
    """Where the mail is, and where the replies go."""

    imap_port: int
    smtp_port: int
    user: str
    password: str


def run_straight(servers: Servers, count: int, replies: int, database: Path) -> Measured:
    """Goes once through the mailbox of `count` messages, and answers `replies` of them, evenly spread."""
    here, there = get_context("spawn").Pipe()
    process = get_context("spawn").Process(target=_straight, args=(servers, count, replies, database, there))
    process.start()
    there.close()
    try:
        measured: Measured = here.recv()
        process.join(30)
    finally:
        process.kill()
    return measured


def _straight(servers: Servers, count: int, replies: int, database: Path, there: Connection) -> None:
    logging.getLogger("mailparser").addHandler(logging.NullHandler())
    reply = Environment().from_string(REPLY)
    done, sent = 0, []
    with (
        IMAPClient("127.0.0.1", servers.imap_port, ssl=False) as imap,
        smtplib.SMTP("127.0.0.1", servers.smtp_port) as smtp,
        sqlite3.connect(database, isolation_level=None) as db,
    ):
        db.executescript(TABLES)
        imap.debug = 0  # at its own level it formats every body for a log that nobody reads
        imap.login(servers.user, servers.password)
        imap.select_folder("INBOX")
        began, cpu_before = time.monotonic(), time.process_time()
        uids = imap.search("ALL")
        for start in range(0, len(uids), BATCH):
            rows, answers = [], []
            for parts in imap.fetch(uids[start : start + BATCH], ["BODY.PEEK[]"]).values():
                raw = parts[b"BODY[]"]
                mail = MailParser.from_bytes(raw)
                name, address = (mail.from_ or [("", "")])[0]
                kind = "training" if TRAINING.search(f"{mail.subject} {mail.body}") else "programme"
                rows.append((mail.message_id, address, mail.subject, kind, raw))
                done += 1
                if done * replies // count > (done - 1) * replies // count:
                    answers.append(_answer(reply, mail, name, address, kind))
            db.execute("BEGIN")
            db.executemany("INSERT INTO message (message_id, sender, subject, kind, raw) VALUES (?, ?, ?, ?, ?)", rows)
            db.executemany("INSERT INTO reply (message_id, recipient, raw) VALUES (?, ?, ?)", answers)
            db.execute("COMMIT")
            for message_id, address, raw in answers:
                smtp.sendmail(OURS, [address], raw)
                sent.append(message_id)
        there.send(Measured(done, sent, time.monotonic() - began, time.process_time() - cpu_before))


def _answer(reply, mail: MailParser, name: str, address: str, kind: str) -> tuple[str, str, bytes]:
    message_id = f"<{secrets.token_urlsafe(18)}@university.example>"
    values = {"ours": OURS, "to": address, "name": name, "kind": kind, "id": message_id, "parent": mail.message_id}
    text = reply.render(**values, subject=mail.subject, date=format_datetime(datetime.now(UTC)))
    return message_id, address, text.replace("\n", "\r\n").encode()
