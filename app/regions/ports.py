"""What regions ask of packages above them: who is found at a region, and what a change of it means."""

from collections.abc import Callable, Collection, Mapping, Sequence

from app.core.ports import Port

AT_ONCE = 5_000  # ids in one statement

# Given the ids of regions: {id: in words, who or what would be found nowhere if that region were none any
# more}.
Occupants = Callable[[Collection[int]], Mapping[int, list[str]]]
occupants: Port[Occupants] = Port("regions.occupants")


def occupants_of(region_ids: Sequence[int]) -> dict[int, list[str]]:
    """Return, by region, who serves or lives there, which office has its seat there, and who has rights there
    alone.
    """
    found: dict[int, list[str]] = {}
    for ids in in_parts(region_ids):
        for names_by_region in occupants:
            for region_id, names in names_by_region(ids).items():
                found.setdefault(region_id, []).extend(names)
    return found


# Given codes of kabupaten (or what is above them), and ids of regions in them that change: {code: {what: how
# many}} of what is found there, which the command names in words: `duty` and `home` (people at the regions
# that change), `targets`, `statements`.
Bearing = Callable[[Collection[str], Sequence[int]], Mapping[str, Mapping[str, int]]]
bearings: Port[Bearing] = Port("regions.bearings")


def bearing_on(codes: Collection[str], region_ids: Sequence[int]) -> dict[str, dict[str, int]]:
    """Return, by kabupaten, how many people, targets and statements a change of regions concerns."""
    found: dict[str, dict[str, int]] = {code: {} for code in codes}
    for bearing in bearings:
        for code, counts in bearing(codes, region_ids).items():
            found[code] |= counts
    return found


def in_parts(ids: Sequence[int]) -> list[Sequence[int]]:
    """Return ids in lots that one statement takes."""
    return [ids[start : start + AT_ONCE] for start in range(0, len(ids), AT_ONCE)]
