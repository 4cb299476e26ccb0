"""The way in of somebody who is new: what she has told so far, kept sealed on her own device; and all of it
sent at once.
"""

import json
import secrets
from dataclasses import asdict, dataclass, fields, replace
from datetime import date, datetime
from typing import Any

from cryptography.exceptions import InvalidTag

from app.auth.models import User
from app.auth.rules import refusal_of_password
from app.core import clock, crypto
from app.core.actor import Actor
from app.core.errors import DomainError
from app.core.text import Text
from app.core.unit_of_work import atomic
from app.courses.models import Batch
from app.courses.queries import get_batch, id_of, lock_batch
from app.enrollments.eligibility import facts_of_asking
from app.enrollments.models import Enrollment
from app.enrollments.rules import (
    DRAFT_LASTS,
    SENT_LASTS,
    SIGN_IN_CODE_LENGTH,
    EnrollmentStatus,
    already_so,
    refusal_to_enroll,
)
from app.enrollments.services.asking import enroll
from app.extensions import db
from app.petitions import services as petitions
from app.regions.queries import find_region
from app.trainees import services as trainees
from app.trainees.models import Trainee
from app.trainees.rules import Sex, doubts_about_nik
from app.trainees.services import TraineeData

SEALED_FOR = "cookie.registration"
LONGEST = 3800  # characters: what every browser keeps in one cookie


@dataclass(frozen=True)
class RegistrationDraft:
    """What somebody has told so far; texts as they were checked.

    `code` is what she will sign in with, made before she sends.
    """

    code: str
    kept_at: str  # moment of the last answer, ISO, UTC
    nik: str = ""
    birth_date: str = ""  # ISO
    sex: str = ""
    nik_reason: str = ""  # why they differ from the NIK
    name: str = ""
    desa: str = ""  # code
    phone: str = ""
    address: str = ""
    sent: bool = False
    applied: bool = False  # a seat was asked for along with it

    @property
    def known(self) -> set[str]:
        """Return the names of what was told; birth date and sex wait for the reason where the NIK says
        something else.
        """
        told = {field.name for field in fields(self) if getattr(self, field.name)}
        return told if self.nik_reason or not self.differs else told - {"birth_date", "sex"}

    @property
    def differs(self) -> bool:
        """Say whether the NIK says another birth date or sex than was told."""
        return bool(self.nik) and bool(doubts_about_nik(self.nik, self.born, self.sex_chosen))

    @property
    def born(self) -> date | None:
        return date.fromisoformat(self.birth_date) if self.birth_date else None

    @property
    def sex_chosen(self) -> Sex | None:
        return Sex(self.sex) if self.sex else None


def new_draft() -> RegistrationDraft:
    """Return an empty draft with a sign-in code of its own."""
    return RegistrationDraft(code=_new_sign_in_code(), kept_at=clock.now().isoformat())


def answered(draft: RegistrationDraft, **told: str) -> RegistrationDraft:
    """Return the draft with this answer; another NIK makes what was derived from the old one
    unknown again.
    """
    if "nik" in told and told["nik"] != draft.nik:
        told = {"birth_date": "", "sex": "", "nik_reason": "", **told}
    return replace(draft, **told, kept_at=clock.now().isoformat())  # type: ignore[arg-type]


def after_sending(draft: RegistrationDraft, *, applied: bool) -> RegistrationDraft:
    """Return what the thanks need, and nothing else of what was told."""
    return RegistrationDraft(
        code=draft.code, kept_at=clock.now().isoformat(), desa=draft.desa, sent=True, applied=applied
    )


def seal(draft: RegistrationDraft) -> str:
    """Return the draft as the device keeps it: unreadable and unchangeable without the key of the
    installation.
    """
    told = {name: value for name, value in asdict(draft).items() if value}
    sealed = crypto.encrypt(json.dumps(told, ensure_ascii=False), context=SEALED_FOR)
    if len(sealed) > LONGEST:
        raise ValueError("a draft of checked answers fits into a cookie")
    return sealed


def unseal(sealed: str) -> RegistrationDraft | None:
    """Return the draft, or None for one that is forged, of another key, too old, or none at all."""
    if not 0 < len(sealed) <= LONGEST:
        return None
    try:
        draft = RegistrationDraft(**json.loads(crypto.decrypt(sealed, context=SEALED_FOR)))
    except (InvalidTag, KeyError, TypeError, ValueError):
        return None
    age = clock.now() - datetime.fromisoformat(draft.kept_at)
    return draft if age <= (SENT_LASTS if draft.sent else DRAFT_LASTS) else None


def _new_sign_in_code() -> str:
    """Return digits that no rule of passwords refuses."""
    while True:
        code = "".join(secrets.choice("0123456789") for _ in range(SIGN_IN_CODE_LENGTH))
        if refusal_of_password(code, name="", email=None) is None:
            return code


def join(draft: RegistrationDraft, batch: Batch | None, *, base_url: str) -> None:
    """Keep the person, her account and, with a batch, her application: all of it or nothing.

    Whether the NIK is known is told to nobody. Raises what trainees.check_oneself and enroll raise.
    """
    data = TraineeData(
        name=draft.name,
        nik=draft.nik,
        birth_date=draft.born,
        sex=draft.sex_chosen,
        phone=draft.phone,
        address=draft.address or None,
        duty_region=find_region(draft.desa),
    )
    newcomer = trainees.check_oneself(data, draft.code, nik_reason=draft.nik_reason)
    _keep(newcomer, draft.code, None if batch is None else id_of(batch), base_url)


@atomic()
def _keep(newcomer: trainees.Newcomer, code: str, batch_id: int | None, base_url: str) -> None:
    batch = (
        None if batch_id is None else lock_batch(batch_id)
    )  # the batch before any person, as every decision about seats

    def ask(person: Trainee) -> Any:
        return (
            enroll(batch, person, by=person.user) if batch is not None and person.user is not None else None
        )

    def wait(person: Trainee) -> Any:
        return petitions.claim_record(person, newcomer, code, batch_id=batch_id)

    trainees.save_registration(
        newcomer, base_url=base_url, then=ask, met=wait, asked="" if batch is None else batch.code
    )


def hold_wish(batch_id: int) -> None:
    """Hold the batch that somebody asked for with a registration that waits, before she is held."""
    lock_batch(batch_id)


def make_wish(batch_id: int, person: Trainee, account: User, asked_at: datetime) -> Text | None:
    """Apply for somebody whose registration waited, as she had asked then; returns why it cannot be: nothing
    is kept of it then.
    """
    try:
        with db.session.begin_nested():
            enrollment = enroll(lock_batch(batch_id), person, by=account)
    except DomainError as refusal:
        return refusal.reason
    if enrollment.status is EnrollmentStatus.SUBMITTED:
        enrollment.submitted_at = asked_at
    return None


def foretell_wish(batch_id: int, person: Trainee) -> Text | None:
    """Return why a batch that was asked for with a registration that waited cannot be had now, or None."""
    batch = get_batch(batch_id)
    if batch is None:
        return None
    facts = facts_of_asking(batch, [person])[person.id]
    return already_so(facts) or refusal_to_enroll(facts)


@atomic()
def enroll_oneself(batch: Batch, person: Trainee, *, phone: str, address: str, by: Actor) -> Enrollment:
    """Ask for a seat, with phone and address put right on the way where they differ; what is left empty stays
    what it was.
    """
    lock_batch(id_of(batch))
    told = {"phone": phone or person.phone, "address": address or person.address}
    if told != {"phone": person.phone, "address": person.address}:
        kept = {
            field.name: getattr(person, field.name)
            for field in fields(TraineeData)
            if hasattr(person, field.name)
        }
        trainees.correct_trainee(person, TraineeData(**{**kept, "nik": None, **told}), by=by)
    return enroll(batch, person, by=by)
