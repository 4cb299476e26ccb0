"""The two runs of the suite: together they leave nothing out."""

from fnmatch import fnmatch

import pytest

from tests.__main__ import DIFFERS, DRILLS, FILES, ONCE, files_of, is_in


def test_together_they_run_every_file_once_on_sqlite():
    daily, drills = files_of("sqlite", drills=False), files_of("sqlite", drills=True)
    assert sorted(daily + drills) == list(FILES)


def test_together_they_run_on_postgresql_whatever_asks_the_database():
    daily, drills = files_of("postgresql", drills=False), files_of("postgresql", drills=True)
    assert sorted(daily + drills) == [path for path in FILES if not is_in(path, ONCE)]
    assert daily
    assert drills


def test_what_is_a_drill_is_one_on_both_engines():
    assert not set(files_of("postgresql", drills=False)) & set(files_of("sqlite", drills=True))


@pytest.mark.parametrize("place", [*DRILLS, *ONCE, *DIFFERS])
def test_every_place_is_there(place):
    assert any(fnmatch(path, place) for path in FILES)
