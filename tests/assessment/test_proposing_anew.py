"""A proposal that came back, or was overtaken: the next one begins with what the meeting had decided."""

from datetime import date
from decimal import Decimal

import pytest

from app.assessment import queries, services
from app.assessment.rules import GraduationStatus, ResultOutcome, carried_over
from app.attendance.rules import Entry, Presence
from app.attendance.services import record_presences
from app.extensions import db as database

HELD = date(2011, 5, 27)
R = ResultOutcome
WAYS = ["taken back", "returned", "overtaken"]


@pytest.fixture
def proposed(scene):
    """Peserta 01 was put off by the meeting; Peserta 02 and Siti as the rules say."""
    key = scene.others[0].id
    return services.propose_graduation(
        scene.batch,
        held_on=HELD,
        minutes="Rapat di aula.",
        outcomes={key: R.DEFERRED},
        notes={key: "RTL belum dikumpulkan"},
        by=scene.proposer,
    )


def come_back(scene, proposed, way):
    if way == "taken back":
        services.withdraw_graduation(proposed, "Salah tanggal rapat", by=scene.proposer)
    elif way == "returned":
        services.return_graduation(proposed, "Lampirkan daftar hadir", by=scene.signer)
    else:
        services.record_marks(
            scene.batch, services.MarkKind.FINAL, {scene.others[1].id: Decimal(92)}, by=scene.proposer
        )


def decided(batch):
    row = queries.waiting_graduation(batch)
    return [
        (result.attendee.name, result.outcome, result.note) for result in queries.list_results(row)
    ], row.minutes


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("door", ["page", "quick button", "program"])
def test_it_begins_with_the_decisions_of_the_last_one(scene, proposed, browser, way, door):
    come_back(scene, proposed, way)
    here = {"batch_id": scene.batch.id}
    browser.sign_in(scene.proposer)
    said = "Dimulai dari usulan sebelumnya: Peserta 01, Ditunda (RTL belum dikumpulkan)."
    if door == "program":
        services.propose_graduation(scene.batch, held_on=HELD, by=scene.proposer)
    else:
        page = browser.get("assessment.show_graduation", **here)
        if door == "page":
            page = browser.get("assessment.propose_graduation", **here)
        assert said in " ".join(page.soup.get_text(" ").split())
        browser.post("assessment.propose_graduation", data=form_on(page), **here)
    people, minutes = decided(scene.batch)
    assert people == [
        ("Peserta 01", R.DEFERRED, "RTL belum dikumpulkan"),
        ("Peserta 02", R.PASSED, ""),
        ("Siti Aminah", R.FAILED, ""),
    ]
    assert minutes == "Rapat di aula."


def test_today_s_figures_may_not_allow_it_any_more(scene, browser):
    key = scene.others[0].id
    first = services.propose_graduation(
        scene.batch, held_on=HELD, outcomes={key: R.ATTENDED}, notes={key: "Tanpa ujian"}, by=scene.proposer
    )
    services.withdraw_graduation(first, "Kehadiran keliru", by=scene.proposer)
    record_presences(scene.practice, {key: Entry(Presence.SICK)}, by=scene.proposer)
    browser.sign_in(scene.proposer)
    page = browser.get("assessment.propose_graduation", batch_id=scene.batch.id)
    assert (
        "Keputusan sebelumnya tentang Peserta 01 tidak dapat dipakai lagi menurut data hari ini" in page.text
    )
    services.propose_graduation(scene.batch, held_on=HELD, by=scene.proposer)
    assert decided(scene.batch)[0][0] == ("Peserta 01", R.FAILED, "")


def test_what_an_approved_meeting_said_is_not_said_again_by_itself(scene, proposed):
    services.approve_graduation(proposed, by=scene.signer)
    services.propose_graduation(scene.batch, held_on=HELD, by=scene.proposer)
    assert decided(scene.batch)[0] == [("Peserta 01", R.PASSED, "")]
    assert proposed.status is GraduationStatus.APPROVED
    database.session.expire_all()


@pytest.mark.parametrize(
    ("outcome", "note", "was", "now", "kept"),
    [
        (R.DEFERRED, "Menyusul RTL", R.PASSED, R.PASSED, (R.DEFERRED, "Menyusul RTL")),
        (R.DEFERRED, "x", R.PASSED, R.PASSED, None),
        (R.PASSED, "", R.PASSED, R.FAILED, None),  # as the rules said: they speak again
        (R.PASSED, "teladan", R.PASSED, R.PASSED, (R.PASSED, "teladan")),
        (R.FAILED, "curang", R.PASSED, R.FAILED, (R.FAILED, "curang")),
    ],
)
def test_only_what_the_meeting_itself_decided_is_carried_over(outcome, note, was, now, kept):
    assert carried_over(outcome, note, was_suggested=was, found=[], suggested=now) == kept


@pytest.mark.parametrize("way", ["returned", "overtaken"])
@pytest.mark.parametrize("door", ["page", "program"])
def test_what_only_the_approved_meeting_had_put_off_ends_with_its_cause(scene, browser, way, door):
    """A proposal of a supplementary meeting had left her put off, unsaid; she meets everything since."""
    key, here = scene.others[0].id, {"batch_id": scene.batch.id}
    record_presences(scene.practice, {key: Entry(Presence.SICK)}, by=scene.proposer)
    said = {"outcomes": {key: R.DEFERRED}, "notes": {key: "Menyusul PKL"}}
    first = services.propose_graduation(scene.batch, held_on=HELD, by=scene.proposer, **said)
    services.approve_graduation(first, by=scene.signer)
    second = services.propose_graduation(scene.batch, held_on=HELD, by=scene.proposer)
    assert decided(scene.batch)[0] == [("Peserta 01", R.DEFERRED, "Menyusul PKL")]
    if way == "returned":
        services.return_graduation(second, "Lampirkan daftar hadir", by=scene.signer)
    record_presences(scene.practice, {key: Entry(Presence.PRESENT)}, by=scene.proposer)
    if door == "page":
        browser.sign_in(scene.proposer)
        page = browser.get("assessment.show_graduation", **here)
        assert "Menyusul PKL)." not in " ".join(page.soup.get_text(" ").split())
        browser.post("assessment.propose_graduation", data=form_on(page), **here)
    else:
        services.propose_graduation(scene.batch, held_on=HELD, by=scene.proposer)
    assert decided(scene.batch)[0] == [("Peserta 01", R.PASSED, "")]


def form_on(page):
    """Return what the form of a proposal sends, as the browser would."""
    form = next(
        each for each in page.soup.find_all("form") if each.find(["input"], attrs={"name": "held_on"})
    )
    data = {field["name"]: field.get("value", "") for field in form.find_all("input") if field.get("name")}
    data |= {field["name"]: field.get_text().strip() for field in form.find_all("textarea")}
    data |= {field["name"]: field.find("option", selected=True)["value"] for field in form.find_all("select")}
    return {name: value for name, value in data.items() if name not in ("csrf_token", "idempotency_key")}


@pytest.mark.parametrize("page", ["assessment.show_graduation", "assessment.propose_graduation"])
def test_nobody_proposes_figures_that_were_not_read(scene, browser, page):
    here = {"batch_id": scene.batch.id}
    browser.sign_in(scene.proposer)
    read = form_on(browser.get(page, **here))
    record_presences(scene.practice, {scene.others[0].id: Entry(Presence.SICK)}, by=scene.signer)
    stale = "outcome" not in "".join(read)

    answer = browser.post("assessment.propose_graduation", data=read, expect=409 if stale else 422, **here)

    text = " ".join(answer.soup.get_text(" ").split())
    assert queries.waiting_graduation(scene.batch) is None
    if stale:
        assert "Data berubah sejak halaman ini dibuka: Peserta 01." in text
        browser.post("assessment.propose_graduation", data=form_on(answer), **here)
        assert decided(scene.batch)[0][0] == ("Peserta 01", R.FAILED, "")
    else:  # what was chosen is possible no longer
        assert "Hasil itu tidak mungkin lagi menurut data sekarang: hadir" in text
        assert "tidak mengikuti PKL. Pilih lagi." in text


def test_whom_a_meeting_had_put_off_with_a_reason_a_meeting_held_for_others_does_not_fail(scene, browser):
    one, two = scene.others[0].id, scene.others[1].id
    record_presences(scene.practice, {key: Entry(Presence.SICK) for key in (one, two)}, by=scene.proposer)
    first = services.propose_graduation(
        scene.batch,
        held_on=HELD,
        outcomes={one: R.DEFERRED, two: R.DEFERRED},
        notes={one: "Menyusul PKL", two: "Menyusul PKL"},
        by=scene.proposer,
    )
    services.approve_graduation(first, by=scene.signer)
    record_presences(scene.practice, {two: Entry(Presence.PRESENT)}, by=scene.proposer)
    browser.sign_in(scene.proposer)
    page = browser.get("assessment.show_graduation", batch_id=scene.batch.id)
    text = " ".join(page.soup.get_text(" ").split())
    assert "Tetap ditunda, menurut rapat sebelumnya: Peserta 01, Ditunda (Menyusul PKL)." in text
    assert "Kelulusan tidak dapat diusulkan" not in text

    browser.post("assessment.propose_graduation", batch_id=scene.batch.id, data=form_on(page))

    assert decided(scene.batch)[0] == [
        ("Peserta 01", R.DEFERRED, "Menyusul PKL"),
        ("Peserta 02", R.PASSED, ""),
    ]
