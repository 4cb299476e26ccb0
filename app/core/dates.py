"""How dates, times and numbers are written in Indonesian, on every page, in every mail and sentence."""

from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_date, get_day_names, get_month_names

from app.core.text import _

DAY_SHOWN, TIME_SHOWN = "%d-%m-%Y", "%H.%M"  # as a field shows them, and as people write them
ROMAN = ((100, "C"), (90, "XC"), (50, "L"), (40, "XL"), (10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I"))
LOCALE = Locale("id")  # dates stay Indonesian whatever language the sentences around them are read in
MONTHS = tuple(get_month_names("wide", locale=LOCALE)[number] for number in range(1, 13))
DAYS = tuple(get_day_names("wide", locale=LOCALE)[number] for number in range(7))  # Monday first
ZONES = {"Asia/Jakarta": "WIB", "Asia/Pontianak": "WIB", "Asia/Makassar": "WITA", "Asia/Jayapura": "WIT"}


def long_date(day: date | None) -> str:
    """Return '24 Mei 2011', or a dash."""
    return format_date(day, "d MMMM y", locale=LOCALE) if day else "–"


def day_date(day: date | None) -> str:
    """Return 'Selasa, 24 Mei 2011', or a dash."""
    return format_date(day, "EEEE, d MMMM y", locale=LOCALE) if day else "–"


def day_in_words(day: date) -> str:
    """Return 'Selasa, tanggal dua puluh empat bulan Mei tahun dua ribu sebelas (24 Mei 2011)', as minutes
    begin.
    """
    from lokal import terbilang

    number, year = terbilang(day.day), terbilang(day.year)
    return (
        f"{DAYS[day.weekday()]}, tanggal {number} bulan {MONTHS[day.month - 1]} tahun {year}"
        f" ({long_date(day)})"
    )


def month_short(day: date) -> str:
    """Return 'Des', as it stands under the day on a wall calendar."""
    return format_date(day, "MMM", locale=LOCALE)


def date_range(first: date, last: date | None = None) -> str:
    """Return '24 s.d. 27 Mei 2011' with what both dates share written once."""
    if last is None or first == last:
        return long_date(first)
    if (first.year, first.month) == (last.year, last.month):
        return f"{first.day} s.d. {long_date(last)}"
    if first.year == last.year:
        return f"{format_date(first, 'd MMMM', locale=LOCALE)} s.d. {long_date(last)}"
    return f"{long_date(first)} s.d. {long_date(last)}"


def clock_time(moment: time | None) -> str:
    """Return '09.00', or a dash."""
    return f"{moment:%H.%M}" if moment else "–"


def zone_name(zone: str) -> str:
    """Return WIB, WITA or WIT."""
    return ZONES.get(zone, zone)


def local_moment(moment: datetime | None, zone: str = "Asia/Makassar") -> str:
    """Return '24 Mei 2011, 09.00 WITA' as it was at a place of this zone, or a dash."""
    if moment is None:
        return "–"
    there = moment.astimezone(ZoneInfo(zone))
    return f"{long_date(there.date())}, {there:%H.%M} {zone_name(zone)}"


def time_span(minutes: int) -> str:
    """Return '1 jam 30 menit', '2 jam', '45 menit'."""
    hours, rest = divmod(minutes, 60)
    parts = [_("%(hours)s jam", hours=hours)] if hours else []
    parts += [_("%(minutes)s menit", minutes=rest)] if rest or not hours else []
    return " ".join(map(str, parts))


def roman(number: int) -> str:
    """Write an ordinal as on paper: 4 is IV."""
    parts = []
    for value, letters in ROMAN:
        times, number = divmod(number, value)
        parts.append(letters * times)
    return "".join(parts)


def wait_words(seconds: int) -> str:
    """Return how long to wait, rounded up: '8 menit', from an hour on '3 jam'."""
    minutes = max(1, -(-seconds // 60))
    return time_span(minutes if minutes < 60 else -(-minutes // 60) * 60)


def thousands(number: Any) -> str:
    """Return '1.234.567'."""
    return f"{int(number):,}".replace(",", ".")  # Babel raises on more than 28 digits
