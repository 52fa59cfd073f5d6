"""Numbers that stand in words, written as digits: "a dozen", "forty-five", "a hundred and ninety"."""

import re

_ONES = [
    *("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve", "thirteen"),
    *("fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen"),
]
_TENS = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]
_WORDS = {word: number for number, word in enumerate(_ONES, 1)} | {word: 10 * number for number, word in enumerate(_TENS, 2)}
_DOZENS = {"half a": 6, "a couple of": 24, "two": 24, "three": 36, "four": 48}
_SPELT = re.compile(
    rf"\b(?P<hundreds>(?:an?|{'|'.join(_ONES[:9])})\shundred(?:\sand)?\b\s?)?"
    rf"(?:(?P<dozen>(?:(?:half\sa|a\scouple\sof|a|two|three|four)\s)dozen)"
    rf"|(?P<tens>{'|'.join(_TENS)})(?:[-\s](?P<digit>{'|'.join(_ONES[:9])}))?|(?P<one>{'|'.join(reversed(_ONES))}))\b"
    rf"|\b(?P<round>an?|{'|'.join(_ONES[:9])})\shundred\b",
    re.IGNORECASE,
)


def in_digits(text: str) -> str:
    """The text with its cardinal numbers below a thousand as digits; ordinals and all else as they were."""
    return _SPELT.sub(_digits, text)


def _digits(match: re.Match[str]) -> str:
    if match["dozen"]:
        return str(_DOZENS.get(" ".join(match["dozen"].lower().split()[:-1]), 12))
    words = [match[name].lower() for name in ("tens", "digit", "one") if match[name]]
    hundreds = match["hundreds"] or match["round"]
    return str(sum(_WORDS[word] for word in words) + (100 * _WORDS.get(hundreds.lower().split()[0], 1) if hundreds else 0))
