"""The seats of a batch line by line: whose enrollment holds one, counted by kecamatan."""

from collections.abc import Iterable

from app.enrollments.models import Enrollment
from app.enrollments.queries import is_over
from app.enrollments.rules import HOLDING, SEATED, STAYS_ATTENDEE, EnrollmentStatus
from app.regions.models import Region


def keeps_seat(enrollment: Enrollment) -> bool:
    """Say whether an enrollment is counted by `count_seats`: it holds a seat, or used it to the end of its diklat."""
    used = enrollment.status in SEATED and enrollment.ended_as in STAYS_ATTENDEE
    return used or (enrollment.status in HOLDING and not is_over(enrollment))


def count_by_kecamatan(enrollments: Iterable[Enrollment]) -> list[tuple[Region, dict[str, int]]]:
    """Return (kecamatan, {seated, waiting, asking}) by code, without those whose enrollment has ended and gave up its seat."""
    found: dict[int, dict[str, int]] = {}
    regions: dict[int, Region] = {}
    for enrollment in enrollments:
        if is_over(enrollment) and not keeps_seat(enrollment):
            continue
        duty = enrollment.trainee.duty_region
        kecamatan = duty.parent if duty.is_desa and duty.parent else duty
        regions[kecamatan.id] = kecamatan
        counted = found.setdefault(kecamatan.id, {"seated": 0, "waiting": 0, "asking": 0})
        waits = enrollment.status is EnrollmentStatus.WAITLISTED
        counted["seated" if keeps_seat(enrollment) else "waiting" if waits else "asking"] += 1
    return sorted(((regions[key], value) for key, value in found.items()), key=lambda pair: pair[0].code)
