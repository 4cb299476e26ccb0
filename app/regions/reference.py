"""Where each region lies inside its parent, on a small grid of tiles: read once from tiles/tiles.csv, which
says how it is made.
"""

import csv
import math
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import NamedTuple

TILES = Path(__file__).parent / "tiles" / "tiles.csv"


class Tile(NamedTuple):
    """A place on the grid of a parent, counted from 1: columns to the east, rows to the south."""

    column: int
    row: int


@cache
def tile_places() -> Mapping[str, Tile]:
    """Return the place of every provinsi, kabupaten/kota and kecamatan of the reference list by code."""
    with TILES.open(encoding="ascii", newline="") as file:
        return {line["code"]: Tile(int(line["column"]), int(line["row"])) for line in csv.DictReader(file)}


def arrange_tiles(codes: Iterable[str], places: Mapping[str, Tile] | None = None) -> dict[str, Tile]:
    """Return a tile for each of these regions of one parent, no tile twice and the first column and row never
    empty.

    A region without a place (one that is newer than the file) takes the first free tile, row by row, in order
    of code; where no tile is free, a row is added below. So none is ever missing.
    """
    known = tile_places() if places is None else places
    ordered = sorted(set(codes))
    found: dict[str, Tile] = {}
    taken: set[Tile] = set()
    for code in ordered:
        tile = known.get(code)
        if tile is not None and tile not in taken:
            found[code] = tile
            taken.add(tile)
    if found:
        left, top = min(tile.column for tile in taken), min(tile.row for tile in taken)
        found = {code: Tile(tile.column - left + 1, tile.row - top + 1) for code, tile in found.items()}
        taken = set(found.values())
    columns = max((tile.column for tile in taken), default=math.ceil(math.sqrt(len(ordered))))
    free = (
        tile
        for place in range(len(ordered) * columns)
        if (tile := Tile(place % columns + 1, place // columns + 1)) not in taken
    )
    found |= {code: next(free) for code in ordered if code not in found}
    return found
