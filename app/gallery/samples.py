"""Forms and rows with invented content that show every state of a component."""

from collections.abc import Iterator
from datetime import date
from types import SimpleNamespace
from typing import Any

from wtforms import (
    BooleanField,
    FileField,
    PasswordField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired
from wtforms.widgets import CheckboxInput, ListWidget

from app.core.text import _
from app.regions.fields import RegionField
from app.web.fields import ClockField, DayField, NumberField
from app.web.forms import BaseForm

LONG_NAME = "Dra. Hj. Siti Maimunah Nurhidayah Fathurrahmi binti H. Abdurrahman Sidik, S.Sos., M.Si."
TODAY = date(2026, 10, 12)
PERSON = SimpleNamespace(id=2)
DOUBTED = SimpleNamespace(
    known=SimpleNamespace(id=1, name=LONG_NAME, duty_region=SimpleNamespace(full_name="Desa Keladan")),
    may_merge=True,
    nik=[_("Tanggal lahir berbeda dengan tanggal di dalam NIK. Cocokkan dengan KTP.")],
)
LEVELS = [
    ("none", _("Belum satu pun desa/kelurahan")),
    ("some", _("Sebagian desa/kelurahan")),
    ("reached", _("Semua desa/kelurahan")),
    ("no-data", _("Belum ada data")),
]
TILES = [
    {
        "column": column,
        "line": line,
        "name": name,
        "figure": figure,
        "level": level,
        "words": f"{' '.join(name)}: {figure}",
        "url": "#",
    }
    for column, line, name, figure, level in (
        (1, 1, ["Candi Laras", "Utara"], "4/13", "some"),
        (2, 1, ["Piani"], "0/8", "none"),
        (1, 2, ["Binuang"], "11/11", "reached"),
        (2, 2, ["Kepulauan", "Masalembu"], "–", "no-data"),
    )
]
RUNGS = [
    {"rank": rank, "label": label, "state": state, "sentence": sentence, "notes": [], "old_of": old}
    for rank, label, state, sentence, old in (
        (1, "Dasar", "held", "Sertifikat nomor 026/DIKLAT-D/DINSOS/V/2011.", ""),
        (2, "Madya", "open", "Diklat Madya PSM, mulai 3 Januari 2027, di Banjarbaru.", ""),
        (3, "Pratama", "missing", "Belum ada sertifikat madya yang tercatat.", "madya"),
    )
]


class Sample(BaseForm):
    """Every kind of field once."""

    nik = StringField(
        _("NIK"), [InputRequired()], description=_("16 angka pada KTP."), render_kw={"data-nik": ""}
    )
    name = StringField(_("Nama lengkap"), [InputRequired()], render_kw={"autocomplete": "name"})
    born_on = DayField(_("Tanggal lahir"), [InputRequired()], born=True)
    starts_at = ClockField(_("Jam mulai"))
    tier = SelectField(
        _("Jenjang"),
        choices=[
            SelectChoice("1", _("Dasar")),
            SelectChoice("2", _("Madya")),
            SelectChoice("3", _("Pratama")),
        ],
    )
    serves_in = RegionField(_("Wilayah tugas"))
    hours = NumberField(
        _("Lama sesi"), description=_("Satu JP adalah 45 menit."), render_kw={"data-suffix": "JP"}
    )
    cost = NumberField(_("Biaya per orang"), render_kw={"data-prefix": "Rp", "inputmode": "numeric"})
    password = PasswordField(_("Kata sandi"), [InputRequired()])
    answer = RadioField(
        _("Jawaban"),
        [InputRequired()],
        choices=[SelectChoice("yes", _("Bersedia hadir")), SelectChoice("no", _("Tidak bisa hadir"))],
    )
    days = SelectMultipleField(
        _("Hari yang diikuti"),
        choices=[SelectChoice("1", _("Selasa, 24 Mei 2011")), SelectChoice("2", _("Rabu, 25 Mei 2011"))],
        option_widget=CheckboxInput(),
        widget=ListWidget(prefix_label=False),
    )
    agreed = BooleanField(
        _("Data ini benar"), [InputRequired()], description=_("Dinas dapat meminta KTP Anda.")
    )
    photo = FileField(
        _("Pas foto"), description=_("JPG atau PNG."), render_kw={"accept": "image/*", "data-preview": ""}
    )
    note = TextAreaField(_("Catatan"))


class Question(BaseForm):
    """One question on a page."""

    phone = StringField(
        _("Nomor HP"),
        [InputRequired()],
        description=_("Contoh: 0812 0002 0000."),
        render_kw={"inputmode": "tel"},
    )


class Finder(BaseForm):
    """What stands above a list."""

    name = StringField(_("Nama"))
    tier = SelectField(_("Jenjang"), choices=[SelectChoice("", _("Semua")), SelectChoice("1", _("Dasar"))])


def forms() -> dict[str, Any]:
    """Return the sample forms: untouched, filled, and refused."""
    refused = Sample(formdata=None, prefix="refused-", data={"name": LONG_NAME, "answer": "no"})
    refused.form_errors = [str(_("Pendaftaran ditutup ketika Anda mengisi. Hubungi panitia."))]
    for field in refused:
        if field.name.removeprefix("refused-") not in ("csrf_token", "idempotency_key", "note", "name"):
            field.errors = [str(_("Isian ini belum benar. Periksa kembali, lalu kirim lagi."))]
    return {
        "fresh": Sample(formdata=None, prefix="fresh-"),
        "refused": refused,
        "question": Question(formdata=None),
        "finder": Finder(formdata=None, prefix="finder-", meta={"csrf": False}),
    }


def rail_of(states: str) -> list[dict[str, Any]]:
    """Return the steps of a batch; one letter a step: d done, n now, b blocked, t to do."""
    names = ("Rencana dan jadwal", "Peserta", "PKL", "Kehadiran", "Nilai dan kelulusan", "Sertifikat")
    words = {"d": "done", "n": "now", "b": "blocked", "t": "todo"}
    notes = {
        "d": "30 dari 30",
        "n": "6 menunggu keputusan",
        "b": "Tertahan: kehadiran Kamis siang belum diisi",
        "t": None,
    }
    return [
        {"label": name, "state": words[state], "note": notes[state], "url": "#"}
        for name, state in zip(names, states, strict=True)
    ]


def people_to_tick() -> SimpleNamespace:
    """Return a list of people to tick: free, proposed, and one who cannot be chosen."""
    kecamatan = SimpleNamespace(full_name="Kecamatan Candi Laras Utara")
    desa = SimpleNamespace(full_name="Desa Keladan", is_desa=True, parent=kecamatan)
    status = SimpleNamespace(label="Calon PSM")
    names = enumerate(("Siti Aminah", "Siti Aminah", LONG_NAME), 1)
    rows = [SimpleNamespace(id=number, name=name, duty_region=desa, status=status) for number, name in names]
    reasons = {3: "Sudah mendapat tempat pada diklat dasar, angkatan TAPIN-D-2026-01."}
    return SimpleNamespace(
        id="people",
        name="people",
        label=SimpleNamespace(text="Calon PSM yang diangkat"),
        description=None,
        errors=[],
        people=rows,
        ticked={2, 3},
        reasons=reasons,
    )


def people() -> Iterator[dict[str, Any]]:
    """Return rows for a table: short, ordinary and longest."""
    for number, (name, tone, word) in enumerate(
        (("Ali", "ok", "Hadir"), ("Siti Aminah", "wait", "Izin"), (LONG_NAME, "stop", "Sakit")), 1
    ):
        yield {
            "id": number,
            "name": name,
            "place": "Desa Keladan, Kecamatan Candi Laras Utara",
            "hours": 25 - number,
            "tone": tone,
            "word": word,
        }
