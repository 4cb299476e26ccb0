"""A region that has left the list: one answer on every door, with where to go on."""

from datetime import timedelta

import pytest

from app.auth.rules import Role
from app.core import clock
from app.regions.rules import WITA
from app.regions.services import import_regions, split_region
from app.trainees.services import move_duty
from tests import regions_for_tests

OLD, NEW = "63.05.08.2002", "63.05.08.2001"


@pytest.fixture
def dinas(make, browser):
    browser.sign_in(make.user(Role.KABUPATEN_DINAS))
    return browser


@pytest.fixture
def left(make, db, at):
    """A desa that left the list on 7 December; who served there serves in another one."""
    at(2026, 12, 7, 1)
    person = make.trainee(OLD)
    move_duty(person, make.region(NEW), clock.today(WITA), make.user(Role.KABUPATEN_DINAS))
    person.home_region = make.region(NEW)
    db.session.commit()
    import_regions([row for row in regions_for_tests.rows() if row[0] != OLD])


SAID = (
    "Desa Miawa (63.05.08.2002) tidak tercatat dalam daftar wilayah sejak 7 Desember 2026. PSM yang dahulu"
    " bertugas di sana kini bertugas di Desa Batu Ampar (63.05.08.2001)."
)


def test_every_door_says_the_same_of_a_desa_that_left(left, dinas, app, make):
    page = dinas.get("coverage.show_coverage", region_code=OLD, expect=404)
    said = page.soup.select_one(".lead").text
    assert said.startswith(
        "Desa Miawa (63.05.08.2002) tidak tercatat dalam daftar wilayah sejak 7 Desember 2026. PSM yang"
        " dahulu"
    )
    assert f"({NEW})." in said
    assert page.soup.find("a", href=f"/coverage/{NEW}")
    assert "Tetapkan target" not in page.text
    for endpoint in ("coverage.list_gaps", "coverage.list_names"):
        assert said in dinas.get(endpoint, region_code=OLD, expect=404).text
    assert said in dinas.get("coverage.show_coverage", region_code=OLD, format="csv", expect=404).text
    dinas.get("coverage.set_target", region_code=OLD, expect=404)
    dinas.get("coverage.state_complete", region_code=OLD, expect=404)
    outcome = app.test_cli_runner().invoke(args=["coverage", "report", OLD])
    assert (outcome.exit_code, outcome.stdout, outcome.stderr) == (1, "", f"{said}\n")


def test_the_figures_of_before_stay(left, dinas):
    yesterday = clock.today(WITA) - timedelta(days=1)
    page = dinas.get("coverage.show_coverage", region_code=OLD, as_of=yesterday.isoformat())
    assert "Tetapkan target" not in page.text


def test_the_successor_is_named_where_it_is_known(make, dinas, at):
    at(2026, 12, 7, 1)
    split_region(
        make.region(OLD),
        [("63.05.08.2031", "Miawa", {})],
        starts_on=clock.today(WITA),
        by=make.user(Role.KABUPATEN_DINAS),
    )
    page = dinas.get("coverage.show_coverage", region_code=OLD, expect=404)
    assert "Penggantinya: Desa Miawa (63.05.08.2031)." in page.text
    assert page.soup.find("a", href="/coverage/63.05.08.2031")
