"""Around every request: headers that keep the browser safe, a limit on what may be sent, and no traceback for anybody."""

from collections.abc import Callable, Mapping
from http import HTTPStatus

import structlog
from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

log = structlog.get_logger("mailflow.desk")

MOST_BYTES = 64 * 1024  # of a request's body
_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; connect-src 'self'; style-src 'self'; img-src 'self'; frame-src 'self'; "
        "form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
    ),
    "X-Frame-Options": "DENY",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
}


class Guard:
    """ASGI middleware. `problem_page` makes the page for a status that no page of ours answered.

    `larger`: how many bytes may be sent to paths that begin so, where they take more than `MOST_BYTES`.
    """

    def __init__(
        self, app: ASGIApp, problem_page: Callable[[HTTPStatus], Response], larger: Mapping[str, int] | None = None
    ) -> None:
        """`app` is what is guarded."""
        self._app = app
        self._problem_page = problem_page
        self._larger = larger or {}

    def _most(self, path: str) -> int:
        return next((most for beginning, most in self._larger.items() if path.startswith(beginning)), MOST_BYTES)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answers one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        started = False

        async def send_guarded(message: Message) -> None:
            nonlocal started
            if message["type"] == "http.response.start":
                started = True
                headers = MutableHeaders(scope=message)
                # What a page says itself goes before: mail shown in a frame, and stories that any website may embed.
                for name, value in _HEADERS.items():
                    headers.setdefault(name, value)
            await send(message)

        most = self._most(scope["path"])
        if refusal := _refusal(scope, most):
            await self._problem_page(refusal)(scope, receive, send_guarded)
            return
        try:
            await self._app(scope, _at_most(most, receive), send_guarded)
        except Exception as error:  # the traceback could tell what people wrote
            log.error("page failed", error=type(error).__name__, where=_where(error))  # noqa: TRY400
            if not started:
                await self._problem_page(HTTPStatus.INTERNAL_SERVER_ERROR)(scope, receive, send_guarded)


def _refusal(scope: Scope, most: int) -> HTTPStatus | None:
    """Why the body of a request is not even looked at."""
    headers = Headers(scope=scope)
    # It goes before the length that a request names beside it (RFC 9112, 6.3).
    if "transfer-encoding" in headers:
        return HTTPStatus.LENGTH_REQUIRED
    if scope["method"] in {"GET", "HEAD"}:
        return None
    length = headers.get("content-length")
    if length is None or not length.isdecimal():
        return HTTPStatus.LENGTH_REQUIRED
    return HTTPStatus.REQUEST_ENTITY_TOO_LARGE if int(length) > most else None


def _at_most(most: int, receive: Receive) -> Receive:
    """As `receive`, up to so many bytes of the body, whatever length the request has named."""
    received = 0

    async def receive_counted() -> Message:
        nonlocal received
        message = await receive()
        received += len(message.get("body", b""))
        if received > most:
            raise HTTPException(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
        return message

    return receive_counted


def _where(error: Exception) -> str:
    """File and line where it happened."""
    trace = error.__traceback__
    while trace and trace.tb_next:
        trace = trace.tb_next
    return f"{trace.tb_frame.f_code.co_filename}:{trace.tb_lineno}" if trace else ""
