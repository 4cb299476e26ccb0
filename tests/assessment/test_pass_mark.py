"""The pass mark: a rule beside presence and field practice.

Who sets it, what follows it, and what was approved before.
"""

from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy import select

from app.assessment import document, queries, services
from app.assessment.rules import MarkKind, ResultOutcome
from app.audit.models import Event
from app.audit.queries import details_of
from app.auth import services as auth
from app.auth.models import User
from app.auth.rules import Role
from app.core.actor import SYSTEM
from app.core.errors import RuleViolation
from app.courses import services as courses
from tests.api.conftest import program  # noqa: F401 - a client with a token

HELD = date(2011, 5, 27)
SIXTY = Decimal(60)
WHY = "Keputusan kepala dinas tanggal 3 Maret"


def marked(scene, value, who=None):
    person = who or scene.others[0]
    services.record_marks(
        scene.batch, MarkKind.FINAL, {person.id: value and Decimal(value)}, by=scene.proposer
    )
    return person


def set_to(scene, value):
    return courses.set_pass_mark(scene.batch.course, value, reason=WHY, by=scene.proposer)


def row_of(scene, person):
    return next(row for row in queries.graduation_sheet(scene.batch) if row.attendee.id == person.id)


def propose(scene, **values):
    return services.propose_graduation(scene.batch, held_on=HELD, by=scene.proposer, **values)


@pytest.mark.parametrize(
    ("score", "suggested", "reasons"),
    [
        ("40", ResultOutcome.FAILED, ["Nilai akhir 40, syarat 60"]),
        ("59,99", ResultOutcome.FAILED, ["Nilai akhir 59,99, syarat 60"]),
        ("60", ResultOutcome.PASSED, []),
        (None, ResultOutcome.DEFERRED, ["Nilai akhir belum diisi, syarat 60."]),
    ],
)
def test_the_suggestion_follows_the_pass_mark(scene, score, suggested, reasons):
    person = marked(scene, score and score.replace(",", "."))
    assert row_of(scene, person).suggested is ResultOutcome.PASSED  # nothing asks for a mark yet
    set_to(scene, SIXTY)
    assert (row_of(scene, person).suggested, row_of(scene, person).reasons) == (suggested, reasons)


def test_nobody_passes_below_the_pass_mark_whatever_is_sent(scene):
    person = marked(scene, 40)
    marked(scene, 90, scene.others[1])
    set_to(scene, SIXTY)
    with pytest.raises(RuleViolation, match="tidak dapat dinyatakan Lulus: Nilai akhir 40, syarat 60"):
        propose(scene, outcomes={person.id: ResultOutcome.PASSED}, notes={person.id: "dibantu"})
    with pytest.raises(RuleViolation, match="Tuliskan alasannya"):
        propose(scene, outcomes={person.id: ResultOutcome.DEFERRED})
    graduation = propose(
        scene, outcomes={person.id: ResultOutcome.DEFERRED}, notes={person.id: "ujian ulang minggu depan"}
    )
    decided = {each.attendee_id: each for each in queries.list_results(graduation)}[person.id]
    assert (decided.suggested, decided.outcome, decided.note) == (
        ResultOutcome.FAILED,
        ResultOutcome.DEFERRED,
        "ujian ulang minggu depan",
    )


def test_a_proposal_that_waits_is_overtaken_and_its_proposer_told(scene, outbox):
    marked(scene, 40)
    graduation = propose(scene)
    before = len(outbox())
    set_to(scene, SIXTY)
    assert queries.is_overtaken(graduation)
    assert "Perlu diusulkan ulang" in outbox()[before].subject
    with pytest.raises(RuleViolation, match="usulkan ulang"):
        services.approve_graduation(graduation, by=scene.signer)


def test_what_was_approved_stays_and_goes_on_as_it_was_asked(scene):
    person = marked(scene, 40)
    graduation = propose(
        scene,
        outcomes={scene.others[1].id: ResultOutcome.DEFERRED},
        notes={scene.others[1].id: "tugas menyusul"},
    )
    services.approve_graduation(graduation, by=scene.signer)
    before = document.minutes_of(graduation)
    set_to(scene, SIXTY)
    assert document.minutes_of(graduation) == before
    assert before.asked is not None
    assert before.asked.pass_mark is None
    assert row_of(scene, person).suggested is ResultOutcome.PASSED
    assert [row.suggested for row in queries.sheet_to_decide(scene.batch)] == [
        ResultOutcome.PASSED
    ]  # she was put off: as it was asked


def test_those_put_off_are_decided_by_the_mark_that_was_asked_then(build):
    scene = build(pass_mark=SIXTY)
    for other in scene.others[1:]:
        marked(scene, 80, other)
    services.approve_graduation(propose(scene), by=scene.signer)  # without a mark she is put off
    set_to(scene, None)
    [row] = queries.sheet_to_decide(scene.batch)
    assert (row.attendee.id, row.reasons) == (scene.others[0].id, ["Nilai akhir belum diisi, syarat 60."])


def test_a_meeting_approved_before_this_was_kept_asked_for_no_mark(scene, make, db):
    graduation = make.graduation(scene.batch, *scene.others)
    graduation.record = None
    scene.batch.course.pass_mark = SIXTY
    db.session.commit()
    assert queries.asked_of(scene.batch).pass_mark is None


@pytest.mark.parametrize("value", ["0", "100.01", "60.005", "-1", "NaN"])
def test_what_is_no_pass_mark(scene, value):
    with pytest.raises(RuleViolation, match="lebih dari 0 sampai 100") as refused:
        set_to(scene, Decimal(value))
    assert refused.value.field == "pass_mark"


def test_it_is_set_with_a_reason_of_words_and_both_values_are_kept(scene, db):
    with pytest.raises(RuleViolation, match="kata-kata"):
        courses.set_pass_mark(scene.batch.course, SIXTY, reason="x", by=scene.proposer)
    assert set_to(scene, SIXTY) is True
    assert set_to(scene, Decimal("60.00")) is False
    [event] = db.session.scalars(select(Event).where(Event.action == "course.pass_mark_set")).all()
    assert details_of([event])[event.id] == {"note": WHY, "details": {"before": "", "after": "60"}}


def test_a_course_takes_the_mark_of_its_curriculum_once(make):
    organiser, tier = make.organiser(), make.tier()
    curriculum = make.curriculum(tier)
    courses.set_pass_mark_of_curriculum(curriculum, SIXTY, reason=WHY, by=SYSTEM)
    course = courses.draft_course(organiser, tier, curriculum, year=2026, by=SYSTEM)
    courses.set_pass_mark_of_curriculum(curriculum, Decimal(75), reason=WHY, by=SYSTEM)
    assert (course.pass_mark, curriculum.pass_mark) == (SIXTY, Decimal(75))


def test_the_office_sets_it_on_its_page_and_the_ministry_in_the_curriculum(browser, scene, make):
    course = scene.batch.course
    browser.sign_in(scene.proposer)
    tab = browser.get("assessment.show_graduation", batch_id=scene.batch.id)
    link = tab.soup.find("a", string="Tetapkan nilai lulus")
    page = browser.get(link["href"])
    assert "yang kelulusannya belum disetujui" in page.text
    wrong = browser.post(link["href"], data={"pass_mark": "abc", "reason": WHY}, expect=422)
    assert "Isi dengan nilai dari 0 sampai 100" in wrong.error
    assert wrong.soup.find("textarea", attrs={"name": "reason"}).text.strip() == WHY
    saved = browser.post(link["href"], data={"pass_mark": "60,5", "reason": WHY})
    assert saved.location == f"/batches/{scene.batch.id}/graduation"
    assert course.pass_mark == Decimal("60.5")
    assert "nilai akhir sekurangnya 60,5" in browser.get(saved.location).text

    where = {"tier_code": course.tier.code, "version": course.curriculum.version}
    assert "nilai akhir sekurangnya 60,5" in browser.get("courses.show_curriculum", **where).text
    browser.get("courses.change_curriculum_pass_mark", **where, expect=404)
    browser.sign_in(make.user(Role.PUSAT, "00"))
    browser.post("courses.change_curriculum_pass_mark", **where, data={"pass_mark": "70", "reason": WHY})
    assert (course.curriculum.pass_mark, course.pass_mark) == (Decimal(70), Decimal("60.5"))
    assert "sekurangnya 70" in browser.get("courses.show_curriculum", **where).text


def test_a_program_of_the_ministry_sets_that_of_a_curriculum(scene, make, program):  # noqa: F811
    course = scene.batch.course
    path, sent = f"/curricula/{course.curriculum_id}/pass-mark", {"pass_mark": "70", "reason": WHY}
    program(scene.proposer).send("PUT", path, expect=404, json=sent)
    ministry = program(make.user(Role.PUSAT, "00"))
    for _again in range(2):
        assert ministry.send("PUT", path, expect=200, json=sent)["pass_mark"] == "70.00"
    assert course.pass_mark is None
    read_before = ministry.send("PUT", path, expect=409, json={**sent, "pass_mark": 80, "before": None})
    assert "kini 70" in read_before["errors"]["json"]["before"][0]
    assert (
        ministry.send("PUT", path, expect=200, json={**sent, "pass_mark": None, "before": "70"})["pass_mark"]
        is None
    )
    ministry.send("PUT", path, expect=422, json={**sent, "pass_mark": 0})
    ministry.send("PUT", "/curricula/987654/pass-mark", expect=404, json=sent)


@pytest.mark.parametrize(
    ("role", "region"), [(Role.KABUPATEN_DINAS, "63.03"), (Role.PROVINSI_DINAS, "63"), (Role.SIGNER, "63.05")]
)
def test_nobody_else_sets_it(browser, scene, make, role, region):
    browser.sign_in(make.user(role, region))
    data = {"pass_mark": "10", "reason": WHY}
    browser.get("courses.change_pass_mark", course_id=scene.batch.course_id, expect=404)
    browser.post("courses.change_pass_mark", course_id=scene.batch.course_id, data=data, expect=404)
    assert scene.batch.course.pass_mark is None


def test_two_who_set_it_at_once_are_asked(browser, new_browser, scene):
    other = new_browser()
    browser.sign_in(scene.proposer)
    other.sign_in(scene.proposer)
    at = {"course_id": scene.batch.course_id}
    read = [
        who.get("courses.change_pass_mark", **at).soup.find("input", attrs={"name": "version"})["value"]
        for who in (browser, other)
    ]
    browser.post(
        "courses.change_pass_mark", **at, data={"pass_mark": "60", "reason": WHY, "version": read[0]}
    )
    page = other.post(
        "courses.change_pass_mark",
        **at,
        data={"pass_mark": "70", "reason": WHY, "version": read[1]},
        expect=409,
    )
    assert "Kini tersimpan “60”" in page.text
    assert scene.batch.course.pass_mark == SIXTY


def test_who_does_not_pass_reads_which_rule_with_the_own_number(browser, scene, make, outbox, db):
    person, other = marked(scene, 40), marked(scene, 90, scene.others[1])
    people = {person: "Nilai akhir 40, syarat 60", other: "Tugas menyusul"}
    for each in people:
        account = make.user(email=f"psm{each.id}@contoh.id")
        each.trainee.user_id = account.id
    db.session.commit()
    set_to(scene, SIXTY)
    graduation = propose(
        scene, outcomes={other.id: ResultOutcome.DEFERRED}, notes={other.id: "tugas menyusul"}
    )
    services.approve_graduation(graduation, by=scene.signer)
    told = {message.recipient: message.body for message in outbox()}
    for each, why in people.items():
        account = db.session.get(User, each.trainee.user_id)
        browser.sign_in(account)
        page = browser.get("enrollments.list_own_enrollments").text
        assert page.count(why) == 1, page
        assert why in told[account.email]
    browser.sign_in(db.session.get(User, other.trainee.user_id))
    assert "Panitia memberi tahu rapat susulannya." in browser.get("enrollments.list_own_enrollments").text


def test_a_mark_set_after_every_decision_says_that_it_changes_nothing(scene, browser, app):
    marked(scene, 90)
    marked(scene, 90, scene.others[1])
    course, batch = scene.batch.course, scene.batch
    browser.sign_in(scene.proposer)
    page = browser.get("courses.change_pass_mark", course_id=course.id)
    assert f"belum disetujui: {batch.code}." in page.text
    set_to(scene, SIXTY)
    services.approve_graduation(propose(scene), by=scene.signer)
    page = browser.get("courses.change_pass_mark", course_id=course.id)
    assert "tidak ada hasil yang berubah" in page.text
    token = auth.make_access_token(scene.proposer, "test", days=1, by=scene.proposer)
    answer = app.test_client().put(
        f"/api/v1/courses/{course.id}/pass-mark",
        json={"pass_mark": "70", "reason": WHY},
        headers={"Authorization": f"Bearer {token}"},
    )
    assert (answer.status_code, answer.json["undecided_batches"]) == (200, [])
    listed = browser.get(
        "courses.show_curriculum", tier_code=course.tier.code, version=course.curriculum.version
    )
    assert f"{batch.code}: diputuskan dengan nilai akhir sekurangnya 60" in listed.text
