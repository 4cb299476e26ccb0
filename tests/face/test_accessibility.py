"""Every template in every state: nothing for axe-core to find, nothing beside the page, letters that grow,
targets that a thumb meets.
"""

from typing import Any

import pytest
from axe_playwright_python.base import AXE_SCRIPT

from tests.face.crawl import MAIL, Crawl, Visit, pages
from tests.face.showing import DESK, NARROW, PHONE, Showing

PARTS = 6  # what is found is told in parts
LARGER = {"fontSizes": {"standard": 24, "fixed": 20}}  # a browser set to 150 %
USUAL = {"fontSizes": {"standard": 16, "fixed": 13}}
LEAST, MAIN = 24, 44  # px: any control; what sends a form
SIDEWAYS = "document.documentElement.scrollWidth > document.documentElement.clientWidth + 1"
WIDEST = """() => [...document.querySelectorAll('body *')].filter(each => {
    const box = each.getBoundingClientRect();
    const drawn = getComputedStyle(each).overflowX === 'visible' ? each.scrollWidth : box.width;
    return Math.max(box.right, box.left + drawn) > innerWidth + 1;
  }).map(each => {
    const text = (each.innerText || each.value || '').trim().slice(0, 40);
    return `${each.tagName.toLowerCase()} “${text}”`;
  }).slice(-2)"""
LETTERS = "parseFloat(getComputedStyle(document.body).fontSize)"
TARGETS = """([least, main]) => {
  const found = [];
  for (const each of document.querySelectorAll('button, input, select, textarea, summary')) {
    if (each.type === 'hidden' || !each.checkVisibility({ visibilityProperty: true })) continue;
    const boxes = [each, ...(each.type === 'checkbox' || each.type === 'radio' ? each.labels : [])];
    const height = Math.max(...boxes.map(box => box.getBoundingClientRect().height));
    const posts = each.type === 'submit' && each.form && each.form.method === 'post';
    const sends = posts && each.closest('main') && !each.closest('table, li');
    const label = each.innerText || each.ariaLabel || each.labels?.[0]?.innerText || each.name || each.type;
    const name = label.trim().slice(0, 40), tag = each.tagName.toLowerCase();
    if (height && height + 0.5 < (sends ? main : least))
      found.push(`${tag} “${name}” ${Math.round(height)} px`);
  }
  return found;
}"""
OF_PAGES = (
    "landmark-one-main",
    "page-has-heading-one",
    "region",
)  # a mail is read inside the page of a mail program
RUN = """off => axe.run(document, {
  resultTypes: ['violations'], rules: Object.fromEntries(off.map(id => [id, {enabled: false}]))
}).then(found => found.violations.map(each => [each.id, each.nodes.map(node => node.html.slice(0, 160))]))"""


@pytest.mark.parametrize("part", range(PARTS))
@pytest.mark.browser
def test_nothing_is_found_on_a_phone_nor_on_a_desk(showing: Showing, crawl: Crawl, part: int) -> None:
    findings = look_at(showing, crawl, crawl.visits[part::PARTS])

    assert not findings, told(findings)


def test_every_page_was_met(crawl: Crawl) -> None:
    assert not pages() - crawl.met, (
        f"nobody met {sorted(pages() - crawl.met)}: lead the walk there in tests/face/content.py"
    )


def test_nothing_broke_on_the_way(crawl: Crawl) -> None:
    assert not crawl.faults, "\n".join(crawl.faults)


def test_failures_and_messages_were_met(crawl: Crawl) -> None:
    """The control: a walk that meets no error and no message proves little."""
    met = {visit.status for visit in crawl.visits} | {int(each.split()[1]) for each in crawl.requests}

    assert {200, 403, 404, 409, 422, 429, 500} <= met
    assert MAIL in crawl.met
    states = {(visit.template, visit.status) for visit in crawl.visits}
    assert states == {(visit.template, visit.status) for visit in crawl.visits if not visit.is_known}
    assert any('role="status"' in visit.body for visit in crawl.visits)
    assert any('aria-invalid="true"' in visit.body for visit in crawl.visits)


def test_headings_go_down_one_by_one_and_an_id_stands_once(crawl: Crawl) -> None:
    assert not crawl.disorder, "\n".join(f"{fault}: {where}" for fault, where in crawl.disorder.items())


@pytest.mark.browser
@pytest.mark.parametrize(
    ("change", "finding"),
    [
        (('for="typed"', 'for="lain"'), "axe label"),
        (("<h1", '<h1 style="color:#ccc"'), "axe color-contrast"),
        (("</h1>", "</h1><pre>" + "x" * 200 + "</pre>"), "sideways at 360"),
        (
            (
                "</h1>",
                '</h1><button style="height:20px;min-height:0;padding:0;font-size:10px">Kirim</button>',
            ),
            "20 px",
        ),
        (("<body", '<body style="font-size:16px"'), "letters stay"),
        (("</h1>", "</h1><script>hilang()</script>"), "console"),
    ],
)
def test_each_fault_is_found(showing: Showing, crawl: Crawl, change: tuple[str, str], finding: str) -> None:
    """The control: a page spoilt in one place, and what is said of it."""
    visit = next(visit for visit in crawl.visits if visit.template == "auth/sign_in.html")
    index = crawl.visits.index(visit)
    headers = [(name, value) for name, value in visit.headers if name != "Content-Security-Policy"]
    spoilt = Visit(
        visit.who, visit.how, visit.path, visit.status, visit.template, visit.body.replace(*change), headers
    )
    crawl.visits[index] = spoilt
    try:
        findings = look_at(showing, crawl, [spoilt])
    finally:
        crawl.visits[index] = visit

    assert any(finding in each for each in findings), findings


def look_at(showing: Showing, crawl: Crawl, visits: list[Visit]) -> dict[str, list[str]]:
    """Return every finding with the pages on which it stands; the first page of a template is seen on a desk
    too.

    axe-core reads each template with each answer, and each further page that shows some kind of element for
    the first time.
    """
    page = showing.new_page(PHONE)
    session = page.context.new_cdp_session(page)
    console: list[str] = []
    page.on("console", lambda message: console.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: console.append(str(error)))
    findings: dict[str, list[str]] = {}
    for visit in visits:
        console.clear()
        page.goto(showing.where(crawl, visit))
        off = OF_PAGES if visit.template == MAIL else ()
        found = [f"console: {text[:160]}" for text in console]
        if not visit.is_known:
            (
                page.evaluate(AXE_SCRIPT) if visit.template == MAIL else page.add_script_tag(url="/axe.js")
            )  # mails let no script in
            found += accessible(page, off)
        found += [*sideways(page, "at 360"), *page.evaluate(TARGETS, [LEAST, MAIN])]
        if crawl.is_first_of_state(visit):
            found += when_enlarged(page, session)
        if visit is crawl.first_of(visit.template):
            page.set_viewport_size(DESK)
            found += [
                f"{each} (desk)"
                for each in [*accessible(page, off), *sideways(page, "at 1280")]
                if each not in found
            ]
            page.set_viewport_size(PHONE)
        for each in found:
            findings.setdefault(each, []).append(str(visit))
    page.context.close()
    return findings


def accessible(page: Any, off: tuple[str, ...] = ()) -> list[str]:
    """Return what axe-core finds, but for some rules."""
    found = page.evaluate(RUN, list(off))
    return [
        f"axe {rule}: {nodes[0]}" + (f" and {len(nodes) - 1} more" if nodes[1:] else "")
        for rule, nodes in found
    ]


def sideways(page: Any, where: str) -> list[str]:
    """Return the finding of a page that is wider than the window."""
    return [f"sideways {where}: {', '.join(page.evaluate(WIDEST))}"] if page.evaluate(SIDEWAYS) else []


def when_enlarged(page: Any, session: Any) -> list[str]:
    """Return what goes wrong at 400 % zoom of a desk and with letters at 150 %."""
    page.set_viewport_size(NARROW)
    found = sideways(page, "at 320")
    page.set_viewport_size(PHONE)
    before = page.evaluate(LETTERS)
    session.send("Page.setFontSizes", LARGER)
    if page.evaluate(LETTERS) < 1.45 * before:
        found.append("letters stay small in a browser set to 150 %")
    found += sideways(page, "with large letters")
    session.send("Page.setFontSizes", USUAL)
    return found


def told(findings: dict[str, list[str]]) -> str:
    """Return the findings, the most frequent first, each with three of its pages."""
    most = sorted(findings.items(), key=lambda each: -len(each[1]))
    return "\n".join(
        [
            f"{len(findings)} findings",
            *(f"{len(where)} x {what}\n    " + "\n    ".join(where[:3]) for what, where in most),
        ]
    )
