"""The page of a target: what others set meanwhile is seen first, what was set can be withdrawn, and the
history keeps all.
"""

import pytest

from app.auth.rules import Role
from app.core import clock
from app.core.errors import RuleViolation
from app.coverage import queries, services
from app.regions.rules import WITA

TAPIN, CLU = "63.05", "63.05.06"


@pytest.fixture
def dinas(make, browser):
    browser.sign_in(make.user(Role.KABUPATEN_DINAS))
    return browser


def version_on(page) -> str:
    return page.soup.find("input", attrs={"name": "version"})["value"]


def test_whoever_saves_a_target_over_anothers_is_told_of_it_first(make, dinas):
    """Two windows on one kecamatan: the second sees what the first saved before it overwrites it; the history
    keeps both.
    """
    make.tier()
    make.target(per_desa=1)
    today = clock.today(WITA)
    version = version_on(dinas.get("coverage.set_target", region_code=CLU))
    dinas.post(
        "coverage.set_target",
        region_code=CLU,
        data={"per_desa": "2", "tier_rank": "1", "starts_on": f"{today}"},
    )
    typed = {"per_desa": "4", "tier_rank": "1", "starts_on": f"{today}"}
    page = dinas.post("coverage.set_target", region_code=CLU, data={**typed, "version": version}, expect=409)
    assert "Sejak halaman ini dibuka tersimpan target lain: 2 orang berjenjang dasar" in page.error
    assert page.soup.find("input", attrs={"name": "per_desa"})["value"] == "4"
    dinas.post("coverage.set_target", region_code=CLU, data={**typed, "version": version_on(page)})
    history = queries.list_targets(queries.find_latest(CLU))
    assert [(each.per_desa, each.withdrawn_at is None) for each in history] == [(4, True), (2, False)]


def test_a_place_withdraws_its_own_target_on_the_page(make, dinas):
    make.tier()
    make.target(per_desa=1)
    make.target(CLU, per_desa=4)
    page = dinas.get("coverage.set_target", region_code=CLU)
    assert "angka sampai kemarin tetap" in page.text
    target_id = page.soup.find("input", attrs={"name": "target_id"})["value"]
    dinas.post("coverage.withdraw_target", region_code=CLU, data={"target_id": target_id})
    page = dinas.get("coverage.set_target", region_code=CLU)
    assert (
        "Yang berlaku hari ini: 1 orang setiap desa/kelurahan. Target ini ditetapkan oleh wilayah di atasnya."
        in page.text
    )
    assert "mengikuti wilayah di atasnya" in page.text
    assert "4 orang" in page.text
    dinas.post("coverage.withdraw_target", region_code=CLU, data={"target_id": target_id})
    assert "sudah digantikan" in dinas.get("coverage.set_target", region_code=CLU).text
    dinas.post("coverage.withdraw_target", region_code="63.03", data={"target_id": target_id}, expect=404)


def test_a_number_that_is_none_is_answered_once_and_with_what_this_field_takes(make, dinas):
    make.tier()
    typed = {"per_desa": "1,5", "tier_rank": "1", "starts_on": f"{clock.today(WITA)}"}
    page = dinas.post("coverage.set_target", region_code=TAPIN, data=typed, expect=422)
    assert "Isi dengan angka bulat dari 1 sampai 100." in page.error
    assert "1.500" not in page.error
    assert "Isi dengan angka dari" not in page.error


def test_a_target_of_nobody_is_refused_with_what_to_do_instead(make, dinas):
    make.tier()
    typed = {"per_desa": "0", "tier_rank": "1", "starts_on": f"{clock.today(WITA)}"}
    page = dinas.post("coverage.set_target", region_code=TAPIN, data=typed, expect=422)
    assert "dari 1 sampai 100" in page.error
    assert "Cabut targetnya bila tidak ada." in page.text
    with pytest.raises(RuleViolation, match=r"dari 1 sampai 100 orang\. Cabut targetnya bila tidak ada."):
        services.set_target(
            make.region(TAPIN), 0, starts_on=clock.today(WITA), by=make.user(Role.KABUPATEN_DINAS)
        )


def test_a_zero_of_an_earlier_release_is_no_target(make, dinas):
    make.tier()
    make.target(per_desa=0)
    assert queries.target_for(queries.find_latest(TAPIN), clock.today(WITA)) is None
    assert "tidak ada target" in dinas.get("coverage.set_target", region_code=TAPIN).text
    make.target("63", per_desa=2)
    assert queries.target_for(queries.find_latest(TAPIN), clock.today(WITA)).per_desa == 2
