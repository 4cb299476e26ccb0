"""The words for dates, times and numbers, made known to all templates."""

from flask import Flask

from app.core.dates import clock_time, date_range, day_date, local_moment, long_date, month_short, thousands, zone_name


def init_filters(app: Flask) -> None:
    """Make the filters known to all templates."""
    for each in (long_date, day_date, month_short, date_range, clock_time, local_moment, thousands, zone_name):
        app.jinja_env.filters[each.__name__] = each
