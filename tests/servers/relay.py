"""A wire between an IMAP client and its server that a test can cut, silence, slow down, or have answer in the server's place."""

import re
import select
import socket
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from enum import StrEnum

from servers.starting import HOST

_LITERAL = re.compile(rb"\{(\d+)\+?\}\r\n$")


class Moment(StrEnum):
    """When a fault strikes, as seen from the command that it strikes at."""

    BEFORE = "before"  # the server never hears the command
    WITHIN = "within"  # the server has done it, and half of its answer comes through
    AFTER = "after"  # the server has done it, and not a word of its answer comes through


@dataclass
class _Fault:
    """What happens at the `times`-th command that begins like `command`, a regular expression; "greeting" is one, too."""

    command: str
    moment: Moment
    times: int
    silent: bool = False  # the connection stays open, and nothing passes any more
    farewell: bytes = b""  # said to the client before the connection ends
    meanwhile: Callable[[], object] | None = None  # done while the command is held back, which then goes on


class Relay:
    """Passes bytes on to another loopback port, and does to them what a test asks for."""

    host = HOST

    def __init__(self, target: int) -> None:
        """`target`: the server's port."""
        self.target = target
        self._listener = socket.create_server((HOST, 0))
        self.port: int = self._listener.getsockname()[1]
        self.accepted = 0
        self.commands: list[str] = []  # without their tags
        self.answered = Counter[str]()  # bytes that came for each command
        self.struck = threading.Event()  # the fault has happened
        self.answers: dict[str, str] = {}  # what the client gets for a command, a regular expression; the server never hears it
        self.hidden: tuple[str, ...] = ()  # capabilities that the server does not speak of
        self.seconds_a_byte = 0.0  # how slowly the server's answers trickle
        self.fault: _Fault | None = None
        self._wires: list[_Wire] = []
        self._threads: list[threading.Thread] = []

    def cut(self, farewell: bytes = b"") -> None:
        """Breaks whatever is connected now, as a firewall or a restart does; new connections are taken."""
        for wire in self._wires:
            wire.cut(farewell)

    def cut_at(self, command: str, moment: Moment = Moment.BEFORE, times: int = 1, farewell: bytes = b"") -> None:
        """Will break the connection at a command, once; with a `farewell` to the client, if there is to be one."""
        self.fault = _Fault(command, moment, times, farewell=farewell)

    def fall_silent_at(self, command: str, moment: Moment = Moment.BEFORE, times: int = 1) -> None:
        """Will pass nothing on from a command on, once, and leave the connection open."""
        self.fault = _Fault(command, moment, times, silent=True)

    def do_at(self, command: str, work: Callable[[], object], times: int = 1) -> None:
        """Will do this when the command comes, before the server hears it."""
        self.fault = _Fault(command, Moment.BEFORE, times, meanwhile=work)

    def accept(self) -> None:
        """Takes connections until the listener is closed."""
        with suppress(OSError):
            while True:
                near, _ = self._listener.accept()
                self.accepted += 1
                wire = _Wire(self, near)
                self._wires.append(wire)
                thread = threading.Thread(target=wire.run)
                thread.start()
                self._threads.append(thread)

    def close(self) -> None:
        """Ends everything."""
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self.cut()
        for thread in self._threads:
            thread.join(5)

    def due(self, command: str) -> _Fault | None:
        """The fault that strikes at this command."""
        fault = self.fault
        if fault and re.match(fault.command, command):
            fault.times -= 1
            if fault.times == 0:
                self.fault = None
                return fault
        return None


class _CutError(OSError):
    """The wire breaks here."""


class _Wire:
    """One connection through the relay."""

    def __init__(self, relay: Relay, near: socket.socket) -> None:
        self._relay = relay
        self._near, self._far = near, socket.socket()
        self._typed = self._heard = b""
        self._tag = b""
        self._command = ""
        self._literal = 0
        self._in_command = self._silent = False
        self._fault: _Fault | None = None

    def cut(self, farewell: bytes = b"") -> None:
        with suppress(OSError):
            self._near.sendall(farewell)
        for end in (self._near, self._far):
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)

    def run(self) -> None:
        with self._near, self._far, suppress(OSError):
            self._far.connect((HOST, self._relay.target))
            for end in (self._near, self._far):
                end.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self._begin("greeting")
            while True:
                for end in select.select([self._near, self._far], [], [])[0]:
                    data = end.recv(65536)
                    if not data:
                        return
                    if not self._silent:
                        (self._from_client if end is self._near else self._from_server)(data)

    def _from_client(self, data: bytes) -> None:
        self._typed += data
        while self._typed and not self._silent:
            if self._literal:
                self._far.sendall(self._typed[: self._literal])
                rest = self._typed[self._literal :]
                self._literal -= len(self._typed) - len(rest)
                self._typed = rest
                continue
            line, end, rest = self._typed.partition(b"\n")
            if not end:
                return
            self._typed = rest
            self._line(line + end)

    def _line(self, line: bytes) -> None:
        if not self._in_command:
            tag, _, command = line.strip().partition(b" ")
            self._tag, command = (tag, command) if command else (self._tag, tag)  # DONE has none
            text = command.decode("latin-1")
            self._relay.commands.append(text)
            if answer := next((said for begin, said in self._relay.answers.items() if re.match(begin, text)), None):
                self._near.sendall(b"%s %s\r\n" % (self._tag, answer.encode()))
                return
            self._begin(text)
        literal = _LITERAL.search(line)
        self._literal = int(literal[1]) if literal else 0
        self._in_command = bool(literal)
        if not self._silent:
            self._far.sendall(line)

    def _begin(self, command: str) -> None:
        self._command = command
        fault = self._relay.due(command)
        if fault and fault.moment is Moment.BEFORE:
            self._strike(fault)
            fault = None
        self._fault, self._heard = fault, b""
        self._done = re.compile(
            rb"^.*\r\n\Z|^\+ ?.*" if command in ("greeting", "IDLE") else rb"(?:.*\n)?%s .*\n\Z" % self._tag, re.S
        )

    def _from_server(self, data: bytes) -> None:
        self._relay.answered[self._command] += len(data)
        if self._fault is None:
            self._give(data)
            return
        self._heard += data
        if self._done.match(self._heard):
            if self._fault.moment is Moment.WITHIN:
                self._give(self._heard[: len(self._heard) // 2])
            self._strike(self._fault)
        elif self._heard.startswith(b"+"):  # "go on": the command is not at its end
            self._give(self._heard)
            self._heard = b""

    def _give(self, data: bytes) -> None:
        if self._relay.hidden:
            data = _without(data, self._relay.hidden)
        if not self._relay.seconds_a_byte:
            self._near.sendall(data)
            return
        for position in range(len(data)):
            self._near.sendall(data[position : position + 1])
            time.sleep(self._relay.seconds_a_byte)

    def _strike(self, fault: _Fault) -> None:
        self._silent, self._fault = fault.silent, None
        if fault.meanwhile:
            fault.meanwhile()
        self._relay.struck.set()
        if fault.meanwhile:
            return
        if not fault.silent:
            self._near.sendall(fault.farewell)
            raise _CutError


def _without(data: bytes, capabilities: tuple[str, ...]) -> bytes:
    names = "|".join(capabilities).encode()
    if b"CAPABILITY" in data:
        data = re.sub(rb" (?:%s)(?=[ \]\r])" % names, b"", data)
    # RFC 4315, 3: said by a server that has UIDPLUS.
    return re.sub(rb"\[COPYUID [^]]*\] ", b"", data) if "UIDPLUS" in capabilities else data


@contextmanager
def relaying(target: int) -> Iterator[Relay]:
    """A relay to `target` until the block ends."""
    relay = Relay(target)
    thread = threading.Thread(target=relay.accept)
    thread.start()
    try:
        yield relay
    finally:
        relay.close()
        thread.join(5)
