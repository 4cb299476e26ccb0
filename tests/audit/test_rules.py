"""Spelling, seals and digests."""

from datetime import UTC, date, datetime, timedelta, timezone

import pytest

from app.audit import rules

FACTS = dict.fromkeys(rules.FACTS) | {"at": datetime(2026, 5, 1, tzinfo=UTC), "action": "batch.opened"}
ROW = FACTS | {"details": None, "salt": "s", "commitment": "c"}


def test_one_value_has_one_spelling():
    here, there = (
        datetime(2026, 5, 1, 8, tzinfo=timezone(timedelta(hours=8))),
        datetime(2026, 5, 1, tzinfo=UTC),
    )
    assert rules.canonical({"b": here, "a": "ñ"}) == rules.canonical({"a": "ñ", "b": there})
    assert rules.canonical({"day": date(2026, 5, 1)}) == '{"day":"2026-05-01"}'


def test_only_the_key_and_the_salt_of_the_event_open_a_seal():
    key = rules.new_key()
    sealed = rules.seal("rahasia", key=key, salt="a")
    assert "rahasia" not in sealed
    assert rules.unseal(sealed, key=key, salt="a") == "rahasia"
    assert rules.unseal(sealed, key=key, salt="b") is None
    assert rules.unseal(sealed, key=rules.new_key(), salt="a") is None
    assert rules.unseal("no seal", key=key, salt="a") is None


@pytest.mark.parametrize("name", [name for name in rules.FACTS if name != "id"])
def test_every_fact_is_in_the_commitment(name):
    assert rules.commitment_of(FACTS, None, "s") != rules.commitment_of(FACTS | {name: "other"}, None, "s")


def test_details_and_salt_are_in_the_commitment():
    assert len({rules.commitment_of(FACTS, said, salt) for said in (None, "{}") for salt in ("s", "t")}) == 4


@pytest.mark.parametrize("name", rules.CHAINED)
def test_every_stored_value_is_in_the_digest(name):
    first = rules.digest_of(ROW, sequence=1, previous=rules.BEGINNING)
    assert first != rules.digest_of(ROW | {name: "other"}, sequence=1, previous=rules.BEGINNING)


def test_place_and_what_was_before_are_in_the_digest():
    places = [(1, "0"), (2, "0"), (1, "1")]
    assert (
        len({rules.digest_of(ROW, sequence=sequence, previous=previous) for sequence, previous in places})
        == 3
    )
