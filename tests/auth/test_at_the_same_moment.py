"""Competing tries on real connections: a limit is exact, a link opens for one."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from sqlalchemy import func, select

from app.auth import services
from app.auth.models import SignIn
from app.auth.rules import SIGN_IN_PER_NAME
from app.auth.services import passwords
from app.core.actor import SYSTEM
from app.core.errors import DomainError, RuleViolation, TooManyTries
from app.extensions import db
from tests.auth.conftest import PASSWORD

AT_ONCE = 8


@pytest.fixture
def together(file_app):
    """Run the same thing in several threads, each with its own connection, starting at one moment; returns
    what came of each.
    """

    def run(act, times=AT_ONCE):
        gate = Barrier(AT_ONCE)

        def one(number):
            with file_app.app_context():
                try:
                    if number < AT_ONCE:
                        gate.wait()
                    return act(number)
                except DomainError as refusal:
                    return type(refusal)
                finally:
                    db.session.remove()

        with ThreadPoolExecutor(AT_ONCE) as pool:
            return list(pool.map(one, range(times)))

    return run


def test_many_wrong_passwords_at_once_are_blocked_at_the_documented_count(together, monkeypatch):
    hashed = []
    monkeypatch.setattr(passwords, "matches", lambda stored, password: bool(hashed.append(password)))
    outcomes = together(
        lambda number: services.sign_in("siapa@contoh.id", "salah", address="203.0.113.7"),
        times=3 * SIGN_IN_PER_NAME,
    )
    assert len(hashed) == outcomes.count(RuleViolation) == SIGN_IN_PER_NAME
    assert outcomes.count(TooManyTries) == 2 * SIGN_IN_PER_NAME


def test_a_link_opened_by_several_at_once_sets_one_password(file_app, together):
    with file_app.app_context():
        user = services.open_account(
            "Siti Aminah", password=None, names={}, email="siti@contoh.id", by=SYSTEM
        )
        token = services.issue_reset_link(user, SYSTEM).rpartition("/")[2]
        db.session.remove()
    outcomes = together(lambda number: services.reset_password(token, f"{PASSWORD} {number}").id)
    assert sorted(outcomes.count(outcome) for outcome in {*outcomes}) == [1, AT_ONCE - 1]
    winner = next(number for number, outcome in enumerate(outcomes) if isinstance(outcome, int))
    with file_app.app_context():
        services.sign_in("siti@contoh.id", f"{PASSWORD} {winner}", address="203.0.113.7")
        assert db.session.scalar(select(func.count(SignIn.id))) == 1
        db.session.remove()
