"""The certificate as PDF, from its frozen copy only: whatever changed since it was issued does not reach the
page.
"""

import hashlib
import json
import re
import unicodedata
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from app.certificates.rules import DESIGN, FIRST_DESIGN, FIRST_WORDING, SECOND_DESIGN
from app.core.text import Text, _
from app.printing.services import qr_svg, refuse_unreadable, render_pdf, render_png, render_svg, tier_steps

Mark = tuple[str, ...]

TEMPLATES = {
    FIRST_DESIGN: Path(__file__).with_name("certificate_1.typ"),
    SECOND_DESIGN: Path(__file__).with_name("certificate_2.typ"),
    DESIGN: Path(__file__).with_name("certificate.typ"),
}

# A certificate is a legal text: its sentences stand here in Indonesian, whatever language the pages are read
# in.
MONTHS = (
    "Januari",
    "Februari",
    "Maret",
    "April",
    "Mei",
    "Juni",
    "Juli",
    "Agustus",
    "September",
    "Oktober",
    "November",
    "Desember",
)
TITLES = {
    "completion": "SURAT TANDA TAMAT PENDIDIKAN DAN PELATIHAN",
    "participation": "SERTIFIKAT KEIKUTSERTAAN",
}
VERDICTS = {"completion": "LULUS", "participation": "TELAH MENGIKUTI"}
DIGEST_PRINTED = 12  # characters of the digest on the back
BIRTH = _("Tempat, tanggal lahir")
DIGEST = _("Sidik data")
PERSON_LABELS: dict[str, Text] = {  # of the rows about the person, as the page says them
    "Nama": _("Nama"),
    "Tempat, tanggal lahir": BIRTH,
    "Tanggal lahir": BIRTH,
    "Nomor induk PSM": _("Nomor induk PSM"),
    "Jabatan": _("Jabatan"),
    "Wilayah tugas": _("Wilayah tugas"),
    "Instansi": _("Instansi"),
    "Kualifikasi": _("Kualifikasi"),
}
FILE_PREFIXES = {"completion": "STTPP", "participation": "Sertifikat-Keikutsertaan"}


def certificate_pdf(facts: dict[str, Any], *, address: str, mark: Mark = ()) -> bytes:
    """Return both pages; the same facts, address and mark give the same bytes.

    Raise PrintingError where a character has no glyph.

    `mark`: what stands across every page of a sheet that no longer holds (see `mark_of`).
    """
    return render_pdf(TEMPLATES[_design(facts)], _page_data(facts, address, mark), mark=mark)


def refuse_sheet(facts: dict[str, Any], *, address: str) -> None:
    """Raise PrintingError where a sheet that is to be issued cannot be drawn, or not in letters that can be
    read.
    """
    refuse_unreadable(TEMPLATES[_design(facts)], _page_data(facts, address))


def certificate_png(
    facts: dict[str, Any],
    *,
    address: str,
    page: int = 1,
    ppi: int = 144,
    specimen: bool = False,
    mark: Mark = (),
) -> bytes:
    """Return one page as a picture, to keep on a phone, or for a preview: a specimen says across the sheet
    that it is none.
    """
    return render_png(
        TEMPLATES[_design(facts)],
        _page_data(facts, address, mark, specimen=specimen),
        page=page,
        ppi=ppi,
        mark=mark,
    )


def certificate_svg(facts: dict[str, Any], *, address: str, mark: Mark = ()) -> bytes:
    """Return the front page as a drawing, to be shown on a page of the site."""
    return render_svg(TEMPLATES[_design(facts)], _page_data(facts, address, mark), mark=mark)


def mark_of(
    *, revoked_on: date | None, number_after: str | None = None, after_revoked_on: date | None = None
) -> Mark:
    """Return the lines that a sheet bears once it no longer holds; none while it does.

    `number_after`: of the certificate that stands in for it today, the last of the chain, with the day since
    when that is revoked.
    """
    if revoked_on is not None:
        return "DICABUT", f"sejak {_long_date(revoked_on.isoformat())}"
    if number_after is None:
        return ()
    if after_revoked_on is not None:
        return (
            "SUDAH DIGANTI",
            f"dengan nomor {number_after}",
            f"yang dicabut sejak {_long_date(after_revoked_on.isoformat())}",
        )
    return "SUDAH DIGANTI", f"dengan nomor {number_after}"


def certificate_filename(facts: dict[str, Any]) -> str:
    """Name the file so that a folder of them can be read: kind, person, course, number; safe on
    every disk.
    """
    parts = [FILE_PREFIXES[facts["kind"]], *(_file_part(facts[key]) for key in ("name", "course", "number"))]
    return "_".join(part for part in parts if part) + ".pdf"


def printed_lines(facts: dict[str, Any]) -> list[str]:
    """List every text that the two pages must show, whatever the address."""
    front, back = _front(facts), _back(facts)
    lines = [
        front[key]
        for key in (
            "government",
            "organiser",
            "title",
            "number",
            "basis",
            "verdict",
            "sentence",
            "decided",
            "code",
        )
    ]
    lines += [text for row in front["identity"] for text in row]
    if front["second"]:
        lines += _signer_lines(front["second"])
    lines += _signer_lines(front["signer"])
    lines += [back[key] for key in ("heading", "course", "total_label", "number", "code", "digest")]
    lines += [text for row in back["subjects"] for text in row]
    lines += back["totals"]
    if back["signer"]:
        lines += [back["decided"], *_signer_lines(back["signer"])]
    return lines + ([front["tier"]["label"]] if front["tier"] else [])


@dataclass(frozen=True)
class PrintedFact:
    """One fact as both pages of the sheet show it; `lines` are the words that stand there.

    Birth is printed, and told to nobody.
    """

    label: Text
    lines: tuple[str, ...]
    is_private: bool = False


def public_lines(facts: dict[str, Any]) -> list[PrintedFact]:
    """Return what of a sheet the page and programs show to anybody: everything printed but birth, in the
    order of the paper.
    """
    return [each for each in printed_facts(facts) if not each.is_private]


def printed_facts(facts: dict[str, Any]) -> list[PrintedFact]:
    """List every fact that the sheet prints, once, in the order of the paper: the only list that the public
    check is made of.

    A fact that is not printed is not listed, and the other way round; tests compare the two for every kind of
    sheet.
    """
    tier, second = _tier(facts), facts["second_signer"]
    listed: list[tuple[Text, list[str]]] = [
        (_("Nomor"), [facts["number"]]),
        (_("Judul"), [TITLES[facts["kind"]]]),
        *((PERSON_LABELS[label], [value]) for label, value in _identity(facts)),
        (_("Keterangan"), [VERDICTS[facts["kind"]]]),
        (_("Diklat"), [_course(facts)]),
        (_("Jenjang"), [facts["tier_label"]] if tier else []),
        (_("Lama"), [_duration(facts)]),
        (_("Tanggal diklat"), [_date_range(facts["starts_on"], facts["ends_on"])]),
        (_("Tempat"), [facts["place"]]),
        (_("Praktik lapangan"), [facts["fieldwork_place"] or ""]),
        (_("Penyelenggara"), [facts["organiser"], facts["government"]]),
        (_("Dasar hukum"), list(facts["legal_basis"])),
        (_("Ditetapkan"), [facts["issued_at_place"], _long_date(facts["issued_on"])]),
        (_("Penanda tangan"), _signer_facts(facts["signer"])),
        (_("Penanda tangan kedua"), _signer_facts(second) if second else []),
        (
            _("Mata diklat"),
            [_subject(number, subject) for number, subject in enumerate(facts["subjects"], start=1)],
        ),
        (_("Kode"), [grouped_code(facts["code"])]),
        (DIGEST, [facts_digest(facts)[:DIGEST_PRINTED]]),
    ]
    found = [
        PrintedFact(label, tuple(filter(None, lines)), is_private=label is BIRTH) for label, lines in listed
    ]
    return [each for each in found if each.lines]


def _signer_facts(signer: dict[str, Any]) -> list[str]:
    """List what the sheet says of a signer, the name first."""
    block = _signer(signer)
    return [block["name"], block["on_behalf"], block["position"].rstrip(","), block["rank"], block["nip"]]


def _subject(number: int, subject: dict[str, Any]) -> str:
    """Word one line of the table on the back."""
    parts = (subject["theory_hours"], "teori"), (subject["practice_hours"], "praktik")
    hours = ", ".join(f"{hours} JP {what}" for hours, what in parts if hours)
    return f"{number}. {subject['name']}" + (f" ({hours})" if hours else "")


def facts_digest(facts: dict[str, Any]) -> str:
    """Return the SHA-256 of the frozen copy in canonical form, so that a changed copy shows."""
    canonical = json.dumps(facts, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()


def grouped_code(code: str) -> str:
    """Break the code into groups that can be typed from paper: ABCDE-FGHJK-LMN."""
    return "-".join(code[start : start + 5] for start in range(0, len(code), 5))


def _page_data(
    facts: dict[str, Any], address: str, mark: Mark = (), *, specimen: bool = False
) -> dict[str, Any]:
    """Gather all that the template lays out; it composes no text of its own."""
    site = urlsplit(address)
    origin = f"{site.scheme}://{site.netloc}".lower()
    return {
        "document": {
            "title": " · ".join(
                filter(None, [" ".join(mark), f"{TITLES[facts['kind']].capitalize()}: {facts['name']}"])
            ),
            "author": facts["organiser"],
            "date": [int(part) for part in facts["issued_on"].split("-")],
            "orientation": facts["layout"].get("orientation", "landscape"),
            "photo": bool(facts["layout"].get("photo")),
            "specimen": specimen,
        },
        "front": _front(facts),
        "back": _back(facts),
        "check": {
            "qr": qr_svg(
                address.upper()
            ),  # capitals are packed tighter: larger modules, so that a photocopy still reads
            "alt": f"Kode QR menuju {address}",
            "host": f"Periksa di {site.netloc.lower()}",
            "expect": f"Pastikan alamat yang terbuka diawali {origin}/ dan isinya sama dengan lembar ini.",
            "address": address,
        },
    }


def _design(facts: dict[str, Any]) -> int:
    """Return the design that the sheet was issued in."""
    return facts["layout"].get("design", FIRST_DESIGN)


def _front(facts: dict[str, Any]) -> dict[str, Any]:
    """Word the front page."""
    return {
        "government": facts["government"].upper(),
        "organiser": facts["organiser"].upper(),
        "title": TITLES[facts["kind"]],
        "number": f"Nomor : {facts['number']}",
        "basis": _basis(facts),
        "identity": _identity(facts),
        "verdict": VERDICTS[facts["kind"]],
        "sentence": _sentence(facts),
        "decided": f"Ditetapkan di {facts['issued_at_place']}, tanggal {_long_date(facts['issued_on'])}",
        "signer": _signer(facts["signer"]),
        "second": (
            _signer(facts["second_signer"]) if facts["second_signer"] and _both_in_front(facts) else None
        ),
        "tier": _tier(facts),
        "code": grouped_code(facts["code"]),
    }


def _back(facts: dict[str, Any]) -> dict[str, Any]:
    """Word the back page: what was taught, how long, and by what the sheet is recognised."""
    hours = [(subject["theory_hours"], subject["practice_hours"]) for subject in facts["subjects"]]
    theory, practice = sum(pair[0] for pair in hours), sum(pair[1] for pair in hours)
    return {
        "heading": "DAFTAR MATA DIKLAT",
        "course": f"{facts['course_title']} · Angkatan {facts['batch_ordinal']} Tahun {facts['year']}",
        "columns": ["No.", "Mata Diklat", "Teori", "Praktik", "Jumlah"],
        "unit": "JP",
        "subjects": [
            [f"{line}", subject["name"], _hours(pair[0]), _hours(pair[1]), _hours(sum(pair))]
            for line, (subject, pair) in enumerate(zip(facts["subjects"], hours, strict=True), start=1)
        ],
        "total_label": "Jumlah Jam Pelajaran (JP)",
        "totals": [f"{theory}", f"{practice}", f"{theory + practice}"],
        "decided": f"{facts['issued_at_place']}, {_long_date(facts['issued_on'])}",
        "signer": (
            _signer(facts["second_signer"]) if facts["second_signer"] and not _both_in_front(facts) else None
        ),
        "name": facts["name"],
        "number": f"Nomor : {facts['number']}",
        "code": grouped_code(facts["code"]),
        "digest": facts_digest(facts)[:DIGEST_PRINTED],
    }


def _both_in_front(facts: dict[str, Any]) -> bool:
    """Say whether the second signer stands beside the first; where nothing is said, on the back."""
    return facts["layout"].get("second_signer") == "front"


def _tier(facts: dict[str, Any]) -> dict[str, Any] | None:
    """Word the mark of the tier; a first sheet has none."""
    if _design(facts) == FIRST_DESIGN:
        return None
    return {"label": f"Jenjang {facts['tier_label']}", **tier_steps(facts["tier_rank"])}


def _basis(facts: dict[str, Any]) -> str:
    """Say who declares this and on what grounds."""
    position, grounds = facts["signer"]["position"], facts["legal_basis"]
    if not grounds:
        return f"{position} menyatakan bahwa:"
    *others, last = grounds
    listed = f"{', '.join(others)}{',' if len(others) > 1 else ''} dan {last}" if others else last
    return f"{position} berdasarkan {listed} menyatakan bahwa:"


def _identity(facts: dict[str, Any]) -> list[list[str]]:
    """List the rows about the person; what is not known has no row.

    The first wording set a dash where nothing was graded.
    """
    born_on = facts["birth_date"] and _long_date(facts["birth_date"])
    dashed = facts["kind"] == "completion" and facts["layout"].get("wording", FIRST_WORDING) == FIRST_WORDING
    rows = [
        ("Nama", facts["name"]),
        (
            "Tempat, tanggal lahir" if facts["birth_place"] else "Tanggal lahir",
            _joined(facts["birth_place"], born_on),
        ),
        ("Nomor induk PSM", facts["member_number"]),
        ("Jabatan", facts["position"]),
        ("Wilayah tugas", _joined(facts["duty_desa"], facts["duty_kecamatan"])),
        ("Instansi", facts["institution"]),
        ("Kualifikasi", facts["grade"] or ("-" if dashed else None)),
    ]
    return [[label, value] for label, value in rows if value]


def _sentence(facts: dict[str, Any]) -> str:
    """Say what was attended: which course, by whom, where, when, how long."""
    fieldwork = f", dengan praktik lapangan di {facts['fieldwork_place']}" if facts["fieldwork_place"] else ""
    return (
        f"pada {_course(facts)}"
        f" yang diselenggarakan oleh {facts['organiser']} di {facts['place']}"
        f" pada tanggal {_date_range(facts['starts_on'], facts['ends_on'])}{fieldwork},"
        f" yang meliputi {_duration(facts)}."
    )


def _course(facts: dict[str, Any]) -> str:
    """Say what was attended."""
    return f"{facts['course_title']} Angkatan {facts['batch_ordinal']} Tahun {facts['year']}"


def _duration(facts: dict[str, Any]) -> str:
    """Say how long it took, in figures and words."""
    from lokal import terbilang

    return f"{facts['lesson_hours']} ({terbilang(facts['lesson_hours'])}) Jam Pelajaran"


def _signer(signer: dict[str, Any]) -> dict[str, str]:
    """Word a signature block: on whose behalf, position, name, rank, NIP."""
    prefix = signer["prefix"] or ""
    on_behalf = (
        prefix if prefix.startswith("a.n. ") else ""
    )  # naming the one represented, it takes a line of its own
    position = signer["position"] if on_behalf or not prefix else f"{prefix} {signer['position']}"
    return {
        "on_behalf": on_behalf,
        "position": f"{position},",
        "name": signer["name"],
        "rank": signer["rank"] or "",
        "nip": f"NIP. {_grouped_nip(signer['nip'])}" if signer["nip"] else "",
    }


def _signer_lines(block: dict[str, str]) -> list[str]:
    """List the lines of a signature block that are there."""
    return [line for line in block.values() if line]


def _grouped_nip(nip: str) -> str:
    """Break an 18-digit NIP into birth, appointment, sex and serial; anything else stays as typed."""
    found = re.fullmatch(r"(\d{8})(\d{6})(\d)(\d{3})", re.sub(r"\s", "", nip))
    return " ".join(found.groups()) if found else nip


def _long_date(iso: str) -> str:
    """Write a day as on paper: 24 Mei 2011."""
    day = date.fromisoformat(iso)
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"


def _date_range(first: str, last: str) -> str:
    """Write a span of days without saying month or year twice: 24 s.d. 27 Mei 2011."""
    start, end = date.fromisoformat(first), date.fromisoformat(last)
    if start == end:
        return _long_date(first)
    begins = _long_date(first)
    if start.year == end.year:
        begins = f"{start.day}" if start.month == end.month else f"{start.day} {MONTHS[start.month - 1]}"
    return f"{begins} s.d. {_long_date(last)}"


def _hours(number: int) -> str:
    """Write lesson hours for a table; none is a dash, so that a column can be read down."""
    return f"{number}" if number else "–"


def _joined(*parts: str | None) -> str:
    """Join what is known by commas."""
    return ", ".join(part for part in parts if part)


def _file_part(text: str, longest: int = 60) -> str:
    """Reduce a text to letters, digits and hyphens, short enough for every file system."""
    plain = unicodedata.normalize("NFKD", re.sub(r"['’ʼ`]", "", text)).encode("ascii", "ignore").decode()
    return re.sub(r"[^A-Za-z0-9]+", "-", plain).strip("-")[:longest].strip("-")


def prints_the_same(old: dict[str, Any], new: dict[str, Any]) -> bool:
    """Say whether a new sheet would be the old one, apart from number, code and date."""
    dated = {**new, **{name: old[name] for name in ("number", "code", "issued_on")}}
    was, will = (
        [(str(each.label), each.lines) for each in printed_facts(facts) if each.label != DIGEST]
        for facts in (old, dated)
    )
    return was == will and old.get("layout") == new.get("layout")
