"""What would be issued on a day and to whom: the facts of every sheet, everything but its number and its
code.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select

from app.assessment.document import batch_facts
from app.assessment.models import GraduationResult
from app.assessment.queries import approved_graduations, approved_results
from app.certificates import queries, rules
from app.certificates.models import Certificate
from app.certificates.rules import CertificateKind
from app.core import clock
from app.core.crypto import CODE_ALPHABET, CODE_LENGTH
from app.core.dates import roman
from app.core.text import Text, _
from app.courses.models import Batch
from app.enrollments.models import Attendee
from app.extensions import db
from app.fieldwork.lines import practised_at
from app.organisers.models import Organiser, OrganiserName, Signer
from app.organisers.ports import NumberedCertificate
from app.organisers.queries import name_on, signer_on
from app.organisers.rules import SecondSigner, SheetLayout, choose_name, choose_signer, format_number
from app.trainees.models import Trainee
from app.trainees.queries import get_merge, same_person_ids

PLACEHOLDER_CODE = CODE_ALPHABET[0] * CODE_LENGTH

# A certificate of nobody, to look at the layout of an office.
SAMPLE_LETTER = "D"
SAMPLE_SIGNER = {"name": "Nama Pejabat, S.Sos.", "prefix": None, "rank": "Pembina", "nip": "0" * 18}
SAMPLE: dict[str, Any] = {
    "kind": CertificateKind.COMPLETION.value,
    "name": "Nama Peserta Contoh",
    "birth_place": "Kota Contoh",
    "birth_date": "1990-01-31",
    "member_number": "0000.0000.0000",
    "position": "Pekerja Sosial Masyarakat",
    "duty_desa": "Desa Contoh",
    "duty_kecamatan": "Kecamatan Contoh",
    "institution": None,
    "grade": "Memuaskan",
    "course": "Diklat Contoh",
    "course_title": "Pendidikan dan Pelatihan Dasar Pekerja Sosial Masyarakat",
    "tier": "dasar",
    "tier_label": "Dasar",
    "tier_rank": 1,
    "batch": "CONTOH-D-01",
    "batch_ordinal": "I",
    "lesson_hours": 25,
    "fieldwork_place": None,
    "subjects": [
        {"name": "Kebijakan pembangunan kesejahteraan sosial", "theory_hours": 4, "practice_hours": 0},
        {"name": "Tugas dan etika Pekerja Sosial Masyarakat", "theory_hours": 4, "practice_hours": 2},
        {"name": "Pendataan warga dan keluarga", "theory_hours": 2, "practice_hours": 5},
        {"name": "Praktik kerja lapangan", "theory_hours": 0, "practice_hours": 8},
    ],
}
# What a certificate says of its batch in the words of the approved minutes.
OF_THE_PLAN = (
    "course",
    "course_title",
    "tier",
    "tier_label",
    "tier_rank",
    "year",
    "lesson_hours",
    "starts_on",
    "ends_on",
    "place",
    "subjects",
)
NOTHING_DUE = _("Tidak ada dalam keputusan kelulusan.")


@dataclass(frozen=True)
class CertificateDraft:
    """A certificate that could be issued: everything but its number and its code."""

    attendee: Attendee
    person: Trainee
    kind: CertificateKind
    facts: dict[str, Any]
    held_from: date  # of the meeting that decided


@dataclass(frozen=True)
class Parked:
    """Somebody whose certificate is held back, and why; consumes no number."""

    attendee: Attendee
    reason: Text

    @property
    def trainee(self) -> Trainee:
        assert self.attendee.trainee is not None
        return self.attendee.trainee

    @property
    def name(self) -> str:
        return self.attendee.name


@dataclass(frozen=True)
class Plan:
    """What an issue on this day would do. `missing` says what the whole batch lacks; then nobody is ready."""

    issued_on: date
    missing: list[Text]
    ready: list[CertificateDraft]
    parked: list[Parked]
    already: list[Certificate]
    without: list[Parked]  # the meeting gave them none


def plan_issue(
    batch: Batch, issued_on: date, refusal_to_print: Callable[[dict[str, Any]], Text | None]
) -> Plan:
    """Say who would get a certificate of this date, in the order of names (then of the participant's id), and
    who would not.

    `refusal_to_print` draws a sheet and says why it cannot be drawn. Nobody's certificate is dated before the
    meeting that decided about that person. Whoever had one that was revoked is never ready again: a new
    certificate comes from a new decision alone.
    """
    ground = _ground(batch, issued_on)
    by_age = sorted(queries.certificates_of_batch(batch), key=lambda certificate: certificate.id)
    newest = {certificate.attendee_id: certificate for certificate in by_age}
    people = queries.canonical_people(result.attendee for result in ground.results)
    holding = {each.trainee.canonical_id or each.trainee_id for each in by_age if each.is_in_force}
    served = queries.served_on(people.values(), ground.ends_on)
    ready: list[CertificateDraft] = []
    parked: list[Parked] = []
    already: list[Certificate] = []
    without: list[Parked] = []
    for result in ground.results:
        attendee, refusal, kind = (
            result.attendee,
            rules.refusal_of_outcome(result.outcome),
            rules.kind_for(result.outcome),
        )
        if refusal or kind is None:
            without.append(Parked(attendee, refusal or NOTHING_DUE))
        elif known := newest.get(attendee.id):
            if known.revoked_on is None:
                already.append(known)
            else:
                without.append(Parked(attendee, rules.was_revoked(known.number)))
        elif people[attendee.id].id in holding:
            without.append(Parked(attendee, rules.HAS_ANOTHER))
        elif not ground.missing:
            held_on = result.graduation.held_on
            person = people[attendee.id]
            facts = _facts(ground, result, person, served[person.id])
            reason = rules.refusal_of_day(
                issued_on, held_on=held_on, today=clock.today(batch.zone)
            ) or refusal_to_print(facts)
            if reason:
                parked.append(Parked(attendee, reason))
            else:
                ready.append(CertificateDraft(attendee, person, kind, facts, held_on))
                holding.add(person.id)
    return Plan(issued_on, ground.missing, ready, parked, already, without)


def result_of(certificate: Certificate) -> GraduationResult | None:
    """Return what the last approved meeting about the holder decided."""
    return approved_results(certificate.batch).get(certificate.attendee_id)


def facts_anew(certificate: Certificate, issued_on: date) -> tuple[dict[str, Any] | None, list[Text]]:
    """Return the facts of a person's certificate as they are known now, or what the batch lacks for them.

    What the office was called and which regulation it cited stay those of the day on which the person's first
    certificate of the batch was issued.
    """
    ground = _ground(certificate.batch, issued_on, first_on=queries.first_of_chain(certificate).issued_on)
    result = next((each for each in ground.results if each.attendee_id == certificate.attendee_id), None)
    refusal = rules.refusal_of_outcome(result.outcome if result else None)
    if ground.missing or refusal or result is None:
        return None, ground.missing or [refusal or NOTHING_DUE]
    person = queries.canonical_people([result.attendee])[result.attendee_id]
    served = queries.served_on([person], ground.ends_on)[person.id]
    return _facts(ground, result, person, served), []


def effects_of_undoing_merge(merge_id: int) -> list[Text]:
    """Name, before a merge is undone, the certificates that would print what is not their holder's."""
    merge = get_merge(merge_id)
    if merge is None or merge.undone_at is not None:
        return []
    records = [merge.duplicate_id, *same_person_ids(merge.canonical)]
    issued = Certificate.trainee_id.in_(records), Certificate.recorded_at >= merge.merged_at
    taken = (merge.taken or "").split(",")
    found = []
    for each in db.session.scalars(
        select(Certificate).where(*issued, *queries.IN_FORCE_NOW).order_by(Certificate.id)
    ):
        if each.trainee_id == merge.duplicate_id:
            own = queries.personal_facts(merge.duplicate)
        else:
            own = {
                name: None if name in taken else value
                for name, value in queries.personal_facts(merge.canonical).items()
            }
        if differences := rules.personal_differences(each.facts, own):
            found.append(
                _(
                    "Sertifikat nomor %(number)s tidak lagi sesuai dengan pemegangnya dan harus diganti oleh"
                    " pejabat penerbit (%(what)s).",
                    number=each.number,
                    what="; ".join(rules.in_words(differences)),
                )
            )
    return found


def sample_facts(organiser: Organiser, sheet: SheetLayout, day: date) -> dict[str, Any] | None:
    """Return an invented certificate as this office would issue it on a day, or None before its first name.

    The letterhead, the pattern of numbers and whoever signs are its own; a signer who is not recorded yet is
    invented too.
    """
    name = name_on(organiser, day)
    if name is None:
        return None
    second = _signer(signer_on(organiser, day, second=True)) or {
        **SAMPLE_SIGNER,
        "position": "Kepala Bidang Pemberdayaan Sosial",
    }
    return {
        **SAMPLE,
        "number": format_number(organiser.number_pattern, 1, SAMPLE_LETTER, organiser.unit, day),
        "code": PLACEHOLDER_CODE,
        "year": day.year,
        "starts_on": day.isoformat(),
        "ends_on": day.isoformat(),
        "issued_on": day.isoformat(),
        "issued_at_place": organiser.seat,
        "place": f"Aula {name.name}",
        "organiser": name.name,
        "government": name.government,
        "legal_basis": rules.legal_bases(day),
        "signer": _signer(signer_on(organiser, day)) or {**SAMPLE_SIGNER, "position": f"Kepala {name.name}"},
        "second_signer": None if sheet.second_signer is SecondSigner.NONE else second,
        "layout": _layout(sheet),
    }


def numbered(facts: dict[str, Any], *, number: str, code: str) -> dict[str, Any]:
    """Return the facts with the number and the code they are issued under."""
    return {**facts, "number": number, "code": code}


def number_of(batch: Batch, sequence: int, issued_on: date) -> str:
    """Write the number of a certificate of this batch by its organiser's pattern."""
    organiser, tier = batch.course.organiser, batch.course.tier
    return format_number(organiser.number_pattern, sequence, tier.letter, organiser.unit, issued_on)


@dataclass(frozen=True)
class _Ground:
    """What every sheet of a batch and date has in common."""

    batch: Batch
    issued_on: date
    first_on: date  # of the first certificate, where this one replaces another
    results: list[GraduationResult]
    name: OrganiserName | None
    signer: Signer | None
    second: Signer | None
    plan: dict[str, Any]  # of the batch: as the approved minutes froze it, where there are such minutes
    missing: list[Text]
    hosts: dict[int, str]  # where each participant practised, as it is recorded now

    def host_of(self, result: GraduationResult) -> str | None:
        """Return where somebody practised: as the approved minutes froze it, where they did."""
        people = (result.graduation.record or {}).get("people", ())
        line: dict[str, Any] = next((each for each in people if each["attendee"] == result.attendee_id), {})
        return line.get("fieldwork_place", self.hosts.get(result.attendee_id))

    @property
    def ends_on(self) -> date:
        return date.fromisoformat(self.plan["ends_on"])


def _ground(batch: Batch, issued_on: date, first_on: date | None = None) -> _Ground:
    meetings, organiser, first_on = approved_graduations(batch), batch.course.organiser, first_on or issued_on
    name, signer = name_on(organiser, first_on), signer_on(organiser, issued_on)
    plan = next(
        (meeting.record["batch"] for meeting in meetings if "batch" in (meeting.record or {})), None
    ) or batch_facts(batch)
    return _Ground(
        batch=batch,
        issued_on=issued_on,
        first_on=first_on,
        results=list(approved_results(batch).values()) if meetings else [],
        name=name,
        signer=signer,
        second=_second_signer(organiser, issued_on, organiser.sheet),
        plan=plan,
        missing=rules.missing_requirements(
            is_approved=bool(meetings),
            has_name=name is not None,
            has_signer=signer is not None,
            lesson_hours=plan["lesson_hours"],
        ),
        hosts=practised_at(batch),
    )


def _facts(
    ground: _Ground, result: GraduationResult, person: Trainee, served: queries.Served
) -> dict[str, Any]:
    """Write the frozen copy: exactly what the two pages are drawn from.

    The batch is as it was approved, the person as known now, the signers as on the day of issue, the office
    and the regulation as on the day of the first issue.
    """
    batch, issued_on, plan = ground.batch, ground.issued_on, ground.plan
    organiser, kind = batch.course.organiser, rules.kind_for(result.outcome)
    assert kind is not None
    assert ground.name is not None
    desa = served.region
    kecamatan = desa.parent if desa is not None and desa.is_desa else None
    return {
        "kind": kind.value,
        "number": number_of(batch, 1, issued_on),
        "code": PLACEHOLDER_CODE,
        **queries.personal_facts(person),
        "position": rules.position_of(served.standing),
        "duty_desa": desa.full_name if desa else None,
        "duty_kecamatan": kecamatan.full_name if kecamatan else None,
        "institution": None,
        "grade": result.grade,
        **{key: plan[key] for key in OF_THE_PLAN},
        "fieldwork_place": ground.host_of(result),
        "batch": plan["code"],
        "batch_ordinal": roman(plan["ordinal"]),
        "issued_on": issued_on.isoformat(),
        "issued_at_place": organiser.seat,
        "organiser": ground.name.name,
        "government": ground.name.government,
        "legal_basis": rules.legal_bases(ground.first_on),
        "signer": _signer(ground.signer),
        "second_signer": _signer(ground.second),
        "layout": _layout(organiser.sheet),
    }


def _layout(sheet: SheetLayout) -> dict[str, Any]:
    """Freeze how the sheet is drawn, its design included: a later setting, or a later design, does not reach
    it.
    """
    return {
        "design": rules.DESIGN,
        "wording": rules.WORDING,
        "orientation": sheet.orientation.value,
        "second_signer": sheet.second_signer.value,
        "photo": sheet.photo,
    }


def contradicted(
    organiser_id: int, names: Sequence[OrganiserName], signers: Sequence[Signer]
) -> list[NumberedCertificate]:
    """Return the certificates in force of an office that print another signer or name than these say of their
    day: mistyped, or put right for that day since. The name is that of the first sheet of a chain.
    """
    every = list(
        db.session.scalars(
            select(Certificate).where(Certificate.organiser_id == organiser_id).order_by(Certificate.id)
        )
    )
    replaced = {each.superseded_by_id: each for each in every if each.superseded_by_id}
    found = []
    for each in every:
        first = each
        while first.id in replaced:
            first = replaced[first.id]
        if each.is_in_force and _prints_otherwise(each, choose_name(names, first.issued_on), signers):
            found.append(NumberedCertificate(each.id, each.number))
    return found


def _prints_otherwise(
    certificate: Certificate, name: OrganiserName | None, signers: Sequence[Signer]
) -> bool:
    """Say whether a sheet differs from what its day says of the office; a second signer who is not printed
    says nothing.
    """
    facts, day = certificate.facts, certificate.issued_on
    if name is None or (name.name, name.government) != (facts["organiser"], facts["government"]):
        return True
    printed = (
        (facts["signer"], choose_signer(signers, day)),
        (facts.get("second_signer"), choose_signer(signers, day, second=True)),
    )
    return any(was and was != _signer(now) for was, now in printed)


def _signer(signer: Signer | None) -> dict[str, str | None] | None:
    if signer is None:
        return None
    return {
        "name": signer.name,
        "position": signer.position,
        "prefix": signer.prefix,
        "rank": signer.rank,
        "nip": signer.nip,
    }


def _second_signer(organiser: Organiser, day: date, sheet: SheetLayout) -> Signer | None:
    """Return who signs second on a day; nobody where the office prints none."""
    return None if sheet.second_signer is SecondSigner.NONE else signer_on(organiser, day, second=True)
