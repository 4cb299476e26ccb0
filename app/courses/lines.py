"""Curricula and the courses that teach them, as the pages of the curricula list them."""

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from app.core.scopes import Reach
from app.core.text import Text, _
from app.courses.models import Batch, Course, Curriculum, Subject, Tier
from app.courses.rules import BatchStatus, GraduationStage
from app.extensions import db
from app.organisers.models import Organiser
from app.regions.models import Region


@dataclass(frozen=True)
class CurriculumRow:
    """One line of the list of curricula."""

    curriculum: Curriculum
    subjects: int
    theory_hours: int
    practice_hours: int
    courses: int

    @property
    def hours(self) -> int:
        return self.theory_hours + self.practice_hours


def list_curricula(within: Reach) -> list[CurriculumRow]:
    """Return every version of every curriculum with its totals and how many courses within reach teach it."""
    totals = (
        select(Subject.curriculum_id, func.count(Subject.id), func.sum(Subject.theory_hours), func.sum(Subject.practice_hours))
        .group_by(Subject.curriculum_id)
    )  # fmt: skip
    counted = {row[0]: row[1:] for row in db.session.execute(totals)}
    reached = within.clause(region_code=Region.scope_code, organiser=Organiser.id)
    used = (
        select(Course.curriculum_id, func.count(Course.id)).join(Course.organiser).join(Organiser.region).where(reached)
        .group_by(Course.curriculum_id)
    )  # fmt: skip
    users = {row[0]: row[1] for row in db.session.execute(used)}
    query = select(Curriculum).join(Curriculum.tier).options(joinedload(Curriculum.tier)).order_by(Tier.rank, Curriculum.version.desc())
    return [CurriculumRow(each, *counted.get(each.id, (0, 0, 0)), users.get(each.id, 0)) for each in db.session.scalars(query)]


def list_courses_of_curriculum(curriculum: Curriculum, within: Reach) -> list[Course]:
    """Return the courses within reach that teach this version, newest year first."""
    reached = within.clause(region_code=Region.scope_code, organiser=Organiser.id)
    query = select(Course).join(Course.organiser).join(Organiser.region).where(Course.curriculum_id == curriculum.id, reached)
    return list(db.session.scalars(query.options(joinedload(Course.organiser)).order_by(Course.year.desc(), Course.id.desc()).limit(100)))


def get_course(course_id: int) -> Course | None:
    """Return the course with its organiser, tier and curriculum."""
    shown = joinedload(Course.organiser).joinedload(Organiser.region), joinedload(Course.tier), joinedload(Course.curriculum)
    return db.session.get(Course, course_id, options=shown)


def list_batch_ids(course: Course) -> list[int]:
    """Return the ids of the batches of a course, in order."""
    return list(db.session.scalars(select(Batch.id).where(Batch.course_id == course.id).order_by(Batch.id)))


def list_batches_of(course_ids: Collection[int]) -> list[Batch]:
    """Return the batches of these courses that were not called off, in order."""
    here = Batch.course_id.in_(sorted(course_ids)), Batch.status != BatchStatus.CANCELLED
    return list(db.session.scalars(select(Batch).where(*here).order_by(Batch.course_id, Batch.ordinal, Batch.id)))


def undecided_batches(course: Course) -> list[Batch]:
    """Return the batches of a course that its pass mark still decides: their graduation is not approved."""
    undecided = (GraduationStage.NONE, GraduationStage.PROPOSED)
    return [batch for batch in list_batches_of([course.id]) if batch.graduation_stage in undecided]


def said_reach(course: Course) -> Text:
    """Say which batches a pass mark of this course changes."""
    codes = [batch.code for batch in undecided_batches(course)]
    if codes:
        return _(
            "Berlaku untuk angkatan yang kelulusannya belum disetujui: %(codes)s. Yang sudah disetujui tidak berubah, juga rapat "
            "susulannya.",
            codes=", ".join(codes),
        )
    return _(
        "Tidak ada angkatan diklat ini yang masih menunggu keputusan kelulusan: tidak ada hasil yang berubah. Nilai lulus ini baru "
        "berlaku untuk angkatan berikutnya."
    )


def lock_course(course_id: int) -> Course:
    """Hold the batches of a course, then its own row, until the decision is made."""
    of_course = select(Batch.id).where(Batch.course_id == course_id).order_by(Batch.id).with_for_update()
    db.session.execute(of_course).all()
    query = select(Course).where(Course.id == course_id).with_for_update(of=Course).execution_options(populate_existing=True)
    return db.session.scalars(query).one()


def lock_curriculum(curriculum_id: int) -> Curriculum:
    """Hold the row of a curriculum version."""
    query = select(Curriculum).where(Curriculum.id == curriculum_id).with_for_update(of=Curriculum)
    return db.session.scalars(query.execution_options(populate_existing=True)).one()
