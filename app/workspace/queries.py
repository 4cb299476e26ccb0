"""Facts read across packages: how far a batch is, who is to be told, and the batches somebody works on."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, func, or_, select
from sqlalchemy.orm import aliased, joinedload

from app.assessment.models import Graduation, GraduationResult
from app.assessment.queries import (
    approved_results,
    deferred_attendees,
    is_overtaken,
    latest_graduation,
    list_other_approvers,
    list_results,
)
from app.assessment.rules import EARNING, TONES, GraduationStatus, describe_outcomes
from app.attendance.queries import blocks_of, is_practised, next_block
from app.auth.rules import NameKind, normal_name
from app.certificates.eligibility import list_due
from app.certificates.models import Certificate
from app.certificates.queries import IN_FORCE_NOW, list_misnamed
from app.certificates.rules import CertificateKind
from app.core import clock
from app.core.phones import shown_phone
from app.core.scopes import Reach, Scope
from app.core.text import Text, _
from app.courses.acts import BatchState
from app.courses.models import Batch, Course, Facilitator, TrainingSession
from app.courses.queries import curriculum_hours, get_batch, is_news, is_record, planned_hours, state_of
from app.courses.rules import Admission, BatchStatus, GraduationStage, SessionKind, last_day_to_apply
from app.courses.services import refusal_to_open_now
from app.enrollments.eligibility import UNDECIDED_IN, list_unfit
from app.enrollments.models import Attendee, Enrollment
from app.enrollments.ports import OwnResult
from app.enrollments.queries import count_seats, is_over, list_enrollments_in_force, position_in_queue
from app.enrollments.rules import TO_DECIDE, EnrollmentStatus, SeatEnd
from app.enrollments.services import eligible_queue, waits_for_first_day
from app.extensions import db
from app.fieldwork.lines import describe_strays_of
from app.fieldwork.models import Host, HostVisit, Placement
from app.fieldwork.rules import PENDING, USABLE
from app.notifications.models import Notice
from app.notifications.queries import UNTOLD, list_notices
from app.notifications.rules import PersonKind, chat_url
from app.organisers.models import Organiser
from app.regions.models import Region
from app.regions.rules import WIB, WIT
from app.trainees.models import DutyPost, Qualification, Standing, Trainee
from app.trainees.queries import list_trainees_by_id
from app.trainees.rules import EndedAs, TraineeStatus
from app.workspace.news import texts_of_today
from app.workspace.rules import BEFORE_RESULT, DECIDED, Progress

MOST_BATCHES = 16
NEAR = timedelta(days=45)


def _count(query: Select[Any]) -> int:
    return int(db.session.scalar(query) or 0)


def progress_of(batch: Batch) -> Progress:
    """Return how far a batch is; a constant number of small queries."""
    today, state = clock.today(batch.zone), state_of(batch)
    untold, untold_since = _untold(batch)
    common = Progress(
        state=state,
        status=batch.status,
        quota=batch.quota,
        starts_on=batch.starts_on,
        ends_on=batch.ends_on,
        applies_until=min(last_day_to_apply(batch.registration_closes_on, batch.starts_on), batch.ends_on),
        today=today,
        planned_hours=curriculum_hours(batch.course.curriculum_id),
        scheduled_hours=planned_hours(batch),
        recorded_on=clock.local_day(batch.recorded_at, batch.zone),
        is_record=is_record(batch),
        untold=untold,
        untold_since=clock.local_day(untold_since, batch.zone) if untold_since else None,
    )
    if state is BatchState.CANCELLED:
        return common
    return replace(
        common,
        **_planned(batch, state),
        **_enrolled(batch, state),
        **_happened(batch, today),
        **_results(batch),
    )


def _planned(batch: Batch, state: BatchState) -> dict[str, Any]:
    """Return what stands in the way of opening, and what is known of field practice."""
    held = TrainingSession.batch_id == batch.id, TrainingSession.cancelled_at.is_(None)
    practice = select(func.min(TrainingSession.held_on)).where(
        *held, TrainingSession.kind == SessionKind.FIELD_PRACTICE
    )
    asked = select(HostVisit.status, func.count(HostVisit.id), func.sum(HostVisit.granted_places)).where(
        HostVisit.batch_id == batch.id
    )
    visits = {row[0]: (row[1], row[2] or 0) for row in db.session.execute(asked.group_by(HostVisit.status))}
    attending = Attendee.batch_id == batch.id, Attendee.left_at.is_(None), Attendee.trainee_id.is_not(None)
    return {
        "refusal_to_open": refusal_to_open_now(batch) if state is BatchState.DRAFT else None,
        "fieldwork_on": db.session.scalar(practice),
        "visits_waiting": sum(visits[status][0] for status in PENDING if status in visits),
        "places_granted": sum(visits[status][1] for status in USABLE if status in visits),
        "stray": next(iter(describe_strays_of(batch.id)), None),
        "was_practised": is_practised(batch),
        "placed": _count(
            select(func.count(Placement.id))
            .join(Attendee)
            .join(HostVisit, Placement.visit_id == HostVisit.id)
            .where(*attending, HostVisit.status.in_(USABLE))
        ),
    }


def _enrolled(batch: Batch, state: BatchState) -> dict[str, Any]:
    """Return who has a seat, who waits for a decision, who does not qualify any more."""
    seated = count_seats(batch.id)
    if state not in BEFORE_RESULT:
        return {"seated": _had_seats(batch) if state in DECIDED else seated, "unfit": len(list_unfit(batch))}
    held = [each for each in list_enrollments_in_force(batch.id) if not is_over(each)]
    since = [each.submitted_at or each.recorded_at for each in held if each.status in TO_DECIDE]
    return {
        "seated": seated,
        "offered": sum(each.status is EnrollmentStatus.OFFERED for each in held),
        "next_waiting": _next_waiting(batch, seated, held),
        "awaiting": len(since),
        "awaiting_since": clock.local_day(min(since), batch.zone) if since else None,
        "unfit": len(list_unfit(batch)),
    }


def are_all_fit(batch: Batch) -> bool:
    """Say whether everybody who takes part could take the seat today, too: asked only while it is to be
    decided.
    """
    kept = any(each.override_reason is not None for each in list_enrollments_in_force(batch.id))
    return not kept and not is_record(batch) and state_of(batch) in UNDECIDED_IN and not list_unfit(batch)


def _had_seats(batch: Batch) -> int:
    """Return who took part, also those whose seat the result has ended."""
    took_part = Attendee.batch_id == batch.id, Attendee.left_at.is_(None), Attendee.trainee_id.is_not(None)
    return _count(select(func.count(Attendee.id)).where(*took_part))


def _next_waiting(batch: Batch, seated: int, held: list[Enrollment]) -> tuple[int, str, int] | None:
    """Return who is to be offered a free seat where seats are given by hand and the first day is still to
    come.
    """
    waits = any(each.status is EnrollmentStatus.WAITLISTED for each in held)
    if (
        not waits
        or seated >= batch.quota
        or batch.admission is not Admission.MANUAL
        or not waits_for_first_day(batch)
    ):
        return None
    first = next(iter(eligible_queue(batch)), None)
    return (first.id, first.name, position_in_queue(first) or 1) if first else None


def _happened(batch: Batch, today: date) -> dict[str, Any]:
    """Return what is entered of the half days in which somebody takes part."""
    blocks = [block for block in blocks_of(batch) if block.people]
    missing = next_block(blocks, today)
    return {
        "entered": sum(block.entered for block in blocks),
        "is_begun": any(block.begun for block in blocks),
        "first_missing": (missing.held_on, missing.starts_at) if missing else None,
        "presence_complete": bool(blocks) and all(block.is_complete for block in blocks),
    }


def _results(batch: Batch) -> dict[str, Any]:
    """Return what the meetings decided and what became of it."""
    graduation = latest_graduation(batch)
    decided = Graduation.batch_id == batch.id, Graduation.status == GraduationStatus.APPROVED
    results = select(GraduationResult.attendee_id).join(GraduationResult.graduation).where(*decided)
    earned = (
        set(db.session.scalars(results.where(GraduationResult.outcome.in_(EARNING)))) if graduation else set()
    )
    had = select(Certificate.attendee_id, and_(*IN_FORCE_NOW)).where(Certificate.batch_id == batch.id)
    rows = db.session.execute(had).all()
    due = list_due(batch) if earned - {attendee_id for attendee_id, _valid in rows} else []
    put_off = Enrollment.batch_id == batch.id, Enrollment.ended_as == SeatEnd.DEFERRED
    deferred = (
        deferred_attendees(batch)
        if graduation and _count(select(func.count(Enrollment.id)).where(*put_off))
        else []
    )
    decisions = approved_results(batch) if deferred else {}
    return {
        "graduation": graduation.status if graduation else None,
        **(
            _proposal(batch, graduation)
            if graduation and graduation.status is GraduationStatus.PROPOSED
            else {}
        ),
        "deferred": len(deferred),
        "deferred_on": min((decisions[each.id].graduation.held_on for each in deferred), default=None),
        "earned": len(earned),
        "uncertified": len(due),
        "uncertified_since": min((each.graduation.held_on for each in due), default=None),
        "misnamed": tuple(each.id for each in list_misnamed(batch)) if rows else (),
        "certificates": sum(is_valid for _attendee, is_valid in rows),
        "candidates": (
            _count(select(func.count()).select_from(graduates_to_appoint(batch).subquery())) if rows else 0
        ),
    }


def _proposal(batch: Batch, waiting: Graduation) -> dict[str, Any]:
    """Return whom a proposal waits for, and whether today's figures have overtaken it."""
    return {
        "meeting_id": waiting.id,
        "meeting_on": waiting.held_on,
        "proposed_by": waiting.proposed_by_id,
        "proposed_as": describe_outcomes(each.outcome for each in list_results(waiting)),
        "is_overtaken": is_overtaken(waiting),
        "approvers": tuple(user.name for user in list_other_approvers(waiting)),
    }


def results_of_people(trainee_ids: Collection[int]) -> dict[tuple[int, int], OwnResult]:
    """Return what approved meetings said of these records, by (batch, record); of two meetings of a batch the
    later one counts.
    """
    decided = (
        select(GraduationResult, Attendee.batch_id, Attendee.trainee_id)
        .join(GraduationResult.graduation)
        .join(GraduationResult.attendee)
        .where(Graduation.status == GraduationStatus.APPROVED, Attendee.trainee_id.in_(sorted(trainee_ids)))
        .order_by(Graduation.id)
    )
    in_force = select(Certificate).where(Certificate.trainee_id.in_(sorted(trainee_ids)), *IN_FORCE_NOW)
    certificates = {(each.batch_id, each.trainee_id): each for each in db.session.scalars(in_force)}
    found: dict[tuple[int, int], OwnResult] = {}
    for result, batch_id, trainee_id in db.session.execute(decided):
        paper = certificates.get((batch_id, trainee_id or 0))
        reasons = (*(str(each) for each in result.reasons or ()), *([result.note] if result.note else []))
        found[batch_id, trainee_id or 0] = OwnResult(
            result.outcome.label,
            TONES[result.outcome],
            reasons,
            paper and paper.id,
            paper and paper.number,
            str(result.outcome.value),
        )
    return found


def _untold(batch: Batch) -> tuple[int, datetime | None]:
    """Return how many people nobody has told yet, whatever the number of things, and since when the first of
    them waits.
    """
    waits = Notice.batch_id == batch.id, *UNTOLD
    rows = db.session.execute(
        select(Notice.person_kind, Notice.person_id, Notice.name, Notice.created_at).where(*waits)
    ).all()
    people = {(row.person_kind, row.person_id or row.name) for row in rows}
    return len(people), min((row.created_at for row in rows), default=None)


@dataclass(frozen=True)
class PendingNotice:
    """One thing that somebody is told about a batch, with the number to call."""

    notice: Notice
    phone: str | None
    text: str

    @property
    def shown_phone(self) -> str | None:
        return shown_phone(self.phone) if self.phone else None

    @property
    def chat_url(self) -> str | None:
        """Return the address that opens a chat with the text in it; None without a mobile number."""
        return chat_url(self.phone, self.text)


@dataclass(frozen=True)
class BatchNotice:
    """A notice where it belongs: to its batch."""

    notice: Notice
    batch: Batch

    def scopes(self) -> list[Scope]:
        return self.batch.scopes()


def get_notice(notice_id: int) -> BatchNotice | None:
    """Return one notice with its batch."""
    notice = db.session.get(Notice, notice_id)
    batch = get_batch(notice.batch_id) if notice else None
    return BatchNotice(notice, batch) if notice and batch else None


def describe_silence(batch: Batch) -> Text | None:
    """Return what of a batch that was entered after its last day nobody is told, or None."""
    if not is_record(batch):
        return None
    if is_news(batch):
        return _(
            "Angkatan ini dicatat sesudah hari terakhirnya: penerimaan tidak dikabarkan lagi, hasil dan"
            " sertifikat dikabarkan."
        )
    return _(
        "Angkatan ini dicatat lama sesudah berakhir: hasil dan sertifikatnya hanya dikabarkan lewat email,"
        " pencabutan selalu."
    )


def list_tellings(batch: Batch) -> list[PendingNotice]:
    """Return what people are told about a batch: those not told yet first; each with the number known of the
    person.
    """
    return tellings_of(batch, list_notices(batch.id))


def tellings_of(batch: Batch, notices: Sequence[Notice]) -> list[PendingNotice]:
    """Return each of these notices of a batch with the number known of the person."""
    ids = {
        kind: {each.person_id for each in notices if each.person_kind is kind} - {None} for kind in PersonKind
    }
    people = db.session.scalars(select(Trainee).where(Trainee.id.in_(ids[PersonKind.TRAINEE])))
    hosts = db.session.scalars(select(Host).where(Host.id.in_(ids[PersonKind.HOST])))
    phones = {(PersonKind.TRAINEE, each.id): each.phone for each in people}
    phones |= {
        (PersonKind.HOST, each.id): normal_name(NameKind.PHONE, each.phone) or each.phone for each in hosts
    }
    teaching = db.session.scalars(select(Facilitator).where(Facilitator.id.in_(ids[PersonKind.FACILITATOR])))
    phones |= {(PersonKind.FACILITATOR, each.id): each.phone for each in teaching}
    texts = texts_of_today(batch, notices)
    return [
        PendingNotice(
            each, phones.get((each.person_kind, each.person_id or 0)) or None, texts.get(each.id, each.text)
        )
        for each in notices
    ]


def by_person(tellings: list[PendingNotice]) -> list[tuple[PendingNotice, list[PendingNotice]]]:
    """Return what is to be told person by person, in the order in which the first thing came up."""
    found: dict[tuple[PersonKind, int | str], list[PendingNotice]] = {}
    for each in tellings:
        found.setdefault((each.notice.person_kind, each.notice.person_id or each.notice.name), []).append(
            each
        )
    return [(things[0], things) for things in found.values()]


def graduates_to_appoint(batch: Batch) -> Select[int]:
    """Return the ids of those who passed, hold the certificate of this batch and are still calon PSM; of a
    merged record the one that counts.
    """
    record, person = aliased(Trainee), aliased(Trainee)
    return (
        select(person.id)
        .distinct()
        .select_from(Certificate)
        .join(record, Certificate.trainee_id == record.id)
        .join(person, person.id == func.coalesce(record.canonical_id, record.id))
        .where(
            Certificate.batch_id == batch.id, Certificate.kind == CertificateKind.COMPLETION, *IN_FORCE_NOW
        )
        .where(person.status == TraineeStatus.CANDIDATE)
    )


def list_graduates_to_appoint(batch: Batch) -> list[Trainee]:
    """Return these people by name, each with desa and kecamatan."""
    return list_trainees_by_id(db.session.scalars(graduates_to_appoint(batch)))


def list_current_batches(within: Reach) -> list[Batch]:
    """Return the batches within reach that somebody works on, the nearest first: those of today, a proposal,
    news or a wrong certificate that waits, the days around today, what is still open, then what is over,
    newest first.
    """
    today, waits = clock.today(WIB), _waits()
    is_now = and_(  # in the east the next day has begun already
        Batch.starts_on <= clock.today(WIT),
        Batch.ends_on >= today,
        Batch.status.in_([BatchStatus.OPEN, BatchStatus.CLOSED, BatchStatus.RUNNING]),
    )
    is_near = and_(Batch.starts_on <= today + NEAR, Batch.ends_on >= today - NEAR)
    finished = Batch.status.in_([BatchStatus.FINISHED, BatchStatus.CANCELLED])
    rank = case((is_now, -1), (waits, 0), (and_(is_near, ~finished), 1), (~finished, 2), else_=3)
    query = (
        _reached(select(Batch), within)
        .options(
            joinedload(Batch.course).joinedload(Course.organiser),
            joinedload(Batch.course).joinedload(Course.tier),
        )
        .order_by(rank, Batch.starts_on.desc(), Batch.id.desc())
        .limit(MOST_BATCHES)
    )
    return list(db.session.scalars(query))


def count_further_waiting(within: Reach, shown: Collection[Batch]) -> int:
    """Count the batches within reach that wait for somebody and are not among these: no list is longer than
    MOST_BATCHES.
    """
    others = Batch.id.not_in([batch.id for batch in shown])
    return _count(_reached(select(func.count(Batch.id)), within).where(_waits(), others))


def _waits() -> ColumnElement[bool]:
    """Return the condition under which a batch waits whatever its days: for an approval, for people to be
    told, for a certificate in another name than its holder's to be replaced.
    """
    return or_(
        Batch.graduation_stage == GraduationStage.PROPOSED,
        Batch.id.in_(select(Notice.batch_id).where(*UNTOLD)),
        Batch.id.in_({each.batch_id for each in list_misnamed()}),
    )


def _reached(query: Select[Any], within: Reach) -> Select[Any]:
    joined = (
        query.select_from(Batch).join(Course).join(Organiser).join(Region, Organiser.region_id == Region.id)
    )
    return joined.where(within.clause(region_code=Region.scope_code, organiser=Organiser.id, batch=Batch.id))


@dataclass(frozen=True)
class Life:
    """What one person did and is: periods and certificates, newest first."""

    standings: list[Standing]
    posts: list[DutyPost]
    qualifications: list[Qualification]
    enrollments: list[Enrollment]
    certificates: list[Certificate]


def life_of(trainee: Trainee) -> Life:
    """Return one person's life, the records of merged duplicates included.

    Whoever may see the person sees that person's enrollments and certificates elsewhere too: the dinas of the
    duty region reads them, and never writes them.
    """
    canonical = trainee.canonical_id or trainee.id
    ids = list(
        db.session.scalars(
            select(Trainee.id).where(or_(Trainee.id == canonical, Trainee.canonical_id == canonical))
        )
    )
    by_batch = joinedload(Enrollment.batch).joinedload(Batch.course)
    held = (
        select(Qualification)
        .where(Qualification.trainee_id.in_(ids))
        .order_by(Qualification.held_from.desc(), Qualification.id.desc())
    )
    qualifications: list[Qualification] = _all(held)
    certificates = select(Certificate).where(Certificate.trainee_id.in_(ids))
    return Life(
        standings=_all(
            select(Standing)
            .where(Standing.trainee_id.in_(ids))
            .order_by(Standing.starts_on.desc(), Standing.id.desc())
        ),
        posts=_all(
            select(DutyPost)
            .where(DutyPost.trainee_id.in_(ids))
            .order_by(DutyPost.starts_on.desc(), DutyPost.id.desc())
        ),
        qualifications=[
            each for each in qualifications if not (each.ended_as is EndedAs.REPLACED and _never_held(each))
        ],
        enrollments=_all(
            select(Enrollment)
            .where(Enrollment.trainee_id.in_(ids))
            .order_by(Enrollment.id.desc())
            .options(by_batch)
        ),
        certificates=_all(certificates.order_by(Certificate.issued_on.desc(), Certificate.id.desc())),
    )


def _never_held(row: Qualification) -> bool:
    """Say whether a tier ended on the day it began: where the certificate was replaced that day, the new one
    is what holds.
    """
    return row.held_to is not None and row.held_to < row.held_from


def _all(query: Select[Any]) -> list[Any]:
    return list(db.session.scalars(query))
