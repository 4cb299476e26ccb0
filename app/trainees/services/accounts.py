"""The account of a person: opened by whoever registers or by an office, handed out, and following what is
known of its owner.
"""

from collections.abc import Collection, Mapping
from typing import Any

from app.audit import services as audit
from app.audit.queries import history_of
from app.auth import services as auth
from app.auth.models import User
from app.auth.queries import find_by_name, get_user, is_in_use, list_name_kinds, name_index, name_indexes_of
from app.auth.rules import HANDED_ON_VALID_FOR, NameKind, Permission
from app.core.actor import Actor
from app.core.errors import RuleViolation
from app.core.text import _
from app.core.unit_of_work import atomic
from app.extensions import db
from app.regions.models import Region
from app.trainees.models import Merge, Trainee, phone_index
from app.trainees.phones import list_sharing_phone, list_without_phone_index
from app.trainees.queries import account_of
from app.trainees.services.counting import hold_living

INDEXED_AT_ONCE = 500
NAMELESS = _("Isi dahulu NIK, nomor HP, atau email: salah satunya menjadi nama untuk masuk.")
NAMES_TAKEN = _(
    "Yang tercatat sudah menjadi nama masuk orang lain. Catat dahulu NIK-nya: dengan itu ia masuk."
)


def open_account_of(trainee: Trainee, region: Region, *, by: Actor) -> User:
    """Open an account that signs in by what is free of NIK, phone and e-mail.

    A family may share one phone: who has a NIK signs in by that. Refusing would tell who is known.
    """
    free = free_names(trainee)
    return auth.open_account(
        trainee.name, password=None, names=free, email=free.get(NameKind.EMAIL), region=region, by=by
    )


def free_names(trainee: Trainee) -> dict[NameKind, str]:
    """Return by what of NIK, phone and e-mail the person could sign in: what is nobody's yet."""
    phone = trainee.phone if may_sign_in_by_phone(trainee) else None
    typed = {NameKind.NIK: trainee.nik, NameKind.PHONE: phone, NameKind.EMAIL: trainee.email}
    return {kind: value for kind, value in typed.items() if value and find_by_name(kind, value) is None}


def may_sign_in_by_phone(trainee: Trainee) -> bool:
    """Say whether the number can be somebody's name for signing in: it is recorded of nobody else, or she has
    no other name and an officer hands the account to her. Anybody can type the number of somebody else.
    """
    return not (trainee.nik or trainee.email) or not list_sharing_phone(trainee)


def ways_in(trainee: Trainee) -> list[NameKind]:
    """Return by what the person signs in, or will once an officer hands her account to her."""
    account, free = account_of(trainee), set(free_names(trainee))
    kept = set(list_name_kinds(account)) | (free - {NameKind.EMAIL}) if account else free
    return [kind for kind in NameKind if kind in kept]


@atomic()
def index_phones() -> int:
    """Let people be found by numbers that were recorded before there was an index of them; returns how many
    were left to do.
    """
    found = list_without_phone_index(INDEXED_AT_ONCE)
    for trainee in found:
        trainee.phone_index = phone_index(trainee.phone or "")
    return len(found)


@atomic()
def hand_out_account(trainee: Trainee, *, by: Actor) -> str:
    """Return a link by which somebody whom the office knows sets a password: opened for those without
    account, shown once.

    Raises where accounts of that region are not opened by the actor.
    """
    trainee, account = _held_with_account(trainee, by)
    audit.record("trainee.account_handed_out", trainee, by=by, person_id=trainee.id)
    return auth.issue_reset_link(account, by, valid_for=HANDED_ON_VALID_FOR, person=trainee)


@atomic()
def accept_code(trainee: Trainee, password_hash: str, *, by: Actor) -> User:
    """Let the code that a person holds open her account from now on: opened for those without one.

    Raises where accounts of that region are not opened by the actor, or nothing is recorded that she could
    sign in by.
    """
    trainee, account = _held_with_account(trainee, by)
    auth.accept_code(account, password_hash, person=trainee, by=by)
    return account


def _held_with_account(trainee: Trainee, by: Actor) -> tuple[Trainee, User]:
    """Hold a person's record and return it with the account, opened where there is none; it signs in by the
    NIK and the number too that are hers alone by now.
    """
    trainee = hold_living(trainee, by)
    if not by.can(Permission.ACCOUNT_OPEN, trainee):
        raise RuleViolation(_("Akun di wilayah ini di luar wewenang Anda."))
    account = account_of(trainee)
    if account is None:
        if not (trainee.nik or trainee.phone or trainee.email):
            raise RuleViolation(NAMELESS)
        account = trainee.user = open_account_of(trainee, trainee.duty_region, by=by)
        db.session.flush()
    for kind, value in free_names(trainee).items():
        if kind is not NameKind.EMAIL:
            auth.add_sign_in_name(account, kind, value)
    if not list_name_kinds(account):
        raise RuleViolation(NAMES_TAKEN)
    return trainee, account


def follow_facts(trainee: Trainee, user: User, before: Mapping[str, Any]) -> None:
    """Let the account sign in by the NIK and phone that are right now, and by nothing that was wrong, and be
    called as the person is; its e-mail is its owner's.
    """
    for kind, name in ((NameKind.NIK, "nik"), (NameKind.PHONE, "phone")):
        new = getattr(trainee, name)
        if new == before[name]:
            continue
        auth.drop_sign_in_names(user, kind)
        if (
            new
            and find_by_name(kind, new) is None
            and (kind is NameKind.NIK or may_sign_in_by_phone(trainee))
        ):
            auth.add_sign_in_name(user, kind, new)
    if trainee.name != before["name"]:
        user.name = trainee.name


CONFIRMING = {
    "account.code_accepted",
    "account.reset_link_issued",
}  # an office has given this way in to the person
SIGNED_IN_BY = ((NameKind.NIK, "nik"), (NameKind.PHONE, "phone"))


def memory_of_accounts(records: Collection[Trainee]) -> dict[str, Any]:
    """Return by what the accounts of these records sign in and how they are called, beside what the records
    said then.
    """
    return {
        str(record.user.id): {
            "name": record.user.name,
            "names": name_indexes_of(record.user),
            "record": _facts_of(record),
        }
        for record in records
        if record.user is not None
    }


def let_account_follow(person: Trainee, user_ids: Collection[int]) -> None:
    """Let the account of the record that counts sign in by its NIK and phone and be called as it is; other
    accounts of the person open by no NIK and no phone any more. An e-mail is its owner's.
    """
    users = [user for user_id in user_ids if (user := get_user(user_id)) is not None]
    for user in users:
        user.name = person.name
        for kind, _field in SIGNED_IN_BY:
            auth.drop_sign_in_names(user, kind)
    if person.user is not None:
        _sign_in_by(person.user, person)


def give_accounts_back(merge: Merge) -> None:
    """Let the accounts of two records sign in and be called as before their merge; what was put right on a
    record since is followed.
    """
    merged_as = {each.user_id: each for each in (merge.duplicate, merge.canonical) if each.user is not None}
    for record in merged_as.values():
        for kind, _field in SIGNED_IN_BY:
            auth.drop_sign_in_names(record.user, kind)  # type: ignore[arg-type]
    remembered = merge.accounts or {}
    for user_id, record in sorted(merged_as.items(), key=lambda each: str(each[0]) not in remembered):
        user, kept = record.user, remembered.get(str(user_id))
        assert user is not None
        if kept is None:  # opened while they were one
            user.name = record.name
            _sign_in_by(user, record)
            continue
        facts = _facts_of(record)
        user.name = kept["name"] if facts["name"] == kept["record"]["name"] else record.name
        for kind, field in SIGNED_IN_BY:
            index = kept["names"].get(kind.value) if facts[field] == kept["record"][field] else facts[field]
            if index:
                auth.give_back_sign_in_name(user, kind, index)


def changes_accounts(duplicate: Trainee, canonical: Trainee) -> bool:
    """Return whether merging two records changes the account that stays.

    It does when only the duplicate's account was ever signed in to.
    """
    if duplicate.user is None or canonical.user is None:
        return False
    return is_in_use(duplicate.user) and not is_in_use(canonical.user)


def is_locked_out(user: User) -> bool:
    """Say whether an account that was in use opens by nothing any more."""
    return is_in_use(user) and not list_name_kinds(user)


def account_after_merge(duplicate: Trainee, canonical: Trainee) -> tuple[Trainee, bool] | None:
    """Return the record whose account will open the record that counts, and whether somebody made it herself
    and no office has confirmed since that it is hers; None where neither has one.
    """
    owner = next((each for each in (canonical, duplicate) if account_of(each) is not None), None)
    if changes_accounts(duplicate, canonical):
        owner = duplicate
    account = owner and account_of(owner)
    if owner is None or account is None:
        return None
    events = history_of(account)
    is_self_made = any(event.action == "account.opened" and event.actor_id is None for event in events)
    return owner, is_self_made and not CONFIRMING & {event.action for event in events}


def account_closed_by(duplicate: Trainee, canonical: Trainee) -> tuple[Trainee, bool] | None:
    """Return the record whose account opens by no NIK and no number once two are joined, and whether somebody
    has signed in to it.
    """
    if duplicate.user is None or canonical.user is None:
        return None
    closed = canonical if changes_accounts(duplicate, canonical) else duplicate
    return closed, is_in_use(closed.user)  # type: ignore[arg-type]


def _sign_in_by(user: User, record: Trainee) -> None:
    for kind, field in SIGNED_IN_BY:
        if (value := getattr(record, field)) and find_by_name(kind, value) is None:
            auth.add_sign_in_name(user, kind, value)


def _facts_of(record: Trainee) -> dict[str, str | None]:
    """Return what an account follows of a record, without telling NIK or phone."""
    facts = {
        field: (value := getattr(record, field)) and name_index(kind, value) for kind, field in SIGNED_IN_BY
    }
    return {"name": record.name, **facts}
