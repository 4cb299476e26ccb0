"""Who is to get a certificate of a batch still, and by which meeting: the days of duties, of pages and of an
issue are read from this.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from app.assessment.models import Graduation, GraduationResult
from app.assessment.queries import approved_graduation, approved_results
from app.assessment.rules import meeting_name
from app.certificates.queries import canonical_people, certificates_of_batch
from app.certificates.rules import kind_for
from app.core.text import Text
from app.courses.models import Batch


@dataclass(frozen=True)
class Meeting:
    """A meeting that decided about people who have no certificate yet, and about how many of them."""

    graduation: Graduation
    people: int

    @property
    def name(self) -> Text:
        return meeting_name(is_supplementary=self.graduation.is_supplementary)


def list_due(batch: Batch) -> list[GraduationResult]:
    """Return, one for each person, the last approved results that give a certificate to people who never had
    one; a revoked one was one.
    """
    certificates = certificates_of_batch(batch)
    had = {each.attendee_id for each in certificates}
    holding = {each.trainee.canonical_id or each.trainee_id for each in certificates if each.is_in_force}
    due = [
        each
        for each in approved_results(batch).values()
        if kind_for(each.outcome) and each.attendee_id not in had
    ]
    people = canonical_people(each.attendee for each in due)
    one_each = {people[each.attendee_id].id: each for each in reversed(due)}
    return [
        each
        for each in due
        if people[each.attendee_id].id not in holding and one_each[people[each.attendee_id].id] is each
    ]


def meetings_of(results: Iterable[GraduationResult]) -> list[Meeting]:
    """Return the meetings that made these results, the first one in front."""
    made: dict[int, list[GraduationResult]] = {}
    for each in results:
        made.setdefault(each.graduation_id, []).append(each)
    found = [Meeting(each[0].graduation, len(each)) for each in made.values()]
    return sorted(found, key=lambda each: (each.graduation.held_on, each.graduation.id))


def first_day(batch: Batch) -> date | None:
    """Return the first day that a certificate still to be issued can bear: of the first meeting that decided
    about somebody who is due, where nobody is, of the first meeting; None before there was one.
    """
    meetings = meetings_of(list_due(batch))
    first = meetings[0].graduation if meetings else approved_graduation(batch)
    return first.held_on if first else None
