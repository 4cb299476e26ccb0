"""Two hundred people press "Daftarkan diri" for the last seat, against the real server with two processes."""

import os
import socket
import subprocess
import sys
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from http.client import HTTPConnection
from pathlib import Path
from threading import Barrier
from urllib.parse import urlencode
from uuid import uuid4

import pytest
from itsdangerous import URLSafeTimedSerializer
from sqlalchemy import func, select

from app.audit.models import Event
from app.auth.models import SignIn, User
from app.core import crypto
from app.courses.rules import Admission
from app.enrollments import queries
from app.enrollments.models import Attendee, Enrollment
from app.extensions import db
from app.trainees.models import Trainee
from app.trainees.rules import TraineeStatus
from tests.factories import Factories

ROOT = Path(__file__).resolve().parents[2]
PEOPLE = 200


@pytest.fixture
def port():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


@pytest.fixture
def serve(file_app, tmp_path, port):
    """Start the application as it is served: two processes, several threads each, on the database of the
    test.
    """
    settings = file_app.config["SETTINGS"]
    own = {
        "DATABASE_URL": settings.database_url,
        "SECRET_KEY": settings.secret_key,
        "NIK_KEY": settings.nik_key,
        "DATA_DIR": str(tmp_path),
        "PORT": str(port),
        "LOG_FILE": str(tmp_path / "server.log"),
        "DEMO": "no",
    }
    options = ["-w", "2", "-k", "gthread", "--threads", "8", "-b", f"127.0.0.1:{port}", "--backlog", "512"]
    started = []

    def start(application: str) -> int:
        with (tmp_path / "gunicorn.log").open("w") as log:
            command = [sys.executable, "-m", "gunicorn", *options, application]
            started.append(
                subprocess.Popen(command, cwd=ROOT, env={**os.environ, **own}, stdout=log, stderr=log)
            )
        wait_for(port, tmp_path)
        return port

    yield start
    for process in started:
        process.terminate()
        process.wait(timeout=30)


def wait_for(port: int, folder: Path) -> None:
    """Return when the server answers; say what it wrote when it does not within a minute."""
    for _ in range(240):
        try:
            with closing(HTTPConnection("127.0.0.1", port, timeout=10)) as line:
                line.request("GET", "/")
                line.getresponse().read()
                return
        except OSError:
            time.sleep(0.25)
    raise AssertionError((folder / "gunicorn.log").read_text()[-3000:])


def people_signed_in(app, number: int) -> list[tuple[str, str]]:
    """Return (cookie, form token) of that many volunteers of Tapin, each signed in without a password being
    hashed.
    """
    desa = Factories().region("63.05.06.2001")
    signer = app.session_interface.get_signing_serializer(app)
    found = []
    for each in range(number):
        user = User(name=f"Siti Nomor {each}")
        token, csrf = crypto.new_token(), uuid4().hex
        db.session.add(
            Trainee(
                name=user.name,
                folded_name=user.name.lower(),
                status=TraineeStatus.ACTIVE,
                duty_region=desa,
                user=user,
            )
        )
        db.session.flush()
        db.session.add(SignIn(token_digest=crypto.token_digest(token), user_id=user.id, device="test"))
        cookie = signer.dumps({"_user_id": token, "_fresh": True, "csrf_token": csrf})
        found.append(
            (f"bekal={cookie}", URLSafeTimedSerializer(app.secret_key, salt="wtf-csrf-token").dumps(csrf))
        )
    db.session.commit()
    return found


def press(port: int, path: str, cookie: str, token: str, begin: Barrier) -> int:
    """Send the form when everybody is ready and return the status."""
    body = urlencode({"csrf_token": token, "idempotency_key": uuid4().hex})
    with closing(HTTPConnection("127.0.0.1", port, timeout=120)) as line:
        begin.wait(timeout=60)
        line.request(
            "POST", path, body, {"Cookie": cookie, "Content-Type": "application/x-www-form-urlencoded"}
        )
        answer = line.getresponse()
        answer.read()
        return answer.status


def everybody_presses(app, port: int, number: int) -> tuple[int, Counter]:
    """Let that many people press "Daftarkan diri" for one seat at the same moment; returns the batch and the
    statuses counted.
    """
    with app.app_context():
        batch_id = Factories().batch(quota=1, admission=Admission.AUTOMATIC).id
        people = people_signed_in(app, number)
        db.session.remove()
    begin = Barrier(number)
    with ThreadPoolExecutor(number) as crowd:
        sent = [
            crowd.submit(press, port, f"/batches/{batch_id}/enroll", cookie, token, begin)
            for cookie, token in people
        ]
        return batch_id, Counter(each.result() for each in sent)


def count_by_status() -> dict[str, int]:
    counted = select(Enrollment.status, func.count()).group_by(Enrollment.status)
    return {status.value: number for status, number in db.session.execute(counted)}


def test_of_two_hundred_at_once_one_gets_the_last_seat_and_nobody_an_error(file_app, serve):
    batch_id, answers = everybody_presses(file_app, serve("app:create_app()"), PEOPLE)

    assert answers == {303: PEOPLE}
    with file_app.app_context():
        assert count_by_status() == {"accepted": 1, "waitlisted": PEOPLE - 1}
        assert db.session.scalar(select(func.count(Attendee.id))) == 1
        assert sorted(queries.positions([batch_id]).values()) == list(range(1, PEOPLE))
        assert (
            db.session.scalar(select(func.count(Event.id)).where(Event.subject_type == "Enrollment"))
            == PEOPLE
        )


def test_with_the_lock_taken_out_the_same_crowd_gets_more_than_one_seat(file_app, serve):
    """The control: were this to give one seat, the test above would prove nothing."""
    everybody_presses(file_app, serve("tests.journeys.unlocked:create_app()"), 60)

    with file_app.app_context():
        assert count_by_status().get("accepted", 0) > 1
