"""The gallery shows every component, opens in development, and is not there in production."""

import re
from pathlib import Path

import pytest

from app import create_app
from app.gallery.routes import FAMILIES
from tests.conftest import settings_for_tests

TEMPLATES = Path(__file__).resolve().parents[2] / "app" / "templates"
COMPONENTS = sorted(
    path for path in (TEMPLATES / "components").glob("*.html") if path.name != "verify_base.html"
)
SHOWN = "\n".join(path.read_text() for path in (TEMPLATES / "gallery").glob("*.html"))


@pytest.mark.parametrize("family", FAMILIES)
def test_a_family_opens(browser, family):
    browser.get("gallery.show_family", family=family)


def test_the_list_leads_to_every_family(browser):
    page = browser.get("gallery.list_families")
    for title, _template in FAMILIES.values():
        assert title in page.text


def test_an_unknown_family_or_mail_is_not_found(browser):
    browser.get("/gallery/unbekannt", expect=404)
    browser.get("/gallery/mails/999", expect=404)


def test_a_mail_is_shown_in_its_own_style_and_loads_nothing(browser):
    answer = browser.client.get("/gallery/mails/1")
    policy = answer.headers["Content-Security-Policy"]
    assert answer.status_code == 200
    assert "default-src 'none'" in policy


@pytest.mark.parametrize("path", COMPONENTS, ids=lambda path: path.stem)
def test_every_macro_is_shown_or_is_part_of_one_that_is(path):
    text = path.read_text()
    others = "\n".join(each.read_text() for each in COMPONENTS)
    for name in re.findall(r"\{% macro (\w+)\(", text):
        shown = re.search(rf"\b{name}\b", SHOWN)
        calls = len(re.findall(rf"(?<!macro )\b{name}\(", others))
        frame = name == "mark"  # the sign of the product stands in the frame of every page
        assert shown or calls > 0 or frame, f"show {name} of {path.name} in the gallery"


def test_production_has_no_gallery(tmp_path):
    app = create_app(settings_for_tests(f"sqlite:///{tmp_path}/none.db", tmp_path, app_env="production"))
    assert not [rule for rule in app.url_map.iter_rules() if rule.endpoint.startswith("gallery.")]
