"""What the public check lists is what the sheet prints, and the other way round, for every kind of sheet that
there is.
"""

import copy
from itertools import product
from typing import Any

import pytest

from app.certificates import services
from app.certificates.document import certificate_pdf, facts_digest, printed_facts, printed_lines
from app.certificates.routes.wording import rows_of
from app.core.actor import SYSTEM
from tests.certificates.conftest import CLOSING
from tests.certificates.test_document import ADDRESS, FACTS, LONG_LINES, SHORT_LINES
from tests.pdf import needs, spaced, text_of, tools

SIGNERS = {
    "one": {"second_signer": None},
    "on the back": {},
    "in front": {"second_signer": FACTS["second_signer"]},
}
PRIVATE = {"birth_place", "birth_date"}  # printed, and told to nobody
DRAWN = {"tier_rank"}  # the steps; their word is tier_label


def _sheet(design: int, wording: int | None, kind: str, signers: str, known: str) -> dict[str, Any]:
    layout: dict[str, Any] = {"orientation": "landscape", "design": design}
    if wording is not None:
        layout["wording"] = wording
    if design == 1:
        del layout["design"]
    if signers == "in front" and design != 1:
        layout["second_signer"] = "front"
    facts = {**copy.deepcopy(FACTS), **{"all": {}, "long": LONG_LINES, "little": SHORT_LINES}[known]}
    facts |= {
        "kind": kind,
        "layout": layout,
        **(SIGNERS[signers] if known != "little" else {"second_signer": None}),
    }
    if design == 1:
        del facts["tier_rank"]
    if kind == "participation":
        facts["grade"] = None
    return facts


SHEETS = {
    f"design {design}, wording {wording}, {kind}, {signers}, {known}": _sheet(
        design, wording, kind, signers, known
    )
    for (design, wording), kind, signers, known in product(
        ((1, None), (2, None), (2, 2)), ("completion", "participation"), SIGNERS, ("all", "long", "little")
    )
}
SHEETS |= {
    f"tier {rank}": {**copy.deepcopy(FACTS), "tier_rank": rank, "tier_label": name}
    for rank, name in ((2, "Madya"), (3, "Pratama"))
}


def leaves(value: Any, path: tuple = ()) -> list[tuple]:
    """Return the path of every single value of a frozen copy."""
    if isinstance(value, dict):
        return [found for key in value for found in leaves(value[key], (*path, key))]
    if isinstance(value, list):
        return [found for number, each in enumerate(value) for found in leaves(each, (*path, number))]
    return [path]


def another(path: tuple, value: Any) -> Any:
    """Return another value of the same sort."""
    if path[-1] == "kind":
        return "participation" if value == "completion" else "completion"
    if path[-1] in ("birth_date", "starts_on", "issued_on"):
        return "2010-01-05"
    if path[-1] == "ends_on":
        return "2019-12-31"
    return value + 1 if isinstance(value, int) else "Kata Lain 7"


def changed(facts: dict[str, Any], path: tuple) -> dict[str, Any]:
    """Return a copy with one value changed."""
    other = copy.deepcopy(facts)
    *way, last = path
    place = other
    for step in way:
        place = place[step]
    place[last] = another(path, place[last])
    return other


def on_paper(facts: dict[str, Any]) -> list[str]:
    return [line for line in printed_lines(facts) if line != facts_digest(facts)[:12]]


def on_page(facts: dict[str, Any]) -> list[str]:
    return [value for _label, value in rows_of(facts) if value != facts_digest(facts)[:12]]


@pytest.mark.parametrize("name", SHEETS)
def test_one_changed_fact_shows_on_the_paper_exactly_where_it_shows_on_the_page(name):
    facts = SHEETS[name]
    paths = [
        path for path in leaves(facts) if path[0] not in DRAWN | {"layout"} and path != ("second_signer",)
    ]
    paper = {path for path in paths if on_paper(changed(facts, path)) != on_paper(facts)}
    page = {path for path in paths if on_page(changed(facts, path)) != on_page(facts)}
    assert paper - page == {path for path in paper if path[0] in PRIVATE}
    assert page - paper == set()
    assert len(page) > 10


@pytest.mark.parametrize("name", SHEETS)
def test_every_fact_of_the_page_stands_on_the_paper_in_the_same_words(name):
    facts = SHEETS[name]
    paper = " ".join(printed_lines(facts)).casefold()
    hours = {line for fact in printed_facts(facts) if str(fact.label) == "Mata diklat" for line in fact.lines}
    said = [line for fact in printed_facts(facts) for line in fact.lines if line not in hours]
    assert [line for line in said if line.casefold() not in paper] == []
    named = {each["name"] for each in facts["subjects"]}
    assert {line.split(". ", 1)[1].split(" (")[0] for line in hours} == {
        each.split(" (")[0] for each in named
    }


@tools
@needs["pdftotext"]
@pytest.mark.parametrize("name", [name for name in SHEETS if ", all" in name])
def test_it_can_be_read_from_the_sheet_itself(name):
    facts = SHEETS[name]
    text = text_of(certificate_pdf(facts, address=ADDRESS)).casefold()
    said = [line for fact in printed_facts(facts) if str(fact.label) != "Mata diklat" for line in fact.lines]
    assert [line for line in said if spaced(line).casefold() not in text] == []


def test_a_grade_that_was_not_given_has_no_line_on_new_sheets_and_keeps_its_dash_on_old_ones():
    old = {**copy.deepcopy(FACTS), "grade": None}
    new = {**old, "layout": {**FACTS["layout"], "wording": 2}}
    for facts, dashed in ((old, True), (new, False)):
        assert ("Kualifikasi" in printed_lines(facts)) is dashed
        assert (("Kualifikasi", "-") in [(str(label), value) for label, value in rows_of(facts)]) is dashed


def test_the_list_of_a_new_certificate_is_that_of_its_sheet(issued, browser):
    [certificate] = issued("Aminah")
    assert certificate.facts["layout"]["wording"] == 2
    page = browser.get("certificates.verify_certificate", code=certificate.code)
    shown = {dt.get_text(): dt.find_next("dd").get_text() for dt in page.soup.select("dl.box dt")}
    assert shown == {
        str(fact.label): shown[str(fact.label)]
        for fact in printed_facts(certificate.facts)
        if not fact.is_private
    }
    assert "Kode angkatan" not in shown
    assert "Kualifikasi" not in shown
    assert "Kualifikasi" not in printed_lines(certificate.facts)


@pytest.mark.parametrize("ending", ["revoked", "superseded"])
def test_a_sheet_that_no_longer_holds_lists_what_it_prints(issued, browser, ending):
    [certificate] = issued("Aminah")
    before = rows_of(certificate.facts)
    if ending == "revoked":
        services.revoke_certificate(certificate, reason="Salah orang", revoked_on=CLOSING, by=SYSTEM)
    else:
        services.replace_certificate(certificate, reason="Ejaan nama", issued_on=CLOSING, by=SYSTEM)
    page = browser.get("certificates.verify_certificate", code=certificate.code)
    assert [(dt.get_text(), dt.find_next("dd").get_text()) for dt in page.soup.select("dl.box dt")] == [
        (str(label), value) for label, value in before
    ]
