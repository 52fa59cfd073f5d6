"""An IMAP server that stops answering: from the start, or at the wanted command; connections stay open."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from servers.starting import HOST

_UNTAGGED = {
    "CAPABILITY": "* CAPABILITY IMAP4rev1 IDLE",
    "LIST": '* LIST (\\Noselect) "/" ""',
    "SELECT": "* 0 EXISTS\r\n* OK [UIDVALIDITY 1] fine\r\n* OK [UIDNEXT 1] fine",
    "EXAMINE": "* 0 EXISTS\r\n* OK [UIDVALIDITY 1] fine\r\n* OK [UIDNEXT 1] fine",
    "SEARCH": "* SEARCH",
}


class Silent:
    """A running server with an empty mailbox. `from_command` is the first that gets no answer; "" is the greeting."""

    host = HOST

    def __init__(self, from_command: str) -> None:
        self.fell_silent = threading.Event()
        self._from = from_command
        self._listener = socket.create_server((HOST, 0))
        self.port: int = self._listener.getsockname()[1]
        self._open: list[socket.socket] = []
        threading.Thread(target=self._listen, daemon=True).start()

    def close(self) -> None:
        """Ends the server."""
        for opened in (self._listener, *self._open):
            with suppress(OSError):
                opened.shutdown(socket.SHUT_RDWR)
            opened.close()

    def _listen(self) -> None:
        with suppress(OSError):
            while True:
                connection, _ = self._listener.accept()
                self._open.append(connection)
                threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection: socket.socket) -> None:
        tag = ""
        with suppress(OSError), connection.makefile("rb") as lines:
            self._say(connection, "", "* OK here")
            for line in lines:
                if line.strip().upper() == b"DONE":
                    self._say(connection, "DONE", f"{tag} OK fine")
                    continue
                tag, _, command = line.decode().strip().partition(" ")
                verb = command.removeprefix("UID ").partition(" ")[0].upper()
                if verb == "IDLE":
                    self._say(connection, verb, "+ idling")
                    continue
                untagged = _UNTAGGED.get(verb)
                self._say(connection, verb, *([untagged] if untagged else []), f"{tag} OK fine")

    def _say(self, connection: socket.socket, verb: str, *answers: str) -> None:
        if verb == self._from:
            self.fell_silent.set()
        if not self.fell_silent.is_set():
            connection.sendall("".join(f"{answer}\r\n" for answer in answers).encode())


@contextmanager
def started(from_command: str = "") -> Iterator[Silent]:
    """A server that runs until the block ends."""
    server = Silent(from_command)
    try:
        yield server
    finally:
        server.close()
