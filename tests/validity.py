"""What HTML allows inside what, for the kinds of fault that pages here have had: read as written, before a
browser puts it right.

The whole standard is in the checker of the W3C (vnu); over the pages of the walk it names the same kinds and,
beside them, only what somebody typed into a field of a day or an hour and is shown again.
"""

from collections.abc import Container, Iterator

from bs4 import BeautifulSoup, Tag

HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
SECTIONS = frozenset({"article", "aside", "nav", "section"})
# Flow content that is no phrasing content: nothing of it stands inside a paragraph, a span, a heading, a
# label, a button.
BLOCKS = frozenset(
    {
        "address",
        "blockquote",
        "details",
        "dialog",
        "div",
        "dl",
        "fieldset",
        "figure",
        "footer",
        "form",
        "header",
        "hgroup",
        "hr",
        "main",
        "menu",
        "ol",
        "p",
        "pre",
        "search",
        "table",
        "ul",
        *HEADINGS,
        *SECTIONS,
    }
)
PHRASING_ONLY = frozenset(
    {
        "p",
        "span",
        "button",
        "label",
        "small",
        "strong",
        "em",
        "b",
        "i",
        "code",
        "time",
        "abbr",
        "cite",
        "q",
        "sub",
        "sup",
        "mark",
        "kbd",
        "var",
        "output",
        "bdi",
        "data",
        "pre",
        *HEADINGS,
    }
)
PRESSED = frozenset({"a", "button", "input", "select", "textarea", "label", "details", "iframe"})
ONLY_IN = {
    "li": {"ul", "ol", "menu"},
    "dt": {"dl", "div"},
    "dd": {"dl", "div"},
    "td": {"tr"},
    "th": {"tr"},
    "tr": {"table", "thead", "tbody", "tfoot"},
    "thead": {"table"},
    "tbody": {"table"},
    "tfoot": {"table"},
    "caption": {"table"},
    "legend": {"fieldset"},
    "option": {"select", "optgroup", "datalist"},
    "summary": {"details"},
    "figcaption": {"figure"},
}
ONLY_HOLDS = {
    "ul": {"li", "script", "template"},
    "ol": {"li", "script", "template"},
    "tr": {"td", "th", "script", "template"},
    "table": {"caption", "colgroup", "thead", "tbody", "tfoot", "tr", "script", "template"},
    "select": {"option", "optgroup", "hr"},
    "dl": {"dt", "dd", "div", "script", "template"},
}
ONE_LINE_ADDRESS = "autocomplete=street-address, which may hold several lines, on a field of one line"


def faults_of(page: BeautifulSoup | Tag) -> list[str]:
    """Return what on a page is not valid HTML, each kind once."""
    tags = page.find_all(True)
    ids = {tag.get("id") for tag in tags}
    return sorted({fault for tag in tags for fault in (*faults_at(tag), *faults_of_field(tag, ids))})


def faults_at(tag: Tag) -> Iterator[str]:
    """Return what is wrong with where an element stands."""
    name = tag.name
    above = [each.name for each in tag.parents]
    if name in BLOCKS and (closed := next((each for each in above if each in PHRASING_ONLY), None)):
        yield f"<{name}> in <{closed}>"
    if name in HEADINGS | SECTIONS | {"header", "footer"} and "th" in above:
        yield f"<{name}> in <th>"
    if name == "form" and "form" in above:
        yield "<form> in <form>"
    if name in PRESSED and tag.get("type") != "hidden":
        for outer in {"a", "button"} & set(above):
            yield f"<{name}> in <{outer}>"
    if name in ONLY_IN and (not above or above[0] not in ONLY_IN[name]):
        yield f"<{name}> in <{above[0] if above else 'nothing'}>"
    for child in tag.children if name in ONLY_HOLDS else ():
        if isinstance(child, Tag) and child.name not in ONLY_HOLDS[name]:
            yield f"<{child.name}> right in <{name}>"


def faults_of_field(tag: Tag, ids: Container[str | None]) -> Iterator[str]:
    """Return what is wrong with what is asked for, on a page that has these ids."""
    if (
        tag.name == "select"
        and tag.has_attr("required")
        and not tag.has_attr("multiple")
        and int(tag.get("size") or 1) == 1
    ):
        first = tag.find("option")
        if first is None or first.get("value", first.get_text(strip=True)) != "" or first.parent is not tag:
            yield f"<select required name={tag.get('name')}> without an empty first option"
    if tag.name == "input":
        if "street-address" in (tag.get("autocomplete") or "").split():
            yield ONE_LINE_ADDRESS
        if tag.get("type") == "hidden" and (tag.has_attr("required") or tag.has_attr("aria-describedby")):
            yield f"<input type=hidden name={tag.get('name')}> that is required"
        if tag.get("type") == "hidden" and tag.get("autocomplete") in ("on", "off"):
            yield f"<input type=hidden name={tag.get('name')}> that a browser would fill in, or not"
    if tag.name == "label" and tag.has_attr("for") and tag["for"] not in ids:
        yield f"<label for={tag['for']}> for nothing"
    if tag.name == "img" and not tag.has_attr("alt"):
        yield "<img> without alt"
