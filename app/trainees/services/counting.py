"""Keep `workforce_counts` equal to a recount: every change of a person happens inside `counted()`."""

from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from sqlalchemy import delete, insert, text

from app.auth.rules import Permission
from app.core.actor import Actor
from app.core.errors import Conflict
from app.core.text import _
from app.core.unit_of_work import atomic
from app.extensions import db
from app.trainees.models import Trainee, WorkforceCount
from app.trainees.queries import (
    Position,
    canonical,
    lock_trainee,
    lock_trainees,
    positions_of,
    recount,
    stored_counts,
)

# Both engines read this: a row is made or moved by a difference in one statement, so that two decisions never
# overwrite each other.
ADD = text(
    "INSERT INTO workforce_counts (region_id, status, top_rank, people) VALUES (:region_id, :status,"
    " :top_rank, :people) ON CONFLICT (region_id, status, top_rank) DO UPDATE SET people ="
    " workforce_counts.people + excluded.people"
)


@contextmanager
def counted(person_ids: Iterable[int]) -> Iterator[None]:
    """Add to the counts whatever the change inside makes of these people; their rows are held
    by the caller.
    """
    ids = sorted(set(person_ids))
    before = positions_of(ids)
    yield
    db.session.flush()
    change = Counter(positions_of(ids).values())
    change.subtract(before.values())
    for position in sorted(change):  # desa in order: two decisions never wait for each other crosswise
        if change[position]:
            add_to_counts(position, change[position])


def add_to_counts(position: Position, people: int) -> None:
    """Add people to a count, or take them away; a count of nobody is no row."""
    region_id, status, rank = position
    db.session.execute(
        ADD, {"region_id": region_id, "status": status.value, "top_rank": rank, "people": people}
    )
    if people < 0:
        same = (
            WorkforceCount.region_id == region_id,
            WorkforceCount.status == status,
            WorkforceCount.top_rank == rank,
        )
        gone = delete(WorkforceCount).where(*same, WorkforceCount.people == 0)
        db.session.execute(gone.execution_options(synchronize_session=False))


def hold_person(trainee: Trainee) -> Trainee:
    """Hold the record that counts for this person and return it; the record given is held too, so that no
    merge comes between.
    """
    held = lock_trainee(trainee.id)
    while held.canonical_id is not None:  # at most once: chains are refused
        held = lock_trainees([held.id, held.canonical_id])[held.canonical_id]
    return held


def hold_living(trainee: Trainee, by: Actor) -> Trainee:
    """Hold a person's record to change it; raise Conflict for a duplicate, naming the record that counts."""
    held = lock_trainee(trainee.id)
    refuse_duplicate(held, by)
    return held


def refuse_duplicate(trainee: Trainee, by: Actor) -> None:
    """Raise Conflict for a record that was merged away, naming the one that counts; of a stranger no name is
    told.
    """
    if trainee.canonical_id is None:
        return
    person = canonical(trainee)
    if by.can(Permission.TRAINEE_SEE, person):
        raise Conflict(
            _(
                "Data nomor %(id)d adalah data ganda, sudah digabungkan ke %(name)s (data nomor %(kept)d)."
                " Bukalah data itu.",
                id=trainee.id,
                name=person.name,
                kept=person.id,
            )
        )
    raise Conflict(
        _(
            "Data nomor %(id)d adalah data ganda, sudah digabungkan ke data nomor %(kept)d di luar wilayah"
            " Anda.",
            id=trainee.id,
            kept=person.id,
        )
    )


@atomic()
def rebuild_counts() -> dict[Position, tuple[int, int]]:
    """Write the counts anew from the rows; returns what differed: (kept, counted) by desa,
    standing and rank.
    """
    kept, anew = stored_counts(), recount()
    different = {
        each: (kept.get(each, 0), anew.get(each, 0))
        for each in sorted({*kept, *anew})
        if kept.get(each, 0) != anew.get(each, 0)
    }
    if different:
        db.session.execute(delete(WorkforceCount).execution_options(synchronize_session=False))
        rows = [
            {"region_id": r, "status": status, "top_rank": rank, "people": n}
            for (r, status, rank), n in anew.items()
        ]
        if rows:
            db.session.execute(insert(WorkforceCount), rows)
        db.session.expire_all()
    return different
