"""The seats of a batch line by line: whose enrollment holds one, counted by kecamatan."""

from collections.abc import Iterable

from sqlalchemy import or_, select

from app.audit.queries import details_of, history_of
from app.auth.rules import Permission
from app.core import clock
from app.core.actor import Actor
from app.core.choices import Choice
from app.core.dates import long_date
from app.core.text import Text, _
from app.enrollments.models import Enrollment
from app.enrollments.queries import SHOWN, family_of, is_over
from app.enrollments.rules import HOLDING, SEATED, STAYS_ATTENDEE, TO_DECIDE, EnrollmentStatus
from app.extensions import db
from app.regions.models import Region


def keeps_seat(enrollment: Enrollment) -> bool:
    """Say whether an enrollment is counted by `count_seats`: it holds a seat, or used it to the end of its
    diklat.
    """
    used = enrollment.status in SEATED and enrollment.ended_as in STAYS_ATTENDEE
    return used or (enrollment.status in HOLDING and not is_over(enrollment))


class Group(Choice):
    """Where somebody stands among those of a batch: each list and each number of its page is one of these."""

    ASKING = "asking", _("Menunggu keputusan")
    SEATED = "seated", _("Mendapat tempat")
    WAITING = "waiting", _("Cadangan")
    RETURNED = "returned", _("Dikembalikan untuk dilengkapi")
    ENDED = "ended", _("Sudah berakhir")


def group_of(enrollment: Enrollment) -> Group:
    """Return where somebody stands; a seat that was used to the end stays one."""
    if keeps_seat(enrollment):
        return Group.SEATED
    if is_over(enrollment):
        return Group.ENDED
    if enrollment.status is EnrollmentStatus.WAITLISTED:
        return Group.WAITING
    return Group.ASKING if enrollment.status in TO_DECIDE else Group.RETURNED


def kecamatan_of(enrollment: Enrollment) -> Region:
    """Return the kecamatan of the duty desa; the duty region itself where it is none."""
    duty = enrollment.trainee.duty_region
    return duty.parent if duty.is_desa and duty.parent else duty


def count_by_kecamatan(enrollments: Iterable[Enrollment]) -> list[tuple[Region, dict[str, int]]]:
    """Return (kecamatan, {seated, waiting, asking, returned}) by code, without those whose enrollment has
    ended and gave up its seat.
    """
    found: dict[int, dict[str, int]] = {}
    regions: dict[int, Region] = {}
    for enrollment in enrollments:
        group = group_of(enrollment)
        if group is Group.ENDED:
            continue
        kecamatan = kecamatan_of(enrollment)
        regions[kecamatan.id] = kecamatan
        counted = found.setdefault(kecamatan.id, {each.value: 0 for each in Group if each is not Group.ENDED})
        counted[group.value] += 1
    return sorted(((regions[key], value) for key, value in found.items()), key=lambda pair: pair[0].code)


def returned_because(enrollment: Enrollment) -> str | None:
    """Return why an enrollment that was sent again had been returned, the last time; None for one that never
    was, or still waits.
    """
    if enrollment.status is EnrollmentStatus.RETURNED:
        return None
    returned = [
        event
        for event in history_of(enrollment)
        if event.action == f"enrollment.{EnrollmentStatus.RETURNED.value}"
    ][-1:]
    told = details_of(returned).get(returned[0].id) if returned else None
    return (told or {}).get("note") or None


def describe_earlier(enrollment: Enrollment, by: Actor) -> list[Text]:
    """Return, the last first, what was rejected or withdrawn before of this person in this batch or tier, as
    far as the reader may see it.
    """
    family = family_of([enrollment.trainee_id])
    same = or_(Enrollment.batch_id == enrollment.batch_id, Enrollment.tier_id == enrollment.tier_id)
    ended = (
        Enrollment.status.in_([EnrollmentStatus.REJECTED, EnrollmentStatus.WITHDRAWN]),
        Enrollment.id < enrollment.id,
    )
    query = (
        select(Enrollment)
        .where(Enrollment.trainee_id.in_(sorted(family)), same, *ended)
        .options(*SHOWN)
        .order_by(Enrollment.id.desc())
    )
    return [
        _describe_of(each) for each in db.session.scalars(query) if by.can(Permission.ENROLLMENT_SEE, each)
    ]


def _describe_of(earlier: Enrollment) -> Text:
    day = clock.local_day(earlier.decided_at or earlier.recorded_at, earlier.batch.zone)
    return _(
        "%(label)s pada angkatan %(batch)s, %(day)s: %(reason)s.",
        label=earlier.status.label,
        batch=earlier.batch.code,
        day=long_date(day),
        reason=earlier.note.rstrip(". ") or "–",
    )
