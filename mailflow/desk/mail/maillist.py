"""Everything that was received as one list with what became of it, narrowed down and searched."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Annotated
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Depends, Query, Response
from pydantic import BeforeValidator

from mailflow.desk.access import SignedIn
from mailflow.desk.fields import Beside
from mailflow.desk.room import TheRoom
from mailflow.domain import AutomaticSort, Kind, MessageState
from mailflow.domain.calendar import midnight
from mailflow.store.maillist import Narrowing, mail_list
from mailflow.store.searching import MOST_TYPED, understand

router = APIRouter()

_left_empty = BeforeValidator(lambda chosen: chosen or None)  # as a form sends what was not chosen


@dataclass(frozen=True, slots=True)
class Chosen:
    """What somebody has chosen to see, as it stands in the address."""

    q: Annotated[str, Query(max_length=10 * MOST_TYPED)] = ""
    state: Annotated[MessageState | None, _left_empty] = None
    kind: Annotated[Kind | None, _left_empty] = None
    automatic: Annotated[AutomaticSort | None, _left_empty] = None
    sensitive: Annotated[bool | None, _left_empty] = None
    answered: Annotated[bool | None, _left_empty] = None
    since: Annotated[date | None, _left_empty] = None
    until: Annotated[date | None, _left_empty] = None

    @property
    def is_narrowed(self) -> bool:
        """Whether anything is left out."""
        return self != Chosen()

    def narrowing(self, zone: ZoneInfo) -> Narrowing:
        """The same for the store. Days are the team's; the last one is among them."""
        return Narrowing(
            wanted=understand(self.q),
            state=self.state,
            kind=self.kind,
            automatic=self.automatic,
            sensitive=self.sensitive,
            answered=self.answered,
            since=None if self.since is None else midnight(self.since, zone),
            until=None if self.until is None else midnight(self.until, zone) + timedelta(days=1),
        )

    def way(self, before: int | None = None) -> str:
        """The address of this list, or of its page after a message."""
        parts = dict(self._parts())
        if before is not None:
            parts["before"] = str(before)
        return f"/mail?{urlencode(parts)}" if parts else "/mail"

    def _parts(self) -> Iterator[tuple[str, str]]:
        for name in ("q", "state", "kind", "automatic", "sensitive", "answered", "since", "until"):
            value = getattr(self, name)
            if value is not None and value != "":
                yield name, str(value).lower() if isinstance(value, bool) else str(value)


@router.get("/mail")
def all_mail(
    room: TheRoom,
    session: SignedIn,
    chosen: Annotated[Chosen, Depends()],
    before: Beside = None,
) -> Response:
    """The messages, page by page; `before` is the last one of the page before."""
    with room.store.reading() as db:
        found = mail_list(db, chosen.narrowing(room.zone), session.role, before)
    last = found.lines[-1].id if found.has_more else None
    later = None if last is None else chosen.way(last)
    return room.page("mail", session, found=found, chosen=chosen, later=later, is_first=before is None)
