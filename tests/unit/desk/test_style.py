"""The colours of the style sheet: text and its ground differ enough to be read (WCAG 2.2, 1.4.3 and 1.4.11)."""

import re

import pytest

from mailflow.desk.show import ASSETS

SHEET = ASSETS["desk.css"][1].decode()
TEXT_ON = [
    ("ink", "ground"), ("ink", "sheet"), ("ink", "soft"), ("quiet", "ground"), ("quiet", "sheet"), ("quiet", "soft"),
    ("accent", "sheet"), ("accent", "ground"), ("accent", "soft"), ("on-accent", "accent"), ("on-accent", "accent-over"),
    ("accent-over", "sheet"), ("warm-ink", "warm"), ("good-ink", "good"), ("alarm-ink", "alarm"), ("alarm-ink", "sheet"),
    ("cool-ink", "cool"), ("violet-ink", "violet"),
]  # fmt: skip


def _colours(theme: str) -> dict[str, str]:
    light, dark = re.findall(r":root \{(.*?)\}", SHEET, re.DOTALL)
    read = dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{6});", light))
    return read | dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{6});", dark)) if theme == "dark" else read


def _luminance(colour: str) -> float:
    shares = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    red, green, blue = (share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4 for share in shares)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _contrast(one: str, other: str) -> float:
    high, low = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize(("text", "ground"), TEXT_ON)
def test_text_can_be_read_on_its_ground(theme: str, text: str, ground: str) -> None:
    colours = _colours(theme)
    assert _contrast(colours[text], colours[ground]) >= 4.5


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_edges_of_fields_can_be_seen(theme: str) -> None:
    colours = _colours(theme)
    assert _contrast(colours["edge"], colours["sheet"]) >= 3


def test_the_sheet_loads_nothing() -> None:
    assert "url(" not in SHEET
    assert "@import" not in SHEET
