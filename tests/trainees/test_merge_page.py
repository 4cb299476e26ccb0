"""The page that compares two records: what each box needs, what is not recorded, and what must be done before
they are merged.
"""

import pytest

from app.auth.rules import Role
from app.enrollments.rules import EnrollmentStatus


@pytest.fixture
def desk(make, browser):
    browser.sign_in(make.user(Role.KABUPATEN_DINAS))
    return browser


@pytest.mark.parametrize(
    ("typed", "box", "words"),
    [
        ({"canonical": "{id}", "duplicate": ""}, "duplicate", "Isi juga nomor data ini."),
        ({"canonical": "", "duplicate": "{id}"}, "canonical", "Isi juga nomor data ini."),
        (
            {"canonical": "{id}", "duplicate": "Siti Aminah"},
            "duplicate",
            "Isi dengan nomor data, bukan nama.",
        ),
        (
            {"canonical": "Siti Aminah", "duplicate": "nomor {id}"},
            "canonical",
            "Isi dengan nomor data, bukan nama.",
        ),
    ],
)
def test_the_box_that_lacks_a_number_says_so_with_a_way_on(make, desk, typed, box, words):
    person = make.trainee(name="Siti Aminah")
    page = desk.get(
        "trainees.merge_trainees",
        expect=422,
        **{name: text.format(id=person.id) for name, text in typed.items()},
    )
    (said,) = page.soup.select(".field-error")
    assert said["id"] == f"{box}-error"
    assert words in said.get_text()
    assert desk.get(said.select_one("a")["href"]).h1 == "PSM"
    assert [page.soup.find(id=name)["value"] for name in typed] == [
        text.format(id=person.id) for text in typed.values()
    ]


def test_what_is_not_recorded_is_said_in_words_beside_the_side_it_belongs_to(make, desk):
    kept, other = (
        make.trainee(name="Siti Aminah"),
        make.trainee(name="Siti Aminah", nik=None, birth_date=None, sex=None),
    )
    page = desk.get("trainees.merge_trainees", canonical=kept.id, duplicate=other.id)
    rows = {row.th.get_text(): row.select("td") for row in page.soup.select("tbody tr") if row.th}
    for name in ("Tanggal lahir", "Jenis kelamin"):
        assert rows[name][1].get_text(strip=True) == "belum tercatat"
        assert rows[name][0].get_text(strip=True) not in ("belum tercatat", "–", "")
    for cells in rows.values():
        assert [cell["data-label"] for cell in cells] == [
            f"Dipertahankan ({kept.id})",
            f"Data ganda ({other.id})",
        ]


def test_what_cannot_be_merged_yet_leads_to_what_comes_first_and_offers_no_form(make, desk):
    kept, other = make.trainee(name="Siti Aminah"), make.trainee(name="Siti Aminah", nik=None)
    pair = {"canonical": kept.id, "duplicate": other.id}
    assert desk.get("trainees.merge_trainees", **pair).soup.find(id="reason")
    batch = make.batch()
    for person in (kept, other):
        make.enrollment(batch, person, status=EnrollmentStatus.ACCEPTED)
    page = desk.get("trainees.merge_trainees", **pair)
    assert "Belum dapat digabungkan" in page.text
    assert not page.soup.find(id="reason")
    links = {link["href"] for link in page.soup.select("main a")}
    assert {f"/trainees/{kept.id}", f"/trainees/{other.id}"} <= links
    told = {"canonical_id": kept.id, "duplicate_id": other.id, "reason": "Orangnya sama menurut KTP"}
    again = desk.post("trainees.merge_trainees", expect=422, data=told)
    assert "Keduanya mempunyai tempat pada angkatan" in again.text
    assert not again.soup.find(id="reason")
