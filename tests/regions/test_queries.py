"""Look-ups of regions."""

from app.regions import queries
from app.regions.rules import Level


def test_regions_are_found_by_code_among_the_valid(make):
    tapin = make.region("63.05")
    assert queries.find_region("63.05") is tapin
    assert queries.get_region(tapin.id) is tapin
    assert queries.current_region(tapin) is tapin
    assert queries.find_region("63.99") is None
    assert queries.find_region("63.05' OR 1=1") is None


def test_children_are_the_next_level_by_name(make):
    names = [region.name for region in queries.list_children(make.region("63.05"))]
    assert len(names) == 12
    assert names == sorted(names)
    assert names[0] == "Bakarangan"
    assert queries.list_children_of("99") == []


def test_desa_are_those_inside_and_never_those_of_a_longer_number(make):
    desa = queries.list_desa(make.region("63.05"))
    assert len(desa) == 135
    assert {each.level for each in desa} == {Level.DESA}
    assert all(each.code.startswith("63.05.") for each in desa)
    one = make.region("63.05.08.2001")
    assert queries.list_desa(one) == [one]
    assert len(queries.list_desa(make.region("00"))) > 135
    assert {each.code for each in queries.list_provinsi()} == {"63", "33"}


def test_ancestors_go_from_provinsi_down(make):
    desa = make.region("63.05.08.2001")
    assert [region.code for region in queries.ancestors(desa)] == ["63", "63.05", "63.05.08"]
    assert queries.ancestors(make.region("63")) == queries.ancestors(make.region("00")) == []
    path = queries.region_name_path(desa)
    assert path.endswith("Kecamatan Piani, Kabupaten Tapin, Provinsi Kalimantan Selatan")
    assert path.startswith("Desa ")
