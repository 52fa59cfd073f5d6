"""`mailflow retry`: what failed is tried again, because a person says so."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated

import typer

from mailflow.commands.naming import Named, read_names
from mailflow.domain import reference
from mailflow.errors import UserError

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from mailflow.store.resolving import ListedMail


def retry(
    names: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[ID|REF]...", help="As `mailflow status` shows them: message 17, mail 12, EDI-0042.", show_default=False
        ),
    ] = None,
    every: Annotated[bool, typer.Option("--all", help="Everything that failed.")] = False,
    in_doubt: Annotated[
        bool,
        typer.Option("--in-doubt", help="Also mails in doubt: they may have arrived, and may then arrive a second time."),
    ] = False,
) -> None:
    """Read failed messages again, and send again the mails that failed or came back.

    What came back is only sent again where you name it, and to the same address, which is then written to as before.

    A mail in doubt is one that the server may have taken before the
    connection broke. mailflow settles it by itself once it finds a proof: its
    copy in the Sent folder, or come back by blind copy (MAILFLOW_SENT_COPY),
    or its bounce. Without one it waits for you: ask whoever it was for, or
    whoever looks after the mail server, or answer them yourself. It is only
    sent again with --in-doubt, because its readers may then get it twice.

    Examples: mailflow retry message 17 EDI-0042, mailflow retry --all
    """
    if bool("".join(names or ()).strip()) == every:
        raise UserError("Name what to retry (message 17, mail 12, EDI-0042), or write --all; `mailflow status` lists it.")
    named = None if every else read_names(" ".join(names or ()))
    # Imported here: half of the start-up time is SQLModel's, and --help needs none of it.
    from mailflow.commands.opening import opened_store, who_asks
    from mailflow.store import resolving, retrying

    now, who = datetime.now(UTC), who_asks()
    with opened_store() as store, store.writing() as db:
        refused, back = _chosen(resolving.failed(db), named), _chosen(resolving.came_back(db), named)
        doubtful = _chosen(resolving.in_doubt(db), named)
        if named:
            _check(db, named, retrying.failed_messages(db), [*refused, *back, *doubtful])
            if doubtful and not in_doubt:
                raise UserError(_may_have_arrived(doubtful))
        again = retrying.receive_again(db, named.messages if named else None, who, now)
        mails = [*refused, *(back if named else []), *(doubtful if in_doubt else [])]
        resolving.retry(db, [mail.id for mail in mails], who, now)
    _tell(again, mails)
    _tell_left([] if named else back, [] if in_doubt else doubtful)
    if not again and not mails:
        print("Nothing has failed.")


def _chosen(mails: Sequence["ListedMail"], named: Named | None) -> list["ListedMail"]:
    """Those that are named; where none is, those that are listed."""
    if named is None:
        return [mail for mail in mails if not mail.dealt_with]
    return [mail for mail in mails if mail.id in named.mails or mail.case_id in named.cases]


def _check(db: "Connection", named: Named, failed: Sequence[int], mails: Sequence["ListedMail"]) -> None:
    """Raises UserError for each name that nothing failed of. Where another case's mail came back from there, it is named."""
    from mailflow.store.bounces import blocked_by
    from mailflow.store.casefiles import senders_of

    strangers = sorted(named.cases.difference(mail.case_id for mail in mails))
    shut = {case: by for case in strangers if (by := blocked_by(db, senders_of(db, case)))}
    unknown = [f"message {number}" for number in sorted(named.messages.difference(failed))]
    unknown += [f"mail {number}" for number in sorted(named.mails.difference(mail.id for mail in mails))]
    unknown += [f"mail of {reference(case)}" for case in strangers if case not in shut]
    problems = [f"There is no failed {name}; `mailflow status` lists what is there." for name in unknown]
    problems += [
        f"Mail to the sender of {reference(case)} came back, but not from this case: `mailflow retry {' '.join(by)}` sends that "
        "again, and lets the address be written to."
        for case, by in shut.items()
    ]
    if problems:
        raise UserError(*problems)


def _tell(again: Sequence[int], mails: Sequence["ListedMail"]) -> None:
    if again:
        print(f"To be read again: {', '.join(f'message {number}' for number in again)}.")
    if mails:
        print(f"To be sent again: {_listed(mails)}.")


def _tell_left(back: Sequence["ListedMail"], doubtful: Sequence["ListedMail"]) -> None:
    """Raises typer.Exit with 1 where any mail is left alone."""
    left = [_came_back(back)] if back else []
    left += [_may_have_arrived(doubtful)] if doubtful else []
    if left:
        print("\n".join(left))
        raise typer.Exit(1)


def _came_back(mails: Sequence["ListedMail"]) -> str:
    return f"Came back, and left alone: {_listed(mails)}. Name them, and they are sent to the same addresses again."


def _may_have_arrived(mails: Sequence["ListedMail"]) -> str:
    return (
        f"In doubt, and left alone: {_listed(mails)}. The mail server may have taken them already. Ask whoever it was for, or "
        "answer them yourself, and mark the case as dealt with at the desk. That they are not in the Sent folder proves nothing: "
        "many servers put nothing there. `mailflow retry … --in-doubt` sends them again, at the risk of a second copy."
    )


def _listed(mails: Sequence["ListedMail"]) -> str:
    return ", ".join(f"mail {mail.id}" + (f" ({reference(mail.case_id)})" if mail.case_id is not None else "") for mail in mails)
