"""Pages of hosts, the PKL tab, the host's answer; who reaches what."""

from datetime import timedelta

import pytest

from app.auth.rules import Role
from app.core import clock
from app.core.dates import date_range, day_date
from app.courses.rules import SessionKind
from app.fieldwork import queries, services
from app.fieldwork.rules import VisitStatus


@pytest.fixture
def officer(make):
    return make.user(Role.KABUPATEN_DINAS)


@pytest.fixture
def scene(make, officer):
    """A Tapin batch that begins tomorrow, field practice on its first day, two people, a host in Banjarbaru
    with a contact.
    """
    batch = make.batch(starts_on=clock.today("Asia/Makassar") + timedelta(days=1))
    practice = make.session(batch, kind=SessionKind.FIELD_PRACTICE)
    people = [make.attendee(batch, make.trainee(name=name)) for name in ("Siti Aminah", "Rahmad Hidayat")]
    host = make.host(name="Panti Budi Sejahtera", contact_user=None)
    contact = make.user(region="63.72", name="Bu Melati")
    services.name_contact(host, contact, by=officer)
    return batch, practice, people, host, contact


def test_an_officer_enters_a_host_and_reads_that_clients_are_not_places(browser, make, officer):
    office = make.organiser()
    browser.sign_in(officer)
    data = {
        "organiser": office.id,
        "name": "Panti Fajar Harapan",
        "kind": "panti",
        "region-provinsi": "63",
        "region-kabupaten": "63.72",
        "visitors_per_day": "30",
        "client_groups": "Netra: 60\n\nFisik: 25",
    }
    page = browser.post("fieldwork.draft_host", data=data)
    shown = browser.get(page.location)
    assert "30 orang" in shown.text
    assert "bukan tempat bagi peserta diklat" in shown.text
    assert "Netra 60" in shown.text
    assert "Panti Fajar Harapan" in browser.get("fieldwork.list_hosts").text


def test_a_line_of_clients_without_a_number_is_named(browser, make, officer):
    office = make.organiser()
    browser.sign_in(officer)
    data = {
        "organiser": office.id,
        "name": "Panti",
        "kind": "panti",
        "region-provinsi": "63",
        "region-kabupaten": "63.72",
        "visitors_per_day": "30",
        "client_groups": "Netra: 60\nFisik",
    }
    page = browser.post("fieldwork.draft_host", data=data, expect=422)
    assert "Baris 2" in page.error
    assert "Fisik" in page.soup.find("textarea").text


def test_a_host_needs_its_kabupaten(browser, make, officer):
    office = make.organiser()
    browser.sign_in(officer)
    data = {
        "organiser": office.id,
        "name": "Panti",
        "kind": "panti",
        "region-provinsi": "63",
        "visitors_per_day": "30",
    }
    assert "Pilih kabupaten/kota." in browser.post("fieldwork.draft_host", data=data, expect=422).error


def test_a_host_is_corrected(browser, scene, officer):
    host = scene[3]
    browser.sign_in(officer)
    page = browser.get("fieldwork.change_host", host_id=host.id)
    assert (
        page.soup.find("textarea", attrs={"name": "client_groups"}).text.strip()
        == "Lanjut usia telantar: 110"
    )
    data = {
        "name": host.name,
        "kind": "upt",
        "region-provinsi": "63",
        "region-kabupaten": "63.72",
        "visitors_per_day": "12",
        "client_groups": "",
    }
    browser.post("fieldwork.change_host", host_id=host.id, data=data)
    assert (queries.get_host(host.id).visitors_per_day, queries.list_client_groups(host)) == (12, [])


def test_the_request_is_prefilled_and_a_full_day_says_what_is_left(browser, scene, officer, make):
    batch, practice, _people, host, _contact = scene
    browser.sign_in(officer)
    page = browser.get("fieldwork.request_visit", batch_id=batch.id)
    assert page.soup.find("input", attrs={"name": "visits_on"})["value"] == f"{practice.held_on:%d-%m-%Y}"
    assert page.soup.find("input", attrs={"name": "requested_places"})["value"] == "2"
    data = {"host_id": host.id, "visits_on": practice.held_on.isoformat(), "requested_places": "41"}
    refused = browser.post("fieldwork.request_visit", batch_id=batch.id, data=data, expect=422)
    assert "tersisa 40 tempat bagi peserta; yang diminta 41" in refused.error
    browser.post("fieldwork.request_visit", batch_id=batch.id, data={**data, "requested_places": "2"})
    assert "Menunggu jawaban" in browser.get("fieldwork.show_fieldwork", batch_id=batch.id).text


def test_an_old_answer_sent_again_says_which_one_stands(browser, scene, officer):
    batch, practice, _people, host, contact = scene
    visit = services.request_visit(batch, host, visits_on=practice.held_on, requested_places=2, by=officer)
    browser.sign_in(contact)
    page = {"visit_id": visit.id, "data": {"answer": "accepted"}, "key": "same-page-1"}
    browser.post("fieldwork.answer_visit", **page)
    assert "jawaban disimpan" in browser.get("fieldwork.list_my_visits").text
    services.answer_visit(
        visit, VisitStatus.DECLINED, note="Aula dipakai acara lain", confirm=True, by=contact
    )
    browser.post("fieldwork.answer_visit", **page)
    said = browser.get("fieldwork.list_my_visits").text
    assert "Jawaban yang berlaku sekarang: Belum dapat menerima." in said
    assert "jawaban disimpan" not in said


def test_ask_answer_and_divide(browser, new_browser, scene, officer):
    batch, practice, people, host, contact = scene
    visit = services.request_visit(batch, host, visits_on=practice.held_on, requested_places=2, by=officer)
    panti = new_browser()
    panti.sign_in(contact)
    assert "1 permohonan menunggu jawaban Anda" in panti.get("fieldwork.list_my_visits").text
    answered = panti.post("fieldwork.answer_visit", visit_id=visit.id, data={"answer": "accepted"})
    assert answered.location == "/me/visits"

    browser.sign_in(officer)
    assert "2 peserta belum ditempatkan" in browser.get("fieldwork.show_fieldwork", batch_id=batch.id).text
    browser.post("fieldwork.spread_evenly", batch_id=batch.id)
    page = browser.get("fieldwork.show_fieldwork", batch_id=batch.id)
    assert "Semua peserta sudah ditempatkan" in page.text
    assert "Kelompok 1" in page.text
    browser.post("fieldwork.name_mentor", visit_id=visit.id, group=1, data={"mentor_name": "Pak Hadi"})
    browser.post(
        "fieldwork.place_attendee", attendee_id=people[0].id, data={"visit_id": visit.id, "group": "2"}
    )
    assert "Pak Hadi" in browser.get("fieldwork.show_fieldwork", batch_id=batch.id).text
    assert "Siti Aminah" in panti.get("fieldwork.list_my_visits").text  # the visit is tomorrow


def test_names_are_not_shown_two_days_before(browser, scene, officer, make):
    batch, _practice, people, host, contact = scene
    later = make.visit(batch, host, visits_on=batch.starts_on + timedelta(days=1))
    make.placement(later, people[0])
    browser.sign_in(contact)
    page = browser.get("fieldwork.list_my_visits")
    assert "Siti Aminah" not in page.text
    assert "sehari sebelum kunjungan" in page.text


def test_accepting_in_part_without_a_number_keeps_what_was_typed(browser, scene, make):
    batch, practice, _people, host, contact = scene
    visit = make.visit(
        batch, host, visits_on=practice.held_on, status=VisitStatus.REQUESTED, granted_places=0
    )
    browser.sign_in(contact)
    data = {"answer": "partly_accepted", "granted_places": "", "note": "aula diperbaiki"}
    page = browser.post("fieldwork.answer_visit", visit_id=visit.id, data=data, expect=422)
    assert "isi jumlah dari 1 sampai 29 orang" in page.error
    assert "aula diperbaiki" in page.soup.find("textarea").text
    browser.post("fieldwork.answer_visit", visit_id=visit.id, data={**data, "granted_places": "20"})
    assert queries.get_visit(visit.id).granted_places == 20


def test_another_date_is_written_into_the_note(browser, scene, make):
    batch, practice, _people, host, contact = scene
    visit = make.visit(
        batch, host, visits_on=practice.held_on, status=VisitStatus.REQUESTED, granted_places=0
    )
    browser.sign_in(contact)
    page = browser.post(
        "fieldwork.answer_visit", visit_id=visit.id, data={"answer": "other_date"}, expect=422
    )
    assert "Tulis tanggal yang diusulkan." in page.error
    assert f"di antara hari diklat: {date_range(batch.starts_on, batch.ends_on)}." in page.text
    far = {"answer": "other_date", "other_date": "2031-10-17"}
    page = browser.post("fieldwork.answer_visit", visit_id=visit.id, data=far, expect=422)
    assert "Usulkan hari di antaranya" in page.error
    browser.post(
        "fieldwork.answer_visit", visit_id=visit.id, data=far | {"other_date": batch.ends_on.isoformat()}
    )
    assert queries.get_visit(visit.id).answer_note == f"Diusulkan {day_date(batch.ends_on)}."


def test_the_contact_of_a_banjarbaru_host_reaches_the_sessions_of_that_day_and_nothing_else_of_tapin(
    browser, scene, officer, make
):
    batch, practice, people, host, contact = scene
    material = make.session(batch)
    enrollment = make.enrollment(batch)
    other = make.visit(batch, make.host(), status=VisitStatus.REQUESTED, granted_places=0)
    visit = services.request_visit(batch, host, visits_on=practice.held_on, requested_places=2, by=officer)
    browser.sign_in(contact)
    outside = [
        ("courses.show_schedule", {"batch_id": batch.id}),
        ("fieldwork.show_fieldwork", {"batch_id": batch.id}),
        ("fieldwork.request_visit", {"batch_id": batch.id}),
        ("fieldwork.answer_visit", {"visit_id": other.id}),
        ("fieldwork.place_attendee", {"attendee_id": people[0].id}),
        ("fieldwork.show_host", {"host_id": host.id}),
        ("enrollments.list_enrollments", {"batch_id": batch.id}),
        ("attendance.show_attendance", {"batch_id": batch.id}),
        ("assessment.show_graduation", {"batch_id": batch.id}),
        ("enrollments.show_enrollment", {"enrollment_id": enrollment.id}),
        ("attendance.record_session", {"session_id": material.id}),
        ("workspace.show_batch", {"batch_id": batch.id}),
        ("workspace.show_trainee", {"trainee_id": people[0].trainee_id}),
    ]

    def look():
        for endpoint, values in outside:
            browser.get(endpoint, expect=404, **values)

    browser.get("attendance.record_session", session_id=practice.id, expect=404)
    look()
    services.answer_visit(visit, VisitStatus.ACCEPTED, by=officer)
    browser.get("attendance.record_session", session_id=practice.id)
    browser.get("fieldwork.answer_visit", visit_id=visit.id)
    look()
    services.cancel_visit(visit, by=officer)
    gone = browser.get("attendance.record_session", session_id=practice.id)
    assert "Kehadiran sesi ini tidak lagi Anda isi." in gone.text
    assert not any(person.name in gone.text for person in people)
    browser.post("attendance.record_session", session_id=practice.id, data={}, expect=404)
    look()


def test_a_contact_cannot_cancel_or_divide(browser, scene, make):
    batch, _practice, _people, host, contact = scene
    visit = make.visit(batch, host)
    browser.sign_in(contact)
    browser.post("fieldwork.cancel_visit", visit_id=visit.id, expect=404)
    browser.post("fieldwork.spread_evenly", batch_id=batch.id, expect=404)
    page = browser.post("fieldwork.answer_visit", visit_id=visit.id, data={"answer": "cancelled"}, expect=422)
    assert queries.get_visit(visit.id).status is VisitStatus.ACCEPTED
    assert page.error


def test_the_neighbour_sees_neither_host_nor_visits(browser, scene, make):
    batch, _practice, people, host, _contact = scene
    visit = make.visit(batch, host)
    browser.sign_in(make.user(Role.KABUPATEN_DINAS, "63.03"))
    assert host.name not in browser.get("fieldwork.list_hosts").text
    for endpoint, values in (
        ("fieldwork.show_host", {"host_id": host.id}),
        ("fieldwork.change_host", {"host_id": host.id}),
        ("fieldwork.show_fieldwork", {"batch_id": batch.id}),
        ("fieldwork.answer_visit", {"visit_id": visit.id}),
        ("fieldwork.name_mentor", {"visit_id": visit.id, "group": 1}),
        ("fieldwork.place_attendee", {"attendee_id": people[0].id}),
    ):
        browser.get(endpoint, expect=404, **values)


def test_a_refused_division_is_said_on_the_tab(browser, scene, officer, make):
    batch, practice, _people, host, _contact = scene
    make.visit(batch, host, visits_on=practice.held_on, requested_places=1, granted_places=1)
    browser.sign_in(officer)
    page = browser.post("fieldwork.spread_evenly", batch_id=batch.id, expect=422)
    assert "Kurang 1 tempat" in page.error


def test_a_contact_is_named_and_let_go_on_the_page_of_the_host(browser, make, officer):
    host = make.host()
    browser.sign_in(officer)
    browser.post(
        "fieldwork.name_contact", host_id=host.id, data={"name": "Bu Melati", "email": "melati@panti.example"}
    )
    assert "Bu Melati" in browser.get("fieldwork.show_host", host_id=host.id).text
    page = browser.post(
        "fieldwork.name_contact", host_id=host.id, data={"name": "Bu Melati", "email": "melati"}, expect=422
    )
    assert "email" in page.error.lower()
    browser.post("fieldwork.remove_contact", host_id=host.id)
    assert queries.get_host(host.id).contact_user is None


def test_the_tab_reads_the_same_number_of_queries_however_many_people_there_are(
    browser, officer, make, count_queries
):
    batch = make.batch()
    browser.sign_in(officer)
    visit = make.visit(batch)

    def place(number):
        for _each in range(number):
            make.placement(visit, make.attendee(batch))

    place(1)
    with count_queries() as few:
        browser.get("fieldwork.show_fieldwork", batch_id=batch.id)
    place(11)
    with count_queries() as many:
        browser.get("fieldwork.show_fieldwork", batch_id=batch.id)
    assert few() == many()
