"""Programs: a client with a bearer token, and the one of a dinas."""

import pytest
from flask import g

from app.auth import services as auth
from app.auth.rules import Role
from app.extensions import db as database


class Program:
    """A program with a bearer token."""

    def __init__(self, app, token):
        self.client = app.test_client()
        self.headers = {"Authorization": f"Bearer {token}"} if token else {}

    def send(self, method, path, *, expect, key=None, **kwargs):
        g.pop("_login_user", None)
        database.session.expire_all()
        headers = {**self.headers, **({"Idempotency-Key": key} if key else {})}
        answer = self.client.open(f"/api/v1{path}", method=method, headers=headers, **kwargs)
        assert answer.status_code == expect, f"{method} {path}: {answer.status_code} {answer.text[:800]}"
        return answer.json if "json" in answer.mimetype else answer


@pytest.fixture
def program(app, db):
    def open_for(user):
        return Program(app, auth.make_access_token(user, "test", days=1, by=user) if user else None)

    return open_for


@pytest.fixture
def with_token(app, db):
    """A program with a token that somebody else has made."""
    return lambda token: Program(app, token)


@pytest.fixture
def dinas(make, program):
    return program(make.user(Role.KABUPATEN_DINAS))
