"""The pages of enrollments: of a batch and of one enrollment."""

from datetime import date

import pytest

from app.api import serializers
from app.auth.rules import Role
from app.core import clock
from app.courses.rules import Admission, BatchStatus, GraduationStage
from app.enrollments import queries
from app.enrollments.queries import label_of
from app.enrollments.rules import EnrollmentStatus
from app.trainees.rules import TraineeStatus
from tests.factories import KALSEL, SEMARANG

S = EnrollmentStatus


def why(page, person):
    """Return the reason that stands beside somebody's name."""
    return page.soup.select_one(f"#trainees-{person.id}-why").get_text()


@pytest.fixture
def officer(make, browser):
    user = make.user(Role.KABUPATEN_DINAS)
    browser.sign_in(user)
    return user


@pytest.fixture
def volunteer(make, browser):
    user = make.user()
    browser.sign_in(user)
    return make.trainee(user=user)


def test_the_list_shows_everybody_by_what_is_to_be_done(make, browser, officer):
    batch = make.batch(quota=30)
    for status in (S.SUBMITTED, S.ACCEPTED, S.REJECTED):
        make.enrollment(batch, status=status)
    make.enrollment(batch, status=S.WAITLISTED, waiting_since=clock.now())

    page = browser.get("enrollments.list_enrollments", batch_id=batch.id)

    captions = [caption.get_text() for caption in page.soup.select("caption")]
    assert captions[1:] == [
        "Menunggu keputusan (1)",
        "Mendapat tempat (1)",
        "Cadangan (1)",
        "Sudah berakhir (1)",
    ]
    assert "1 dari 30" in page.text
    assert "1 pendaftaran menunggu keputusan Anda." in page.text


def test_thirty_of_forty_are_accepted_and_ten_become_cadangan_in_two_pages(make, browser, officer):
    batch = make.batch(quota=3)
    asked = [make.enrollment(batch) for _ in range(4)]

    page = browser.get("enrollments.decide_enrollments", batch_id=batch.id)
    assert page.soup.select("input[type=checkbox][checked]") == []  # nobody before the office has looked
    ticked = [
        box["value"]
        for box in page.soup.select("input[type=checkbox]:not([data-check-all])")
        if box.get("name") == "enrollments"
    ][:3]
    assert ticked == [str(each.id) for each in asked[:3]]
    browser.post(
        "enrollments.decide_enrollments",
        batch_id=batch.id,
        data={"enrollments": ticked, "decision": "accept_and_waitlist"},
    )

    assert [each.status for each in asked] == [S.ACCEPTED] * 3 + [S.WAITLISTED]
    assert (
        "3 orang diterima, 1 menjadi cadangan."
        in browser.get("enrollments.list_enrollments", batch_id=batch.id).text
    )


@pytest.mark.parametrize(("decision", "status"), [("accept", S.ACCEPTED), ("waitlist", S.WAITLISTED)])
def test_only_those_ticked_are_decided(make, browser, officer, decision, status):
    batch = make.batch()
    chosen, other = make.enrollment(batch), make.enrollment(batch)

    browser.post(
        "enrollments.decide_enrollments",
        batch_id=batch.id,
        data={"enrollments": [chosen.id], "decision": decision},
    )

    assert (chosen.status, other.status) == (status, S.SUBMITTED)


@pytest.mark.parametrize(
    ("data", "status"),
    [
        ({"decision": "accept"}, 422),
        ({"enrollments": ["1"], "decision": "dance"}, 422),
        ({"enrollments": ["99999999999999999999"], "decision": "accept"}, 422),
        ({"enrollments": ["x"], "decision": "accept"}, 422),
        ({"enrollments": ["999999"], "decision": "accept"}, 404),
    ],
)
def test_a_wrong_choice_is_answered_with_the_page(make, browser, officer, data, status):
    enrollment = make.enrollment()

    page = browser.post(
        "enrollments.decide_enrollments", batch_id=enrollment.batch_id, data=data, expect=status
    )

    assert page.errors
    assert enrollment.status is S.SUBMITTED


def test_an_id_of_another_batch_refuses_the_whole_choice(make, browser, officer):
    own, foreign = make.enrollment(), make.enrollment()

    data = {"enrollments": [own.id, foreign.id], "decision": "accept"}
    browser.post("enrollments.decide_enrollments", batch_id=own.batch_id, data=data, expect=404)

    assert (own.status, foreign.status) == (S.SUBMITTED, S.SUBMITTED)


def test_too_many_keep_their_ticks(make, browser, officer):
    batch = make.batch(quota=1)
    asked = [make.enrollment(batch) for _ in range(2)]

    data = {"enrollments": [each.id for each in asked], "decision": "accept"}
    page = browser.post("enrollments.decide_enrollments", batch_id=batch.id, data=data, expect=422)

    assert page.error == "Anda memilih 2 orang, padahal tinggal 1 tempat."
    assert len(page.soup.select("input[type=checkbox][checked]")) == 2


def test_who_only_reads_the_list_does_not_decide_about_many(make, browser):
    enrollment = make.enrollment()
    browser.sign_in(make.user(Role.PROVINSI_DINAS, KALSEL))

    assert (
        enrollment.trainee.name
        in browser.get("enrollments.list_enrollments", batch_id=enrollment.batch_id).text
    )
    data = {"enrollments": [enrollment.id], "decision": "accept"}
    browser.post("enrollments.decide_enrollments", batch_id=enrollment.batch_id, data=data, expect=404)

    assert enrollment.status is S.SUBMITTED


def test_a_full_batch_refuses_another_trainee(make, browser, officer):
    batch = make.batch(quota=1)
    make.enrollment(batch, status=S.ACCEPTED)
    waiting = make.enrollment(batch)

    page = browser.post("enrollments.accept_enrollment", enrollment_id=waiting.id, expect=422)

    assert page.error == "Semua tempat (1) sudah terisi."
    assert waiting.status is S.SUBMITTED


def test_what_was_decided_by_somebody_else_is_409(make, browser, officer):
    enrollment = make.enrollment(status=S.REJECTED)

    page = browser.post("enrollments.accept_enrollment", enrollment_id=enrollment.id, expect=409)

    assert "sudah diputuskan" in page.error


@pytest.mark.parametrize(
    ("endpoint", "before", "after"),
    [
        ("accept_enrollment", S.SUBMITTED, S.ACCEPTED),
        ("verify_enrollment", S.SUBMITTED, S.VERIFIED),
        ("waitlist_enrollment", S.SUBMITTED, S.WAITLISTED),
        ("submit_enrollment", S.RETURNED, S.SUBMITTED),
        ("offer_seat", S.WAITLISTED, S.OFFERED),
        ("call_enrollment", S.ACCEPTED, S.CALLED),
        ("confirm_enrollment", S.CALLED, S.CONFIRMED),
        ("return_enrollment", S.SUBMITTED, S.RETURNED),
        ("reject_enrollment", S.SUBMITTED, S.REJECTED),
        ("withdraw_enrollment", S.ACCEPTED, S.WITHDRAWN),
    ],
)
def test_every_move_has_its_page_and_its_button(make, browser, officer, new_browser, endpoint, before, after):
    enrollment = make.enrollment(status=before, waiting_since=clock.now() if before is S.WAITLISTED else None)
    shown = browser.get("enrollments.show_enrollment", enrollment_id=enrollment.id)
    address = f"/enrollments/{enrollment.id}/{endpoint.split('_')[0]}"
    assert shown.soup.select(f'a[href="{address}"], form[action="{address}"]'), f"no way to {address}"
    browser.get(f"enrollments.{endpoint}", enrollment_id=enrollment.id)

    stranger = new_browser()
    stranger.sign_in(make.user(Role.KABUPATEN_DINAS, SEMARANG))
    stranger.post(
        f"enrollments.{endpoint}", enrollment_id=enrollment.id, data={"reason": "ingin tahu"}, expect=404
    )
    reader = new_browser()
    reader.sign_in(make.user(Role.PROVINSI_DINAS, KALSEL))
    reader.post(
        f"enrollments.{endpoint}", enrollment_id=enrollment.id, data={"reason": "ingin tahu"}, expect=404
    )
    assert enrollment.status is before

    browser.post(f"enrollments.{endpoint}", enrollment_id=enrollment.id, data={"reason": "Berhalangan hadir"})
    assert enrollment.status is after


def test_a_reason_is_asked_for_at_its_field(make, browser, officer):
    enrollment = make.enrollment()

    page = browser.post(
        "enrollments.reject_enrollment", enrollment_id=enrollment.id, data={"reason": ""}, expect=422
    )

    assert page.soup.select_one("#reason-error")
    assert enrollment.status is S.SUBMITTED


def test_pressing_twice_gives_one_seat_and_one_answer(make, browser, officer):
    enrollment = make.enrollment()

    answers = [
        browser.post("enrollments.accept_enrollment", enrollment_id=enrollment.id, key="0123456789abcdef")
        for _ in range(2)
    ]

    assert answers[0].location == answers[1].location
    assert queries.count_seats(enrollment.batch_id) == 1


def test_staff_enrol_several_from_a_list_that_says_who_cannot_and_why(make, browser, officer):
    batch = make.batch(make.course(make.organiser(KALSEL), "madya"))
    holding, lacking = make.trainee(name="Aminah"), make.trainee(name="Rahmah")
    make.qualification(holding)

    page = browser.get("enrollments.enroll_others", batch_id=batch.id)
    assert [box["value"] for box in page.soup.select("input[name=trainees]:not([disabled])")] == [
        str(holding.id)
    ]
    assert "belum ada sertifikat dasar" in why(page, lacking)
    page = browser.post(
        "enrollments.enroll_others",
        batch_id=batch.id,
        data={"trainees": [holding.id, lacking.id]},
        expect=422,
    )
    assert (
        page.error == "1 dari 2 orang yang dicentang belum dapat didaftarkan; alasannya di samping namanya."
    )
    assert "Belum dapat mengikuti" in why(page, lacking)
    assert {box["value"] for box in page.soup.select("input[checked]")} == {str(holding.id), str(lacking.id)}
    browser.post("enrollments.enroll_others", batch_id=batch.id, data={"trainees": [holding.id]})

    assert [each.trainee_id for each in queries.list_enrollments(batch)] == [holding.id]


def test_whoever_enrols_several_reads_who_got_a_seat_and_who_waits(make, browser, officer):
    batch = make.batch(quota=2, admission=Admission.AUTOMATIC)
    people = [make.trainee(name=name) for name in ("Aminah", "Rahmah", "Jumratul")]
    browser.post(
        "enrollments.enroll_others", batch_id=batch.id, data={"trainees": [each.id for each in people]}
    )
    page = browser.get("enrollments.list_enrollments", batch_id=batch.id)
    by_status = {each.status: each.trainee.name for each in queries.list_enrollments(batch)}
    assert f"1 menjadi cadangan: {by_status[S.WAITLISTED]} (ke-1)." in page.text
    assert "2 diterima: " in page.text


def test_those_enrolled_already_are_409(make, browser, officer):
    enrollment = make.enrollment()
    make.trainee()

    data = {"trainees": [enrollment.trainee_id]}
    page = browser.post("enrollments.enroll_others", batch_id=enrollment.batch_id, data=data, expect=409)

    assert "1 dari 1 orang yang dicentang belum dapat didaftarkan" in page.error
    assert "Sudah terdaftar pada angkatan ini" in why(page, enrollment.trainee)


def test_those_who_can_be_enrolled_come_first_and_the_others_cannot_be_ticked(make, browser, officer):
    batch = make.batch(make.course(make.organiser(KALSEL), "madya"))
    lacking = [make.trainee(name=f"A {number}") for number in range(3)]
    able = make.trainee(name="Zubaidah")
    make.qualification(able)

    page = browser.get("enrollments.enroll_others", batch_id=batch.id)

    boxes = page.soup.select(".pick-list input")
    assert [box["value"] for box in boxes] == [str(each.id) for each in (able, *lacking)]
    assert [box.has_attr("disabled") for box in boxes] == [False, True, True, True]


def test_tick_all_passes_by_who_needs_an_exception(make, browser):
    batch = make.batch(make.course(make.organiser(KALSEL), "madya"))
    able, lacking = make.trainee(), make.trainee()
    make.qualification(able)
    browser.sign_in(make.user(Role.PROVINSI_DINAS, KALSEL))

    page = browser.get("enrollments.enroll_others", batch_id=batch.id)

    passed_by = [box["value"] for box in page.soup.select("input[data-not-all]")]
    assert passed_by == [str(lacking.id)]
    assert not page.soup.select("input[disabled]")
    refused = browser.post(
        "enrollments.enroll_others", batch_id=batch.id, data={"trainees": [lacking.id]}, expect=422
    )
    assert refused.soup.select_one(f"#trainees-{lacking.id}").has_attr("checked")
    assert "belum ada sertifikat dasar" in why(refused, lacking)


def test_who_holds_a_seat_elsewhere_is_found_by_name_with_the_reason(make, browser, officer):
    first, second = make.batch(), make.batch()
    seated = make.enrollment(first, make.trainee(name="Rahmah Duduk"), status=S.ACCEPTED).trainee
    make.trainee(name="Aminah")

    assert "Rahmah" not in browser.get("enrollments.enroll_others", batch_id=second.id).text
    found = browser.get("enrollments.enroll_others", batch_id=second.id, q="rahmah")
    assert f"Sudah mendapat tempat pada diklat dasar, angkatan {first.code}" in why(found, seated)
    assert found.soup.select_one(f"#trainees-{seated.id}").has_attr("disabled")


def test_who_cannot_be_accepted_says_why_beside_the_name_and_is_not_ticked_for_the_office(
    make, browser, officer
):
    batch = make.batch(quota=2)
    gone, first, second = (
        make.enrollment(batch, make.trainee(name=name)) for name in ("Aminah", "Bahriah", "Camelia")
    )
    gone.trainee.status = TraineeStatus.RESIGNED
    make.enrollment(make.batch(), second.trainee, status=S.ACCEPTED)

    page = browser.get("enrollments.decide_enrollments", batch_id=batch.id)
    assert page.soup.select("input[checked]") == []
    assert {box["value"] for box in page.soup.select("input[disabled]")} == {str(gone.id), str(second.id)}
    everybody = [gone.id, first.id, second.id]
    page = browser.post(
        "enrollments.decide_enrollments",
        batch_id=batch.id,
        data={"enrollments": everybody, "decision": "accept"},
        expect=422,
    )
    assert page.error == "2 dari 3 orang yang dicentang belum dapat diterima; alasannya di samping namanya."
    assert "hanya PSM aktif dan calon PSM" in page.soup.select_one(f"#enrollments-{gone.id}-why").get_text()
    assert "Sudah mendapat tempat" in page.soup.select_one(f"#enrollments-{second.id}-why").get_text()
    assert len(page.soup.select("input[checked]")) == 3
    assert {each.status for each in (gone, first, second)} == {S.SUBMITTED}


def test_who_decides_may_let_a_prerequisite_pass_with_a_reason(make, browser):
    batch = make.batch(make.course(make.organiser(KALSEL), "madya"))
    lacking = make.trainee()
    browser.sign_in(make.user(Role.PROVINSI_DINAS, KALSEL))

    page = browser.get("enrollments.enroll_others", batch_id=batch.id)
    assert page.soup.select("input[name=trainees]")
    data = {"trainees": [lacking.id], "override_reason": "Diakui menurut surat kementerian."}
    browser.post("enrollments.enroll_others", batch_id=batch.id, data=data)

    assert queries.list_enrollments(batch)[0].override_reason == "Diakui menurut surat kementerian."


def test_the_list_of_people_can_be_searched_and_is_paged(make, browser, officer):
    batch = make.batch()
    for number in range(52):
        make.trainee(name=f"Orang {number:02}")
    make.trainee(name="Zubaidah Hasan")

    first = browser.get("enrollments.enroll_others", batch_id=batch.id)
    following = browser.get(first.soup.select_one("a[rel=next]")["href"])
    assert len(first.soup.select("input[name=trainees]")) == 50
    assert "Zubaidah Hasan" in following.text
    found = browser.get("enrollments.enroll_others", batch_id=batch.id, q="has zub")
    assert [name.get_text() for name in found.soup.select(".pick-list label b")] == ["Zubaidah Hasan"]


def test_people_of_another_region_cannot_be_enrolled_by_their_number(make, browser, officer):
    batch, stranger = make.batch(), make.trainee("33.74.01.1001")

    browser.post("enrollments.enroll_others", batch_id=batch.id, data={"trainees": [stranger.id]}, expect=404)

    assert queries.list_enrollments(batch) == []


def test_enrolling_others_is_for_those_who_may(make, browser, volunteer, new_browser):
    batch = make.batch()

    browser.get("enrollments.enroll_others", batch_id=batch.id, expect=404)
    new_browser().get("enrollments.enroll_others", batch_id=batch.id, expect=302)
    other = new_browser()
    other.sign_in(make.user(Role.KABUPATEN_DINAS, SEMARANG))
    other.get("enrollments.enroll_others", batch_id=make.batch(status=BatchStatus.DRAFT).id, expect=404)
    other.get("enrollments.list_enrollments", batch_id=batch.id, expect=404)
    other.get("enrollments.decide_enrollments", batch_id=batch.id, expect=404)


@pytest.mark.parametrize(
    "endpoint",
    ["enrollments.list_enrollments", "enrollments.decide_enrollments", "enrollments.enroll_others"],
)
def test_a_list_asks_the_same_number_of_queries_for_two_and_for_thirty(
    make, browser, officer, count_queries, endpoint
):
    def reads(people):
        batch = make.batch()
        for number in range(people):
            make.enrollment(
                batch, make.trainee(status=TraineeStatus.ACTIVE if number % 2 else TraineeStatus.CANDIDATE)
            )
            make.trainee()
        with count_queries() as counted:
            browser.get(endpoint, batch_id=batch.id)
        return counted()

    assert reads(2) == reads(30)


def test_two_records_that_may_be_one_person_are_named_in_the_list(make, browser, officer):
    batch = make.batch()
    make.enrollment(batch, make.trainee(name="Drs. H. Abdul Ghani, M.Si."))
    assert "Mungkin satu orang" not in browser.get("enrollments.list_enrollments", batch_id=batch.id).text
    make.enrollment(batch, make.trainee(name="ABDUL GHANI", nik=None))
    page = browser.get("enrollments.list_enrollments", batch_id=batch.id)
    assert "Mungkin satu orang" in page.text
    assert "dan Drs. H. Abdul Ghani, M.Si. (" in page.text or "dan ABDUL GHANI (" in page.text


def test_the_page_of_an_enrollment_leads_to_the_person_and_says_who_passed(make, browser, officer):
    batch = make.batch(starts_on=date(2011, 5, 24), graduation_stage=GraduationStage.CERTIFIED)
    held = make.enrollment(batch, make.trainee(phone="+6281200000001"), status=S.ACCEPTED)
    page = browser.get("enrollments.show_enrollment", enrollment_id=held.id)
    assert page.soup.select_one(f'main a[href="/trainees/{held.trainee_id}"]')
    assert "0812-0000-0001" in page.text
    assert str(label_of(held)) == "Lulus"
    assert "Lulus" in browser.get("workspace.show_trainee", trainee_id=held.trainee_id).text
    told = serializers.enrollment(held)
    assert (told["label"], told["is_over"]) == ("Lulus", True)


def test_a_nik_is_looked_for_without_standing_in_the_address(make, browser):
    dinas, batch = make.user(Role.KABUPATEN_DINAS), make.batch()
    known, foreign = (
        make.trainee(name="Siti Aminah", nik="6305064101859777"),
        make.trainee("63.03.01.2001", nik="6303014101859778"),
    )
    browser.sign_in(dinas)
    for typed in (known.nik, "6305 0641 0185 9777", "0812-3456-7890"):
        assert browser.get(
            "enrollments.enroll_others", batch_id=batch.id, q=typed, expect=303
        ).location.endswith("/enrollments/add")
    assert "Nomor HP disimpan tersandi" in browser.get("enrollments.enroll_others", batch_id=batch.id).text
    page = browser.get(
        browser.post(
            "enrollments.enroll_others", batch_id=batch.id, data={"nik": "6305 0641 0185 9777"}
        ).location
    )
    assert [each.get_text() for each in page.soup.select(".pick-list b")] == ["Siti Aminah"]
    for nik in (foreign.nik, "6305064101859779"):
        to = browser.post("enrollments.enroll_others", batch_id=batch.id, data={"nik": nik}).location
        assert "q=" not in to
        assert "Tidak ada PSM dengan NIK itu di wilayah Anda." in browser.get(to).text
