"""The token in use: kept until shortly before it expires, and asked for by one thread at a time."""

import time
from collections.abc import Callable
from functools import lru_cache
from threading import Lock

from mailflow.errors import MailflowError
from mailflow.settings import Settings
from mailflow.tokens.asking import Token, ask

# A token is renewed this long before its end, or after three quarters of its life where that is short: it must
# outlast the way to the mail server, and a clock there that goes ahead of the token server's.
MARGIN_SECONDS = 60
SHARE_OF_LIFE = 0.75


class Tokens:
    """The tokens of one client at one token server; any thread may ask."""

    def __init__(
        self, settings: Settings, ask: Callable[[Settings], Token] = ask, clock: Callable[[], float] = time.monotonic
    ) -> None:
        """Asks for nothing yet. `clock` is in seconds and only goes forward."""
        self._settings = settings
        self._ask, self._clock = ask, clock
        self._lock = Lock()
        self._value = ""
        self._renew_at = self._failed_at = float("-inf")
        self._failure: MailflowError | None = None

    def current(self, refused: str = "") -> str:
        """A token that is valid for a while yet, and not the one that a mail server has `refused`.

        Raises UserError for a wrong setting, TemporaryError where the token server gives none now.
        """
        began = self._clock()
        with self._lock:
            if self._value != refused and self._clock() < self._renew_at:
                return self._value
            # Whoever waited while another asked in vain has the answer, too: ten connections are not ten time-outs.
            if self._failure and self._failed_at >= began:
                raise type(self._failure)(*self._failure.args)
            return self._renewed()

    def _renewed(self) -> str:
        began = self._clock()
        try:
            token = self._ask(self._settings)
        except MailflowError as error:
            self._failure, self._failed_at = error, self._clock()
            raise
        self._failure = None
        self._value = token.value
        self._renew_at = began + max(token.seconds * SHARE_OF_LIFE, token.seconds - MARGIN_SECONDS)
        return self._value


@lru_cache(maxsize=8)
def tokens_for(settings: Settings) -> Tokens:
    """The tokens of this host: one and the same for every connection of the process, to IMAP and to SMTP."""
    return Tokens(settings)
