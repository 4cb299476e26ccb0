"""A client that another project's generator makes from the document runs a whole diklat: nothing here names
an address.
"""

import json
import subprocess
import sys
from datetime import date
from importlib import import_module
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from flask import Flask, g

from app.auth import services as auth
from app.auth.rules import Role
from app.core.scopes import ScopeKind
from app.extensions import db as database

PASSWORD = "sapi-biru-makan-rumput"  # made up, for accounts of this test alone
NAME = "bekal_client"
CONFIG = {"post_hooks": [], "package_name_override": NAME}


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("generated")


@pytest.fixture
def generated(folder: Path, program, monkeypatch) -> str:
    """Generate the client once; a warning of the generator is a piece that would be missing from it."""
    if not (folder / NAME).exists():
        (folder / "config.json").write_text(json.dumps(CONFIG))
        (folder / "document.json").write_text(
            json.dumps(program(None).send("GET", "/openapi.json", expect=200))
        )
        command = [
            sys.executable,
            "-m",
            "openapi_python_client",
            "generate",
            "--path",
            "document.json",
            "--config",
            "config.json",
            "--meta",
            "none",
            "--output-path",
            NAME,
            "--fail-on-warning",
        ]
        made = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
        assert made.returncode == 0, made.stdout + made.stderr
    monkeypatch.syspath_prepend(folder)
    return NAME


class Program:
    """Somebody's program: calls operations by their names, reads what they return as the client understands
    it.
    """

    def __init__(self, app: Flask, token: str = "") -> None:
        import httpx

        def answered(environ: Any, start: Any) -> Any:
            g.pop("_login_user", None)
            database.session.expire_all()
            return app(environ, start)

        more = {
            "base_url": "http://bekal.test",
            "httpx_args": {"transport": httpx.WSGITransport(app=answered)},
        }
        client = import_module(f"{NAME}.client")
        self.client = client.AuthenticatedClient(token=token, **more) if token else client.Client(**more)

    def does(self, operation: str, *place: Any, expect: int = 200, body: str = "", **fields: Any) -> Any:
        """Call an operation with a body of the class named, as its fields."""
        more = {"body": import_module(f"{NAME}.models").__dict__[body].from_dict(fields)} if body else fields
        answer = import_module(f"{NAME}.api.bekal.{operation}").sync_detailed(
            *place, client=self.client, **more
        )
        assert answer.status_code == expect, (operation, answer.status_code, answer.content[:600])
        assert answer.parsed is not None, f"{operation} is answered with what the client cannot read"
        return answer.parsed

    def every(self, operation: str, *place: Any, **fields: Any) -> list[Any]:
        """Read a list to its end."""
        page = self.does(operation, *place, **fields)
        found = list(page.items)
        while page.next_:
            page = self.does(operation, *place, **fields, after=page.next_)
            found += page.items
        return found


@pytest.fixture
def programs(app, make, generated):
    """The office's, the approver's and the panti's program, each with a token it asked for itself."""

    def of(role: Role, **values: Any) -> Program:
        user = make.user(role, password_hash=auth.hash_password(PASSWORD), **values)
        made = Program(app).does("make_token", body="TokenIn", name=user.email, password=PASSWORD, expect=201)
        return Program(app, made.token)

    return of


def test_a_whole_diklat(make, at, app, programs):
    at(2026, 3, 23, 1)
    office = make.organiser()
    make.curriculum(make.tier())
    dinas, approver = programs(Role.KABUPATEN_DINAS), programs(Role.SIGNER)

    batch, sessions, visit = planned(dinas, office.id)
    panti = programs(Role.HOST_CONTACT, scope=(ScopeKind.HOST, visit.host))
    people = enrolled(dinas, batch)
    assert panti.does("answer_visit", visit.id, body="VisitAnswerIn", status="accepted").granted_places == 3
    assert dinas.does("plan_placements", batch.id).groups == 1
    at(2026, 4, 2, 6)
    held(dinas, batch, sessions)

    decided(dinas, approver, batch)
    issued = approver.does("issue_certificates", batch.id, body="IssueIn", issued_on="2026-04-02")
    assert len(issued.issued) == 3
    assert not issued.parked
    certificates = dinas.every("list_certificates", batch.id)
    assert {each.trainee for each in certificates} == set(people)
    for certificate in certificates:
        sheet = dinas.does("download_certificate", certificate.id)
        assert sheet.startswith(b"%PDF-")
        assert app.test_client().get(f"/v/{certificate.code}").status_code == 200
    assert dinas.does("show_coverage", "63.05").total.trained == 0  # they serve from their SK on
    sk = {
        "organiser": office.id,
        "number": "100.3.3.2/041",
        "dated_on": "2026-04-02",
        "signer_name": "Bupati",
        "trainees": [*people],
    }
    dinas.does("make_appointment", body="AppointmentIn", **sk)
    assert dinas.does("show_coverage", "63.05").total.trained == 3


def planned(dinas: Program, organiser: int) -> Any:
    """Plan two days with a visit, and open them."""
    course = dinas.does("draft_course", body="CourseIn", organiser=organiser, tier="dasar", year=2026)
    subject = dinas.does("show_curriculum", course.curriculum).subjects[0]
    batch = dinas.does(
        "draft_batch",
        body="BatchIn",
        course=course.id,
        starts_on="2026-04-01",
        ends_on="2026-04-02",
        quota=3,
        venue="Aula Dinas Sosial",
        venue_region="63.05",
        audience="PSM",
        contact_name="Ibu Ratna",
        contact_phone="0812-0000-0001",
    )
    assert batch.starts_on == date(2026, 4, 1)
    lesson = {
        "starts_at": "08:00",
        "ends_at": "09:30",
        "lesson_hours": 2,
        "title": subject.name,
        "kind": "material",
    }
    sessions = [
        dinas.does(
            "schedule_session",
            batch.id,
            body="SessionIn",
            held_on=f"2026-04-0{day}",
            subject_id=subject.id,
            **lesson,
        )
        for day in (1, 2)
    ]
    moved = dinas.does(
        "change_session", batch.id, sessions[1].id, body="SessionChange", starts_at="08:30", ends_at="10:00"
    )
    assert moved.title == subject.name
    host = dinas.does(
        "draft_host",
        body="HostIn",
        organiser=organiser,
        kind="panti",
        name="Panti Budi",
        region="63.72",
        visitors_per_day=40,
    )
    visit = dinas.does(
        "request_visit", batch.id, body="VisitIn", host=host.id, requested_places=3, visits_on="2026-04-02"
    )
    assert dinas.does("open_batch", batch.id).status == "open"
    return batch, sessions, visit


def enrolled(dinas: Program, batch: Any) -> dict[int, Any]:
    """Register three people and one too many; who has no seat is told so in words."""
    people = {}
    for number, name in enumerate(("Siti Aminah", "Nurul Huda", "Muhammad Yusuf", "Fatimah"), start=1):
        person = dinas.does(
            "register_trainee",
            body="NewcomerIn",
            name=name,
            duty_region="63.05.06.2001",
            birth_date=f"1980-01-{number:02}",
            sex="female",
        )
        people[person.id] = dinas.does("enroll", batch.id, body="EnrollmentIn", trainee=person.id)
    *seated, late = people
    for each in seated:
        assert dinas.does("accept_enrollment", people[each].id, body="Remark").status == "accepted"
    problem = dinas.does("accept_enrollment", people[late].id, body="Remark", expect=422)
    assert problem.title
    again = dinas.does("enroll", batch.id, body="EnrollmentIn", trainee=late, expect=409)
    assert again.detail
    dinas.does("reject_enrollment", people.pop(late).id, body="Remark", reason="Tempat sudah penuh tahun ini")
    assert len(dinas.every("list_enrollments", batch.id)) == 4
    assert {each.id for each in dinas.every("list_trainees", per_page=2)} == {*people, late}
    return people


def held(dinas: Program, batch: Any, sessions: list[Any]) -> None:
    """Record who was there and how well; a stale list is refused."""
    attendees = [each.id for each in dinas.every("list_attendees", batch.id)]
    entries = [{"attendee": each, "status": "present"} for each in attendees]
    for session in sessions:
        assert dinas.does("record_attendance", session.id, body="EntriesIn", entries=entries).added == 3
    wrong = [{"attendee": attendees[0], "status": "sick"}]
    assert dinas.does("record_attendance", sessions[0].id, body="EntriesIn", entries=wrong, expect=409).detail
    marks = [{"attendee": each, "value": "82.5"} for each in attendees]
    assert dinas.does("record_assessments", batch.id, body="MarksIn", kind="final", marks=marks).changed == 3


def decided(dinas: Program, approver: Program, batch: Any) -> None:
    """Propose, send back, propose again, approve."""
    proposed = dinas.does(
        "propose_graduation", batch.id, body="ProposalIn", held_on="2026-04-02", outcomes=[]
    )
    assert {each.outcome for each in proposed.results} == {"passed"}
    assert (
        dinas.does(
            "approve_graduation", batch.id, body="ApproveIn", graduation=proposed.id, expect=404
        ).status
        == 404
    )
    approver.does("return_graduation", batch.id, body="ReturnIn", reason="Notulen belum lengkap")
    proposed = dinas.does(
        "propose_graduation",
        batch.id,
        body="ProposalIn",
        held_on="2026-04-02",
        minutes="Rapat di aula",
        outcomes=[],
    )
    assert (
        approver.does("approve_graduation", batch.id, body="ApproveIn", graduation=proposed.id).status
        == "approved"
    )


def test_a_body_without_what_is_required_cannot_even_be_made(generated):
    models = SimpleNamespace(**import_module(f"{NAME}.models").__dict__)
    with pytest.raises(KeyError):
        models.BatchIn.from_dict({"course": 1})
