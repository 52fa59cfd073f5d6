"""`mailflow status`: where everything stands, and whether all is well."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from datetime import UTC, datetime, timedelta, tzinfo
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from mailflow import settings
from mailflow.domain import FolderStanding, MessageState, Mode, OutgoingState, ReportLine, Standing, Trouble, imap
from mailflow.domain.wording import KIND, age_in_words
from mailflow.errors import UserError
from mailflow.settings import Settings

QUIET = timedelta(minutes=30)  # without a look at the mailbox; a long backlog may take as long
NAMED_AT_ONCE = 5  # in a sentence; the lists name more
_POLLS_MISSED = 10

_Rows = Sequence[tuple[str, ...]]


def status(
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object.")] = False,
) -> None:
    """Tell where everything stands: mailbox, messages, mails, digest. Ends with 1 where something is not well.

    Example: mailflow status
    """
    # Imported here: half of the start-up time is SQLModel's, and --help needs none of it.
    from mailflow.commands.opening import opened_store
    from mailflow.store.standing import standing

    chosen, now = settings.load(), datetime.now(UTC)
    most_an_hour, problems_in_files = _cap(chosen)
    with opened_store() as store, store.reading() as db:
        found = standing(db, chosen.ourselves.address, now, chosen.zone, most_an_hour)
    problems = [*_problems(found, chosen, now), *problems_in_files]
    if as_json:
        told = {"mode": chosen.mode.value, "well": not problems, "problems": problems, **asdict(found)}
        told |= {"messages": dict(found.messages), "mails": dict(found.mails)}
        print(json.dumps(told, default=lambda value: value.isoformat()))
    else:
        _show(found, problems, chosen)
    if problems:
        raise typer.Exit(1)


def _problems(found: Standing, chosen: Settings, now: datetime) -> Iterator[str]:
    """What is not well, one sentence each."""
    longest = max(QUIET, _POLLS_MISSED * timedelta(seconds=chosen.poll_seconds))
    watched = [folder for folder in found.folders if folder.folder == chosen.imap_folder]
    troubles = [trouble for trouble in found.troubles if _matters(trouble, chosen)]
    mails = dict(found.mails)
    for trouble in troubles:
        unsent = mails.get(OutgoingState.QUEUED, 0) + mails.get(OutgoingState.DEFERRED, 0)
        waiting = f" Mails that wait to be sent: {unsent}." if trouble.is_sending else ""
        server, since = trouble.title(chosen.ourselves.address), _time(trouble.since, chosen.zone)
        yield f"There has been trouble with {server} since {since}: {trouble.why}{waiting}"
    failing = any(trouble.server == imap(chosen.imap_folder) for trouble in troubles)
    if not failing and not any(folder.polled_at for folder in watched):
        yield f"Nobody has ever looked into {chosen.imap_folder} of {chosen.ourselves.address}; is mailflow running?"
    if not found.running and any(folder.polled_at for folder in watched):
        yield "mailflow is not running: nothing is received, answered or sent until `mailflow run` is started again."
    for folder in watched:
        if not failing and folder.polled_at and now - folder.polled_at > longest:
            yield f"Nobody has looked into {folder.folder} since {_time(folder.polled_at, chosen.zone)}; is mailflow running?"
        if folder.on_server != folder.known:
            yield f"{folder.folder} holds {folder.on_server} messages, and mailflow knows {folder.known} of them."
    yield from _unfinished(found)


def _unfinished(found: Standing) -> Iterator[str]:
    """What has stopped on its way."""
    messages = dict(found.messages)
    if found.late_in_all:
        named = _named(found.late, found.late_in_all)
        yield f"Received long ago and still not decided: {named}. The log of `mailflow run` says why."
    if failed := messages.get(MessageState.FAILED, 0):
        yield f"Could not be read: {_named(found.failed, failed)}. `mailflow retry` reads them again."
    if found.refused:
        yield f"Refused: {_named(_undelivered(found, OutgoingState.FAILED), found.refused)}. `mailflow retry` sends them again."
    if found.came_back:
        named = _named(_undelivered(found, OutgoingState.BOUNCED), found.came_back)
        yield f"Came back: {named}. Their addresses are not written to until `mailflow retry` names what to send again."
    if found.in_doubt_in_all:
        named = _named(found.in_doubt, found.in_doubt_in_all)
        yield f"In doubt whether they were sent: {named}. `mailflow retry --help` says what to do without a proof."
    if found.delayed_in_all:
        named = _named(found.delayed, found.delayed_in_all)
        yield f"Refused for now, for hours: {named}. They are tried again by themselves, for three days."
    if found.capped:
        yield f"The cap on replies an hour (rules.toml) is reached: {found.capped} wait for it, and leave by themselves."


def _matters(trouble: Trouble, chosen: Settings) -> bool:
    """Whether it is about a server that is in use now."""
    return chosen.mode is not Mode.REHEARSAL if trouble.is_sending else trouble.server == imap(chosen.imap_folder)


def _cap(chosen: Settings) -> tuple[int | None, Sequence[str]]:
    """The cap on replies an hour, and what is wrong now in the team's files, or with what was learnt.

    With a mistake in them a running daemon keeps what it had read, and could not be started again.
    """
    from mailflow.deciding import House

    try:
        house = House.build(chosen)
    except UserError as error:
        # A start reads them afresh, and has no older ones to keep.
        unused = "A mistake in the team's files, so that they are not used: the previous ones are, and a restart would fail"
        return None, [f"{unused}: {problem}" for problem in error.problems]
    return house.rules.replies.total_an_hour, [house.learnt.problem] if house.learnt.problem else []


def _show(found: Standing, problems: Sequence[str], chosen: Settings) -> None:
    console = Console(highlight=False)
    for title, columns, rows in _sections(found, chosen):
        if console.is_terminal:
            table = Table(*columns, title=title, title_justify="left", show_header=any(columns))
            for row in rows:
                table.add_row(*map(Text, row))
            console.print(table)
        else:
            print(f"{title}:")
            for row in rows:
                print(f"  {_in_one_line(row)}")
    if not problems:
        console.print("All is well.", style="green")
    for problem in problems:
        console.print(Text(problem, style="bold red"), soft_wrap=True)


def _in_one_line(row: tuple[str, ...]) -> str:
    """ "EDI-0042 (query, 3 working days): It came back." """
    name, *about, last = row
    said = ", ".join(filter(None, about))
    return name + (f" ({said})" if said else "") + (f": {last}" if last else "")


def _sections(found: Standing, chosen: Settings) -> Iterator[tuple[str, tuple[str, ...], _Rows]]:
    """The tables: title, headings, rows."""
    zone = chosen.zone
    digest = f"{found.last_digest.day} (until {_time(found.last_digest.until, zone)})" if found.last_digest else "none yet"
    yield "mailflow", ("", ""), [("mode", chosen.mode.value), ("last digest", digest)]
    heads = ("Folder", "Last look", "Messages")
    yield "Mailbox", heads, [_folder(folder, chosen) for folder in found.folders] or [("never read yet", "", "")]
    if found.troubles:
        yield "Trouble", ("Server", "When", "Why"), [_trouble(trouble, chosen) for trouble in found.troubles]
    counts = [(state.value, str(count)) for state, count in found.messages]
    counts += [("stories to review", str(found.stories)), ("cases overdue", str(found.overdue))]
    drafts = dict(found.mails).get(OutgoingState.DRAFT, 0)
    counts.append(("replies that wait for approval at the desk", str(drafts)))
    counts += [("replies that wait for the cap on replies an hour", str(found.capped))] if found.capped else []
    yield "Waiting", ("", ""), counts
    if found.mails:
        ours = [(state.value.replace("_", " "), str(count)) for state, count in found.mails]
        shut = ", ".join(found.blocked[:NAMED_AT_ONCE]) + (", …" if len(found.blocked) > NAMED_AT_ONCE else "")
        ours += [("addresses that are not written to until you retry", f"{len(found.blocked)} ({shut})")] if shut else []
        yield "Our mail", ("", ""), ours
    messages = dict(found.messages)
    for title, lines, total in (
        ("Received and not decided", found.late, found.late_in_all),
        ("Held for a person", found.held, messages.get(MessageState.HELD, 0)),
        ("Could not be read", found.failed, messages.get(MessageState.FAILED, 0)),
        ("Refused", _undelivered(found, OutgoingState.FAILED), found.refused),
        ("Came back", _undelivered(found, OutgoingState.BOUNCED), found.came_back),
        ("In doubt", found.in_doubt, found.in_doubt_in_all),
        ("Refused for now, and tried again", found.delayed, found.delayed_in_all),
    ):
        if lines:
            shown = title if len(lines) == total else f"{title} ({len(lines)} of {total})"
            yield shown, ("Reference", "Kind", "Age", "Why"), list(map(_line, lines))


def _folder(folder: FolderStanding, chosen: Settings) -> tuple[str, ...]:
    name = folder.folder if folder.folder == chosen.imap_folder else f"{folder.folder} (not watched now)"
    read = f"read {_time(folder.polled_at, chosen.zone)}" if folder.polled_at else "never read"
    if folder.counted_at is None:
        return name, read, "never counted"
    counted = f"{folder.on_server} messages, {folder.known} of them known"
    return name, read, f"{counted}, when last counted {_time(folder.counted_at, chosen.zone)}"


def _trouble(trouble: Trouble, chosen: Settings) -> tuple[str, ...]:
    title, since = trouble.title(chosen.ourselves.address), f"since {_time(trouble.since, chosen.zone)}"
    return title, since if _matters(trouble, chosen) else f"not in use now, {since}", trouble.why


def _undelivered(found: Standing, state: OutgoingState) -> Sequence[ReportLine]:
    return [line for line in found.undelivered if line.state == state]


def _named(lines: Sequence[ReportLine], total: int) -> str:
    few = [line.reference for line in lines[:NAMED_AT_ONCE]]
    return ", ".join(few) + (f" and {total - len(few)} more" if total > len(few) else "")


def _line(line: ReportLine) -> tuple[str, ...]:
    return line.reference, KIND[line.kind] if line.kind else "", age_in_words(line.age), line.reason or ""


def _time(moment: datetime, zone: tzinfo) -> str:
    return f"{moment.astimezone(zone):%Y-%m-%d %H:%M}"
