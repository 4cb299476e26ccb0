"""Competing requests on real connections: asked at once it is kept once, answered at once it is answered
once.
"""

from sqlalchemy import func, select

from app.auth import services as auth
from app.auth.models import User
from app.auth.rules import NameKind, Role
from app.core.actor import SYSTEM
from app.core.errors import Conflict
from app.extensions import db
from app.petitions import queries, services
from app.petitions.models import Petition
from app.petitions.rules import Answer
from app.trainees.models import Trainee
from tests.enrollments.test_last_seat import at_once
from tests.factories import Factories
from tests.petitions.test_claims import NIK, register

AT_ONCE = 4


def test_a_claim_answered_by_several_at_once_is_answered_once(file_app):
    with file_app.app_context():
        make = Factories()
        make.trainee(nik=NIK)
        officer_id = make.user(Role.KABUPATEN_DINAS).id
        register(phone="+6281299990000")
        petition_id = db.session.scalars(select(Petition.id)).one()
        db.session.commit()

    def answer() -> str:
        petition, officer = queries.get_petition(petition_id), db.session.get(User, officer_id)
        services.answer_petition(petition, Answer.NEW_PERSON, words="", by=officer)
        return "answered"

    outcomes = at_once(file_app, *[answer] * AT_ONCE)
    assert [str(each) for each in outcomes].count("answered") == 1, outcomes
    assert sum(isinstance(each, Conflict) for each in outcomes) == AT_ONCE - 1, outcomes
    with file_app.app_context():
        assert db.session.scalar(select(func.count(Trainee.id))) == 2  # the one on record, and one new person


def test_a_lost_code_asked_for_by_nik_and_phone_at_once_waits_once(file_app):
    with file_app.app_context():
        make = Factories()
        names = {NameKind.NIK: NIK, NameKind.PHONE: "+6281299990000"}
        user = auth.open_account("Siti", password=None, names=names, by=SYSTEM)
        make.trainee(nik=NIK, user=user)
        db.session.commit()
    calls = [
        lambda typed=typed: auth.request_reset(typed, address="203.0.113.9")
        for typed in (NIK, "0812-9999-0000") * 2
    ]
    assert at_once(file_app, *calls) == [None] * AT_ONCE
    with file_app.app_context():
        assert db.session.scalar(select(func.count(Petition.id))) == 1
