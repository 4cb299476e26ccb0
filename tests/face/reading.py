"""Reads a page once: its links, its forms, its words with where they stand, its stacking tables, and which
state it is in.
"""

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser
from itertools import pairwise

VOID = frozenset(
    {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
)
SILENT = frozenset({"script", "style", "svg", "template"})
SPOKEN = ("aria-label", "alt", "placeholder", "title", "data-label", "aria-description")
SPOKEN_LATER = ("data-text", "data-failed", "data-confirm", "data-share-again")  # by the script
FILLED_LATER = re.compile(r"\{\w+\}")
TOLD_BY = ("role", "disabled", "aria-invalid", "type", "open")


@dataclass
class Field:
    """One control of a form."""

    name: str
    kind: str
    value: str = ""
    options: list[str] = field(default_factory=list)


@dataclass
class Form:
    """A form and what it would send."""

    method: str
    action: str
    fields: list[Field] = field(default_factory=list)
    submits: list[tuple[str, str]] = field(default_factory=list)

    @property
    def typed(self) -> list[Field]:
        """Return the fields that a person fills."""
        return [each for each in self.fields if each.kind != "hidden"]


@dataclass
class Reading:
    """What one page holds."""

    title: str = ""
    links: list[str] = field(default_factory=list)
    forms: list[Form] = field(default_factory=list)
    pieces: list[str] = field(default_factory=list)
    acts: list[str] = field(default_factory=list)  # what stands on links and buttons
    unlabelled: list[str] = field(default_factory=list)
    ids: list[str] = field(default_factory=list)
    headings: list[int] = field(default_factory=list)
    kinds: set[str] = field(default_factory=set)  # of elements in main; in all of it where there is no main

    @property
    def disorder(self) -> list[str]:
        """Return what is wrong with the skeleton: headings out of order, an id twice."""
        found = [] if self.headings.count(1) == 1 else [f"{self.headings.count(1)} h1"]
        found += [
            f"h{level} after h{before}" for before, level in pairwise(self.headings) if level > before + 1
        ]
        return found + [
            f"id {each} twice" for each in sorted({each for each in self.ids if self.ids.count(each) > 1})
        ]


def read(html: str) -> Reading:
    """Read a page."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    reader.reading.kinds = reader.reading.kinds or reader.kinds_beside
    return reader.reading


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.reading = Reading()
        self.open: list[str] = []
        self.kinds_beside: set[str] = set()
        self.form: Form | None = None
        self.select: Field | None = None
        self.area: Field | None = None
        self.stacks: list[_Table | None] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        at = {name: value or "" for name, value in attrs}
        if tag not in VOID:
            self.open.append(tag)
        if "svg" not in self.open:
            told = "".join(f"[{name}={at[name]}]" for name in TOLD_BY if name in at)
            kinds = self.reading.kinds if "main" in self.open else self.kinds_beside
            kinds.add(f"{tag}.{'.'.join(sorted(at.get('class', '').split()))}{told}")
        self.reading.pieces += [at[name] for name in SPOKEN if at.get(name, "").strip()]
        self.reading.pieces += [FILLED_LATER.sub("", at[name]) for name in SPOKEN_LATER if name in at]
        if len(tag) == 2 and tag[0] == "h" and tag[1].isdigit():
            self.reading.headings.append(int(tag[1]))
        if "id" in at:
            self.reading.ids.append(at["id"])
        if tag == "a" and "href" in at:
            self.reading.links.append(at["href"])
        if tag == "input" and at.get("type") in ("submit", "button"):
            self.reading.pieces.append(at.get("value", ""))
            self.reading.acts.append(at.get("value", ""))
        self._form(tag, at)
        self._table(tag, at)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag in self.open:
            while self.open and self.open.pop() != tag:
                pass
        if tag == "form":
            self.form = None
        elif tag == "select":
            self.select = None
        elif tag == "textarea":
            self.area = None
        elif tag == "table" and self.stacks:
            self.stacks.pop()
        elif self.stacks and self.stacks[-1]:
            self.stacks[-1].end(tag)

    def handle_data(self, data: str) -> None:
        if not data.strip() or SILENT & set(self.open):
            if self.open and self.open[-1] == "title" and "svg" not in self.open:
                self.reading.title += data
            return
        if "title" in self.open:
            self.reading.title += data
        if self.area is not None:
            self.area.value += data
            return
        self.reading.pieces.append(data)
        if {"a", "button", "summary"} & set(self.open):
            self.reading.acts.append(data)
        if self.stacks and self.stacks[-1]:
            self.stacks[-1].text(data)

    def _form(self, tag: str, at: dict[str, str]) -> None:
        if tag == "form":
            self.form = Form(at.get("method", "get").lower(), at.get("action", ""))
            self.reading.forms.append(self.form)
        if self.form is None:
            return
        kind = at.get("type", "text")
        if kind == "text" and at.get("name", "").endswith(("_on", "_date", "_since")):
            kind = "date"  # days and hours are typed: a field of text, told by its name
        elif kind == "text" and at.get("inputmode") == "decimal" and at.get("name", "").endswith("_at"):
            kind = "time"
        elif kind == "text" and at.get("inputmode") == "numeric" and "data-nik" not in at:
            kind = "number"
        if (tag == "button" and at.get("type", "submit") == "submit") or (
            tag == "input" and kind in ("submit", "image")
        ):
            self.form.submits.append((at.get("name", ""), at.get("value", "")))
        elif tag == "input" and at.get("name"):
            if kind not in ("checkbox", "radio") or "checked" in at:
                self.form.fields.append(
                    Field(at["name"], kind, at.get("value", "on" if kind == "checkbox" else ""))
                )
            else:
                self.form.fields.append(Field(at["name"], f"{kind}, not ticked", at.get("value", "on")))
        elif tag == "select" and at.get("name"):
            self.select = Field(at["name"], "select")
            self.form.fields.append(self.select)
        elif tag == "option" and self.select is not None:
            self.select.options.append(at.get("value", ""))
            if "selected" in at or len(self.select.options) == 1:
                self.select.value = at.get("value", "")
        elif tag == "textarea" and at.get("name"):
            self.area = Field(at["name"], "textarea")
            self.form.fields.append(self.area)

    def _table(self, tag: str, at: dict[str, str]) -> None:
        if tag == "table":
            self.stacks.append(_Table(self.reading) if "table-stack" in at.get("class", "").split() else None)
        elif self.stacks and self.stacks[-1]:
            self.stacks[-1].start(tag, at)


class _Table:
    """A table that stacks on a phone: there every cell says itself which column it is of.

    An empty cell says nothing; a cell of a column whose head is hidden from eyes (ticks, buttons) need not.
    """

    def __init__(self, reading: Reading) -> None:
        self.reading = reading
        self.heads: list[str] = []
        self.hidden: set[int] = set()
        self.in_head = self.in_cell = False
        self.column = 0
        self.cell: tuple[str, int] | None = None  # label, column
        self.is_filled = False

    def start(self, tag: str, at: dict[str, str]) -> None:
        if tag in ("thead", "tbody", "tfoot"):
            self.in_head = tag == "thead"
        elif tag == "tr":
            self.column = 0
            if self.in_head:
                self.heads, self.hidden = [], set()
        elif tag in ("th", "td"):
            width = int(at.get("colspan", "1"))
            if self.in_head:
                self.heads += [""] * width
                self.in_cell = True
            elif tag == "td" and width == 1 and self.heads:
                self.cell, self.is_filled = (at.get("data-label", ""), self.column), False
            self.column += width
        elif self.in_head and "visually-hidden" in at.get("class", "").split():
            self.hidden.add(len(self.heads) - 1)
        elif tag in ("input", "select", "textarea", "img", "svg"):
            self.is_filled = True

    def end(self, tag: str) -> None:
        if tag in ("th", "td"):
            self.in_cell = False
        if tag == "td" and self.cell:
            (label, column), self.cell = self.cell, None
            head = self.heads[column] if column < len(self.heads) else "(no head)"
            if folded(label) != folded(head) and (label or (self.is_filled and column not in self.hidden)):
                self.reading.unlabelled.append(f"“{label}” stands under “{folded(head)}”")

    def text(self, data: str) -> None:
        self.is_filled = True
        if self.in_head and self.in_cell and self.heads:
            self.heads[-1] += data


def folded(text: str) -> str:
    """Return a text with its white space folded."""
    return " ".join(text.split())
