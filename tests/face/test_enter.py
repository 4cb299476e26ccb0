"""Enter in a text field does what the main button of the form does, on every page; and going back after a
refusal shows the form.
"""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from bs4 import BeautifulSoup, Tag
from flask import Flask

from tests.face.content import GUEST, Content
from tests.face.crawl import Crawl
from tests.face.showing import Server

OFFICER = "Dinas sosial kabupaten/kota (Tapin)"
TYPED = {
    "text",
    "email",
    "tel",
    "password",
    "search",
    "number",
    "date",
    "time",
    "url",
}  # where Enter sends the form


def faulty_forms(html: str) -> list[str]:
    """Return the forms with a text field in which Enter presses another button than the main one.

    Whatever is seen of it, a browser presses the first button of the form. The main one is the first of those
    that look so.
    """
    soup = BeautifulSoup(html, "html.parser")
    found = []
    for form in soup.find_all("form"):
        own = [each for each in soup.find_all(["button", "input"]) if owner_of(each) is form]
        typed = [each for each in own if each.name == "input" and each.get("type", "text") in TYPED]
        submits = [each for each in own if is_submit(each)]
        if not typed or not submits:
            continue
        seen = [
            each for each in submits if not each.has_attr("hidden") and "no-js" not in each.get("class", [])
        ]
        main = next(
            (each for each in seen if "btn-primary" in each.get("class", [])), seen[0] if seen else None
        )
        if main is None or sent_by(submits[0]) != sent_by(main):
            found.append(
                f"{form.get('action') or 'this page'}: Enter presses {sent_by(submits[0])}, the main button"
                f" {main and sent_by(main)}"
            )
    return found


def owner_of(control: Tag) -> Tag | None:
    return (
        control.find_parent("form")
        if not control.get("form")
        else control.find_parent("html").find("form", id=control["form"])
    )


def is_submit(control: Tag) -> bool:
    return control.get(
        "type", "submit" if control.name == "button" else "text"
    ) == "submit" and not control.has_attr("disabled")


def sent_by(button: Tag) -> tuple[str, ...]:
    """Return what a button adds to the form, and where it sends it."""
    return tuple(str(button.get(name) or "") for name in ("name", "value", "formaction"))


def test_enter_presses_the_main_button_of_every_form(crawl: Crawl) -> None:
    faults = sorted(
        {f"{visit.template}: {fault}" for visit in crawl.visits for fault in faulty_forms(visit.body)}
    )
    forms = sum("<form" in visit.body for visit in crawl.visits)

    assert forms > 100
    assert not faults, "\n".join(faults)


@pytest.mark.parametrize(
    ("buttons", "is_right"),
    [
        (
            (
                '<button name="more" class="btn-secondary no-js">x</button><button'
                ' class="btn-primary">y</button>'
            ),
            False,
        ),
        (
            (
                '<button hidden>y</button><button name="more" class="btn-secondary no-js">x</button><button'
                ' class="btn-primary">y</button>'
            ),
            True,
        ),
        ('<button name="look" value="1">x</button><button class="btn-primary">y</button>', False),
        ('<button class="btn-primary">y</button><button name="look" value="1">x</button>', True),
        ('<button type="button">z</button><button>y</button>', True),
    ],
)
def test_a_form_whose_first_button_is_another_is_found(buttons: str, is_right: bool) -> None:
    """The control."""
    assert (not faulty_forms(f"<html><form><input name=a>{buttons}</form></html>")) == is_right


@pytest.fixture(scope="module")
def desk(
    new_app: Callable[..., Flask], installed: tuple[Content, Path], chromium: Any
) -> Iterator[Callable[[str], Any]]:
    """Browser pages of people who are signed in, before one application; each knows the address."""
    app, (content, _path) = new_app(), installed
    serializer = app.session_interface.get_signing_serializer(app)  # type: ignore[attr-defined]
    contexts = []
    with Server(app.wsgi_app) as server:

        def sit_down(who: str) -> Any:
            context = chromium.new_context(base_url=server.address, locale="id-ID")
            contexts.append(context)
            if who != GUEST:
                cookie = serializer.dumps({"_user_id": content.sessions[who], "_fresh": True})
                context.add_cookies(
                    [{"name": app.config["SESSION_COOKIE_NAME"], "value": cookie, "url": server.address}]
                )
            page = context.new_page()
            page.set_default_timeout(15_000)
            return page

        yield sit_down
        for context in contexts:
            context.close()


@pytest.mark.browser
def test_enter_saves_a_form_with_a_list_of_regions(desk: Callable[[str], Any]) -> None:
    page = desk(OFFICER)
    page.goto("/trainees/register")
    page.locator("#name").fill("Rahmah dari Enter")
    page.locator("[data-region-level]").first.wait_for()
    with page.expect_navigation():
        page.locator("#name").press("Enter")

    assert page.locator(".error-summary").count() == 1, "Enter did not save: nothing was checked"


@pytest.mark.browser
def test_going_back_after_a_refusal_shows_the_form_as_it_was(desk: Callable[[str], Any]) -> None:
    page = desk(OFFICER)
    page.goto("/trainees/register")
    page.locator("#name").fill("Rahmah yang belum lengkap")
    page.locator("#birth_date").fill("31 Februari 1985")
    with page.expect_navigation():
        page.locator("form.form .btn-primary").click()
    assert page.locator(".error-summary").count() == 1
    page.goto("/trainees")

    page.go_back()  # raises where the browser has nothing to show: ERR_CACHE_MISS

    assert page.locator(".error-summary").count() == 1
    assert page.locator("#name").input_value() == "Rahmah yang belum lengkap"
    assert page.locator("#birth_date").input_value() == "31 Februari 1985"


def test_only_pages_with_a_form_are_kept_and_no_longer_than_the_sign_in(browser: Any, make: Any) -> None:
    refused = browser.post("auth.sign_in", expect=422, data={"typed": "", "password": ""})
    assert refused.response.headers["Cache-Control"] == "private, no-cache"
    assert browser.get("auth.sign_in").response.headers["Cache-Control"] == "no-store"

    out = browser.post("auth.sign_out")
    assert out.response.headers["Clear-Site-Data"] == '"cache"'


def test_no_way_back_is_called_as_the_act(crawl: Crawl) -> None:
    """A "Batal" below "Batalkan pendaftaran saya" would be pressed by those who want to cancel it too."""
    both = []
    for visit in crawl.visits:
        for buttons in BeautifulSoup(visit.body, "html.parser").select(".form-buttons"):
            words = [each.get_text(strip=True) for each in buttons.find_all(["a", "button"])]
            if "Batal" in words and any("batalkan" in word.lower() for word in words):
                both.append(f"{visit.template}: {words}")
    assert not both, "\n".join(sorted(set(both)))
    assert any("batalkan" in visit.body.lower() and ">Kembali<" in visit.body for visit in crawl.visits)
