"""Presence as pages and decisions need it: by half-day block, by session, and as JP per person."""

from app.attendance.queries.blocks import (
    Block,
    blocks_of,
    find_block,
    list_sessions_without_presence,
    next_block,
)
from app.attendance.queries.hours import (
    hours_by_attendee,
    hours_of,
    hours_of_presence,
    is_practised,
    practice_by_attendee,
)
from app.attendance.queries.presence import (
    count_entered,
    has_any,
    list_attendances,
    list_counted_sessions,
    list_days,
    names_of_savers,
    people_of,
    people_on,
    people_with_presence,
    savers_since,
    there_elsewhere,
    was_in,
)

__all__ = [
    "Block",
    "blocks_of",
    "count_entered",
    "find_block",
    "has_any",
    "hours_by_attendee",
    "hours_of",
    "hours_of_presence",
    "is_practised",
    "list_attendances",
    "list_counted_sessions",
    "list_days",
    "list_sessions_without_presence",
    "names_of_savers",
    "next_block",
    "people_of",
    "people_on",
    "people_with_presence",
    "practice_by_attendee",
    "savers_since",
    "there_elsewhere",
    "was_in",
]
