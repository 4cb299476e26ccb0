"""The chain: one sequencer, and no change behind its back."""

import threading
from datetime import timedelta

import pytest
from sqlalchemy import delete, insert, select, text, update

from app.audit import rules, services
from app.audit.models import ChainState, Event, PersonKey
from app.audit.services import Checkpoint
from app.core.actor import SYSTEM
from app.core.errors import RuleViolation
from app.core.unit_of_work import atomic
from app.extensions import db as database

PERSON = 4711
ENTRIES = 12


def record(count=ENTRIES):
    """Write events with and without details, every third about a person."""
    for n in range(count):
        with atomic():
            services.record(
                f"thing.done{n}",
                None,
                by=SYSTEM,
                note="catatan" if n % 2 else "",
                person_id=None if n % 3 else PERSON,
            )


@pytest.fixture
def chain(db):
    """Twelve chained events."""
    record()
    assert services.chain_pending() == ENTRIES
    assert services.verify() == services.Verification(entries=ENTRIES, ok=True, first_bad=None, pending=0)
    return db


def meddle(*statements):
    """Change rows as somebody with the database in hand would."""
    for statement in statements:
        database.session.execute(statement)
    database.session.commit()


def test_events_are_chained_in_the_order_they_were_written(db):
    record(3)
    assert services.verify().pending == 3
    assert services.chain_pending(at_most=2) == 2
    assert services.chain_pending() == 1
    assert services.chain_pending() == 0
    rows = list(db.session.scalars(select(Event).order_by(Event.id)))
    assert [row.sequence for row in rows] == [1, 2, 3]
    assert [row.previous_digest for row in rows] == [rules.BEGINNING, rows[0].digest, rows[1].digest]
    state = db.session.scalars(select(ChainState)).one()
    assert (state.sequence, state.digest) == (3, rows[2].digest)


def test_an_empty_record_is_whole(db):
    assert services.verify() == services.Verification(entries=0, ok=True, first_bad=None, pending=0)


def at_place(place):
    return Event.sequence == place


EDITS = {
    "at": Event.at + timedelta(seconds=1),
    "actor_id": 99,
    "actor_label": "Orang lain",
    "actor_role": "pusat",
    "action": "thing.undone",
    "subject_type": "Batch",
    "subject_id": 1,
    "scope_code": "63.05",
    "request_id": "x",
    "outcome": "refused",
    "person_id": 12,
    "details": "{}",
    "salt": "0" * 32,
    "commitment": "0" * 64,
    "previous_digest": "1" * 64,
    "digest": "2" * 64,
    "sequence": 999,
}


def test_every_column_of_an_event_is_tried():
    assert set(EDITS) == set(Event.__table__.columns.keys()) - {"id"}


@pytest.mark.parametrize("place", [1, 5, ENTRIES])
@pytest.mark.parametrize("column", EDITS)
def test_a_single_edit_is_found_at_its_place(chain, column, place):
    changed = EDITS[column]
    if column == "at":
        found = chain.session.scalars(select(Event).where(at_place(place))).one().at
        changed = found + timedelta(seconds=1)
    meddle(update(Event).where(at_place(place)).values({column: changed}))
    verification = services.verify()
    assert (verification.ok, verification.first_bad) == (False, place)


def test_a_moment_that_no_clock_wrote_is_found(chain):
    if chain.engine.dialect.name != "sqlite":
        pytest.skip("only SQLite keeps moments as text")
    meddle(text("UPDATE events SET at = 'kemarin' WHERE sequence = 4"))
    assert services.verify().first_bad == 4


@pytest.mark.parametrize("place", [1, 5, ENTRIES])
def test_a_deleted_event_is_found(chain, place):
    meddle(delete(Event).where(at_place(place)))
    assert services.verify().first_bad == place


def test_two_events_that_changed_places_are_found(chain):
    meddle(
        update(Event).where(at_place(3)).values(sequence=0),
        update(Event).where(at_place(8)).values(sequence=3),
        update(Event).where(at_place(0)).values(sequence=8),
    )
    assert services.verify().first_bad == 3


def test_an_event_put_behind_the_last_is_found(chain):
    last = chain.session.execute(select(Event.__table__).where(at_place(ENTRIES))).mappings().one()
    row = {name: value for name, value in last.items() if name != "id"} | {
        "sequence": ENTRIES + 1,
        "previous_digest": last["digest"],
    }
    new_id = chain.session.execute(insert(Event).values(row).returning(Event.id)).scalar_one()
    chain.session.commit()
    stored = dict(chain.session.execute(select(Event.__table__).where(Event.id == new_id)).mappings().one())
    meddle(
        update(Event)
        .where(Event.id == new_id)
        .values(digest=rules.digest_of(stored, sequence=ENTRIES + 1, previous=last["digest"]))
    )
    assert services.verify().first_bad == ENTRIES + 1


def test_the_end_cut_off_is_found_by_the_state(chain):
    meddle(delete(Event).where(Event.sequence > 9))
    assert services.verify().first_bad == 10


def test_the_state_set_back_is_found(chain):
    meddle(update(ChainState).values(sequence=9))
    assert services.verify().ok is False
    meddle(delete(ChainState))
    assert services.verify().first_bad == 1


def rewritten(place):
    """Change one event and compute all digests anew, as somebody who knows this program would;
    the state too.
    """
    rows = database.session.execute(select(Event.__table__).order_by(Event.sequence)).mappings().all()
    previous = rules.BEGINNING
    for row in map(dict, rows):
        if row["sequence"] == place:
            row["action"] = "thing.undone"
            row["commitment"] = rules.commitment_of(row, row["details"], row["salt"])
        digest = rules.digest_of(row, sequence=row["sequence"], previous=previous)
        changed = {
            "action": row["action"],
            "commitment": row["commitment"],
            "previous_digest": previous,
            "digest": digest,
        }
        database.session.execute(update(Event).where(Event.id == row["id"]).values(changed))
        previous = digest
    meddle(update(ChainState).values(digest=previous))


def test_a_cut_with_its_state_is_found_by_a_checkpoint_only(chain):
    kept = services.checkpoint()
    assert kept.sequence == ENTRIES
    tenth = chain.session.scalar(select(Event.digest).where(at_place(10)))
    meddle(delete(Event).where(Event.sequence > 10), update(ChainState).values(sequence=10, digest=tenth))
    assert services.verify().ok
    assert services.verify(kept).first_bad == 11


def test_a_chain_written_anew_is_found_by_a_checkpoint_only(chain):
    kept = services.checkpoint()
    rewritten(2)  # an event without a person, so that its commitment can be made again
    assert services.verify().ok
    assert services.verify(kept).first_bad == ENTRIES


def test_an_older_checkpoint_still_holds(chain):
    kept = services.checkpoint()
    record(3)
    services.chain_pending()
    found = services.verify(kept)
    assert (found.ok, found.entries) == (True, ENTRIES + 3)


def test_a_checkpoint_chains_what_waits_and_is_remembered(db):
    record(2)
    made = services.checkpoint()
    assert made.sequence == 2
    assert db.session.scalars(select(ChainState)).one().checkpoint == made.as_dict()
    assert services.read_checkpoint(made.as_dict()) == made


@pytest.mark.parametrize(
    "data",
    [
        None,
        [],
        {},
        {"sequence": "2", "digest": "0" * 64},
        {"sequence": -1, "digest": "0" * 64},
        {"sequence": 1, "digest": "0"},
    ],
)
def test_what_is_no_checkpoint_is_refused(data):
    with pytest.raises(RuleViolation):
        services.read_checkpoint(data)


def test_a_checkpoint_of_nothing_says_the_beginning(db):
    assert services.checkpoint().digest == rules.BEGINNING
    assert services.verify(Checkpoint(0, rules.BEGINNING, "")).ok
    assert not services.verify(Checkpoint(0, "1" * 64, "")).ok


def test_the_chain_verifies_after_a_person_was_erased(chain):
    services.erase_person(PERSON)
    assert services.verify().ok
    meddle(update(Event).where(at_place(4)).values(details="{}"))  # sealed, about the erased person
    assert services.verify().first_bad == 4


def test_a_key_that_was_exchanged_is_found(chain):
    with atomic():
        chain.session.get(PersonKey, PERSON).secret = rules.new_key()
    assert services.verify().first_bad == 4
    meddle(text("UPDATE person_keys SET secret = 'nonsense'"))
    assert services.verify().first_bad == 4


def test_two_sequencers_at_once_give_every_event_one_place(file_app):
    with file_app.app_context():
        record(60)
        database.session.remove()
    barrier = threading.Barrier(3)

    def sequence():
        with file_app.app_context():
            barrier.wait()
            while services.chain_pending(at_most=7):
                pass
            database.session.remove()

    threads = [threading.Thread(target=sequence) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with file_app.app_context():
        assert services.verify() == services.Verification(entries=60, ok=True, first_bad=None, pending=0)


def test_two_decisions_about_a_new_person_at_once_share_one_key(file_app):
    barrier = threading.Barrier(2)

    def decide():
        with file_app.app_context():
            barrier.wait()
            with atomic():
                services.record("person.touched", None, by=SYSTEM, person_id=PERSON, note="rahasia")
            database.session.remove()

    threads = [threading.Thread(target=decide) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with file_app.app_context():
        services.chain_pending()
        assert services.verify() == services.Verification(entries=2, ok=True, first_bad=None, pending=0)
        assert len(list(database.session.scalars(select(PersonKey)))) == 1
