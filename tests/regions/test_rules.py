"""What a code says by itself, and which lists and divisions are refused."""

import pytest

from app.regions.rules import (
    Level,
    ancestor_codes,
    common_code,
    full_name,
    granted_code,
    is_code,
    kind_of,
    level_of,
    parent_code,
    refusal_to_import,
    refusal_to_split,
    zone_of,
)


@pytest.mark.parametrize(
    ("code", "level", "parent", "above", "kind"),
    [
        ("00", Level.NATION, None, [], ""),
        ("63", Level.PROVINSI, "00", [], "Provinsi"),
        ("63.05", Level.KABUPATEN, "63", ["63"], "Kabupaten"),
        ("63.72", Level.KABUPATEN, "63", ["63"], "Kota"),
        ("63.05.08", Level.KECAMATAN, "63.05", ["63", "63.05"], "Kecamatan"),
        ("91.03.01", Level.KECAMATAN, "91.03", ["91", "91.03"], "Distrik"),
        ("63.05.08.2001", Level.DESA, "63.05.08", ["63", "63.05", "63.05.08"], "Desa"),
        ("63.05.04.1001", Level.DESA, "63.05.04", ["63", "63.05", "63.05.04"], "Kelurahan"),
    ],
)
def test_a_code_tells_its_level_and_what_holds_it(code, level, parent, above, kind):
    assert is_code(code)
    assert (level_of(code), parent_code(code), ancestor_codes(code), kind_of(code)) == (
        level,
        parent,
        above,
        kind,
    )


@pytest.mark.parametrize(
    ("code", "name", "said"),
    [
        ("13.01.01.2001", "Inderapura", "Nagari Inderapura"),
        ("13.09.01.2001", "Betumonga", "Desa Betumonga"),
        ("11.06.01.2001", "Jantang", "Gampong Jantang"),
        ("11.17.01.2001", "Blang Rakal", "Kampung Blang Rakal"),
        ("91.03.01.2002", "Hobong", "Kampung Hobong"),
        ("91.71.01.1001", "Gurabesi", "Kelurahan Gurabesi"),
        ("18.06.01.2001", "Kuripan", "Pekon Kuripan"),
        ("11.09.01.2001", "Gampong Aie", "Gampong Aie"),
        ("63.05.08.2001", "Miawa", "Desa Miawa"),
    ],
)
def test_a_desa_is_called_as_it_is_called_there(code, name, said):
    assert full_name(code, name) == said


@pytest.mark.parametrize(
    "text", ["", "6", "630", "63.5", "63.05.", "63.05.08.201", "63.05.08.2001.1", "a3.05", "63,05"]
)
def test_other_texts_are_no_codes(text):
    assert not is_code(text)


@pytest.mark.parametrize(
    ("code", "zone"),
    [
        ("00", "Asia/Jakarta"),
        ("11.01", "Asia/Jakarta"),
        ("62", "Asia/Jakarta"),
        ("63.05", "Asia/Makassar"),
        ("51", "Asia/Makassar"),
        ("76", "Asia/Makassar"),
        ("81", "Asia/Jayapura"),
        ("96.01", "Asia/Jayapura"),
    ],
)
def test_the_provinsi_decides_the_time_zone(code, zone):
    assert zone_of(code) == zone


@pytest.mark.parametrize(
    ("codes", "common"),
    [
        (["63.05.06"], "63.05.06"),
        (["63.05.06", "63.05.13"], "63.05"),
        (["63.05.06.2001", "63.05.06"], "63.05.06"),
        (["63.05", "63.06"], "63"),
        (["63", "64"], "00"),
        (["63.05", "63.055"[:5]], "63.05"),
        ([], "00"),
    ],
)
def test_the_smallest_region_that_holds_all(codes, common):
    assert common_code(codes) == common


@pytest.mark.parametrize(
    ("code", "scope_code", "granted"),
    [
        ("00", "00", "00"),
        ("63", "00", "63"),
        ("63.05.08", "63.05.08", "63.05.08"),
        ("63.05.08", "63.05.14", "63.05.14"),
        ("63.05.08", "63.05", "63.05.08"),
        ("63.05.08", "00", "63.05.08"),
    ],
)
def test_a_right_follows_its_region_and_never_grows(code, scope_code, granted):
    assert granted_code(code, scope_code) == granted


WHOLE = {"63": "Kalimantan Selatan", "63.05": "Kabupaten Tapin", "63.05.08": "Piani"}


@pytest.mark.parametrize(
    ("names", "says"),
    [
        (WHOLE, None),
        ({}, "kosong"),
        (WHOLE | {"6305": "Tapin"}, "6305"),
        (WHOLE | {"63.06": "  "}, "tidak mempunyai nama"),
        (WHOLE | {"63.06": "x" * 121}, "terlalu panjang"),
        (WHOLE | {"63.06.01": "Loksado"}, "induk 63.06"),
    ],
)
def test_only_a_whole_list_is_taken_over(names, says):
    refusal = refusal_to_import(names)
    assert refusal is None if says is None else says in str(refusal)


CHILDREN = ["63.05.08.2001", "63.05.08.2002"]
STAY, GO = {"63.05.08.2001": "63.05.08.2001"}, {"63.05.08.2002": "63.05.13.2001"}


@pytest.mark.parametrize(
    ("into", "taken", "says"),
    [
        ({"63.05.08": STAY, "63.05.13": GO}, [], None),
        ({}, [], "sedikitnya satu"),
        ({"63.05.08": STAY, "63.13": {}}, [], "setingkat"),
        ({"63.05.08": STAY, "63.05.13": {"63.05.08.2002": "63.05.14.2001"}}, [], "tidak berada di dalam"),
        ({"63.05.08": STAY, "63.05.13": GO}, ["63.05.13"], "63.05.13 sudah dipakai"),
        ({"63.05.08": STAY, "63.05.13": GO}, ["63.05.13.2001"], "63.05.13.2001 sudah dipakai"),
        ({"63.05.08": STAY, "63.05.13": {}}, [], "63.05.08.2002 belum mendapat tempat"),
        (
            {"63.05.08": STAY, "63.05.13": GO, "63.05.14": {"63.05.08.2002": "63.05.14.2001"}},
            [],
            "hanya boleh pindah ke satu",
        ),
        (
            {"63.05.08": STAY, "63.05.13": GO | {"63.05.07.2001": "63.05.13.2002"}},
            [],
            "hanya boleh pindah ke satu",
        ),
    ],
)
def test_a_division_gives_every_child_one_place(into, taken, says):
    refusal = refusal_to_split("63.05.08", CHILDREN, into, taken=taken)
    assert refusal is None if says is None else says in str(refusal)
