"""The desk as a web application: its pages, its guard, and the page for whatever goes wrong."""

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import cache
from http import HTTPStatus
from urllib.parse import quote

from fastapi import APIRouter, FastAPI, HTTPException, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import RedirectResponse
from starlette.exceptions import HTTPException as StarletteHTTPException

from mailflow.deciding import House
from mailflow.desk import today
from mailflow.desk.access import NotAllowedError, NotOurFormError, NotSignedInError
from mailflow.desk.cases import answering, caselist, casework, correction, drafts, regrouping, settling
from mailflow.desk.guard import Guard
from mailflow.desk.mail import maillist, messages, source
from mailflow.desk.people import account, everybody, password, university, upkeep
from mailflow.desk.people.provider import Provider
from mailflow.desk.room import Room, utc_now
from mailflow.desk.rules import changing, rulebook, trying
from mailflow.desk.show import ASSETS, pages
from mailflow.desk.stories import consent, published, review, storylist
from mailflow.desk.training import board, open_dates, session
from mailflow.errors import TemporaryError, UserError
from mailflow.settings import Settings
from mailflow.store.database import Store

# A mail server may restart, and its network with it, before anybody must be called.
LEAST_PATIENCE = timedelta(minutes=15)
POLLS_MISSED = 10

_SENTENCES = {
    HTTPStatus.BAD_REQUEST: "What your browser sent cannot be understood.",
    HTTPStatus.UNAUTHORIZED: "You are not signed in any more, so nothing was changed.",
    HTTPStatus.FORBIDDEN: "This form was not made by the desk for you, or is too old. Nothing was changed: open the page again.",
    HTTPStatus.NOT_FOUND: "There is no such page.",
    HTTPStatus.METHOD_NOT_ALLOWED: "This page cannot be used in that way.",
    HTTPStatus.LENGTH_REQUIRED: "What your browser sent does not say how long it is.",
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: "That is too long. Nothing was changed: go back and write less.",
    HTTPStatus.UNPROCESSABLE_ENTITY: "Something in the form is missing or is not among the choices. Nothing was changed.",
    HTTPStatus.INTERNAL_SERVER_ERROR: "That went wrong, and it is our fault. Nothing was changed; it is in the log.",
    HTTPStatus.SERVICE_UNAVAILABLE: "The database cannot be reached just now. Nothing was changed: try again in a minute.",
}

assets = APIRouter()


@assets.get("/assets/{name}")
def asset(name: str) -> Response:
    """The style sheet and the sign. Their address changes with their content, so browsers may keep them."""
    if name not in ASSETS:
        raise HTTPException(404)
    media_type, content = ASSETS[name]
    return Response(content, media_type=media_type, headers={"Cache-Control": "public, max-age=31536000, immutable"})


# Whole files and mails are pasted here, and whole stories written.
LARGER = {"/rules/change": changing.MOST_BYTES, "/rules/try": trying.MOST_BYTES, "/review/": review.MOST_BYTES}
ROUTERS = (
    assets,
    published.router,
    password.router,
    university.router,
    today.router,
    storylist.router,
    review.router,
    consent.router,
    caselist.router,
    casework.router,
    settling.router,
    correction.router,
    regrouping.router,
    maillist.router,
    messages.router,
    source.router,
    answering.router,
    drafts.router,
    board.router,
    open_dates.router,
    session.router,
    rulebook.router,
    trying.router,
    changing.router,
    account.router,
    everybody.router,
    upkeep.router,
)


def build(
    store: Store, settings: Settings, house: Callable[[], House] | None = None, *, clock: Callable[[], datetime] = utc_now
) -> FastAPI:
    """The desk over a migrated store. Where its URL is https, cookies go by https only.

    `house` gives the rules, templates and judges as they are now; where not given they are read once, when first asked for.
    `clock` gives the time (aware).
    """
    patience = max(LEAST_PATIENCE, timedelta(seconds=settings.poll_seconds) * POLLS_MISSED)
    room = Room(
        store,
        settings,
        house or cache(lambda: House.build(settings)),
        clock,
        pages(settings.ourselves.name, settings.zone),
        started=clock(),
        patience=patience,
        provider=Provider(settings) if settings.oidc_issuer else None,
    )
    app = FastAPI(title="mailflow", openapi_url=None, docs_url=None, redoc_url=None)
    app.state.room = room
    for router in ROUTERS:
        app.include_router(router)

    def problem(status: HTTPStatus, sentence: str | None = None) -> Response:
        return room.page("problem", None, status, status=status, sentence=sentence or _SENTENCES.get(status, f"{status.phrase}."))

    app.add_middleware(Guard, problem_page=problem, larger=LARGER)
    _answer_problems(app, problem)
    return app


def _answer_problems(app: FastAPI, problem: Callable[..., Response]) -> None:
    def not_signed_in(request: Request, _: Exception) -> Response:
        if request.method == "GET":
            way = request.url.path + (f"?{request.url.query}" if request.url.query else "")
            return RedirectResponse(f"/sign-in?next={quote(way)}" if way != "/" else "/sign-in", 303)
        return problem(HTTPStatus.UNAUTHORIZED)

    def by_status(_: Request, error: Exception) -> Response:
        assert isinstance(error, StarletteHTTPException)
        response = problem(HTTPStatus(error.status_code))
        response.headers.update(error.headers or {})
        return response

    def not_allowed(_: Request, error: Exception) -> Response:
        return problem(HTTPStatus.FORBIDDEN, str(error))

    app.add_exception_handler(NotSignedInError, not_signed_in)
    app.add_exception_handler(NotAllowedError, not_allowed)
    app.add_exception_handler(StarletteHTTPException, by_status)
    app.add_exception_handler(NotOurFormError, lambda *_: problem(HTTPStatus.FORBIDDEN))
    app.add_exception_handler(RequestValidationError, lambda *_: problem(HTTPStatus.UNPROCESSABLE_ENTITY))
    app.add_exception_handler(UserError, lambda _, error: problem(HTTPStatus.NOT_FOUND, str(error)))
    app.add_exception_handler(TemporaryError, lambda *_: problem(HTTPStatus.SERVICE_UNAVAILABLE))
