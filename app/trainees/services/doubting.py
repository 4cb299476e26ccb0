"""What is asked before somebody is kept: whether it is a person known already, and why the NIK says something
else than the form.
"""

from datetime import date

from app.core.errors import Conflict, RuleViolation
from app.core.names import bare_name
from app.core.reasons import refusal_of_reason
from app.core.scopes import contains
from app.core.text import Text, _
from app.regions.models import Region
from app.trainees.alike import Likeness, likeness_of, list_maybe_alike, may_be_one
from app.trainees.models import Trainee
from app.trainees.queries import canonical
from app.trainees.rules import REASON_MOST, Sex, doubts_about_nik


class MaybeKnown(Conflict):
    """Somebody in sight may be the person that is entered: asked first; `known` is that person."""

    def __init__(self, known: Trainee) -> None:
        sentence = _(
            "Sudah ada %(name)s, %(desa)s (data nomor %(id)d): mungkin orang yang sama. Bila orang lain,"
            " nyatakan demikian, lalu simpan lagi.",
            name=known.name,
            desa=known.duty_region.full_name,
            id=known.id,
        )
        super().__init__(sentence, field="another_person")
        self.known = known


class KnownNikError(Conflict):
    """The NIK is that of somebody in sight; `known` is that person."""

    def __init__(self, sentence: Text, known: Trainee) -> None:
        super().__init__(sentence, field="nik")
        self.known = known


class NikDiffersError(RuleViolation):
    """The NIK says another birth date or sex than what is entered: put right, or let pass with a reason that
    is kept.
    """


def list_alike(
    name: str, region: Region, *, birth_date: date | None, phone: str | None, nik: str | None
) -> list[Trainee]:
    """Return the people who may be this one: around the desa, in the same kabupaten; from further away by the
    phone alone.
    """
    around = kabupaten_of(region)
    entered = Likeness(bare_name(name), region.id, birth_date, phone, nik)
    found = []
    for record in list_maybe_alike(entered.name, birth_date, around):
        person = canonical(record)
        records = [
            each
            for each in {record.id: record, person.id: person}.values()
            if may_be_one(entered, likeness_of(each))
        ]
        if any(
            contains(around, each.duty_region.scope_code) or (phone and phone == each.phone)
            for each in records
        ):
            found.append(person)
    return found


def kabupaten_of(region: Region) -> str:
    """Return the code of the kabupaten or kota that a desa lies in."""
    return ".".join(region.scope_code.split(".")[:2])


def note_on_nik(nik: str | None, birth_date: date | None, sex: Sex | None, reason: str) -> str:
    """Return why the NIK may say something else than birth date and sex, to be kept with the act; nothing
    where they agree.

    Raises NikDiffersError where they differ and no words say why.
    """
    doubts = doubts_about_nik(nik, birth_date, sex) if nik else []
    if not doubts:
        return ""
    if not reason:
        text = " ".join(str(doubt) for doubt in doubts)
        raise NikDiffersError(
            _("%(doubts)s Perbaiki isiannya, atau tuliskan mengapa tetap benar.", doubts=text),
            field="nik_reason",
        )
    refusal = refusal_of_reason(reason, most=REASON_MOST)
    if refusal:
        raise NikDiffersError(refusal, field="nik_reason")
    return reason
