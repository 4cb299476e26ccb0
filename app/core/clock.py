"""The only reader of the clock."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

_offset = timedelta(0)


def start_at(moment: datetime | None) -> None:
    """Let the clock begin at this moment (demo, journeys, drills); None returns to the true time."""
    global _offset
    _offset = timedelta(0) if moment is None else moment.astimezone(UTC) - datetime.now(UTC)


def now() -> datetime:
    """Return the present moment in UTC."""
    return datetime.now(UTC) + _offset


def today(zone: str) -> date:
    """Return the date that people see on the wall at a place of this zone, e.g. 'Asia/Makassar'."""
    return now().astimezone(ZoneInfo(zone)).date()


def local_day(moment: datetime, zone: str) -> date:
    """Return the date on which a moment fell at a place of this zone."""
    return moment.astimezone(ZoneInfo(zone)).date()
