"""Every page that somebody got on the walk through the site is valid HTML."""

import pytest
from bs4 import BeautifulSoup

from tests.face.crawl import Crawl
from tests.validity import ONE_LINE_ADDRESS, faults_of


def test_every_page_is_valid(crawl: Crawl) -> None:
    found: dict[str, str] = {}
    for visit in crawl.visits:
        if visit.template.startswith("emails/"):
            continue  # laid out in tables, as mail programs want it
        for fault in faults_of(BeautifulSoup(visit.body, "html.parser")):
            found.setdefault(fault, str(visit))
    assert found == {}


@pytest.mark.parametrize(
    ("html", "fault"),
    [
        ("<table><tr><th><h2>Senin</h2></th></tr></table>", "<h2> in <th>"),
        ("<p><form></form></p>", "<form> in <p>"),
        ("<span><form></form></span>", "<form> in <span>"),
        ("<ul><p>Satu</p></ul>", "<p> right in <ul>"),
        ("<div><li>Satu</li></div>", "<li> in <div>"),
        ("<a href=x><button>Ya</button></a>", "<button> in <a>"),
        (
            "<select required name=x><option value=1>Satu</select>",
            "<select required name=x> without an empty first option",
        ),
        ("<input autocomplete='street-address'>", ONE_LINE_ADDRESS),
        ("<img src=x>", "<img> without alt"),
    ],
)
def test_a_fault_is_found(html: str, fault: str) -> None:
    assert fault in faults_of(BeautifulSoup(f"<html><body>{html}</body></html>", "html.parser"))


def test_what_is_valid_passes() -> None:
    page = """<html><body><p>Kata <span>lagi</span></p><table><tr class=group><th>Senin</th></tr></table>
      <form><fieldset><legend>Apa</legend>
      <select required name=x><option value="">Pilih</option></select></fieldset></form>
      <ul><li><p>Satu</p></li></ul><details><summary>Lebih</summary><div>isi</div></details></body></html>"""
    assert faults_of(BeautifulSoup(page, "html.parser")) == []
