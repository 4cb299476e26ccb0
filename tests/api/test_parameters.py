"""What a program says is obeyed or refused: parameters of the address, bodies where none is read, keys of
repeats.
"""

import csv
import io
import re
import zipfile
from datetime import UTC, datetime
from decimal import Decimal
from uuid import uuid4

import pytest

from app.api.description import operations
from app.api.schemas import VERSION
from app.auth import services as auth
from app.auth.models import AccessToken
from app.core.idempotency import IdempotencyRecord
from app.extensions import db as database


def test_every_operation_refuses_a_parameter_it_does_not_know(app, make, dinas):
    """The walk over the whole table: reading and writing alike, before anything is looked up."""
    for path, method, endpoint, _view in operations(app):
        if endpoint == "api.make_token":
            continue
        address = path.removeprefix("/api/v1").replace("{region_code}", "63.05")
        address = address.replace("{", "").replace("}", "")
        for name in (
            "batch_id",
            "session_id",
            "trainee_id",
            "enrollment_id",
            "certificate_id",
            "visit_id",
            "host_id",
            "merge_id",
        ):
            address = address.replace(name, "1")
        address = "/".join("1" if part.endswith("_id") else part for part in address.split("/"))
        problem = dinas.send(method.upper(), f"{address}?ngawur=1", expect=422)
        assert "ngawur" in problem["detail"], address


def test_an_id_that_no_row_can_have_is_unknown_to_every_method_alike(app, make, dinas, with_token):
    """404 as for any unknown row and 401 without a token, never 405: the method is one that the address has.

    So is the id of a part of a row within reach, whatever the body.
    """
    walked, held = 0, {"batch_id": make.batch().id, "region_code": "63.05", "day": "2026-01-01"}
    for path, method, _endpoint, _view in operations(app):
        numbers = re.findall(r"{(\w+_id)}", path)
        for number in (2**31, 2**63, "9" * 5000) if numbers else ():
            first, *parts = numbers
            address = path.removeprefix("/api/v1").format(**(held | dict.fromkeys(parts or [first], number)))
            dinas.send(method.upper(), address, expect=404)
            with_token(None).send(method.upper(), address, expect=401)
            walked += 1
    assert walked > 150
    assert (
        dinas.client.get(f"/batches/{2**31}").status_code == dinas.client.get("/batches/987654").status_code
    )
    batch = make.batch()
    assert dinas.send("GET", f"/batches/{batch.id:09}", expect=200)["id"] == batch.id


def test_a_region_is_named_by_its_code(make, dinas):
    """What is not written like a code is refused at its field, as the document says; a code of no region by
    its name.
    """
    sent = {"name": "Siti Rahmah", "duty_region": "63.05.06.2001"}
    for wrong in ("", "0", "6305062001", "63.05.", "63.05.06.2001.1", "Tapin"):
        problem = dinas.send("POST", "/trainees", expect=422, json={**sent, "duty_region": wrong})
        assert "63.05.06.2001" in problem["errors"]["json"]["duty_region"][-1], wrong
    assert (
        "99.99 tidak dikenal"
        in dinas.send("POST", "/trainees", expect=422, json={**sent, "duty_region": "99.99"})["detail"]
    )
    assert (
        dinas.send("POST", "/trainees", expect=200, json={**sent, "duty_region": " 63.05.06.2001 "})[
            "duty_region"
        ]
        == "63.05.06.2001"
    )


def test_a_parameter_is_said_once_and_in_its_bounds(make, dinas):
    for query in ("per_page=10&per_page=20", "per_page=0", "per_page=201", "per_page=banyak", "after=bogus"):
        dinas.send("GET", f"/trainees?{query}", expect=422)
    assert "Yang dikenal: after, per_page" in dinas.send("GET", "/trainees?perpage=1", expect=422)["detail"]
    dinas.send("GET", "/regions/63.05?per_page=1", expect=422)


def test_an_operation_without_a_body_takes_none(make, dinas):
    batch = make.batch()
    problem = dinas.send("POST", f"/batches/{batch.id}/close", expect=422, json={"reason": "penuh"})
    assert "tidak memakai isi" in problem["detail"]
    dinas.send("POST", f"/batches/{batch.id}/close", expect=200, json={})


@pytest.fixture
def asking(make):
    user = make.user(password_hash=auth.hash_password("sapi-biru-makan-rumput"))
    return {"name": user.email, "password": "sapi-biru-makan-rumput"}


def test_a_token_is_made_once_for_a_key_and_is_not_shown_again(with_token, asking):
    program, key = with_token(None), uuid4().hex
    token = program.send("POST", "/tokens", expect=201, key=key, json=asking)["token"]
    problem = program.send("POST", "/tokens", expect=409, key=key, json=asking)
    assert "hanya ditunjukkan satu kali" in problem["detail"]
    program.send("POST", "/tokens", expect=422, key=key, json={**asking, "days": 3})
    program.send("POST", "/tokens", expect=422, key="x" * 101, json=asking)
    kept = database.session.query(IdempotencyRecord).all()
    assert [record.outcome for record in kept] == [{"made": True}]
    assert token not in str([vars(record) for record in kept])
    assert database.session.query(AccessToken).count() == 1
    assert program.send("POST", "/tokens", expect=201, key=uuid4().hex, json=asking)["token"] != token


def test_who_has_no_token_is_told_how_to_come_with_one(with_token):
    answer = with_token(None).client.get("/api/v1/batches")
    assert answer.headers["WWW-Authenticate"].startswith("Bearer")


def answer_schema(app, path):
    """Return the name of the rows of a list."""
    operation = app.spec["paths"][path]["get"]
    answer = operation["responses"]["200"]["content"]["application/json"]["schema"]
    return answer["properties"]["items"]["items"]["$ref"].rpartition("/")[2]


def test_every_list_is_a_file_for_excel_too(app, make, dinas):
    """The same rows under the names of the JSON, codes and telephone numbers as text; another form is
    refused.
    """
    attendee = make.attendee(make.batch())
    batch, session = attendee.batch, make.session(attendee.batch)
    places = {"batch_id": batch.id, "session_id": session.id, "region_code": "63.05"}
    lists = [
        path
        for path, method, _endpoint, view in operations(app)
        if method == "get" and getattr(view, "is_list", False)
    ]
    assert len(lists) > 15
    schemas = dinas.send("GET", "/openapi.json", expect=200)["components"]["schemas"]
    for path in lists:
        address = path.removeprefix("/api/v1").format(**places)
        rows = dinas.send("GET", address, expect=200)["items"]
        text = dinas.send("GET", f"{address}?format=csv", expect=200).text
        lines = list(csv.reader(io.StringIO(text[1:], newline=""), delimiter=";"))
        assert text[0] == "\ufeff"
        assert len(lines) == len(rows) + 1, path
        described = schemas[answer_schema(app, path)]
        dropped = set(described["required"]) - set(lines[0])
        assert all(described["properties"][each] == VERSION for each in dropped), path
        assert set(lines[0]) <= set(described["required"]), path
        assert dinas.send("GET", f"{address}?format=xlsx", expect=200).data.startswith(b"PK"), path
        assert "json, csv, atau xlsx" in dinas.send("GET", f"{address}?format=pdf", expect=422)["detail"], (
            path
        )


LISTS_WITH_MOMENTS = {
    "/batches/{batch}/enrollments": "submitted_at",
    "/batches/{batch}/sessions": "cancelled_at",
    "/merges": "merged_at",
    "/petitions": "asked_at",
    "/coverage/63.05/targets": "withdrawn_at",
    "/coverage/63.05/surveys": "taken_back_at",
    "/batches/{batch}/assessments/changes": "changed_at",
    "/batches/{batch}/notices": "created_at",
}


def test_a_file_says_moments_by_the_clock_of_their_place(app, make, dinas):
    """Every list that has one; days and scores are cells of their kind, too."""
    found = {
        path
        for path, method, _endpoint, view in operations(app)
        if method == "get" and getattr(view, "is_list", False)
    }
    schemas = app.spec["components"]["schemas"]
    with_moments = {
        path
        for path in found
        if any("date-time" in str(each) for each in schemas[answer_schema(app, path)]["properties"].values())
    }
    known = {
        path.replace("{batch}", "{batch_id}").replace("63.05", "{region_code}") for path in LISTS_WITH_MOMENTS
    }
    assert with_moments - {"/api/v1/me/enrollments", "/api/v1/me/sessions"} == {
        f"/api/v1{path}" for path in known
    }
    batch = make.batch(zone="Asia/Jayapura")
    at = datetime(2026, 5, 24, 16, 30, 15, 123456, tzinfo=UTC)
    make.enrollment(batch, submitted_at=at)
    make.session(batch, cancelled_at=at)
    for path, field, said in (
        ("enrollments", "submitted_at", "25/05/2026 01:30"),
        ("sessions", "cancelled_at", "25/05/2026 01:30"),
    ):
        address = f"/batches/{batch.id}/{path}"
        assert dinas.send("GET", address, expect=200)["items"][0][field] == "2026-05-24T16:30:15.123456+00:00"
        lines = list(
            csv.DictReader(
                io.StringIO(dinas.send("GET", f"{address}?format=csv", expect=200).text[1:]), delimiter=";"
            )
        )
        assert lines[0][field] == said
        sheet = zipfile.ZipFile(
            io.BytesIO(dinas.send("GET", f"{address}?format=xlsx", expect=200).data)
        ).read("xl/worksheets/sheet1.xml")
        assert b"<v>46167.0625" in sheet, sheet
    target = make.target("63.05", withdrawn_at=at)
    for address, field in (("/coverage/63.05/targets", "withdrawn_at"),):
        lines = list(
            csv.DictReader(
                io.StringIO(dinas.send("GET", f"{address}?format=csv", expect=200).text[1:]), delimiter=";"
            )
        )
        assert lines[0][field] == "25/05/2026 00:30"
        assert lines[0]["starts_on"] == f"{target.starts_on:%d/%m/%Y}"
    make.curriculum(make.tier()).pass_mark = Decimal("72.50")
    database.session.commit()
    lines = list(
        csv.DictReader(
            io.StringIO(dinas.send("GET", "/curricula?format=csv", expect=200).text[1:]), delimiter=";"
        )
    )
    assert any(line["version"].isdecimal() for line in lines if line["pass_mark"] == "72,5")


def test_the_next_page_of_a_file_stands_in_its_header(make, dinas):
    for _number in range(3):
        make.trainee()
    answer = dinas.send("GET", "/trainees?format=csv&per_page=2", expect=200)
    assert answer.headers["Content-Disposition"] == 'attachment; filename="trainees.csv"'
    address = answer.headers["Link"].partition(">")[0].removeprefix("</api/v1")
    rest = dinas.send("GET", address, expect=200)
    assert len(rest.text.splitlines()) == 2
    assert "Link" not in rest.headers
    assert "\t63.05.06.2001" in rest.text


@pytest.mark.parametrize("number", ["1_0", "٥", "05", " 5", "+5", "5.0"])
def test_a_number_in_an_address_is_written_one_way(dinas, number):
    for name in ("per_page", "organiser"):
        problem = dinas.send("GET", f"/certificates?{name}={number.replace('+', '%2B')}", expect=422)
        assert problem["errors"]["query"][name] == ["Tulis bilangan bulat."]
