"""Register organisers, record what they are called and who signs for them, set how their certificates are
numbered.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from app.audit import services as audit
from app.auth.rules import Permission
from app.core.actor import Actor
from app.core.errors import Conflict, RuleViolation
from app.core.text import Text, _, shortlist
from app.core.unit_of_work import atomic
from app.extensions import db
from app.organisers import ports
from app.organisers.models import Organiser, OrganiserName, Signer
from app.organisers.queries import (
    find_by_unit,
    find_called,
    find_office_at,
    find_organiser_by_code,
    list_names,
    list_signers,
    lock_organiser,
    name_on,
)
from app.organisers.rules import (
    CODE,
    NIP,
    ORGANISER_LEVELS,
    PREFIXES,
    UNIT,
    SheetLayout,
    overlapping,
    refusal_of_pattern,
)
from app.regions.models import Region
from app.regions.rules import Level

NAME, SIGNER = (
    ("name", "government", "address", "phone"),
    ("name", "position", "rank", "nip"),
)  # what may be mistyped
DEFAULT_PATTERN = "{sequence:03}/DIKLAT-{tier}/{unit}/{month}/{year}"


@atomic()
def register_organiser(
    *,
    code: str,
    unit: str,
    level: Level,
    region: Region,
    seat: str,
    name: str,
    government: str,
    starts_on: date,
    by: Actor,
    number_pattern: str = DEFAULT_PATTERN,
    address: str = "",
    phone: str = "",
) -> Organiser:
    """Enter an office with its first name; raise when the code is taken, the level is not that of its region,
    the region has an office, one of another region bears the name or the unit, or `by` has no say there.
    """
    code, unit = code.strip().upper(), unit.strip().upper()
    if not by.can(Permission.ORGANISER_EDIT, region):
        raise RuleViolation(_("Wilayah ini di luar wewenang Anda."), field="region")
    if CODE.fullmatch(code) is None:
        raise RuleViolation(
            _("Kode terdiri atas 2 sampai 16 huruf dan angka tanpa spasi, misalnya TAPIN."), field="code"
        )
    if level not in ORGANISER_LEVELS or region.level is not level:
        raise RuleViolation(_("Tingkat penyelenggara harus sama dengan tingkat wilayahnya."), field="level")
    refuse_numbering(number_pattern, unit)
    if find_organiser_by_code(code):
        raise Conflict(_("Kode %(code)s sudah dipakai penyelenggara lain.", code=code), field="code")
    if (other := find_office_at(region.id)) is not None:
        raise Conflict(
            _(
                "%(place)s sudah mempunyai penyelenggara: %(other)s. Satu wilayah satu kantor. Pakai yang"
                " sudah ada; bila namanya keliru, catat nama barunya, atau minta bantuan %(above)s.",
                place=region.full_name,
                other=_called(other),
                above=_office_above(level),
            ),
            field="region",
        )
    _refuse_unit(unit, region.id, level)
    organiser = Organiser(
        code=code,
        unit=unit,
        level=level,
        region_id=region.id,
        seat=seat,
        number_pattern=number_pattern,
        recorded_by_id=by.id,
    )
    db.session.add(organiser)
    db.session.flush()
    audit.record("organiser.registered", organiser, by=by)
    rename_organiser(
        organiser, name=name, government=government, starts_on=starts_on, address=address, phone=phone, by=by
    )
    return organiser


@atomic()
def rename_organiser(
    organiser: Organiser,
    *,
    name: str,
    government: str,
    starts_on: date,
    by: Actor,
    address: str = "",
    phone: str = "",
    knowing: bool = True,
) -> OrganiserName:
    """Say what the office is called from a day on; raise when another name already begins on that day, an
    office of another region is called so, and, unless it is done knowingly, when certificates of that time
    print another one: they keep it.
    """
    organiser = lock_organiser(organiser.id)
    _refuse_borne(organiser, name, government)
    names = list_names(organiser)
    if any(known.starts_on == starts_on for known in names):
        raise Conflict(_("Sudah ada nama yang berlaku mulai tanggal itu."), field="starts_on")
    row = OrganiserName(
        organiser_id=organiser.id,
        name=name,
        government=government,
        address=address,
        phone=phone,
        starts_on=starts_on,
        recorded_by_id=by.id,
    )
    if not knowing:
        _refuse_contradiction(organiser, names=[row, *names])
    before = name_on(organiser, starts_on)
    db.session.add(row)
    details = {
        "before": _spelt(before, NAME) if before else None,
        "after": _spelt(row, NAME),
        "starts_on": starts_on.isoformat(),
    }
    audit.record("organiser.renamed", organiser, by=by, details=details)
    return row


@atomic()
def correct_name(
    known: OrganiserName, *, name: str, government: str, by: Actor, address: str = "", phone: str = ""
) -> bool:
    """Correct a typing mistake in what the office is called in one period, and return whether anything
    differs; certificates that were issued keep what they print until they are replaced.
    """
    organiser = lock_organiser(known.organiser_id)
    _refuse_borne(organiser, name, government)
    return _correct(
        organiser,
        known,
        NAME,
        {"name": name, "government": government, "address": address, "phone": phone},
        by,
    )


@atomic()
def correct_signer(
    signer: Signer, *, name: str, position: str, by: Actor, rank: str | None = None, nip: str | None = None
) -> bool:
    """Correct a typing mistake in one term of a signer, and return whether anything differs; certificates
    that were issued keep what they print until they are replaced. Another person has a term of their own.
    """
    organiser = lock_organiser(signer.organiser_id)
    return _correct(
        organiser,
        signer,
        SIGNER,
        {"name": name, "position": position, "rank": rank or None, "nip": _plain_nip(nip)},
        by,
    )


def _correct(
    organiser: Organiser, row: Any, parts: Sequence[str], values: Mapping[str, str | None], by: Actor
) -> bool:
    db.session.refresh(row)
    before = _spelt(row, parts)
    for part in parts:
        setattr(row, part, values[part])
    after = _spelt(row, parts)
    if before == after:
        return False
    action = "signer.corrected" if isinstance(row, Signer) else "organiser.name_corrected"
    audit.record(
        action,
        organiser,
        by=by,
        details={"before": before, "after": after, "starts_on": row.starts_on.isoformat()},
    )
    return True


def contradicting_certificates(organiser: Organiser) -> list[ports.NumberedCertificate]:
    """Return the certificates in force that print another signer or name of the office than is recorded for
    their day.
    """
    return ports.contradicted(organiser.id, list_names(organiser), list_signers(organiser))


def _refuse_contradiction(
    organiser: Organiser,
    *,
    names: Sequence[OrganiserName] | None = None,
    signers: Sequence[Signer] | None = None,
) -> None:
    """Raise, naming them, where a change would let certificates in force print otherwise than is recorded for
    their day.
    """
    found = ports.contradicted(
        organiser.id, names or list_names(organiser), signers or list_signers(organiser)
    )
    _refuse_unknown(contradicting_certificates(organiser), found)


def _refuse_unknown(
    before: Sequence[ports.NumberedCertificate], after: Sequence[ports.NumberedCertificate]
) -> None:
    numbers = [paper.number for paper in after if paper not in before]
    if numbers:
        raise RuleViolation(
            _(
                "Pada masa itu sudah terbit %(n)d sertifikat dengan nama atau penandatangan lain:"
                " %(numbers)s. Sertifikat itu tetap seperti tercetak sampai diganti. Centang bila ini tetap"
                " dicatat.",
                n=len(numbers),
                numbers=shortlist(numbers, 5),
            ),
            field="knowing",
        )


def _spelt(row: Any, parts: Sequence[str]) -> dict[str, str | None]:
    return {part: getattr(row, part) for part in parts}


def _plain_nip(nip: str | None) -> str | None:
    plain = (nip or "").replace(" ", "") or None
    if plain and NIP.fullmatch(plain) is None:
        raise RuleViolation(_("NIP terdiri atas 18 angka."), field="nip")
    return plain


@atomic()
def set_numbering(organiser: Organiser, *, number_pattern: str, unit: str, seat: str, by: Actor) -> None:
    """Set how the next certificates are numbered and where they are signed; those issued keep theirs."""
    organiser = lock_organiser(organiser.id)
    unit = unit.strip().upper()
    refuse_numbering(number_pattern, unit)
    if unit != organiser.unit:
        _refuse_unit(unit, organiser.region_id, organiser.level)
    before = {"number_pattern": organiser.number_pattern, "unit": organiser.unit, "seat": organiser.seat}
    organiser.number_pattern, organiser.unit, organiser.seat = number_pattern, unit, seat
    after = {"number_pattern": number_pattern, "unit": unit, "seat": seat}
    audit.record("organiser.numbering_set", organiser, by=by, details={"before": before, "after": after})


@atomic()
def set_sheet(organiser: Organiser, sheet: SheetLayout, *, by: Actor) -> None:
    """Set how the next certificates are laid out; those issued keep theirs."""
    organiser = lock_organiser(organiser.id)
    before = _said(organiser.sheet)
    organiser.sheet_orientation, organiser.sheet_second_signer, organiser.sheet_photo = (
        sheet.orientation,
        sheet.second_signer,
        sheet.photo,
    )
    audit.record("organiser.sheet_set", organiser, by=by, details={"before": before, "after": _said(sheet)})


@atomic()
def publish_coverage(organiser: Organiser, publishes: bool, *, by: Actor) -> None:
    """Open the figures of coverage of its kabupaten to everybody, or close them again. Safe to repeat."""
    organiser = lock_organiser(organiser.id)
    if organiser.publishes_coverage == publishes:
        return
    organiser.publishes_coverage = publishes
    audit.record(
        "organiser.coverage_published" if publishes else "organiser.coverage_closed", organiser, by=by
    )


def _said(sheet: SheetLayout) -> dict[str, str | bool]:
    return {
        "orientation": str(sheet.orientation),
        "second_signer": str(sheet.second_signer),
        "photo": sheet.photo,
    }


def _refuse_unit(unit: str, region_id: int, level: Level) -> None:
    """Raise where an office of another region writes this unit in its numbers: two certificates could bear
    one number.
    """
    if (other := find_by_unit(unit, region_id)) is not None:
        raise Conflict(
            _borne(_("Unit %(unit)s dipakai %(other)s.", unit=unit, other=_called(other)), level),
            field="unit",
        )


def _refuse_borne(organiser: Organiser, name: str, government: str) -> None:
    if (other := find_called(name, government, organiser.region_id)) is not None:
        raise Conflict(
            _borne(_("Nama ini dipakai %(other)s.", other=_called(other)), organiser.level), field="name"
        )


def _borne(sentence: Text, level: Level) -> Text:
    return _(
        "%(sentence)s Pilih yang lain, atau minta bantuan %(above)s.",
        sentence=sentence,
        above=_office_above(level),
    )


def _called(organiser: Organiser) -> str:
    return next((name.name for name in list_names(organiser)), organiser.code)


def _office_above(level: Level) -> Text:
    return _("dinas sosial provinsi") if level is Level.KABUPATEN else _("Kementerian Sosial")


def refuse_numbering(number_pattern: str, unit: str) -> None:
    """Raise when no certificate number can be written by this pattern and unit."""
    refusal = refusal_of_pattern(number_pattern)
    if refusal:
        raise RuleViolation(refusal, field="number_pattern")
    if UNIT.fullmatch(unit) is None:
        raise RuleViolation(
            _("Unit terdiri atas huruf, angka dan tanda hubung, misalnya DINSOS-TAPIN."), field="unit"
        )


@atomic()
def appoint_signer(
    organiser: Organiser,
    *,
    name: str,
    position: str,
    starts_on: date,
    by: Actor,
    ends_on: date | None = None,
    prefix: str | None = None,
    rank: str | None = None,
    nip: str | None = None,
    is_second: bool = False,
    knowing: bool = True,
) -> Signer:
    """Enter who signs from a day on; raise when two regular signers of the same page would hold office on the
    same day, and, unless it is done knowingly, when certificates of that time print another one: they keep
    it.
    """
    organiser = lock_organiser(organiser.id)
    if ends_on is not None and ends_on < starts_on:
        raise RuleViolation(_("Tanggal berakhir tidak boleh sebelum tanggal mulai."), field="ends_on")
    if prefix and prefix not in PREFIXES:
        raise RuleViolation(_("Awalan jabatan ini tidak dikenal."), field="prefix")
    nip, signers = _plain_nip(nip), list_signers(organiser)
    other = None if prefix else overlapping(signers, starts_on=starts_on, ends_on=ends_on, second=is_second)
    if other:
        raise RuleViolation(
            _(
                "%(name)s masih menjabat pada masa itu. Akhiri dahulu masa jabatannya, atau pilih Plt. atau"
                " Plh.",
                name=other.name,
            ),
            field="starts_on",
        )
    signer = Signer(
        organiser_id=organiser.id,
        name=name,
        position=position,
        prefix=prefix or None,
        rank=rank or None,
        nip=nip,
        is_second=is_second,
        starts_on=starts_on,
        ends_on=ends_on,
        recorded_by_id=by.id,
    )
    if not knowing:
        _refuse_contradiction(organiser, signers=[signer, *signers])
    db.session.add(signer)
    db.session.flush()
    details = {"signer": signer.id, **_spelt(signer, SIGNER), "starts_on": starts_on.isoformat()}
    audit.record("signer.appointed", organiser, by=by, details=details)
    return signer


@atomic()
def end_signer(signer: Signer, *, ends_on: date, by: Actor, knowing: bool = True) -> None:
    """End a term on a day, the last one included; raise when it ends then already, or would end before it
    began or later than now, and, unless it is done knowingly, when this signer stands on certificates of a
    later day.
    """
    organiser = lock_organiser(signer.organiser_id)
    db.session.refresh(signer)
    if signer.ends_on == ends_on:
        raise Conflict(
            _("Masa jabatan %(name)s sudah berakhir pada tanggal itu.", name=signer.name), field="ends_on"
        )
    if ends_on < signer.starts_on:
        raise RuleViolation(_("Tanggal berakhir tidak boleh sebelum tanggal mulai."), field="ends_on")
    if signer.ends_on is not None and ends_on > signer.ends_on:
        raise RuleViolation(
            _("Masa jabatan yang sudah diakhiri hanya dapat dimajukan. Catat masa jabatan baru."),
            field="ends_on",
        )
    before = contradicting_certificates(organiser)
    signer.ends_on = ends_on
    db.session.flush()
    if not knowing:
        _refuse_unknown(before, contradicting_certificates(organiser))
    audit.record(
        "signer.ended",
        organiser,
        by=by,
        details={"signer": signer.id, "name": signer.name, "ends_on": ends_on.isoformat()},
    )
