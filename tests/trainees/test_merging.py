"""Two records of one person: nothing moves, both lives are read as one, undoing restores every row."""

from datetime import date

import pytest

from app.auth.rules import Role
from app.core.errors import Conflict, DomainError, RuleViolation
from app.enrollments.rules import EnrollmentStatus
from app.trainees import queries, services
from app.trainees.models import Merge
from app.trainees.rules import TraineeStatus

TOLD = ("events", "person_keys", "merges")


@pytest.fixture
def dinas(make):
    return make.user(Role.KABUPATEN_DINAS)


@pytest.fixture
def two(make):
    """The record of an old course, and the one entered again with a NIK."""
    old = make.trainee(name="Siti Aminah", nik=None, desa="63.05.06.2001")
    make.qualification(old, "dasar", date(2011, 5, 27))
    new = make.trainee(name="Siti Aminah", desa="63.05.01.1001")
    make.qualification(new, "madya", date(2014, 5, 27))
    return old, new


def test_two_lives_are_read_as_one_and_counted_once(two, dinas, make, actions, counts_hold):
    old, new = two
    services.merge_trainees(old, new, "NIK dan nama ibu sama", dinas)
    assert queries.canonical(old).id == new.id
    for record in (old, new):
        assert queries.held_ranks(record, date(2015, 1, 1)) == {1, 2}
        assert queries.same_person_ids(record) == [new.id, old.id]
    assert queries.kept_counts() == {(new.duty_region_id, TraineeStatus.ACTIVE, 2): 1}
    assert [row.id for row in queries.page_of_trainees(dinas.reach("trainee:see"))] == [new.id]
    assert actions() == ["trainee.merged"]
    counts_hold()


def test_merge_and_undo_restore_every_row_of_every_table(two, dinas, dump, db, actions):
    before = dump(*TOLD)
    merge = services.merge_trainees(*two, "Satu orang", dinas)
    assert dump(*TOLD) != before
    services.undo_merge(merge, dinas)
    assert dump(*TOLD) == before
    assert actions() == ["trainee.merged", "trainee.merge_undone"]
    assert db.session.get(Merge, merge.id).undone_by_id == dinas.id


def test_a_merge_moves_no_row(two, dinas, dump):
    before = dump(*TOLD, "trainees", "workforce_counts")
    services.merge_trainees(*two, "Satu orang", dinas)
    assert dump(*TOLD, "trainees", "workforce_counts") == before


def test_what_happens_to_a_duplicate_happens_to_the_person(two, dinas, make, counts_hold):
    old, new = two
    services.merge_trainees(old, new, "Satu orang", dinas)
    services.change_standing(old, TraineeStatus.INACTIVE, date(2020, 1, 1), "Sakit", dinas)
    assert (old.status, new.status) == (TraineeStatus.ACTIVE, TraineeStatus.INACTIVE)
    counts_hold()


def test_chains_are_refused(two, dinas, make, digest):
    old, new = two
    third = make.trainee(name="Siti A.")
    services.merge_trainees(old, new, "Satu orang", dinas)
    before = digest()
    for duplicate, canonical, kind in (
        (old, third, Conflict),
        (third, old, RuleViolation),
        (new, third, RuleViolation),
        (old, new, Conflict),
    ):
        with pytest.raises(kind):
            services.merge_trainees(duplicate, canonical, "Satu orang", dinas)
    assert digest() == before
    services.merge_trainees(third, new, "Tiga data satu orang", dinas)
    assert queries.same_person_ids(old) == [new.id, old.id, third.id]


def test_a_record_is_not_its_own_duplicate_and_a_reason_is_needed(two, dinas, digest):
    before = digest()
    for duplicate, canonical, reason in ((two[0], two[0], "x"), (two[0], two[1], " "), (two[0], two[1], "x"), (two[0], two[1], "....")):
        with pytest.raises(RuleViolation):
            services.merge_trainees(duplicate, canonical, reason, dinas)
    assert digest() == before


def test_a_merge_across_kabupaten_needs_both(two, dinas, make, digest):
    elsewhere = make.trainee(desa="63.03.01.2001")
    before = digest()
    for duplicate, canonical in ((elsewhere, two[0]), (two[0], elsewhere)):
        with pytest.raises(RuleViolation, match="di luar wilayah Anda"):
            services.merge_trainees(duplicate, canonical, "Satu orang", dinas)
    assert digest() == before
    make.grant(dinas, Role.KABUPATEN_DINAS, make.region("63.03"))
    dinas.granted = None
    services.merge_trainees(elsewhere, two[0], "Satu orang", dinas)


def test_two_who_sit_in_one_batch_are_two_people(two, dinas, make, digest):
    batch = make.batch()
    for person in two:
        make.enrollment(batch, person, status=EnrollmentStatus.ACCEPTED)
    before = digest()
    with pytest.raises(RuleViolation, match="Keduanya mempunyai tempat pada angkatan"):
        services.merge_trainees(*two, "Satu orang", dinas)
    assert digest() == before


def test_a_merge_is_undone_once_and_by_those_who_reach_both(two, dinas, make, counts_hold):
    merge = services.merge_trainees(*two, "Satu orang", dinas)
    with pytest.raises(RuleViolation):
        services.undo_merge(merge, make.user(Role.KABUPATEN_DINAS, "63.03"))
    services.undo_merge(merge, dinas)
    with pytest.raises(Conflict):
        services.undo_merge(merge, dinas)
    counts_hold()
    again = services.merge_trainees(*two, "Memang satu orang", dinas)
    assert again.id != merge.id


def test_a_duplicate_is_neither_appointed_nor_given_an_account(make, dinas, candidate):
    first, second = candidate(by=dinas), candidate(by=dinas, nik="6305064101859001")
    services.merge_trainees(second, first, "Satu orang", dinas)
    with pytest.raises(DomainError, match="Data ganda"):
        services.appoint(make.organiser(), "1", date(2020, 1, 1), "Bupati", [second], dinas)
    with pytest.raises(RuleViolation, match="digabungkan"):
        services.hand_out_account(second, by=dinas)
