"""Every kind of mail with invented data, in the order in which a diklat sends them; nothing is stored,
nothing is sent.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Any, NamedTuple

from app.assessment import mails as assessment
from app.assessment.models import Graduation, GraduationResult
from app.assessment.rules import GraduationStatus, ResultOutcome, describe_outcomes
from app.auth import mails as auth
from app.auth.rules import INVITATION_VALID_FOR, RESET_VALID_FOR
from app.certificates import mails as certificates
from app.certificates.models import Certificate
from app.core.text import Text, _
from app.courses import mails as courses
from app.courses.models import Batch, Course, TrainingSession
from app.courses.ports import Change
from app.enrollments import mails as enrollments
from app.enrollments.models import Attendee, Enrollment
from app.enrollments.rules import AttendeeKind, EnrollmentStatus, SeatEnd
from app.fieldwork import mails as fieldwork
from app.fieldwork.models import Host, HostVisit
from app.fieldwork.rules import VisitStatus
from app.notifications.document import as_html, as_text
from app.notifications.mails import Mail
from app.petitions import mails as petitions
from app.petitions.rules import Answer, PetitionKind
from app.trainees import mails as trainees
from app.trainees.models import Trainee
from app.trainees.rules import TraineeStatus


@dataclass(frozen=True)
class Words:
    """What people typed into the things that mails tell of; a test puts the longest and the
    worst of it here.
    """

    name: str = "Siti Aminah"
    officer: str = "Ratna Dewi"
    approver: str = "Dra. Rusmini, M.Si."
    office: str = "Dinas Sosial Kabupaten Tapin"
    course: str = "Diklat Dasar Pekerja Sosial Masyarakat"
    venue: str = "Aula Dinas Sosial Kabupaten Tapin, Rantau"
    host: str = "Panti Perlindungan Lanjut Usia Budi Luhur"
    contact: str = "Panitia Tapin"
    phone: str = "0517-000000"
    reason: str = "Foto KTP tidak terbaca. Mohon dikirim sekali lagi."
    provided: str = "Modul, makan, penginapan, uang transport"
    to_bring: str = "KTP, pas foto 3 x 4, surat tugas"
    number: str = "007/DIKLAT-D/DINSOS-TAPIN/X/2026"


class Preview(NamedTuple):
    """One mail in both forms, with the name of its kind, e.g. certificates.issued."""

    name: str
    subject: str
    text: str
    html: str


def preview_mails(*, base_url: str, product: str, words: Words | None = None) -> list[Preview]:
    """Write one mail of every kind, with links of this installation; needs an application context."""
    written = _written(words or Words(), base_url=base_url, product=product)
    return [Preview(name, str(mail.subject), as_text(mail), as_html(mail)) for name, mail in written]


def _written(words: Words, *, base_url: str, product: str) -> Iterator[tuple[str, Mail]]:
    common = {"sender": words.office, "base_url": base_url}
    link = f"{base_url}/invitations/{'Contoh' * 7}"
    yield (
        "auth.invitation",
        auth.invitation(words.name, link, product=product, days=INVITATION_VALID_FOR.days),
    )
    reset_link = link.replace("invitations", "reset-password")
    yield (
        "auth.reset",
        auth.reset(
            words.name, reset_link, product=product, minutes=int(RESET_VALID_FOR.total_seconds()) // 60
        ),
    )
    yield "auth.email_changed", auth.email_changed(words.name, product=product)
    yield "trainees.nik_known", trainees.nik_known(words.name, has_account=True, base_url=base_url)
    yield (
        "trainees.nik_known_without_account",
        trainees.nik_known(words.name, has_account=False, base_url=base_url),
    )
    name, opened, corrected = PetitionKind.NAME, Answer.OPENED, Answer.CORRECTED
    yield (
        "petitions.answered",
        petitions.answered(words.name, name, Answer.TOLD, words.reason, by=words.name, **common),
    )
    yield (
        "petitions.answered_opened",
        petitions.answered(words.name, PetitionKind.CLAIM, opened, "", by=words.name, **common),
    )
    yield (
        "petitions.answered_corrected",
        petitions.answered(words.name, name, corrected, words.reason, by=words.name, **common),
    )

    batch = _batch(words)
    enrollment = Enrollment(
        batch=batch, trainee=Trainee(name=words.name), offer_ends_at=datetime(2026, 10, 2, 1, tzinfo=UTC)
    )
    yield "enrollments.returned", enrollments.returned(enrollment, words.reason, **common)
    yield "enrollments.waitlisted", enrollments.waitlisted(enrollment, 3, True, **common)
    yield "enrollments.offered", enrollments.offered(enrollment, **common)
    yield "enrollments.accepted", enrollments.accepted(enrollment, **common)
    yield (
        "enrollments.restored",
        enrollments.restored(enrollment, words.reason, EnrollmentStatus.ACCEPTED.label, True, True, **common),
    )
    yield "enrollments.invited", enrollments.invited(enrollment, **common)
    yield "enrollments.rejected", enrollments.rejected(enrollment, words.reason, **common)
    yield "enrollments.reminded", enrollments.reminded(enrollment, **common)
    yield "enrollments.lapsed", enrollments.lapsed(enrollment, **common)
    yield "enrollments.released", enrollments.released(enrollment, words.reason, **common)
    yield "enrollments.withdrawn", enrollments.withdrawn(enrollment, words.reason, **common)
    changes = [(_("Tempat"), words.venue, "Aula Kecamatan Binuang")]
    yield "enrollments.changed", enrollments.changed(enrollment, changes, [words.reason], False, **common)
    yield "enrollments.changed_again", enrollments.changed_again(enrollment, True, **common)
    enrollment.ended_as, enrollment.ended_reason = SeatEnd.CANCELLED, words.reason
    yield "enrollments.ended", enrollments.ended(enrollment, batch, **common)
    yield from _about_records(words, enrollment, batch, common)
    yield from _about_sessions(words, batch, changes, common)

    visit = _visit(words, batch)
    office: Any = common
    yield (
        "fieldwork.requested",
        fieldwork.requested(visit, words.contact, instead_of=[date(2026, 10, 13)], **office),
    )
    yield "fieldwork.more_requested", fieldwork.more_requested(visit, words.contact, before=20, **office)
    visit.status, visit.granted_places, visit.answer_note = VisitStatus.PARTLY_ACCEPTED, 20, words.reason
    before = VisitStatus.ACCEPTED, 30
    yield (
        "fieldwork.answered",
        fieldwork.answered(visit, words.officer, before=before, lost=[words.name], **office),
    )
    yield "fieldwork.written_down", fieldwork.written_down(visit, words.contact, before=before, **office)
    yield (
        "fieldwork.guest_left",
        fieldwork.guest_left(visit, words.contact, guest=words.name, placed=29, **office),
    )
    yield (
        "fieldwork.moved",
        fieldwork.moved(visit, words.contact, before=date(2026, 10, 13), places=30, **office),
    )
    yield (
        "fieldwork.plan_changed",
        fieldwork.plan_changed(visit, words.contact, changes=changes, reason=words.reason, **office),
    )
    yield "fieldwork.contact_ended", fieldwork.contact_ended(visit.host, words.contact, sender=words.office)
    yield "fieldwork.place_given", fieldwork.place_given(visit, words.name, **office)
    yield "fieldwork.place_lost", fieldwork.place_lost(visit, words.name, words.reason, **office)
    yield (
        "fieldwork.cancelled",
        fieldwork.cancelled(visit, words.contact, reason=words.reason, places=20, **office),
    )

    graduation = Graduation(
        id=7,
        batch=batch,
        held_on=date(2026, 10, 15),
        proposed_label=words.officer,
        status=GraduationStatus.PROPOSED,
    )
    outcomes = [ResultOutcome.PASSED] * 28 + [ResultOutcome.FAILED] * 2
    yield (
        "assessment.proposed",
        assessment.proposed(graduation, words.approver, counts=describe_outcomes(outcomes), **common),
    )
    graduation.status, graduation.return_reason = GraduationStatus.RETURNED, words.reason
    yield "assessment.returned", assessment.returned(graduation, words.officer, **common)
    yield (
        "assessment.overtaken",
        assessment.overtaken(graduation, words.approver, changes=[Text(words.reason)], **common),
    )
    yield "assessment.withdrawn", assessment.withdrawn(graduation, words.approver, **common)
    graduation.status, graduation.approved_label = GraduationStatus.APPROVED, words.approver
    yield "assessment.approved", assessment.approved(graduation, words.officer, outcomes=outcomes, **common)
    person = Attendee(batch=batch, kind=AttendeeKind.TRAINEE, trainee=Trainee(name=words.name))
    told = GraduationResult(
        graduation=graduation, attendee=person, outcome=ResultOutcome.DEFERRED, reasons=[], note=words.reason
    )
    yield "assessment.result", assessment.result(told, batch, **common)
    yield "assessment.result_taken_back", assessment.result_taken_back(told, **common)
    graduation.status = GraduationStatus.TAKEN_BACK
    yield (
        "assessment.taken_back",
        assessment.taken_back(graduation, words.officer, by=words.approver, **common),
    )

    yield from _about_certificates(words, base_url=base_url)


def _about_records(
    words: Words, enrollment: Enrollment, batch: Batch, common: dict[str, str]
) -> Iterator[tuple[str, Mail]]:
    stands_as, status = EnrollmentStatus.WAITLISTED.label, TraineeStatus.DECEASED
    yield "enrollments.joined", enrollments.joined(enrollment, enrollment, stands_as, **common)
    yield "enrollments.joined_with_past", enrollments.joined_with_past(enrollment, enrollment, **common)
    yield "enrollments.parted", enrollments.parted(enrollment, stands_as, words.reason, **common)
    yield "enrollments.of_another", enrollments.of_another(batch, words.name, sender=words.office)
    yield "enrollments.resumed", enrollments.resumed(enrollment, status, stands_as, True, **common)
    yield "enrollments.goes_on", enrollments.goes_on(enrollment, stands_as, **common)
    why = _("Angkatan ini sudah dimulai.")
    yield "enrollments.not_resumed", enrollments.not_resumed(enrollment, status, why, batch, **common)


def _about_certificates(words: Words, *, base_url: str) -> Iterator[tuple[str, Mail]]:
    facts = {
        "name": words.name,
        "course": words.course,
        "batch_ordinal": "II",
        "year": 2026,
        "organiser": words.office,
        "tier_label": "Dasar",
    }
    holder = Trainee(name=words.name)
    old = Certificate(
        id=7,
        number=words.number,
        code="KTP7Q4W2MZA9R",
        facts=facts,
        issued_on=date(2026, 10, 16),
        trainee=holder,
    )
    yield "certificates.issued", certificates.issued(old, base_url=base_url)
    new = Certificate(
        id=8,
        number=words.number,
        code="W2MZA9RKTP7Q4",
        facts=facts,
        issued_on=date(2026, 11, 2),
        trainee=holder,
    )
    yield "certificates.replaced", certificates.replaced(new, old, words.reason, base_url=base_url)
    yield "certificates.to_be_replaced", certificates.to_be_replaced(new, old, base_url=base_url)
    new.revoked_on, new.revoked_reason = date(2026, 11, 9), words.reason
    yield "certificates.revoked", certificates.revoked(new, base_url=base_url)
    yield "certificates.reinstated", certificates.reinstated(new, words.reason, base_url=base_url)
    sits = Enrollment(id=9, batch=_batch(words), trainee=holder)
    yield (
        "certificates.prerequisite_lost",
        certificates.prerequisite_lost(sits, new, words.officer, sender=words.office, base_url=base_url),
    )


def _about_sessions(
    words: Words, batch: Batch, changes: list[Change], common: dict[str, Any]
) -> Iterator[tuple[str, Mail]]:
    session = TrainingSession(
        batch=batch,
        title="Praktik kerja lapangan",
        held_on=date(2026, 10, 14),
        starts_at=time(8),
        ends_at=time(11),
        place=words.host,
    )
    yield "courses.session_given", courses.session_given(session, words.officer, **common)
    yield "courses.session_changed", courses.session_changed(session, words.officer, changes, **common)
    was = courses.when_of(session), words.venue
    yield "courses.session_taken", courses.session_taken(session, words.officer, was, **common)
    yield (
        "courses.session_cancelled",
        courses.session_cancelled(session, words.officer, was, words.reason, **common),
    )


def _batch(words: Words) -> Batch:
    return Batch(
        id=7,
        course=Course(title=words.course),
        ordinal=2,
        code="TAPIN-D-2026-02",
        quota=30,
        starts_on=date(2026, 10, 12),
        ends_on=date(2026, 10, 15),
        venue=words.venue,
        contact_name=words.contact,
        contact_phone=words.phone,
        provided=words.provided,
        to_bring=words.to_bring,
        zone="Asia/Makassar",
    )


def _visit(words: Words, batch: Batch) -> HostVisit:
    return HostVisit(
        id=7,
        batch=batch,
        batch_id=7,
        host=Host(name=words.host),
        visits_on=date(2026, 10, 14),
        requested_places=30,
        status=VisitStatus.REQUESTED,
        note="",
    )
