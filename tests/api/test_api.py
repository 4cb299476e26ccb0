"""Programs meet the same services, rules and scopes as people: a token, a problem document, one effect for
one key.
"""

from datetime import date, timedelta
from uuid import uuid4

import pytest
from sqlalchemy import func, select

from app.auth import services as auth
from app.auth.rules import Role
from app.core import clock
from app.courses.models import Subject
from app.courses.rules import Admission, BatchStatus
from app.enrollments.models import Enrollment
from app.enrollments.rules import EnrollmentStatus
from app.extensions import db
from app.regions.rules import WITA
from app.trainees.rules import TraineeStatus


def test_without_a_token_nothing_is_said(program):
    answer = program(None).send("GET", "/batches", expect=401)
    assert answer["status"] == 401
    assert program(None).send("GET", "/batches/1", expect=401)["title"]


def test_a_draft_of_others_and_no_batch_at_all_look_alike_to_who_asks_for_a_seat(make, program):
    draft = make.batch(status=BatchStatus.DRAFT)
    hers = program(make.trainee(user=make.user()).user)
    answers = [
        hers.send("POST", f"/batches/{each}/enrollments", expect=404, json={}) for each in (draft.id, 987654)
    ]
    assert answers[0] == answers[1]


def test_three_answers_are_named_for_the_own_enrollment_each_once(make, program):
    described = program(None).send("GET", "/openapi.json", expect=200)
    body = described["paths"]["/api/v1/me/enrollments/{enrollment_id}/answer"]["post"]["requestBody"]
    name = body["content"]["application/json"]["schema"]["$ref"].rpartition("/")[2]
    assert sorted(described["components"]["schemas"][name]["properties"]["answer"]["enum"]) == [
        "accepted",
        "confirmed",
        "submitted",
    ]
    held = make.enrollment(make.batch(), make.trainee(user=make.user()), status=EnrollmentStatus.ACCEPTED)
    hers = program(held.trainee.user)
    answer = hers.send("POST", f"/me/enrollments/{held.id}/answer", expect=422, json={"answer": "draft"})
    assert "confirmed, confirmed" not in str(answer)
    hers.send("POST", f"/me/enrollments/{held.id}/answer", expect=200, json={"answer": "confirmed"})


def test_a_wrong_token_is_no_token(with_token):
    with_token("salah").send("GET", "/trainees", expect=401)


def test_the_description_names_every_operation(app, program):
    paths = program(None).send("GET", "/openapi.json", expect=200)["paths"]
    served = {
        rule.rule.replace("<int:", "{").replace("<", "{").replace(">", "}")
        for rule in app.url_map.iter_rules()
        if rule.rule.startswith("/api/v1") and not rule.rule.endswith("openapi.json")
    }
    assert set(paths) == served


def test_lists_hold_what_is_within_reach(make, dinas):
    own, foreign = make.batch(), make.batch(make.course(make.organiser("33.74")))
    found = {row["id"] for row in dinas.send("GET", "/batches", expect=200)["items"]}
    assert own.id in found
    assert foreign.id not in found
    assert dinas.send("GET", f"/batches/{foreign.id}", expect=404) == dinas.send(
        "GET", "/batches/2000000000", expect=404
    )


def test_pages_follow_each_other(make, dinas):
    wanted = {make.batch().id for _number in range(3)}
    seen, cursor = set(), ""
    for _page in range(3):
        page = dinas.send("GET", f"/batches?per_page=1&after={cursor}", expect=200)
        seen |= {row["id"] for row in page["items"]}
        cursor = page["next"]
    assert seen == wanted
    assert cursor is None


@pytest.mark.parametrize(
    "path",
    ["/regions", "/regions/63.05", "/organisers", "/tiers", "/curricula", "/courses", "/trainees", "/hosts"],
)
def test_what_is_listed_can_be_read(make, dinas, path):
    make.batch()
    make.trainee()
    make.host()
    assert dinas.send("GET", path, expect=200)


def test_a_person_is_listed_with_a_masked_nik(make, dinas):
    trainee = make.trainee()
    assert trainee.nik not in str(dinas.send("GET", "/trainees", expect=200))
    assert dinas.send("GET", f"/trainees/{trainee.id}", expect=200)["nik"] == trainee.nik_masked


def test_what_a_correction_leaves_out_stays_and_null_clears(make, dinas, program):
    person = make.trainee(phone="+6281234567890", address="Jalan Mawar 1")
    kept = dinas.send("GET", f"/trainees/{person.id}", expect=200)
    assert (kept["phone"], kept["address"], kept["home_region"]) == (
        "+6281234567890",
        "Jalan Mawar 1",
        "63.05.06.2001",
    )
    reader = program(make.user(Role.PROVINSI_DINAS, "63"))
    assert "phone" not in reader.send("GET", f"/trainees/{person.id}", expect=200)
    path = f"/trainees/{person.id}"
    first = kept.pop("version")

    def put(**sent):
        answer = dinas.send("PUT", path, expect=200, json=sent)
        return {name: value for name, value in answer.items() if name != "version"}

    for sent in (
        {"name": "Api"},
        {"name": "Api", "duty_region": "63.05.06.2001"},
        {"nik": kept["nik"], "phone": kept["phone"]},
    ):
        assert put(**sent) == {**kept, "name": "Api"}
    taken = {name: value for name, value in kept.items() if name not in ("id", "status", "merged_into")}
    assert put(**taken) == kept
    assert put(**taken, version=first) == kept
    assert put(address=None, nik=None) == {**kept, "address": None, "nik": None}
    dinas.send("PUT", path, expect=422, json={"name": None})
    dinas.send("PUT", path, expect=422, json={"duty_region": "63.05.01.1001"})


def test_a_duplicate_takes_no_orders_from_a_program(make, dinas):
    duplicate, kept = make.trainee(), make.trainee()
    answer = dinas.send(
        "POST",
        f"/trainees/{duplicate.id}/merge",
        expect=200,
        json={"canonical": kept.id, "reason": "Satu orang", "despite_differences": True},
    )
    day = str(clock.today(WITA))
    for method, path, sent in (
        ("POST", "/move", {"region": "63.05.01.1001", "starts_on": day}),
        ("POST", "/standing", {"status": "deceased", "starts_on": day, "reason": "Surat kematian"}),
        ("POST", "/standing/take-back", {"reason": "Keliru orang"}),
        ("PUT", "", {"name": "Api"}),
    ):
        assert str(kept.id) in str(
            dinas.send(method, f"/trainees/{duplicate.id}{path}", expect=409, json=sent)
        )
    office = make.organiser()
    sk = {
        "organiser": office.id,
        "number": "1",
        "dated_on": day,
        "signer_name": "Bupati",
        "trainees": [duplicate.id],
    }
    assert str(kept.id) in str(dinas.send("POST", "/appointments", expect=409, json=sk))
    batch = make.batch()
    assert str(kept.id) in str(
        dinas.send("POST", f"/batches/{batch.id}/enrollments", expect=409, json={"trainee": duplicate.id})
    )
    undone = dinas.send("POST", f"/merges/{answer['id']}/undo", expect=200)
    assert (undone["duplicate"], undone["canonical"]) == (duplicate.id, kept.id)
    wrong = {"status": "deceased", "starts_on": day, "reason": "Surat kematian"}
    dinas.send("POST", f"/trainees/{kept.id}/standing", expect=200, json=wrong)
    right = dinas.send(
        "POST", f"/trainees/{kept.id}/standing/take-back", expect=200, json={"reason": "Keliru orang"}
    )
    assert right["status"] == "active"


def test_a_program_is_asked_before_it_enters_somebody_twice(make, dinas):
    sent = {"name": "Siti Aminah", "birth_date": "1990-05-17", "duty_region": "63.05.06.2001"}
    known = dinas.send("POST", "/trainees", expect=200, json=sent)
    assert str(known["id"]) in str(dinas.send("POST", "/trainees", expect=409, json=sent))
    assert (
        dinas.send("POST", "/trainees", expect=200, json={**sent, "another_person": True})["id"]
        != known["id"]
    )


def test_a_course_is_planned_and_opened(make, dinas, db):
    organiser, tier = make.organiser(), make.tier()
    curriculum = make.curriculum(tier)
    subject = db.session.scalar(select(Subject.id).where(Subject.curriculum_id == curriculum.id))
    year = clock.today(WITA).year + 1
    course = dinas.send(
        "POST", "/courses", expect=200, json={"organiser": organiser.id, "tier": "dasar", "year": year}
    )
    begins = date(year, 3, 1)
    batch = dinas.send(
        "POST",
        "/batches",
        expect=200,
        json={
            "course": course["id"],
            "starts_on": str(begins),
            "ends_on": str(begins + timedelta(days=1)),
            "quota": 20,
            "venue": "Aula",
            "venue_region": "63.05",
            "audience": "PSM",
            "contact_name": "Ratna",
            "contact_phone": "0812-0000-0001",
        },
    )
    assert batch["code"] == f"TAPIN-D-{year}-01"
    session = {
        "kind": "material",
        "title": "Kebijakan",
        "held_on": str(begins),
        "starts_at": "08:00",
        "ends_at": "09:30",
        "lesson_hours": 2,
        "subject_id": subject,
    }
    assert (
        dinas.send("POST", f"/batches/{batch['id']}/sessions", expect=200, json=session)["lesson_hours"] == 2
    )
    assert dinas.send("POST", f"/batches/{batch['id']}/open", expect=200)["status"] == BatchStatus.OPEN


def test_a_kabupaten_cannot_plan_madya(make, dinas):
    make.curriculum(make.tier("madya"))
    asked = {"organiser": make.organiser().id, "tier": "madya", "year": clock.today(WITA).year}
    problem = dinas.send("POST", "/courses", expect=422, json=asked)
    assert "Kabupaten" in problem["detail"]


def test_one_key_has_one_effect_and_one_answer(make, dinas):
    batch, person = make.batch(admission=Admission.AUTOMATIC), make.trainee()
    key, body = uuid4().hex, {"trainee": person.id}
    first = dinas.send("POST", f"/batches/{batch.id}/enrollments", expect=200, key=key, json=body)
    assert first["status"] == EnrollmentStatus.ACCEPTED
    assert dinas.send("POST", f"/batches/{batch.id}/enrollments", expect=200, key=key, json=body) == first
    dinas.send(
        "POST", f"/batches/{batch.id}/enrollments", expect=422, key=key, json={"trainee": make.trainee().id}
    )
    assert db.session.scalar(select(func.count(Enrollment.id)).where(Enrollment.batch_id == batch.id)) == 1


def test_already_enrolled_is_a_conflict_and_full_is_not_allowed(make, dinas):
    batch = make.batch(quota=1)
    seated, waiting = make.attendee(batch), make.enrollment(batch)
    problem = dinas.send(
        "POST", f"/batches/{batch.id}/enrollments", expect=409, json={"trainee": seated.trainee_id}
    )
    assert "Sudah" in problem["detail"]
    problem = dinas.send("POST", f"/enrollments/{waiting.id}/accept", expect=422, json={})
    assert "sudah terisi" in problem["detail"]


def test_a_volunteer_enrolls_herself_and_sees_no_other(make, program):
    trainee, other = make.trainee(), make.trainee()
    trainee.user_id = make.user().id
    db.session.commit()
    her = program(trainee.user)
    batch = make.batch(admission=Admission.AUTOMATIC)
    assert her.send("POST", f"/batches/{batch.id}/enrollments", expect=200, json={})["trainee"] == trainee.id
    her.send("POST", f"/batches/{batch.id}/enrollments", expect=404, json={"trainee": other.id})
    her.send("GET", f"/trainees/{other.id}", expect=404)


def test_unknown_fields_and_wrong_types_are_refused(make, dinas):
    batch = make.batch()
    for body in ({"trainee": "satu"}, {"trainee": 1, "status": "accepted"}, {"trainee": 2**40}, ["daftar"]):
        problem = dinas.send("POST", f"/batches/{batch.id}/enrollments", expect=422, json=body)
        assert problem["status"] == 422
    dinas.send(
        "POST", f"/batches/{batch.id}/enrollments", expect=400, data="{", content_type="application/json"
    )


def test_presence_is_recorded_for_one_or_many(make, dinas):
    batch = make.batch(starts_on=date(2026, 5, 4), ends_on=date(2026, 5, 7), status=BatchStatus.RUNNING)
    session, one, other = make.session(batch), make.attendee(batch), make.attendee(batch)
    entries = [
        {"attendee": one.id, "status": "present"},
        {"attendee": other.id, "status": "late", "minutes_late": 10},
    ]
    assert (
        dinas.send("POST", f"/sessions/{session.id}/attendance", expect=200, json={"entries": entries})[
            "added"
        ]
        == 2
    )
    rows = dinas.send("GET", f"/sessions/{session.id}/attendance", expect=200)["items"]
    assert {row["status"] for row in rows} == {"present", "late"}


def test_presence_with_a_version_that_others_have_overtaken_is_refused(make, dinas):
    batch = make.batch(starts_on=date(2026, 5, 4), ends_on=date(2026, 5, 7), status=BatchStatus.RUNNING)
    session, one, other = make.session(batch), make.attendee(batch), make.attendee(batch)
    path = f"/sessions/{session.id}/attendance"

    def body(attendee, status, version=None):
        sent = {"entries": [{"attendee": attendee.id, "status": status}]}
        return sent | ({"version": version} if version else {})

    version = dinas.send("GET", path, expect=200)["version"]
    dinas.send("POST", path, expect=200, json=body(one, "absent", version))
    dinas.send(
        "POST", path, expect=200, json=body(other, "present", version)
    )  # nobody else has entered this one
    problem = dinas.send("POST", path, expect=409, json=body(one, "present", version))
    assert "isi berbeda" in problem["detail"]
    dinas.send(
        "POST", path, expect=200, json=body(one, "absent", version)
    )  # as it is stored: no difference to ask about
    assert {row["status"] for row in dinas.send("GET", path, expect=200)["items"]} == {"absent", "present"}
    dinas.send(
        "POST", path, expect=200, json=body(one, "present", dinas.send("GET", path, expect=200)["version"])
    )
    dinas.send("POST", path, expect=409, json=body(one, "sick"))  # without one nothing is overwritten
    dinas.send("POST", path, expect=200, json=body(one, "present"))  # what says the same is no conflict
    twice = [{"attendee": one.id, "status": "present"}, {"attendee": one.id, "status": "sick"}]
    assert (
        f"lebih dari sekali: {one.id}."
        in dinas.send("POST", path, expect=422, json={"entries": twice})["detail"]
    )
    dinas.send("POST", path, expect=422, json=body(one, "sick", "x" * 100_001))


def test_a_certificate_is_found_by_its_number_and_downloaded_by_its_owner(make, dinas, program):
    certificate = make.certificate()
    found = dinas.send("GET", f"/certificates?number={certificate.number}", expect=200)["items"]
    assert [row["id"] for row in found] == [certificate.id]
    stranger = program(make.user())
    stranger.send("GET", f"/certificates/{certificate.id}/pdf", expect=404)
    stranger.send("GET", f"/certificates/{certificate.id}", expect=404)


def test_a_token_is_made_with_name_and_password(with_token, make):
    user = make.user(Role.KABUPATEN_DINAS, password_hash=auth.hash_password("sapi-biru-makan-rumput"))
    answer = with_token(None).send(
        "POST", "/tokens", expect=201, json={"name": user.email, "password": "sapi-biru-makan-rumput"}
    )
    assert with_token(answer["token"]).send("GET", "/batches", expect=200)["items"] == []
    problem = with_token(None).send(
        "POST", "/tokens", expect=422, json={"name": user.email, "password": "salah-sekali-ini"}
    )
    assert "token" not in problem


@pytest.mark.parametrize("reason", ["x", ".....", "1 2 3 4"])
def test_a_press_is_no_reason_for_a_program_either(make, dinas, program, reason):
    person, other, certificate = make.trainee(), make.trainee(nik=None), make.certificate()
    day = str(clock.today(WITA))
    signer = program(make.user(Role.SIGNER))
    for sender, path, facts in (
        (dinas, f"/trainees/{person.id}/standing", {"status": "resigned", "starts_on": day}),
        (dinas, f"/trainees/{other.id}/merge", {"canonical": person.id}),
        (signer, f"/certificates/{certificate.id}/revoke", {"revoked_on": day}),
    ):
        answer = sender.send("POST", path, expect=422, json={**facts, "reason": reason})
        assert "Tuliskan alasannya dengan kata-kata" in str(answer), path


@pytest.mark.parametrize("typed", ["10:00+08:00", "10:00Z", "10:00:30", "25:00", 10, "10.00"])
def test_a_time_with_a_zone_is_no_time_of_the_venue(make, dinas, typed):
    batch = make.batch(starts_on=date(2026, 5, 4), ends_on=date(2026, 5, 7))
    session = make.session(batch)
    body = {
        "kind": "ceremony",
        "title": "Penutupan",
        "held_on": "2026-05-07",
        "starts_at": typed,
        "ends_at": "16:00",
    }
    problem = dinas.send("POST", f"/batches/{batch.id}/sessions", expect=422, json=body)
    assert "tanpa zona waktu" in str(problem)
    dinas.send("PATCH", f"/batches/{batch.id}/sessions/{session.id}", expect=422, json={"ends_at": typed})


def test_a_cursor_that_says_nothing_is_no_first_page(make, dinas):
    make.trainee()
    for cursor in ("bogus", "WyJ4Il0", "W10", "%00", "a=b"):
        assert "Penanda halaman tidak dikenal" in str(
            dinas.send("GET", f"/trainees?after={cursor}", expect=422)["errors"]
        )


def test_an_open_batch_is_not_emptied_nor_closed_by_a_day_long_past(make, dinas):
    batch = make.batch(contact_phone="0812-0000-0001")
    path = f"/batches/{batch.id}"
    assert (
        "tidak dapat dikosongkan: untuk siapa"
        in dinas.send("PATCH", path, expect=422, json={"audience": ""})["detail"]
    )
    assert (
        "sudah lewat"
        in dinas.send("PATCH", path, expect=422, json={"registration_closes_on": "1910-01-01"})["detail"]
    )


def test_a_volunteer_reads_answers_and_takes_back_what_is_hers(make, program):
    user = make.user()
    siti, batch = make.trainee(user=user), make.batch()
    hers = program(user)
    enrollment = hers.send("POST", f"/batches/{batch.id}/enrollments", expect=200, json={})
    assert [row["id"] for row in hers.send("GET", "/me/enrollments", expect=200)["items"]] == [
        enrollment["id"]
    ]
    other = make.enrollment(batch)
    hers.send("POST", f"/me/enrollments/{other.id}/withdraw", expect=404, json={"reason": "Bukan saya"})
    hers.send("POST", f"/me/enrollments/{enrollment['id']}/answer", expect=422, json={"answer": "accepted"})
    gone = hers.send(
        "POST", f"/me/enrollments/{enrollment['id']}/withdraw", expect=200, json={"reason": "Menjaga ibu"}
    )
    assert (gone["status"], gone["trainee"], gone["is_over"]) == ("withdrawn", siti.id, True)


def test_an_enrollment_says_what_ended_it(make, dinas):
    batch = make.batch()
    held = make.enrollment(batch, status=EnrollmentStatus.ACCEPTED)
    dinas.send("POST", f"/batches/{batch.id}/cancel", expect=200, json={"reason": "Anggaran ditunda"})
    shown = dinas.send("GET", f"/enrollments/{held.id}", expect=200)
    assert (shown["is_over"], shown["ended_as"], shown["ended_reason"]) == (
        True,
        "cancelled",
        "Anggaran ditunda",
    )
    assert dinas.send("GET", f"/batches/{batch.id}", expect=200)["status_reason"] == "Anggaran ditunda"


def test_somebody_is_kept_with_a_reason(make, dinas):
    held = make.enrollment(
        make.batch(), make.trainee(status=TraineeStatus.INACTIVE), status=EnrollmentStatus.ACCEPTED
    )
    dinas.send("POST", f"/enrollments/{held.id}/keep", expect=422, json={"reason": "x"})
    kept = dinas.send("POST", f"/enrollments/{held.id}/keep", expect=200, json={"reason": "Tetap diikutkan"})
    assert kept["override_reason"] == "Tetap diikutkan"


def test_a_certificate_says_its_code_and_who_waits_the_rank(make, dinas, program):
    certificate = make.certificate()
    assert dinas.send("GET", f"/certificates/{certificate.id}", expect=200)["code"] == certificate.code
    batch = make.batch(quota=1)
    her = make.trainee(user=make.user())
    first = make.enrollment(
        batch, status=EnrollmentStatus.WAITLISTED, waiting_since=clock.now() - timedelta(hours=2)
    )
    second = make.enrollment(
        batch, her, status=EnrollmentStatus.WAITLISTED, waiting_since=clock.now() - timedelta(hours=1)
    )
    seated = make.enrollment(batch, status=EnrollmentStatus.ACCEPTED)
    ranks = {
        row["id"]: row["waiting_rank"]
        for row in dinas.send("GET", f"/batches/{batch.id}/enrollments", expect=200)["items"]
    }
    assert ranks == {first.id: 1, second.id: 2, seated.id: None}
    assert dinas.send("GET", f"/enrollments/{second.id}", expect=200)["waiting_rank"] == 2
    own = program(her.user).send("GET", "/me/enrollments", expect=200)["items"]
    assert [row["waiting_rank"] for row in own] == [2]


def test_the_pass_mark_of_a_course_is_read_and_set(make, dinas, program):
    course = make.course()
    path = f"/courses/{course.id}"
    assert dinas.send("GET", path, expect=200)["pass_mark"] is None
    body = {"pass_mark": "60", "reason": "Keputusan kepala dinas"}
    assert dinas.send("PUT", f"{path}/pass-mark", expect=200, json=body)["pass_mark"] == "60.00"
    assert "kata-kata" in str(
        dinas.send("PUT", f"{path}/pass-mark", expect=422, json={**body, "pass_mark": "61", "reason": "x"})
    )
    assert "lebih dari 0" in str(
        dinas.send("PUT", f"{path}/pass-mark", expect=422, json={**body, "pass_mark": "0"})
    )
    program(make.user(Role.KABUPATEN_DINAS, "63.03")).send("PUT", f"{path}/pass-mark", expect=404, json=body)
    assert (
        dinas.send("PUT", f"{path}/pass-mark", expect=200, json={**body, "pass_mark": None})["pass_mark"]
        is None
    )


def test_after_a_merge_every_row_names_the_record_that_is_in_the_list_of_people(make, dinas):
    gone, kept = make.trainee(), make.trainee()
    batch = make.batch()
    certificate = make.certificate(make.attendee(batch, gone))
    pair = {"canonical": kept.id, "reason": "Dua kartu, satu orang", "despite_differences": True}
    merged = dinas.send("POST", f"/trainees/{gone.id}/merge", expect=200, json=pair)
    listed = {each["id"] for each in dinas.send("GET", "/trainees", expect=200)["items"]}
    assert (kept.id in listed, gone.id in listed) == (True, False)
    rows = [
        dinas.send("GET", f"/certificates/{certificate.id}", expect=200),
        *dinas.send("GET", f"/batches/{batch.id}/certificates", expect=200)["items"],
        *dinas.send("GET", f"/batches/{batch.id}/enrollments", expect=200)["items"],
        *dinas.send("GET", f"/batches/{batch.id}/attendees", expect=200)["items"],
    ]
    assert [each["trainee"] for each in rows] == [kept.id] * 4
    (found,) = dinas.send("GET", "/merges", expect=200)["items"]
    assert (found["id"], found["duplicate"], found["undone_at"]) == (merged["id"], gone.id, None)
    dinas.send("POST", f"/merges/{found['id']}/undo", expect=200, json={"back": []})
    assert dinas.send("GET", f"/certificates/{certificate.id}", expect=200)["trainee"] == gone.id


def test_a_program_may_send_a_home_that_is_in_no_list_any_more_as_it_read_it(make, dinas):
    person = make.trainee(home_region=make.region("63.05.08.2004"))
    person.home_region.valid_to = date(2025, 12, 31)
    db.session.commit()
    home = person.home_region_id
    read = dinas.send("GET", f"/trainees/{person.id}", expect=200)
    body = {"home_region": read["home_region"], "birth_place": "Binuang", "version": read["version"]}
    dinas.send("PATCH", f"/trainees/{person.id}", expect=200, json=body)
    assert (person.birth_place, person.home_region_id) == ("Binuang", home)
    half = dinas.send("PATCH", f"/trainees/{person.id}", expect=422, json={"home_region": "63"})
    assert "Pilih desa atau kelurahan domisili" in str(half)
