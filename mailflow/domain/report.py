"""What the digest tells the team: counts and references, and nothing that anybody wrote."""

from dataclasses import dataclass
from datetime import date, datetime

from mailflow.domain.states import AutomaticSort, Kind, MessageState, Mode, OutgoingState


@dataclass(frozen=True, slots=True)
class DigestPeriod:
    """What one digest covers: from `since` up to, and without, `until` (aware); `day` is the team's day it is made for."""

    day: date
    since: datetime
    until: datetime


@dataclass(frozen=True, slots=True)
class ReportLine:
    """One thing that waits: by reference only, never by subject, name, address or words of the mail."""

    reference: str  # EDI-0042, or how `mailflow status` names what has no case
    kind: Kind | None  # None where it could not be read
    state: str  # the value of its state
    age: int  # working days since it came
    reason: str | None = None  # why it is held, or failed: the text of a Reason


SMTP = "SMTP"  # the server that takes our mail, as a Trouble names it
_IMAP = "IMAP "


def imap(folder: str) -> str:
    """The server that keeps a folder, as a Trouble names it."""
    return f"{_IMAP}{folder}"


@dataclass(frozen=True, slots=True)
class Trouble:
    """A server that is not well. Times are aware."""

    server: str  # SMTP, or imap(folder)
    since: datetime
    why: str
    told_at: datetime | None = None  # when a mail to the team said so
    over_at: datetime | None = None  # when it was well again; a trouble that comes back soon after is still this one

    @property
    def is_sending(self) -> bool:
        """Whether it keeps our own mail from leaving."""
        return self.server == SMTP

    def title(self, mailbox: str) -> str:
        """The server in words; `mailbox` is the address of the shared mailbox."""
        if self.is_sending:
            return "the outgoing mail server"
        folder = self.server.removeprefix(_IMAP)
        return f"the mailbox {mailbox}" if folder.upper() == "INBOX" else f"the folder {folder} of the mailbox {mailbox}"


@dataclass(frozen=True, slots=True)
class DayReport:
    """Where everything stands at `until`, and what happened since the last digest (aware times)."""

    since: datetime
    until: datetime
    mode: Mode
    new: tuple[tuple[Kind, int], ...] = ()  # messages decided since the last digest, by kind
    automatic: tuple[tuple[AutomaticSort, int], ...] = ()  # those of them that machines wrote, by sort
    undecided: int = 0  # messages received and not decided yet
    replies_sent: int = 0
    silences: tuple[tuple[str, int], ...] = ()  # people's messages that got no automatic reply, by the name of the reason
    unsent: int = 0  # replies on their way: the mail server or the cap an hour keeps them waiting
    capped: int = 0  # those of them that wait for the cap on replies an hour
    drafts: int = 0  # replies that wait for a person's approval
    waiting: tuple[ReportLine, ...] = ()  # cases that wait for the team, still in time
    overdue: tuple[ReportLine, ...] = ()  # cases past their day
    stories: tuple[ReportLine, ...] = ()  # to be reviewed
    held: tuple[ReportLine, ...] = ()  # messages that a person must decide, with why
    failed: tuple[ReportLine, ...] = ()  # messages that could not be read, with why
    undelivered: tuple[ReportLine, ...] = ()  # our mails that were refused for good or came back, with why
    in_doubt: tuple[ReportLine, ...] = ()  # our mails that may or may not have been sent
    delayed: tuple[ReportLine, ...] = ()  # our mails that are refused for now, for a while already; they are tried again
    in_mailbox: int | None = None  # messages the server counts; None where nobody looked
    known: int | None = None  # messages of them that we know
    counted_at: datetime | None = None  # when they were counted
    trouble: tuple[Trouble, ...] = ()  # servers that are not well
    left_out: tuple[tuple[str, int], ...] = ()  # how many lines a list above is short of, by its name
    beyond: int = 0  # things that need somebody and are in no list above

    @property
    def needs(self) -> int:
        """How many things need somebody: each reference once, each draft, a mailbox that cannot be read or does not agree."""
        lines = (*self.overdue, *self.stories, *self.held, *self.failed, *self.undelivered, *self.in_doubt)
        named = len({line.reference for line in lines})
        return named + self.beyond + self.drafts + len(self.trouble) + (self.agrees is False)

    @property
    def agrees(self) -> bool | None:
        """Whether every message on the server is known to us; None where nobody looked."""
        return None if self.in_mailbox is None or self.known is None else self.in_mailbox == self.known


@dataclass(frozen=True, slots=True)
class FolderStanding:
    """The last looks at a folder. Times are aware; None is never."""

    folder: str
    polled_at: datetime | None  # the last look that went well
    on_server: int | None
    known: int | None  # messages on the server that we know
    counted_at: datetime | None


@dataclass(frozen=True, slots=True)
class Standing:
    """Where everything stands now, as `mailflow status` tells it. Lists are cut short; the counts are whole."""

    running: bool  # whether a daemon is at work
    folders: tuple[FolderStanding, ...]
    troubles: tuple[Trouble, ...]  # servers that are not well, folders that are not watched any more among them
    messages: tuple[tuple[MessageState, int], ...]  # by state, those that wait for something
    mails: tuple[tuple[OutgoingState, int], ...]  # by state
    capped: int  # replies that wait for the cap on replies an hour
    overdue: int  # cases past their day
    stories: int  # to be reviewed
    held: tuple[ReportLine, ...]
    failed: tuple[ReportLine, ...]
    undelivered: tuple[ReportLine, ...]
    in_doubt: tuple[ReportLine, ...]
    in_doubt_in_all: int  # how many they are in truth
    refused: int  # mails among the undelivered that were refused for good
    came_back: int  # mails among the undelivered that came back
    blocked: tuple[str, ...]  # addresses that are not written to, named by the mail that came back from there
    delayed: tuple[ReportLine, ...]  # refused for now, for a while already
    delayed_in_all: int
    late: tuple[ReportLine, ...]  # messages received a while ago, and not decided yet
    late_in_all: int  # how many they are in truth
    last_digest: DigestPeriod | None
