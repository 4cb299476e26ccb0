"""Two records with seats, certificates and accounts, merged either way and parted again: nobody is lost,
nothing is counted twice.
"""

from collections import Counter
from datetime import date

import pytest
from sqlalchemy import select

from app.auth.rules import Role
from app.certificates.models import Certificate
from app.certificates.queries import certificates_of_people
from app.core.errors import RuleViolation
from app.courses.rules import BatchStatus
from app.enrollments.models import Enrollment
from app.enrollments.rules import SEATED, EnrollmentStatus
from app.extensions import db
from app.trainees import queries, services
from app.trainees.models import Trainee
from app.trainees.rules import TraineeStatus

S, T = EnrollmentStatus, TraineeStatus
KINDS = ("bare", "waiting", "seated", "certified", "certified_madya", "asked_elsewhere")
OF_ONE_TIER = {
    "seated",
    "certified",
}  # two seats of one tier: which of them ends is said first, by whoever merges
# What a merge writes for good: the trail, and what people were told of it. The other tables are as before
# once they are parted.
STAYS = ("events", "person_keys", "merges", "notices", "messages", "outgoing_events")
TODAY = date(2026, 1, 5)
RANK = {T.ACTIVE: 3, T.CANDIDATE: 2, T.INACTIVE: 1}


@pytest.fixture
def dinas(make):
    return make.user(Role.KABUPATEN_DINAS)


@pytest.fixture
def record(make):
    """Return a record of the kind, with an account of its own unless it is bare, in the desa given."""

    def of(kind: str, desa: str) -> Trainee:
        if kind == "bare":
            return make.trainee(desa=desa, status=T.CANDIDATE, nik=None, birth_date=None)
        status = T.CANDIDATE if kind in ("waiting", "asked_elsewhere") else T.ACTIVE
        person = make.trainee(desa=desa, status=status, user_id=make.user().id)
        if kind == "waiting":
            make.enrollment(make.batch(quota=1), person, status=S.WAITLISTED)
        elif kind == "asked_elsewhere":
            make.enrollment(make.batch(), person, status=S.SUBMITTED)
        elif kind == "seated":
            make.enrollment(make.batch(), person, status=S.ACCEPTED)
        else:
            tier, year = ("madya", 2014) if kind == "certified_madya" else ("dasar", 2011)
            days = {"starts_on": date(year, 5, 24), "ends_on": date(year, 5, 27)}
            past = make.batch(make.course(tier=tier), status=BatchStatus.FINISHED, **days)
            make.certificate(make.attendee(past, person))
            make.qualification(person, tier, date(year, 5, 27))
        return person

    return of


def state_of(*records: Trainee) -> dict[str, object]:
    """Return what the two records are and have, without who counts."""
    ids = {each.id for each in records}
    return {
        "certificates": Counter(each.number for each in certificates_of_people(ids)),
        "ranks": set().union(*(queries.held_ranks(each, TODAY) for each in records)),
        "enrollments": Counter(held.status for held in in_force(ids)),
    }


def in_force(ids: set[int]) -> list[Enrollment]:
    rows = (
        select(Enrollment)
        .where(Enrollment.trainee_id.in_(ids), Enrollment.ended_as.is_(None))
        .order_by(Enrollment.id)
    )
    return list(db.session.scalars(rows))


@pytest.mark.parametrize("counts_is_first", [True, False])
@pytest.mark.parametrize("second", KINDS)
@pytest.mark.parametrize("first", KINDS)
def test_merged_and_parted(make, record, dinas, dump, counts_hold, first, second, counts_is_first):
    one, other = record(first, "63.05.06.2001"), record(second, "63.05.01.1001")
    kept, gone = (one, other) if counts_is_first else (other, one)
    statuses = {each.id: each.status for each in (one, other)}
    accounts = [each.user_id for each in (one, other) if each.user_id]
    had = state_of(one, other)
    before = dump(*STAYS)
    both_of_one_tier = {first, second} <= OF_ONE_TIER or first == second == "certified_madya"
    if both_of_one_tier:
        with pytest.raises(RuleViolation, match="Batalkan salah satu lebih dahulu"):
            services.merge_trainees(gone, kept, "Satu orang", dinas, despite_differences=True)
        assert dump(*STAYS) == before
        return

    merge = services.merge_trainees(gone, kept, "Satu orang", dinas, despite_differences=True)
    counts_hold()
    assert sum(queries.stored_counts().values()) == 1
    assert RANK[kept.status] == max(RANK[each] for each in statuses.values())
    has = state_of(one, other)
    assert has["certificates"] == had["certificates"]
    assert queries.held_ranks(kept, TODAY) == had["ranks"]
    assert (
        sum(has["enrollments"][each] for each in SEATED)
        == sum(had["enrollments"][each] for each in SEATED)
        <= 2
    )
    tiers = [
        held.tier_id
        for held in in_force({one.id, other.id})
        if held.status in SEATED and held.batch.status is BatchStatus.OPEN
    ]
    assert len(tiers) == len(set(tiers))
    assert all(queries.is_oneself(each, account) for each in (one, other) for account in accounts)

    services.undo_merge(merge, dinas)
    counts_hold()
    assert {each.id: each.status for each in (one, other)} == statuses
    assert state_of(one, other) == had
    assert dump(*STAYS) == before


def test_both_certificates_are_found_by_the_record_that_counts(make, record, dinas):
    one, other = record("certified", "63.05.06.2001"), record("certified_madya", "63.05.01.1001")
    services.merge_trainees(other, one, "Satu orang", dinas, despite_differences=True)
    found = certificates_of_people(queries.same_person_ids(one))
    assert {each.trainee_id for each in found} == {one.id, other.id}
    assert all(isinstance(each, Certificate) for each in found)
