"""The desk's own Jinja environment: everything is escaped, times are in the team's zone."""

import hashlib
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from mailflow.desk import wording
from mailflow.desk.mail.attachments import risk
from mailflow.desk.mail.why import account, silence_in_short
from mailflow.desk.shown import harmless
from mailflow.domain import working_days_between
from mailflow.domain.wording import age_in_words

PAGES = Path(__file__).parent / "pages"
_KEPT = Path(__file__).parent / "assets"
_TYPES = {".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8", ".svg": "image/svg+xml"}
ASSETS = {file.name: (_TYPES[file.suffix], file.read_bytes()) for file in sorted(_KEPT.iterdir())}
_ZONES = {"Europe/London": "UK time (Europe/London)"}
STYLE_VERSION = hashlib.sha256(b"".join(content for _, content in ASSETS.values())).hexdigest()[:12]


def pages(title: str, zone: ZoneInfo) -> Environment:
    """The environment. `title` names whose desk it is."""
    environment = Environment(
        loader=FileSystemLoader(PAGES), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    environment.globals |= {
        "title_of_desk": title,
        "style": STYLE_VERSION,
        "words": wording,
        "zone_name": _ZONES.get(zone.key, zone.key),
    }
    filters: dict[str, Any] = {
        "harmless": harmless,
        "risk": risk,
        "account": account,
        "in_short": silence_in_short,
        "iso": lambda moment: moment.isoformat(timespec="seconds"),
        "moment": lambda moment: _moment(moment.astimezone(zone)),
        "local": lambda moment: moment.astimezone(zone).date(),
        "time": lambda moment: f"{moment.astimezone(zone):%H:%M}",
        "day": _day,
        "ago": lambda moment, now: _ago(now - moment),
        "age": lambda moment, now: _age(moment.astimezone(zone).date(), now.astimezone(zone).date()),
        "late": lambda due, now: _age(due, now.astimezone(zone).date()),
        "sentence": lambda words: words[:1].upper() + words[1:],
        "percent": lambda share: f"{share:.0%}",
    }
    environment.filters.update(filters)
    return environment


def _ago(time: timedelta) -> str:
    minutes = max(0, time // timedelta(minutes=1))
    return "just now" if minutes == 0 else f"{minutes} minute{'s' if minutes != 1 else ''} ago"


def _moment(moment: datetime) -> str:
    return f"{_day(moment.date())}, {moment:%H:%M}"


def _day(day: date) -> str:
    return f"{day.day} {day:%B} {day.year}"


def _age(since: date, today: date) -> str:
    return "today" if since >= today else age_in_words(working_days_between(since, today))
