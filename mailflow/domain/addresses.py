"""An address as a person writes it into a setting: name@host (RFC 5322 section 3.4.1, addr-spec), and nothing around it."""

import re

_BARE = re.compile(r"[^\s\x00-\x1f\x7f@<>()\[\],;:\\\"]+@[\w-]+(\.[\w-]+)*")


def is_bare_address(text: str) -> bool:
    """Whether this is an address without a name, brackets or spaces. The host may be one word, as within a network."""
    return bool(_BARE.fullmatch(text))


def address_meant(text: str) -> str | None:
    """The address in `Rosalind <rosalind@university.example>`; None where there is none."""
    within = re.search(r"<\s*([^<>\s]+)\s*>", text)
    return within[1] if within and is_bare_address(within[1]) else None
