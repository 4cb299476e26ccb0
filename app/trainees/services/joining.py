"""What the record that counts takes over from a duplicate, and gives back when the merge is undone: one rule
for everything.
"""

from datetime import date

from sqlalchemy import select

from app.core.errors import Conflict
from app.core.text import _
from app.extensions import db
from app.trainees.models import DutyPost, Merge, Standing, Trainee
from app.trainees.queries import find_by_nik, merges_into, nik_index
from app.trainees.rules import TAKEN_FACTS, takes_service
from app.trainees.services.accounts import (
    changes_accounts,
    give_accounts_back,
    let_account_follow,
    memory_of_accounts,
)

ACCOUNTS = "accounts"  # both have one, and that of the duplicate is the one in use
NEVER = date.max  # stands for "open" while two open periods change hands


def what_is_taken(duplicate: Trainee, canonical: Trainee) -> list[str]:
    """Return by name what the record that counts lacks and the duplicate has; pages say it
    before the press.
    """
    names = [
        name
        for name in TAKEN_FACTS
        if getattr(canonical, name) is None and getattr(duplicate, name) is not None
    ]
    was_appointed = (
        select(Standing.id)
        .where(Standing.trainee_id == canonical.id, Standing.appointment_id.is_not(None))
        .limit(1)
    )
    if takes_service(
        canonical.status, duplicate.status, was_appointed=db.session.scalar(was_appointed) is not None
    ):
        names.append("service")
    if changes_accounts(duplicate, canonical):
        names.append(ACCOUNTS)
    return names


def take(merge: Merge) -> None:
    """Let the record that counts have what it lacks: facts, NIK, account, and the better service with its SK
    and its desa.
    """
    duplicate, canonical = merge.duplicate, merge.canonical
    taken = what_is_taken(duplicate, canonical)
    accounts = memory_of_accounts([duplicate, canonical])
    for name in taken:
        if name == "nik":
            index, duplicate.nik_index = duplicate.nik_index, None
            db.session.flush()
            canonical.nik, canonical.nik_index, canonical.nik_masked = (
                duplicate.nik,
                index,
                duplicate.nik_masked,
            )
        elif name == "user_id":
            user_id, duplicate.user_id = duplicate.user_id, None
            db.session.flush()
            canonical.user_id = user_id
        elif name == "service":
            _swap_service(duplicate, canonical)
        elif name == ACCOUNTS:
            _swap_accounts(duplicate, canonical)
        else:
            setattr(canonical, name, getattr(duplicate, name))
    merge.taken, merge.accounts = ",".join(taken), accounts or None
    _settle(duplicate, canonical)
    let_account_follow(canonical, [int(user_id) for user_id in accounts])


def give_back(merge: Merge) -> None:
    """Give back what this merge let the record that counts take; what was put right since stays with the
    record that counts.

    Raises Conflict when the NIK of the duplicate was meanwhile given to somebody else.
    """
    duplicate, canonical = merge.duplicate, merge.canonical
    for name in (merge.taken or "").split(","):
        if name == "user_id":
            user_id, canonical.user_id = canonical.user_id, None
            db.session.flush()
            duplicate.user_id = user_id
        elif name == "service":
            _swap_service(duplicate, canonical)
        elif name == ACCOUNTS:
            _swap_accounts(duplicate, canonical)
        elif name in TAKEN_FACTS and name != "nik" and getattr(canonical, name) == getattr(duplicate, name):
            setattr(canonical, name, None)
    if duplicate.nik is not None and duplicate.nik_index is None:
        _give_back_nik(duplicate, canonical)
    merge.taken = None
    _settle(duplicate, canonical)
    give_accounts_back(merge)
    merge.accounts = None


def part(merge: Merge) -> None:
    """Give back what one merge took, as if it had never been: later merges give back first, and take again
    what is lacking then.
    """
    later = [each for each in merges_into(merge.canonical) if each.id > merge.id]
    for each in reversed(later):
        give_back(each)
    give_back(merge)
    for each in merges_into(merge.canonical):
        if each.id > merge.id:
            take(each)


def _give_back_nik(duplicate: Trainee, canonical: Trainee) -> None:
    assert duplicate.nik is not None
    index = nik_index(duplicate.nik)
    if canonical.nik_index == index:
        canonical.nik = canonical.nik_index = canonical.nik_masked = None
        db.session.flush()
    elif find_by_nik(duplicate.nik) is not None:
        raise Conflict(
            _("NIK data ganda ini sekarang tercatat pada orang lain. Perbaiki NIK orang itu lebih dahulu.")
        )
    duplicate.nik_index = index


def _swap_accounts(one: Trainee, other: Trainee) -> None:
    """Let two records change accounts."""
    ids = one.user_id, other.user_id
    one.user_id = other.user_id = None
    db.session.flush()
    other.user_id, one.user_id = ids
    db.session.flush()


def _swap_service(one: Trainee, other: Trainee) -> None:
    """Let two records change standings and duty posts, with what they are and where they serve today."""
    for kind in (Standing, DutyPost):
        rows: list[Standing | DutyPost] = list(
            db.session.scalars(select(kind).where(kind.trainee_id.in_([one.id, other.id])))
        )
        still_open = [row for row in rows if row.ends_on is None]
        for row in still_open:
            row.ends_on = NEVER
        db.session.flush()
        for row in rows:
            row.trainee = other if row.trainee_id == one.id else one
        db.session.flush()
        for row in still_open:
            row.ends_on = None
        db.session.flush()
    one.status, other.status = other.status, one.status
    one.duty_region, other.duty_region = other.duty_region, one.duty_region


def _settle(duplicate: Trainee, canonical: Trainee) -> None:
    """Write it down; what is read through a relation (account, desa) is read anew."""
    db.session.flush()
    for record in (duplicate, canonical):
        db.session.expire(record, ["user", "home_region", "duty_region", "counting"])
