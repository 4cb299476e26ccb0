"""What is unknown says which kind of thing it is and where its list is; what belongs to others
says the same.
"""

import re

from app.api.description import operations
from app.api.unknown import KINDS
from app.web.errors import sentence_of

GUESS = {"region_code": "99.99", "day": "2026-01-01"}


def test_every_part_of_an_address_has_its_kind_and_a_list_that_there_is(app):
    addresses = {path.removeprefix("/api/v1/") for path, _method, _endpoint, _view in operations(app)}
    assert {name for path in addresses for name in re.findall(r"{(\w+)}", path)} - {"code"} == set(KINDS)
    assert {where for _what, where in KINDS.values()} <= addresses


def test_the_kind_and_its_list_are_named_in_every_operation(app, make, dinas):
    walked = 0
    for path, method, endpoint, _view in operations(app):
        names = re.findall(r"{(\w+)}", path)
        if not names or names == ["code"] or endpoint == "api.enroll":
            continue
        address = path.removeprefix("/api/v1").format(**{name: GUESS.get(name, 987654) for name in names})
        problem = dinas.send(method.upper(), address, expect=404)
        assert str(KINDS[names[0]][0]) in problem["detail"], path
        assert "Daftarnya: GET /api/v1/" in problem["detail"], path
        assert problem["detail"] != str(sentence_of(404, is_program=True)[1])
        walked += 1
    assert walked > 50


def test_foreign_and_unknown_read_the_same(make, dinas):
    foreign, stranger = make.batch(make.course(make.organiser("33.74"))), make.trainee(desa="63.03.01.2001")
    for path, row in (("/batches", foreign), ("/trainees", stranger)):
        answers = [dinas.send("GET", f"{path}/{each}", expect=404) for each in (row.id, 987654)]
        assert answers[0] == answers[1]
    batch = make.batch()
    part = dinas.send("GET", f"/batches/{batch.id}/sessions/987654", expect=404)
    assert "Sesi ini tidak ada" in part["detail"]
    body = dinas.send(
        "POST",
        "/hosts",
        expect=404,
        json={"organiser": 987654, "region": "63.05", "name": "A B", "kind": "panti", "visitors_per_day": 2},
    )
    assert "GET /api/v1/organisers" in body["detail"]
