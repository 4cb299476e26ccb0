"""What a Kemendagri code says by itself."""

import re
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from app.core.choices import Choice
from app.core.dates import thousands
from app.core.scopes import NATION, owner
from app.core.text import Text, _

CODE = re.compile(r"\d{2}(\.\d{2}(\.\d{2}(\.\d{4})?)?)?", re.ASCII)


class Level(Choice):
    """The five levels, highest first."""

    NATION = "nation", _("Nasional")
    PROVINSI = "provinsi", _("Provinsi")
    KABUPATEN = "kabupaten", _("Kabupaten/kota")
    KECAMATAN = "kecamatan", _("Kecamatan")
    DESA = "desa", _("Desa/kelurahan")


LEVELS = list(Level)

# What a desa is called where it is called otherwise, by the beginning of its code; the longest one that fits
# counts. Regional law decides; a kelurahan is a kelurahan everywhere.
VILLAGE_WORDS = {
    "11": "Gampong",
    "11.02": "Kute",
    "11.04": "Kampung",
    "11.13": "Kampung",
    "11.16": "Kampung",
    "11.17": "Kampung",
    "13": "Nagari",
    "13.09": "Desa",
    "13.73": "Desa",
    "13.77": "Desa",
    "14.07": "Kepenghuluan",
    "14.08": "Kampung",
    "15.08": "Dusun",
    "18.02": "Kampung",
    "18.04": "Pekon",
    "18.05": "Kampung",
    "18.06": "Pekon",
    "18.08": "Kampung",
    "18.10": "Pekon",
    "18.12": "Tiyuh",
    "18.13": "Pekon",
    "64.03": "Kampung",
    "64.07": "Kampung",
    "64.11": "Kampung",
    "73.18": "Lembang",
    "73.26": "Lembang",
    "91": "Kampung",
    "92": "Kampung",
    "93": "Kampung",
    "94": "Kampung",
    "95": "Kampung",
    "96": "Kampung",
}
NAME_LENGTH = 120
PART_BEGINS = 10  # a list that leaves out more than one in so many of the known regions is a part of one

# Waktu Indonesia by provinsi: WIB 11-21, 31-36, 61, 62; WITA 51-53, 63-65, 71-76; WIT 81, 82, 91-96.
WIB, WITA, WIT = "Asia/Jakarta", "Asia/Makassar", "Asia/Jayapura"


class Doubled(NamedTuple):
    """A new desa beside one of the same name in the same kabupaten: perhaps one desa under its old code and
    its new one.
    """

    name: str
    old: str
    new: str


def is_code(text: str) -> bool:
    """Return whether this is written like a region code."""
    return CODE.fullmatch(text) is not None


def level_of(code: str) -> Level:
    """Return the level that a code belongs to; 00 is the nation."""
    return Level.NATION if code == NATION else LEVELS[code.count(".") + 1]


def parent_code(code: str) -> str | None:
    """Return the code one level up; None for the nation."""
    if code == NATION:
        return None
    return code.rpartition(".")[0] or NATION


def ancestor_codes(code: str) -> list[str]:
    """Return the codes of what holds this region, from provinsi down; without itself and the nation."""
    parts = code.split(".")
    return [".".join(parts[:length]) for length in range(1, len(parts))]


def common_code(codes: Iterable[str]) -> str:
    """Return the smallest region that holds all of these: the one itself if there is one only, the nation at
    most.
    """
    paths = [[NATION, *ancestor_codes(code), code] for code in codes if code != NATION] or [[NATION]]
    shared = NATION
    for together in zip(*paths, strict=False):
        if len(set(together)) > 1:
            break
        shared = together[0]
    return shared


def granted_code(code: str, scope_code: str) -> str:
    """Return where a right given for a region holds today: at its one successor, else at what still has its
    code.

    A row of a divided region is found in the smallest region that holds all parts; a right must not grow to
    that.
    """
    return scope_code if len(scope_code) >= len(code) and scope_code != NATION else code


def level_below(level: Level) -> Level | None:
    """Return the next level down; None below desa."""
    position = LEVELS.index(level) + 1
    return LEVELS[position] if position < len(LEVELS) else None


def zone_of(code: str) -> str:
    """Return the time zone of a region, as an IANA name; the nation's is WIB."""
    provinsi = int(code[:2])
    if provinsi in (51, 52, 53, 63, 64, 65) or 71 <= provinsi <= 76:
        return WITA
    return WIT if provinsi in (81, 82) or 91 <= provinsi <= 96 else WIB


def kind_of(code: str) -> str:
    """Return the word before the name: Provinsi, Kabupaten, Kota, Kecamatan (Distrik in Papua), Kelurahan,
    Desa or what stands for it there (Nagari, Gampong, Kampung, …); none for the nation.
    """
    level = level_of(code)
    if level is Level.KECAMATAN and 91 <= int(code[:2]) <= 96:
        return "Distrik"
    if level is Level.KABUPATEN:
        return "Kota" if code[3] in "789" else "Kabupaten"
    if level is Level.DESA:
        return (
            "Kelurahan"
            if code[9] == "1"
            else VILLAGE_WORDS.get(code[:5]) or VILLAGE_WORDS.get(code[:2], "Desa")
        )
    return "" if level is Level.NATION else str(level.label)


def kinds_below(code: str) -> str:
    """Return what the regions of the next level down are called together ('kecamatan', 'distrik',
    'desa/kelurahan'); empty below desa.
    """
    below = level_below(level_of(code))
    if below is None:
        return ""
    return (kind_of(f"{code}.01") if below is Level.KECAMATAN else str(below.label)).lower()


def full_name(code: str, name: str) -> str:
    """Return a name with its kind, e.g. 'Kecamatan Piani', 'Kelurahan Bitahan'."""
    kind = kind_of(code)
    return name if not kind or name.startswith(kind + " ") else f"{kind} {name}"


def refusal_to_import(names: Mapping[str, str]) -> Text | None:
    """Return the reason why these regions (name by code) are not a whole list, or None when they are."""
    if not names:
        return _("Sumber wilayah kosong.")
    for code, name in names.items():
        if not is_code(code):
            return _("Kode wilayah '%(code)s' tidak dikenal bentuknya.", code=code)
        if not name.strip():
            return _("Wilayah %(code)s tidak mempunyai nama.", code=code)
        if len(name) > NAME_LENGTH:
            return _("Nama wilayah %(code)s terlalu panjang.", code=code)
        parent = parent_code(code)
        if parent is not None and parent != NATION and parent not in names:
            return _(
                "Wilayah %(code)s tidak mempunyai induk %(parent)s dalam sumber. Impor memerlukan daftar"
                " wilayah seluruhnya, dari provinsi sampai desa/kelurahan.",
                code=code,
                parent=parent,
            )
    return None


def refusal_to_drop(gone: int, known: int) -> Text | None:
    """Return the reason why a list without so many of the known regions is a part of one, or None."""
    if gone * PART_BEGINS <= known:
        return None
    return _(
        "Daftar ini tidak memuat %(gone)s dari %(known)s wilayah yang berlaku. Impor memerlukan daftar"
        " wilayah seluruhnya, bukan hanya yang berubah atau satu daerah: ubah daftar lengkapnya, lalu impor"
        " lagi. Tidak ada yang diubah.",
        gone=thousands(gone),
        known=thousands(known),
    )


def doubled(before: Mapping[str, str], after: Mapping[str, str]) -> list[Doubled]:
    """Return the new desa that stand beside one of the same name that was there before and stays, in the same
    kabupaten.
    """
    there = {
        (owner(code), name.casefold()): code
        for code, name in before.items()
        if code in after and level_of(code) is Level.DESA
    }
    new = (
        (code, name)
        for code, name in sorted(after.items())
        if before and code not in before and level_of(code) is Level.DESA
    )
    return [
        Doubled(full_name(code, name), old, code)
        for code, name in new
        if (old := there.get((owner(code), name.casefold())))
    ]


def refusal_to_split(
    code: str, children: Iterable[str], into: Mapping[str, Mapping[str, str]], *, taken: Iterable[str]
) -> Text | None:
    """Return the reason why a region cannot be divided like this, or None when it can.

    `into` gives for each new code the new code of each old child that goes there; `taken` are codes that
    other regions hold.
    """
    if code == NATION or not into:
        return _("Pemekaran memerlukan wilayah lama dan sedikitnya satu wilayah baru.")
    used = set(taken)
    moved: list[str] = []
    for new, going in into.items():
        if not is_code(new) or level_of(new) is not level_of(code):
            return _("Kode %(code)s bukan kode wilayah setingkat %(old)s.", code=new, old=code)
        for old_child, new_child in going.items():
            if not is_code(new_child) or parent_code(new_child) != new:
                return _("Kode %(code)s tidak berada di dalam %(parent)s.", code=new_child, parent=new)
            moved.append(old_child)
        for each in (new, *going.values()):
            if each in used:
                return _("Kode %(code)s sudah dipakai.", code=each)
            used.add(each)
    missing = sorted(set(children) - set(moved))
    if missing:
        return _("Wilayah %(codes)s belum mendapat tempat.", codes=", ".join(missing))
    if len(moved) != len(set(moved)) or set(moved) != set(children):
        return _("Setiap wilayah di bawah %(code)s hanya boleh pindah ke satu tempat.", code=code)
    return None
