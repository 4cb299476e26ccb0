"""flask audit."""

import json

import pytest
from sqlalchemy import delete

from app.audit import services
from app.audit.models import Event
from app.core.actor import SYSTEM
from app.core.unit_of_work import atomic


@pytest.fixture
def run(app, db):
    return lambda *words: app.test_cli_runner().invoke(args=["audit", *words])


def record(count):
    for n in range(count):
        with atomic():
            services.record(f"thing.done{n}", None, by=SYSTEM, note="rahasia", person_id=5)
    services.chain_pending()


def test_a_whole_chain_is_0(run):
    record(3)
    outcome = run("verify", "--json")
    assert outcome.exit_code == 0
    assert json.loads(outcome.stdout) == {"entries": 3, "ok": True, "first_bad": None, "pending": 0}
    assert run("verify").stdout == "3 catatan terangkai, 0 menunggu.\nRantai audit utuh.\n"


def test_a_changed_chain_is_1_and_says_where(run, db):
    record(3)
    db.session.execute(delete(Event).where(Event.sequence == 2))
    db.session.commit()
    outcome = run("verify", "--json")
    assert outcome.exit_code == 1
    assert json.loads(outcome.stdout) == {"entries": 2, "ok": False, "first_bad": 2, "pending": 0}
    assert outcome.stderr == "Rantai audit tidak utuh mulai catatan ke-2.\n"


def test_a_checkpoint_is_written_and_held_against_the_chain(run, tmp_path):
    record(3)
    out = tmp_path / "checkpoint.json"
    assert run("checkpoint", "--out", str(out)).exit_code == 0
    made = json.loads(out.read_text())
    assert (made["sequence"], len(made["digest"])) == (3, 64)
    assert [path.name for path in tmp_path.iterdir()] == ["checkpoint.json"]
    record(1)
    assert run("verify", "--checkpoint", str(out)).exit_code == 0
    out.write_text(json.dumps(made | {"digest": "0" * 64}))
    assert run("verify", "--checkpoint", str(out)).exit_code == 1


def test_a_checkpoint_without_a_file_is_printed(run):
    assert json.loads(run("checkpoint").stdout)["sequence"] == 0


def test_a_place_that_cannot_be_written_is_said(run, tmp_path):
    outcome = run("checkpoint", "--out", str(tmp_path / "none" / "checkpoint.json"))
    assert outcome.exit_code == 1
    assert "tidak dapat ditulis" in outcome.stderr


@pytest.mark.parametrize("content", [b"{", b"[]", b"{}", b"\xff"])
def test_what_is_no_checkpoint_is_refused(run, tmp_path, content):
    path = tmp_path / "x.json"
    path.write_bytes(content)
    outcome = run("verify", "--checkpoint", str(path))
    assert (outcome.exit_code, outcome.stderr) == (1, "Berkas ini bukan titik periksa rantai audit.\n")


def test_wrong_use_is_2(run, tmp_path):
    assert run("verify", "--checkpoint", str(tmp_path / "none")).exit_code == 2
    assert run("unknown").exit_code == 2


def test_the_list_shows_the_newest_first_and_no_details(run):
    record(3)
    outcome = run("list", "--json", "--per-page", "2")
    said = json.loads(outcome.stdout)
    assert [row["action"] for row in said["events"]] == ["thing.done2", "thing.done1"]
    assert "rahasia" not in outcome.stdout
    more = json.loads(run("list", "--json", "--after", said["next"]).stdout)
    assert [row["action"] for row in more["events"]] == ["thing.done0"]
    assert more["next"] is None
    assert "thing.done0" in run("list").stdout
    assert json.loads(run("list", "--json", "--since", "2999-01-01").stdout)["events"] == []
    assert len(json.loads(run("list", "--json", "--action", "thing").stdout)["events"]) == 3
    assert json.loads(run("list", "--json", "--action", "thin").stdout)["events"] == []


def test_the_list_is_in_words_as_the_page_of_the_history(run, make):
    region, person = make.region("63.05"), make.trainee(name="Aminah")
    with atomic():
        services.record("trainee.moved", person, by=SYSTEM)
        services.record(
            "region.imported",
            region,
            by=SYSTEM,
            details={"added": [["63.05.08.2030", "Batu Laki"]], "changed": [], "removed": []},
        )
    newest, earlier = run("list").stdout.splitlines()
    assert "WIB  sistem  memindahkan tempat tugas [trainee.moved]  orang Aminah" in earlier
    assert newest.endswith("wilayah Kabupaten Tapin  Ditambah: Desa Batu Laki (63.05.08.2030).")
