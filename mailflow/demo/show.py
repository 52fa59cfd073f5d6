"""Shows live what happens to each message: a structlog processor that turns transitions into lines for people."""

from collections.abc import Callable, MutableMapping
from typing import Any

import structlog
from rich.console import Console
from rich.text import Text

from mailflow.domain import MessageState
from mailflow.store.database import Store
from mailflow.store.outcomes import Outcome, outcome

_COLOURS = {
    MessageState.FILED: "green",
    MessageState.HELD: "yellow",
    MessageState.IGNORED: "bright_black",
    MessageState.FAILED: "red",
}


class Show:
    """Prints one line a message as it is decided, one a mail as it is sent, and warnings until the demo is being stopped."""

    def __init__(self, store: Store, console: Console, is_stopping: Callable[[], bool]) -> None:
        """Looks up in `store` what a log line's numbers stand for: the log itself holds no subject and no address."""
        self._is_stopping = is_stopping
        self.store = store
        self.console = console

    def __call__(self, _logger: object, level: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
        """A structlog processor: shows the event and drops it."""
        name = event.get("event")
        if "message" in event and name in set(MessageState):
            with self.store.reading() as db:
                self._print(_line(outcome(db, event["message"])))
        elif name == "sent":
            self._print(Text(f"      ✉ sent    {event['purpose']:<16}{event['case'] or ''}", "cyan"))
        elif level in ("warning", "error", "critical") and not self._is_stopping():  # a connection that ends is no trouble then
            self._print(Text(f"      ! {name}  {event.get('error', '')}", "red"))
        raise structlog.DropEvent

    def _print(self, line: Text) -> None:
        # On a terminal one line each, cut at its edge; elsewhere whole.
        if self.console.is_terminal:
            self.console.print(line, no_wrap=True, overflow="ellipsis")
        else:
            self.console.print(line, soft_wrap=True)


def _line(decided: Outcome) -> Text:
    colour = _COLOURS[decided.state]
    sure = f"{decided.confidence:.0%}" if decided.confidence is not None else ""
    line = Text(f"{decided.message:>4}  ", "dim")
    line.append(f"{decided.state.value:<8}", colour)
    line.append(f"{decided.kind.value if decided.kind else '?':<10}{sure:>4}  ", "bold")
    line.append(f"{decided.case or '':<10}", "blue")
    line.append(_shortened(decided.subject or "(no subject)", 30).ljust(31))
    if decided.sensitive:
        line.append("sensitive ", "bold red")
    if decided.reply:
        line.append(f"→ reply: {decided.reply}", "green")
    else:
        line.append(f"– {decided.why_held or decided.why_silent or ''}", "dim")
    return line


def _shortened(text: str, length: int) -> str:
    return text if len(text) <= length else text[: length - 1] + "…"
