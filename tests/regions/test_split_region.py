"""Pemekaran: rows keep pointing at the old region, and are found where it stands today."""

from datetime import date

import pytest
from sqlalchemy import select

from app.audit.models import Event
from app.auth.rules import Permission, Role
from app.core.actor import SYSTEM
from app.core.errors import RuleViolation
from app.core.scopes import Reach, Reaching
from app.regions import queries
from app.regions.services import split_region
from app.trainees.models import Trainee

SINCE = date(2026, 1, 1)


@pytest.fixture
def piani(make, at):
    at(2026, 2, 1)
    return make.region("63.05.08")


def halves(piani):
    """Piani keeps its first four desa, the others form Piani Hulu under new codes."""
    desa = [each.code for each in queries.list_children(piani)]
    desa.sort()
    stays, goes = desa[:4], desa[4:]
    return [
        ("63.05.08", "Piani", {code: code for code in stays}),
        ("63.05.13", "Piani Hulu", {code: f"63.05.13.{2001 + n}" for n, code in enumerate(goes)}),
    ]


def test_a_kecamatan_is_split_and_its_desa_get_new_codes(piani, make, db):
    parts = halves(piani)
    stays, goes = list(parts[0][2]), parts[1][2]
    before = {code: make.region(code) for code in [*stays, *goes]}

    old_piani, hulu = split_region(piani, parts, starts_on=SINCE, by=SYSTEM)

    assert piani.valid_to == date(2025, 12, 31)
    assert piani.scope_code == "63.05"  # the smallest region that holds both
    assert [region.code for region in queries.successors(piani)] == ["63.05.08", "63.05.13"]
    assert (old_piani.id, old_piani.code) != (piani.id, hulu.code)
    assert hulu.parent.code == "63.05"
    for code in stays:  # nothing changed but the parent
        assert (before[code].valid_to, before[code].parent_id, before[code].scope_code) == (
            None,
            old_piani.id,
            code,
        )
    for code, new_code in goes.items():
        assert (before[code].valid_to, before[code].scope_code) == (date(2025, 12, 31), new_code)
        assert [region.code for region in queries.successors(before[code])] == [new_code]
        assert queries.current_region(before[code]) is queries.find_region(new_code)
        assert queries.find_region(new_code).name == before[code].name
    assert sorted(desa.code for desa in queries.list_desa(hulu)) == sorted(goes.values())
    assert db.session.scalars(select(Event)).one().action == "region.split"


def test_people_keep_their_row_and_are_found_in_the_new_kecamatan(piani, make, db):
    parts = halves(piani)
    going = next(iter(parts[1][2]))
    person = make.trainee(desa=going)
    desa_id = person.duty_region_id

    split_region(piani, parts, starts_on=SINCE, by=SYSTEM)

    assert person.duty_region_id == desa_id
    assert [str(scope.value)[:8] for scope in person.scopes()] == ["63.05.13"]

    def found(code):
        within = Reach(regions=frozenset({(code, Reaching.BELOW)}))
        joined = (
            select(Trainee).join(Trainee.duty_region).where(within.clause(region_code=type(piani).scope_code))
        )
        return list(db.session.scalars(joined))

    assert found("63.05.13") == found("63.05") == [person]
    assert found("63.05.08") == []
    dinas = make.user(role=Role.KABUPATEN_DINAS, region="63.05")
    assert dinas.can(Permission.TRAINEE_EDIT, person)


def test_nobody_gains_a_right_by_a_split(piani, make):
    tksk, neighbour = make.user(role=Role.TKSK, region="63.05.08"), make.trainee(desa="63.05.06.2001")
    stays = make.trainee(desa=next(iter(halves(piani)[0][2])))
    split_region(piani, halves(piani), starts_on=SINCE, by=SYSTEM)
    tksk.granted = None  # as on the next request
    assert tksk.can(Permission.TRAINEE_SEE, stays)
    assert not tksk.can(Permission.TRAINEE_SEE, neighbour)


def test_a_second_split_leads_on_from_the_first(piani, make):
    parts = halves(piani)
    going, first_code = next(iter(parts[1][2].items()))
    desa = make.region(going)
    _piani, hulu = split_region(piani, parts, starts_on=SINCE, by=SYSTEM)

    children = {each.code: each.code.replace("63.05.13", "63.05.14") for each in queries.list_children(hulu)}
    split_region(hulu, [("63.05.14", "Piani Raya", children)], starts_on=SINCE, by=SYSTEM)

    assert desa.scope_code == first_code.replace("63.05.13", "63.05.14")
    assert hulu.scope_code == "63.05.14"  # one successor: its code


def test_a_kabupaten_that_gets_another_code_takes_all_below_it_along(make, at):
    at(2026, 2, 1)
    tapin, desa = make.region("63.05"), make.region("63.05.08.2001")
    children = {each.code: each.code.replace("63.05", "63.12", 1) for each in queries.list_children(tapin)}

    (fresh,) = split_region(tapin, [("63.12", "Kabupaten Tapin", children)], starts_on=SINCE, by=SYSTEM)

    assert tapin.scope_code == "63.12"
    assert desa.scope_code == "63.12.08.2001"
    assert queries.current_region(desa).parent.parent is fresh
    assert [each.code for each in queries.ancestors(desa)] == ["63", "63.05", "63.05.08"]  # as it was


def test_a_desa_that_is_split_is_found_in_its_kecamatan(make, at):
    at(2026, 2, 1)
    desa = make.region("63.05.08.2001")
    split_region(
        desa,
        [("63.05.08.2001", "Miawa", {}), ("63.05.08.2099", "Miawa Hulu", {})],
        starts_on=SINCE,
        by=SYSTEM,
    )
    assert desa.scope_code == "63.05.08"
    assert queries.find_region("63.05.08.2001").id != desa.id


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"starts_on": date(2026, 2, 3)}, "masa depan"),
        ({"into": [("63.05.07", "Bakarangan", {})]}, "sudah dipakai"),
        ({"into": [("63.99.01", "Piani", {})]}, "belum mendapat tempat"),
        ({"into": []}, "sedikitnya satu"),
    ],
)
def test_a_split_that_does_not_fit_changes_nothing(piani, change, says):
    asked = {"into": halves(piani), "starts_on": SINCE} | change
    with pytest.raises(RuleViolation, match=says):
        split_region(piani, asked["into"], starts_on=asked["starts_on"], by=SYSTEM)
    assert piani.valid_to is None
    assert queries.find_region("63.05.13") is None


def test_a_new_region_needs_a_parent_that_is_there(piani, make):
    children = {each.code: each.code.replace("63.05.08", "63.99.01") for each in queries.list_children(piani)}
    with pytest.raises(RuleViolation, match="induk dari wilayah baru belum ada"):
        split_region(piani, [("63.99.01", "Piani", children)], starts_on=SINCE, by=SYSTEM)


def test_a_retired_region_is_not_split_again(piani):
    parts = halves(piani)
    split_region(piani, parts, starts_on=SINCE, by=SYSTEM)
    with pytest.raises(RuleViolation, match="tidak berlaku"):
        split_region(piani, parts, starts_on=SINCE, by=SYSTEM)
