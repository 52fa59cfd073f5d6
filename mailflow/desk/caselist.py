"""All cases as a list that goes by urgency, narrowed down by state and kind."""

from datetime import date
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Query, Response

from mailflow.desk.access import SignedIn
from mailflow.desk.casework import MOST
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
    after: Annotated[int | None, Query(ge=1, le=MOST)] = None,
    after_due: date | None = None,
) -> Response:
    """The cases in a state, page by page. `after` and `after_due` are the last case of the page before."""
    last = None if after is None else listing.After(after, after_due)
    with room.store.reading() as db:
        found = listing.listed(db, state, kind, last)
        numbers = listing.count_by_state(db, kind)
    return room.page(
        "cases",
        session,
        found=found,
        numbers=numbers,
        state=state,
        kind=kind,
        later=way(state, kind, found.lines[-1]) if found.has_more else None,
        is_first=last is None,
        way=way,
        today=room.clock().astimezone(room.zone).date(),
    )


def way(state: CaseState, kind: Kind | None = None, last: listing.CaseLine | None = None) -> str:
    """The address of a list, or of its page after a case."""
    parts: dict[str, object] = {"state": state.value}
    if kind is not None:
        parts["kind"] = kind.value
    if last is not None:
        parts["after"] = last.case_id
        if last.due is not None and state is not CaseState.CLOSED:
            parts["after_due"] = last.due.isoformat()
    return f"/cases?{urlencode(parts)}"
