"""The layout an office has set reaches the next certificate, its preview and an invented one; what is issued
keeps its own.
"""

import io

import pytest
from PIL import Image

from app.auth.rules import Role
from app.certificates import delivery, planning, services
from app.certificates.document import certificate_pdf, printed_lines
from app.core import clock
from app.core.actor import SYSTEM
from app.organisers.rules import Orientation, SecondSigner, SheetLayout
from app.organisers.services import set_sheet
from tests.certificates.conftest import CLOSING
from tests.factories import SEMARANG
from tests.pdf import A4, page_sizes

STANDING = SheetLayout(Orientation.PORTRAIT, SecondSigner.FRONT, photo=True)
ADDRESS = "https://bekal.example.go.id/V/ABCDEFGHJKLMN"


def size_of(answer):
    """Return width and height of a picture."""
    return Image.open(io.BytesIO(answer.data)).size


def test_a_new_certificate_is_laid_out_as_the_office_has_set(graduated):
    batch = graduated("Aminah")
    set_sheet(batch.course.organiser, STANDING, by=SYSTEM)

    [certificate] = services.issue_for_batch(batch, issued_on=CLOSING, by=SYSTEM).issued

    assert certificate.facts["layout"] == {
        "design": 3,
        "orientation": "portrait",
        "second_signer": "front",
        "photo": True,
        "wording": 2,
    }
    assert certificate.facts["tier_rank"] == batch.course.tier.rank
    assert page_sizes(certificate_pdf(certificate.facts, address=ADDRESS)) == [A4, A4]


def test_an_issued_sheet_keeps_its_layout_for_ever(issued):
    [certificate] = issued("Aminah")
    facts, drawn = dict(certificate.facts), certificate_pdf(certificate.facts, address=ADDRESS)
    before = delivery.sheet_pdf(certificate, base_url="https://bekal.example.go.id")

    set_sheet(certificate.batch.course.organiser, STANDING, by=SYSTEM)

    assert delivery.sheet_pdf(certificate, base_url="https://bekal.example.go.id") == before
    new = services.replace_certificate(
        certificate, reason="Ejaan", issued_on=clock.today(certificate.batch.zone), by=SYSTEM
    )
    assert new.facts["layout"]["orientation"] == "portrait"
    assert certificate.facts == facts
    assert (
        certificate_pdf(certificate.facts, address=ADDRESS) == drawn
    )  # what is served bears the mark of the replacement


@pytest.mark.parametrize(
    ("where", "printed"), [(SecondSigner.BACK, True), (SecondSigner.FRONT, True), (SecondSigner.NONE, False)]
)
def test_the_second_signer_is_printed_where_the_office_wants(graduated, where, printed):
    batch = graduated("Aminah")
    set_sheet(batch.course.organiser, SheetLayout(second_signer=where), by=SYSTEM)

    [draft] = services.plan_issue(batch, CLOSING).ready

    assert (draft.facts["second_signer"] is not None) is printed
    assert ("H. Syamsul, S.Sos." in printed_lines(draft.facts)) is printed


@pytest.fixture
def organiser(make):
    return make.organiser("63.05")


@pytest.fixture
def dinas(make, browser):
    browser.sign_in(make.user(Role.KABUPATEN_DINAS, "63.05"))


@pytest.mark.parametrize(
    ("asked", "lies"),
    [({}, True), ({"orientation": "portrait"}, False), ({"orientation": "askew", "page": "2"}, True)],
)
def test_an_invented_certificate_shows_the_layout(organiser, browser, dinas, asked, lies):
    answer = browser.get(
        "certificates.draw_sample", organiser_id=organiser.id, size="small", **asked
    ).response

    assert answer.content_type == "image/png"
    width, height = size_of(answer)
    assert (width > height) is lies


def test_what_is_not_asked_for_is_as_the_office_has_set(organiser, browser, dinas):
    plain = browser.get("certificates.draw_sample", organiser_id=organiser.id, size="small").response.data
    set_sheet(organiser, STANDING, by=SYSTEM)

    as_set = browser.get("certificates.draw_sample", organiser_id=organiser.id, size="small").response
    without_photo = browser.get(
        "certificates.draw_sample", organiser_id=organiser.id, size="small", photo="0"
    ).response

    assert as_set.data != plain
    assert size_of(as_set)[0] < size_of(as_set)[1]
    assert without_photo.data != as_set.data
    assert (
        size_of(browser.get("certificates.draw_sample", organiser_id=organiser.id).response)[0]
        > 2 * size_of(as_set)[0]
    )


def test_the_small_ones_weigh_little_and_are_not_sent_again(organiser, browser, dinas):
    answers = [
        browser.get("certificates.draw_sample", organiser_id=organiser.id, size="small", page=page).response
        for page in (1, 2)
    ]

    assert sum(len(answer.data) for answer in answers) < 70_000
    assert {answer.headers["Cache-Control"] for answer in answers} == {"private, no-cache"}
    again = browser.client.get(
        answers[0].request.path + "?size=small&page=1", headers={"If-None-Match": answers[0].headers["ETag"]}
    )
    assert again.status_code == 304


def test_the_invented_one_names_nobody_but_the_office_and_who_signs(make, organiser, browser, dinas):
    trainee = make.trainee(name="Aminah")
    facts = planning.sample_facts(organiser, STANDING, clock.today("Asia/Makassar"))
    lines = " ".join(printed_lines(facts))

    assert trainee.name not in lines
    assert "Nama Peserta Contoh" in lines
    assert "DINAS SOSIAL KABUPATEN TAPIN" in lines
    assert "Dra. Rusmini, M.Si." in lines


def test_an_office_without_a_name_has_no_sheet_to_show(make, db, browser, dinas, organiser):
    for name in db.session.query(type(planning.name_on(organiser, CLOSING))).all():
        db.session.delete(name)
    db.session.commit()

    browser.get("certificates.draw_sample", organiser_id=organiser.id, expect=404)
    browser.get("organisers.show_organiser", organiser_id=organiser.id)


def test_the_sheet_of_a_foreign_office_is_an_unknown_address(make, organiser, browser):
    browser.sign_in(make.user(Role.KABUPATEN_DINAS, SEMARANG))

    browser.get("certificates.draw_sample", organiser_id=organiser.id, expect=404)
