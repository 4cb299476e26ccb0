"""Who has a seat and does not qualify any more: a duty with the sentence, and the choice."""

from datetime import timedelta

import pytest

from app.assessment.queries import graduation_sheet
from app.assessment.rules import ResultOutcome as R
from app.audit.models import Event
from app.auth.rules import Role
from app.core import clock
from app.core.errors import Conflict, RuleViolation
from app.courses.rules import BatchStatus, GraduationStage
from app.enrollments.eligibility import list_unfit
from app.enrollments.rules import EnrollmentStatus as S
from app.extensions import db as database
from app.regions.rules import WITA
from app.trainees.queries import standings_of
from app.trainees.rules import TraineeStatus
from app.workspace import services
from tests.factories import KALSEL


@pytest.fixture
def dinas(make, browser):
    user = make.user(Role.PROVINSI_DINAS, KALSEL)
    browser.sign_in(user)
    return user


@pytest.fixture
def madya(make):
    """A batch of madya with one who holds dasar, one whose dasar was revoked, and one who resigned."""
    batch = make.batch(make.course(make.organiser(KALSEL), "madya"))
    fit, revoked, resigned = (
        make.trainee(name=name) for name in ("Ani Tetap", "Budi Dicabut", "Citra Berhenti")
    )
    for person in (fit, resigned):
        make.qualification(person)
    seats = [make.enrollment(batch, person, status=S.ACCEPTED) for person in (fit, revoked, resigned)]
    resigned.status = TraineeStatus.RESIGNED
    database.session.commit()
    return batch, seats


def names(batch):
    return [held.trainee.name for held, _sentence in list_unfit(batch)]


def test_they_are_named_with_the_reason_and_the_choice(make, browser, dinas, madya):
    batch, (_fit, revoked, _resigned) = madya
    assert (
        "2 peserta tidak lagi memenuhi syarat." in browser.get("workspace.show_batch", batch_id=batch.id).text
    )

    page = browser.get("workspace.list_unfit", batch_id=batch.id)

    cards = {card.h3.get_text(strip=True): card for card in page.soup.select("section.card-plain")}
    assert list(cards) == ["Budi Dicabut", "Citra Berhenti"]
    assert "belum ada sertifikat dasar" in cards["Budi Dicabut"].get_text()
    assert "hanya PSM aktif dan calon PSM" in cards["Citra Berhenti"].get_text()
    assert cards["Budi Dicabut"].find("a", href=f"/enrollments/{revoked.id}/withdraw")


def test_whom_the_office_keeps_with_a_reason_is_on_the_list_no_more(browser, dinas, madya):
    batch, (_fit, revoked, _resigned) = madya
    here = {"batch_id": batch.id}
    page = browser.post(
        "workspace.list_unfit", data={"enrollment": revoked.id, "reason": "x"}, expect=422, **here
    )
    assert page.soup.select_one(f"#reason-{revoked.id}")["value"] == "x"
    assert page.soup.select_one(f"#reason-{revoked.id}-error")
    assert names(batch) == ["Budi Dicabut", "Citra Berhenti"]

    browser.post(
        "workspace.list_unfit",
        data={"enrollment": revoked.id, "reason": "Sertifikat lama sedang diurus"},
        **here,
    )

    assert revoked.override_reason == "Sertifikat lama sedang diurus"
    assert names(batch) == ["Citra Berhenti"]
    assert (
        database.session.query(Event).filter_by(action="enrollment.kept", subject_id=revoked.id).count() == 1
    )


def test_who_is_kept_already_is_said_to_be(dinas, madya):
    _batch, (_fit, revoked, _resigned) = madya
    services.keep_enrollment(revoked, reason="Sertifikat lama sedang diurus.", by=dinas)
    with pytest.raises(
        Conflict, match=r"sudah dikecualikan pada \d+ \w+ \d+. Alasannya: Sertifikat lama sedang diurus\.$"
    ):
        services.keep_enrollment(revoked, reason="Alasan panjang", by=dinas)


def test_nobody_else_is_kept_by_this_page(make, browser, dinas, madya):
    batch, (fit, revoked, _resigned) = madya
    for other in (fit.id, 999999, "x"):
        browser.post(
            "workspace.list_unfit",
            batch_id=batch.id,
            data={"enrollment": other, "reason": "Alasan panjang"},
            expect=422,
        )
    assert fit.override_reason is None
    with pytest.raises(RuleViolation):
        services.keep_enrollment(revoked, reason="..", by=dinas)
    revoked.status = S.WITHDRAWN
    database.session.commit()
    with pytest.raises(Conflict):
        services.keep_enrollment(revoked, reason="Alasan panjang", by=dinas)


def test_a_record_of_the_past_is_as_it_was(make, madya):
    batch, _seats = madya
    assert len(names(batch)) == 2
    batch.starts_on = batch.ends_on = clock.today(batch.zone).replace(year=2011)
    database.session.commit()
    assert names(batch) == []


def test_the_signer_neither_reads_nor_keeps(make, browser, madya):
    batch, _seats = madya
    browser.sign_in(make.user(Role.SIGNER, KALSEL))
    browser.get("workspace.list_unfit", batch_id=batch.id, expect=404)


@pytest.fixture
def over(make):
    """A batch of dasar whose days are over: three who were there all the time; one of them has died since."""
    today = clock.today(WITA)
    batch = make.batch(
        starts_on=today - timedelta(days=9), ends_on=today - timedelta(days=6), status=BatchStatus.RUNNING
    )
    batch.recorded_at = clock.now() - timedelta(days=60)
    session = make.session(batch, lesson_hours=4)
    people = [
        make.attendee(batch, make.trainee(name=name)) for name in ("Ani Hidup", "Budi Wafat", "Citra Pindah")
    ]
    for person in people:
        make.attendance(session, person)
    for person, status in zip(people[1:], (TraineeStatus.DECEASED, TraineeStatus.MOVED), strict=True):
        person.trainee.status = status
        for standing in standings_of(person.trainee):
            standing.status = status
    database.session.commit()
    return batch


STATES = {
    "over": {},
    "declared finished": {"status": BatchStatus.FINISHED},
    "proposed": {"graduation_stage": GraduationStage.PROPOSED},
}


@pytest.mark.parametrize("state", STATES)
def test_who_died_meanwhile_is_undecided_until_somebody_decides(make, browser, over, state):
    for name, value in STATES[state].items():
        setattr(over, name, value)
    database.session.commit()
    assert names(over) == ["Budi Wafat"]
    browser.sign_in(make.user(Role.KABUPATEN_DINAS))
    here = {"batch_id": over.id}
    assert "1 peserta tidak lagi memenuhi syarat." in browser.get("workspace.show_batch", **here).text
    for endpoint in ("attendance.show_attendance", "assessment.show_graduation"):
        row = next(
            tr.get_text(" ", strip=True)
            for tr in browser.get(endpoint, **here).soup.select("tr")
            if "Budi Wafat" in tr.get_text()
        )
        assert "Tercatat meninggal dunia, " in row
    assert [row.suggested for row in graduation_sheet(over)] == [R.PASSED, R.ATTENDED, R.PASSED]


def test_all_qualify_is_said_only_when_it_is_true(make, browser, over):
    browser.sign_in(make.user(Role.KABUPATEN_DINAS))
    said = {}
    for stage in (GraduationStage.NONE, GraduationStage.APPROVED):
        over.graduation_stage = stage
        database.session.commit()
        said[stage] = browser.get("workspace.list_unfit", batch_id=over.id).text
    fit = make.batch()
    assert "Semua memenuhi syarat" in browser.get("workspace.list_unfit", batch_id=fit.id).text
    assert not [text for text in said.values() if "Semua memenuhi syarat" in text]
    assert "Tidak ada yang menunggu keputusan" in said[GraduationStage.APPROVED]


def test_a_record_of_the_past_passes_who_died_since(over):
    over.recorded_at = clock.now()
    database.session.commit()
    assert names(over) == []
    assert {row.suggested for row in graduation_sheet(over)} == {R.PASSED}
