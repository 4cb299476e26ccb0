"""A program that says which version it read overwrites nothing that others have saved since; without one it
writes as it is told.
"""

import pytest

from app.api.versions import CHANGED
from app.courses.models import Batch, TrainingSession
from app.extensions import db as database
from app.fieldwork.models import Host
from app.trainees.models import Appointment, Trainee

# What somebody else changes meanwhile, and what the program changes: the same fact, then another one.
KINDS = {
    Batch: ("/batches/{id}", "venue", "Aula Baru", "Aula Lain", {"contact_name": "Ibu Sri"}),
    Host: ("/hosts/{id}", "address", "Jalan Baru 1", "Jalan Lain 2", {"phone": "(0517) 31234"}),
    TrainingSession: (
        "/batches/{batch_id}/sessions/{id}",
        "place",
        "Aula Kecil",
        "Aula Besar",
        {"title": "Judul baru"},
    ),
    Appointment: ("/appointments/{id}", "signer_name", "Bupati Tapin", "Wakil Bupati", {"number": "100/7"}),
    Trainee: ("/trainees/{id}", "birth_place", "Marabahan", "Rantau", {"address": "Jalan Mawar 1"}),
}


@pytest.fixture
def rows(make):
    batch = make.batch()
    return {
        Batch: batch,
        Host: make.host(),
        Appointment: make.appointment(),
        TrainingSession: make.session(batch, lesson_hours=0),
        Trainee: make.trainee(),
    }


@pytest.mark.parametrize("method", ["PATCH", "PUT"])
@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_who_read_an_older_version_is_told_both_values(rows, dinas, kind, method):
    if method == "PUT" and kind is not Trainee:
        return
    row, (path, name, theirs, mine, other) = rows[kind], KINDS[kind]
    path = path.format(id=row.id, batch_id=getattr(row, "batch_id", ""))
    read = dinas.send("GET", path, expect=200)
    dinas.send(method, path, expect=200, json={name: theirs})

    problem = dinas.send(method, path, expect=409, json={name: mine, "version": read["version"]})
    assert name in problem["detail"]
    assert problem["errors"]["json"][name] == [f"Kini tersimpan “{theirs}”, Anda mengirim “{mine}”."]
    database.session.refresh(row)
    assert getattr(row, name) == theirs

    changed = dinas.send(method, path, expect=200, json={**other, "version": read["version"]})
    assert changed[name] == theirs
    assert (
        dinas.send(method, path, expect=200, json={name: mine, "version": changed["version"]})[name] == mine
    )
    assert dinas.send(method, path, expect=200, json={name: theirs})[name] == theirs
    assert "bukan dari jawaban" in str(
        dinas.send(method, path, expect=422, json={**other, "version": "ngawur"})
    )


def test_a_pass_mark_of_another_hand_is_not_overwritten(make, dinas):
    course = make.course()
    path, version = (
        f"/courses/{course.id}/pass-mark",
        dinas.send("GET", f"/courses/{course.id}", expect=200)["version"],
    )
    first = dinas.send(
        "PUT", path, expect=200, json={"pass_mark": 60, "reason": "Keputusan rapat", "version": version}
    )
    late = {"pass_mark": 70, "reason": "Keputusan lain", "version": version}
    said = dinas.send("PUT", path, expect=409, json=late)["errors"]["json"]["pass_mark"]
    assert said == ["Kini tersimpan “60.00”, Anda mengirim “70.00”."]
    assert (
        dinas.send("PUT", path, expect=200, json={**late, "version": first["version"]})["pass_mark"]
        == "70.00"
    )


def test_another_nik_of_another_hand_is_not_overwritten_and_shows_its_place_alone(make, dinas):
    trainee = make.trainee()
    path, niks = f"/trainees/{trainee.id}", ("6305064101859801", "6305064101859802")
    version = dinas.send("GET", path, expect=200)["version"]
    dinas.send("PATCH", path, expect=200, json={"nik": niks[0]})
    said = dinas.send("PATCH", path, expect=409, json={"nik": niks[1], "version": version})["errors"]["json"][
        "nik"
    ]
    assert said == [f"Kini tersimpan “{niks[0][:4]}************”, Anda mengirim “{niks[1]}”."]
    assert database.session.get_one(Trainee, trainee.id).nik == niks[0]


def test_what_was_read_written_back_whole_does_not_undo_others(make, dinas):
    person = make.trainee()
    read = dinas.send("GET", f"/trainees/{person.id}", expect=200)
    dinas.send("PATCH", f"/trainees/{person.id}", expect=200, json={"birth_place": "Marabahan"})
    whole = {name: value for name, value in read.items() if name not in ("id", "status", "merged_into")}
    assert (
        "birth_place" in dinas.send("PUT", f"/trainees/{person.id}", expect=409, json=whole)["errors"]["json"]
    )


def test_a_version_gives_no_number_away():
    assert ("nik", "nik_index") in CHANGED[Trainee]
    assert all(column != "nik" for columns in CHANGED.values() for _name, column in columns)
