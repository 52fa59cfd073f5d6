"""What every page of the desk needs at hand, and how a page is made."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from http import HTTPStatus
from typing import Annotated, cast
from zoneinfo import ZoneInfo

from fastapi import Depends, Request
from fastapi.responses import HTMLResponse
from jinja2 import Environment

from mailflow.deciding import House
from mailflow.desk.people.provider import Provider
from mailflow.desk.people.throttle import Throttle
from mailflow.desk.rules.sketches import Sketches
from mailflow.domain import Mode, Ourselves, Role
from mailflow.errors import ConflictError, UserError
from mailflow.settings import Settings
from mailflow.store.database import Store
from mailflow.store.sessions import Session


def refusal(error: UserError) -> HTTPStatus:
    """The status of a page that says why something was not done: somebody was quicker, or what was written is wrong."""
    return HTTPStatus.CONFLICT if isinstance(error, ConflictError) else HTTPStatus.UNPROCESSABLE_ENTITY


def utc_now() -> datetime:
    """The time, aware."""
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Room:
    """Everything the pages share. `clock` gives the time (aware); `patience`: how long the mailbox may go unseen.

    `house` gives the rules, templates and judges as they are now; `provider` is the university's own sign-in, where there is one.
    """

    store: Store
    settings: Settings
    house: Callable[[], House]
    clock: Callable[[], datetime]
    pages: Environment
    started: datetime
    patience: timedelta
    provider: Provider | None = None
    throttle: Throttle = field(default_factory=Throttle)
    sketches: Sketches = field(default_factory=Sketches)

    def page(self, name: str, session: Session | None = None, status: int = 200, /, **values: object) -> HTMLResponse:
        """A page from its template. `session` is who looks at it."""
        template = self.pages.get_template(f"{name}.html")
        may = session.role.includes if session else lambda _: False
        html = template.render(session=session, now=self.clock(), mode=self.mode, may=may, Role=Role, **values)
        # A lone surrogate, from a mail in no known charset, must not keep the page from being shown.
        return HTMLResponse(html.encode("utf-8", "replace"), status)

    @property
    def ourselves(self) -> Ourselves:
        """Who we are in the mail."""
        return self.settings.ourselves

    @property
    def zone(self) -> ZoneInfo:
        """The team's time zone."""
        return self.settings.zone

    @property
    def mode(self) -> Mode:
        """How far mailflow may go."""
        return self.settings.mode

    @property
    def today(self) -> date:
        """The day it is for the team."""
        return self.clock().astimezone(self.zone).date()

    @property
    def secure_cookies(self) -> bool:
        """Whether cookies go by https only: so it is where people reach the desk by https."""
        return (self.settings.desk_url or "").startswith("https://")

    @property
    def cookie(self) -> str:
        """The name of the session's cookie; __Host- keeps other hosts of the domain from setting it (RFC 6265bis)."""
        return "__Host-mailflow" if self.secure_cookies else "mailflow"


def room_of(request: Request) -> Room:
    """The room that a request came to."""
    return cast(Room, request.app.state.room)


TheRoom = Annotated[Room, Depends(room_of)]
