"""A token server: gives tokens to one client, and tells mail servers whose they are and whether they are still good."""

import itertools
import json
import ssl
import threading
import time
from base64 import b64encode, urlsafe_b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, quote_plus, urlsplit

from servers.starting import HOST

CLIENT, SECRET, SCOPE = "mailflow-client", "client-s3cret/+&=", "https://outlook.example/.default"
MICROSOFT = "https://sts.windows.net/0b6e1f2a/"


class TokenServer:
    """A running token server. A token opens the mailbox `mailbox`, for `lifetime` seconds."""

    def __init__(self, mailbox: str, tls: ssl.SSLContext | None = None) -> None:
        self.mailbox = mailbox
        self.lifetime = 60.0
        self.claims: dict[str, Any] = {}  # what the tokens say; no JWTs where empty
        self.answers: list[tuple[int, Any]] = []  # status and body of the next answers, instead of a token
        self.asked: list[dict[str, str]] = []  # the forms that were sent
        self.issued: list[str] = []
        self.go_on = threading.Event()  # cleared: no answer is given
        self.go_on.set()
        self._expiry: dict[str, float] = {}
        self._numbers = itertools.count(1)
        self._server = ThreadingHTTPServer((HOST, 0), self._handler())
        if tls:
            self._server.socket = tls.wrap_socket(self._server.socket, server_side=True)
        self._scheme, self._name = ("https", "localhost") if tls else ("http", HOST)
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,))
        self._thread.start()

    @property
    def url(self) -> str:
        return f"{self._scheme}://{self._name}:{self._server.server_port}/token"

    @property
    def told_at(self) -> str:
        """Where mail servers ask about a token, which they append."""
        return f"http://{HOST}:{self._server.server_port}/whose?token="

    @property
    def settings(self) -> dict[str, str]:
        """What mailflow is told of it."""
        client = {"oauth_client_id": CLIENT, "oauth_client_secret": SECRET}
        return {"oauth_token_url": self.url, "oauth_scope": SCOPE, **client}

    @property
    def all_expired(self) -> bool:
        """Whether no token given so far is still good."""
        return max(self._expiry.values(), default=0.0) < time.monotonic()

    def assert_unseen(self, *texts: str) -> None:
        """Neither the secret nor a token stands in what was said or logged, in the clear or as it is sent."""
        for secret in (SECRET, *self.issued):
            # Base64 of it, wherever it begins in what is encoded.
            encoded = [b64encode(b"." * shift + secret.encode()).decode()[4:-4] for shift in range(3)]
            for form in (secret, quote_plus(secret), *encoded):
                assert not [text for text in texts if form in text]

    def empty(self) -> None:
        """As at the beginning."""
        self.lifetime, self.claims = 60.0, {}
        self.answers.clear()
        self.asked.clear()
        self.issued.clear()
        self.revoke()
        self.go_on.set()

    def revoke(self) -> None:
        """Every token given so far is good for nothing."""
        self._expiry.clear()

    def close(self) -> None:
        """Ends the server."""
        self.go_on.set()
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    def _token(self, form: dict[str, str]) -> tuple[int, Any]:
        self.asked.append(form)
        self.go_on.wait(20)
        if self.answers:
            return self.answers.pop(0)
        if (form.get("client_id"), form.get("client_secret")) != (CLIENT, SECRET):
            described = f"AADSTS7000215: Invalid client secret {form.get('client_secret')} provided."
            return 401, {"error": "invalid_client", "error_description": described, "error_codes": [7000215]}
        if form.get("grant_type") != "client_credentials" or form.get("scope") != SCOPE:
            return 400, {"error": "invalid_scope", "error_description": "AADSTS70011", "error_codes": [70011]}
        token = f"tok3n.{next(self._numbers)}.of-mailflow~+/=="
        if self.claims:
            token = f"eyJ0eXAiOiJKV1QifQ.{_encoded(self.claims | {'number': next(self._numbers)})}.tok3n"
        self.issued.append(token)
        self._expiry[token] = time.monotonic() + self.lifetime
        return 200, {"token_type": "Bearer", "expires_in": self.lifetime, "access_token": token}

    def _whose(self, token: str) -> tuple[int, Any]:
        good = self._expiry.get(token, float("-inf")) > time.monotonic()
        return (200, {"username": self.mailbox}) if good else (400, {"error": "invalid_token"})

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        server = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                text = self.rfile.read(int(self.headers["Content-Length"])).decode()
                self._say(*server._token({name: values[0] for name, values in parse_qs(text).items()}))

            def do_GET(self) -> None:
                self._say(*server._whose(parse_qs(urlsplit(self.path).query)["token"][0]))

            def _say(self, status: int, body: Any) -> None:
                content = body if isinstance(body, bytes) else json.dumps(body).encode()
                self.send_response(status)
                self.send_header("Location", "/elsewhere")
                self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                self.wfile.write(content)

            def log_message(self, *_: object) -> None:
                """Keeps silent."""

        return Handler


def _encoded(claims: dict[str, Any]) -> str:
    return urlsafe_b64encode(json.dumps(claims).encode()).decode().rstrip("=")


@contextmanager
def started(mailbox: str, tls: ssl.SSLContext | None = None) -> Iterator[TokenServer]:
    """A server that runs until the block ends."""
    server = TokenServer(mailbox, tls)
    try:
        yield server
    finally:
        server.close()
