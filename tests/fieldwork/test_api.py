"""Programs meet the same rules of visits and divisions as the pages, with the same sentences."""

from datetime import timedelta

import pytest
from flask import g

from app.auth import services as auth
from app.auth.rules import Role
from app.core.scopes import ScopeKind
from app.fieldwork import queries
from app.fieldwork.rules import VisitStatus

REASON = "aula sedang diperbaiki"


@pytest.fixture
def send(app, db):
    def sending(user, path, expect, **body):
        token = auth.make_access_token(user, "test", days=1, by=user)
        g.pop("_login_user", None)
        db.session.expire_all()
        answer = app.test_client().post(
            f"/api/v1{path}", json=body or None, headers={"Authorization": f"Bearer {token}"}
        )
        assert answer.status_code == expect, answer.text[:800]
        return answer.json

    return sending


@pytest.fixture
def scene(make):
    """The dinas, the contact, and a visit of five with five people."""
    batch = make.batch()
    contact = make.user(region="63.72")
    host = make.host(contact_user=contact)
    make.grant(contact, Role.HOST_CONTACT, scope=(ScopeKind.HOST, host.id))
    visit = make.visit(batch, host, requested_places=5, granted_places=5)
    for name in ("Ani", "Budi", "Citra", "Dewi", "Endang"):
        make.placement(visit, make.attendee(batch, make.trainee(name=name)))
    return make.user(Role.KABUPATEN_DINAS), contact, visit


def test_a_contradicting_number_is_refused_with_the_sentence_of_the_page(send, scene, make):
    dinas, contact, visit = scene
    other = make.visit(
        visit.batch,
        visit.host,
        visits_on=visit.visits_on - timedelta(days=1),
        status=VisitStatus.REQUESTED,
        granted_places=0,
    )
    for user in (dinas, contact):
        problem = send(user, f"/visits/{other.id}/answer", 422, status="accepted", granted_places=5)
        assert (
            "Anda mengetik 5 orang, sedangkan yang diminta 30. Jawab “Terima sebagian” untuk 5 orang"
            in str(problem)
        )
    assert queries.get_visit(other.id).status is VisitStatus.REQUESTED


def test_fewer_places_want_confirm_and_a_note(send, scene):
    dinas, _contact, visit = scene
    facts = {"status": "partly_accepted", "granted_places": 3}
    path = f"/visits/{visit.id}/answer"
    assert "2 di antaranya kehilangan tempat dan harus dibagi lagi: Dewi, Endang." in str(
        send(dinas, path, 422, **facts)
    )
    assert "beberapa kata" in str(send(dinas, path, 422, **facts, confirm=True))
    assert queries.count_placed(visit) == 5
    assert send(dinas, path, 200, **facts, confirm=True, note=REASON)["granted_places"] == 3
    assert queries.count_placed(visit) == 3
    send(dinas, path, 409, **facts, confirm=True, note=REASON)


def test_only_the_planners_cancel(send, scene):
    dinas, contact, visit = scene
    path = f"/visits/{visit.id}/answer"
    facts = {"status": "cancelled", "confirm": True, "note": REASON}
    assert "Hanya panitia" in str(send(contact, path, 422, **facts))
    assert "semuanya kehilangan tempat" in str(send(dinas, path, 422, status="cancelled", note=REASON))
    assert send(dinas, path, 200, **facts)["status"] == "cancelled"


def test_nobody_sets_a_visit_back_to_requested(send, scene):
    dinas, _contact, visit = scene
    refused = send(dinas, f"/visits/{visit.id}/answer", 422, status="requested")
    assert "requested" not in refused["errors"]["json"]["status"][0]


def test_a_proposal_is_asked_for_again(send, scene, make):
    dinas, contact, visit = scene
    asked = make.visit(visit.batch, make.host(), status=VisitStatus.REQUESTED, granted_places=0)
    day = (visit.visits_on - timedelta(days=1)).isoformat()
    send(dinas, f"/visits/{asked.id}/answer", 200, status="other_date", other_date=day)
    assert send(dinas, f"/visits/{asked.id}/ask-again", 200)["visits_on"] == day
    send(dinas, f"/visits/{asked.id}/ask-again", 409)
    send(contact, f"/visits/{visit.id}/ask-again", 404)


def test_a_closed_batch_refuses_with_the_same_sentence(send, scene, make):
    dinas, contact, visit = scene
    make.graduation(visit.batch, *[row.attendee for row in queries.list_placements(visit.batch)])
    batch = visit.batch_id
    day = visit.visits_on.isoformat()
    for user, path, facts in (
        (contact, f"/visits/{visit.id}/answer", {"status": "declined", "confirm": True, "note": REASON}),
        (dinas, f"/visits/{visit.id}/answer", {"status": "cancelled", "confirm": True, "note": REASON}),
        (dinas, f"/visits/{visit.id}/ask-again", {}),
        (dinas, f"/batches/{batch}/placements/plan", {}),
        (dinas, f"/batches/{batch}/placements/divide-anew", {"moving": 1}),
        (dinas, f"/batches/{batch}/visits", {"host": visit.host_id, "visits_on": day, "requested_places": 1}),
    ):
        assert "sudah disetujui" in str(send(user, path, 422, **facts)), path
    assert queries.count_placed(visit) == 5


def test_dividing_anew_names_the_number_first(send, scene, db):
    dinas, _contact, visit = scene
    path = f"/batches/{visit.batch_id}/placements/divide-anew"
    send(dinas, f"/batches/{visit.batch_id}/placements/plan", 409)
    for row in queries.list_placements(visit.batch)[:2]:
        row.group = 2
    db.session.commit()
    assert "2 dari 5 orang yang sudah ditempatkan akan pindah" in str(send(dinas, path, 422, moving=None))
    send(dinas, path, 409, moving=3)
    assert send(dinas, path, 200, moving=2) == {"groups": 1}


def test_a_visit_called_off_without_a_note_is_refused_at_the_note(send, scene):
    dinas, _contact, visit = scene
    problem = send(dinas, f"/visits/{visit.id}/answer", 422, status="cancelled", confirm=True)
    assert "beberapa kata" in str(problem["errors"]["json"]["note"])
