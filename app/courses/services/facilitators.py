"""Those who teach for an organiser: entered, put right, and given their sessions once they have
an account.
"""

from app.audit import services as audit
from app.auth import services as auth
from app.auth.models import User
from app.auth.queries import find_by_sign_in_name
from app.auth.rules import Role
from app.core.actor import Actor
from app.core.errors import Conflict, RuleViolation
from app.core.phones import read_phone
from app.core.scopes import ScopeKind
from app.core.text import Text, _
from app.core.unit_of_work import atomic
from app.courses import queries
from app.courses.acts import Act
from app.courses.models import Facilitator
from app.extensions import db
from app.organisers.models import Organiser
from app.organisers.queries import lock_organiser


@atomic()
def add_facilitator(
    organiser: Organiser,
    *,
    name: str,
    by: Actor,
    institution: str = "",
    phone: str = "",
    user: User | None = None,
    email: str | None = None,
) -> Facilitator:
    """Enter somebody who teaches for an organiser; raise when that account or name and office is entered
    already, or the number is none.

    By e-mail a known account is joined and an unknown person is invited; the right to a session comes with
    being named for it.
    """
    number = _number(phone)
    user = user or _joined(organiser, name, email, by)
    _refuse_known(organiser, name, institution, user)
    facilitator = Facilitator(
        organiser_id=organiser.id,
        name=name,
        institution=institution,
        phone=number,
        user_id=user and user.id,
        recorded_by_id=by.id,
    )
    db.session.add(facilitator)
    audit.record("facilitator.added", facilitator, by=by)
    return facilitator


@atomic()
def change_facilitator(
    facilitator: Facilitator,
    *,
    name: str,
    by: Actor,
    institution: str = "",
    phone: str = "",
    email: str | None = None,
) -> Facilitator:
    """Put right what is known of somebody who teaches; raises as `add_facilitator` does.

    Who has no account yet is joined to one by e-mail, or invited, and sees the sessions whose presence can
    still be entered.
    """
    organiser = lock_organiser(facilitator.organiser_id)
    held = next(each for each in queries.lock_facilitators_like(facilitator.id) if each.id == facilitator.id)
    number, user = _number(phone), held.user or _joined(organiser, name, email, by)
    _refuse_known(organiser, name, institution, user, except_for=held)
    was = (held.name, held.institution, held.phone, held.user_id)
    held.name, held.institution, held.phone, held.user_id = name, institution, number, user and user.id
    now = (held.name, held.institution, held.phone, held.user_id)
    if was == now:
        return held
    db.session.flush()
    db.session.refresh(held)
    changed = [
        what
        for what, before, after in zip(("name", "institution", "phone", "account"), was, now, strict=True)
        if before != after
    ]
    audit.record("facilitator.changed", held, by=by, details={"fields": changed})
    if user is not None and "account" in changed:
        for session in queries.list_sessions_taught(held):
            if queries.refusal_to_act(Act.RECORD_ATTENDANCE, session.batch) is None:
                auth.grant_role(user, Role.TRAINER, scope_kind=ScopeKind.SESSION, scope_id=session.id, by=by)
    return held


def _joined(organiser: Organiser, name: str, email: str | None, by: Actor) -> User | None:
    """Return the account of an address: the one that has it, else a new one that is invited; None where no
    address was given.
    """
    if not email:
        return None
    return find_by_sign_in_name(email) or auth.invite_person(name, email, region=organiser.region, by=by)


def _number(typed: str) -> str | None:
    """Return a telephone number as it is kept, None where none was typed; raise for what is none."""
    if not typed.strip():
        return None
    number = read_phone(typed)
    if isinstance(number, Text):
        raise RuleViolation(number, field="phone")
    return number


def _refuse_known(
    organiser: Organiser,
    name: str,
    institution: str,
    user: User | None,
    *,
    except_for: Facilitator | None = None,
) -> None:
    for known in queries.list_facilitators(organiser):
        if except_for is not None and known.id == except_for.id:
            continue
        same_person = user is not None and known.user_id == user.id
        if same_person or (known.name.casefold(), known.institution.casefold()) == (
            name.casefold(),
            institution.casefold(),
        ):
            raise Conflict(_("%(name)s sudah ada dalam daftar pengajar.", name=known.name), field="name")
