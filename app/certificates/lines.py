"""Certificates as staff read them: the register and a batch's as tables, and revocations that were taken
back.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select

from app.audit.models import Event
from app.audit.queries import details_of
from app.certificates.models import Certificate
from app.certificates.queries import is_misjoined, is_renamed
from app.core.dates import local_moment, long_date
from app.core.text import Text, _, full_stop
from app.extensions import db
from app.sheets.document import Sheet

WILL_BE_REPLACED = _(
    "Nama atau data pada sertifikat ini keliru. Pejabat penerbit akan menggantinya, dan Anda dikabari."
)
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
    return Sheet(
        headings,
        [
            [each.facts["name"], each.number, each.kind.label, each.issued_on, _said(each, misnamed)]
            for each in found
        ],
    )


def _said(certificate: Certificate, misnamed: Collection[int]) -> str:
    return (
        f"{certificate.state.label}; {TO_REPLACE}"
        if certificate.id in misnamed
        else str(certificate.state.label)
    )


@dataclass(frozen=True)
class TakenBack:
    """A revocation that was a mistake."""

    revoked_on: date | None
    why: str
    by: str
    at: datetime
    reason: str
    zone: str

    @property
    def said(self) -> Text:
        """Return since when it was revoked and why, who took that back, when and why."""
        values = {
            "name": self.by,
            "moment": local_moment(self.at, self.zone),
            "why": self.why.rstrip("."),
            "reason": full_stop(self.reason),
        }
        if self.revoked_on is None:
            return _("Pencabutannya ditarik kembali oleh %(name)s pada %(moment)s.", **values)
        return _(
            "Dicabut sejak %(day)s karena: %(why)s; pencabutan ditarik kembali oleh %(name)s pada %(moment)s"
            " karena: %(reason)s",
            day=long_date(self.revoked_on),
            **values,
        )


def taken_back(certificates: Iterable[Certificate]) -> dict[int, list[TakenBack]]:
    """Return, by certificate, every revocation that was taken back, the first one first; of a person whose
    key was erased only when.
    """
    zones = {each.id: each.batch.zone for each in certificates}
    reinstated = Event.action == "certificate.reinstated", Event.subject_type == Certificate.__name__
    events = list(
        db.session.scalars(
            select(Event).where(*reinstated, Event.subject_id.in_(sorted(zones))).order_by(Event.id)
        )
    )
    text, found = details_of(events), dict[int, list[TakenBack]]()
    for event in events:
        told = text[event.id] or {"note": "", "details": {}}
        day, key = told["details"].get("revoked_on"), event.subject_id or 0
        line = TakenBack(
            date.fromisoformat(day) if day else None,
            told["details"].get("revoked_reason") or "",
            event.actor_label,
            event.at,
            told["note"],
            zones[key],
        )
        found.setdefault(key, []).append(line)
    return found


def ids_to_replace(certificates: Iterable[Certificate]) -> set[int]:
    """Return which of these certificates print what is not their holder's, and will be replaced."""
    return {each.id for each in certificates if is_misjoined(each) or is_renamed(each)}
