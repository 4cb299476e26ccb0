"""Pages of people: who sees them, what they say, what they do not tell."""

import re
from datetime import date

import pytest
from sqlalchemy import select

from app.auth.rules import Role
from app.core import clock
from app.core.errors import RuleViolation
from app.trainees import services
from app.trainees.models import Merge, Trainee
from app.trainees.rules import TraineeStatus
from tests.trainees.conftest import KELADAN

NIK, FREE_NIK = "6305064101859777", "6305064101859778"
TODAY = clock.today("Asia/Makassar")
PLACE = {
    f"duty_region-{level}": KELADAN[:size]
    for level, size in (("provinsi", 2), ("kabupaten", 5), ("kecamatan", 8), ("desa", 13))
}
SELF = {
    "nik": FREE_NIK,
    "name": "Siti Aminah",
    "birth_place": "Rantau",
    "birth_date": "1985-01-01",
    "sex": "female",
    "phone": "0812-3456-7890",
    "password": "perahu kelotok di rawa",
    **PLACE,
}
# What no form of people asks for, and nobody must be able to slip in.
EXTRA = {
    "status": "active",
    "role": "pusat",
    "is_admin": "1",
    "id": "1",
    "user_id": "1",
    "canonical_id": "1",
    "nik_index": "x",
    "trainee_id": "1",
    "nik_masked": "x",
    "duty_region_id": "1",
    "recorded_by_id": "1",
    "recorded_at": "2001-01-01",
    "appointment_id": "1",
    "top_rank": "3",
    "jurisdiction_id": "1",
    "scope_id": "1",
    "created_at": "2001-01-01",
    "approved_by": "1",
    "password_hash": "x",
    "disabled_at": "",
    "member_number": "999",
    "duty_since": "2001-01-01",
    "organiser_id": "1",
    "quota": "9",
}


@pytest.fixture
def dinas(make):
    return make.user(Role.KABUPATEN_DINAS)


@pytest.fixture
def desk(browser, dinas):
    """The browser of the dinas of Tapin."""
    browser.sign_in(dinas)
    return browser


def masked(page):
    """Return a page without what differs from one request to the next."""
    return re.sub(r'value="[^"]{16,}"', "", page.response.text)


def test_the_list_shows_people_of_the_own_kabupaten_with_masked_nik(desk, make):
    mine, foreign = (
        make.trainee(name="Aminah", nik=NIK),
        make.trainee(name="Zubaidah Asing", desa="63.03.01.2001"),
    )
    make.qualification(mine, "dasar")
    page = desk.get("trainees.list_trainees")
    assert "6305************" in page.text
    assert "Aminah Desa Keladan, Kecamatan Candi Laras Utara PSM aktif Dasar" in page.text
    for secret in (NIK, foreign.name, "Zubaidah"):
        assert secret not in page.response.text


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("aminah", True),
        ("AMI", True),
        ("siti ami", True),
        ("ami siti", True),
        ("minah", False),
        ("siti xx", False),
        ("%", True),
        ("a_i", False),
    ],
)
def test_a_search_finds_beginnings_of_words_in_any_order(desk, make, words, found):
    make.trainee(name="Siti Aminah")
    assert ("Siti Aminah" in desk.get("trainees.list_trainees", words=words).text) is found


def test_the_list_is_narrowed_by_status_and_kecamatan(desk, make):
    make.trainee(name="Aminah")
    make.trainee(name="Budi", status=TraineeStatus.CANDIDATE)
    make.trainee(name="Candra", desa="63.05.01.1001")
    seen = {
        tuple(sorted(filters.items())): {
            name
            for name in ("Aminah", "Budi", "Candra")
            if name in desk.get("trainees.list_trainees", **filters).text
        }
        for filters in (
            {},
            {"status": "candidate"},
            {"region": "63.05.01"},
            {"region": "33.74", "status": "nonsense"},
        )
    }
    assert list(seen.values()) == [
        {"Aminah", "Budi", "Candra"},
        {"Budi"},
        {"Candra"},
        {"Aminah", "Budi", "Candra"},
    ]


def test_the_list_goes_on_behind_its_last_name_and_keeps_its_filter(desk, make, monkeypatch):
    for name in ("Aminah", "Budi", "Candra"):
        make.trainee(name=name)
    monkeypatch.setattr("app.core.pages.PER_PAGE", 2)
    first = desk.get("trainees.list_trainees", status="active")
    following = first.soup.select_one("a[rel=next]")["href"]
    assert "status=active" in following
    assert ["Candra" in page.text for page in (first, desk.get(following))] == [False, True]


def test_the_list_needs_as_many_queries_for_one_as_for_thirty(desk, make, count_queries):
    make.trainee()
    desk.get("trainees.list_trainees")
    with count_queries() as counted:
        desk.get("trainees.list_trainees")
    one = counted()
    for number in range(29):
        make.trainee(desa=f"63.05.06.20{1 + number % 5:02}")
    with count_queries() as counted:
        desk.get("trainees.list_trainees")
    assert counted() <= one + 1


@pytest.mark.parametrize(
    "endpoint", ["correct_trainee", "move_duty", "change_standing", "show_nik", "hand_out_account"]
)
def test_a_stranger_and_nobody_look_the_same(desk, make, digest, endpoint):
    foreign = make.trainee(desa="63.03.01.2001")
    before = digest("sign_ins")
    for trainee_id in (foreign.id, foreign.id + 1000):
        if endpoint not in ("show_nik", "hand_out_account"):
            desk.get(f"trainees.{endpoint}", trainee_id=trainee_id, expect=404)
        desk.post(
            f"trainees.{endpoint}",
            trainee_id=trainee_id,
            expect=404,
            data={**SELF, "reason": "x", "starts_on": TODAY.isoformat()},
        )
    assert digest("sign_ins") == before


@pytest.mark.parametrize("role", [Role.VOLUNTEER, Role.TRAINER, Role.ADMINISTRATOR, None])
def test_who_has_no_business_with_people_sees_no_page_of_them(browser, make, role):
    browser.sign_in(make.user(role))
    for endpoint in (
        "list_trainees",
        "register_trainee",
        "list_appointments",
        "make_appointment",
        "merge_trainees",
    ):
        browser.get(f"trainees.{endpoint}", expect=404)


def test_a_calon_psm_is_registered_and_nothing_slips_in(desk, db):
    desk.post(
        "trainees.register_trainee", data={**SELF, **EXTRA, "duty_since": ""}, scope="00", status="active"
    )
    trainee = db.session.scalars(select(Trainee)).one()
    assert (trainee.status, trainee.user_id, trainee.canonical_id, trainee.duty_region.code) == (
        TraineeStatus.CANDIDATE,
        None,
        None,
        KELADAN,
    )
    assert trainee.nik_masked == "6305************"


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"nik": "630506410185977"}, "NIK: NIK harus 16 angka; Anda mengetik 15."),
        ({"name": ""}, "Nama lengkap: Bagian ini wajib diisi."),
        ({"duty_region-desa": ""}, "Desa/kelurahan tugas: Pilih desa/kelurahan."),
        (
            {"name": "Siti 🌺"},
            "Nama lengkap: Tanda “🌺” tidak dapat dicetak. Hapus tanda itu, atau tulis dengan huruf Latin.",
        ),
        ({"phone": "12"}, "Nomor HP/WhatsApp: Nomor HP ini tidak lengkap. Contoh: 0812-3456-7890"),
    ],
)
def test_a_bad_registration_says_why_and_keeps_what_was_typed(desk, values, sentence):
    page = desk.post(
        "trainees.register_trainee", data={**SELF, "address": "Jalan Rawa 7", **values}, expect=422
    )
    assert page.error == sentence
    assert "Jalan Rawa 7" in page.response.text


def test_a_desa_of_another_kabupaten_cannot_be_chosen_on_the_page(desk, digest):
    there = {
        "duty_region-provinsi": "63",
        "duty_region-kabupaten": "63.03",
        "duty_region-kecamatan": "63.03.01",
        "duty_region-desa": "63.03.01.2001",
    }
    offered = {
        select["id"]
        for select in desk.get("trainees.register_trainee").soup.select("select[id^=duty_region]")
    }
    assert offered == {"duty_region-kecamatan", "duty_region-desa"}
    before = digest("sign_ins")
    desk.post("trainees.register_trainee", data={**SELF, **there}, expect=422)
    assert digest("sign_ins") == before


def test_a_known_nik_names_the_person_to_her_dinas(desk, make):
    make.trainee(name="Hasanah", nik=FREE_NIK)
    page = desk.post("trainees.register_trainee", data=SELF, expect=409)
    assert "Hasanah, Desa Keladan" in page.error


def test_a_person_is_found_by_nik_without_an_address_that_tells_it(desk, make):
    known, foreign = make.trainee(nik=NIK), make.trainee(nik=FREE_NIK, desa="63.03.01.2001")
    assert desk.post("trainees.find_trainee", data={"nik": NIK}).location.endswith(f"/trainees/{known.id}")
    answers = [
        desk.post("trainees.find_trainee", data={"nik": nik}).location
        for nik in (foreign.nik, "6305064101859779")
    ]
    assert answers == ["/trainees", "/trainees"]
    assert NIK not in desk.get("trainees.list_trainees").response.text


def test_the_full_nik_is_shown_on_asking_and_its_owner_sees_by_whom(desk, new_browser, make, dinas, db):
    owner = make.user()
    trainee = make.trainee(nik=NIK, user_id=owner.id)
    assert NIK not in desk.get("trainees.correct_trainee", trainee_id=trainee.id).response.text
    assert NIK in desk.post("trainees.show_nik", trainee_id=trainee.id, expect=200).text
    desk.get(f"/trainees/{trainee.id}/nik", expect=405)

    own = new_browser()
    own.sign_in(owner)
    page = own.get("trainees.show_own_data")
    assert dinas.name in page.text
    assert "6305************" in page.text
    assert NIK not in page.response.text


def test_own_data_are_shown_to_nobody_else(browser, make):
    make.trainee(name="Rahasia Orang", user_id=make.user().id)
    assert browser.get("trainees.show_own_data", expect=302).location.startswith("/sign-in")
    browser.sign_in(make.user())
    page = browser.get("trainees.show_own_data")
    assert "tidak terhubung" in page.text
    assert "Rahasia" not in page.response.text


def test_a_correction_keeps_the_nik_that_is_not_typed(desk, make, db):
    trainee = make.trainee(nik=NIK)
    desk.post(
        "trainees.correct_trainee",
        trainee_id=trainee.id,
        data={"name": "Nama Baru", "nik": "", **EXTRA, "member_number": "IPSM-7"},
    )
    db.session.refresh(trainee)
    assert (trainee.name, trainee.nik, trainee.member_number) == ("Nama Baru", NIK, "IPSM-7")
    assert (trainee.status, trainee.user_id, trainee.canonical_id) == (TraineeStatus.ACTIVE, None, None)


def test_a_person_moves_on_a_page(desk, make, db):
    trainee = make.trainee()
    moved = {
        **PLACE,
        "duty_region-kecamatan": "63.05.01",
        "duty_region-desa": "63.05.01.1001",
        "starts_on": TODAY.isoformat(),
    }
    desk.post("trainees.move_duty", trainee_id=trainee.id, data=moved)
    db.session.refresh(trainee)
    assert trainee.duty_region.code == "63.05.01.1001"
    page = desk.post("trainees.move_duty", trainee_id=trainee.id, data=moved, expect=409)
    assert "sudah bertugas" in page.error


def test_a_standing_changes_on_a_page_and_active_is_not_offered(desk, make, db):
    trainee = make.trainee()
    page = desk.get("trainees.change_standing", trainee_id=trainee.id)
    assert {option["value"] for option in page.soup.select("#standing option")} == {
        "",
        "inactive",
        "resigned",
        "moved",
        "deceased",
    }
    facts = {"starts_on": TODAY.isoformat(), "reason": "Pindah kerja"}
    desk.post(
        "trainees.change_standing", trainee_id=trainee.id, data={**facts, "standing": "active"}, expect=422
    )
    desk.post("trainees.change_standing", trainee_id=trainee.id, data={**facts, "standing": "resigned"})
    db.session.refresh(trainee)
    assert trainee.status is TraineeStatus.RESIGNED


def test_an_sk_is_made_on_a_page_for_those_ticked(desk, make, db):
    office = make.organiser()
    people = [make.trainee(name=f"Calon {letter}", status=TraineeStatus.CANDIDATE) for letter in "ABC"]
    active = make.trainee(name="Sudah Aktif")
    page = desk.get("trainees.make_appointment")
    assert [box["value"] for box in page.soup.select("input[name=trainees]")] == [
        str(person.id) for person in people
    ]
    facts = {
        "organiser_id": office.id,
        "number": "188.45/7",
        "dated_on": "2020-01-04",
        "signer_name": "Bupati Tapin",
    }
    assert "paling sedikit satu" in desk.post("trainees.make_appointment", data=facts, expect=422).error
    desk.post("trainees.make_appointment", data={**facts, "trainees": [people[0].id, active.id]}, expect=422)
    done = desk.post(
        "trainees.make_appointment",
        data={**facts, "trainees": [people[0].id, people[1].id], "status": "deceased"},
    )
    shown = desk.get(done.location)
    assert shown.h1 == "SK 188.45/7"
    assert "2 orang yang diangkat" in shown.text
    assert "188.45/7 4 Januari 2020" in desk.get("trainees.list_appointments").text
    db.session.expire_all()
    assert [person.status for person in people] == [
        TraineeStatus.ACTIVE,
        TraineeStatus.ACTIVE,
        TraineeStatus.CANDIDATE,
    ]


def test_one_foreign_id_among_many_refuses_the_whole_sk(desk, make, digest):
    office = make.organiser()
    people = [make.trainee(status=TraineeStatus.CANDIDATE) for _number in range(5)]
    foreign = make.trainee(status=TraineeStatus.CANDIDATE, desa="63.03.01.2001", name="Rahasia Tetangga")
    facts = {"organiser_id": office.id, "number": "1", "dated_on": "2020-01-04", "signer_name": "Bupati"}
    before = digest("sign_ins")
    page = desk.post(
        "trainees.make_appointment",
        data={**facts, "trainees": [*(p.id for p in people), foreign.id]},
        expect=422,
    )
    assert "Rahasia" not in page.response.text
    assert digest("sign_ins") == before


def test_an_sk_of_another_office_is_unknown(browser, make):
    made = make.appointment()
    browser.sign_in(make.user(Role.KABUPATEN_DINAS, "63.03"))
    browser.get("trainees.show_appointment", appointment_id=made.id, expect=404)
    assert "Belum ada SK" in browser.get("trainees.list_appointments").text


def test_two_records_are_compared_merged_and_parted_on_pages(desk, make, db):
    old, new = (
        make.trainee(name="Siti Aminah", nik=None),
        make.trainee(name="Siti Aminah binti Hasan", nik=NIK),
    )
    page = desk.get("trainees.merge_trainees", duplicate=old.id, canonical=new.id)
    assert "6305************" in page.text
    desk.post(
        "trainees.merge_trainees",
        data={"duplicate_id": old.id, "canonical_id": new.id, "reason": ""},
        expect=422,
    )
    desk.post(
        "trainees.merge_trainees",
        data={
            "duplicate_id": old.id,
            "canonical_id": new.id,
            "reason": "Ibu kandung sama",
            "despite_differences": "y",
        },
    )
    assert "Data Siti Aminah (nomor" in desk.get("workspace.show_trainee", trainee_id=new.id).text
    assert "Siti Aminah (nomor" in desk.get("workspace.show_trainee", trainee_id=new.id).text
    db.session.expire_all()
    assert old.canonical_id == new.id
    assert "Ibu kandung sama" in desk.get("trainees.merge_trainees").text
    merge = db.session.scalars(select(Merge)).one()
    desk.post("trainees.undo_merge", merge_id=merge.id)
    db.session.expire_all()
    assert old.canonical_id is None
    assert "sudah dibatalkan" in desk.post("trainees.undo_merge", merge_id=merge.id, expect=409).error


def test_a_record_of_another_kabupaten_is_not_even_compared(desk, make, digest):
    mine, foreign = make.trainee(), make.trainee(desa="63.03.01.2001", name="Rahasia Tetangga")
    before = digest("sign_ins")
    for other in (foreign.id, 10**6, 10**30):
        page = desk.get("trainees.merge_trainees", duplicate=mine.id, canonical=other, expect=404)
        assert "Rahasia" not in page.response.text
        desk.post(
            "trainees.merge_trainees",
            data={"duplicate_id": mine.id, "canonical_id": other, "reason": "x"},
            expect=404,
        )
    assert digest("sign_ins") == before


def test_the_office_hands_out_a_link_on_a_page(desk, make):
    trainee = make.trainee(nik=NIK)
    page = desk.post("trainees.hand_out_account", trainee_id=trainee.id, expect=200)
    assert "https://bekal.example.go.id/" in page.text


def test_what_happened_to_a_merged_person_is_read_on_either_record(make, dinas, new_browser):
    owner = make.user()
    old, new = make.trainee(nik=NIK, user_id=owner.id), make.trainee(name="Data Baru")
    services.show_nik(old, by=dinas)
    services.merge_trainees(old, new, "Satu orang", dinas, despite_differences=True)
    own = new_browser()
    own.sign_in(owner)
    page = own.get("trainees.show_own_data")
    assert "Data Baru" in page.text
    assert dinas.name in page.text


@pytest.mark.parametrize("reason", ["x", ".....", "12345"])
def test_a_press_is_no_reason_on_any_page_of_people(desk, make, digest, reason):
    person, other = make.trainee(), make.trainee(nik=None)
    before = digest("sign_ins")
    standing = {"starts_on": TODAY.isoformat(), "standing": "resigned", "reason": reason}
    page = desk.post("trainees.change_standing", trainee_id=person.id, data=standing, expect=422)
    assert "Tuliskan alasannya dengan kata-kata" in page.soup.select_one("#reason-error").get_text()
    assert page.soup.select_one("#reason").get_text().strip() == reason
    data = {"duplicate_id": other.id, "canonical_id": person.id, "reason": reason}
    page = desk.post("trainees.merge_trainees", data=data, expect=422)
    assert "Tuliskan alasannya dengan kata-kata" in page.soup.select_one("#reason-error").get_text()
    assert digest("sign_ins") == before


def test_a_reason_is_read_by_the_person_and_the_field_says_so(desk, new_browser, make, dinas):
    owner = make.user()
    person, other = make.trainee(user=owner), make.trainee(nik=None)
    page = desk.get("trainees.change_standing", trainee_id=person.id)
    assert "dibacanya sendiri di halaman Data saya" in page.soup.select_one("#reason-help").get_text()
    services.change_standing(person, TraineeStatus.INACTIVE, TODAY, "Sakit lama", dinas)
    services.merge_trainees(other, person, "Dua kartu satu orang", dinas, despite_differences=True)

    own = new_browser()
    own.sign_in(owner)

    shown = own.get("trainees.show_own_data").text
    assert "Alasan: Sakit lama" in shown
    assert "Alasan: Dua kartu satu orang" in shown


def test_a_tksk_of_two_kecamatan_is_offered_these_two_and_their_desa(browser, make):
    tksk = make.user(Role.TKSK, "63.05.06")
    make.grant(tksk, Role.TKSK, make.region("63.05.01"))
    browser.sign_in(tksk)

    page = browser.get("trainees.register_trainee")

    offered = [
        option["value"] for option in page.soup.select("#duty_region-kecamatan option") if option["value"]
    ]
    assert sorted(offered) == ["63.05.01", "63.05.06"]
    url = page.soup.select_one("#duty_region")["data-children-url"]
    asked = browser.client.get(f"{url}&parent=63.05").json["regions"]
    assert sorted(each["code"] for each in asked) == ["63.05.01", "63.05.06"]
    assert all(
        each["code"].startswith("63.05.06.")
        for each in browser.client.get(f"{url}&parent=63.05.06").json["regions"]
    )


def test_the_dinas_is_offered_its_own_kecamatan_without_a_question_above(desk):
    page = desk.get("trainees.register_trainee")
    assert not page.soup.select("#duty_region-provinsi, #duty_region-kabupaten")
    assert all(
        option["value"].startswith("63.05.")
        for option in page.soup.select("#duty_region-kecamatan option")
        if option["value"]
    )


@pytest.mark.parametrize("role", [Role.PROVINSI_DINAS, Role.PUSAT])
def test_an_office_without_a_desa_of_its_own_reads_who_registers_and_appoints(browser, make, role, digest):
    browser.sign_in(make.user(role, "63" if role is Role.PROVINSI_DINAS else "00"))
    people = browser.get("trainees.list_trainees")
    assert not people.soup.select(
        "a[href='/trainees/register'], a[href='/appointments/new'], a[href='/trainees/merge']"
    )
    page = browser.get("trainees.register_trainee")
    assert "TKSK atau dinas sosial kabupaten/kota" in page.text
    assert not page.soup.select("main form")
    assert not browser.get("trainees.list_appointments").soup.select("a[href='/appointments/new']")
    assert "dinas sosial kabupaten/kota" in browser.get("trainees.make_appointment").text
    before = digest("sign_ins")
    browser.post("trainees.register_trainee", data=SELF, expect=422)
    assert digest("sign_ins") == before


def test_who_cannot_be_named_in_an_sk_says_why_in_the_own_row_and_every_tick_stays(desk, make, db):
    office, able = make.organiser(), make.trainee(name="Aminah", status=TraineeStatus.CANDIDATE)
    active, early = make.trainee(name="Bahriah"), make.trainee(name="Camelia", status=TraineeStatus.CANDIDATE)
    services.change_standing(
        early, TraineeStatus.RESIGNED, TODAY, "Pindah kerja", make.user(Role.KABUPATEN_DINAS)
    )
    sent = [able.id, active.id, early.id]
    facts = {
        "organiser_id": office.id,
        "number": "188.45/7",
        "dated_on": "2020-01-04",
        "signer_name": "Bupati Tapin",
    }

    page = desk.post("trainees.make_appointment", data={**facts, "trainees": sent}, expect=422)

    assert page.error.endswith(
        "2 dari 3 orang yang dicentang belum dapat diangkat dengan SK ini; alasannya di samping namanya."
    )
    assert {box["value"] for box in page.soup.select("input[name=trainees][checked]")} == {
        str(each) for each in sent
    }
    for person, word in ((active, "PSM aktif"), (early, "Mengundurkan diri")):
        assert word in page.soup.select_one(f"#trainees-{person.id}-why").get_text()
    assert page.soup.select_one(f"#trainees-{able.id}-why") is None
    desk.post("trainees.make_appointment", data={**facts, "trainees": [able.id]})


def test_people_of_one_name_are_told_apart_by_desa_and_kecamatan(desk, make):
    make.organiser()
    for code in ("63.05.06.2001", "63.05.01.1001"):
        make.trainee(code, name="Siti Aminah", status=TraineeStatus.CANDIDATE)
    labels = [
        label.get_text(" ") for label in desk.get("trainees.make_appointment").soup.select(".pick-list label")
    ]
    assert len(labels) == len(set(labels)) == 2
    assert all("Kecamatan" in label for label in labels)


@pytest.mark.parametrize(
    "status",
    [
        TraineeStatus.CANDIDATE,
        TraineeStatus.INACTIVE,
        TraineeStatus.ACTIVE,
        TraineeStatus.MOVED,
        TraineeStatus.DECEASED,
    ],
)
@pytest.mark.parametrize("desa", [KELADAN, "63.03.01.2001"])
@pytest.mark.parametrize("dated_on", [date(2009, 1, 5), TODAY])
def test_a_reason_beside_a_name_is_a_refusal_of_the_sk_and_no_reason_is_none(
    make, dinas, status, desa, dated_on
):
    person = make.trainee(desa, status=status)
    reasons = services.reasons_not_to_appoint([person], dated_on, dinas)
    try:
        services.appoint(make.organiser(), "188.45/9", dated_on, "Bupati", [person], dinas)
        refused = False
    except RuleViolation:
        refused = True
    assert bool(reasons) is refused


def test_a_duplicate_is_no_living_page(make, desk, dinas):
    duplicate, kept = make.trainee(name="Sari Ganda"), make.trainee(name="Sari Banun")
    services.merge_trainees(duplicate, kept, "Satu orang", dinas, despite_differences=True)
    page = desk.get("workspace.show_trainee", trainee_id=duplicate.id)
    assert f"Data ganda, digabungkan ke data nomor {kept.id}" in page.text
    assert f'href="/trainees/{kept.id}"' in page.response.text
    assert f"/trainees/{duplicate.id}/" not in page.response.text
    for endpoint in ("correct_trainee", "move_duty", "change_standing"):
        desk.get(f"trainees.{endpoint}", trainee_id=duplicate.id, expect=303)
    for endpoint in ("show_nik", "hand_out_account"):
        desk.post(f"trainees.{endpoint}", trainee_id=duplicate.id, expect=409)


def test_a_mistaken_standing_is_taken_back_on_its_page(make, desk, dinas):
    person = make.trainee()
    assert "keluar dari SK-nya" in desk.get("trainees.change_standing", trainee_id=person.id).text
    services.change_standing(person, TraineeStatus.DECEASED, TODAY, "Surat kematian", dinas)
    page = desk.get("trainees.change_standing", trainee_id=person.id)
    assert "Keliru dicatat: batalkan" in page.text
    assert 'name="standing"' not in page.response.text
    desk.post("trainees.take_back_standing", trainee_id=person.id, data={"mistake": "x"}, expect=422)
    desk.post("trainees.take_back_standing", trainee_id=person.id, data={"mistake": "Keliru orang"})
    assert person.status is TraineeStatus.ACTIVE


def test_the_page_asks_before_entering_somebody_twice_and_takes_a_tick(make, desk, dinas):
    facts = {"name": "Siti Aminah", **PLACE, "birth_date": "1990-05-17"}
    known = services.register_trainee(
        services.TraineeData(
            name="Siti Aminah", duty_region=make.region("63.05.06.2001"), birth_date=date(1990, 5, 17)
        ),
        by=dinas,
    )
    assert 'name="another_person"' not in desk.get("trainees.register_trainee").response.text
    page = desk.post("trainees.register_trainee", data=facts, expect=409)
    assert f'href="/trainees/{known.id}"' in page.response.text
    assert 'name="another_person"' in page.response.text
    desk.post("trainees.register_trainee", data={**facts, "another_person": "y"})


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("6305114501850009", "Cari dengan NIK"),
        ("6305 1145 0185 0009", "Cari dengan NIK"),
        ("0812-3456-7890", "tidak dapat dicari"),
        ("Siti", None),
    ],
)
def test_a_number_in_the_field_for_a_name_is_told_where_it_is_looked_up(desk, typed, said):
    page = desk.get("trainees.list_trainees", words=typed, expect=303 if said else 200)
    if said:
        assert page.location == "/trainees"
        assert said in desk.get("trainees.list_trainees").soup.select_one("[role=status]").get_text()


@pytest.mark.parametrize(
    ("place", "day", "said"),
    [
        ("Rantau", None, "Rantau"),
        (None, date(1985, 5, 24), "24 Mei 1985"),
        ("Rantau", date(1985, 5, 24), "Rantau, 24 Mei 1985"),
        (None, None, None),
    ],
)
def test_a_birth_is_said_as_far_as_it_is_known(browser, make, db, place, day, said):
    trainee = make.trainee(birth_place=place, birth_date=day)
    browser.sign_in(make.user(Role.KABUPATEN_DINAS))

    page = browser.get("workspace.show_trainee", trainee_id=trainee.id)

    born = [
        row.dd.get_text(strip=True)
        for row in page.soup.select(".facts div")
        if row.dt.get_text() == "Tempat, tanggal lahir"
    ]
    assert born == ([said] if said else [])
