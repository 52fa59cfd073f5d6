"""What people and machines write to the Centre: one letter of each kind, clear enough to be told apart for sure."""

import itertools
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from email.utils import format_datetime
from zoneinfo import ZoneInfo

LONDON = ZoneInfo("Europe/London")
CENTRE = "edi.centre@university.example"

TRAINING = (
    "Dear colleagues,\n\nCould you run an Active Bystander workshop for our department, please? We are the Department of "
    "Physics, and about 20 of us would take part. We would like it in person.\n\nBest wishes,\nJane Smith\n"
)
QUERY = "Hello,\n\nWhen is the next open session of Active Bystander, and how do I sign up for it?\n\nThank you\n"
STORY = (
    "Hello,\n\nI took your Active Bystander training in spring, and I want to share a success story with you. Last week in a "
    "seminar a student mocked the accent of another one. I spoke up as we had practised, and said that this was not all right. "
    "Afterwards I checked in with the person who had been mocked. The room changed at once. You may publish this anonymously."
    "\n\nBest wishes\n"
)
SENSITIVE = "Hello,\n\nMy supervisor is harassing me, and he touched me again yesterday. I am afraid to go in. Please help me.\n"
AWAY = "I am out of the office until Monday and will answer when I am back.\n"

_numbers = itertools.count(1)


@dataclass(frozen=True)
class Letter:
    """A mail to the Centre; `answers` is the mail that it replies to."""

    sender: str
    subject: str
    text: str
    name: str = "Jane Smith"
    answers: EmailMessage | None = None
    headers: dict[str, str] = field(default_factory=dict)
    envelope: str | None = None
    to: str = CENTRE
    number: int = field(default_factory=lambda: next(_numbers))

    @property
    def message_id(self) -> str:
        return f"<letter-{self.number}@client.university.example>"

    @property
    def envelope_sender(self) -> str:
        return self.sender if self.envelope is None else self.envelope

    @property
    def raw(self) -> bytes:
        mail = EmailMessage()
        mail["From"], mail["To"], mail["Subject"] = f"{self.name} <{self.sender}>", self.to, self.subject
        mail["Date"] = format_datetime(datetime.now(LONDON))
        mail["Message-ID"] = self.message_id
        if self.answers:
            mail["In-Reply-To"] = self.answers["Message-ID"]
            mail["References"] = f"{self.answers['References'] or ''} {self.answers['Message-ID']}".strip()
        for name, value in self.headers.items():
            mail[name] = value
        mail.set_content(self.text)
        return mail.as_bytes()


def training(sender: str) -> Letter:
    return Letter(sender, "Active Bystander training for our department", TRAINING)


def query(sender: str) -> Letter:
    return Letter(sender, "Next open session?", QUERY)


def story(sender: str) -> Letter:
    return Letter(sender, "A success story: I stepped in at a seminar", STORY)


def sensitive(sender: str) -> Letter:
    return Letter(sender, "I need help", SENSITIVE)


def out_of_office(sender: str) -> Letter:
    return Letter(sender, "Automatic reply: your session", AWAY, headers={"Auto-Submitted": "auto-replied"})


def bounce() -> Letter:
    text = "This is the mail system. Your message could not be delivered to one or more recipients.\n"
    return Letter("MAILER-DAEMON@university.example", "Undelivered Mail Returned to Sender", text, envelope="")


def answer(letter: Letter, mail: EmailMessage, text: str) -> Letter:
    """The writer of a letter replies to what we answered."""
    return Letter(letter.sender, f"Re: {str(mail['Subject']).removeprefix('Re: ')}", text, answers=mail)


def opened(raw: bytes) -> EmailMessage:
    """A mail as a mail program sees it."""
    mail = message_from_bytes(raw, policy=default)
    assert isinstance(mail, EmailMessage)
    return mail


def text_of(mail: EmailMessage, subtype: str = "plain") -> str:
    """One of the two forms of a mail, with its line ends taken for spaces."""
    part = mail.get_body((subtype,))
    assert part is not None, f"the mail has no {subtype} part"
    return " ".join(str(part.get_content()).split())


def today() -> date:
    """The day at the Centre."""
    return datetime.now(LONDON).date()


def yesterday() -> datetime:
    """This time of yesterday."""
    return datetime.now(LONDON) - timedelta(days=1)
