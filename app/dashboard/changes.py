"""What an event changed, in words: one table of names and one way to write a value, whatever was changed.

An event keeps either `before` and `after`, or [before, after] by field, or single values. What has no name
here is a number of ours and is not shown; of people nothing is shown: what was recorded about them is sealed
and stands on their own pages.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from typing import Any, NamedTuple

from app.core.choices import Choice
from app.core.dates import long_date
from app.core.text import Text, _, full_stop
from app.courses.rules import Admission, SessionKind
from app.organisers.rules import Orientation, SecondSigner
from app.regions.lines import describe_changes

ABOUT_OFFICES = (
    "batch.",
    "certificate.",
    "course.",
    "coverage.",
    "curriculum.",
    "graduation.",
    "organiser.",
    "rundown.",
    "session.",
    "signer.",
    "survey.",
    "target.",
)
OF_REGIONS = ("region.imported", "region.split")
NOTHING = "–"
_DAY = re.compile(r"\d{4}-\d\d-\d\d")
_TIME = re.compile(r"\d\d:\d\d:00")


class Named(NamedTuple):
    """What a field is called; what stands behind its values; how a value is written where it is not plain."""

    label: Text
    unit: Text | None = None
    write: Callable[[str], Any] | None = None


def _one_of(choices: type[Choice]) -> Callable[[str], Any]:
    return lambda value: choices(value).label if value in set(choices) else value


FIELDS: dict[str, Named] = {
    "admission": Named(_("cara pendaftaran"), write=_one_of(Admission)),
    "address": Named(_("alamat")),
    "announced_days": Named(_("lama menurut pengumuman"), _("hari")),
    "audience": Named(_("sasaran peserta")),
    "complete_on": Named(_("pendataan lengkap per")),
    "contact_name": Named(_("narahubung")),
    "contact_phone": Named(_("nomor narahubung")),
    "ended_on": Named(_("berakhir")),
    "ends_at": Named(_("selesai pukul")),
    "ends_on": Named(_("sampai dengan")),
    "government": Named(_("pemerintah")),
    "held_on": Named(_("hari")),
    "kind": Named(_("jenis sesi"), write=_one_of(SessionKind)),
    "lesson_hours": Named(_("lama"), _("JP")),
    "name": Named(_("nama")),
    "nip": Named(_("NIP")),
    "number_pattern": Named(_("pola nomor")),
    "office": Named(_("jabatan pengajar")),
    "orientation": Named(_("arah kertas"), write=_one_of(Orientation)),
    "pass_mark": Named(_("nilai lulus")),
    "people": Named(_("untuk"), _("orang")),
    "per_desa": Named(_("target"), _("orang per desa")),
    "phone": Named(_("telepon")),
    "photo": Named(_("tempat pas foto"), write=lambda value: _("ada") if value == "True" else _("tidak ada")),
    "place": Named(_("tempat")),
    "position": Named(_("jabatan")),
    "prefix": Named(_("awalan jabatan")),
    "provided": Named(_("yang disediakan")),
    "quota": Named(_("kuota"), _("orang")),
    "rank": Named(_("pangkat")),
    "registration_closes_on": Named(_("pendaftaran ditutup")),
    "revoked_on": Named(_("dicabut sejak")),
    "revoked_reason": Named(_("alasan pencabutan")),
    "seat": Named(_("tempat menandatangani")),
    "second_signer": Named(_("penandatangan kedua"), write=_one_of(SecondSigner)),
    "starts_at": Named(_("mulai pukul")),
    "starts_on": Named(_("mulai")),
    "superseded_by": Named(_("diganti nomor")),
    "replaces": Named(_("menggantikan nomor")),
    "tier_rank": Named(_("jenjang")),
    "title": Named(_("judul")),
    "to_bring": Named(_("yang perlu dibawa")),
    "unit": Named(_("unit")),
    "venue": Named(_("tempat")),
    "zone": Named(_("zona waktu")),
}


def describe_event(action: str, told: Mapping[str, Any] | None, tiers: Mapping[int, str]) -> str:
    """Return what an event changed and why, in one sentence: 'Target dari 1 menjadi 3 orang per desa, mulai 1
    Januari 2027.'; empty where it says nothing more than its act. `tiers`: the labels of the ladder, by rank.
    """
    if told and action in OF_REGIONS:
        return describe_changes(told["details"])
    if not told or not action.startswith(ABOUT_OFFICES):
        return ""
    details = told["details"] or {}
    if action.endswith(".pass_mark_set"):
        details = {"pass_mark": [details.get("before"), details.get("after")]}
    phrases = [str(phrase) for phrase in _phrases(details, tiers)]
    if note := (told["note"] or "").strip():
        phrases.append(str(_("alasan: %(reason)s", reason=note)))
    text = ", ".join(phrases)
    return full_stop(text[:1].upper() + text[1:])


def _phrases(details: Mapping[str, Any], tiers: Mapping[int, str]) -> Iterator[Text]:
    before, after = details.get("before"), details.get("after")
    plain = {key: value for key, value in details.items() if key not in {"before", "after"}}
    if isinstance(after, Mapping):
        was = before if isinstance(before, Mapping) else None
        plain = {
            **{
                key: value if was is None or key not in was else [was[key], value]
                for key, value in after.items()
            },
            **plain,
        }
    for key, value in plain.items():
        if key not in FIELDS:
            continue
        if not isinstance(value, list):
            if _write(key, value, tiers) != NOTHING:
                yield _("%(label)s %(now)s", label=str(FIELDS[key].label), now=_with_unit(key, value, tiers))
        elif len(value) == 2 and value[0] != value[1]:
            values = {"before": _write(key, value[0], tiers), "now": _with_unit(key, value[1], tiers)}
            yield _("%(label)s dari %(before)s menjadi %(now)s", label=str(FIELDS[key].label), **values)


def _with_unit(key: str, value: Any, tiers: Mapping[int, str]) -> str:
    text, unit = _write(key, value, tiers), FIELDS[key].unit
    return f"{text} {unit}" if unit and text != NOTHING else text


def _write(key: str, value: Any, tiers: Mapping[int, str]) -> str:
    """Write a value as people read it: a day in words, a time without seconds, a choice by its label."""
    if key == "tier_rank":
        return tiers.get(int(value), str(_("apa pun"))) if value is not None else NOTHING
    plain = "" if value is None else str(value)
    if plain in {"", "None"}:
        return NOTHING
    if _DAY.fullmatch(plain):
        return long_date(date.fromisoformat(plain))
    if _TIME.fullmatch(plain):
        return plain[:5].replace(":", ".")
    write = FIELDS[key].write
    return str(write(plain)) if write else plain
