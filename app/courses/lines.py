"""Lines of pages and letters: curricula and the courses that teach them; what of a batch and its sessions is
not as it was known.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from app.core import clock
from app.core.dates import clock_time, date_range, day_date
from app.core.scopes import Reach
from app.core.text import Text, _
from app.courses.models import Batch, Course, Curriculum, Subject, Tier, TrainingSession
from app.courses.ports import DAYS, Change
from app.courses.rules import BatchStatus, GraduationStage
from app.extensions import db
from app.notifications.rules import Known
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
    totals = select(
        Subject.curriculum_id,
        func.count(Subject.id),
        func.sum(Subject.theory_hours),
        func.sum(Subject.practice_hours),
    ).group_by(Subject.curriculum_id)
    counted = {row[0]: row[1:] for row in db.session.execute(totals)}
    reached = within.clause(region_code=Region.scope_code, organiser=Organiser.id)
    used = (
        select(Course.curriculum_id, func.count(Course.id))
        .join(Course.organiser)
        .join(Organiser.region)
        .where(reached)
        .group_by(Course.curriculum_id)
    )
    users = {row[0]: row[1] for row in db.session.execute(used)}
    query = (
        select(Curriculum)
        .join(Curriculum.tier)
        .options(joinedload(Curriculum.tier))
        .order_by(Tier.rank, Curriculum.version.desc())
    )
    return [
        CurriculumRow(each, *counted.get(each.id, (0, 0, 0)), users.get(each.id, 0))
        for each in db.session.scalars(query)
    ]


def list_courses_of_curriculum(curriculum: Curriculum, within: Reach) -> list[Course]:
    """Return the courses within reach that teach this version, newest year first."""
    reached = within.clause(region_code=Region.scope_code, organiser=Organiser.id)
    query = (
        select(Course)
        .join(Course.organiser)
        .join(Organiser.region)
        .where(Course.curriculum_id == curriculum.id, reached)
    )
    return list(
        db.session.scalars(
            query.options(joinedload(Course.organiser))
            .order_by(Course.year.desc(), Course.id.desc())
            .limit(100)
        )
    )


def get_course(course_id: int) -> Course | None:
    """Return the course with its organiser, tier and curriculum."""
    shown = (
        joinedload(Course.organiser).joinedload(Organiser.region),
        joinedload(Course.tier),
        joinedload(Course.curriculum),
    )
    return db.session.get(Course, course_id, options=shown)


def list_batch_ids(course: Course) -> list[int]:
    """Return the ids of the batches of a course, in order."""
    return list(db.session.scalars(select(Batch.id).where(Batch.course_id == course.id).order_by(Batch.id)))


def list_batches_of(course_ids: Collection[int]) -> list[Batch]:
    """Return the batches of these courses that were not called off, in order."""
    here = Batch.course_id.in_(sorted(course_ids)), Batch.status != BatchStatus.CANCELLED
    return list(
        db.session.scalars(select(Batch).where(*here).order_by(Batch.course_id, Batch.ordinal, Batch.id))
    )


def undecided_batches(course: Course) -> list[Batch]:
    """Return the batches of a course that its pass mark still decides: their graduation is not approved."""
    undecided = (GraduationStage.NONE, GraduationStage.PROPOSED)
    return [batch for batch in list_batches_of([course.id]) if batch.graduation_stage in undecided]


def describe_reach(course: Course) -> Text:
    """Say which batches a pass mark of this course changes."""
    codes = [batch.code for batch in undecided_batches(course)]
    if codes:
        return _(
            "Berlaku untuk angkatan yang kelulusannya belum disetujui: %(codes)s. Yang sudah disetujui tidak"
            " berubah, juga rapat susulannya.",
            codes=", ".join(codes),
        )
    return _(
        "Tidak ada angkatan diklat ini yang masih menunggu keputusan kelulusan: tidak ada hasil yang berubah."
        " Nilai lulus ini baru berlaku untuk angkatan berikutnya."
    )


def lock_course(course_id: int) -> Course:
    """Hold the batches of a course, then its own row, until the decision is made."""
    of_course = select(Batch.id).where(Batch.course_id == course_id).order_by(Batch.id).with_for_update()
    db.session.execute(of_course).all()
    query = (
        select(Course)
        .where(Course.id == course_id)
        .with_for_update(of=Course)
        .execution_options(populate_existing=True)
    )
    return db.session.scalars(query).one()


def lock_curriculum(curriculum_id: int) -> Curriculum:
    """Hold the row of a curriculum version."""
    query = select(Curriculum).where(Curriculum.id == curriculum_id).with_for_update(of=Curriculum)
    return db.session.scalars(query.execution_options(populate_existing=True)).one()


def facts_of_batch(batch: Batch) -> dict[Text, str]:
    """Return the facts of a batch that people arrange themselves by, in words; who is concerned is told when
    one differs.
    """
    return {
        DAYS: date_range(batch.starts_on, batch.ends_on),
        _("Tempat"): ", ".join(part for part in (batch.venue, batch.venue_region.full_name) if part),
        _("Narahubung"): batch.contact,
        _("Yang Anda terima"): batch.provided,
        _("Yang perlu dibawa"): batch.to_bring,
    }


def facts_of_session(session: TrainingSession) -> dict[Text, str]:
    """Return the facts of a session that people arrange themselves by, in words."""
    return {
        _(
            "Waktu"
        ): f"{day_date(session.held_on)}, {clock_time(session.starts_at)}–{clock_time(session.ends_at)}",
        _("Tempat sesi"): session.place,
    }


def known_of_batch(changes: Collection[Change]) -> Known:
    """Return what was known of a batch before these changes of its facts."""
    return Known({_BATCH: {str(what): before for what, before, _now in changes}} if changes else {})


def known_of_session(session: TrainingSession, facts: Mapping[Text, str], reason: str = "") -> Known:
    """Return what was known of a session, no facts where it is new; and why it was changed, where somebody
    said so.
    """
    return Known(
        {f"{_SESSION}{session.id}": {str(what): value for what, value in facts.items()}},
        (reason,) if reason else (),
    )


def differences_since(batch: Batch, known: Known) -> list[Change]:
    """Return what of a batch and its sessions is not as it was known; a session whose day has passed is news
    no more.
    """
    found: list[Change] = []
    for thing, facts in known.facts.items():
        if thing == _BATCH:
            now = facts_of_batch(batch)
            found += [
                (what, facts[str(what)], now[what])
                for what in now
                if facts.get(str(what), now[what]) != now[what]
            ]
            continue
        session = db.session.get(TrainingSession, int(thing.removeprefix(_SESSION)))
        if session is not None and session.held_on >= clock.today(batch.zone):
            found += differences_of_session(session, facts)
    return found


def differences_of_session(session: TrainingSession, facts: Mapping[str, str]) -> list[Change]:
    """Return what of a session is not as it was known: that it is new, that it is cancelled, or its facts,
    each with its title.
    """
    now = facts_of_session(session)
    if not facts:
        new = _("Sesi baru “%(title)s”", title=session.title), "", ", ".join(filter(None, now.values()))
        return [] if session.cancelled_at else [new]
    if session.cancelled_at:
        return [(_("Sesi “%(title)s”", title=session.title), facts[str(_("Waktu"))], str(_("dibatalkan")))]
    changed = [what for what in now if facts.get(str(what), now[what]) != now[what]]
    return [
        (_("%(what)s, sesi “%(title)s”", what=what, title=session.title), facts[str(what)], now[what])
        for what in changed
    ]


_BATCH, _SESSION = "batch", "session:"  # what somebody knows something of
