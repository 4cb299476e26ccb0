"""Ask something of the office: kept once, however often it is asked."""

from datetime import datetime
from hashlib import sha256

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from app.audit import services as audit
from app.auth.rules import NameKind, Permission
from app.core import clock, crypto, throttle
from app.core.actor import PUBLIC, Actor
from app.core.errors import Conflict, NotFound, RuleViolation, TooManyTries
from app.core.phones import read_phone
from app.core.reasons import refusal_of_reason
from app.core.scopes import owner
from app.core.text import Text, _
from app.core.unit_of_work import atomic, constraint_of
from app.extensions import db
from app.petitions import queries, rules
from app.petitions.models import Petition
from app.petitions.rules import Answer, PetitionKind, Told
from app.regions.models import Region
from app.trainees.models import Trainee
from app.trainees.phones import list_by_phone
from app.trainees.queries import canonical, find_by_nik, office_at, trainee_of
from app.trainees.rules import TraineeStatus, check_name
from app.trainees.services import Newcomer, refuse_duplicate

NOBODY = -1  # with whose key an event is sealed that is taken back
LOCKED_OUT = _(
    "Kode yang biasa Anda pakai tidak berlaku lagi sejak data Anda yang tercatat dua kali digabungkan. Kami"
    " menyerahkan tautan untuk membuat kata sandi baru."
)
SAME_NAME = _("Nama ini sudah tercatat sebagai nama Anda.")


@atomic()
def ask_for_locked_out(duplicate_id: int, canonical_id: int) -> None:
    """Let the office hand a way in to somebody whose account, which she used, opens by nothing since her two
    records were joined.
    """
    if queries.find_open(f"code:{canonical_id}") is None:
        told = Told(words=str(LOCKED_OUT)).as_text()
        _keep(
            Petition(
                kind=PetitionKind.CODE, trainee_id=duplicate_id, told=told, open_key=f"code:{canonical_id}"
            )
        )


@atomic()
def follow_parted(duplicate_id: int, canonical_id: int, since: datetime) -> None:
    """Let what somebody asked for by her own account, while her record was part of another one, be about her
    own record again.
    """
    account = db.session.scalar(select(Trainee.user_id).where(Trainee.id == duplicate_id))
    hers = Petition.trainee_id == canonical_id, Petition.asked_at >= since, Petition.asked_by_id == account
    for petition in (
        db.session.scalars(select(Petition).where(*hers, Petition.kind == PetitionKind.NAME))
        if account
        else ()
    ):
        petition.trainee_id = duplicate_id
        if petition.open_key is not None:
            petition.open_key = f"name:{duplicate_id}"
    asked = (
        Petition.trainee_id == duplicate_id,
        Petition.kind == PetitionKind.CODE,
        Petition.open_key == f"code:{canonical_id}",
    )
    for petition in db.session.scalars(select(Petition).where(*asked)):
        _end(petition, Answer.SETTLED)  # her own account opens again as before
    db.session.flush()


@atomic()
def claim_record(person: Trainee, newcomer: Newcomer, code: str, *, batch_id: int | None) -> None:
    """Let a registration whose NIK is recorded already wait for the office, with what was typed and the code
    that its sender holds.

    Each sending stands alone, whatever was typed: a later one never takes the place of a code that waits.
    Only the same press once more, with the same code, is the same. More than OPEN_PER_PERSON at once of one
    record are not kept: they are in its history.
    """
    data = newcomer.data
    told = Told(
        name=data.name,
        birth_date=data.birth_date.isoformat() if data.birth_date else "",
        sex=str(data.sex.value) if data.sex else "",
        phone=data.phone or "",
        address=data.address or "",
    )
    held = queries.follow_index(code, data.nik or "")
    key = f"claim:{person.id}:{held}"
    petition = queries.find_open(key)
    if petition is None:
        if queries.count_open_of(person, PetitionKind.CLAIM) >= rules.OPEN_PER_PERSON:
            return
        petition = Petition(
            kind=PetitionKind.CLAIM,
            trainee_id=person.id,
            region_id=newcomer.region.id,
            told=told.as_text(),
            open_key=key,
        )
        if not _keep(petition):
            return
    petition.batch_id = batch_id or petition.batch_id
    petition.secret_hash = newcomer.password_hash
    petition.follow_index = held
    db.session.flush()


def ask_for_code(user_id: int | None, may_ask: bool, kind: NameKind, name: str) -> bool:
    """Write that somebody asks for a new way into her account; say whether it may stand.

    The work is the same for everybody.

    By a number that several are recorded with, each of them asks: who it was, the officer finds out. Nothing
    stands for an unknown name, for whom a mail reaches (`may_ask` of the account), for the dead and the
    closed, and where the same waits already.
    """
    own = trainee_of(user_id or 0)
    named = find_by_nik(name if kind is NameKind.NIK else "-")
    found = [own, named and canonical(named), *list_by_phone(name if kind is NameKind.PHONE else "-")]
    living = [
        person for person in found if person is not None and person.status is not TraineeStatus.DECEASED
    ]
    people = {person.id for person in living if may_ask or own is None or person.id != own.id}
    told = Told(phone=name).as_text() if kind is NameKind.PHONE else None
    asking = [
        person_id for person_id in sorted(people) or (NOBODY,) if _may_ask(person_id) and person_id != NOBODY
    ]
    for person_id in asking:
        _keep(Petition(kind=PetitionKind.CODE, trainee_id=person_id, told=told, open_key=f"code:{person_id}"))
    if not asking:
        _keep(Petition(kind=PetitionKind.CODE, told=told), person_id=NOBODY)
    return bool(asking)


def _may_ask(person_id: int) -> bool:
    """Return whether a request for a new way in can be this person's, and none waits."""
    return not queries.has_closed_account(person_id) and queries.find_open(f"code:{person_id}") is None


@atomic()
def ask_for_name(person: Trainee, name: str, *, reason: str, by: Actor) -> Petition:
    """Ask the office to put one's name right.

    While a wish waits, another one takes its place, and the recorded name takes it back.

    Raises for what is no name, and for the recorded name where nothing waits.
    """
    wished, key = check_name(name), f"name:{person.id}"
    if isinstance(wished, Text):
        raise RuleViolation(wished, field="name")
    told = Told(name=wished, was=person.name, words=reason).as_text()
    waiting = queries.find_open(key)
    held = queries.lock_petition(waiting.id) if waiting else None
    if held is not None and held.answered_at is None:
        return _withdraw(held, by) if wished == person.name else _change(held, told, by)
    if wished == person.name:
        raise Conflict(SAME_NAME, field="name")
    petition = Petition(kind=PetitionKind.NAME, trainee_id=person.id, told=told, open_key=key)
    if not _keep(petition, by=by):
        raise Conflict(
            _("Permintaan ganti nama Anda yang sebelumnya masih menunggu jawaban dinas."), field="name"
        )
    return petition


def _change(petition: Petition, told: str, by: Actor) -> Petition:
    petition.told = told
    db.session.flush()
    audit.record(
        "petition.asked",
        petition,
        by=by,
        details={"kind": petition.kind.value},
        person_id=petition.trainee_id,
    )
    return petition


def _withdraw(petition: Petition, by: Actor) -> Petition:
    petition.answered_at, petition.answer, petition.open_key = clock.now(), Answer.WITHDRAWN, None
    db.session.flush()
    audit.record(
        "petition.withdrawn",
        petition,
        by=by,
        details={"kind": petition.kind.value},
        person_id=petition.trainee_id,
    )
    return petition


@atomic()
def suggest_correction(person: Trainee, words: str, *, by: Actor) -> Petition:
    """Tell the dinas what is recorded wrongly of a person, or that she serves no longer: for those who enter
    people there, and cannot put it right.

    Raises for somebody whom they could not have entered, for what are no words, and while the same is
    waiting.
    """
    if not by.can(Permission.TRAINEE_REGISTER, person):
        raise NotFound(_("Orang ini tidak ditemukan."))
    refuse_duplicate(person, by)
    words = " ".join(words.split())
    if refusal := refusal_of_reason(words, most=rules.WORDS_MOST):
        raise RuleViolation(refusal, field="words")
    petition = pass_on(person, words, by=by)
    if petition is None:
        raise Conflict(_("Usul yang sama sudah dikirim dan menunggu jawaban dinas."), field="words")
    return petition


def pass_on(person: Trainee, words: str, *, by: Actor) -> Petition | None:
    """Let whoever corrects records look at what an officer may not put right; None where the same is waiting,
    whoever sent it.
    """
    same = "".join(character for character in words.casefold() if character.isalnum())
    key = f"correction:{person.id}:{sha256(same.encode()).hexdigest()[:40]}"
    petition = Petition(
        kind=PetitionKind.CORRECTION, trainee_id=person.id, told=Told(words=words).as_text(), open_key=key
    )
    return petition if queries.find_open(key) is None and _keep(petition, by=by) else None


@atomic()
def report_certificate(
    about: str, region: Region, words: str, *, name: str, phone: str, address: str, by: Actor = PUBLIC
) -> Petition:
    """Tell the office that reads reports of a region something about a certificate.

    Each sending is a report with a number of its own, which is with what was told (`said.code`); that of
    somebody who is signed in is hers.

    Raises where nobody reads it, for a telephone number that is none, and TooManyTries.
    """
    number = read_phone(phone, landline=True) if phone else ""
    if isinstance(number, Text):
        raise RuleViolation(number, field="phone")
    receiver = queries.receiver_of(region)
    if receiver is None:
        raise RuleViolation(rules.describe_receiver(region.full_name, None), field="region")
    try:
        throttle.check("report", address, at_most=rules.REPORTS_PER_ADDRESS, within=rules.REPORT_WINDOW)
    except TooManyTries as refusal:
        raise TooManyTries(
            _(
                "Hari ini terlalu banyak laporan dari jaringan Anda. Hubungi %(office)s.",
                office=office_at(receiver),
            ),
            retry_after=refusal.retry_after,
        ) from None
    throttle.count("report", address)
    place = "" if receiver.scope_code == owner(region.scope_code) else region.full_name
    told = Told(
        name=name,
        phone=number,
        about=about,
        words=words,
        place=place,
        code=crypto.new_code()[: rules.REPORT_CODE_LENGTH],
    )
    petition = Petition(
        kind=PetitionKind.REPORT,
        region_id=receiver.id,
        told=told.as_text(),
        follow_index=queries.follow_index(told.code),
    )
    _keep(petition, by=by)
    return petition


def describe_report(code: str) -> Text | None:
    """Return how a report stands, to whoever types its number; None where there is none, or its answer is not
    followed any more.
    """
    report = next(
        (found for each in rules.report_codes_in(code) if (found := queries.find_reported(each)) is not None),
        None,
    )
    if report is None or report.region is None:
        return None
    return rules.describe_by_number(
        report.answer, report.said.signed or office_at(report.region), report.words or ""
    )


def describe_claim(kind: NameKind, name: str, code: str) -> Text | None:
    """Return what is told to somebody who signs in with the NIK or the phone, and the code, of a registration
    that the office looks at or has answered; None where there is none. Only the office of the place that she
    typed herself is named.
    """
    claim = queries.find_followed(kind, name, code)
    if claim is None or claim.region is None:
        return None
    office, signed = office_at(claim.region), claim.said.signed or office_at(claim.region)
    if claim.answer is None:
        return rules.describe_while_waiting(office, claim.words or "", signed)
    return rules.describe_after_answer(
        claim.answer, signed if claim.answer is Answer.TOLD else office, claim.words or ""
    )


@atomic()
def settle(user_id: int) -> None:
    """Close what somebody asked for who has a new password by now, or is in, whichever way it came: her own
    alone. Others who are recorded with the number that was typed may be locked out still.
    """
    person = trainee_of(user_id)
    for petition in queries.list_open_of(person, PetitionKind.CODE) if person else []:
        _end(petition, Answer.SETTLED)


def end_of_same_phone(petition: Petition) -> None:
    """Let the requests of the others wait no longer who are recorded with the number by which a way in was
    asked for: an officer has found out who it was, and given her a link. Whoever was given one too waits
    until it is said that hers was handed over.
    """
    for other in queries.list_of_same_phone(petition):
        if not queries.has_link(other):
            _end(other, Answer.OVERTAKEN)


def _end(petition: Petition, answer: Answer) -> None:
    held = queries.lock_petition(petition.id)
    if held.answered_at is None:
        held.answered_at, held.answer, held.open_key = clock.now(), answer, None
        db.session.flush()


def _keep(petition: Petition, by: Actor = PUBLIC, *, person_id: int | None = None) -> bool:
    """Write it; False where the same was written at this very moment by another request.

    `person_id`: with whose key the event is sealed, else that of whom it is about.
    """
    petition.asked_by_id = by.id
    try:
        with db.session.begin_nested():
            db.session.add(petition)
    except IntegrityError as error:
        if "open_key" not in constraint_of(error):
            raise
        return False
    audit.record(
        "petition.asked",
        petition,
        by=by,
        details={"kind": petition.kind.value},
        person_id=person_id or petition.trainee_id,
    )
    return True
