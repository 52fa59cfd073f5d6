"""What is wrong in one setting, whatever the others say: each check returns the value, or says what to write instead."""

import ipaddress
import re
from pathlib import Path
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from mailflow.domain.addresses import address_meant, is_bare_address


def listed(value: object) -> object:
    """Lists are written with commas: MAILFLOW_TEAM=a@x.example, b@x.example."""
    return tuple(part.strip() for part in value.split(",") if part.strip()) if isinstance(value, str) else value


def address(value: str) -> str:
    """A bare address: it becomes a sender, a recipient, and what we know our own mail by."""
    value = value.strip()
    if is_bare_address(value):
        return value
    if meant := address_meant(value):
        raise ValueError(f"write only {meant}, without the name and the brackets")
    raise ValueError(f'"{value}" is no address; write one such as name@university.example')


def addresses(values: tuple[str, ...]) -> tuple[str, ...]:
    """Bare addresses."""
    return tuple(map(address, values))


def written_date(value: object) -> object:
    """A date with its year first. A bare number would be taken for seconds since 1970."""
    if isinstance(value, str) and not re.match(r"\d{4}-\d{2}-\d{2}", value.strip()):
        raise ValueError("write a date such as 2026-12-01")
    return value


def time_zone(value: str) -> str:
    """A name from the IANA time zone database."""
    try:
        ZoneInfo(value)
    except (KeyError, ValueError, OSError):
        raise ValueError("is no time zone; write one such as Europe/London") from None
    return value


def file(value: Path) -> Path:
    """A file that is there."""
    try:
        there = value.is_file()
    except OSError:  # a folder on the way there is closed to us
        there = False
    if not there:
        raise ValueError(f"there is no file {value} that can be read; write the path of one")
    return value


def web_address(value: str) -> str:
    """What a browser can open: it becomes the beginning of links in mails."""
    if not _host(value):
        raise ValueError("write an address that begins with http:// or https://, such as https://mailflow.university.example")
    return value


def token_address(value: str) -> str:
    """Where a secret is sent: in the clear only on this machine."""
    host = _host(value)
    if not host:
        raise ValueError("write an address such as https://login.microsoftonline.com/<tenant>/oauth2/v2.0/token")
    if value.startswith("http://") and not _is_this_machine(host):
        raise ValueError("write an address that begins with https://; the secret must not go over a network in the clear")
    return value


def issuer(value: str) -> str:
    """Where people sign in. One that is everybody's lets in everybody."""
    token_address(value)
    if _host(value) == "login.microsoftonline.com" and re.search(r"/(?:common|organizations|consumers)(?:/|$)", value):
        raise ValueError("people of every organisation could come in; write the address with your own tenant's number in it")
    return value


def networks(values: tuple[str, ...]) -> tuple[str, ...]:
    """Addresses of machines or networks, such as 10.0.0.5 or 10.0.0.0/8."""
    for value in values:
        try:
            ipaddress.ip_network(value)
        except ValueError:
            raise ValueError(f'"{value}" is no address; write one such as 10.0.0.5, or a network such as 10.0.0.0/24') from None
    return values


def _host(value: str) -> str | None:
    """The host of an address of the web; None where it is none."""
    try:
        return urlsplit(value).hostname if value.startswith(("http://", "https://")) and not re.search(r"\s", value) else None
    except ValueError:
        return None


def _is_this_machine(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
