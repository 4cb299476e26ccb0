"""/gallery: one page a family of components, drawn by the same macros as every other page.

Development only.
"""

from typing import Any

from flask import Blueprint, Response, abort, current_app, render_template

from app.demo.mails import Preview, preview_mails
from app.gallery import samples
from app.web.access import public

bp = Blueprint("gallery", __name__)

FAMILIES = {
    "page": ("Bagian halaman", "gallery/show_page.html"),
    "forms": ("Formulir", "gallery/show_forms.html"),
    "question": ("Satu pertanyaan", "gallery/show_question.html"),
    "tables": ("Tabel", "gallery/show_tables.html"),
    "marks": ("Tanda, bagan, dan peta", "gallery/show_marks.html"),
    "paper": ("Kertas", "gallery/show_paper.html"),
    "mails": ("Email", "gallery/show_mails.html"),
    "check": ("Periksa sertifikat", "gallery/show_check.html"),
}


@bp.get("/gallery")
@public
def list_families() -> Any:
    """Name the families."""
    return render_template("gallery/list_families.html", families=FAMILIES)


@bp.get("/gallery/<family>")
@public
def show_family(family: str) -> Any:
    """Show the components of one family in all their states."""
    if family not in FAMILIES:
        abort(404)
    title, template = FAMILIES[family]
    return render_template(template, title=title, samples=samples, written=written)


@bp.get("/gallery/mails/<int:number>")
@public
def show_mail(number: int) -> Any:
    """Show the HTML form of one mail as a mail program would: its own style, nothing loaded, nothing run."""
    mails = written()
    if not 1 <= number <= len(mails):
        abort(404)
    answer = Response(mails[number - 1].html)
    answer.headers["Content-Security-Policy"] = (
        "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'"
    )
    return answer


def written() -> list[Preview]:
    """Write one mail of every kind."""
    settings = current_app.config["SETTINGS"]
    return preview_mails(base_url=settings.base_url, product=settings.product_name)
