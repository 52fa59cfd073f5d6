"""What every page of the desk needs at hand, and how a page is made."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Annotated, cast
from zoneinfo import ZoneInfo

from fastapi import Depends, Request
from fastapi.responses import HTMLResponse
from jinja2 import Environment

from mailflow.desk.throttle import Throttle
from mailflow.domain import Mode, Ourselves
from mailflow.rules import FrequentQuestion
from mailflow.store.database import Store
from mailflow.store.sessions import Session


def utc_now() -> datetime:
    """The time, aware."""
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Room:
    """Everything the pages share. `clock` gives the time (aware); `patience`: how long the mailbox may go unseen.

    `folder`: the one that is watched; `most_an_hour` gives the cap on replies, where there is one.
    `questions` gives the agreed answers.
    """

    store: Store
    ourselves: Ourselves
    zone: ZoneInfo
    secure_cookies: bool
    clock: Callable[[], datetime]
    pages: Environment
    mode: Mode
    started: datetime
    patience: timedelta
    folder: str
    most_an_hour: Callable[[], int | None]
    questions: Callable[[], tuple[FrequentQuestion, ...]]
    throttle: Throttle = field(default_factory=Throttle)

    def page(self, name: str, session: Session | None = None, status: int = 200, /, **values: object) -> HTMLResponse:
        """A page from its template. `session` is who looks at it."""
        template = self.pages.get_template(f"{name}.html")
        html = template.render(session=session, now=self.clock(), mode=self.mode, **values)
        # A lone surrogate, from a mail in no known charset, must not keep the page from being shown.
        return HTMLResponse(html.encode("utf-8", "replace"), status)

    @property
    def cookie(self) -> str:
        """The name of the session's cookie; __Host- keeps other hosts of the domain from setting it (RFC 6265bis)."""
        return "__Host-mailflow" if self.secure_cookies else "mailflow"


def room_of(request: Request) -> Room:
    """The room that a request came to."""
    return cast(Room, request.app.state.room)


TheRoom = Annotated[Room, Depends(room_of)]
