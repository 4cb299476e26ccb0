"""Where somebody serves and as what: duty, standing, and the SK that makes calon PSM into PSM aktif."""

from collections.abc import Collection, Sequence
from datetime import date, timedelta

from sqlalchemy import func, select

from app.audit import services as audit
from app.auth.rules import Permission
from app.core import clock
from app.core.actor import Actor
from app.core.dates import long_date
from app.core.errors import Conflict, RuleViolation
from app.core.names import fold_name
from app.core.reasons import refusal_of_reason
from app.core.text import Text, _, shortlist
from app.core.unit_of_work import atomic
from app.extensions import db
from app.organisers.models import Organiser
from app.organisers.queries import lock_organiser
from app.regions.models import Region
from app.trainees import ports
from app.trainees.models import Appointment, DutyPost, Qualification, Standing, Trainee
from app.trainees.queries import (
    count_appointed,
    duty_posts_of,
    find_appointment,
    list_appointed,
    lock_trainees,
    standings_of,
)
from app.trainees.rules import (
    APPOINTABLE,
    FIRST_DAY,
    REASON_MOST,
    TraineeStatus,
    refusal_of_day,
    refusal_on_day_of_appointment,
    refusal_to_change,
)
from app.trainees.services.counting import counted, hold_living, refuse_duplicate
from app.trainees.services.taking_back import memory_of


@atomic()
def move_duty(trainee: Trainee, region: Region, starts_on: date, by: Actor) -> DutyPost:
    """Let a person serve in another desa from a day on; raise when it is no desa of the actor's reach, or the
    day does not fit.
    """
    ports.hold([trainee.id])
    person = hold_living(trainee, by)
    refuse_place(region, by, Permission.TRAINEE_EDIT, field="duty_region")
    if region.id == person.duty_region_id:
        raise Conflict(
            _("%(name)s sudah bertugas di %(desa)s.", name=person.name, desa=region.full_name),
            field="duty_region",
        )
    post = db.session.scalar(
        select(DutyPost).where(DutyPost.trainee_id == person.id, DutyPost.ends_on.is_(None))
    )
    refusal = refusal_of_day(
        starts_on, today=clock.today(region.zone), last=post and post.starts_on, born=person.birth_date
    )
    if refusal:
        raise RuleViolation(refusal, field="starts_on")
    before = person.duty_region
    with counted([person.id]):
        if post is not None and post.starts_on == starts_on:
            post.region = region  # never served there: the event keeps what was entered first
        else:
            if post is not None:
                post.ends_on = starts_on - timedelta(days=1)
                db.session.flush()
            post = DutyPost(trainee=person, region=region, starts_on=starts_on, recorded_by_id=by.id)
            db.session.add(post)
        person.duty_region = region
    details = {"before": before.code, "after": region.code, "starts_on": starts_on.isoformat()}
    audit.record("trainee.moved", person, by=by, details=details, person_id=person.id)
    ports.follow(person.id, by)
    return post


@atomic()
def change_standing(
    trainee: Trainee, status: TraineeStatus, starts_on: date, reason: str, by: Actor
) -> Standing:
    """Record what a person is from a day on; raise for moves that only an SK makes, or that make no sense."""
    ports.hold([trainee.id])
    person = hold_living(trainee, by)
    refusal = refusal_to_change(person.status, status)
    if refusal:
        raise (
            Conflict(refusal, field="status")
            if status is person.status
            else RuleViolation(refusal, field="status")
        )
    refusal = _refusal_of_standing(person, starts_on, clock.today(person.duty_region.zone))
    if refusal:
        raise RuleViolation(refusal, field="starts_on")
    refusal = refusal_of_reason(reason, most=REASON_MOST)
    if refusal:
        raise RuleViolation(refusal, field="reason")
    before = person.status
    with counted([person.id]):
        standing = _stand(person, status, starts_on, by, reason=reason.strip())
    details = {"before": before.value, "after": status.value, "starts_on": starts_on.isoformat()}
    audit.record("trainee.standing_changed", person, by=by, note=reason, details=details, person_id=person.id)
    ports.follow(person.id, by)
    return standing


@atomic()
def appoint(
    organiser: Organiser,
    number: str,
    dated_on: date,
    signer_name: str,
    trainees: Sequence[Trainee],
    by: Actor,
    *,
    before_training: bool = False,
) -> Appointment:
    """Make calon PSM into PSM aktif from the date of an SK: one act for all named, or for nobody.

    An SK that is recorded with this number, date and signer names these people too; a number of which nobody
    is left, since all was a mistake, is used again. Raises Conflict when the office has another SK of this
    number, or it names one of them already; RuleViolation naming the people whom it cannot make PSM aktif,
    and those who were trained only after its date, unless the actor says that this is so (`before_training`).
    """
    organiser = lock_organiser(organiser.id)
    number, signer_name = " ".join(number.split()), " ".join(signer_name.split())
    if not by.can(Permission.APPOINTMENT_MAKE, organiser):
        raise RuleViolation(_("Penyelenggara ini di luar wewenang Anda."), field="organiser")
    if not number:
        raise RuleViolation(_("Nomor SK belum diisi."), field="number")
    if not signer_name:
        raise RuleViolation(_("Nama pejabat yang menandatangani belum diisi."), field="signer_name")
    today = clock.today(organiser.region.zone)
    if refusal := refusal_of_day(dated_on, today=today, last=None):
        raise RuleViolation(refusal, field="dated_on")
    appointment = find_appointment(organiser, number)
    named = count_appointed([appointment]).get(appointment.id, 0) if appointment is not None else 0
    if appointment is not None and named and not is_the_same_sk(appointment, dated_on, signer_name):
        raise Conflict(refusal_of_other_sk(appointment, named), field="number")
    if not trainees:
        raise RuleViolation(_("Pilih paling sedikit satu calon PSM."), field="trainees")
    ports.hold([trainee.id for trainee in trainees])
    people = list(lock_trainees({trainee.id for trainee in trainees}).values())
    _refuse_people(people, dated_on, today, by, appointment)
    if not before_training and (later := _trained_after(people, dated_on)):
        raise RuleViolation(
            _(
                "Tanggal SK sebelum pelatihan pertama %(names)s. Periksa tanggalnya; bila memang diangkat"
                " sebelum dilatih, nyatakan demikian.",
                names=shortlist(each.name for each in later),
            ),
            field="before_training",
        )

    if appointment is None:
        appointment = Appointment(organiser=organiser, number=number)
    if not named:
        appointment.dated_on, appointment.signer_name, appointment.recorded_by_id = (
            dated_on,
            signer_name,
            by.id,
        )
    with counted(person.id for person in people):
        db.session.add(appointment)
        for person in people:
            standing = _stand(person, TraineeStatus.ACTIVE, dated_on, by, appointment=appointment)
            if served_since := _serve_since(person, dated_on):
                standing.replaced = {**(standing.replaced or {}), "served_since": served_since.isoformat()}
    audit.record(
        "appointment.made",
        appointment,
        by=by,
        details={"number": number, "dated_on": dated_on.isoformat(), "people": len(people)},
    )
    for person in people:
        audit.record(
            "trainee.appointed",
            person,
            by=by,
            details={"appointment_id": appointment.id},
            person_id=person.id,
        )
        ports.follow(person.id, by)
    return appointment


def is_the_same_sk(appointment: Appointment, dated_on: date, signer_name: str) -> bool:
    """Say whether an SK of the same number is this one: of that day, signed by the same."""
    return appointment.dated_on == dated_on and fold_name(appointment.signer_name) == fold_name(signer_name)


def refusal_of_other_sk(appointment: Appointment, named: int) -> Text:
    """Say what is recorded under a number, and how somebody is added to that."""
    return _(
        "SK nomor %(number)s sudah tercatat: tanggal %(day)s, ditandatangani %(signer)s, mencakup %(count)d"
        " orang. Untuk menambahkan orang pada SK itu, isi tanggal dan penanda tangan yang sama.",
        number=appointment.number,
        day=long_date(appointment.dated_on),
        signer=appointment.signer_name,
        count=named,
    )


def _trained_after(people: Collection[Trainee], day: date) -> list[Trainee]:
    """Return those of these people whose first certificate, on any of their records, is later
    than this day.
    """
    person = func.coalesce(Trainee.canonical_id, Trainee.id)
    first = select(person).join(Qualification, Qualification.trainee_id == Trainee.id).group_by(person)
    later = first.where(person.in_([each.id for each in people])).having(
        func.min(Qualification.held_from) > day
    )
    ids = set(db.session.scalars(later))
    return [each for each in people if each.id in ids]


def refuse_place(region: Region, by: Actor, permission: Permission, *, field: str) -> None:
    """Raise where a duty desa is none, is no more, or lies outside the actor's reach."""
    if not region.is_desa:
        raise RuleViolation(_("Pilih sampai desa atau kelurahan."), field=field)
    if not by.can(permission, region):
        raise RuleViolation(
            _("Akun Anda tidak berwenang mencatat orang di %(desa)s.", desa=region.full_name), field=field
        )
    if region.valid_to is not None:
        raise RuleViolation(
            _("%(desa)s sudah tidak ada dalam daftar wilayah. Pilih penggantinya.", desa=region.full_name),
            field=field,
        )


def _refuse_people(
    people: list[Trainee], dated_on: date, today: date, by: Actor, appointment: Appointment | None
) -> None:
    outside = [person for person in people if not by.can(Permission.APPOINTMENT_MAKE, person)]
    if outside:
        known = [person for person in outside if by.can(Permission.TRAINEE_SEE, person)]
        if len(known) < len(outside):  # not even the name of a stranger is told
            raise RuleViolation(
                _("Akun Anda tidak berwenang mengangkat %(count)d orang yang dipilih.", count=len(outside)),
                field="trainees",
            )
        raise RuleViolation(
            _(
                "Akun Anda tidak berwenang mengangkat %(names)s.",
                names=shortlist(each.name for each in outside),
            ),
            field="trainees",
        )
    for person in people:
        refuse_duplicate(person, by)
    there = {each.id for each in list_appointed(appointment)} if appointment is not None else set()
    if twice := [person for person in people if person.id in there]:
        raise Conflict(
            _(
                "Sudah tercakup SK ini: %(names)s. Lepaskan centangnya; yang lain dapat ditambahkan.",
                names=shortlist(each.name for each in twice),
            ),
            field="trainees",
        )
    others = [person for person in people if person.status not in APPOINTABLE]
    if others:
        raise RuleViolation(
            _(
                "Hanya calon PSM dan PSM nonaktif yang dapat diangkat, bukan %(names)s.",
                names=shortlist(each.name for each in others),
            ),
            field="trainees",
        )
    early = [person for person in people if _refusal_of_standing(person, dated_on, today)]
    if early:
        raise RuleViolation(
            _(
                "Tanggal SK sebelum kelahiran atau catatan terakhir: %(names)s.",
                names=shortlist(each.name for each in early),
            ),
            field="dated_on",
        )


def _refusal_of_standing(person: Trainee, starts_on: date, today: date) -> Text | None:
    """Say why the next standing cannot begin on this day.

    Somebody who was only entered as calon PSM may have been appointed long before: an SK of 2011 can be
    entered today.
    """
    rows = standings_of(person)
    last = None
    if (
        rows
        and rows[-1].appointment is not None
        and rows[-1].starts_on <= today
        and FIRST_DAY <= starts_on <= rows[-1].starts_on
    ):
        return refusal_on_day_of_appointment(
            rows[-1].appointment.number, rows[-1].starts_on
        )  # what an SK made is never overwritten
    if rows and rows[-1].status is not TraineeStatus.CANDIDATE:
        last = rows[-1].starts_on
    elif len(rows) > 1:
        last = rows[-2].starts_on + timedelta(days=1)
    return refusal_of_day(starts_on, today=today, last=last, born=person.birth_date)


def _stand(
    person: Trainee,
    status: TraineeStatus,
    starts_on: date,
    by: Actor,
    *,
    reason: str | None = None,
    appointment: Appointment | None = None,
) -> Standing:
    """Close the present standing and open the next; one that begins on the same day or later was never in
    force and is overwritten.
    """
    rows = standings_of(person)
    standing = rows[-1] if rows and starts_on <= rows[-1].starts_on else None
    before = rows[-2] if standing and len(rows) > 1 else (rows[-1] if rows and not standing else None)
    if before is not None:
        before.ends_on = starts_on - timedelta(days=1)
        db.session.flush()
    if standing is None:
        standing = Standing(trainee=person, recorded_by_id=by.id)
        db.session.add(standing)
    else:
        standing.replaced = memory_of(standing)
        standing.recorded_at, standing.recorded_by_id = clock.now(), by.id
    standing.status, standing.starts_on, standing.reason, standing.appointment = (
        status,
        starts_on,
        reason,
        appointment,
    )
    person.status = status
    return standing


def _serve_since(person: Trainee, dated_on: date) -> date | None:
    """An SK names the desa: whoever was entered later than the SK has served in the first desa since its
    date.

    Returns the day that stood there before, or None where it stays.
    """
    first = next(iter(duty_posts_of(person)), None)
    if first is None or first.starts_on <= dated_on:
        return None
    before, first.starts_on = first.starts_on, dated_on
    return before
