"""Row → dict, as programs read it. NIK is masked here as everywhere; dates are ISO, moments UTC."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from app.api.versions import version_of_row
from app.assessment.document import minutes_of
from app.assessment.lines import MarkChange
from app.assessment.models import Graduation, Mark
from app.assessment.queries import is_overtaken
from app.attendance.models import Attendance
from app.attendance.own import reasons_of_cancelling
from app.auth.models import User
from app.auth.rules import Permission
from app.certificates.models import Certificate
from app.core import clock
from app.core.versions import digest_of
from app.courses import queries as courses
from app.courses.models import Batch, Course, Curriculum, Subject, Tier, TrainingSession
from app.courses.queries import list_tiers
from app.coverage import lines as targets
from app.coverage import queries as coverage
from app.coverage.models import Survey
from app.enrollments import queries as enrollments
from app.enrollments.models import Attendee, Enrollment
from app.enrollments.ports import OwnResult
from app.fieldwork.models import Host, HostVisit, Placement
from app.fieldwork.rules import VisitStatus, proposed_day
from app.notifications.models import Notice
from app.organisers.models import Organiser
from app.petitions import services as petitions
from app.petitions.models import Petition
from app.petitions.rules import PetitionKind
from app.regions.models import Region
from app.trainees.models import Appointment, Merge, Trainee


class Written(str):
    """A day, a moment or a score as programs read it; `cell` is the same for a table: a moment by the clock
    of its place.
    """

    cell: date | Decimal

    def __new__(cls, text: str, cell: date | Decimal) -> "Written":
        written = super().__new__(cls, text)
        written.cell = cell
        return written


def iso(day: date | None) -> Written | None:
    """Return a day as text."""
    return Written(day.isoformat(), day) if day else None


def moment(value: datetime | None, zone: str) -> Written | None:
    """Return a moment as text in UTC, with what the clock of its place says."""
    return (
        Written(value.isoformat(), value.astimezone(ZoneInfo(zone)).replace(tzinfo=None)) if value else None
    )


def score(value: Decimal | None) -> Written | None:
    """Return a score as text with two decimals, so that no program rounds it."""
    return None if value is None else Written(f"{value:.2f}", value)


def region(row: Region) -> dict[str, Any]:
    return {"code": row.code, "name": row.full_name, "level": row.level.value, "zone": row.zone}


def organiser(row: Organiser) -> dict[str, Any]:
    return {
        "id": row.id,
        "code": row.code,
        "unit": row.unit,
        "level": row.level.value,
        "region": row.region.code,
        "seat": row.seat,
    }


def tier(row: Tier) -> dict[str, Any]:
    return {
        "id": row.id,
        "code": row.code,
        "rank": row.rank,
        "label": row.label,
        "level": row.level.value,
        "psks_code": row.psks_code,
        "prerequisite": row.prerequisite.code if row.prerequisite else None,
        "attendance_threshold": row.attendance_threshold,
    }


def curriculum(row: Curriculum) -> dict[str, Any]:
    return {
        "id": row.id,
        "tier": row.tier.code,
        "version": row.version,
        "title": row.title,
        "is_frozen": row.frozen_at is not None,
        "pass_mark": score(row.pass_mark),
    }


def subject(row: Subject) -> dict[str, Any]:
    return {
        "id": row.id,
        "position": row.position,
        "name": row.name,
        "kind": row.kind.value,
        "theory_hours": row.theory_hours,
        "practice_hours": row.practice_hours,
    }


def course(row: Course) -> dict[str, Any]:
    return {
        "id": row.id,
        "organiser": row.organiser_id,
        "tier": row.tier.code,
        "curriculum": row.curriculum_id,
        "kind": row.kind.value,
        "title": row.title,
        "year": row.year,
        "lower_tier_reason": row.lower_tier_reason,
        "attendance_threshold": row.attendance_threshold,
        "fieldwork_required": row.fieldwork_required,
        "pass_mark": score(row.pass_mark),
        "version": version_of_row(row),
    }


def batch(row: Batch) -> dict[str, Any]:
    return {
        "id": row.id,
        "course": row.course_id,
        "code": row.code,
        "ordinal": row.ordinal,
        "status": row.status.value,
        "status_reason": row.status_reason,
        "state": courses.state_to_read(row).value,
        "quota": row.quota,
        "starts_on": iso(row.starts_on),
        "ends_on": iso(row.ends_on),
        "announced_days": row.announced_days,
        "venue": row.venue,
        "provided": row.provided,
        "to_bring": row.to_bring,
        "version": version_of_row(row),
        "venue_region": row.venue_region.code,
        "zone": row.zone,
        "audience": row.audience,
        "admission": row.admission.value,
        "contact_name": row.contact_name,
        "contact_phone": row.contact_phone,
        "registration_closes_on": iso(row.registration_closes_on),
    }


def session_list(rows: Sequence[TrainingSession]) -> list[dict[str, Any]]:
    """Return sessions with the reasons of those that were called off, read once for all."""
    reasons = reasons_of_cancelling([row.id for row in rows if row.cancelled_at is not None])
    return [session(row, reasons) for row in rows]


def session(row: TrainingSession, reasons: Mapping[int, str] | None = None) -> dict[str, Any]:
    """Return a session; one that was called off with the reason."""
    if reasons is None:
        reasons = reasons_of_cancelling([row.id] if row.cancelled_at is not None else [])
    return {
        "id": row.id,
        "batch": row.batch_id,
        "kind": row.kind.value,
        "title": row.title,
        "held_on": iso(row.held_on),
        "starts_at": f"{row.starts_at:%H:%M}",
        "ends_at": f"{row.ends_at:%H:%M}",
        "lesson_hours": row.lesson_hours,
        "subject": row.subject_id,
        "place": row.place,
        "facilitator": row.facilitator_id,
        "office": row.office,
        "cancelled_at": moment(row.cancelled_at, row.batch.zone),
        "cancelled_reason": reasons.get(row.id),
        "version": version_of_row(row),
    }


def counting_id(row: Trainee) -> int:
    """Return the number under which a person is found in the list of people: that of the record
    that counts.
    """
    return row.canonical_id or row.id


def trainee(row: Trainee) -> dict[str, Any]:
    return {
        "id": row.id,
        "name": row.name,
        "nik": row.nik_masked,
        "status": row.status.value,
        "duty_region": row.duty_region.code,
        "birth_date": iso(row.birth_date),
        "sex": row.sex.value if row.sex else None,
        "merged_into": row.canonical_id,
    }


def trainee_to_edit(row: Trainee) -> dict[str, Any]:
    """Return somebody with every field that a correction takes; the NIK is masked."""
    return {
        **trainee(row),
        "home_region": row.home_region.code if row.home_region else None,
        "birth_place": row.birth_place,
        "phone": row.phone,
        "email": row.email,
        "address": row.address,
        "member_number": row.member_number,
        "version": version_of_row(row),
    }


def merge(row: Merge) -> dict[str, Any]:
    zone = row.canonical.duty_region.zone
    return {
        "id": row.id,
        "duplicate": row.duplicate_id,
        "canonical": row.canonical_id,
        "merged_at": moment(row.merged_at, zone),
        "reason": row.reason,
        "undone_at": moment(row.undone_at, zone),
    }


def appointment(row: Appointment) -> dict[str, Any]:
    return {
        "id": row.id,
        "organiser": row.organiser_id,
        "number": row.number,
        "dated_on": iso(row.dated_on),
        "signer_name": row.signer_name,
        "version": version_of_row(row),
    }


def enrollment_list(rows: Sequence[Enrollment]) -> list[dict[str, Any]]:
    """Return enrollments with their rank among the cadangan, counted once for all."""
    places, results = enrollments.positions({row.batch_id for row in rows}), enrollments.own_results(rows)
    return [enrollment(row, places, results) for row in rows]


def enrollment(
    row: Enrollment, places: Mapping[int, int] | None = None, results: Mapping[int, OwnResult] | None = None
) -> dict[str, Any]:
    """Return an enrollment as it is today: an offer that was not answered in time is lapsed, whoever has
    written it down.
    """
    end, status, zone = enrollments.end_of(row), enrollments.status_of(row), row.batch.zone
    result = (enrollments.own_results([row]) if results is None else results).get(row.id)
    return {
        "id": row.id,
        "batch": row.batch_id,
        "trainee": counting_id(row.trainee),
        "name": row.name,
        "status": status.value,
        "label": str(enrollments.label_of(row)),
        "is_over": enrollments.is_over(row) or enrollments.has_passed(row),
        "ended_as": end.value if end else None,
        "ended_reason": row.ended_reason,
        "submitted_at": moment(row.submitted_at, zone),
        "decided_at": moment(row.decided_at, zone),
        "offer_ends_at": moment(row.offer_ends_at, zone),
        "note": row.note,
        "override_reason": row.override_reason,
        "passed_over_reason": row.passed_over_reason,
        "waiting_rank": enrollments.position_in_queue(row) if places is None else places.get(row.id),
        "result": (
            result
            and {
                "outcome": result.value,
                "label": str(result.outcome),
                "reasons": list(result.reasons),
                "certificate": result.certificate_id,
                "number": result.number,
            }
        ),
    }


def attendee(row: Attendee) -> dict[str, Any]:
    return {
        "id": row.id,
        "trainee": row.trainee and counting_id(row.trainee),
        "name": row.name,
        "kind": row.kind.value,
    }


def attendance(row: Attendance) -> dict[str, Any]:
    return {
        "attendee": row.attendee_id,
        "session": row.session_id,
        "status": row.status.value,
        "minutes_late": row.minutes_late,
        "note": row.note,
    }


def host(row: Host) -> dict[str, Any]:
    return {
        "id": row.id,
        "name": row.name,
        "kind": row.kind.value,
        "region": row.region.code,
        "organiser": row.organiser_id,
        "visitors_per_day": row.visitors_per_day,
        "address": row.address,
        "phone": row.phone,
        "version": version_of_row(row),
    }


def visit(row: HostVisit) -> dict[str, Any]:
    return {
        "id": row.id,
        "batch": row.batch_id,
        "host": row.host_id,
        "visits_on": iso(row.visits_on),
        "status": row.status.value,
        "requested_places": row.requested_places,
        "granted_places": row.granted_places,
        "note": row.note,
        "answer_note": row.answer_note,
        "answer_note_by": row.answer_note_by,
        "remark": row.remark,
        "proposed_on": iso(proposed_day(row.answer_note)) if row.status is VisitStatus.OTHER_DATE else None,
    }


def placement(row: Placement) -> dict[str, Any]:
    return {
        "attendee": row.attendee_id,
        "visit": row.visit_id,
        "group": row.group,
        "mentor_name": row.mentor_name,
    }


def mark(row: Mark) -> dict[str, Any]:
    return {"attendee": row.attendee_id, "kind": row.kind.value, "value": score(row.value)}


def graduation(row: Graduation) -> dict[str, Any]:
    """Return a meeting as its minutes say; an approved one never changes."""
    minutes, zone = minutes_of(row), row.batch.zone
    return {
        "id": row.id,
        "batch": row.batch_id,
        "status": minutes.status.value,
        "is_supplementary": minutes.is_supplementary,
        "held_on": iso(minutes.held_on),
        "minutes": minutes.text,
        "proposed_by": minutes.proposed_by,
        "approved_by": minutes.approved_by,
        "approved_at": moment(minutes.approved_at, zone),
        "return_reason": minutes.return_reason,
        "is_overtaken": is_overtaken(row),
        "taken_back_by": minutes.taken_back_by,
        "taken_back_at": moment(minutes.taken_back_at, zone),
        "asked": minutes.asked.frozen if minutes.asked else None,
        "results": [
            {
                "attendee": line.attendee,
                "name": line.name,
                "desa": line.desa,
                "kecamatan": line.kecamatan,
                "outcome": line.outcome.value,
                "suggested": line.suggested.value,
                "attended_hours": line.attended_hours,
                "planned_hours": line.planned_hours,
                "score": score(line.score),
                "grade": line.grade,
                "reasons": line.reasons,
                "note": line.note,
                "seated_at": moment(line.seated_at, zone),
            }
            for line in minutes.lines
        ],
    }


def certificate(row: Certificate) -> dict[str, Any]:
    return {
        "id": row.id,
        "batch": row.batch_id,
        "trainee": counting_id(row.trainee),
        "number": row.number,
        "code": row.code,
        "kind": row.kind.value,
        "tier": row.tier.code,
        "issued_on": iso(row.issued_on),
        "name": row.facts["name"],
        "revoked_on": iso(row.revoked_on),
        "revoked_reason": row.revoked_reason,
        "superseded_by": row.superseded_by_id,
    }


def notice(row: Notice, phone: str | None, zone: str, text: str | None = None) -> dict[str, Any]:
    return {
        "id": row.id,
        "batch": row.batch_id,
        "kind": row.person_kind.value,
        "person": row.person_id,
        "name": row.name,
        "phone": phone,
        "subject": row.subject,
        "text": row.text if text is None else text,
        "created_at": moment(row.created_at, zone),
        "by_mail": row.message_id is not None,
        "told_at": moment(row.told_at, zone),
        "told_by": row.told_label,
    }


def target_list(region: Region) -> list[dict[str, Any]]:
    """Return every target that a region itself ever had, the latest first."""
    history, today = coverage.list_targets(region), clock.today(region.zone)
    own, codes = (
        targets.own_in_force(history, today),
        {tier.rank: tier.code for tier in list_tiers()},
    )
    return [
        {
            "id": row.id,
            "region": region.code,
            "per_desa": row.per_desa,
            "starts_on": iso(row.starts_on),
            "tier": codes.get(row.tier_rank) if row.per_desa is not None else None,
            "state": targets.state_of(row, own, today).value,
            "withdrawn_at": moment(row.withdrawn_at, region.zone),
            "may_withdraw": targets.may_withdraw(row, own, today),
        }
        for row in history
    ]


def survey(row: Survey) -> dict[str, Any]:
    return {
        "id": row.id,
        "region": row.region.code,
        "complete_on": iso(row.complete_on),
        "ended_on": iso(row.ended_on),
        "end_reason": row.end_reason,
        "taken_back_at": moment(row.taken_back_at, row.region.zone),
    }


def mark_change(row: MarkChange, zone: str) -> dict[str, Any]:
    return {
        "attendee": row.attendee,
        "name": row.name,
        "kind": row.kind.value,
        "before": score(row.before),
        "after": score(row.after),
        "changed_by": row.by,
        "changed_at": moment(row.at, zone),
    }


def petition(row: Petition) -> dict[str, Any]:
    return {
        "id": row.id,
        "kind": row.kind.value,
        "asked_at": moment(row.asked_at, row.zone),
        "name": row.about_whom,
        "region": row.region.code if row.region else None,
        "batch": row.batch_id,
        "answer": row.answer.value if row.answer else None,
        "words": row.words,
        "answered_at": moment(row.answered_at, row.zone),
        "answered_by": row.answered_label,
        "can_be_answered": row.can_be_answered,
    }


def petition_to_answer(row: Petition, reader: User) -> dict[str, Any]:
    """Return what was asked with what this reader may see of the record beside it, and how it can be
    answered.
    """
    person, text = row.person, row.said
    may_see = person is not None and reader.can(Permission.TRAINEE_SEE, person)
    lines = petitions.lines_of(row, reader) if row.kind is PetitionKind.CLAIM and row.told else []
    return {
        **petition(row),
        "trainee": person.id if person and may_see else None,
        "version": version_of_petition(row),
        "told": {
            "name": text.name or None,
            "name_before": text.was or None,
            "about": text.about or None,
            "words": text.words or None,
            "phone": text.phone or None,
            "place": text.place or None,
            "times": int(text.count or 1),
        },
        "lines": [
            {
                "key": line.key,
                "label": str(line.label),
                "typed": line.typed,
                "recorded": line.recorded,
                "differs": line.is_other,
            }
            for line in lines
        ],
        "answers": [each.value for each in petitions.answers_for(row, reader)],
        "take": [line.key for line in petitions.news_for(row, reader)],
        "way": petitions.way_for(row).value,
    }


def version_of_petition(row: Petition) -> str:
    """Return the version of what was asked and answered."""
    return digest_of((row.told, row.answer, row.words))
