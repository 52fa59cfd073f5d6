"""Providers of sign-ins (OpenID Connect): one of ours that lies when told to, and an independent one as its own process."""

import base64
import hashlib
import json
import secrets
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from joserfc import jwk, jwt
from joserfc.jws import JWSRegistry
from joserfc.registry import HeaderParameter

from servers.starting import HOST, free_port, own_folder, running

CLIENT, SECRET = "mailflow-desk", "cl1ent-s3cret/+&="
KEY = jwk.RSAKey.generate_key(2048, {"kid": "one"})  # made once: it takes a while
_ANY = JWSRegistry({"x": HeaderParameter("X", int)}, ["RS256", "ES256", "HS256"], strict_check_header=False)
PERSON = {"sub": "0b6e1f2a", "preferred_username": "Zoë.Ode@university.example", "roles": ["reviewer"]}


class ProviderServer:
    """A running provider. `claims` are added to what its next tokens say (None leaves one out); `clock` gives the time."""

    def __init__(self, clock: Callable[[], datetime]) -> None:
        self.clock = clock
        self.claims: dict[str, Any] = {}
        self.header: dict[str, Any] = {}
        self.said: dict[str, Any] = {}  # instead of what it says of itself
        self.answers: list[tuple[int, dict[str, Any]]] = []  # instead of its next tokens
        self.key: Any = KEY
        self.published: list[Any] = [self.key]
        self.issued: list[str] = []  # every code and token
        self.asked: list[str] = []
        self._codes: dict[str, dict[str, str]] = {}
        self._server = ThreadingHTTPServer((HOST, 0), self._handler())
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,))
        self._thread.start()

    @property
    def issuer(self) -> str:
        return f"http://{HOST}:{self._server.server_port}"

    @property
    def settings(self) -> dict[str, str]:
        """What mailflow is told of it."""
        return {"oidc_issuer": self.issuer, "oidc_client_id": CLIENT, "oidc_client_secret": SECRET}

    def authorize(self, address: str) -> dict[str, str]:
        """Somebody signs in at the page that they were sent to; what the browser brings back."""
        asked = {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
        assert (asked["response_type"], asked["client_id"], asked["code_challenge_method"]) == ("code", CLIENT, "S256")
        assert "openid" in asked["scope"].split()
        code = f"c0de-{secrets.token_urlsafe(12)}"
        self._codes[code] = asked
        self.issued.append(code)
        return {"code": code, "state": asked["state"]}

    def assert_unseen(self, *texts: str) -> None:
        """Neither the secret, nor a code or a token, nor a name stands in what was said or logged."""
        for hidden in (SECRET, "Ode", PERSON["sub"], *self.issued):
            assert not [text for text in texts if str(hidden) in text]

    def close(self) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    def _discovery(self) -> dict[str, Any]:
        return {
            "issuer": self.issuer,
            "authorization_endpoint": f"{self.issuer}/authorize?tenant=university",
            "token_endpoint": f"{self.issuer}/token",
            "jwks_uri": f"{self.issuer}/keys",
            "end_session_endpoint": f"{self.issuer}/out",
            **self.said,
        }

    def _token(self, form: dict[str, str], authorization: str) -> tuple[int, dict[str, Any]]:
        if self.answers:
            return self.answers.pop(0)
        basic = base64.b64decode(authorization.removeprefix("Basic ")).decode().partition(":")
        client = (form.get("client_id") or unquote(basic[0]), form.get("client_secret") or unquote(basic[2]))
        if client != (CLIENT, SECRET):
            return 401, {"error": "invalid_client", "error_description": f"not {client}"}
        begun = self._codes.pop(form["code"], None)
        proof = base64.urlsafe_b64encode(hashlib.sha256(form["code_verifier"].encode()).digest()).decode().rstrip("=")
        if not begun or (form["redirect_uri"], proof) != (begun["redirect_uri"], begun["code_challenge"]):
            return 400, {"error": "invalid_grant"}
        now = int(self.clock().timestamp())
        claims = {
            "iss": self.issuer,
            "aud": CLIENT,
            "iat": now,
            "exp": now + 300,
            "nonce": begun["nonce"],
            **PERSON,
            **self.claims,
        }
        token = self._signed({name: value for name, value in claims.items() if value is not None})
        self.issued.append(token)
        return 200, {"access_token": "acc3ss", "token_type": "Bearer", "id_token": token}

    def _signed(self, claims: dict[str, Any]) -> str:
        header = {"alg": "ES256" if self.key.key_type == "EC" else "RS256", "kid": self.key.kid, "typ": "JWT", **self.header}
        if header["alg"] == "none":
            parts = (json.dumps(part).encode() for part in (header, claims))
            return ".".join(base64.urlsafe_b64encode(part).decode().rstrip("=") for part in parts) + "."
        key = jwk.OctKey.import_key(SECRET) if header["alg"] == "HS256" else self.key
        return jwt.encode(header, claims, key, registry=_ANY)

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        server = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                server.asked.append(self.path)
                keys = {"keys": [key.as_dict(private=False) for key in server.published]}
                said = server._discovery() if self.path.endswith("/.well-known/openid-configuration") else {}
                found = keys if self.path == "/keys" else said
                self._say(200 if found else 404, found)

            def do_POST(self) -> None:
                server.asked.append(self.path)
                text = self.rfile.read(int(self.headers["Content-Length"])).decode()
                form = {name: values[0] for name, values in parse_qs(text).items()}
                self._say(*server._token(form, self.headers.get("Authorization", "")))

            def _say(self, status: int, body: Any) -> None:
                content = json.dumps(body).encode()
                self.send_response(status)
                self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                self.wfile.write(content)

            def log_message(self, *_: object) -> None:
                """Keeps silent."""

        return Handler


@contextmanager
def started(clock: Callable[[], datetime]) -> Iterator[ProviderServer]:
    """A provider of ours that runs until the block ends."""
    server = ProviderServer(clock)
    try:
        yield server
    finally:
        server.close()


@contextmanager
def independent(*people: dict[str, Any]) -> Iterator[str]:
    """The issuer of an oidc-provider-mock that knows these people, and runs until the block ends."""
    port = free_port()
    known = [word for person in people for word in ("--user-claims", json.dumps(person))]
    command = [sys.executable, "-W", "ignore", "-m", "oidc_provider_mock", "--host", HOST, "--port", str(port), *known]
    with own_folder("provider") as folder, running(command, folder / "log", port):
        yield f"http://{HOST}:{port}"
