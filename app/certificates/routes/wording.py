"""The facts of a sheet in words. Birth date and place stay on the paper; NIK, telephone, photo and score never were in the copy."""

from datetime import date
from typing import Any

from app.certificates.document import VERDICTS, grouped_code
from app.core.dates import date_range, long_date
from app.core.text import Text, _
from app.trainees.rules import Sex

Row = tuple[Text, str]

# What a program is told of a certificate, by the name in the frozen copy.
PUBLIC_FACTS = (
    "name", "course", "course_title", "tier", "batch", "lesson_hours", "starts_on", "ends_on", "place", "fieldwork_place", "issued_on",
    "issued_at_place", "organiser", "government", "grade", "kind", "member_number", "position", "duty_desa", "duty_kecamatan",
)  # fmt: skip
DIGEST_PRINTED = 12


def public_facts(facts: dict[str, Any]) -> dict[str, Any]:
    """Return what a program may know: what is printed, without birth date and place."""
    return {
        **{name: facts[name] for name in PUBLIC_FACTS},
        "signer": facts["signer"]["name"],
        "signer_position": facts["signer"]["position"],
    }


def rows_of(facts: dict[str, Any], digest: str) -> list[Row]:
    """Return (label, value) of everything printed, in the order of the paper; what the paper leaves out is left out here too."""
    hours = f"{facts['lesson_hours']} JP"
    rows: list[tuple[Text, str | None]] = [
        (_("Nomor"), facts["number"]),
        (_("Nama"), facts["name"]),
        (_("Keterangan"), VERDICTS[facts["kind"]]),
        (_("Kualifikasi"), facts["grade"]),
        (_("Nomor induk PSM"), facts["member_number"]),
        (_("Jabatan"), facts["position"]),
        (_("Wilayah tugas"), ", ".join(part for part in (facts["duty_desa"], facts["duty_kecamatan"]) if part)),
        (_("Instansi"), facts["institution"]),
        (_("Diklat"), f"{facts['course_title']} Angkatan {facts['batch_ordinal']} Tahun {facts['year']}"),
        (_("Jenjang"), facts["tier_label"]),
        (_("Kode angkatan"), facts["batch"]),
        (_("Lama"), hours),
        (_("Tanggal diklat"), date_range(date.fromisoformat(facts["starts_on"]), date.fromisoformat(facts["ends_on"]))),
        (_("Tempat"), facts["place"]),
        (_("Praktik lapangan"), facts["fieldwork_place"]),
        (_("Penyelenggara"), f"{facts['organiser']}, {facts['government']}"),
        (_("Dasar hukum"), "; ".join(facts["legal_basis"])),
        (_("Ditetapkan"), f"{facts['issued_at_place']}, {long_date(date.fromisoformat(facts['issued_on']))}"),
        (_("Penanda tangan"), _signer(facts["signer"])),
        (_("Penanda tangan kedua"), _signer(facts["second_signer"])),
        (_("Mata diklat"), _subjects(facts["subjects"])),
        (_("Kode"), grouped_code(facts["code"])),
        (_("Sidik data"), digest[:DIGEST_PRINTED]),
    ]
    return [(label, value) for label, value in rows if value]


def differences(old: dict[str, Any], new: dict[str, Any]) -> list[tuple[Text, str, str]]:
    """Return (label, as printed, as it would be printed) of what differs between two sheets; number and code always do."""
    always = {"number", "code"}
    before, after = ({**facts, **dict.fromkeys(always, "")} for facts in (old, new))
    if (old["birth_place"], old["birth_date"]) != (new["birth_place"], new["birth_date"]):
        born = [(_("Tempat, tanggal lahir"), _born(old), _born(new))]
    else:
        born = []
    was, will = dict(rows_of(before, "")), dict(rows_of(after, ""))
    labels = list(dict.fromkeys([*was, *will]))
    return born + [(label, was.get(label, ""), will.get(label, "")) for label in labels if was.get(label) != will.get(label)]


def _born(facts: dict[str, Any]) -> str:
    day = facts["birth_date"] and long_date(date.fromisoformat(facts["birth_date"]))
    return ", ".join(part for part in (facts["birth_place"], day) if part)


def _signer(signer: dict[str, Any] | None) -> str | None:
    if not signer:
        return None
    post = " ".join(part for part in (signer["prefix"], signer["position"]) if part)
    return ", ".join(part for part in (signer["name"], post, signer["rank"], signer["nip"] and f"NIP {_grouped(signer['nip'])}") if part)


def _grouped(nip: str) -> str:
    """Break a NIP as the paper does, so that the two can be compared by eye."""
    return f"{nip[:8]} {nip[8:14]} {nip[14]} {nip[15:]}" if len(nip) == 18 else nip


def _subjects(subjects: list[dict[str, Any]]) -> str:
    return "; ".join(f"{each['name']} ({each['theory_hours'] + each['practice_hours']} JP)" for each in subjects)


def courtesy_title(sex: Sex | None) -> Text:
    """Return how somebody is addressed."""
    if sex is None:
        return _("Bapak/Ibu")
    return _("Ibu") if sex is Sex.FEMALE else _("Bapak")
