"""Access tokens, for servers that take no password (OAuth 2.0 client credentials, RFC 6749, 4.4; XOAUTH2).

In: the host's settings. Out: a token that is valid for a while yet, or one sentence that says what is wrong. A token or
a secret never stands in a sentence, a log or a repr.
"""

from mailflow.tokens.kept import Tokens, tokens_for
from mailflow.tokens.xoauth2 import why_refused, xoauth2

__all__ = ["Tokens", "tokens_for", "why_refused", "xoauth2"]
