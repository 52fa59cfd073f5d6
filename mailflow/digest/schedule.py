"""When a digest is due, and what it covers. Pure: the clock and the last digest are arguments."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta, tzinfo

from mailflow.domain import DigestPeriod
from mailflow.rules import DigestRules

# A step stamps what it files before it commits: what belongs before the end of a period must have been committed.
SETTLING = timedelta(seconds=20)

_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def due(
    rules: DigestRules, zone: tzinfo, now: datetime, last: DigestPeriod | None, began: datetime | None
) -> DigestPeriod | None:
    """The digest that is to be made now, or None.

    It takes up where the `last` one ended, however many days were missed; the first one of all covers everything since
    `began`, when the first message came (None: none did, and there is nothing to tell). All times are aware.
    """
    since = last.until if last else began
    if since is None:
        return None
    settled = now - SETTLING
    day = next((day for day in _days_back(settled.astimezone(zone).date(), rules) if moment(day, rules, zone) <= settled), None)
    if day is None or (day <= last.day if last else moment(day, rules, zone) <= since):
        return None
    return DigestPeriod(day, since, max(since, settled))


def so_far(zone: tzinfo, now: datetime, last: DigestPeriod | None, began: datetime | None) -> DigestPeriod:
    """What is unreported at this moment, whatever the hour."""
    since = last.until if last else began or now
    return DigestPeriod(now.astimezone(zone).date(), since, max(since, now))


def moment(day: date, rules: DigestRules, zone: tzinfo) -> datetime:
    """When the digest of a day is due (UTC).

    Of a time that the clocks bring twice it is the first; one that they leave out comes an hour later by the wall clock.
    """
    return datetime.combine(day, rules.time, tzinfo=zone).astimezone(UTC)


def _days_back(day: date, rules: DigestRules) -> Iterator[date]:
    """The days with a digest, from `day` a week back."""
    days = (day - timedelta(days=back) for back in range(8))
    return (day for day in days if _DAYS[day.weekday()] in rules.days)
