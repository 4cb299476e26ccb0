"""The public check in a browser: one sheet of A4 whatever it lists, and a verdict that is never broken inside
a word.
"""

import copy
import shutil
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from sqlalchemy import select

from app.certificates.document import facts_digest
from app.certificates.models import Certificate
from app.certificates.routes.wording import rows_of
from app.certificates.rules import Verdict
from app.extensions import db as database
from tests import databases
from tests.certificates.test_document import FACTS, LONG_LINES
from tests.pdf import page_sizes, text_of

pytestmark = [
    pytest.mark.skipif(shutil.which("chromium") is None, reason="Chromium is not installed"),
    pytest.mark.skipif(
        databases.engine_name() != "sqlite",
        reason="pages are the same on every database; looked at on SQLite",
    ),
]
APP = Path(__file__).resolve().parents[2] / "app"
A4 = (210, 297)
SUBJECTS = [
    {"name": f"Pendataan dan pemetaan keluarga di desa {n}", "theory_hours": 1, "practice_hours": 1}
    for n in range(1, 21)
]
BROKEN = """(word) => {
  const text = document.querySelector('h1').firstChild, at = text.data.indexOf(word);
  const range = document.createRange();
  range.setStart(text, at); range.setEnd(text, at + word.length);
  return new Set([...range.getClientRects()].map(each => Math.round(each.top))).size;
}"""


@pytest.fixture
def open_check(issued, browser, chromium, db):
    """Open the check of a certificate with these facts in a browser."""
    contexts = []

    def shown(*, width=360, **facts):
        [certificate] = issued("Aminah")
        certificate.facts = {**certificate.facts, **copy.deepcopy(facts)}
        certificate.facts_digest = facts_digest(certificate.facts)
        db.session.commit()
        body = browser.get("certificates.verify_certificate", code=certificate.code).response.data
        context = chromium.new_context(viewport={"width": width, "height": 740})
        contexts.append(context)
        window = context.new_page()

        def answer(route):
            path = urlsplit(route.request.url).path
            if path.startswith("/static/"):
                route.fulfill(
                    body=(APP / path.lstrip("/")).read_bytes(),
                    content_type="text/css" if path.endswith("css") else "image/svg+xml",
                )
            else:
                route.fulfill(body=body, content_type="text/html; charset=utf-8")

        window.route("**/*", answer)
        window.goto("http://bekal.test/v/")
        return window

    yield shown
    for context in contexts:
        context.close()


@pytest.mark.parametrize(
    "facts", [{}, {**FACTS, **LONG_LINES, "subjects": SUBJECTS}], ids=["usual", "long, with twenty subjects"]
)
def test_a_check_is_printed_on_one_sheet(open_check, facts, monkeypatch):
    monkeypatch.setattr("app.certificates.delivery.is_sealed", lambda _certificate: True)
    kept = {key: value for key, value in facts.items() if key not in ("code", "number")}
    window = open_check(**kept)
    pdf = window.pdf(prefer_css_page_size=True)
    assert page_sizes(pdf) == [A4]
    assert window.title().startswith("BERLAKU: hasil pemeriksaan sertifikat ")
    said = text_of(pdf)
    [certificate] = database.session.scalars(select(Certificate))
    address = f"/V/{certificate.code}"
    assert "Hasil pemeriksaan sertifikat Diperiksa pada " in said
    assert said.replace(" ", "").count(address) == 1
    printed = "".join(said.split())
    lacking = [
        value
        for _label, value in rows_of(certificate.facts)
        if "\n" not in value and "".join(value.split()) not in printed
    ]
    assert lacking == []
    window.add_style_tag(
        content="* { font-family: 'DejaVu Sans' !important }"
    )  # where the fonts of the office are wide
    assert page_sizes(window.pdf(prefer_css_page_size=True)) == [A4]


@pytest.mark.parametrize("percent", [100, 150, 200])
@pytest.mark.parametrize("verdict", Verdict)
def test_no_verdict_is_broken_inside_a_word(open_check, percent, verdict):
    window = open_check()
    window.evaluate(
        "([word, size]) => { document.querySelector('h1').textContent = word;"
        " document.documentElement.style.fontSize = size }",
        [str(verdict.label), f"{percent}%"],
    )
    assert [word for word in str(verdict.label).split() if window.evaluate(BROKEN, word) != 1] == []
    assert window.evaluate("document.documentElement.scrollWidth") <= 360
