"""Offices, their names, their signers, their numbering."""

from datetime import date

import pytest
from sqlalchemy import select

from app.audit.models import Event
from app.auth.rules import Role
from app.core.actor import SYSTEM
from app.core.errors import Conflict, RuleViolation
from app.organisers import queries, services
from app.regions.rules import Level


def actions(db):
    return list(db.session.scalars(select(Event.action).order_by(Event.id)))


def register(make, by=SYSTEM, **values):
    facts = {
        "code": "tapin",
        "unit": "dinsos-tapin",
        "level": Level.KABUPATEN,
        "region": make.region("63.05"),
        "seat": "Rantau",
        "name": "Dinas Sosial",
        "government": "Pemerintah Kabupaten Tapin",
        "starts_on": date(2010, 1, 1),
        **values,
    }
    return services.register_organiser(by=by, **facts)


def test_an_office_is_registered_with_its_first_name(make, db):
    organiser = register(make)

    assert (organiser.code, organiser.unit) == ("TAPIN", "DINSOS-TAPIN")
    assert queries.name_on(organiser, date(2011, 5, 24)).name == "Dinas Sosial"
    assert queries.name_on(organiser, date(2009, 12, 31)) is None
    assert actions(db) == ["organiser.registered", "organiser.renamed"]


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"code": "TAP IN"}, "code"),
        ({"code": "T"}, "code"),
        ({"level": Level.PROVINSI}, "level"),
        ({"unit": "DIN/SOS"}, "unit"),
        ({"number_pattern": "{year}"}, "number_pattern"),
    ],
)
def test_an_office_that_could_not_number_or_be_found_is_refused(make, values, field):
    with pytest.raises(RuleViolation) as refused:
        register(make, **values)
    assert refused.value.field == field


def test_a_code_belongs_to_one_office(make):
    register(make)
    with pytest.raises(Conflict):
        register(make, code="Tapin")


def test_a_region_has_one_office(make):
    register(make)
    with pytest.raises(
        Conflict,
        match=r"Kabupaten Tapin sudah mempunyai penyelenggara: Dinas Sosial\..*dinas sosial provinsi",
    ) as refused:
        register(make, code="TPN2", unit="DINSOS-DUA")
    assert refused.value.field == "region"


def test_nobody_takes_name_or_unit_of_an_office_of_another_region(make):
    ours = register(make, name="Dinas Sosial Kabupaten Tapin")
    there = {"region": make.region("63.72"), "code": "BJB", "government": "Pemerintah Kota Banjarbaru"}
    for values, field in [
        ({"unit": "Dinsos-Tapin", "name": "Dinas Sosial Kota Banjarbaru"}, "unit"),
        ({"unit": "DINSOS-BJB", "name": "DINAS SOSIAL  KABUPATEN TAPIN"}, "name"),
    ]:
        with pytest.raises(Conflict, match="dipakai Dinas Sosial Kabupaten Tapin") as refused:
            register(make, **there, **values)
        assert refused.value.field == field
    theirs = register(make, **there, unit="DINSOS-BJB", name="Dinas Sosial")
    services.rename_organiser(
        ours,
        name="Dinas Sosial",
        government="Pemerintah Kabupaten Tapin",
        starts_on=date(2020, 1, 1),
        by=SYSTEM,
    )
    with pytest.raises(Conflict, match="Unit DINSOS-TAPIN dipakai"):
        services.set_numbering(
            theirs, number_pattern=theirs.number_pattern, unit="dinsos-tapin", seat="Banjarbaru", by=SYSTEM
        )
    with pytest.raises(Conflict, match="Nama ini dipakai"):
        services.rename_organiser(
            theirs,
            name="Dinas Sosial Kabupaten Tapin",
            government="Pemerintah Kota Banjarbaru",
            starts_on=date(2020, 1, 1),
            by=SYSTEM,
        )


def test_nobody_registers_an_office_in_another_region(make):
    with pytest.raises(RuleViolation) as refused:
        register(make, by=make.user(Role.KABUPATEN_DINAS, "63.72"))
    assert refused.value.field == "region"


def test_a_name_holds_from_its_day_on(make, db):
    organiser = register(make)
    services.rename_organiser(
        organiser, name="Dinsosduknaker", government="Pemkab", starts_on=date(2014, 1, 1), by=SYSTEM
    )

    assert queries.name_on(organiser, date(2013, 12, 31)).name == "Dinas Sosial"
    assert queries.name_on(organiser, date(2014, 1, 1)).name == "Dinsosduknaker"
    with pytest.raises(Conflict) as refused:
        services.rename_organiser(
            organiser, name="Lain", government="Pemkab", starts_on=date(2014, 1, 1), by=SYSTEM
        )
    assert refused.value.field == "starts_on"


def appoint(organiser, name="Kepala", starts_on=date(2010, 1, 1), **values):
    return services.appoint_signer(
        organiser, name=name, position="Kepala Dinas", starts_on=starts_on, by=SYSTEM, **values
    )


def test_who_signs_depends_on_the_day(make, db):
    organiser = register(make)
    head = appoint(organiser, ends_on=date(2011, 5, 25))
    acting = appoint(organiser, "Sekretaris", date(2011, 5, 20), prefix="Plt.", ends_on=date(2011, 5, 31))
    kabid = appoint(organiser, "Kabid", is_second=True)

    assert queries.signer_on(organiser, date(2011, 5, 19)) == head
    assert queries.signer_on(organiser, date(2011, 5, 24)) == acting
    assert queries.signer_on(organiser, date(2011, 6, 1)) is None
    assert queries.signer_on(organiser, date(2011, 5, 24), second=True) == kabid
    assert actions(db)[-3:] == ["signer.appointed"] * 3


def test_a_second_regular_signer_at_the_same_time_is_refused_by_name(make):
    organiser = register(make)
    appoint(organiser, "Dra. Rusmini")

    with pytest.raises(RuleViolation, match=r"Dra\. Rusmini masih menjabat") as refused:
        appoint(organiser, "Orang lain", date(2012, 1, 1))
    assert refused.value.field == "starts_on"


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"ends_on": date(2009, 1, 1)}, "ends_on"),
        ({"prefix": "Pj."}, "prefix"),
        ({"nip": "12345"}, "nip"),
        ({"nip": "1" * 17 + "x"}, "nip"),
    ],
)
def test_a_signer_who_could_not_be_printed_is_refused(make, values, field):
    with pytest.raises(RuleViolation) as refused:
        appoint(register(make), **values)
    assert refused.value.field == field


def test_a_nip_may_be_typed_in_groups(make):
    assert appoint(register(make), nip="19650101 199003 2 001").nip == "196501011990032001"


def test_a_term_ends_and_the_next_may_begin(make, db):
    organiser = register(make)
    head = appoint(organiser)
    services.end_signer(head, ends_on=date(2011, 12, 31), by=SYSTEM)
    new = appoint(organiser, "Baru", date(2012, 1, 1))

    assert queries.signer_on(organiser, date(2011, 12, 31)) == head
    assert queries.signer_on(organiser, date(2012, 1, 1)) == new
    assert "signer.ended" in actions(db)


def test_a_term_does_not_end_twice_nor_before_it_began_nor_grow_again(make):
    head = appoint(register(make))
    with pytest.raises(RuleViolation):
        services.end_signer(head, ends_on=date(2009, 12, 31), by=SYSTEM)
    services.end_signer(head, ends_on=date(2011, 12, 31), by=SYSTEM)
    with pytest.raises(Conflict):
        services.end_signer(head, ends_on=date(2011, 12, 31), by=SYSTEM)
    with pytest.raises(RuleViolation):
        services.end_signer(head, ends_on=date(2012, 12, 31), by=SYSTEM)


def test_the_numbering_is_set_and_a_bad_one_changes_nothing(make, db):
    organiser = register(make)
    services.set_numbering(
        organiser,
        number_pattern="400.9.1/{sequence:03}/STTPP/{unit}/{year}",
        unit="dinsos",
        seat="Rantau",
        by=SYSTEM,
    )
    with pytest.raises(RuleViolation):
        services.set_numbering(organiser, number_pattern="{sequence}", unit="X", seat="Y", by=SYSTEM)

    db.session.refresh(organiser)
    assert (organiser.number_pattern, organiser.unit, organiser.seat) == (
        "400.9.1/{sequence:03}/STTPP/{unit}/{year}",
        "DINSOS",
        "Rantau",
    )
