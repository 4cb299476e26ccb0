"""What everybody sees: the open batches, the sheet, the short address."""

from datetime import date, timedelta

import pytest

from app.auth.rules import Role
from app.core import clock
from app.core.actor import SYSTEM
from app.courses import ports
from app.courses.acts import BatchState
from app.courses.queries import state_to_read
from app.courses.rules import BatchStatus
from app.organisers import services as organisers

HIDDEN = [status for status in BatchStatus if status is not BatchStatus.OPEN]


def rows(page):
    return [row.select_one("h2 a").get_text() for row in page.soup.select(".agenda > li")]


def test_the_public_list_shows_what_is_open_and_nothing_else(make, browser):
    make.batch(ordinal=1)
    for number, status in enumerate(HIDDEN, start=2):
        make.batch(ordinal=number, status=status)

    page = browser.get("courses.list_open_batches")

    assert page.h1 == "Diklat yang dibuka"
    assert rows(page) == ["Diklat Dasar PSM, Angkatan I"]
    assert "Aula Dinas Sosial, Rantau" in page.text
    assert "Calon PSM dan PSM" in page.text


def test_an_empty_list_says_what_will_stand_there(db, browser):
    assert "Belum ada diklat yang dibuka" in browser.get("courses.list_open_batches").text


def test_places_left_come_from_the_seats_given(make, browser, monkeypatch):
    batch, full = make.batch(quota=30, ordinal=1), make.batch(quota=10, ordinal=2)
    monkeypatch.setattr(ports, "seat_counters", [lambda ids: {batch.id: 12, full.id: 10}])

    marks = [
        row.select_one(".marks").get_text(" ", strip=True)
        for row in browser.get("courses.list_open_batches").soup.select(".agenda > li")
    ]
    assert marks == ["Dasar 18 tempat lagi", "Dasar Penuh, masih dapat menjadi cadangan"]
    assert "18 dari 30" in browser.get("courses.show_sheet", batch_id=batch.id).text
    assert "sebagai cadangan" in browser.get("courses.show_sheet", batch_id=full.id).text


def test_the_list_is_filtered_by_region_tier_and_month(make, browser):
    provinsi = make.organiser("63")
    soon = clock.today("Asia/Makassar") + timedelta(days=1)
    make.batch(ordinal=1, starts_on=soon)
    make.batch(make.course(make.organiser("33.74")), ordinal=2, starts_on=soon)
    make.batch(make.course(provinsi, "madya"), ordinal=3, starts_on=soon, venue_region=make.region("63.72"))
    make.batch(ordinal=4, starts_on=date(2028, 2, 1))
    dasar, madya = "Diklat Dasar PSM, Angkatan", "Diklat Madya PSM, Angkatan"

    def found(**query):
        return sorted(rows(browser.get("courses.list_open_batches", **query)))

    assert found(region="63") == [f"{dasar} I", f"{dasar} IV", f"{madya} III"]
    assert found(region="63.05") == [
        f"{dasar} I",
        f"{dasar} IV",
        f"{madya} III",
    ]  # the provinsi trains people of Tapin too
    assert found(region="63.05.06") == found(region="63.05")
    assert found(region="63.72") == [f"{madya} III"]
    assert found(region="33.74") == [f"{dasar} II"]
    assert found(tier="madya") == [f"{madya} III"]
    assert found(month="2028-02") == [f"{dasar} IV"]
    assert found(region="63", tier="dasar", month="2028-02") == [f"{dasar} IV"]
    assert found(region="11") == []
    assert len(found(month="nonsense", region="", tier="")) == 4


def test_the_filter_offers_every_kabupaten_of_a_provinsi_that_trains(make, browser):
    make.batch(make.course(make.organiser("63"), "madya"), venue_region=make.region("63.72"))
    chosen = [
        each["value"]
        for each in browser.get("courses.list_open_batches").soup.select("select[name=region] option")
    ]
    assert {"63", "63.05", "63.72"} <= set(chosen)
    assert all(len(code) <= 5 and code[:2] in ("", "63") for code in chosen)


def test_what_the_nation_holds_is_kept_by_every_filter(make, browser):
    make.batch(make.course(make.organiser("00")), ordinal=1, venue_region=make.region("63.72"))
    for code in ("63.05", "33", ""):
        assert rows(browser.get("courses.list_open_batches", region=code)) == ["Diklat Dasar PSM, Angkatan I"]


def test_the_public_list_costs_the_same_with_one_row_and_with_thirty(make, browser, count_queries):
    make.batch()
    with count_queries() as counted:
        browser.get("courses.list_open_batches")
        with_one = counted()
    for code in ("33.74", "63.72", "63.03"):
        course = make.course(make.organiser(code))
        for _number in range(10):
            make.batch(course)
    with count_queries() as counted:
        page = browser.get("courses.list_open_batches")
        assert counted() <= with_one
    assert len(rows(page)) == 31


def test_the_public_list_is_light(make, browser):
    for _number in range(30):
        make.batch()
    assert len(browser.get("courses.list_open_batches").response.data) < 60_000


@pytest.mark.parametrize(
    ("status", "state", "said"),
    [
        (BatchStatus.OPEN, BatchState.OVER, "Tanggal diklat ini sudah lewat."),
        (BatchStatus.CLOSED, BatchState.OVER, "Tanggal diklat ini sudah lewat."),
        (BatchStatus.FINISHED, BatchState.FINISHED, "Tanggal diklat ini sudah lewat."),
        (BatchStatus.CANCELLED, BatchState.CANCELLED, "Diklat ini tidak jadi diselenggarakan."),
    ],
)
@pytest.mark.parametrize("entered", ["before", "after"])
def test_days_that_are_over_are_read_so_whatever_the_status(make, browser, at, status, state, said, entered):
    at(2026, 10, 1, 1)
    batch = make.batch(
        starts_on=date(2026, 10, 12) if entered == "before" else date(2026, 5, 4), status=status
    )
    session, attendee = make.session(batch), make.attendee(batch)
    at(2026, 11, 1, 1)
    assert state_to_read(batch) is state
    browser.sign_in(make.user(Role.KABUPATEN_DINAS))
    assert str(state.label) in browser.get("courses.list_courses", year=2026).text
    assert said in browser.get("courses.show_sheet", batch_id=batch.id).text
    make.attendance(session, attendee)
    if status is not BatchStatus.CANCELLED:
        assert "Diklat ini sudah selesai." in browser.get("courses.show_sheet", batch_id=batch.id).text


def test_the_sheet_says_what_one_asks_first(make, browser, at):
    at(2026, 10, 1, 1)
    batch = make.batch(
        starts_on=date(2026, 10, 12),
        provided="Transport\nMakan siang\n",
        to_bring="KTP",
        registration_closes_on=date(2026, 10, 10),
    )
    make.session(batch, title="Kebijakan", place="Ruang A")

    page = browser.get("courses.show_sheet", batch_id=batch.id)

    for words in (
        "12 s.d. 15 Oktober 2026",
        "Aula Dinas Sosial, Rantau, Kabupaten Tapin",
        "Yang Anda terima",
        "Makan siang",
        "Yang perlu dibawa KTP",
        "Calon PSM dan PSM",
        "Ibu Ratna, 0812-0000-0001",
        "09.15–10.45 Kebijakan, Ruang A",
        "WITA",
        "1 jam 30 menit (2 JP)",
        "Dinas Sosial Kabupaten Tapin",
        f"https://bekal.example.go.id/d/{batch.code.lower()}",
    ):
        assert words in page.text, words
    assert page.soup.find("a", string="Daftarkan diri")["href"].startswith(f"/batches/{batch.id}/")


@pytest.mark.parametrize("behind", ["", ".", ",", ")", "/", "?!", "”", "%20"])
def test_a_short_address_is_read_with_what_a_sentence_puts_behind_it(make, browser, behind):
    batch = make.batch()
    assert (
        browser.client.get(f"/d/{batch.code.lower()}{behind}")
        .headers["Location"]
        .endswith(f"/batches/{batch.id}")
    )


@pytest.mark.parametrize("status", HIDDEN)
def test_a_sheet_offers_registration_only_while_it_is_open(make, browser, status):
    batch = make.batch(status=status)
    browser.sign_in(make.user(Role.KABUPATEN_DINAS, "63.05"))
    assert (
        browser.get("courses.show_sheet", batch_id=batch.id).soup.find("a", string="Daftarkan diri") is None
    )


def test_a_sheet_offers_no_registration_after_its_last_day(make, browser):
    batch = make.batch(registration_closes_on=clock.today("Asia/Makassar") - timedelta(days=1))
    page = browser.get("courses.show_sheet", batch_id=batch.id)
    assert page.soup.find("a", string="Daftarkan diri") is None
    batch = make.batch(registration_closes_on=clock.today("Asia/Makassar"))
    assert browser.get("courses.show_sheet", batch_id=batch.id).soup.find("a", string="Daftarkan diri")


def test_an_old_sheet_names_the_office_as_it_was_called_then(make, browser):
    batch = make.batch(
        make.course(year=2011),
        starts_on=date(2011, 5, 24),
        ends_on=date(2011, 5, 27),
        status=BatchStatus.FINISHED,
    )
    office = batch.course.organiser
    today = clock.today(batch.zone)
    organisers.rename_organiser(
        office, name="Dinas Sosial dan Anak", government="Pemerintah", starts_on=today, by=SYSTEM
    )
    assert "Dinas Sosial dan Anak" not in browser.get("courses.show_sheet", batch_id=batch.id).text
    coming = make.batch(ordinal=2, status=BatchStatus.OPEN)
    coming.starts_on = coming.ends_on = today + timedelta(days=9)
    assert "Dinas Sosial dan Anak" in browser.get("courses.show_sheet", batch_id=coming.id).text


def test_a_draft_is_for_those_who_plan_it(make, browser, new_browser):
    draft = make.batch(status=BatchStatus.DRAFT)
    browser.get("courses.show_sheet", batch_id=draft.id, expect=404)
    browser.get("courses.show_short", batch_code=draft.code, expect=404)

    for role, region, status in (
        (Role.KABUPATEN_DINAS, "63.05", 200),
        (Role.PROVINSI_DINAS, "63", 200),
        (Role.KABUPATEN_DINAS, "63.72", 404),
        (Role.TKSK, "63.05.06", 404),
    ):
        other = new_browser()
        other.sign_in(make.user(role, region))
        other.get("courses.show_sheet", batch_id=draft.id, expect=status)
    browser.get("courses.show_sheet", batch_id=999_999, expect=404)


def test_the_short_address_takes_the_code_in_any_case(make, browser):
    batch = make.batch(code="TAPIN-D-2026-01")
    for code in ("TAPIN-D-2026-01", "tapin-d-2026-01"):
        assert (
            browser.get("courses.show_short", batch_code=code, expect=302).location == f"/batches/{batch.id}"
        )
    browser.get("courses.show_short", batch_code="TAPIN-D-2026-99", expect=404)
