"""The list of regions is taken over as a whole, again and again."""

from datetime import date

import pytest
from sqlalchemy import func, select

from app.audit.models import Event
from app.auth.rules import Role
from app.core import clock
from app.core.errors import RuleViolation
from app.regions import queries
from app.regions.lines import lines_of
from app.regions.services import import_regions
from app.trainees.rules import TraineeStatus
from app.trainees.services import move_duty
from tests import regions_for_tests

NOTHING = (0, 0, 0)


def changes(report):
    return tuple(report.counts.values())


@pytest.fixture
def rows(db):
    return list(regions_for_tests.rows())


def test_the_same_list_again_changes_nothing_and_is_no_event(rows, db):
    assert changes(import_regions(rows)) == NOTHING
    assert db.session.scalar(select(func.count(Event.id))) == 0


def test_a_new_region_gets_its_parent_zone_and_first_day(rows, at):
    at(2026, 3, 4, 20)  # the fifth in WIB
    report = import_regions([*rows, ("63.05.13", "Piani Hulu"), ("63.05.13.2001", "Batu Ampar")])

    assert changes(report) == (2, 0, 0)
    desa = queries.find_region("63.05.13.2001")
    assert (desa.parent.code, desa.zone, desa.valid_from, desa.scope_code) == (
        "63.05.13",
        "Asia/Makassar",
        date(2026, 3, 5),
        "63.05.13.2001",
    )


def test_a_new_name_changes_the_row_and_is_an_event(rows, make, db):
    piani = make.region("63.05.08")
    renamed = [(code, "Piani Raya" if code == "63.05.08" else name) for code, name in rows]

    assert changes(import_regions(renamed)) == (0, 1, 0)

    assert piani.name == "Piani Raya"
    assert db.session.scalars(select(Event)).one().action == "region.imported"


def test_a_code_that_disappears_is_retired_and_never_deleted(rows, make, at):
    at(2026, 3, 4)
    lost = make.region("63.05.08.2001")

    assert changes(import_regions([row for row in rows if row[0] != "63.05.08.2001"])) == (0, 0, 1)

    assert lost.valid_to == date(2026, 3, 4)
    assert lost.scope_code == "63.05.08.2001"  # its people are still found under Piani
    assert queries.find_region("63.05.08.2001") is None
    assert lost.code not in [desa.code for desa in queries.list_desa(make.region("63.05.08"))]


def test_a_code_that_comes_back_is_the_same_row_again(rows, make):
    lost = make.region("63.05.08.2001")
    import_regions([row for row in rows if row[0] != "63.05.08.2001"])

    assert changes(import_regions(rows)) == (1, 0, 0)

    assert queries.find_region("63.05.08.2001") is lost
    assert lost.valid_to is None


@pytest.mark.parametrize(
    ("spoil", "says"),
    [
        (lambda rows: [], "kosong"),
        (lambda rows: [*rows, rows[-1]], "muncul dua kali"),
        (lambda rows: [row for row in rows if row[0] != "63.05.08"], "induk 63.05.08"),
        (lambda rows: [*rows, ("63.5", "Tapin")], "63.5"),
    ],
)
def test_a_spoilt_list_changes_nothing(rows, db, spoil, says):
    before = queries.count_by_level()
    with pytest.raises(RuleViolation, match=says):
        import_regions(spoil(rows))
    assert queries.count_by_level() == before


MIAWA = "63.05.08.2002"


def without(rows, code):
    return [row for row in rows if not row[0].startswith(code)]


def test_a_list_that_would_drop_people_an_office_or_rights_is_refused_and_names_them(rows, make, db):
    make.trainee(MIAWA, name="Aminah binti Saleh")
    make.user(Role.TKSK, "63.05.08", name="Rudi TKSK")
    make.organiser()
    with pytest.raises(RuleViolation) as refused:
        import_regions(without(rows, "63.05.08"))
    said = str(refused.value.reason)
    assert "Desa Miawa (63.05.08.2002): Aminah binti Saleh" in said
    assert "Kecamatan Piani (63.05.08): Rudi TKSK (TKSK)" in said
    assert "impor dahulu daftar yang memuat kode lama dan kode baru" in said
    assert make.region(MIAWA).valid_to is None
    make.organiser("63.72", code="BANJARBARU")
    with pytest.raises(RuleViolation, match=r"Kota Banjarbaru \(63.72\): BANJARBARU"):
        import_regions(without(rows, "63.72"))


def test_who_has_left_or_was_moved_holds_no_list_up(rows, make, db):
    person = make.trainee(MIAWA)
    make.trainee(MIAWA, status=TraineeStatus.RESIGNED)
    both = [*rows, ("63.05.13", "Piani Hulu"), ("63.05.13.2001", "Miawa")]
    import_regions(both)
    with pytest.raises(RuleViolation, match="Siti Nomor"):
        import_regions(without(both, MIAWA))
    move_duty(
        person, make.region("63.05.13.2001"), clock.today("Asia/Makassar"), make.user(Role.KABUPATEN_DINAS)
    )
    with pytest.raises(RuleViolation, match=r"Siti Nomor [A-Z][a-z]? \(domisili\)"):  # she lives there still
        import_regions(without(both, MIAWA))
    person.home_region = make.region("63.05.13.2001")
    db.session.commit()
    assert changes(import_regions(without(both, MIAWA))) == (0, 0, 1)


def test_both_codes_of_one_desa_are_said_to_count_twice(rows):
    """The advised way to a new code counts a desa twice for a while: the report says so, and of a desa that
    only has a namesake not.
    """
    report = import_regions(
        [*rows, ("63.05.13", "Piani Hulu"), ("63.05.13.2001", "MIAWA"), ("63.05.13.2002", "Ujung Baru")]
    )
    assert [tuple(each) for each in report.doubled] == [("Desa MIAWA", MIAWA, "63.05.13.2001")]
    said = " ".join(map(str, lines_of(report)))
    assert f"Desa MIAWA kini tercatat dengan dua kode, {MIAWA} dan 63.05.13.2001." in said
    assert "cakupan menghitungnya dua kali" in said


def test_a_part_of_a_list_is_refused_with_what_is_needed(rows):
    part = [row for row in rows if row[0] in ("63", "63.05", "63.05.08")]
    with pytest.raises(RuleViolation, match="Impor memerlukan daftar wilayah seluruhnya"):
        import_regions([*part, ("63.05.08.2030", "Batu Ampar")])
    with pytest.raises(RuleViolation, match="Impor memerlukan daftar wilayah seluruhnya"):
        import_regions([("63.05.08.2030", "Batu Ampar")])


LAST = "63.03.01.2001"


def test_what_an_import_changes_is_said_by_name_and_in_figures(rows, make):
    make.trainee(MIAWA)
    make.trainee("63.05.08.2001")
    make.target(per_desa=1)
    make.survey()
    changed = [(code, "Miawa Raya" if code == MIAWA else name) for code, name in without(rows, LAST)]
    report = import_regions([*changed, ("63.05.08.2030", "Batu Ampar")])
    said = [str(each) for each in lines_of(report)]
    assert said[:7] == [
        "1 ditambah, 1 diubah, 1 tidak berlaku lagi.",
        "Ditambah:",
        "  Desa Batu Ampar (63.05.08.2030)",
        "Diubah:",
        f"  Desa Miawa → Desa Miawa Raya ({MIAWA})",
        "Tidak berlaku lagi:",
        f"  Desa Bakambat ({LAST})",
    ]
    assert [
        each for each in said if each.startswith("Kabupaten Tapin (63.05): 135 → 136 desa/kelurahan.")
    ] == [said[8]]
    assert "1 orang bertugas, 1 orang berdomisili." in said[8]
    assert (
        "1 target dan 1 pernyataan pendataan lengkap; pernyataan tidak mencakup desa/kelurahan yang baru."
        in said[8]
    )
    facts = report.facts()
    assert facts["regions"]["changed"] == [{"code": MIAWA, "before": "Miawa", "after": "Miawa Raya"}]
    assert facts["kabupaten"][1] == {
        "code": "63.05",
        "name": "Kabupaten Tapin",
        "villages_before": 135,
        "villages_after": 136,
        "duty": 1,
        "home": 1,
        "targets": 1,
        "statements": 1,
    }


def test_many_regions_are_said_by_kecamatan(rows):
    renamed = [(code, f"{name} Baru" if code.startswith("63.05.") else name) for code, name in rows]
    said = [str(each) for each in lines_of(import_regions(renamed))]
    assert "  63.05.08: 9 wilayah" in said
    assert len(said) < 30


def test_the_office_reads_in_its_history_which_regions_changed(rows, make, new_browser):
    """Each kabupaten has an event of its own; who looks after another one does not read it."""
    import_regions([*rows, ("63.05.08.2030", "Batu Ampar")])
    here, auditor, elsewhere = new_browser(), new_browser(), new_browser()
    here.sign_in(make.user(Role.KABUPATEN_DINAS))
    auditor.sign_in(make.user(Role.AUDITOR))
    elsewhere.sign_in(make.user(Role.KABUPATEN_DINAS, "63.03"))
    for browser in (here, auditor):
        said = browser.get("dashboard.list_events").text
        assert "mengubah daftar wilayah" in said
        assert "Ditambah: Desa Batu Ampar (63.05.08.2030)." in said
        assert "wilayah Kabupaten Tapin" in said
    assert "Batu Ampar" not in elsewhere.get("dashboard.list_events").text
