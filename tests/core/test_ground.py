"""The ground: transactions, scopes, texts, keys."""

from datetime import date

import pytest
from cryptography.exceptions import InvalidTag
from sqlalchemy import func, select

from app.core import crypto
from app.core.scopes import EVERYWHERE, Reach, Reaching, contains, owner, reaches
from app.core.text import _, translate_with
from app.core.unit_of_work import atomic, on_commit
from app.coverage.models import Target


def test_factories_make_a_batch_with_its_people(make):
    certificate = make.certificate()
    assert certificate.batch.course.organiser.region.code == "63.05"
    make.graduation(certificate.batch, certificate.attendee)


def test_what_fails_leaves_nothing_behind_and_tells_nobody(make, db):
    told = []

    @atomic()
    def decide():
        db.session.add(Target(region=make.region(), per_desa=1, starts_on=date(2011, 1, 1)))
        db.session.flush()
        on_commit(lambda: told.append(1))
        raise LookupError

    with pytest.raises(LookupError):
        decide()

    assert db.session.scalar(select(func.count(Target.id))) == 0
    assert told == []


def test_rows_changed_outside_a_decision_are_refused(make, db):
    target = make.target()
    target.per_desa = 5

    with pytest.raises(RuntimeError), atomic():
        pass

    db.session.rollback()


@pytest.mark.parametrize(
    ("outer", "inner", "expected"),
    [
        ("33.74", "33.74.01", True),
        ("33.74", "33.745", False),
        ("00", "33", True),
        ("33", "00", False),
        ("63.05", "63.05", True),
    ],
)
def test_codes_contain_by_prefix(outer, inner, expected):
    assert contains(outer, inner) is expected


@pytest.mark.parametrize(
    ("granted", "reaching", "code", "expected"),
    [
        ("63", "own", "63", True),
        ("63", "own", "63.05", False),
        ("63", "own", "63.05.06.2001", False),
        ("63", "below", "63.05.06.2001", True),
        ("63.05", "own", "63.05.06.2001", True),
        ("63.05.06", "own", "63.05.06.2001", True),
        ("63.05.06", "own", "63.05.07.2001", False),
        ("63.05.06", "own", "63.05", False),
        ("00", "own", "63", False),
        ("00", "own", "00", True),
        ("00", "below", "63", True),
        ("63.05", "below", "63.72", False),
    ],
)
def test_own_and_below(granted, reaching, code, expected):
    assert reaches(granted, Reaching(reaching), code) is expected


def test_the_kabupaten_owns_what_lies_in_it():
    assert owner("63.05.06.2001") == "63.05"
    assert owner("63") == "63"


def test_a_text_is_put_into_words_where_it_is_read():
    text = _("%(n)d orang", n=3)
    assert str(text) == "3 orang"
    translate_with(lambda key: {"%(n)d orang": "%(n)d people"}[key])
    assert str(text) == "3 people"


def test_a_sealed_value_belongs_to_its_column(app):
    sealed = crypto.encrypt("6305060101859001", context="trainees.nik")
    assert crypto.decrypt(sealed, context="trainees.nik") == "6305060101859001"
    with pytest.raises(InvalidTag):
        crypto.decrypt(sealed, context="users.email")


@pytest.mark.parametrize(
    ("regions", "areas"),
    [
        ([("63.05", Reaching.OWN)], {"63.05"}),
        ([("63.05.06", Reaching.OWN), ("63.05.01", Reaching.OWN)], {"63.05.06", "63.05.01"}),
        ([("63.05.06", Reaching.OWN), ("63.05", Reaching.OWN)], {"63.05"}),
        ([("63", Reaching.OWN)], set()),  # a provinsi owns no desa
        ([("63", Reaching.BELOW)], {"63"}),
        ([("00", Reaching.OWN)], set()),
        ([("00", Reaching.BELOW), ("63.05", Reaching.OWN)], {"00"}),
        ([], set()),
    ],
)
def test_the_areas_of_a_reach_hold_desa(regions, areas):
    assert Reach(regions=frozenset(regions)).areas == areas
    assert EVERYWHERE.areas == {"00"}
