"""Enter a person, by an office or by oneself; put right what was entered; show a full NIK."""

from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, fields, replace
from datetime import date, timedelta
from typing import Any

from sqlalchemy import delete
from sqlalchemy.exc import IntegrityError

from app.audit import services as audit
from app.auth import services as auth
from app.auth.rules import Permission, address_class, refusal_of_password
from app.core import clock, crypto, throttle
from app.core.actor import PUBLIC, Actor
from app.core.errors import RuleViolation, TooManyTries
from app.core.names import fold_name
from app.core.phones import read_phone
from app.core.text import Text, _
from app.core.unit_of_work import atomic, constraint_of
from app.extensions import db
from app.regions.models import Region
from app.regions.rules import WIB
from app.trainees import messages
from app.trainees.models import DutyPost, Standing, Trainee, TraineeWord
from app.trainees.queries import account_of, canonical, find_by_nik, hold_region, nik_index, office_over
from app.trainees.rules import (
    BIRTH_PLACE_MOST,
    SAME_NIK_WINDOW,
    SELF_REGISTRATION_WINDOW,
    SELF_REGISTRATIONS_PER_ADDRESS,
    SELF_REGISTRATIONS_PER_NIK,
    Sex,
    TraineeStatus,
    check_email,
    check_name,
    check_nik,
    fits_sealed,
    mask_nik,
    refusal_of_age,
    refusal_of_day,
    too_many_of_one,
    too_many_registrations,
    what_nik_suggests,
    words_of,
)
from app.trainees.services.accounts import follow_facts, open_account_of
from app.trainees.services.counting import add_to_counts, hold_living, refuse_duplicate
from app.trainees.services.doubting import KnownNikError, MaybeKnown, list_alike, note_on_nik
from app.trainees.services.serving import refuse_place

HINTS_PER_NIK = 3  # mails a day to the owner of a NIK that others type
PRESSED_TWICE = timedelta(hours=1)  # who registers again so soon is the same person, impatient
LENGTHS = {"birth_place": BIRTH_PLACE_MOST, "member_number": 40}


@dataclass(frozen=True)
class TraineeData:
    """What is entered about a person; texts as they were typed.

    `duty_since`: serves in the desa since this day, else today.
    """

    name: str
    duty_region: Region | None
    nik: str | None = None
    birth_place: str | None = None
    birth_date: date | None = None
    sex: Sex | None = None
    phone: str | None = None
    email: str | None = None
    address: str | None = None
    home_region: Region | None = None
    member_number: str | None = None
    duty_since: date | None = None


@atomic()
def register_trainee(
    data: TraineeData, *, by: Actor, another_person: bool = False, nik_reason: str = ""
) -> Trainee:
    """Enter a calon PSM; raise at the field that is wrong, where the desa is out of reach, or the NIK is
    known.

    Raises MaybeKnown where somebody of this name and birth date, in this desa or with this phone, is in
    sight, unless the actor says that it is another person. One at a time in a desa: who presses four times
    enters one person. Raises NikDiffersError where the NIK says another birth date or sex and `nik_reason`
    does not say why; the reason is kept.

    Whom a known NIK belongs to is told only to those who may see that person; others read which office sees
    further than they do.
    """
    region, since, today = _duty(data)
    refuse_place(region, by, Permission.TRAINEE_REGISTER, field="duty_region")
    checked = _check(data, today)
    if checked.nik:
        _refuse_known(find_by_nik(checked.nik), by, Permission.TRAINEE_REGISTER, region)
    hold_region(region)
    alike = list_alike(
        checked.name, region, birth_date=checked.birth_date, phone=checked.phone, nik=checked.nik
    )
    if not another_person and (
        known := next((each for each in alike if by.can(Permission.TRAINEE_SEE, each)), None)
    ):
        raise MaybeKnown(known)
    note = note_on_nik(checked.nik, checked.birth_date, checked.sex, nik_reason)
    trainee = _enter(checked, region, since, by)
    audit.record(
        "trainee.registered", trainee, by=by, note=note, details=_told(checked), person_id=trainee.id
    )
    return trainee


def filled_from_nik(data: TraineeData) -> TraineeData:
    """Return what was typed, with birth date and sex as the NIK says them where they were left empty."""
    nik = check_nik(data.nik or "")
    if isinstance(nik, Text):
        return data
    hints = what_nik_suggests(nik, clock.today(WIB))
    return replace(data, birth_date=data.birth_date or hints.birth_date, sex=data.sex or hints.sex)


@dataclass(frozen=True)
class Newcomer:
    """Somebody who registers herself: what she told, checked, and the hash of what she will sign in with."""

    data: TraineeData
    region: Region
    since: date
    password_hash: str
    note: str = ""  # why birth date or sex differ from the NIK


def register_self(data: TraineeData, password: str, *, base_url: str, nik_reason: str = "") -> None:
    """Enter oneself as calon PSM with an account.

    See check_oneself for what is refused, and save_registration for who is notified.
    """
    save_registration(check_oneself(data, password, nik_reason=nik_reason), base_url=base_url)


@atomic()
def admit_registration(address: str) -> None:
    """Count one more registration begun from this address of a machine; raise TooManyTries where far more
    come from it than people.

    Asked at the first step: whoever was let in is never turned away by it later. A carrier lends one address
    to a whole kabupaten.
    """
    address = address_class(address)
    try:
        throttle.check(
            "register", address, at_most=SELF_REGISTRATIONS_PER_ADDRESS, within=SELF_REGISTRATION_WINDOW
        )
    except TooManyTries as refusal:
        raise TooManyTries(
            too_many_registrations(refusal.retry_after), retry_after=refusal.retry_after
        ) from None
    throttle.count("register", address)


def check_oneself(data: TraineeData, password: str, *, nik_reason: str = "") -> Newcomer:
    """Return who wants to be entered, the password hashed: slow, so outside the transaction that keeps her.

    Raises for what is wrong in the data themselves, NikDiffersError where the NIK says another birth date or
    sex and `nik_reason` does not say why, then TooManyTries where the same NIK was sent very often; nobody is
    looked up.
    """
    region, since, today = _duty(replace(data, duty_since=None))
    if not region.is_desa or region.valid_to is not None:
        raise RuleViolation(_("Pilih sampai desa atau kelurahan."), field="duty_region")
    for name, words in NEEDED_OF_ONESELF.items():
        if not getattr(data, name):
            raise RuleViolation(words, field=name)
    checked = _check(data, today)
    weak = refusal_of_password(password, name=checked.name, email=checked.email)
    if weak:
        raise RuleViolation(weak, field="password")
    assert checked.nik is not None  # needed, and checked above
    note = note_on_nik(checked.nik, checked.birth_date, checked.sex, nik_reason)
    try:
        throttle.check(
            "register NIK", checked.nik, at_most=SELF_REGISTRATIONS_PER_NIK, within=SAME_NIK_WINDOW
        )
    except TooManyTries as refusal:
        raise TooManyTries(too_many_of_one(refusal.retry_after), retry_after=refusal.retry_after) from None
    return Newcomer(checked, region, since, auth.hash_password(password), note)


@atomic()
def save_registration(
    newcomer: Newcomer,
    *,
    base_url: str,
    then: Callable[[Trainee], Any] | None = None,
    met: Callable[[Trainee], Any] | None = None,
    asked: str = "",
) -> None:
    """Enter a newcomer with an account.

    Whether the NIK is known is told to nobody: the answer and the work are the same.

    `then` is done with the new person in the same transaction; what it refuses keeps nothing. A known NIK
    changes nothing: all is written and taken back, its owner gets a mail with the way to the record, `asked`
    stays in its history, and `met` is done with the known person, so that an office answers.
    """
    throttle.count("register NIK", newcomer.data.nik or "")
    known = find_by_nik(newcomer.data.nik or "")
    if known is None:
        try:
            with db.session.begin_nested():
                _enter_oneself(newcomer, then)
        except IntegrityError as error:
            if "nik_index" not in constraint_of(error):
                raise
            known = find_by_nik(newcomer.data.nik or "")  # somebody else was a moment earlier
    else:
        with (
            db.session.begin_nested() as written
        ):  # the same is written and taken back, so that it takes as long
            _enter_oneself(newcomer, then, decoy=True)
            written.rollback()
    if known is not None:
        _hint(canonical(known), base_url, asked, newcomer.note)
        if met is not None:
            met(canonical(known))


NEEDED_OF_ONESELF = {
    "nik": _("NIK belum diisi."),
    "birth_date": _("Tanggal lahir belum diisi."),
    "phone": _("Nomor HP belum diisi."),
}


def _enter_oneself(newcomer: Newcomer, then: Callable[[Trainee], Any] | None, *, decoy: bool = False) -> None:
    data = newcomer.data
    alike = list_alike(data.name, newcomer.region, birth_date=data.birth_date, phone=data.phone, nik=data.nik)
    trainee = _enter(data, newcomer.region, newcomer.since, PUBLIC, decoy=decoy)
    trainee.maybe_same_id = alike[0].id if alike else None  # said to the office alone
    trainee.user = open_account_of(trainee, newcomer.region, by=PUBLIC)
    trainee.user.password_hash = newcomer.password_hash
    audit.record(
        "trainee.registered",
        trainee,
        by=PUBLIC,
        note=newcomer.note,
        details=_told(data),
        person_id=trainee.id,
    )
    db.session.flush()
    if then is not None:
        then(trainee)
        db.session.flush()


def _hint(known: Trainee, base_url: str, asked: str, nik_reason: str) -> None:
    if known.recorded_at < clock.now() - PRESSED_TWICE:
        with suppress(TooManyTries):
            throttle.check("register-hint", str(known.id), at_most=HINTS_PER_NIK, within=timedelta(days=1))
            throttle.count("register-hint", str(known.id))
            messages.nik_known(known, base_url)
    details = {"nik_reason": nik_reason} if nik_reason else None
    audit.record(
        "trainee.registered_again", known, by=PUBLIC, note=asked, details=details, person_id=known.id
    )


@atomic()
def correct_trainee(
    trainee: Trainee,
    data: TraineeData,
    *,
    by: Actor,
    clears_nik: bool = False,
    nik_reason: str = "",
    asked: Mapping[str, int | None] | None = None,
) -> Trainee:
    """Put right what was entered about a person; the duty desa is changed by move_duty alone.

    Raises as register_trainee does.

    A NIK that is left out stays what it was, unless it is to be cleared. Whether it agrees is asked where
    NIK, birth date or sex change. Before and after are sealed in the event; a NIK is masked even there.
    `asked`: at whose wish (record `of`, account `by`). Certificates that print another name are to be
    replaced.
    """
    trainee = hold_living(trainee, by)
    checked = _check(data, clock.today(trainee.duty_region.zone), known=trainee)
    if checked.nik is None:
        checked = replace(checked, nik=None if clears_nik else trainee.nik)
    elif checked.nik != trainee.nik:
        known = find_by_nik(checked.nik)
        if (
            known is not None and canonical(known).id == trainee.id
        ):  # her own, on a record that was merged into this one
            known.nik_index = None
            db.session.flush()
        else:
            _refuse_known(known, by, Permission.TRAINEE_EDIT, trainee.duty_region)
    before = {name: getattr(trainee, name) for name in CORRECTED}
    is_same = all(getattr(checked, name) == before[name] for name in ("nik", "birth_date", "sex"))
    note = "" if is_same else note_on_nik(checked.nik, checked.birth_date, checked.sex, nik_reason)
    _write(trainee, checked)
    changed = [name for name in CORRECTED if getattr(trainee, name) != before[name]]
    if not changed:
        return trainee
    if (account := account_of(trainee)) is not None:
        follow_facts(trainee, account, before)
    after = {name: getattr(trainee, name) for name in CORRECTED}
    if "name" in changed:
        trainee.renamed_at = clock.now()
    details: dict[str, Any] = {
        "before": _formatted({n: before[n] for n in changed}),
        "after": _formatted({n: after[n] for n in changed}),
    }
    if asked is not None:
        details["asked"] = dict(asked)
    audit.record("trainee.corrected", trainee, by=by, note=note, details=details, person_id=trainee.id)
    return trainee


@atomic()
def correct_facts(
    trainee: Trainee,
    facts: Mapping[str, Any],
    *,
    by: Actor,
    nik_reason: str = "",
    asked: Mapping[str, int | None] | None = None,
) -> Trainee:
    """Put right some facts about a person by name: what is not named stays, None clears.

    Raises as correct_trainee does.

    A NIK as it is shown (masked) stays what it was.
    """
    trainee = hold_living(trainee, by)
    known = {field.name: getattr(trainee, field.name, None) for field in fields(TraineeData)}
    data = TraineeData(**{**known, "nik": None, **facts})
    if data.nik is not None and data.nik == trainee.nik_masked:
        data = replace(data, nik=None)
    clears_nik = "nik" in facts and not facts["nik"]
    return correct_trainee(trainee, data, by=by, clears_nik=clears_nik, nik_reason=nik_reason, asked=asked)


@atomic()
def show_nik(trainee: Trainee, *, by: Actor) -> str | None:
    """Return the full NIK and record that it was seen; None when there is none.

    Raises Conflict for a duplicate.
    """
    refuse_duplicate(trainee, by)
    if trainee.nik is not None:
        audit.record("nik.shown", trainee, by=by, person_id=trainee.id)
    return trainee.nik


CORRECTED = (
    "name",
    "nik",
    "birth_place",
    "birth_date",
    "sex",
    "phone",
    "email",
    "address",
    "home_region_id",
    "member_number",
)


def _duty(data: TraineeData) -> tuple[Region, date, date]:
    """Return the duty desa, since when, and today there; raise when there is none or the day is to come."""
    region = data.duty_region
    if region is None:
        raise RuleViolation(_("Pilih desa atau kelurahan tugas."), field="duty_region")
    today = clock.today(region.zone)
    since = data.duty_since or today
    refusal = refusal_of_day(since, today=today, last=None, born=data.birth_date)
    if refusal:
        raise RuleViolation(refusal, field="duty_since")
    return region, since, today


def _check(data: TraineeData, today: date, known: Trainee | None = None) -> TraineeData:
    """Return what was typed in its canonical form; raise at the first field that is wrong. An age, a name
    or a home once recorded is not asked again."""
    is_kept = known is not None and data.name == known.name
    cleaned: dict[str, Any] = {"name": data.name if is_kept else _one("name", check_name(data.name))}
    for name, check in (("nik", check_nik), ("phone", read_phone), ("email", check_email)):
        text = (getattr(data, name) or "").strip()
        cleaned[name] = _one(name, check(text)) if text else None
    for name in ("birth_place", "address", "member_number"):
        text = " ".join((getattr(data, name) or "").split())
        if len(text) > LENGTHS.get(name, len(text)) or not fits_sealed(text):
            raise RuleViolation(_("Isian ini terlalu panjang."), field=name)
        cleaned[name] = text or None
    if (
        data.home_region is not None
        and not data.home_region.is_desa
        and data.home_region.id != (known and known.home_region_id)
    ):
        raise RuleViolation(
            _("Pilih desa atau kelurahan domisili, atau kosongkan semua pilihannya."), field="home_region"
        )
    if cleaned["email"] and not fits_sealed(cleaned["email"]):
        raise RuleViolation(_("Isian ini terlalu panjang."), field="email")
    is_known_age = known is not None and known.birth_date is not None and known.birth_date == data.birth_date
    if not is_known_age and (refusal := refusal_of_age(data.birth_date, cleaned["nik"], today)):
        raise RuleViolation(refusal, field="birth_date")
    return replace(data, **cleaned)


def _one(field: str, checked: str | Text) -> str:
    if isinstance(checked, Text):
        raise RuleViolation(checked, field=field)
    return checked


def _refuse_known(known: Trainee | None, by: Actor, permission: Permission, region: Region) -> None:
    """Raise where the NIK is another person's; of somebody out of sight nothing is told but which office to
    ask.
    """
    if known is None:
        return
    known = canonical(known)
    if by.can(Permission.TRAINEE_SEE, known):
        sentence = _(
            "NIK ini sudah terdaftar atas nama %(name)s, %(desa)s.",
            name=known.name,
            desa=known.duty_region.full_name,
        )
        raise KnownNikError(sentence, known)
    office = office_over(by.reach(permission).areas, region)
    raise RuleViolation(
        _("Orang ini belum dapat didaftarkan. Hubungi %(office)s untuk pemeriksaan data.", office=office)
    )


def _enter(checked: TraineeData, region: Region, since: date, by: Actor, *, decoy: bool = False) -> Trainee:
    """Write the person with post and standing; a decoy, to be taken back, is known by no NIK."""
    trainee = Trainee(duty_region=region, status=TraineeStatus.CANDIDATE, recorded_by_id=by.id)
    _write(trainee, checked, index=crypto.token_digest(crypto.new_token()) if decoy else None)
    db.session.add(DutyPost(trainee=trainee, region=region, starts_on=since, recorded_by_id=by.id))
    db.session.add(
        Standing(trainee=trainee, status=TraineeStatus.CANDIDATE, starts_on=since, recorded_by_id=by.id)
    )
    db.session.flush()
    add_to_counts((region.id, TraineeStatus.CANDIDATE, 0), 1)
    return trainee


def _write(trainee: Trainee, checked: TraineeData, *, index: str | None = None) -> None:
    """Put the checked values into the row, with what is derived from them."""
    for name in ("name", "birth_place", "birth_date", "sex", "phone", "email", "address", "member_number"):
        if getattr(trainee, name) != getattr(checked, name):
            setattr(trainee, name, getattr(checked, name))
    if trainee.nik != checked.nik:
        trainee.nik = checked.nik
        trainee.nik_index = index or (nik_index(checked.nik) if checked.nik else None)
        trainee.nik_masked = mask_nik(checked.nik) if checked.nik else None
    trainee.home_region_id = checked.home_region.id if checked.home_region else None
    trainee.folded_name = fold_name(checked.name)
    db.session.add(trainee)
    db.session.flush()
    db.session.execute(delete(TraineeWord).where(TraineeWord.trainee_id == trainee.id))
    db.session.add_all(TraineeWord(trainee_id=trainee.id, word=word) for word in words_of(checked.name))


def _told(checked: TraineeData) -> dict[str, Any]:
    """Return what was entered, as an event keeps it; regions by their code."""
    values = {field.name: getattr(checked, field.name) for field in fields(checked)}
    return _formatted(
        {
            name: value.code if isinstance(value, Region) else value
            for name, value in values.items()
            if value is not None
        }
    )


def _formatted(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return values as an event keeps them; a NIK is masked even under the seal."""
    return {name: mask_nik(value) if name == "nik" and value else value for name, value in values.items()}
