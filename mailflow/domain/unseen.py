"""Characters that nobody sees, and that can make a text read as another (Unicode TR36, 2.10 and UAX #9): for character classes.

The joiners U+200C and U+200D are none: Persian and emoji need them.
"""

CONTROLS = r"\x00-\x1f\x7f-\x9f"

# What turns the direction of the text behind it.
DIRECTIONS = r"\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"

# Of no width, or of some width and no ink; the tags of U+E0000 can carry a whole text.
INKLESS = (
    r"\u00ad\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b\u2060-\u2065\u206a-\u206f\u3164\ufeff\uffa0\ufff0-\ufffb\ufffe"
    r"\U000e0000-\U000e0fff"
)
