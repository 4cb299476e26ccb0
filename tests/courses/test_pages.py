"""Pages of those who plan: the year, a new batch, its changes, schedule and states, curricula,
facilitators.
"""

from datetime import date

import pytest
from sqlalchemy import select, text

from app.auth.models import Grant
from app.auth.rules import Permission, Role
from app.core.actor import SYSTEM
from app.core.scopes import ScopeKind
from app.core.unit_of_work import atomic
from app.courses import messages, queries, services
from app.courses.models import Batch, TrainingSession
from app.courses.rules import BatchStatus

TAPIN = {"venue_region-provinsi": "63", "venue_region-kabupaten": "63.05"}


@pytest.fixture
def dinas(make, browser):
    user = make.user(Role.KABUPATEN_DINAS, "63.05")
    browser.sign_in(user)
    return user


def facts_of(batch, **changes):
    """What the page of a batch sends when it is opened and sent."""
    values = {
        "starts_on": batch.starts_on,
        "ends_on": batch.ends_on,
        "announced_days": batch.announced_days or "",
        "venue": batch.venue,
        "quota": batch.quota,
        "audience": batch.audience,
        "contact_name": batch.contact_name,
        "contact_phone": batch.contact_phone,
        "registration_closes_on": "",
        "admission": batch.admission.value,
        "provided": "",
        "to_bring": "",
        **TAPIN,
    }
    return {**values, **changes}


def test_the_plan_shows_the_batches_of_the_year_within_reach(make, browser, dinas):
    mine = make.batch(starts_on=date(2026, 10, 12))
    last_year = make.batch(starts_on=date(2025, 10, 12))
    draft = make.batch(starts_on=date(2026, 11, 2), status=BatchStatus.DRAFT)
    strange = make.batch(make.course(make.organiser("63.72")), starts_on=date(2026, 10, 12))

    page = browser.get("courses.list_courses", year=2026)

    assert [row.select_one("th").get_text().strip() for row in page.soup.select("tbody tr")] == [
        mine.code,
        draft.code,
    ]
    assert last_year.code in browser.get("courses.list_courses", year=2025).text
    assert strange.code not in page.text
    assert page.soup.find("a", string="Buat angkatan")


def test_a_committee_sees_its_own_batch_and_plans_no_other(make, browser):
    mine, other = make.batch(starts_on=date(2026, 10, 12)), make.batch(starts_on=date(2026, 11, 2))
    browser.sign_in(make.user(Role.COMMITTEE, scope=(ScopeKind.BATCH, mine.id)))

    page = browser.get("courses.list_courses", year=2026)

    assert mine.code in page.text
    assert other.code not in page.text
    assert page.soup.find("a", string="Buat angkatan") is None
    browser.get("courses.plan_batch", expect=404)
    browser.get("courses.show_schedule", batch_id=mine.id)
    browser.get("courses.show_schedule", batch_id=other.id, expect=404)


def test_the_plan_costs_the_same_with_one_row_and_with_thirty(make, browser, count_queries):
    browser.sign_in(make.user(Role.PUSAT, "00"))
    make.batch(starts_on=date(2026, 10, 12))
    with count_queries() as counted:
        browser.get("courses.list_courses", year=2026)
        with_one = counted()
    for code in ("33.74", "63.72", "63.03"):
        course = make.course(make.organiser(code))
        for _number in range(10):
            make.batch(course, starts_on=date(2026, 10, 12))
    with count_queries() as counted:
        page = browser.get("courses.list_courses", year=2026)
        assert counted() <= with_one
    assert len(page.soup.select("tbody tr")) == 31


def test_a_long_plan_turns_pages_without_losing_a_batch(make, db):
    course = make.course()
    codes = {make.batch(course, starts_on=date(2026, 10, 12)).code for _number in range(7)}
    reach, seen, cursor = make.user(Role.KABUPATEN_DINAS).reach("course:see"), [], None
    while True:
        page = queries.page_of_batches(reach, year=2026, after=cursor, per_page=3)
        seen += [batch.code for batch in page]
        cursor = page.next_cursor
        if not cursor:
            break
    assert sorted(seen) == sorted(codes)


def test_a_batch_is_made_from_three_facts(make, browser, tiers, dinas):
    make.organiser("63.05")
    page = browser.get("courses.plan_batch")
    assert [
        field["name"] for field in page.soup.select("main form [name]:not([type=hidden]):not(button)")
    ] == [
        "tier",
        "starts_on",
        "venue",
        "venue_region-provinsi",
        "venue_region-kabupaten",
    ]
    assert page.soup.select_one("[name=venue_region-kabupaten] option[selected]")["value"] == "63.05"

    done = browser.post(
        "courses.plan_batch", data={"tier": "dasar", "starts_on": "2026-10-12", "venue": "Aula", **TAPIN}
    )
    batch = queries.get_batch_by_code("tapin-d-2026-01")
    assert done.location == f"/batches/{batch.id}/sessions"
    assert (batch.ends_on, batch.status) == (date(2026, 10, 15), BatchStatus.DRAFT)


def test_pressing_twice_makes_one_batch(make, browser, tiers, dinas, db):
    make.organiser("63.05")
    for _press in range(2):
        browser.post(
            "courses.plan_batch",
            data={"tier": "dasar", "starts_on": "2026-10-12", "venue": "Aula", **TAPIN},
            key="0123456789abcdef",
        )
    assert db.session.scalars(select(Batch.code)).all() == ["TAPIN-D-2026-01"]


def test_a_kabupaten_that_tries_madya_reads_why_at_the_field_and_keeps_what_was_typed(
    make, browser, tiers, dinas, db
):
    make.organiser("63.05")
    page = browser.post(
        "courses.plan_batch",
        data={"tier": "madya", "starts_on": "2026-10-12", "venue": "Aula Rantau", **TAPIN},
        expect=422,
    )
    assert (
        "Kabupaten/kota hanya dapat menyelenggarakan diklat dasar"
        in page.soup.select_one("#tier-error").get_text()
    )
    assert page.soup.select_one("#venue")["value"] == "Aula Rantau"
    assert db.session.scalars(select(Batch)).all() == []


def test_a_provinsi_is_asked_for_a_reason_at_its_field(make, browser, tiers):
    make.organiser("63")
    browser.sign_in(make.user(Role.PROVINSI_DINAS, "63"))
    data = {"tier": "dasar", "starts_on": "2026-10-12", "venue": "Aula", **TAPIN}

    page = browser.post("courses.plan_batch", data=data, expect=422)
    assert "Tuliskan alasan" in page.soup.select_one("#lower_tier_reason-error").get_text()
    browser.post("courses.plan_batch", data={**data, "lower_tier_reason": "Kabupaten belum mampu"})
    assert queries.get_batch_by_code("KALSEL-D-2026-01").course.lower_tier_reason == "Kabupaten belum mampu"


def test_an_officer_of_several_organisers_chooses_among_the_own_ones(make, browser, tiers):
    tapin, other, strange = make.organiser("63.05"), make.organiser("63.72"), make.organiser("33.74")
    user = make.user(Role.KABUPATEN_DINAS, "63.05")
    make.grant(user, Role.KABUPATEN_DINAS, make.region("63.72"))
    browser.sign_in(user)
    data = {"tier": "dasar", "starts_on": "2026-10-12", "venue": "Aula", **TAPIN}

    page = browser.get("courses.plan_batch")
    assert {option["value"] for option in page.soup.select("#organiser option")} == {
        str(tapin.id),
        str(other.id),
    }
    browser.post("courses.plan_batch", data={**data, "organiser": strange.id}, expect=422)
    browser.post("courses.plan_batch", data={**data, "organiser": other.id})
    assert queries.get_batch_by_code("BJB-D-2026-01")


PAGES = [
    "change_batch",
    "schedule_session",
    "open_batch",
    "close_batch",
    "start_batch",
    "finish_batch",
    "cancel_batch",
]


@pytest.mark.parametrize("endpoint", [*PAGES, "copy_rundown"])
def test_a_batch_of_others_is_as_unknown_as_none(make, browser, dinas, endpoint):
    strange = make.batch(make.course(make.organiser("63.72")))
    for batch_id in (strange.id, 999_999):
        browser.post(f"courses.{endpoint}", batch_id=batch_id, expect=404)
        browser.get("courses.show_schedule", batch_id=batch_id, expect=404)
    assert strange.status is BatchStatus.OPEN


@pytest.mark.parametrize("endpoint", PAGES)
def test_the_provinsi_above_reads_and_does_not_write(make, browser, endpoint):
    batch = make.batch()
    browser.sign_in(make.user(Role.PROVINSI_DINAS, "63"))
    page = browser.get("courses.show_schedule", batch_id=batch.id)
    assert page.soup.find("a", string="Tambah sesi") is None
    browser.get(f"courses.{endpoint}", batch_id=batch.id, expect=404)


@pytest.mark.parametrize("endpoint", ["change_session", "cancel_session"])
def test_a_session_of_others_is_as_unknown_as_none(make, browser, dinas, endpoint):
    session = make.session(make.batch(make.course(make.organiser("63.72"))))
    for session_id in (session.id, 999_999):
        browser.get(f"courses.{endpoint}", session_id=session_id, expect=404)
        browser.post(f"courses.{endpoint}", session_id=session_id, data={"reason": "x"}, expect=404)
    assert session.cancelled_at is None


@pytest.mark.parametrize("endpoint", [*PAGES, "show_schedule"])
def test_who_is_signed_out_is_led_to_sign_in(make, browser, endpoint):
    batch = make.batch()
    assert "/sign-in" in browser.get(f"courses.{endpoint}", batch_id=batch.id, expect=302).location


def test_the_schedule_shows_the_agenda_by_day_its_totals_and_what_differs(tapin, browser, dinas):
    services.change_batch(tapin, announced_days=3, by=SYSTEM)

    page = browser.get("courses.show_schedule", batch_id=tapin.id)

    days = [" ".join(day.get_text().split()[-2:]) for day in page.soup.select("tr.group")]
    assert days == ["8 JP", "9 JP", "5 JP", "3 JP"]
    assert "25 dari 25" in page.text
    assert "Selasa, 24 Mei 2011" in page.text
    assert (
        "Diumumkan 3 hari, tanggalnya 4 hari: 24 s.d. 27 Mei 2011."
        in page.soup.select_one(".notice-warning").get_text()
    )
    assert "Kepala panti, nama menyusul" in page.text


def test_a_rundown_is_copied_by_one_button_and_a_second_press_says_why_not(plan, browser, dinas):
    batch = plan()
    assert "Salin dari model jadwal" in browser.get("courses.show_schedule", batch_id=batch.id).text

    browser.post("courses.copy_rundown", batch_id=batch.id)
    assert queries.planned_hours(batch) == 25
    page = browser.post("courses.copy_rundown", batch_id=batch.id, expect=409)
    assert "sudah berisi" in page.error


def test_the_schedule_costs_the_same_with_one_session_and_with_the_whole_rundown(
    plan, make, browser, dinas, count_queries
):
    batch, full = plan(), plan()
    make.session(
        batch,
        subject=queries.list_subjects(batch.course.curriculum)[0],
        facilitator=make.facilitator(make.organiser()),
    )
    services.copy_rundown(full, by=SYSTEM)
    with count_queries() as counted:
        browser.get("courses.show_schedule", batch_id=batch.id)
        with_one = counted()
    with count_queries() as counted:
        browser.get("courses.show_schedule", batch_id=full.id)
        assert counted() <= with_one


def test_a_session_is_placed_changed_and_cancelled_on_pages(plan, make, browser, dinas, db):
    batch = plan()
    subject = queries.list_subjects(batch.course.curriculum)[0]
    teacher = make.facilitator(make.organiser(), name="Ibu Ratna")
    data = {
        "held_on": "2011-05-24",
        "starts_at": "09:15",
        "ends_at": "10:45",
        "kind": "material",
        "subject_id": subject.id,
        "lesson_hours": 2,
        "facilitator_id": teacher.id,
    }
    browser.post("courses.schedule_session", batch_id=batch.id, data=data)
    session = db.session.scalars(select(TrainingSession)).one()
    assert (session.title, session.facilitator_id, session.held_on) == (
        subject.name,
        teacher.id,
        date(2011, 5, 24),
    )

    page = browser.get("courses.change_session", session_id=session.id)
    for name, value in (
        ("held_on", "2011-05-24"),
        ("subject_id", str(subject.id)),
        ("facilitator_id", str(teacher.id)),
        ("kind", "material"),
    ):
        assert page.soup.select_one(f"#{name} option[selected]")["value"] == value
    browser.post(
        "courses.change_session",
        session_id=session.id,
        data={**data, "facilitator_id": "", "title": "Kebijakan", "office": "Dinas"},
    )
    assert (session.title, session.facilitator_id, session.office) == ("Kebijakan", None, "Dinas")

    browser.post("courses.cancel_session", session_id=session.id, data={"reason": "Narasumber sakit"})
    assert "Dibatalkan" in browser.get("courses.show_schedule", batch_id=batch.id).text


def test_a_clash_is_said_at_its_field(tapin, browser, dinas):
    data = {
        "held_on": "2011-05-24",
        "starts_at": "09:30",
        "ends_at": "10:00",
        "kind": "ceremony",
        "title": "Foto",
        "lesson_hours": 0,
    }
    page = browser.post("courses.schedule_session", batch_id=tapin.id, data=data, expect=422)
    assert "Kebijakan pembangunan" in page.soup.select_one("#starts_at-error").get_text()
    assert page.soup.select_one("#title")["value"] == "Foto"


@pytest.mark.parametrize(
    "bad",
    [
        {"held_on": "2011-05-28"},
        {"held_on": "x"},
        {"starts_at": "25:00"},
        {"kind": "x"},
        {"lesson_hours": "-1"},
    ],
)
def test_a_session_that_cannot_be_read_keeps_the_page(tapin, browser, dinas, bad):
    data = {
        "held_on": "2011-05-27",
        "starts_at": "13:00",
        "ends_at": "14:00",
        "kind": "ceremony",
        "title": "Foto",
        "lesson_hours": 0,
        **bad,
    }
    page = browser.post("courses.schedule_session", batch_id=tapin.id, data=data, expect=422)
    assert page.soup.select_one(f"#{next(iter(bad))}-error")


def test_a_batch_is_changed_on_its_page(plan, browser, dinas):
    batch = plan()
    page = browser.get("courses.change_batch", batch_id=batch.id)
    assert page.soup.select_one("#admission option[selected]")["value"] == "manual"
    assert page.soup.select_one("#starts_on")["value"] == "24-05-2011"

    changes = {
        "quota": 25,
        "contact_name": "Ibu Ratna",
        "contact_phone": "0812 3456 7890",
        "announced_days": "3",
        "admission": "automatic",
    }
    browser.post("courses.change_batch", batch_id=batch.id, data=facts_of(batch, **changes))
    assert (batch.quota, batch.contact_name, batch.announced_days, batch.admission.value) == (
        25,
        "Ibu Ratna",
        3,
        "automatic",
    )

    page = browser.post(
        "courses.change_batch", batch_id=batch.id, data=facts_of(batch, ends_on="2011-05-20"), expect=422
    )
    assert page.soup.select_one("#ends_on-error")


def test_a_batch_goes_through_its_life_on_pages(make, plan, browser, dinas):
    batch = plan()
    page = browser.post("courses.open_batch", batch_id=batch.id, expect=422)
    assert page.error == "Pendaftaran belum dapat dibuka. Lengkapi dahulu: narahubung dan nomornya."

    browser.post(
        "courses.change_batch",
        batch_id=batch.id,
        data=facts_of(batch, contact_phone="(0517) 31234", contact_name="Ratna"),
    )
    assert "Jadwal masih kosong" in browser.get("courses.open_batch", batch_id=batch.id).text
    for endpoint, status in (
        ("open", "open"),
        ("close", "closed"),
        ("start", "running"),
        ("finish", "finished"),
    ):
        if endpoint == "finish":
            page = browser.post("courses.finish_batch", batch_id=batch.id, expect=422)
            assert "Isi kehadirannya dahulu, atau batalkan angkatan" in page.text
            hours = queries.curriculum_hours(batch.course.curriculum_id)
            make.attendance(make.session(batch, lesson_hours=hours), make.attendee(batch))
        done = browser.post(f"courses.{endpoint}_batch", batch_id=batch.id)
        assert done.location == f"/batches/{batch.id}/workspace"
        assert batch.status.value == status
    browser.post("courses.finish_batch", batch_id=batch.id, expect=409)
    browser.post("courses.open_batch", batch_id=batch.id, expect=422)
    browser.post("courses.cancel_batch", batch_id=batch.id, data={"reason": "x"}, expect=422)


def test_calling_off_asks_for_a_reason(make, browser, dinas):
    batch = make.batch()
    page = browser.post("courses.cancel_batch", batch_id=batch.id, expect=422)
    assert page.soup.select_one("#reason-error")
    browser.post("courses.cancel_batch", batch_id=batch.id, data={"reason": "Anggaran ditunda"})
    assert (batch.status, batch.status_reason) == (BatchStatus.CANCELLED, "Anggaran ditunda")


def test_a_curriculum_shows_its_subjects_and_who_teaches_it(plan, make, browser, dinas):
    plan()
    page = browser.get("courses.list_curricula")
    assert [row.select("td")[2].get_text() for row in page.soup.select("tbody tr")] == ["25", "40", "50"]

    page = browser.get("courses.show_curriculum", tier_code="dasar", version=1)
    assert [cell.get_text() for cell in page.soup.select("tfoot td.num")] == ["17", "8", "25"]
    assert len(page.soup.select("tbody tr")) == 13
    assert "Diklat Dasar PSM 2011, DINSOS-TAPIN" in page.text
    browser.get("courses.show_curriculum", tier_code="dasar", version=2, expect=404)
    browser.get("courses.show_curriculum", tier_code="lain", version=1, expect=404)


def test_a_facilitator_who_has_no_account_yet_is_invited(make, browser, dinas, outbox):
    organiser = make.organiser()
    page = browser.post(
        "courses.add_facilitator",
        organiser_id=organiser.id,
        data={"name": "Pak Udin", "email": "udin@"},
        expect=422,
    )
    assert page.soup.select_one("#email-error")
    assert outbox() == []

    browser.post(
        "courses.add_facilitator",
        organiser_id=organiser.id,
        data={"name": "Pak Udin", "email": "udin@contoh.id"},
    )
    teacher = queries.list_facilitators(organiser)[0]
    assert (teacher.name, teacher.user.email) == ("Pak Udin", "udin@contoh.id")
    assert [message.recipient for message in outbox()] == ["udin@contoh.id"]


def test_a_facilitator_is_entered_with_the_account_of_an_e_mail(make, browser, dinas, plan, db):
    organiser, trainer = make.organiser(), make.user(email="ratna@contoh.id")
    browser.post(
        "courses.add_facilitator",
        organiser_id=organiser.id,
        data={"name": "Ibu Ratna", "email": "Ratna@contoh.id"},
    )
    assert "Ibu Ratna" in browser.get("courses.list_facilitators", organiser_id=organiser.id).text
    teacher = queries.list_facilitators(organiser)[0]
    assert teacher.user_id == trainer.id

    data = {
        "held_on": "2011-05-24",
        "starts_at": "09:15",
        "ends_at": "10:45",
        "kind": "ceremony",
        "title": "Acara",
        "lesson_hours": 0,
        "facilitator_id": teacher.id,
    }
    browser.post("courses.schedule_session", batch_id=plan().id, data=data)
    assert db.session.scalars(select(Grant.user_id).where(Grant.role == Role.TRAINER)).all() == [trainer.id]


def test_the_facilitators_of_others_are_not_shown(make, browser, dinas):
    strange = make.organiser("63.72")
    browser.get("courses.list_facilitators", organiser_id=strange.id, expect=404)
    browser.post("courses.add_facilitator", organiser_id=strange.id, data={"name": "X"}, expect=404)


def test_a_facilitator_without_e_mail_is_reached_by_telephone_and_put_right_later(
    make, browser, dinas, outbox, db
):
    organiser = make.organiser()
    wrong = {"name": "Dra. Masniah", "phone": "0812"}
    assert (
        "tidak lengkap"
        in browser.post("courses.add_facilitator", organiser_id=organiser.id, data=wrong, expect=422).error
    )
    browser.post(
        "courses.add_facilitator", organiser_id=organiser.id, data=wrong | {"phone": "0812-5550-0009"}
    )
    teacher = queries.list_facilitators(organiser)[0]
    sealed = db.session.execute(text("SELECT phone FROM facilitators")).scalar_one()
    assert (teacher.phone, "5550" in sealed) == ("+6281255500009", False)
    batch = make.batch()
    session = make.session(batch, facilitator=teacher)
    with atomic():
        messages.session_given(session)
    page = browser.get("workspace.list_notices", batch_id=batch.id)
    assert "0812-5550-0009" in page.text
    assert page.soup.select('a[href^="https://wa.me/6281255500009"]')

    assert browser.get("courses.list_facilitators", organiser_id=organiser.id).soup.select(
        f'a[href="/facilitators/{teacher.id}/edit"]'
    )
    page = browser.get("courses.change_facilitator", facilitator_id=teacher.id)
    assert page.soup.find("input", attrs={"name": "phone"})["value"] == "0812-5550-0009"
    typed = {
        "name": "Dra. Hj. Masniah",
        "institution": "Poltekesos",
        "phone": "",
        "email": "masniah@contoh.id",
    }
    browser.post("courses.change_facilitator", facilitator_id=teacher.id, data=typed)
    db.session.refresh(teacher)
    assert (teacher.name, teacher.institution, teacher.phone) == ("Dra. Hj. Masniah", "Poltekesos", None)
    assert outbox()[-1].recipient == "masniah@contoh.id"
    assert teacher.user.can(Permission.ATTENDANCE_RECORD, session)
    page = browser.get("courses.change_facilitator", facilitator_id=teacher.id)
    assert page.soup.find("input", attrs={"name": "email"}) is None
    other = make.facilitator(organiser, name="Pak Udin")
    taken = {"name": "Pak Udin", "institution": other.institution}
    assert (
        "sudah ada"
        in browser.post("courses.change_facilitator", facilitator_id=teacher.id, data=taken, expect=409).error
    )


def test_what_others_have_changed_of_a_facilitator_meanwhile_is_asked_about(make, browser, dinas, db):
    teacher = make.facilitator(name="Dra. Masniah")
    page = browser.get("courses.change_facilitator", facilitator_id=teacher.id)
    version = page.soup.find("input", attrs={"name": "version"})["value"]
    teacher.institution = "Dinas Sosial"
    db.session.commit()
    typed = {"name": "Dra. Masniah", "institution": "Poltekesos", "phone": "", "version": version}
    refused = browser.post("courses.change_facilitator", facilitator_id=teacher.id, data=typed, expect=409)
    assert "Kini tersimpan “Dinas Sosial”" in refused.text
    strange = make.facilitator(make.organiser("33.74"))
    browser.get("courses.change_facilitator", facilitator_id=strange.id, expect=404)
