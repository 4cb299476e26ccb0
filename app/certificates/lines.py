"""The register, and the certificates of a batch, as tables for spreadsheets with the columns and words of their pages."""

from collections.abc import Collection, Iterable

from app.certificates.models import Certificate
from app.core.text import _
from app.sheets.document import Sheet

TO_REPLACE = _("Nama atau datanya keliru, perlu diganti")


def register_sheet(found: Iterable[Certificate]) -> Sheet:
    """Return certificates of all batches within reach."""
    headings = [_("Nomor"), _("Nama"), _("Diklat"), _("Angkatan"), _("Jenjang"), _("Ditetapkan"), _("Status")]
    lines = [
        [
            each.number,
            each.facts["name"],
            each.facts.get("course"),
            each.facts.get("batch"),
            each.tier.label,
            each.issued_on,
            each.state.label,
        ]
        for each in found
    ]
    return Sheet(headings, lines)


def batch_sheet(found: Iterable[Certificate], misnamed: Collection[int]) -> Sheet:
    """Return the certificates of one batch; `misnamed`: the ids of those that are to be replaced."""
    headings = [_("Nama"), _("Nomor"), _("Keterangan"), _("Ditetapkan"), _("Status")]
    return Sheet(headings, [[each.facts["name"], each.number, each.kind.label, each.issued_on, _said(each, misnamed)] for each in found])


def _said(certificate: Certificate, misnamed: Collection[int]) -> str:
    return f"{certificate.state.label}; {TO_REPLACE}" if certificate.id in misnamed else str(certificate.state.label)
