"""What the pages say before and after: what is missing, what an answer contradicts or takes away, what is
next.
"""

from datetime import timedelta

import pytest

from app.auth.rules import Role
from app.core import clock
from app.courses.queries import readiness
from app.courses.rules import BatchStatus, SessionKind
from app.fieldwork import queries, services
from app.fieldwork.rules import VisitStatus
from app.workspace.queries import progress_of
from app.workspace.rail import StepState, rail
from app.workspace.rules import duties

REASON = "aula sedang diperbaiki"


@pytest.fixture
def officer(make):
    return make.user(Role.KABUPATEN_DINAS)


@pytest.fixture
def scene(make, officer):
    """A batch next week with five people, field practice on the third day, a host with its contact."""
    batch = make.batch()
    day = batch.starts_on + timedelta(days=2)
    make.session(batch, kind=SessionKind.FIELD_PRACTICE, held_on=day)
    people = [
        make.attendee(batch, make.trainee(name=name)) for name in ("Ani", "Budi", "Citra", "Dewi", "Endang")
    ]
    contact = make.user(region="63.72", name="Bu Melati")
    host = make.host(name="Panti Budi Sejahtera")
    services.name_contact(host, contact, by=officer)
    return batch, day, people, host, contact


def placed(make, scene, number=5, **values):
    batch, _day, people, host, _contact = scene
    visit = make.visit(batch, host, **{"requested_places": number, "granted_places": number} | values)
    for person in people[:number]:
        make.placement(visit, person)
    return visit


def next_sentence(browser, batch):
    page = browser.get("fieldwork.show_fieldwork", batch_id=batch.id)
    section = page.soup.select_one(".next-thing")
    return " ".join(section.select_one(".sentence").get_text(" ").split()), [
        each.get_text(strip=True) for each in section.select(".btn")
    ]


def test_a_second_request_asks_only_for_the_places_that_lack(browser, scene, officer, make):
    batch, _day, _people, _host, _contact = scene
    make.visit(batch, make.host(), requested_places=5, granted_places=2, status=VisitStatus.PARTLY_ACCEPTED)
    make.visit(batch, make.host(), requested_places=1, granted_places=0, status=VisitStatus.REQUESTED)
    browser.sign_in(officer)
    page = browser.get("fieldwork.request_visit", batch_id=batch.id)
    assert page.soup.find("input", attrs={"name": "requested_places"})["value"] == "2"
    assert "Masih kurang 2 tempat" in page.text


def test_more_than_lacks_may_be_asked_and_is_said(browser, scene, officer):
    batch, day, _people, host, _contact = scene
    browser.sign_in(officer)
    data = {"host_id": host.id, "visits_on": day.isoformat(), "requested_places": "8"}
    browser.post("fieldwork.request_visit", batch_id=batch.id, data=data)
    page = browser.get("fieldwork.show_fieldwork", batch_id=batch.id)
    assert "Yang diminta 8 tempat, sedangkan yang masih kurang 5" in page.text


def test_when_nothing_lacks_the_page_says_so_and_offers_no_request_as_next(browser, scene, officer, make):
    batch, _day, _people, _host, _contact = scene
    placed(make, scene)
    browser.sign_in(officer)
    page = browser.get("fieldwork.request_visit", batch_id=batch.id)
    assert "Tidak ada tempat yang kurang" in page.text
    assert not page.soup.find("input", attrs={"name": "requested_places"}).get("value")
    assert next_sentence(browser, batch) == ("Semua peserta sudah ditempatkan.", [])


def test_before_anybody_takes_part_the_quota_is_asked_for(browser, officer, make):
    batch = make.batch(quota=24)
    make.host()
    browser.sign_in(officer)
    page = browser.get("fieldwork.request_visit", batch_id=batch.id)
    assert page.soup.find("input", attrs={"name": "requested_places"})["value"] == "24"


def test_a_number_that_contradicts_the_answer_is_said_at_its_field(browser, scene, make):
    batch, _day, _people, host, contact = scene
    visit = make.visit(batch, host, status=VisitStatus.REQUESTED, granted_places=0)
    browser.sign_in(contact)
    page = browser.post(
        "fieldwork.answer_visit",
        visit_id=visit.id,
        data={"answer": "accepted", "granted_places": "5"},
        expect=422,
    )
    assert (
        "Anda mengetik 5 orang, sedangkan yang diminta 30. Jawab “Terima sebagian” untuk 5 orang"
        in page.error
    )
    assert page.soup.find(id="granted_places-error")
    assert queries.get_visit(visit.id).status is VisitStatus.REQUESTED


def test_the_answer_page_says_what_will_happen_before_it_is_kept(browser, scene, officer, make):
    batch, _day, _people, _host, _contact = scene
    visit = placed(make, scene)
    browser.sign_in(officer)
    first = browser.get("fieldwork.answer_visit", visit_id=visit.id)
    assert not first.soup.find(id="confirm")
    assert "Sudah ditempatkan 5 orang" in first.text
    data = {"answer": "partly_accepted", "granted_places": "3", "note": ""}
    asked = browser.post("fieldwork.answer_visit", visit_id=visit.id, data=data, expect=422)
    assert "2 di antaranya kehilangan tempat dan harus dibagi lagi: Dewi, Endang." in asked.error
    assert asked.soup.find("input", id="confirm", type="checkbox")
    bare = browser.post(
        "fieldwork.answer_visit", visit_id=visit.id, data={**data, "confirm": "y"}, expect=422
    )
    assert "beberapa kata" in bare.error
    assert bare.soup.find(id="confirm").has_attr("checked")
    assert queries.count_placed(visit) == 5
    browser.post("fieldwork.answer_visit", visit_id=visit.id, data={**data, "confirm": "y", "note": REASON})
    assert queries.count_placed(visit) == 3
    assert next_sentence(browser, batch) == ("Masih kurang 2 tempat.", ["Minta lokasi lain"])


def test_the_host_sees_how_many_but_not_who(browser, scene, make):
    visit = placed(make, scene)
    browser.sign_in(scene[4])
    page = browser.post("fieldwork.answer_visit", visit_id=visit.id, data={"answer": "declined"}, expect=422)
    assert "5 orang sudah ditempatkan; semuanya kehilangan tempat dan harus dibagi lagi." in page.error
    assert "Endang" not in page.text


def test_cancelling_with_people_placed_has_a_page_of_its_own(browser, scene, officer, make):
    batch, _day, _people, _host, _contact = scene
    visit = placed(make, scene)
    browser.sign_in(officer)
    tab = browser.get("fieldwork.show_fieldwork", batch_id=batch.id)
    address = f"/visits/{visit.id}/cancel"
    assert tab.soup.find("a", href=address)
    assert not tab.soup.find("form", action=address)
    page = browser.get("fieldwork.cancel_visit", visit_id=visit.id)
    assert "semuanya kehilangan tempat dan harus dibagi lagi: Ani, Budi, Citra, Dewi, Endang." in page.text
    assert page.soup.find("input", attrs={"name": "confirm"})["value"] == "1"
    stale = browser.post(
        "fieldwork.cancel_visit", visit_id=visit.id, expect=422
    )  # a button of a page of before
    assert "semuanya kehilangan tempat" in stale.error
    short = browser.post(
        "fieldwork.cancel_visit", visit_id=visit.id, data={"confirm": "1", "reason": "x"}, expect=422
    )
    assert "beberapa kata" in short.error
    assert short.soup.find("textarea").text.strip() == "x"
    browser.post("fieldwork.cancel_visit", visit_id=visit.id, data={"confirm": "1", "reason": REASON})
    assert next_sentence(browser, batch)[0].startswith(
        "Lokasi praktik kerja lapangan (PKL) belum ada yang menerima."
    )


def test_nobody_placed_is_cancelled_by_the_button_of_the_table(browser, scene, officer, make):
    batch, _day, _people, host, _contact = scene
    visit = make.visit(batch, host)
    browser.sign_in(officer)
    tab = browser.get("fieldwork.show_fieldwork", batch_id=batch.id)
    assert tab.soup.find("form", action=f"/visits/{visit.id}/cancel")
    browser.post("fieldwork.cancel_visit", visit_id=visit.id)
    assert queries.get_visit(visit.id).status is VisitStatus.CANCELLED


def test_a_closed_batch_shows_its_visits_without_acts(browser, scene, officer, make):
    batch, _day, people, _host, contact = scene
    visit = placed(make, scene)
    make.graduation(batch, *people)
    browser.sign_in(officer)
    tab = browser.get("fieldwork.show_fieldwork", batch_id=batch.id)
    assert "sudah disetujui" in next_sentence(browser, batch)[0]
    assert not tab.soup.select_one("main").find("form", method="post")
    assert not tab.soup.find("a", href=f"/visits/{visit.id}/answer")
    for endpoint, values in (
        ("fieldwork.spread_evenly", {"batch_id": batch.id}),
        ("fieldwork.divide_anew", {"batch_id": batch.id}),
        ("fieldwork.ask_again", {"visit_id": visit.id}),
        ("fieldwork.cancel_visit", {"visit_id": visit.id}),
    ):
        assert "sudah disetujui" in browser.post(endpoint, expect=422, **values).error
    browser.sign_in(contact)
    assert "sudah disetujui" in browser.get("fieldwork.answer_visit", visit_id=visit.id).text
    page = browser.post("fieldwork.answer_visit", visit_id=visit.id, data={"answer": "declined"}, expect=422)
    assert "sudah disetujui" in page.text
    assert queries.count_placed(visit) == 5


def test_a_visit_that_took_place_offers_no_answer_any_more(browser, scene, officer, make, at):
    batch, day, _people, _host, contact = scene
    visit = placed(make, scene)
    at(*(day + timedelta(days=1)).timetuple()[:3], 3)
    browser.sign_in(officer)
    assert "kunjungan PKL sudah berlangsung pada" in next_sentence(browser, batch)[0]
    assert not browser.get("fieldwork.show_fieldwork", batch_id=batch.id).soup.find(
        "a", href=f"/visits/{visit.id}/cancel"
    )
    browser.sign_in(contact)
    assert "Ubah jawaban" not in browser.get("fieldwork.list_my_visits").text
    page = browser.get("fieldwork.answer_visit", visit_id=visit.id)
    assert "Kunjungan ini sudah berlangsung pada" in page.text
    assert not page.soup.select_one("main form")


def test_the_next_thing_after_the_visit_when_somebody_has_no_place(browser, scene, officer, make, at):
    batch, day, _people, _host, _contact = scene
    placed(make, scene, number=3)
    at(*(day + timedelta(days=1)).timetuple()[:3], 3)
    browser.sign_in(officer)
    sentence, buttons = next_sentence(browser, batch)
    assert "2 peserta tidak tercatat di lokasi mana pun" in sentence
    assert buttons == ["Minta lokasi lain"]  # one day of the batch is left
    at(*(batch.ends_on + timedelta(days=1)).timetuple()[:3], 3)
    assert next_sentence(browser, batch)[1] == []


def test_a_proposal_is_taken_up_in_one_press(browser, scene, officer, make):
    batch, day, _people, host, contact = scene
    visit = make.visit(batch, host, status=VisitStatus.REQUESTED, granted_places=0, recorded_by_id=officer.id)
    other = day - timedelta(days=1)
    services.answer_visit(visit, VisitStatus.OTHER_DATE, other_date=other, by=contact)
    browser.sign_in(officer)
    sentence, buttons = next_sentence(browser, batch)
    assert sentence == "Masih kurang 5 tempat. Ada lokasi yang mengusulkan tanggal lain."
    assert buttons[0].startswith("Minta untuk ")
    browser.post("fieldwork.ask_again", visit_id=visit.id)
    page = browser.get("fieldwork.show_fieldwork", batch_id=batch.id)
    assert "permohonan semula berakhir" in page.text
    assert "1 permohonan menunggu jawaban lokasi PKL; 5 peserta belum ditempatkan." in page.text


def test_a_proposal_outside_the_batch_leads_to_the_form_with_that_host(browser, scene, officer, make):
    batch, _day, _people, host, contact = scene
    first = make.host(name="Aaa")
    visit = make.visit(batch, host, status=VisitStatus.REQUESTED, granted_places=0)
    services.answer_visit(visit, VisitStatus.OTHER_DATE, note="minggu depan", by=contact)
    browser.sign_in(officer)
    tab = browser.get("fieldwork.show_fieldwork", batch_id=batch.id)
    assert "Tanggal usulannya di luar hari diklat atau tidak terbaca." in tab.text
    link = next(each for each in tab.soup.find_all("a") if "Minta tanggal lain" in each.get_text())
    chosen = browser.get(link["href"]).soup.select_one("select[name=host_id] option[selected]")
    assert chosen["value"] == str(host.id) != str(first.id)


def test_dividing_anew_says_how_many_move_and_is_offered_only_when_somebody_is_placed(
    browser, scene, officer, make
):
    batch, _day, people, host, _contact = scene
    browser.sign_in(officer)
    visit = make.visit(batch, host, requested_places=5, granted_places=5)
    assert "Bagi ulang dari awal" not in browser.get("fieldwork.show_fieldwork", batch_id=batch.id).text
    refused = browser.post("fieldwork.divide_anew", batch_id=batch.id, expect=422)
    assert "Belum ada yang ditempatkan" in refused.error
    for person, group in zip(people, (1, 2, 2, 1, 1), strict=True):
        make.placement(visit, person, group=group)
    tab = browser.get("fieldwork.show_fieldwork", batch_id=batch.id)
    assert "2 orang akan pindah lokasi atau kelompok" in tab.text
    field = tab.soup.find("input", attrs={"name": "moving"})
    assert field["value"] == "2"
    told = browser.post("fieldwork.divide_anew", batch_id=batch.id, expect=422)
    assert "2 dari 5 orang yang sudah ditempatkan akan pindah" in told.error
    stale = browser.post("fieldwork.divide_anew", batch_id=batch.id, data={"moving": "4"}, expect=409)
    assert "berubah sejak halaman ini dibuka" in stale.error
    browser.post("fieldwork.divide_anew", batch_id=batch.id, data={"moving": "2"})
    assert {row.group for row in queries.list_placements(batch)} == {1}
    assert (
        "Bagi ulang dari awal" not in browser.get("fieldwork.show_fieldwork", batch_id=batch.id).text
    )  # nobody would move


def test_spreading_when_all_are_placed_is_a_conflict(browser, scene, officer, make):
    placed(make, scene)
    browser.sign_in(officer)
    page = browser.post("fieldwork.spread_evenly", batch_id=scene[0].id, expect=409)
    assert "Semua peserta sudah ditempatkan" in page.error


def test_one_newcomer_is_placed_and_nobody_else_moves(browser, scene, officer, make):
    batch, _day, _people, _host, _contact = scene
    visit = make.visit(batch, scene[3], requested_places=30, granted_places=30)
    for person, group in zip(scene[2], (1, 1, 1, 4, 4), strict=True):
        make.placement(visit, person, group=group)
    before = {row.attendee_id: (row.id, row.group) for row in queries.list_placements(batch)}
    newcomer = make.attendee(batch)
    browser.sign_in(officer)
    assert next_sentence(browser, batch) == ("1 peserta belum ditempatkan.", ["Bagi rata, campur kecamatan"])
    browser.post("fieldwork.spread_evenly", batch_id=batch.id)
    after = {row.attendee_id: (row.id, row.group) for row in queries.list_placements(batch)}
    assert after.pop(newcomer.id)[1] == 4
    assert after == before
    assert queries.count_placed(visit) == 6


def test_a_newcomer_gets_the_mentor_of_the_group(make, scene, officer):
    batch, _day, _people, _host, _contact = scene
    visit = placed(make, scene, requested_places=30, granted_places=30)
    services.name_mentor(visit, 1, "Ibu Rina", by=officer)
    make.attendee(batch)
    services.spread_evenly(batch, by=officer)
    assert {row.mentor_name for row in queries.list_placements(batch)} == {"Ibu Rina"}


def test_name_tags_and_the_list_of_the_host_leave_out_who_left(browser, scene, make, db, at):
    _batch, day, people, _host, contact = scene
    visit = placed(make, scene)
    people[0].left_at = clock.now()
    db.session.commit()
    at(*day.timetuple()[:3], 1)
    browser.sign_in(contact)
    page = browser.get("fieldwork.list_my_visits")
    assert "Budi" in page.text
    assert "Ani" not in page.text
    assert queries.count_placed(visit) == 4


def test_a_cancelled_batch_says_so_and_asks_nobody(browser, scene, officer, db):
    batch = scene[0]
    batch.status = BatchStatus.CANCELLED
    db.session.commit()
    browser.sign_in(officer)
    assert "Angkatan ini sudah dibatalkan" in next_sentence(browser, batch)[0]
    assert "Angkatan ini sudah dibatalkan" in browser.get("fieldwork.request_visit", batch_id=batch.id).text


@pytest.mark.parametrize(
    ("day", "sessions", "said"),
    [
        (0, [(0, None)], None),
        (0, [(0, 1), (0, 2)], None),
        (-1, [(0, None)], "sedangkan sesi PKL pada"),
        (0, [(0, 2)], "bukan untuk kelompok 1"),
        (0, [], "jadwal belum memuat sesi PKL"),
    ],
    ids=["its day", "its group", "another day", "another group", "no session"],
)
def test_a_visit_on_a_day_without_practice_of_its_groups_is_named_everywhere_and_nothing_is_done(
    browser, make, officer, day, sessions, said
):
    batch = make.batch(status=BatchStatus.CLOSED)
    practice = batch.starts_on + timedelta(days=2)
    for offset, group in sessions:
        make.session(
            batch, kind=SessionKind.FIELD_PRACTICE, held_on=practice + timedelta(days=offset), group=group
        )
    visit = make.visit(batch, make.host(name="Panti Budi"), visits_on=practice + timedelta(days=day))
    make.placement(visit, make.attendee(batch))
    warned = [str(warning) for warning in readiness(batch) if "Panti Budi" in str(warning)]
    duties_said = [
        str(duty.sentence) for duty in duties(progress_of(batch)) if "Panti Budi" in str(duty.sentence)
    ]
    steps = {str(step.label): step.state for step in rail(progress_of(batch))}
    browser.sign_in(officer)
    sentence, _buttons = next_sentence(browser, batch)
    if said is None:
        assert (warned, duties_said, sentence) == ([], [], "Semua peserta sudah ditempatkan.")
        assert steps["PKL"] is StepState.DONE
    else:
        assert said in sentence
        assert warned == duties_said == [sentence]
        assert steps.get("PKL") is not StepState.DONE
