"""Pages from templates and data: archival, tagged PDF with own fonts, PNG previews, QR codes."""

import json
import re
import threading
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from app.core.drawable import with_blanks

if TYPE_CHECKING:
    from typst import Compiler, Fonts

FONTS = Path(__file__).with_name("fonts")
PARTS = Path(__file__).with_name(
    "parts.typ"
)  # letterhead, frame, signatures: every template may import it by this name
MARKED = Path(__file__).with_name("marked.typ")  # lays words across every page of a template that it includes
TOO_SMALL = "panicked with: too small, "  # as parts.typ writes it; behind it the words

# Archival and accessible. The first also makes a missing glyph an error: without a standard it would vanish
# from the page in silence.
STANDARDS = ["a-3a", "ua-1"]

# A hundredth of a point is less than a dot of any screen; the renderer writes billionths.
FINER_THAN_SEEN = re.compile(rb"(\.\d{2})\d+")

# A template dates its document from the data; where it does not, the page shows 1970 rather than something
# else on every rendering.
NO_CLOCK = 0

STEPS = 3  # drawn for a tier; as many of them filled as its rank

Files = dict[str, bytes] | None

_thread = threading.local()


class PrintingError(Exception):
    """The page cannot be made: a character no font can draw, or a template that does not fit its data."""


class TooSmall(PrintingError):
    """The page can be made, but not read: `text`, or where it is empty the whole page, would be smaller than
    the least size.
    """

    def __init__(self, text: str) -> None:
        super().__init__(f"too small to be read: {text}")
        self.text = text


def refuse_unreadable(template: Path, data: dict[str, Any], *, files: Files = None) -> None:
    """Draw a page that is to be handed out for the first time, and store nothing: raise PrintingError where
    it cannot be made, and TooSmall where words are too long for it. A page that was handed out once is drawn
    again as it was, whatever is refused today.
    """
    _compile(template, data, files, (), is_trial=True, format="pdf", pdf_standards=STANDARDS)


def render_pdf(
    template: Path,
    data: dict[str, Any],
    *,
    files: Files = None,
    mark: Sequence[str] = (),
    is_list: bool = False,
) -> bytes:
    """Return the page as PDF, the same bytes for the same data; raise PrintingError rather than leave a
    character out.

    `mark`: lines that stand across every page, over the design as it is. `is_list`: a page of many people,
    where a character of one name that cannot be drawn is a box, so that the others are printed all the same.
    """
    return _compile(
        template, _with_blanks(data) if is_list else data, files, mark, format="pdf", pdf_standards=STANDARDS
    )


def render_png(
    template: Path,
    data: dict[str, Any],
    page: int = 1,
    ppi: int = 144,
    *,
    files: Files = None,
    mark: Sequence[str] = (),
) -> bytes:
    """Return one page as a picture; raise PrintingError where the PDF would be refused, or when there is no
    such page.
    """
    return _render_page(template, data, page, files, mark, format="png", ppi=ppi)


def render_svg(
    template: Path, data: dict[str, Any], page: int = 1, *, files: Files = None, mark: Sequence[str] = ()
) -> bytes:
    """Return one page as a drawing, sharp at every size and lighter than a picture; raise PrintingError where
    a picture would.
    """
    drawing = _render_page(template, data, page, files, mark, format="svg")
    return FINER_THAN_SEEN.sub(rb"\1", drawing).replace(
        b' fill-rule="nonzero"', b""
    )  # a third of what is sent, and carries nothing


def tier_steps(rank: int) -> dict[str, Any]:
    """Return what parts.typ draws of a tier: so many steps, as many filled as its rank, and how that is read
    aloud.
    """
    of = max(STEPS, rank)
    return {"rank": rank, "of": of, "alt": f"Anak tangga ke-{rank} dari {of}"}


def qr_svg(text: str) -> str:
    """Return a QR code as SVG, one unit a module and no quiet zone: the page around it leaves four modules
    white.
    """
    import zxingcpp

    try:
        # Level Q survives a fold or a stamp over a quarter of it. Text in capitals is packed tighter by
        # itself: fewer, larger modules.
        code = zxingcpp.create_barcode(text, zxingcpp.BarcodeFormat.QRCode, ec_level="Q")
        return code.to_svg(add_quiet_zones=False)
    except ValueError as error:
        raise PrintingError(f"no QR code can hold this text: {error}") from error


def _render_page(
    template: Path, data: dict[str, Any], page: int, files: Files, mark: Sequence[str], **options: Any
) -> bytes:
    """Return one page in a form that has no standard to hold it to: a missing glyph, which would pass unseen,
    is found by the PDF.
    """
    render_pdf(template, data, files=files, mark=mark)
    made = _compile(template, data, files, mark, **options)
    pages = made if isinstance(made, list) else [made]
    if not 1 <= page <= len(pages):
        raise PrintingError(f"there is no page {page}, only {len(pages)}")
    return pages[page - 1]


def _compile(
    template: Path,
    data: dict[str, Any],
    files: Files,
    mark: Sequence[str],
    *,
    is_trial: bool = False,
    **options: Any,
) -> Any:
    """Run the template over the data; the data enters as JSON and is never read as code."""
    import typst

    sources = {PARTS.name: PARTS.read_bytes(), **(files or {}), "main.typ": template.read_bytes()}
    inputs = {"data": json.dumps(data, sort_keys=True)}
    if mark:
        sources |= {"sheet.typ": sources["main.typ"], "main.typ": MARKED.read_bytes()}
        inputs["mark"] = json.dumps(list(mark))
    if is_trial:
        inputs["trial"] = "yes"
    try:
        return _compiler().compile(input=sources, sys_inputs=inputs, timestamp=NO_CLOCK, **options)
    except typst.TypstError as error:
        if error.message.startswith(TOO_SMALL):
            raise TooSmall(error.message.removeprefix(TOO_SMALL)) from error
        raise PrintingError("; ".join([error.message, *error.hints])) from error


def _with_blanks(data: Any) -> Any:
    """Return the data of a page with a box for every character that no font draws."""
    if isinstance(data, str):
        return with_blanks(data)
    if isinstance(data, dict):
        return {key: _with_blanks(value) for key, value in data.items()}
    return [_with_blanks(value) for value in data] if isinstance(data, list | tuple) else data


def _compiler() -> "Compiler":
    """Return this thread's own compiler: one that two threads share refuses the second."""
    import typst

    if not hasattr(_thread, "compiler"):
        _thread.compiler = typst.Compiler(font_paths=_fonts())
    return _thread.compiler


@lru_cache(maxsize=1)
def _fonts() -> "Fonts":
    """Return our fonts and the renderer's own, never the system's: the bytes must not depend on
    the machine.
    """
    import typst

    return typst.Fonts(include_system_fonts=False, font_paths=[str(FONTS)])
