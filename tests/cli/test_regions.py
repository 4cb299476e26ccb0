"""flask regions import."""

import json

import pytest
from sqlalchemy import select

from app.audit.models import Event
from tests import regions_for_tests


@pytest.fixture
def run(app, db):
    return lambda *words: app.test_cli_runner().invoke(args=["regions", "import", *words])


@pytest.fixture
def source(tmp_path):
    """Return a function that writes rows as a CSV."""

    def write(rows, heading="code,name\n"):
        path = tmp_path / "regions.csv"
        path.write_text(heading + "".join(f'{code},"{name}"\n' for code, name in rows), encoding="utf-8-sig")
        return str(path)

    return write


def test_a_file_is_taken_over_and_the_difference_is_said(run, source, db):
    rows = [*regions_for_tests.rows(), ("63.05.13", "Piani Hulu")]
    outcome = run("--source", source(rows), "--json")
    assert outcome.exit_code == 0
    said = json.loads(outcome.stdout)
    assert (said["added"], said["changed"], said["removed"], said["levels"]["nation"]) == (1, 0, 0, 1)
    assert set(said["levels"]) == {"nation", "provinsi", "kabupaten", "kecamatan", "desa"}
    assert db.session.scalars(select(Event)).one().actor_label == "sistem"


def test_a_second_run_changes_nothing(run, source):
    outcome = run("--source", source(regions_for_tests.rows(), heading=""))
    assert outcome.exit_code == 0
    assert outcome.stdout.splitlines()[0] == "0 ditambah, 0 diubah, 0 tidak berlaku lagi."


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "Sumber wilayah kosong."),
        (b"code,name\n63\n", "Baris 1 tidak mempunyai kode dan nama."),
        (
            b"kode;nama\n63;Kalsel\n",
            (
                "Daftar ini tidak memuat 275 dari 277 wilayah yang berlaku. Impor memerlukan daftar wilayah"
                " seluruhnya, bukan hanya yang berubah atau satu daerah: ubah daftar lengkapnya, lalu impor"
                " lagi. Tidak ada yang diubah."
            ),
        ),
        (
            b"code,name\n63,Kalsel\n63.05.08,Piani\n",
            (
                "Wilayah 63.05.08 tidak mempunyai induk 63.05 dalam sumber. "
                "Impor memerlukan daftar wilayah seluruhnya, dari provinsi sampai desa/kelurahan."
            ),
        ),
        (b"\xff\xfe63", "Berkas sumber bukan CSV dalam UTF-8. Di Excel, simpan sebagai CSV UTF-8."),
    ],
)
def test_a_file_that_is_no_list_is_refused_with_a_sentence(run, tmp_path, content, says):
    path = tmp_path / "x.csv"
    path.write_bytes(content)
    outcome = run("--source", str(path), "--json")
    assert (outcome.exit_code, outcome.stdout, outcome.stderr) == (1, "", says + "\n")


def test_a_file_of_an_indonesian_excel_is_read(run, tmp_path):
    path = tmp_path / "wilayah.csv"
    rows = [*regions_for_tests.rows(), ("63.05.08.2030", "Batu Ampar, Hulu")]
    path.write_text(
        "kode;nama\n" + "".join(f'{code};"{name}"\n' for code, name in rows), encoding="utf-8-sig"
    )
    outcome = run("--source", str(path))
    assert outcome.exit_code == 0, outcome.stderr
    assert "  Desa Batu Ampar, Hulu (63.05.08.2030)" in outcome.stdout.splitlines()


def test_a_file_that_is_not_there_is_wrong_use(run):
    assert run("--source", "/no/such/file").exit_code == 2
