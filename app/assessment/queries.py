"""The sheet of a batch (one row a person, one verdict a rule), its meetings, whom they decided how, and what
waits for approval.
"""

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Protocol

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import contains_eager, joinedload
from sqlalchemy.orm.interfaces import ORMOption

from app.assessment.acts import (
    nobody_deferred,
    refusal_before_the_end,
    refusal_of_second_seat,
    refusal_to_propose,
)
from app.assessment.models import Graduation, GraduationResult, Mark
from app.assessment.rules import (
    ALREADY_PROPOSED,
    GIVEN_BACK,
    RESULT,
    Asked,
    Facts,
    GraduationStatus,
    MarkKind,
    ResultOutcome,
    RuleName,
    RuleVerdict,
    grade_of,
    reasons_of,
    suggest_outcome,
    verdicts,
)
from app.attendance.joining import seated_late
from app.attendance.queries import hours_by_attendee, list_sessions_without_presence, practice_by_attendee
from app.attendance.rules import Hours, Practice
from app.audit.models import Event
from app.auth.models import Grant, User
from app.auth.rules import RIGHTS, Permission, Role
from app.core import clock
from app.core.dates import local_moment
from app.core.scopes import ScopeKind
from app.core.text import Text, _
from app.core.versions import Line
from app.courses.acts import Act
from app.courses.models import Batch, Course, TrainingSession
from app.courses.queries import curriculum_hours, is_record, refusal_to_act
from app.enrollments.eligibility import remarks_on, tier_held_by
from app.enrollments.models import Attendee
from app.enrollments.queries import family_of, list_attendees, seats_of
from app.extensions import db
from app.notifications.models import Notice
from app.organisers.models import Organiser
from app.regions.models import Region
from app.regions.rules import WIB
from app.trainees.models import Trainee
from app.trainees.rules import TraineeStatus

NO_HOURS = Hours(planned=0, attended=0)


@dataclass(frozen=True)
class SheetRow:
    """All that the meeting reads of one person."""

    attendee: Attendee
    hours: Hours
    marks: dict[MarkKind, Decimal]
    verdicts: list[RuleVerdict]
    suggested: ResultOutcome
    seated_at: datetime | None = None  # when the first session had begun already
    remark: Text | None = None  # somebody died, or does not qualify any more

    @property
    def score(self) -> Decimal | None:
        return self.marks.get(MarkKind.FINAL)

    @property
    def reasons(self) -> list[str]:
        return reasons_of(self.verdicts)

    @property
    def is_open(self) -> bool:
        """Say whether what is not recorded yet may still meet a rule: nothing is suggested then."""
        return any(verdict.is_open for verdict in self.verdicts)

    @property
    def suggestion_text(self) -> Text:
        return _("Belum tercatat") if self.is_open else self.suggested.label

    @property
    def figures(self) -> tuple:
        """Return what the proposal was read from; a difference means that the data changed since."""
        return self.hours.attended, self.hours.planned, self.score, self.suggested, tuple(self.reasons)

    def verdict(self, name: RuleName) -> RuleVerdict | None:
        """Return what one rule says; None where this course does not ask it."""
        return next((verdict for verdict in self.verdicts if verdict.name is name), None)

    def grade(self, outcome: ResultOutcome) -> str | None:
        """Return the predikat to write beside an outcome."""
        return grade_of(outcome, self.score)


def graduation_sheet(batch: Batch) -> list[SheetRow]:
    """Return one row for each participant, by name, in a constant number of queries."""
    asked = asked_of(batch)
    hours, practice, marks = hours_by_attendee(batch), practice_by_attendee(batch), marks_by_attendee(batch)
    rows = []
    people = list_attendees(batch)
    late, remarks, is_past = seated_late(batch, people), remarks_on(batch, people), is_record(batch)
    for attendee in people:
        own_hours, own_marks = hours.get(attendee.id, NO_HOURS), marks.get(attendee.id, {})
        facts = Facts(
            attended_hours=own_hours.attended,
            planned_hours=own_hours.planned,
            practice=practice.get(attendee.id, Practice()),
            asked=asked,
            score=own_marks.get(MarkKind.FINAL),
            open_hours=own_hours.still_open,
        )
        found = verdicts(facts)
        has_died = (
            not is_past and attendee.trainee is not None and attendee.trainee.status is TraineeStatus.DECEASED
        )
        suggested = suggest_outcome(found, facts.score, has_died=has_died)
        rows.append(
            SheetRow(
                attendee,
                own_hours,
                own_marks,
                found,
                suggested,
                late.get(attendee.id),
                remarks.get(attendee.id),
            )
        )
    return rows


def lines_of(sheet: Iterable[SheetRow]) -> dict[int, Line]:
    """Return the figures of each person as a version is made of them: what a meeting has read, it may decide
    about.
    """
    return {row.attendee.id: Line(row.figures, row.figures) for row in sheet}


def sheet_to_decide(batch: Batch) -> list[SheetRow]:
    """Return the rows of those whom a meeting can decide about now: everybody, after the first approval those
    who are still put off.
    """
    sheet = graduation_sheet(batch)
    if approved_graduation(batch) is None:
        return sheet
    put_off = {attendee.id for attendee in deferred_attendees(batch)}
    return [row for row in sheet if row.attendee.id in put_off]


def asked_of(batch: Batch) -> Asked:
    """Return what a batch asks of everybody who is to pass: what its first approved meeting has read, until
    then what its course asks.

    Meetings that were approved before this was kept asked for no mark: none could be set.
    """
    course, first = batch.course, approved_graduation(batch)
    if first is None:
        return Asked(course.attendance_threshold, course.fieldwork_required, course.pass_mark)
    return asked_by(first) or Asked(course.attendance_threshold, course.fieldwork_required)


def asked_by(graduation: Graduation) -> Asked | None:
    """Return what a meeting has asked of everybody who is to pass, whatever is asked today; None where that
    was not kept.
    """
    return (
        Asked.read(graduation.record["asked"]) if graduation.record and "asked" in graduation.record else None
    )


def marks_by_attendee(batch: Batch) -> dict[int, dict[MarkKind, Decimal]]:
    """Return the marks of a batch by attendee and kind."""
    query = (
        select(Mark.attendee_id, Mark.kind, Mark.value)
        .join(Mark.attendee)
        .where(Attendee.batch_id == batch.id)
    )
    found: dict[int, dict[MarkKind, Decimal]] = {}
    for attendee_id, kind, value in db.session.execute(query):
        found.setdefault(attendee_id, {})[kind] = value
    return found


def list_marks(batch: Batch, kind: MarkKind) -> list[Mark]:
    """Return the marks of one kind in a batch."""
    return list(
        db.session.scalars(
            select(Mark).join(Mark.attendee).where(Attendee.batch_id == batch.id, Mark.kind == kind)
        )
    )


def last_day_of(batch: Batch) -> TrainingSession | None:
    """Return the last session that was not cancelled."""
    held = TrainingSession.batch_id == batch.id, TrainingSession.cancelled_at.is_(None)
    latest = TrainingSession.held_on.desc(), TrainingSession.starts_at.desc()
    return db.session.scalar(select(TrainingSession).where(*held).order_by(*latest).limit(1))


def obstacle_to_propose(batch: Batch, sheet: list[SheetRow]) -> Text | None:
    """Say why a meeting about these people cannot be proposed now, or None: the state of the batch, a
    proposal that waits, then the half days whose presence is missing, by name.
    """
    closed = refusal_to_act(Act.PROPOSE, batch, about_deferred=bool(sheet))
    if closed:
        return nobody_deferred(closed) if approved_graduation(batch) else closed
    waiting = waiting_graduation(batch)
    if waiting is not None and not is_overtaken(waiting, sheet):
        return ALREADY_PROPOSED
    last = last_day_of(batch)
    if last is not None and last.begins > clock.now():
        return refusal_before_the_end(last.title, local_moment(last.begins, batch.zone))
    sessions = list_sessions_without_presence(batch)
    return refusal_to_propose(
        planned={row.hours.planned for row in sheet},
        curriculum=curriculum_hours(batch.course.curriculum_id),
        missing_blocks=list(
            dict.fromkeys((session.held_on, session.block.endswith("-1")) for session in sessions)
        ),
    )


def seated_elsewhere(batch: Batch, sheet: list[SheetRow]) -> dict[int, Text]:
    """Return, by attendee, why somebody who was put off cannot pass now: a seat of the same tier in another
    batch.
    """
    if not any(meeting.approved_at for meeting in list_meetings(batch)):
        return {}  # until a meeting has freed seats, nobody who sits here can sit elsewhere
    people = {row.attendee.trainee_id: row.attendee for row in sheet if row.attendee.trainee_id is not None}
    family = family_of(people)
    codes = {
        seat.person_id: seat.code
        for seat in seats_of(family)
        if seat.tier_id == batch.course.tier_id and seat.batch_id != batch.id
    }
    taken = {attendee: codes[family[key]] for key, attendee in people.items() if family[key] in codes}
    return {attendee.id: refusal_of_second_seat(attendee.name, code) for attendee, code in taken.items()}


def figures_of(result: GraduationResult) -> tuple:
    """Return what a meeting has read of one person, as `SheetRow.figures` has it today."""
    return result.attended_hours, result.planned_hours, result.score, result.suggested, tuple(result.reasons)


def has_changed(graduation: Graduation, sheet: list[SheetRow], results: list[GraduationResult]) -> bool:
    """Say whether the figures of today are others than those the meeting read, or another rule is asked."""
    if asked_by(graduation) not in (None, asked_of(graduation.batch)):
        return True
    return {each.attendee_id: figures_of(each) for each in results} != {
        row.attendee.id: row.figures for row in sheet
    }


def is_overtaken(graduation: Graduation, sheet: list[SheetRow] | None = None) -> bool:
    """Say whether a proposal that still waits cannot be approved any more: the data changed since, or
    somebody whom it lets pass has a seat of the same tier elsewhere by now.
    """
    if graduation.status is not GraduationStatus.PROPOSED:
        return False
    sheet, results = sheet_to_decide(graduation.batch) if sheet is None else sheet, list_results(graduation)
    elsewhere = seated_elsewhere(graduation.batch, sheet)
    return has_changed(graduation, sheet, results) or any(
        each.outcome is ResultOutcome.PASSED and each.attendee_id in elsewhere for each in results
    )


def was_notified(graduation: Graduation, action: str) -> bool:
    """Say whether an event of this name is recorded of a meeting."""
    noted = (
        Event.action == action,
        Event.subject_type == Graduation.__name__,
        Event.subject_id == graduation.id,
    )
    return db.session.scalar(select(Event.id).where(*noted).limit(1)) is not None


def count_notified(graduation: Graduation) -> tuple[int, int]:
    """Return how many people are told the result of an approved meeting by mail, and how many somebody has to
    tell.
    """
    theirs = (
        Notice.batch_id == graduation.batch_id,
        Notice.about == RESULT,
        Notice.created_at >= graduation.approved_at,
    )
    rows = list(
        db.session.scalars(
            select(Notice.message_id.is_not(None)).where(*theirs, Notice.overtaken_at.is_(None))
        )
    )
    return sum(rows), len(rows) - sum(rows)


def get_graduation(graduation_id: int) -> Graduation | None:
    """Return the meeting with all that its page shows."""
    return db.session.get(Graduation, graduation_id, options=_shown())


def lock_graduation(graduation_id: int) -> Graduation:
    """Hold the meeting's row; the batch is held before it."""
    query = (
        select(Graduation)
        .where(Graduation.id == graduation_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return db.session.scalars(query).one()


def latest_graduation(batch: Batch) -> Graduation | None:
    """Return the newest meeting of a batch, whatever became of it."""
    return db.session.scalar(
        select(Graduation).where(Graduation.batch_id == batch.id).order_by(Graduation.id.desc()).limit(1)
    )


def waiting_graduation(batch: Batch) -> Graduation | None:
    """Return the proposal that waits for approval; there is at most one."""
    waits = Graduation.batch_id == batch.id, Graduation.status == GraduationStatus.PROPOSED
    return db.session.scalar(select(Graduation).where(*waits))


def standing_graduation(batch: Batch) -> Graduation | None:
    """Return the meeting that a decision is about: the one that waits, else the last that was approved."""
    return waiting_graduation(batch) or next(iter(reversed(approved_graduations(batch))), None)


def list_meetings(batch: Batch) -> list[Graduation]:
    """Return every meeting of a batch, whatever became of it, the newest first."""
    return list(
        db.session.scalars(
            select(Graduation).where(Graduation.batch_id == batch.id).order_by(Graduation.id.desc())
        )
    )


def has_other_proposals(batch: Batch) -> bool:
    """Say whether another proposal was given back since the last approval: who decides must say which one was
    read.
    """
    since = max((each.id for each in approved_graduations(batch)), default=0)
    return any(each.status in GIVEN_BACK and each.id > since for each in list_meetings(batch))


def approved_graduations(batch: Batch) -> list[Graduation]:
    """Return the approved meetings of a batch in their order: the first one, then those about who was put
    off.
    """
    approved = Graduation.batch_id == batch.id, Graduation.status == GraduationStatus.APPROVED
    return list(db.session.scalars(select(Graduation).where(*approved).order_by(Graduation.id)))


def approved_graduation(batch: Batch) -> Graduation | None:
    """Return the first approved meeting of a batch: the one that closed it.

    What was decided about people: `approved_results`.
    """
    return next(iter(approved_graduations(batch)), None)


def approved_results(batch: Batch) -> dict[int, GraduationResult]:
    """Return, by attendee, what the last approved meeting about that person decided, in the
    order of names.
    """
    latest = _latest_approved(Graduation.batch_id == batch.id)
    return {result.attendee_id: result for result in sorted(latest, key=_by_name)}


def results_of(trainee_ids: Collection[int]) -> list[GraduationResult]:
    """Return what the last approved meeting of each batch decided about a person, by the ids of
    her records.
    """
    return _latest_approved(Attendee.trainee_id.in_(sorted(trainee_ids)))


def _latest_approved(wanted: ColumnElement[bool]) -> list[GraduationResult]:
    """Return the results of approved meetings, of each attendee the last one."""
    query = (
        select(GraduationResult)
        .join(GraduationResult.graduation)
        .join(GraduationResult.attendee)
        .join(Attendee.trainee)
        .where(Graduation.status == GraduationStatus.APPROVED, wanted)
        .options(contains_eager(GraduationResult.graduation), _named())
        .order_by(Graduation.id)
    )
    return list({result.attendee_id: result for result in db.session.scalars(query)}.values())


def deferred_attendees(batch: Batch) -> list[Attendee]:
    """Return whom the last approved decision has put off and who does not hold the tier by another
    certificate, by name.
    """
    put_off = _put_off(batch)
    settled = tier_held_by(batch, put_off)
    return [attendee for attendee in put_off if attendee.id not in settled]


def settled_elsewhere(batch: Batch) -> list[tuple[Attendee, str]]:
    """Return who was put off and needs no further meeting, with the number of the certificate by which the
    tier is held meanwhile.
    """
    put_off = _put_off(batch)
    settled = tier_held_by(batch, put_off)
    return [(attendee, settled[attendee.id]) for attendee in put_off if attendee.id in settled]


def _put_off(batch: Batch) -> list[Attendee]:
    return [
        result.attendee
        for result in approved_results(batch).values()
        if result.outcome is ResultOutcome.DEFERRED
    ]


def list_results(graduation: Graduation) -> list[GraduationResult]:
    """Return what the meeting said of each person, by name."""
    query = (
        select(GraduationResult)
        .join(GraduationResult.attendee)
        .join(Attendee.trainee)
        .where(GraduationResult.graduation_id == graduation.id)
        .options(_named())
    )
    return sorted(db.session.scalars(query), key=_by_name)


class Decided(Protocol):
    """Anything that says what was decided of one person."""

    @property
    def outcome(self) -> ResultOutcome: ...


def count_outcomes(results: Iterable[Decided]) -> Counter[ResultOutcome]:
    """Count the people of each outcome."""
    return Counter(result.outcome for result in results)


def list_approvers(batch: Batch) -> list[User]:
    """Return the accounts that may approve the graduation of this batch today."""
    return list_holders(batch, Permission.GRADUATION_APPROVE)


def list_other_approvers(graduation: Graduation) -> list[User]:
    """Return the accounts that may approve this proposal today: not its proposer's."""
    return [user for user in list_approvers(graduation.batch) if user.id != graduation.proposed_by_id]


def list_holders(batch: Batch, permission: Permission) -> list[User]:
    """Return the accounts that hold a permission for this batch today by its region, its office
    or by itself.
    """
    organiser = batch.course.organiser
    here = or_(
        and_(Grant.scope_kind == ScopeKind.REGION, Grant.region_id == organiser.region_id),
        and_(Grant.scope_kind == ScopeKind.ORGANISER, Grant.scope_id == organiser.id),
        and_(Grant.scope_kind == ScopeKind.BATCH, Grant.scope_id == batch.id),
    )
    roles = [role for role in Role if permission in RIGHTS[role]]
    held = select(Grant.user_id).where(Grant.role.in_(roles), here, *Grant.valid_on(clock.today(WIB)))
    return list(
        db.session.scalars(
            select(User).where(User.id.in_(held), User.disabled_at.is_(None)).order_by(User.id)
        )
    )


def _named() -> ORMOption:
    where = (
        contains_eager(GraduationResult.attendee)
        .contains_eager(Attendee.trainee)
        .joinedload(Trainee.duty_region)
    )
    return where.joinedload(Region.parent)


def _by_name(result: GraduationResult) -> tuple[str, int]:
    return result.attendee.name.casefold(), result.attendee_id


def _shown() -> list:
    course = joinedload(Graduation.batch).joinedload(Batch.course)
    return [course.joinedload(Course.organiser).joinedload(Organiser.region), course.joinedload(Course.tier)]
