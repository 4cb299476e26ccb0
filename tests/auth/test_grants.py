"""Give and end roles: nobody beyond their own region, nobody to themselves, safe to repeat, gone on the next
request.
"""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from app.audit.models import Event
from app.auth import services
from app.auth.models import Grant
from app.auth.rules import Permission, Role
from app.core import clock
from app.core.actor import PUBLIC, SYSTEM
from app.core.errors import RuleViolation
from app.core.scopes import ScopeKind
from app.regions.rules import WIB


def give(make, user, role, code, by, **days):
    return services.grant_role(
        user, role, scope_kind=ScopeKind.REGION, scope_id=make.region(code).id, by=by, **days
    )


def count_grants(db):
    return db.session.scalar(select(func.count(Grant.id)))


def test_the_office_gives_roles_in_its_own_kabupaten(db, make):
    officer, user = make.user(Role.KABUPATEN_DINAS), make.user()
    grant = give(make, user, Role.TKSK, "63.05.06", officer)
    assert (grant.granted_by_id, grant.region.code) == (officer.id, "63.05.06")
    assert user.can(Permission.TRAINEE_REGISTER, make.region("63.05.06"))
    assert db.session.scalars(select(Event)).one().action == "grant.given"


@pytest.mark.parametrize(
    ("by_role", "by_region", "role", "region"),
    [
        (Role.KABUPATEN_DINAS, "63.05", Role.KABUPATEN_DINAS, "63.03"),
        (Role.KABUPATEN_DINAS, "63.05", Role.TKSK, "63.03.01"),
        (Role.KABUPATEN_DINAS, "63.05", Role.PROVINSI_DINAS, "63"),
        (Role.KABUPATEN_DINAS, "63.05", Role.PROVINSI_DINAS, "63.05"),
        (Role.KABUPATEN_DINAS, "63.05", Role.PUSAT, "00"),
        (Role.KABUPATEN_DINAS, "63.05", Role.ADMINISTRATOR, "63.05"),
        (Role.KABUPATEN_DINAS, "63.05", Role.AUDITOR, "63.05"),
        (Role.PROVINSI_DINAS, "63", Role.KABUPATEN_DINAS, "63.05"),
        (Role.PROVINSI_DINAS, "63", Role.TKSK, "63.05.06"),
        (Role.PROVINSI_DINAS, "63", Role.PROVINSI_DINAS, "33"),
        (Role.PROVINSI_DINAS, "63", Role.ADMINISTRATOR, "63"),
        (Role.PUSAT, "00", Role.PROVINSI_DINAS, "63"),
        (Role.ADMINISTRATOR, "63", Role.PUSAT, "00"),
        (Role.ADMINISTRATOR, "63", Role.KABUPATEN_DINAS, "33.74"),
        (Role.COMMITTEE, "63.05", Role.COMMITTEE, "63.05"),
        (Role.SIGNER, "63.05", Role.COMMITTEE, "63.05"),
        (Role.TKSK, "63.05.06", Role.TKSK, "63.05.06"),
        (Role.AUDITOR, "00", Role.AUDITOR, "63"),
    ],
)
def test_nobody_gives_a_role_beyond_their_own(db, make, by_role, by_region, role, region):
    by, user = make.user(by_role, by_region), make.user()
    before = count_grants(db)
    with pytest.raises(RuleViolation):
        give(make, user, role, region, by)
    assert count_grants(db) == before


@pytest.mark.parametrize(
    ("by_role", "by_region", "role", "region"),
    [
        (Role.KABUPATEN_DINAS, "63.05", Role.KABUPATEN_DINAS, "63.05"),
        (Role.KABUPATEN_DINAS, "63.05", Role.SIGNER, "63.05"),
        (Role.PROVINSI_DINAS, "63", Role.PROVINSI_DINAS, "63"),
        (Role.PUSAT, "00", Role.PUSAT, "00"),
        (Role.ADMINISTRATOR, "63", Role.KABUPATEN_DINAS, "63.05"),
        (Role.ADMINISTRATOR, "00", Role.ADMINISTRATOR, "63"),
        (Role.ADMINISTRATOR, "00", Role.PUSAT, "00"),
    ],
)
def test_those_who_may_do(make, by_role, by_region, role, region):
    assert give(make, make.user(), role, region, make.user(by_role, by_region)).role is role


def test_nobody_gives_or_ends_a_role_of_their_own(make):
    officer = make.user(Role.KABUPATEN_DINAS)
    with pytest.raises(RuleViolation):
        give(make, officer, Role.SIGNER, "63.05", officer)
    own = make.grant(officer, Role.TKSK, make.region("63.05.06"))
    with pytest.raises(RuleViolation):
        services.revoke_role(own, by=officer)


def test_the_public_gives_nothing(make):
    with pytest.raises(RuleViolation):
        give(make, make.user(), Role.TKSK, "63.05.06", PUBLIC)


def test_giving_twice_is_giving_once_and_may_move_the_last_day(db, make):
    officer, user = make.user(Role.KABUPATEN_DINAS), make.user()
    last = clock.today(WIB) + timedelta(days=30)
    first = give(make, user, Role.TKSK, "63.05.06", officer)
    assert give(make, user, Role.TKSK, "63.05.06", officer).id == first.id
    assert give(make, user, Role.TKSK, "63.05.06", officer, ends_on=last).id == first.id
    assert first.ends_on == last
    assert db.session.scalars(select(Event.action).order_by(Event.id)).all() == [
        "grant.given",
        "grant.changed",
    ]


def test_a_role_ends_after_its_last_day(make, at):
    at(2026, 3, 2, 2)
    user = make.user()
    give(
        make,
        user,
        Role.TKSK,
        "63.05.06",
        SYSTEM,
        starts_on=clock.today(WIB) + timedelta(days=1),
        ends_on=clock.today(WIB) + timedelta(days=2),
    )
    held = []
    for day in (2, 3, 4, 5):
        at(2026, 3, day, 2)
        user.granted = None
        held.append(user.roles() == {Role.TKSK})
    assert held == [False, True, True, False]


def test_an_ended_role_is_gone_at_once_and_can_be_given_again(db, make):
    officer, user = make.user(Role.KABUPATEN_DINAS), make.user()
    grant = give(make, user, Role.TKSK, "63.05.06", officer)
    assert user.roles()
    services.revoke_role(grant, by=officer)
    services.revoke_role(grant, by=officer)
    assert user.roles() == set()
    assert give(make, user, Role.TKSK, "63.05.06", officer).id != grant.id
    assert db.session.scalars(select(Event.action).order_by(Event.id)).all() == [
        "grant.given",
        "grant.ended",
        "grant.given",
    ]


def test_a_role_is_ended_only_by_those_who_may_give_it(make):
    victim = make.user()
    grant = make.grant(victim, Role.PROVINSI_DINAS, make.region("63"))
    for by in (
        make.user(Role.KABUPATEN_DINAS),
        make.user(Role.KABUPATEN_DINAS, "63.03"),
        make.user(Role.COMMITTEE),
    ):
        with pytest.raises(RuleViolation):
            services.revoke_role(grant, by=by)
    assert victim.roles() == {Role.PROVINSI_DINAS}


def test_roles_at_an_office_are_given_by_those_who_manage_its_region(make):
    officer, stranger, user = (
        make.user(Role.KABUPATEN_DINAS),
        make.user(Role.KABUPATEN_DINAS, "63.03"),
        make.user(),
    )
    office = make.organiser()
    with pytest.raises(RuleViolation):
        services.grant_role(
            user, Role.COMMITTEE, scope_kind=ScopeKind.ORGANISER, scope_id=office.id, by=stranger
        )
    with pytest.raises(RuleViolation):
        services.grant_role(user, Role.COMMITTEE, scope_kind=ScopeKind.ORGANISER, scope_id=9999, by=officer)
    grant = services.grant_role(
        user, Role.COMMITTEE, scope_kind=ScopeKind.ORGANISER, scope_id=office.id, by=officer
    )
    assert user.can(Permission.COURSE_EDIT, office)
    assert "TAPIN" in services.name_of_grant(grant)


def test_an_unknown_region_is_refused(make):
    with pytest.raises(RuleViolation):
        services.grant_role(make.user(), Role.TKSK, scope_kind=ScopeKind.REGION, scope_id=999_999, by=SYSTEM)
