"""Rows that a body or an address names, as far as the caller may know of them."""

from app.api.access import caller
from app.auth.rules import Permission
from app.core.errors import NotFound, RuleViolation
from app.core.text import _
from app.courses import queries as courses
from app.courses.models import Batch
from app.enrollments import services as enrollments
from app.regions import queries as regions
from app.regions.models import Region

NO_BATCH_OR_PERSON = _("Angkatan atau orang ini tidak ditemukan.")


def region_of(code: str, field: str) -> Region:
    """Return the region that a program names; raise at its field when there is none."""
    region = regions.find_region(code)
    if region is None:
        raise RuleViolation(_("Kode wilayah %(code)s tidak dikenal.", code=code), field=field)
    return region


def batch_to_read(batch_id: int) -> Batch | None:
    """Return a batch within reach, or one that is open to the caller: for her own people, or to everybody who
    plans none.
    """
    batch = courses.get_batch(batch_id)
    if batch is None or courses.may_follow(batch, caller()):
        return batch
    is_open = courses.may_apply_to(batch)
    return (
        batch
        if is_open
        and (not caller().can(Permission.COURSE_SEE) or enrollments.may_ask_for_some(batch, caller()))
        else None
    )


def batch_to_follow(batch_id: int) -> Batch | None:
    """Return a batch whose days the caller may know: of who plans there, and of who teaches there."""
    batch = courses.get_batch(batch_id)
    return batch if batch is not None and courses.may_follow(batch, caller()) else None


def batch_in_sight(batch_id: int) -> Batch | None:
    """Return a batch that the caller may know of; drafts of others are unknown."""
    batch = courses.get_batch(batch_id)
    return batch if batch is not None and enrollments.may_see(batch, caller()) else None


def batch_to_enroll(batch_id: int) -> Batch:
    """Return the same; one that is unknown is refused in the words for a person out of reach."""
    batch = batch_in_sight(batch_id)
    if batch is None:
        raise NotFound(NO_BATCH_OR_PERSON)
    return batch
