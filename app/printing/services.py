"""Pages from templates and data: archival, tagged PDF with own fonts, PNG previews, QR codes."""

import json
import re
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from app.core.errors import RuleViolation
from app.core.text import _

if TYPE_CHECKING:
    from typst import Compiler, Fonts

FONTS = Path(__file__).with_name("fonts")
PARTS = Path(__file__).with_name("parts.typ")  # letterhead, frame, signatures: every template may import it by this name
MARKED = Path(__file__).with_name("marked.typ")  # lays words across every page of a template that it includes

# Archival and accessible. The first also makes a missing glyph an error: without a standard it would vanish from the page in silence.
STANDARDS = ["a-3a", "ua-1"]

# A hundredth of a point is less than a dot of any screen; the renderer writes billionths.
FINER_THAN_SEEN = re.compile(rb"(\.\d{2})\d+")

# A template dates its document from the data; where it does not, the page says 1970 rather than something else on every rendering.
NO_CLOCK = 0

STEPS = 3  # drawn for a tier; as many of them filled as its rank

Files = dict[str, bytes] | None

_thread = threading.local()


class PrintingError(Exception):
    """The page cannot be made: a character no font can draw, or a template that does not fit its data.

    `sign`: what cannot be drawn, where that is the reason; `texts`: all that was to be printed with it.
    """

    def __init__(self, message: str, *, sign: str = "", texts: Sequence[str] = ()) -> None:
        super().__init__(message)
        self.sign = sign
        self.texts = tuple(texts)


def render_pdf(template: Path, data: dict[str, Any], *, files: Files = None, mark: Sequence[str] = ()) -> bytes:
    """Return the page as PDF, the same bytes for the same data; raise PrintingError rather than leave a character out.

    `mark`: lines that stand across every page, over the design as it is.
    """
    return _compile(template, data, files, mark, format="pdf", pdf_standards=STANDARDS)


def render_png(
    template: Path, data: dict[str, Any], page: int = 1, ppi: int = 144, *, files: Files = None, mark: Sequence[str] = ()
) -> bytes:
    """Return one page as a picture; raise PrintingError where the PDF would be refused, or when there is no such page."""
    return _render_page(template, data, page, files, mark, format="png", ppi=ppi)


def render_svg(template: Path, data: dict[str, Any], page: int = 1, *, files: Files = None, mark: Sequence[str] = ()) -> bytes:
    """Return one page as a drawing, sharp at every size and lighter than a picture; raise PrintingError where a picture would."""
    drawing = _render_page(template, data, page, files, mark, format="svg")
    return FINER_THAN_SEEN.sub(rb"\1", drawing).replace(b' fill-rule="nonzero"', b"")  # a third of what is sent, and says nothing


@contextmanager
def names_printable() -> Iterator[None]:
    """Turn a page of names that cannot be made into a refusal that names whose sign it is; raises RuleViolation."""
    try:
        yield
    except PrintingError as error:
        if not error.texts:
            raise RuleViolation(_("Ada nama yang memuat tanda yang tidak dapat dicetak. Perbaiki namanya, lalu cetak lagi.")) from error
        sign = error.sign if error.sign.isprintable() else f"U+{ord(error.sign[0]):04X}"
        raise RuleViolation(
            _(
                "Tanda \u201c%(sign)s\u201d tidak dapat dicetak. Perbaiki isian ini, lalu cetak lagi: %(texts)s.",
                sign=sign,
                texts="; ".join(error.texts),
            )
        ) from error


def tier_steps(rank: int) -> dict[str, Any]:
    """Return what parts.typ draws of a tier: so many steps, as many filled as its rank, and how that is read aloud."""
    of = max(STEPS, rank)
    return {"rank": rank, "of": of, "alt": f"Anak tangga ke-{rank} dari {of}"}


def qr_svg(text: str) -> str:
    """Return a QR code as SVG, one unit a module and no quiet zone: the page around it leaves four modules white."""
    import zxingcpp

    try:
        # Level Q survives a fold or a stamp over a quarter of it. Text in capitals is packed tighter by itself: fewer, larger modules.
        code = zxingcpp.create_barcode(text, zxingcpp.BarcodeFormat.QRCode, ec_level="Q")
        return code.to_svg(add_quiet_zones=False)
    except ValueError as error:
        raise PrintingError(f"no QR code can hold this text: {error}") from error


def _render_page(template: Path, data: dict[str, Any], page: int, files: Files, mark: Sequence[str], **options: Any) -> bytes:
    """Return one page in a form that has no standard to hold it to: a missing glyph, which would pass unseen, is found by the PDF."""
    render_pdf(template, data, files=files, mark=mark)
    made = _compile(template, data, files, mark, **options)
    pages = made if isinstance(made, list) else [made]
    if not 1 <= page <= len(pages):
        raise PrintingError(f"there is no page {page}, only {len(pages)}")
    return pages[page - 1]


def _compile(template: Path, data: dict[str, Any], files: Files, mark: Sequence[str], **options: Any) -> Any:
    """Run the template over the data; the data enters as JSON and is never read as code."""
    import typst

    sources = {PARTS.name: PARTS.read_bytes(), **(files or {}), "main.typ": template.read_bytes()}
    inputs = {"data": json.dumps(data, sort_keys=True)}
    if mark:
        sources |= {"sheet.typ": sources["main.typ"], "main.typ": MARKED.read_bytes()}
        inputs["mark"] = json.dumps(list(mark))
    try:
        return _compiler().compile(input=sources, sys_inputs=inputs, timestamp=NO_CLOCK, **options)
    except typst.TypstError as error:
        sign = _undrawable(error.message)
        texts = sorted({text for text in _texts_of(data) if sign in text}) if sign else []
        raise PrintingError("; ".join([error.message, *error.hints]), sign=sign, texts=texts) from error


def _undrawable(message: str) -> str:
    """Return the sign that the renderer complains of, or nothing where it complains of something else."""
    if found := re.search(r'the text `"(.+?)"`', message):
        return found[1]
    found = re.search(r"the codepoint `\"\\u\{([0-9a-f]+)\}\"`", message)
    return chr(int(found[1], 16)) if found else ""


def _texts_of(data: Any) -> Iterator[str]:
    """Yield every text in the data of a page."""
    if isinstance(data, str):
        yield data
    elif isinstance(data, dict):
        for value in data.values():
            yield from _texts_of(value)
    elif isinstance(data, list | tuple):
        for value in data:
            yield from _texts_of(value)


def _compiler() -> "Compiler":
    """Return this thread's own compiler: one that two threads share refuses the second."""
    import typst

    if not hasattr(_thread, "compiler"):
        _thread.compiler = typst.Compiler(font_paths=_fonts())
    return _thread.compiler


@lru_cache(maxsize=1)
def _fonts() -> "Fonts":
    """Return our fonts and the renderer's own, never the system's: the bytes must not depend on the machine."""
    import typst

    return typst.Fonts(include_system_fonts=False, font_paths=[str(FONTS)])
