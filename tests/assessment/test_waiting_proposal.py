"""A proposal that waits, as each reader is told of it; and what happens when figures overtake it."""

from datetime import UTC, date, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import select

from app.assessment import queries, services
from app.assessment.rules import MarkKind
from app.attendance.rules import Entry, Presence
from app.attendance.services import record_presences
from app.auth.models import Grant
from app.auth.rules import Role

HELD = date(2011, 5, 27)


@pytest.fixture
def proposed(scene):
    return services.propose_graduation(scene.batch, held_on=HELD, by=scene.proposer)


def lead(browser, user):
    """Return the first thing of somebody's first page: (sentence, address of its button or None)."""
    browser.sign_in(user)
    first = browser.get("dashboard.home").soup.select_one(".next-thing")
    link = first.find("a")
    return first.select_one(".sentence").get_text(strip=True), link["href"] if link else None


def test_each_reads_what_waits_for_whom(scene, proposed, browser, make):
    other = make.user(Role.KABUPATEN_DINAS)
    waits = f"Usulan kelulusan menunggu persetujuan {scene.signer.name}"
    assert lead(browser, scene.signer) == (
        "Setujui hasil rapat (2 lulus, 1 tidak lulus).",
        f"/graduations/{proposed.id}",
    )
    for reader in (scene.proposer, other):
        browser.sign_in(reader)
        for page in (
            browser.get("dashboard.home"),
            browser.get("workspace.show_batch", batch_id=scene.batch.id),
        ):
            assert waits in page.text
            assert "pejabat lain" not in page.text


def test_whoever_proposes_reads_that_nobody_can_approve(scene, browser, db):
    browser.sign_in(scene.proposer)
    data = {"held_on": HELD.isoformat()}
    grant = db.session.scalars(select(Grant).where(Grant.user_id == scene.signer.id)).one()
    browser.post("assessment.propose_graduation", batch_id=scene.batch.id, data=data)
    told = browser.get("assessment.show_graduation", batch_id=scene.batch.id).text
    assert f"Pejabat penyetuju diberi tahu: {scene.signer.name}" in told
    services.withdraw_graduation(queries.waiting_graduation(scene.batch), "Salah tanggal", by=scene.proposer)
    grant.ends_on = date(2011, 1, 1)
    db.session.commit()
    browser.post("assessment.propose_graduation", batch_id=scene.batch.id, data=data)
    told = browser.get("assessment.show_graduation", batch_id=scene.batch.id).text
    assert "diberi tahu" not in told
    assert told.count("Belum ada pejabat lain yang dapat menyetujuinya") == 2  # the answer, and the page


def test_who_proposed_is_not_asked_to_approve(scene, browser, make):
    approver = make.user(Role.SIGNER)
    both = scene.proposer
    make.grant(both, Role.SIGNER, make.region())
    services.propose_graduation(scene.batch, held_on=HELD, by=both)
    browser.sign_in(both)
    page = browser.get("dashboard.home")
    assert "Setujui hasil rapat" not in page.text
    assert "Usulan kelulusan menunggu persetujuan" in page.text
    assert approver.name in page.text


@pytest.mark.parametrize("door", ["mark", "presence"])
def test_an_overtaken_proposal_is_to_be_made_anew_and_the_proposer_is_told_once(
    scene, proposed, browser, outbox, door
):
    before = len(outbox())
    for value in (90, 91):
        if door == "mark":
            services.record_marks(
                scene.batch, MarkKind.FINAL, {scene.siti.id: Decimal(value)}, by=scene.signer
            )
        else:
            minutes = value - 45
            record_presences(
                scene.sessions[0], {scene.siti.id: Entry(Presence.LATE, minutes)}, by=scene.signer
            )

    new = outbox()[before:]
    told = [(mail.recipient, mail.subject) for mail in new]
    assert told == [(scene.proposer.email, f"Perlu diusulkan ulang: kelulusan {scene.batch.course.title}")]
    assert f"/batches/{scene.batch.id}/graduation/propose" in new[0].body
    sentence, address = lead(browser, scene.proposer)
    assert sentence == "Data berubah sejak kelulusan diusulkan. Usulkan ulang."
    assert address == f"/batches/{scene.batch.id}/graduation/propose"
    browser.sign_in(scene.signer)
    page = browser.get("dashboard.home")
    assert "Setujui hasil rapat" not in page.text
    assert "usulannya menunggu diusulkan ulang" in page.text


def test_what_changes_no_figure_tells_nobody(scene, proposed, outbox):
    before = len(outbox())
    services.record_marks(scene.batch, MarkKind.PRETEST, {scene.siti.id: Decimal(50)}, by=scene.signer)
    assert len(outbox()) == before


def test_nothing_is_proposed_while_a_session_is_still_to_come(scene, browser, at):
    last = scene.sessions[-1]
    before = last.begins.astimezone(UTC) - timedelta(minutes=30)
    at(before.year, before.month, before.day, before.hour, before.minute)
    browser.sign_in(scene.proposer)
    page = browser.get("assessment.propose_graduation", batch_id=scene.batch.id)
    assert f"Sesi terakhir, {last.title}, baru dimulai" in page.text
    browser.post(
        "assessment.propose_graduation",
        batch_id=scene.batch.id,
        data={"held_on": last.held_on.isoformat()},
        expect=422,
    )
    assert queries.waiting_graduation(scene.batch) is None
