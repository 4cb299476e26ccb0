"""Issue, revoke, replace.

Numbers are taken under a lock and without a gap; what was issued is never changed and never deleted.
"""

import json
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from typing import Any

from app.audit import services as audit
from app.certificates import messages, planning, queries, rules
from app.certificates.document import facts_digest, prints_the_same, refuse_sheet
from app.certificates.eligibility import first_day
from app.certificates.models import Certificate, Counter
from app.certificates.planning import Parked, Plan
from app.certificates.rules import CertificateKind, refusal_of_two_results
from app.core import clock, crypto
from app.core.actor import Actor
from app.core.errors import Conflict, RuleViolation
from app.core.text import Text, _
from app.core.unit_of_work import atomic, in_transaction
from app.courses.acts import Act
from app.courses.models import Batch
from app.courses.rules import CourseKind, GraduationStage
from app.courses.services import enter_stage, lock_for
from app.enrollments.models import Attendee
from app.enrollments.rules import SeatEnd
from app.enrollments.services import end_seats, resume_seats
from app.extensions import db
from app.organisers.queries import lock_organiser
from app.printing.services import PrintingError, TooSmall
from app.trainees.queries import find_qualification, lock_trainees
from app.trainees.rules import EndedAs, Source
from app.trainees.services import end_qualification, grant_qualification, resume_qualification

TRIAL_ADDRESS = rules.check_address("https://contoh.go.id", planning.PLACEHOLDER_CODE)
TRIALS_REMEMBERED = 2048
NOTHING_DIFFERS = _(
    "Selain nomor, kode, dan tanggal tidak ada yang akan berbeda. Perbaiki dahulu data yang keliru, atau"
    " nyatakan bahwa penggantinya memang diperlukan."
)


@dataclass(frozen=True)
class IssueReport:
    """What one issue did: new certificates in the order of their numbers, those that were there, and who is
    held back why.
    """

    issued: list[Certificate]
    already: list[Certificate]
    parked: list[Parked]


def refusal_to_merge(duplicate_id: int, canonical_id: int) -> Text | None:
    """Say why two records cannot be one person's: the results of both earn a certificate in one batch."""
    code = queries.batch_that_certifies_both(duplicate_id, canonical_id)
    return refusal_of_two_results(code) if code else None


def plan_issue(batch: Batch, issued_on: date) -> Plan:
    """Return what an issue on this day would do; every sheet that was not drawn yet is drawn for it."""
    return planning.plan_issue(batch, issued_on, refusal_to_print)


def refusal_to_print(facts: dict[str, Any]) -> Text | None:
    """Say why this sheet cannot be printed, or not so that it can be read, or None.

    The outcome is remembered, so that a decision does not draw it again.
    """
    return _refusal_to_draw(json.dumps(facts, sort_keys=True, ensure_ascii=False))


@lru_cache(maxsize=TRIALS_REMEMBERED)
def _refusal_to_draw(text: str) -> Text | None:
    facts = json.loads(text)
    try:
        refuse_sheet(facts, address=TRIAL_ADDRESS)
    except TooSmall as error:
        return rules.too_long_for_sheet(error.text, facts["name"])
    except PrintingError:
        return rules.unprintable_characters(text)
    return None


def issue_for_batch(batch: Batch, *, issued_on: date, by: Actor) -> IssueReport:
    """Give everybody whom the approved graduation of a batch entitles a numbered certificate; a second call
    finds all there already.

    Numbers follow the order of names, then of the participant's id. Who cannot be printed is parked with a
    reason and takes no number; so is whose meeting sat after that day. Refuses without an approved
    graduation, without a name and a signer of the office on that day, and a day that does not lie between the
    first meeting about somebody who is due and today.
    """
    batch_id = batch.id
    if not in_transaction():
        plan_issue(batch, issued_on)  # sheets are drawn here, so that the decision finds them drawn
    return _issue(batch_id, issued_on=issued_on, by=by)


@atomic()
def _issue(batch_id: int, *, issued_on: date, by: Actor) -> IssueReport:
    batch = lock_for(Act.ISSUE, batch_id)
    first = first_day(batch)
    if first is None:
        raise RuleViolation(_("Kelulusan angkatan ini belum disetujui."))
    _refuse_day(batch, issued_on, first)
    plan = plan_issue(batch, issued_on)
    if plan.missing:
        raise RuleViolation(plan.missing[0], field="issued_on")
    drafts = plan.ready
    issued: list[Certificate] = []
    if drafts:
        lock_trainees(
            {
                person_id
                for draft in drafts
                for person_id in (draft.person.id, draft.attendee.trainee_id)
                if person_id
            }
        )
        for draft, sequence in zip(drafts, _take_numbers(batch, issued_on, len(drafts)), strict=True):
            issued.append(
                _write(
                    batch,
                    draft.attendee,
                    draft.kind,
                    draft.facts,
                    sequence=sequence,
                    issued_on=issued_on,
                    by=by,
                )
            )
        enter_stage(batch, GraduationStage.CERTIFIED, by=by)
        db.session.flush()
    held_from = {draft.attendee.id: draft.held_from for draft in drafts}
    # Desa in order, as the counts are kept: two issues never wait for each other crosswise.
    for certificate in sorted(issued, key=lambda each: (each.trainee.duty_region_id, each.trainee_id)):
        _qualify(certificate, held_from=held_from[certificate.attendee_id], by=by)
    for certificate in issued:
        _record("certificate.issued", certificate, by)
        messages.certificate_issued(certificate)
    return IssueReport(issued, plan.already, plan.parked)


@atomic()
def revoke_certificate(certificate: Certificate, *, reason: str, revoked_on: date, by: Actor) -> Certificate:
    """Take a certificate out of force from a day on; number, facts and reason stay.

    The tier it earned ends the day before.

    The seat ends with it, so that the person may join a new diklat. Where somebody has a seat or a request in
    a batch that asks for this tier, the office of that batch is told to decide. Raises Conflict when it was
    revoked or replaced already; refuses without a reason, before its issue, and in the future.
    """
    batch = lock_for(Act.REVOKE, certificate.batch_id)
    certificate = queries.lock_certificate(certificate.id)
    _refuse_ended(certificate)
    if refusal := rules.refusal_of_reason(reason):
        raise RuleViolation(refusal, field="reason")
    if revoked_on < certificate.issued_on:
        raise RuleViolation(
            _("Tanggal pencabutan tidak boleh sebelum tanggal sertifikat."), field="revoked_on"
        )
    if revoked_on > clock.today(certificate.batch.zone):
        raise RuleViolation(_("Tanggal pencabutan tidak boleh di masa depan."), field="revoked_on")
    revoker_id = by.id  # read first: reading may flush, and half a revocation is refused by the database
    certificate.revoked_at, certificate.revoked_on = clock.now(), revoked_on
    certificate.revoked_by_id, certificate.revoked_reason = revoker_id, reason.strip()
    db.session.flush()
    if find_qualification(Source.CERTIFICATE, certificate.id):
        end_qualification(
            Source.CERTIFICATE, certificate.id, revoked_on - timedelta(days=1), EndedAs.REVOKED, by
        )
    end_seats(batch, {certificate.trainee_id: SeatEnd.REVOKED}, by=by, reason=reason, tell=False)
    _record("certificate.revoked", certificate, by, note=reason.strip(), revoked_on=revoked_on.isoformat())
    messages.certificate_revoked(certificate)
    for enrollment in queries.list_without_prerequisite(certificate.trainee):
        messages.prerequisite_lost(enrollment, certificate)
    return certificate


@atomic()
def reinstate_certificate(certificate: Certificate, *, reason: str, by: Actor) -> Certificate:
    """Take back a revocation that was a mistake: the certificate, the tier and the seat hold as if it had
    never been; the history keeps both. The holder is told.

    Raises Conflict for one that is not revoked, or whose holder has another certificate or seat of the tier
    by now; refuses without a reason.
    """
    batch = lock_for(Act.REVOKE, certificate.batch_id)
    certificate = queries.lock_certificate(certificate.id)
    if refusal := refusal_to_reinstate(certificate):
        raise Conflict(refusal)
    if refusal := rules.refusal_of_reason(reason):
        raise RuleViolation(refusal, field="reason")
    revoked_at, revoked_on, why = certificate.revoked_at, certificate.revoked_on, certificate.revoked_reason
    was_untold = messages.overtake_revocation(certificate)
    certificate.revoked_at = certificate.revoked_on = certificate.revoked_by_id = (
        certificate.revoked_reason
    ) = None
    db.session.flush()
    if find_qualification(Source.CERTIFICATE, certificate.id):
        resume_qualification(Source.CERTIFICATE, certificate.id, by)
    resume_seats(batch, [certificate.trainee_id], by=by, ended_as=SeatEnd.REVOKED)
    details = {"revoked_on": revoked_on.isoformat() if revoked_on else None, "revoked_reason": why}
    _record("certificate.reinstated", certificate, by, note=reason.strip(), **details)
    messages.certificate_reinstated(
        certificate, reason.strip(), revoked_at=revoked_at or clock.now(), was_untold=was_untold
    )
    return certificate


def refusal_to_reinstate(certificate: Certificate) -> Text | None:
    """Say why a revocation cannot be taken back, or None; the page says it before anybody tries."""
    if certificate.revoked_at is None:
        return rules.refusal_to_reinstate(is_revoked=False, other_number=None, sits_in=None)
    number, code = queries.what_took_its_place(certificate)
    return rules.refusal_to_reinstate(is_revoked=True, other_number=number, sits_in=code)


def replace_certificate(
    certificate: Certificate, *, reason: str, issued_on: date, by: Actor, confirm: bool = True
) -> Certificate:
    """Issue the same person's certificate anew, from the data as they are now: a new number and code, both
    linked.

    The old one stays as superseded; the tier passes to the new one without a day between. Raises Conflict
    when it was replaced or revoked: a revoked one has no successor. Refuses what an issue would refuse, and a
    date before the old one; where nothing but number, code and date would differ, it wants `confirm`.
    """
    certificate_id = certificate.id
    if not in_transaction():
        rehearse_replacement(certificate, issued_on)
    return _replace(certificate_id, reason=reason, issued_on=issued_on, by=by, confirm=confirm)


def rehearse_replacement(certificate: Certificate, issued_on: date) -> None:
    """Draw the new sheet before the decision begins; what it lacks, the decision says."""
    facts, _missing = planning.facts_anew(certificate, issued_on)
    if facts:
        refusal_to_print(facts)


@atomic()
def _replace(certificate_id: int, *, reason: str, issued_on: date, by: Actor, confirm: bool) -> Certificate:
    known = queries.get_certificate(certificate_id)
    assert known is not None
    batch = lock_for(Act.REPLACE, known.batch_id)
    old = queries.lock_certificate(certificate_id)
    if ended := refusal_to_replace(old):
        raise Conflict(ended)
    if refusal := rules.refusal_of_reason(reason):
        raise RuleViolation(refusal, field="reason")
    decided = planning.result_of(old)
    _refuse_day(batch, issued_on, decided.graduation.held_on if decided else old.issued_on)
    if issued_on < old.issued_on:
        raise RuleViolation(
            _("Tanggal sertifikat baru tidak boleh sebelum tanggal yang lama."), field="issued_on"
        )
    facts, missing = planning.facts_anew(old, issued_on)
    if facts is None:
        raise RuleViolation(missing[0], field="issued_on")
    if not confirm and prints_the_same(old.facts, facts):
        raise RuleViolation(NOTHING_DIFFERS, field="confirm")
    if unprintable := refusal_to_print(facts):
        raise RuleViolation(unprintable)
    [sequence] = _take_numbers(batch, issued_on, 1)
    kind = CertificateKind(facts["kind"])  # type: ignore[call-arg]
    old.superseded_by_id, old.superseded_at = (
        old.id,
        clock.now(),
    )  # points at itself until the new row has an id: one in force at a time
    db.session.flush()
    new = _write(batch, old.attendee, kind, facts, sequence=sequence, issued_on=issued_on, by=by)
    db.session.flush()
    old.superseded_by_id = new.id
    db.session.flush()
    if find_qualification(Source.CERTIFICATE, old.id):
        end_qualification(Source.CERTIFICATE, old.id, issued_on - timedelta(days=1), EndedAs.REPLACED, by)
    _qualify(new, held_from=issued_on, by=by)
    _record("certificate.superseded", old, by, note=reason.strip(), superseded_by=new.number)
    _record("certificate.issued", new, by, note=reason.strip(), replaces=old.number)
    messages.certificate_replaced(old, new, reason.strip())
    return new


def refusal_to_replace(certificate: Certificate) -> Text | None:
    """Say why a certificate cannot be replaced, or None; the page says it before anybody tries."""
    after = _number_after(certificate) if certificate.superseded_by_id is not None else None
    return rules.refusal_to_replace(is_revoked=certificate.revoked_at is not None, number_after=after)


def _refuse_day(batch: Batch, issued_on: date, held_on: date) -> None:
    refusal = rules.refusal_of_day(issued_on, held_on=held_on, today=clock.today(batch.zone))
    if refusal:
        raise RuleViolation(refusal, field="issued_on")


def _refuse_ended(certificate: Certificate) -> None:
    if certificate.revoked_at is not None:
        raise Conflict(_("Sertifikat ini sudah dicabut."))
    if certificate.superseded_by_id is not None:
        raise Conflict(
            _("Sertifikat ini sudah diganti dengan nomor %(number)s.", number=_number_after(certificate))
        )


def _number_after(certificate: Certificate) -> str:
    return certificate.superseded_by.number if certificate.superseded_by else ""


def _take_numbers(batch: Batch, issued_on: date, many: int) -> list[int]:
    """Take the next numbers of the organiser, tier and year; the counter is held until the decision is kept,
    so none is lost.
    """
    organiser_id, tier_id, year = batch.course.organiser_id, batch.course.tier_id, issued_on.year
    counter = queries.lock_counter(organiser_id, tier_id, year)
    if counter is None:
        lock_organiser(
            organiser_id
        )  # the first number of a year: only one of two competitors makes the counter
        counter = queries.lock_counter(organiser_id, tier_id, year)
    if counter is None:
        counter = Counter(organiser_id=organiser_id, tier_id=tier_id, year=year, last=0)
        db.session.add(counter)
    sequences = list(range(counter.last + 1, counter.last + many + 1))
    taken = queries.taken_numbers(
        organiser_id, {planning.number_of(batch, sequence, issued_on) for sequence in sequences}
    )
    if taken:
        raise RuleViolation(
            _(
                "Nomor %(number)s sudah dipakai jenjang lain. Tambahkan bagian {tier} pada pola nomor"
                " penyelenggara, lalu coba lagi.",
                number=min(taken),
            )
        )
    counter.last = sequences[-1]
    return sequences


def _write(
    batch: Batch,
    attendee: Attendee,
    kind: CertificateKind,
    facts: dict[str, Any],
    *,
    sequence: int,
    issued_on: date,
    by: Actor,
) -> Certificate:
    """Add the row with its number, code and frozen facts."""
    number, code = planning.number_of(batch, sequence, issued_on), crypto.new_code()
    frozen = planning.numbered(facts, number=number, code=code)
    certificate = Certificate(
        attendee_id=attendee.id,
        trainee=attendee.trainee,
        batch=batch,
        organiser_id=batch.course.organiser_id,
        tier=batch.course.tier,
        kind=kind,
        year=issued_on.year,
        sequence=sequence,
        number=number,
        code=code,
        facts=frozen,
        facts_digest=facts_digest(frozen),
        issued_on=issued_on,
        recorded_by_id=by.id,
    )
    db.session.add(certificate)
    return certificate


def _qualify(certificate: Certificate, *, held_from: date, by: Actor) -> None:
    """Let the holder hold the tier, where the diklat was passed; a course that was attended leads up no
    ladder.
    """
    if certificate.kind is CertificateKind.COMPLETION and certificate.batch.course.kind is CourseKind.DIKLAT:
        grant_qualification(
            certificate.trainee,
            certificate.tier,
            held_from,
            Source.CERTIFICATE,
            certificate.id,
            certificate.number,
            by,
        )


def _record(
    action: str, certificate: Certificate, by: Actor, *, note: Text | str = "", **details: Any
) -> None:
    values = {"number": certificate.number, "facts_digest": certificate.facts_digest, **details}
    audit.record(action, certificate, by=by, note=str(note), details=values, person_id=certificate.trainee_id)
