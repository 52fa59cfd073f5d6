"""Text with simple markup that is no HTML: text/enriched (RFC 1896) and its forerunner text/richtext (RFC 1341, 7.1.3)."""

import re

_PARAMETERS = re.compile(r"(?i)<param>[^<]{0,500}</param>")
_COMMAND = re.compile(r"</?([A-Za-z][A-Za-z0-9-]{0,59})>")
_BREAKS = re.compile(r"\n+")
_SPOKEN = {"nl": "\n", "np": "\n\n", "paragraph": "\n\n", "lt": "<"}


def unmark(text: str, *, rich: bool = False) -> str:
    """The words without their markup. `rich`: text/richtext, where a line break is a command and no line end is one."""
    if rich:
        text = text.replace("\n", " ")
        return _COMMAND.sub(lambda command: _SPOKEN.get(command[1].lower(), ""), text)
    # One line end is a space, each further one a line break; "<<" is a plain "<".
    text = _BREAKS.sub(lambda breaks: "\n" * (len(breaks[0]) - 1) or " ", _PARAMETERS.sub("", text))
    return "<".join(_COMMAND.sub("", piece) for piece in text.split("<<"))
