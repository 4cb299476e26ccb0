"""Every page with a list gives it as a file: its rows, its words, its filter, to whoever may read the page
and to nobody else.
"""

import io
import zipfile
from datetime import date

import pytest
from sqlalchemy import insert

from app.assessment.importing import read_pasted
from app.assessment.rules import MarkKind
from app.attendance.rules import Presence
from app.auth.rules import Role
from app.core import pages
from app.core.names import fold_name
from app.courses.rules import BatchStatus
from app.enrollments.rules import EnrollmentStatus
from app.sheets import document
from app.trainees.models import Trainee
from app.trainees.rules import TraineeStatus
from tests.sheets.test_document import read_csv, read_xlsx

OF_PEOPLE, OF_BATCH = (
    ("trainees.list_trainees", "certificates.list_register"),
    (
        "enrollments.list_enrollments",
        "attendance.show_attendance",
        "assessment.show_graduation",
        "certificates.list_certificates",
    ),
)
TABLES = {  # how the caption of the list begins, None for all tables of the page
    "trainees.list_trainees": "PSM dan calon",
    "certificates.list_register": "Yang terakhir",
    "enrollments.list_enrollments": ("Mendapat tempat", "Menunggu", "Cadangan", "Dikembalikan"),
    "attendance.show_attendance": "Rekap kehadiran",
    "assessment.show_graduation": "6 peserta",
    "certificates.list_certificates": "Sertifikat yang sudah terbit",
}
HOSTILE = ['=HYPERLINK("http://x")', "+62 Aluh", "-1+1", "@SUM(A1)", 'Ida; "Galuh"', "Siti Aminah"]
KINDS = ["csv", "xlsx"]


@pytest.fixture
def diklat(make):
    """A batch with one JP morning, six people of whom all have a mark and a certificate, and one who asks."""
    batch = make.batch(status=BatchStatus.RUNNING, starts_on=date(2011, 5, 24), ends_on=date(2011, 5, 27))
    session = make.session(batch, held_on=date(2011, 5, 24))
    for number, name in enumerate(HOSTILE):
        person = make.attendee(batch, make.trainee(name=name))
        make.attendance(session, person, Presence.SICK if number else Presence.PRESENT)
        make.mark(person, "72.5")
        make.certificate(person)
    make.enrollment(
        batch,
        make.trainee(name="Yang Menunggu", status=TraineeStatus.CANDIDATE),
        status=EnrollmentStatus.SUBMITTED,
    )
    return batch


@pytest.fixture
def dinas(make, browser, monkeypatch):
    """The dinas, whose pages and files turn over after two rows."""
    monkeypatch.setattr(pages, "PER_PAGE", 2)
    monkeypatch.setattr(document, "MOST_PER_PAGE", 2)
    browser.sign_in(make.user(Role.KABUPATEN_DINAS))
    return browser


def at(endpoint, batch):
    return {"batch_id": batch.id} if endpoint in OF_BATCH else {}


def rows_of_page(browser, endpoint, **asked):
    """Return the names on the page and on those behind it, without what stands around a name."""
    found, page = [], browser.get(endpoint, **asked)
    while page:
        for table in page.soup.select("main table"):
            if table.caption.get_text(strip=True).startswith(TABLES[endpoint]):
                found += [row.select_one("a, th").get_text(strip=True) for row in table.select("tbody tr")]
        following = page.soup.select_one("a[rel=next]")
        page = browser.get(following["href"]) if following else None
    return [name.split(". ", 1)[-1] for name in found] if endpoint == "assessment.show_graduation" else found


def file_of(browser, endpoint, kind, **asked):
    """Return the lines of a file as {heading: cell}, cells as they were written."""
    content = browser.get(endpoint, format=kind, **asked).response
    assert content.headers["Content-Disposition"].endswith(f'.{kind}"')
    if kind == "csv":
        headings, *lines = read_csv(content.text)
    else:
        headings, *lines = [[text for _kind, text in line] for line in read_xlsx(content.data)]
    return [dict(zip(headings, line, strict=True)) for line in lines]


def written(name, kind):
    return f"'{name}" if kind == "csv" and name.startswith(document.BEGINS_A_FORMULA) else name


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("endpoint", TABLES)
def test_the_file_has_the_rows_of_the_page_in_their_order(dinas, diklat, endpoint, kind):
    column = "Nomor" if endpoint == "certificates.list_register" else "Nama"
    shown = rows_of_page(dinas, endpoint, **at(endpoint, diklat))
    assert (
        len(shown) == 7
        if endpoint in ("trainees.list_trainees", "enrollments.list_enrollments")
        else len(shown) == 6
    )
    found = file_of(dinas, endpoint, kind, **at(endpoint, diklat))
    assert [line[column] for line in found] == [written(name, kind) for name in shown]
    assert {line["Nama"] for line in found} >= {written(name, kind) for name in HOSTILE}


@pytest.mark.parametrize("endpoint", TABLES)
def test_the_page_leads_to_both_files_where_it_ends(dinas, diklat, endpoint):
    page = dinas.get(endpoint, **at(endpoint, diklat))
    links = {link.text: link["href"] for link in page.soup.select(".downloads a")}
    assert list(links) == ["Unduh Excel", "Unduh CSV"]
    for link in links.values():
        assert "attachment" in dinas.get(link).response.headers["Content-Disposition"]
    dinas.get(endpoint, format="exe", expect=404, **at(endpoint, diklat))


@pytest.mark.parametrize(
    ("endpoint", "asked", "names"),
    [
        ("trainees.list_trainees", {"words": "aluh"}, ["'+62 Aluh"]),
        ("trainees.list_trainees", {"status": "candidate"}, ["Yang Menunggu"]),
        ("trainees.list_trainees", {"region": "63.05.08"}, []),
        ("certificates.list_register", {"number": "ZZZ"}, []),
    ],
)
def test_the_filter_of_the_page_holds_for_the_file(dinas, diklat, endpoint, asked, names):
    page = dinas.get(endpoint, after="x", **asked)
    link = page.soup.select(".downloads a")[1]["href"]
    assert "after" not in link
    _headings, *lines = read_csv(dinas.get(link).response.text)
    assert [line[0] for line in lines] == names


def test_a_number_of_a_certificate_narrows_the_register(dinas, diklat):
    number = file_of(dinas, "certificates.list_register", "csv")[0]["Nomor"]
    assert [line["Nomor"] for line in file_of(dinas, "certificates.list_register", "csv", number=number)] == [
        number
    ]


def test_a_file_says_what_it_holds_in_its_name(dinas, diklat):
    def name(endpoint, **asked):
        return (
            dinas.get(endpoint, format="csv", **asked).response.headers["Content-Disposition"].split('"')[1]
        )

    assert name("trainees.list_trainees", status="candidate", region="63.05.06").startswith(
        "psm-kecamatan-candi-laras-utara-calon-psm-2"
    )
    assert "Aluh" not in name("trainees.list_trainees", words="Aluh")
    for endpoint, begins in zip(
        OF_BATCH, ("peserta", "kehadiran", "nilai-kelulusan", "sertifikat"), strict=True
    ):
        assert name(endpoint, batch_id=diklat.id).startswith(f"{begins}-{diklat.code}-2")


@pytest.mark.parametrize("kind", KINDS)
def test_days_are_days_and_marks_are_numbers(dinas, diklat, kind):
    line = file_of(dinas, "certificates.list_register", kind)[0]
    assert line["Ditetapkan"] == {"csv": "27/05/2011", "xlsx": "40690"}[kind]
    marked = file_of(dinas, "assessment.show_graduation", kind, batch_id=diklat.id)[0]
    assert marked["Nilai akhir"] == {"csv": "72,5", "xlsx": "72.5"}[kind]
    there = file_of(dinas, "attendance.show_attendance", kind, batch_id=diklat.id)
    assert [line["Selasa, 24 Mei 2011, pagi"] for line in there if line["JP diikuti"] == "2"] == ["Hadir"]
    assert {line["Selasa, 24 Mei 2011, pagi"] for line in there if line["JP diikuti"] == "0"} == {"Sakit"}
    assert "Kurang dari syarat kehadiran" in {line["Keterangan"] for line in there}


def test_in_an_xlsx_figures_are_no_texts_and_texts_no_formulas(dinas, diklat):
    for endpoint in TABLES:
        content = dinas.get(endpoint, format="xlsx", **at(endpoint, diklat)).response.data
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            assert b"<f>" not in packed.read("xl/worksheets/sheet1.xml")
    _headings, line, *_rest = read_xlsx(
        dinas.get("assessment.show_graduation", format="xlsx", batch_id=diklat.id).response.data
    )
    assert ("n", "72.5") in line


def test_no_file_holds_a_nik_in_clear(dinas, diklat, make):
    person = make.trainee(name="Aluh")
    line = file_of(dinas, "trainees.list_trainees", "csv", words="Aluh")[-1]
    assert line["NIK"] == person.nik_masked
    for endpoint in TABLES:
        for kind in KINDS:
            assert person.nik not in str(file_of(dinas, endpoint, kind, **at(endpoint, diklat)))


ALL = {*OF_PEOPLE, *OF_BATCH}
READS = (  # role, where, what is read
    (Role.KABUPATEN_DINAS, "63.05", ALL),
    (Role.COMMITTEE, "63.05", ALL),
    (Role.PROVINSI_DINAS, "63", ALL),
    (Role.TKSK, "63.05.06", {*OF_PEOPLE}),
    (Role.IPSM_OFFICER, "63.05", {"trainees.list_trainees"}),
    (Role.KABUPATEN_DINAS, "33.74", {*OF_PEOPLE}),
    (Role.ADMINISTRATOR, "63.05", set()),
)


@pytest.mark.parametrize(
    ("role", "region", "read"), READS, ids=lambda each: str(each) if isinstance(each, str) else ""
)
def test_the_file_is_for_whoever_reads_the_page(make, browser, diklat, role, region, read):
    browser.sign_in(make.user(role, region))
    for endpoint in sorted(ALL):
        expect = 200 if endpoint in read else 404
        browser.get(endpoint, expect=expect, **at(endpoint, diklat))
        for kind in KINDS:
            browser.get(endpoint, format=kind, expect=expect, **at(endpoint, diklat))
    if region == "33.74":
        for endpoint in OF_PEOPLE:
            assert file_of(browser, endpoint, "csv") == []
    browser.sign_out()
    browser.get("trainees.list_trainees", format="csv", expect=302)


@pytest.mark.parametrize("endpoint", TABLES)
def test_before_anything_is_recorded_there_is_a_file_with_its_headings(make, dinas, endpoint):
    batch = make.batch()
    for kind in KINDS:
        content = dinas.get(endpoint, format=kind, **at(endpoint, batch)).response
        lines = read_csv(content.text) if kind == "csv" else read_xlsx(content.data)
        assert len(lines) == 1
        assert len(lines[0]) > 3
    assert len(dinas.get(endpoint, **at(endpoint, batch)).soup.select(".downloads a")) == 2


def test_five_thousand_people_are_one_file(make, browser, db, count_queries):
    place = make.region("63.05.06.2001")
    names = [f"Warga {number:05}" for number in range(5000)]
    fixed = {"status": TraineeStatus.ACTIVE, "duty_region_id": place.id}
    db.session.execute(
        insert(Trainee), [{"name": each, "folded_name": fold_name(each), **fixed} for each in names]
    )
    db.session.commit()
    browser.sign_in(make.user(Role.KABUPATEN_DINAS))
    for kind in KINDS:
        with count_queries() as counted:
            found = file_of(browser, "trainees.list_trainees", kind)
        assert [line["Nama"] for line in found] == names
        assert counted() < 5 * 5000 / pages.MOST_PER_PAGE


def test_a_list_that_is_too_long_is_refused_with_a_way_on(dinas, diklat, monkeypatch):
    monkeypatch.setattr(document, "MOST_LINES", 6)
    page = dinas.get("trainees.list_trainees", format="csv", expect=422)
    assert "lebih dari 6 baris" in page.text
    assert "persempit dengan saringan" in page.text
    assert len(file_of(dinas, "certificates.list_register", "csv")) == 6


# what is taken home comes back


@pytest.fixture
def graded(make):
    """A batch whose meeting has not sat: people of hostile and of equal names, of whom not all
    have a mark.
    """
    batch = make.batch(status=BatchStatus.RUNNING, starts_on=date(2011, 5, 24), ends_on=date(2011, 5, 27))
    session = make.session(batch, held_on=date(2011, 5, 24))
    people = [
        make.attendee(batch, make.trainee(name=name))
        for name in [*HOSTILE, "Siti Aminah", "Drs. H. Ghani, M.Si."]
    ]
    for number, person in enumerate(people):
        make.attendance(session, person)
        make.mark(person, number + 1, MarkKind.PRETEST)
        if number % 2 or person.name == "Siti Aminah":
            make.mark(person, f"{70 + number}.5")
    return batch, people


def copied(browser, batch, kind):
    """Return the file as it comes out of the clipboard of an Indonesian Excel, or as a text editor shows a
    CSV.
    """
    content = browser.get("assessment.show_graduation", format=kind, batch_id=batch.id).response
    if kind == "csv":
        return content.text[1:]
    lines = read_xlsx(content.data)
    return "\n".join(
        "\t".join(text.replace(".", ",") if cell == "n" else text for cell, text in line) for line in lines
    )


def pasted(browser, batch, text, kind="final", expect=200):
    page = browser.post(
        "assessment.check_marks", batch_id=batch.id, data={"kind": kind, "text": text}, expect=expect
    )
    fields = page.soup.select("input[name^=mark_]")
    return page, {int(each["name"].removeprefix("mark_")): each["value"] for each in fields}


@pytest.mark.parametrize("kind", KINDS)
def test_the_file_of_marks_can_be_pasted_back_as_it_is(dinas, graded, kind):
    batch, people = graded
    text = copied(dinas, batch, kind)
    _page, marks = pasted(dinas, batch, text)
    odd = {
        person.id: f"{70 + n},5" for n, person in enumerate(people) if n % 2 or person.name == "Siti Aminah"
    }
    assert marks == odd
    assert pasted(dinas, batch, text, "pretest")[1] == {
        person.id: str(n) for n, person in enumerate(people, start=1)
    }


def test_what_was_filled_in_is_read_and_a_kind_that_the_file_has_not_is_refused(dinas, graded):
    batch, people = graded
    lines = [line.split("\t") for line in copied(dinas, batch, "xlsx").splitlines()]
    place = lines[0].index("Nilai akhir")
    for line in lines[1:]:
        line[place] = "81"
    text = "\n".join("\t".join(line) for line in lines)
    assert pasted(dinas, batch, text)[1] == {person.id: "81" for person in people}
    page, marks = pasted(dinas, batch, text, "posttest", expect=422)
    assert "Tidak ada kolom “Post-test”; yang ada: Pre-test, Nilai akhir." in page.text
    assert marks == {}


@pytest.mark.parametrize("endpoint", [each for each in OF_BATCH if each != "assessment.show_graduation"])
def test_the_file_of_another_page_is_no_table_of_marks(dinas, graded, endpoint):
    batch, _people = graded
    text = dinas.get(endpoint, format="csv", batch_id=batch.id).response.text[1:]
    page, marks = pasted(dinas, batch, text, expect=422)
    assert marks == {}
    assert page.errors


def test_two_people_of_one_name_are_not_mixed_up_when_somebody_left_meanwhile(dinas, graded, db):
    batch, people = graded
    lines = copied(dinas, batch, "xlsx").splitlines()
    first = next(person for person in people if person.name == HOSTILE[2])
    first.left_at = first.joined_at
    db.session.commit()
    kept = [line for line in lines if HOSTILE[2] not in line]
    page, marks = pasted(dinas, batch, "\n".join(kept), expect=422)
    assert "nomor baris pada tabel ini tidak sama lagi" in page.text
    assert marks == {}


def test_marks_that_are_settled_may_stand_in_the_table_as_they_are():
    text = "No.\tNama\tNilai akhir\n1\tAluh\t80\n2\tGaluh\t70"
    people = [(11, "Aluh"), (12, "Galuh")]
    read = read_pasted(text, people, kind=MarkKind.FINAL, closed={11}, kept={11: 80})
    assert (read.errors, read.values) == ([], {12: 70})
    [(_line, said)] = read_pasted(text, people, kind=MarkKind.FINAL, closed={11}, kept={11: 81}).errors
    assert "sudah disetujui" in str(said)
