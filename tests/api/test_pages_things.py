"""What pages offer, programs have too: a code is checked, targets are set, complete surveys stated, marks
traced, requests answered.
"""

from datetime import timedelta
from decimal import Decimal

import pytest

from app.assessment import services as assessment
from app.assessment.rules import MarkKind
from app.auth.rules import Role
from app.certificates import checking
from app.certificates.document import grouped_code
from app.certificates.rules import UNKNOWN_CODES_PER_ADDRESS
from app.core import clock
from app.petitions import services as petitions
from app.petitions.rules import Answer
from app.regions.rules import WITA
from tests.assessment.conftest import build, scene  # noqa: F401 - a batch as it stands when the meeting sits

TAPIN, CLU, NOBODYS = "63.05", "63.05.06", "ABCDEFGHJKLMN"
REASON = {"reason": "Ada desa yang tertinggal"}


def test_a_code_is_checked_without_a_token_however_it_is_written(make, with_token):
    held = make.certificate()
    nobody = with_token(None)
    found = nobody.send("GET", f"/verify/{held.code}", expect=200)
    assert (found["verdict"], found["number"], found["facts"]["name"]) == (
        "valid",
        held.number,
        held.facts["name"],
    )
    for typed in (held.code.lower(), grouped_code(held.code), f"Kode: {grouped_code(held.code)}."):
        assert nobody.send("GET", f"/verify/{typed}", expect=200) == found
    assert nobody.client.get(f"/v/{held.code}", headers={"Accept": "application/json"}).json == found
    assert nobody.client.head(f"/api/v1/verify/{held.code}").status_code == 200
    gone = make.certificate(
        revoked_at=clock.now(), revoked_on=clock.today(WITA), revoked_reason="Salah cetak", revoked_by_id=1
    )
    said = nobody.send("GET", f"/verify/{gone.code}", expect=200)
    assert (said["verdict"], said["revoked_on"]) == ("revoked", clock.today(WITA).isoformat())


def test_an_unknown_code_is_said_so_and_guesses_are_counted_with_those_of_the_page(with_token):
    nobody = with_token(None)
    assert nobody.send("GET", f"/verify/{NOBODYS}", expect=404)["detail"] == str(checking.UNKNOWN)
    assert "belum lengkap" in nobody.send("GET", "/verify/ABCDE", expect=404)["detail"]
    for _guess in range(UNKNOWN_CODES_PER_ADDRESS):
        nobody.client.get(f"/v/{NOBODYS}")
    answer = nobody.client.get(f"/api/v1/verify/{NOBODYS}")
    assert (answer.status_code, int(answer.headers["Retry-After"]) > 0) == (429, True)
    assert "belum lengkap" in nobody.send("GET", "/verify/ABCDE", expect=404)["detail"]  # no guess


def test_targets_are_set_and_withdrawn_as_on_the_page(make, dinas):
    make.tier()
    make.target(per_desa=1)
    today = clock.today(WITA)
    at = f"/coverage/{CLU}/targets"
    read = dinas.send("GET", at, expect=200)
    assert read["items"] == []
    sent = {"per_desa": 2, "tier": "dasar", "starts_on": today.isoformat()}
    made = dinas.send("POST", at, expect=200, json={**sent, "version": read["version"]})
    assert (made["region"], made["per_desa"], made["tier"], made["state"], made["may_withdraw"]) == (
        CLU,
        2,
        "dasar",
        "in_force",
        True,
    )
    assert "berubah sejak Anda membacanya" in str(
        dinas.send("POST", at, expect=409, json={**sent, "per_desa": 3, "version": read["version"]})
    )
    assert "sudah berlaku" in dinas.send("POST", at, expect=409, json=sent)["detail"]
    later = dinas.send(
        "POST",
        at,
        expect=200,
        json={"per_desa": 4, "tier": None, "starts_on": f"{today + timedelta(days=9)}"},
    )
    assert (later["tier"], later["state"]) == (None, "coming")
    past = dinas.send("POST", at, expect=422, json={**sent, "starts_on": f"{today - timedelta(days=9)}"})
    assert "sudah pernah berlaku" in past["errors"]["json"]["starts_on"][0]
    assert "tier" in dinas.send("POST", at, expect=422, json={**sent, "tier": "tinggi"})["errors"]["json"]
    gone = dinas.send("POST", f"{at}/{later['id']}/withdraw", expect=200)
    assert (gone["state"], gone["may_withdraw"]) == ("withdrawn", False)
    assert "sudah dicabut" in dinas.send("POST", f"{at}/{later['id']}/withdraw", expect=409)["detail"]
    dinas.send("POST", f"/coverage/{TAPIN}/targets/{made['id']}/withdraw", expect=404)
    assert [each["state"] for each in dinas.send("GET", at, expect=200)["items"]] == ["withdrawn", "in_force"]


def test_a_target_that_ended_is_past_and_the_region_above_decides(make, dinas):
    make.tier()
    kept = make.target(CLU, per_desa=4)
    at = f"/coverage/{CLU}/targets"
    assert dinas.send("POST", f"{at}/{kept.id}/withdraw", expect=200)["state"] == "past"
    last, first = dinas.send("GET", at, expect=200)["items"]
    assert (last["per_desa"], last["tier"], last["state"], first["state"]) == (None, None, "in_force", "past")


def test_a_complete_survey_is_stated_once_and_withdrawn_with_a_reason(make, dinas, program):
    at, today = f"/coverage/{TAPIN}/surveys", clock.today(WITA).isoformat()
    assert (
        "complete_on" in dinas.send("POST", at, expect=422, json={"complete_on": today})["errors"]["json"]
    )  # nobody is recorded
    make.trainee()
    made = dinas.send("POST", at, expect=200, json={"complete_on": today})
    assert (made["region"], made["complete_on"], made["ended_on"]) == (TAPIN, today, None)
    assert (
        "sudah dinyatakan lengkap"
        in dinas.send("POST", at, expect=409, json={"complete_on": today})["detail"]
    )
    dinas.send("POST", f"{at}/{made['id']}/withdraw", expect=422, json={"reason": "aaa"})
    dinas.send("POST", f"{at}/{made['id'] + 1}/withdraw", expect=404, json=REASON)
    gone = dinas.send("POST", f"{at}/{made['id']}/withdraw", expect=200, json=REASON)
    assert (gone["end_reason"], gone["ended_on"]) == (REASON["reason"], today)
    dinas.send("POST", at, expect=200, json={"complete_on": today})
    assert (
        "Pernyataan ini sudah dicabut"
        in dinas.send("POST", f"{at}/{made['id']}/withdraw", expect=409, json=REASON)["detail"]
    )
    assert [each["taken_back_at"] is None for each in dinas.send("GET", at, expect=200)["items"]] == [
        True,
        False,
    ]
    program(make.user(Role.PROVINSI_DINAS, "63")).send(
        "GET", at, expect=404
    )  # reads the figures below, and states nothing there


def test_who_overwrote_which_mark_is_read_as_on_the_page(scene, program):  # noqa: F811
    office, person = program(scene.proposer), scene.others[0]
    for value in (Decimal(40), Decimal("55.5"), None):
        read = office.send("GET", f"/batches/{scene.batch.id}/assessments", expect=200)["versions"]["final"]
        assessment.record_marks(
            scene.batch, MarkKind.FINAL, {person.id: value}, by=scene.proposer, version=read
        )
    found = office.send("GET", f"/batches/{scene.batch.id}/assessments/changes", expect=200)["items"]
    assert [(each["before"], each["after"]) for each in found] == [("55.50", None), ("40.00", "55.50")]
    assert {(each["attendee"], each["changed_by"], each["kind"]) for each in found} == {
        (person.id, scene.proposer.name, "final")
    }


def test_sheets_and_pictures_are_files(make, dinas, program):
    batch = make.batch()
    day = make.session(batch).held_on.isoformat()
    for query in ("", "?paper=f4"):
        assert dinas.send("GET", f"/batches/{batch.id}/sign-sheets/{day}{query}", expect=200).data.startswith(
            b"%PDF-"
        )
    dinas.send("GET", f"/batches/{batch.id}/sign-sheets/{day}?paper=a3", expect=422)
    for wrong in ("1999-01-01", "kemarin"):
        dinas.send("GET", f"/batches/{batch.id}/sign-sheets/{wrong}", expect=404)
    owner = make.user()
    held = make.certificate(make.attendee(make.batch(), make.trainee(user=owner)))
    picture = program(owner).send("GET", f"/me/certificates/{held.id}/picture", expect=200)
    assert (picture.data[:4], ".png" in picture.headers["Content-Disposition"]) == (b"\x89PNG", True)
    dinas.send("GET", f"/me/certificates/{held.id}/picture", expect=404)  # a page shows it to its owner alone


@pytest.fixture
def wish(make):
    person = make.trainee(name="Siti Amina", user=make.user(name="Siti Amina"))
    return petitions.ask_for_name(person, "Siti Aminah", reason="Huruf h kurang", by=person.user)


def test_a_request_to_the_office_is_read_and_answered_once(make, dinas, program, wish):
    (listed,) = dinas.send("GET", "/petitions", expect=200)["items"]
    shown = dinas.send("GET", f"/petitions/{listed['id']}", expect=200)
    assert (shown["kind"], shown["told"]["name"], shown["told"]["name_before"]) == (
        "name",
        "Siti Aminah",
        "Siti Amina",
    )
    assert (shown["answers"], shown["way"], shown["lines"]) == (["corrected", "told"], "mail", [])
    at, sent = f"/petitions/{listed['id']}/answer", {"answer": "told", "words": "Sesuai KTP"}
    assert "words" in dinas.send("POST", at, expect=422, json={"answer": "told"})["errors"]["json"]
    assert "answer" in dinas.send("POST", at, expect=422, json={"answer": "opened"})["errors"]["json"]
    petitions.ask_for_name(wish.person, "Siti Aminah B", reason="Salah ketik", by=wish.person.user)
    assert (
        "memperbaiki permintaannya"
        in dinas.send("POST", at, expect=409, json={**sent, "version": shown["version"]})["detail"]
    )
    shown = dinas.send("GET", f"/petitions/{listed['id']}", expect=200)
    done = dinas.send("POST", at, expect=200, json={"answer": "corrected", "version": shown["version"]})
    assert (done["answer"], done["can_be_answered"], done["answers"], done["unmet"]) == (
        "corrected",
        False,
        [],
        None,
    )
    assert wish.person.name == "Siti Aminah B"
    assert "sudah dijawab oleh" in dinas.send("POST", at, expect=409, json=sent)["detail"]
    assert dinas.send("GET", "/petitions", expect=200)["items"] == []
    assert [each["id"] for each in dinas.send("GET", "/petitions?state=answered", expect=200)["items"]] == [
        wish.id
    ]


def test_requests_are_seen_by_those_who_answer_them_alone(make, program, wish):
    for role, region in ((Role.KABUPATEN_DINAS, "63.03"), (Role.COMMITTEE, TAPIN)):
        other = program(make.user(role, region))
        assert other.send("GET", "/petitions", expect=200)["items"] == []
        assert other.send("GET", f"/petitions/{wish.id}", expect=404) == other.send(
            "GET", "/petitions/987654", expect=404
        )
        other.send(
            "POST",
            f"/petitions/{wish.id}/answer",
            expect=404,
            json={"answer": Answer.TOLD.value, "words": "Baik"},
        )
    assert wish.answer is None
