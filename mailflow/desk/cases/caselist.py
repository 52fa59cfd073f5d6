"""All cases as a list that goes by urgency, narrowed down by state and kind, to one's own, and to those that are put off."""

from datetime import date
from urllib.parse import urlencode

from fastapi import APIRouter, Response

from mailflow.desk.access import SignedIn
from mailflow.desk.fields import Beside
from mailflow.desk.room import TheRoom
from mailflow.domain import CaseState, Kind
from mailflow.store import listing

router = APIRouter()


@router.get("/cases")
def all_cases(
    room: TheRoom,
    session: SignedIn,
    state: CaseState = CaseState.OPEN,
    kind: Kind | None = None,
    mine: bool = False,
    snoozed: bool = False,
    after: Beside = None,
    after_due: date | None = None,
    after_sensitive: bool = False,
) -> Response:
    """The cases that are wanted, page by page. What begins with `after` is of the last case of the page before."""
    last = None if after is None else listing.After(after, after_due, after_sensitive)
    wanted = listing.Wanted(state, kind, session.person if mine else None, snoozed=snoozed)
    with room.store.reading() as db:
        found = listing.listed(db, wanted, room.today, last)
        numbers = listing.count_unclosed(db, wanted, room.today)
    return room.page(
        "cases",
        session,
        found=found,
        numbers=numbers,
        wanted=wanted,
        later=way(wanted, found.lines[-1]) if found.has_more else None,
        is_first=last is None,
        way=way,
        today=room.today,
    )


def way(wanted: listing.Wanted, last: listing.CaseLine | None = None, **other: object) -> str:
    """The address of a list, or of its page after a case. `other` is what it differs in: state, kind, mine or snoozed."""
    parts = {"state": wanted.state, "kind": wanted.kind, "mine": wanted.assigned is not None, "snoozed": wanted.snoozed} | other
    if last is not None:
        parts |= {"after": last.case_id}
        if wanted.state is not CaseState.CLOSED:
            parts |= {"after_due": last.due, "after_sensitive": last.sensitive}
    return f"/cases?{urlencode({name: 1 if value is True else value for name, value in parts.items() if value})}"
