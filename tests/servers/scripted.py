"""An SMTP server that does as it is told: gives a wanted answer to a command, or drops the connection at a wanted moment."""

import socket
import ssl
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from servers.starting import HOST

DROP = "drop"
FINE = {"DATA": "354 go on", "QUIT": "221 bye", "AUTH": "235 welcome", "STARTTLS": "220 go on"}


class Scripted:
    """A running server. `answers` maps a command to its answer, or to several that are given one after another.

    Commands are those of SMTP, and "greeting", "content" (dropped in the middle of a mail) and "." (after its final dot).
    """

    host = HOST

    def __init__(self, listener: socket.socket, tls: ssl.SSLContext | None, tls_at_once: bool) -> None:
        self.port: int = listener.getsockname()[1]
        self.answers: dict[str, str | list[str]] = {}
        self.extensions: list[str] = ["8BITMIME", "ENHANCEDSTATUSCODES"]
        self.seconds = 0.0  # before the answer to a mail
        self._slow: dict[bytes, threading.Event] = {}
        self.commands: list[str] = []
        self.complete: list[bytes] = []  # every mail that came whole, whatever was answered
        self.accepted: list[bytes] = []
        self.connections = 0
        self.most_at_once = 0  # mails under way
        self._under_way = 0
        self._lock = threading.Lock()
        self._listener = listener
        self._tls, self._tls_at_once = tls, tls_at_once
        self._open: list[socket.socket] = []
        self._threads = [threading.Thread(target=self._listen)]
        self._threads[0].start()

    @contextmanager
    def slow_over(self, raw: bytes) -> Iterator[threading.Event]:
        """Answers to this mail only once the event is set, or the block ends."""
        answered = self._slow[raw] = threading.Event()
        try:
            yield answered
        finally:
            answered.set()

    def cut(self) -> None:
        """Drops every connection."""
        with self._lock:
            for connection in self._open:
                with suppress(OSError):
                    socket.socket.shutdown(connection, socket.SHUT_RDWR)

    def close(self) -> None:
        """Ends the server."""
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self._threads[0].join()
        self.cut()
        for thread in self._threads:
            thread.join()

    def _listen(self) -> None:
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            with self._lock:
                self.connections += 1
                self._open.append(connection)
            thread = threading.Thread(target=self._serve, args=(connection,))
            self._threads.append(thread)
            thread.start()

    def _serve(self, connection: socket.socket) -> None:
        with suppress(OSError):
            if self._tls and self._tls_at_once:
                connection = self._secured(connection)
            while secured := self._session(connection):
                connection = secured
        connection.close()

    def _secured(self, connection: socket.socket) -> socket.socket:
        assert self._tls
        secured = self._tls.wrap_socket(connection, server_side=True, do_handshake_on_connect=False)
        with self._lock:
            self._open = [secured if known is connection else known for known in self._open]
        try:
            secured.do_handshake()
        except OSError:
            secured.close()
            raise
        return secured

    def _session(self, connection: socket.socket) -> socket.socket | None:
        """Serves until the end; or until TLS is begun, and returns the socket to go on with."""
        with connection.makefile("rb") as lines:
            if "STARTTLS" not in self.commands[-1:] and not self._say(connection, "greeting", "220 here"):
                return None
            for line in lines:
                self.commands.append(line.decode("latin-1").strip())
                verb = self.commands[-1].partition(" ")[0].upper()
                fine = self._greeting() if verb == "EHLO" else FINE.get(verb, "250 2.0.0 fine")
                answer = self._answer(verb, fine)
                if not self._give(connection, answer) or verb == "QUIT":
                    return None
                if verb == "STARTTLS":
                    return self._secured(connection)
                if verb == "DATA" and answer.startswith("354") and not self._take(connection, lines):
                    return None
        return None

    def _greeting(self) -> str:
        return "\r\n".join(["250-here", *(f"250-{extension}" for extension in self.extensions), "250 HELP"])

    def _take(self, connection: socket.socket, lines: Iterator[bytes]) -> bool:
        with self._lock:
            self._under_way += 1
            self.most_at_once = max(self.most_at_once, self._under_way)
        try:
            content = bytearray()
            for line in lines:
                if line == b".\r\n":
                    break
                content += line[1:] if line.startswith(b".") else line
                if "content" in self.answers:
                    return False
            else:
                return False
            self.complete.append(bytes(content))
            time.sleep(self.seconds)
            if slow := self._slow.get(bytes(content)):
                slow.wait(30)
            answer = self._answer(".", "250 2.0.0 taken")
            if answer.startswith("250"):
                self.accepted.append(bytes(content))
            return self._give(connection, answer)
        finally:
            with self._lock:
                self._under_way -= 1

    def _say(self, connection: socket.socket, verb: str, fine: str) -> bool:
        return self._give(connection, self._answer(verb, fine))

    def _answer(self, verb: str, fine: str) -> str:
        with self._lock:
            wanted = self.answers.get(verb, fine)
            if isinstance(wanted, list):
                return wanted.pop(0) if wanted else fine
            return wanted

    def _give(self, connection: socket.socket, answer: str) -> bool:
        """Whether the session goes on."""
        if answer == DROP:
            return False
        connection.sendall(f"{answer}\r\n".encode())
        return not answer.startswith("421")


@contextmanager
def started(tls: ssl.SSLContext | None = None, *, tls_at_once: bool = False) -> Iterator[Scripted]:
    """A server that runs until the block ends."""
    server = Scripted(socket.create_server((HOST, 0)), tls, tls_at_once)
    try:
        yield server
    finally:
        server.close()
