"""The account of a person: opened by whoever registers or by an office, handed out, and following what is known of its owner."""

from collections.abc import Mapping
from typing import Any

from app.audit import services as audit
from app.auth import services as auth
from app.auth.models import User
from app.auth.queries import find_by_name
from app.auth.rules import HANDED_ON_VALID_FOR, NameKind, Permission
from app.core.actor import Actor
from app.core.errors import RuleViolation
from app.core.text import _
from app.core.unit_of_work import atomic
from app.extensions import db
from app.regions.models import Region
from app.trainees.models import Trainee
from app.trainees.queries import account_of
from app.trainees.services.counting import hold_living

NAMELESS = _("Isi dahulu NIK, nomor HP, atau email: salah satunya menjadi nama untuk masuk.")


def open_account_of(trainee: Trainee, region: Region, *, by: Actor) -> User:
    """Open an account that signs in by what is free of NIK, phone and e-mail.

    A family may share one phone: who was first signs in by it, the others by their NIK. Refusing would tell who is known.
    """
    free = free_names(trainee)
    return auth.open_account(trainee.name, password=None, names=free, email=free.get(NameKind.EMAIL), region=region, by=by)


def free_names(trainee: Trainee) -> dict[NameKind, str]:
    """Return by what of NIK, phone and e-mail the person could sign in: what is nobody's yet."""
    typed = {NameKind.NIK: trainee.nik, NameKind.PHONE: trainee.phone, NameKind.EMAIL: trainee.email}
    return {kind: value for kind, value in typed.items() if value and find_by_name(kind, value) is None}


@atomic()
def hand_out_account(trainee: Trainee, *, by: Actor) -> str:
    """Return a link by which somebody whom the office knows sets a password: opened for those without account, shown once.

    Raises where accounts of that region are not opened by the actor.
    """
    trainee, account = _held_with_account(trainee, by)
    audit.record("trainee.account_handed_out", trainee, by=by, person_id=trainee.id)
    return auth.issue_reset_link(account, by, valid_for=HANDED_ON_VALID_FOR, person=trainee)


@atomic()
def accept_code(trainee: Trainee, password_hash: str, *, by: Actor) -> User:
    """Let the code that a person holds open her account from now on, by her NIK too: opened for those without one.

    Raises where accounts of that region are not opened by the actor, or nothing is recorded that she could sign in by.
    """
    trainee, account = _held_with_account(trainee, by)
    if trainee.nik and find_by_name(NameKind.NIK, trainee.nik) is None:
        auth.add_sign_in_name(account, NameKind.NIK, trainee.nik)
    auth.accept_code(account, password_hash, person=trainee, by=by)
    return account


def _held_with_account(trainee: Trainee, by: Actor) -> tuple[Trainee, User]:
    """Hold a person's record and return it with the account, opened where there is none."""
    trainee = hold_living(trainee, by)
    if not by.can(Permission.ACCOUNT_OPEN, trainee):
        raise RuleViolation(_("Akun di wilayah ini di luar wewenang Anda."))
    account = account_of(trainee)
    if account is None:
        if not (trainee.nik or trainee.phone or trainee.email):
            raise RuleViolation(NAMELESS)
        account = trainee.user = open_account_of(trainee, trainee.duty_region, by=by)
        db.session.flush()
    return trainee, account


def follow_facts(trainee: Trainee, user: User, before: Mapping[str, Any]) -> None:
    """Let the account sign in by the NIK and phone that are right now, and by nothing that was wrong, and be called as the person is;
    its e-mail is its owner's."""
    for kind, name in ((NameKind.NIK, "nik"), (NameKind.PHONE, "phone")):
        new = getattr(trainee, name)
        if new == before[name]:
            continue
        auth.drop_sign_in_names(user, kind)
        if new and find_by_name(kind, new) is None:
            auth.add_sign_in_name(user, kind, new)
    if trainee.name != before["name"]:
        user.name = trainee.name
