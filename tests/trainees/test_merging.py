"""Two records of one person: nothing moves, both lives are read as one, undoing restores every row."""

from datetime import date

import pytest
from sqlalchemy import select

from app.audit.models import Event
from app.audit.queries import details_of
from app.auth.rules import Role
from app.core.errors import Conflict, RuleViolation
from app.enrollments.rules import EnrollmentStatus
from app.trainees import queries, services
from app.trainees.models import Merge
from app.trainees.rules import Sex, TraineeStatus

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
    services.merge_trainees(old, new, "NIK dan nama ibu sama", dinas, despite_differences=True)
    assert queries.canonical(old).id == new.id
    for record in (old, new):
        assert queries.held_ranks(record, date(2015, 1, 1)) == {1, 2}
        assert queries.same_person_ids(record) == [new.id, old.id]
    assert queries.stored_counts() == {(new.duty_region_id, TraineeStatus.ACTIVE, 2): 1}
    assert [row.id for row in queries.page_of_trainees(dinas.reach("trainee:see"))] == [new.id]
    assert actions() == ["trainee.merged"]
    counts_hold()


def test_merge_and_undo_restore_every_row_of_every_table(two, dinas, dump, db, actions):
    before = dump(*TOLD)
    merge = services.merge_trainees(*two, "Satu orang", dinas, despite_differences=True)
    assert dump(*TOLD) != before
    services.undo_merge(merge, dinas)
    assert dump(*TOLD) == before
    assert actions() == ["trainee.merged", "trainee.merge_undone"]
    assert db.session.get(Merge, merge.id).undone_by_id == dinas.id


def test_a_merge_moves_no_row(two, dinas, dump):
    before = dump(*TOLD, "trainees", "workforce_counts")
    services.merge_trainees(*two, "Satu orang", dinas, despite_differences=True)
    assert dump(*TOLD, "trainees", "workforce_counts") == before


def test_every_act_on_a_duplicate_is_refused_with_the_record_that_counts(two, dinas, make, digest):
    old, new = two
    services.merge_trainees(old, new, "Satu orang", dinas, despite_differences=True)
    data = services.TraineeData(name="Siti A.", duty_region=old.duty_region)
    before = digest()
    for act in (
        lambda: services.change_standing(old, TraineeStatus.INACTIVE, date(2020, 1, 1), "Sakit", dinas),
        lambda: services.take_back_standing(old, "Keliru orang", dinas),
        lambda: services.move_duty(old, make.region("63.05.08.2004"), date(2020, 1, 1), dinas),
        lambda: services.correct_trainee(old, data, by=dinas),
        lambda: services.show_nik(old, by=dinas),
        lambda: services.hand_out_account(old, by=dinas),
        lambda: services.appoint(make.organiser(), "1", date(2020, 1, 1), "Bupati", [old], dinas),
    ):
        with pytest.raises(Conflict, match=f"data nomor {new.id}"):
            act()
    assert digest() == before


@pytest.fixture
def uneven(make):
    """A bare request without anything, and the PSM aktif with everything: the wrong one is kept."""
    user = make.user(name="Siti Aminah")
    active = make.trainee(name="Siti Aminah", phone="+6281200001111", email="siti@contoh.id", user_id=user.id)
    make.qualification(active, "dasar", date(2011, 5, 27))
    bare = make.trainee(
        status=TraineeStatus.CANDIDATE,
        since=date(2020, 1, 6),
        desa="63.05.01.1001",
        name="Siti Aminah",
        nik=None,
        birth_date=None,
        birth_place=None,
        sex=None,
        home_region=None,
    )
    return active, bare


def test_the_record_that_counts_takes_what_it_lacks_and_undoing_gives_it_back(
    uneven, dinas, dump, counts_hold, make
):
    active, bare = uneven
    nik, desa, user = active.nik, active.duty_region_id, active.user
    before = dump(*TOLD, "messages")
    merge = services.merge_trainees(active, bare, "Satu orang", dinas, despite_differences=True)
    assert (bare.nik, bare.birth_date, bare.phone, bare.user) == (
        nik,
        date(1985, 1, 1),
        "+6281200001111",
        user,
    )
    assert (bare.status, bare.duty_region_id, active.status) == (
        TraineeStatus.ACTIVE,
        desa,
        TraineeStatus.CANDIDATE,
    )
    assert [row.appointment is not None for row in queries.standings_of(bare)] == [True]
    assert queries.stored_counts() == {(desa, TraineeStatus.ACTIVE, 1): 1}
    counts_hold()
    assert queries.find_by_nik(nik).id == bare.id
    assert [queries.is_oneself(each, user.id) for each in (active, bare)] == [True, True]
    assert not queries.is_oneself(bare, dinas.id)
    assert queries.recipient_of(active) == queries.recipient_of(bare)
    assert queries.recipient_of(bare).address == "siti@contoh.id"
    services.undo_merge(merge, dinas)
    assert dump(*TOLD, "messages") == before
    counts_hold()


def test_of_two_merges_the_first_is_undone_as_if_it_had_never_been(uneven, dinas, dump, make, counts_hold):
    active, bare = uneven
    other = make.trainee(name="Siti Aminah", phone="+6281200002222", desa="63.05.08.2004")
    before = dump(*TOLD, "messages")
    first = services.merge_trainees(active, bare, "Satu orang", dinas, despite_differences=True)
    second = services.merge_trainees(other, bare, "Satu orang", dinas, despite_differences=True)
    services.undo_merge(first, dinas)
    assert (bare.nik, bare.phone, bare.duty_region_id) == (
        other.nik,
        other.phone,
        make.region("63.05.08.2004").id,
    )
    assert (active.status, bare.status, other.status) == (
        TraineeStatus.ACTIVE,
        TraineeStatus.ACTIVE,
        TraineeStatus.CANDIDATE,
    )
    assert queries.find_by_nik(active.nik).id == active.id
    counts_hold()
    services.undo_merge(second, dinas)
    assert dump(*TOLD, "messages") == before


@pytest.mark.parametrize(
    ("kept", "other", "becomes"),
    [
        ("candidate", "active", "active"),
        ("resigned", "active", "active"),
        ("active", "candidate", "active"),
        ("moved", "candidate", "candidate"),
        ("deceased", "active", "deceased"),
        ("candidate", "deceased", "candidate"),
        ("inactive", "candidate", "inactive"),
    ],
)
def test_the_better_standing_of_the_two_counts_and_a_death_stays(
    kept, other, becomes, dinas, make, counts_hold
):
    canonical, duplicate = (
        make.trainee(status=TraineeStatus(kept)),
        make.trainee(status=TraineeStatus(other), desa="63.05.01.1001"),
    )
    services.merge_trainees(duplicate, canonical, "Satu orang", dinas, despite_differences=True)
    assert canonical.status.value == becomes
    counts_hold()


def test_her_own_nik_on_a_merged_record_accuses_nobody(make, dinas, dump):
    kept, other = make.trainee(), make.trainee()
    wanted = other.nik
    merge = services.merge_trainees(other, kept, "Satu orang", dinas, despite_differences=True)
    services.correct_trainee(
        kept, services.TraineeData(name=kept.name, nik=wanted, duty_region=kept.duty_region), by=dinas
    )
    assert queries.find_by_nik(wanted).id == kept.id
    services.undo_merge(merge, dinas)
    assert queries.find_by_nik(wanted).id == other.id


def test_chains_are_refused(two, dinas, make, digest):
    old, new = two
    third = make.trainee(name="Siti A.")
    services.merge_trainees(old, new, "Satu orang", dinas, despite_differences=True)
    before = digest()
    for duplicate, canonical, kind in (
        (old, third, Conflict),
        (third, old, RuleViolation),
        (new, third, RuleViolation),
        (old, new, Conflict),
    ):
        with pytest.raises(kind):
            services.merge_trainees(duplicate, canonical, "Satu orang", dinas, despite_differences=True)
    assert digest() == before
    services.merge_trainees(third, new, "Tiga data satu orang", dinas, despite_differences=True)
    assert queries.same_person_ids(old) == [new.id, old.id, third.id]


def test_a_record_is_not_its_own_duplicate_and_a_reason_is_needed(two, dinas, digest):
    before = digest()
    for duplicate, canonical, reason in (
        (two[0], two[0], "x"),
        (two[0], two[1], " "),
        (two[0], two[1], "x"),
        (two[0], two[1], "...."),
    ):
        with pytest.raises(RuleViolation):
            services.merge_trainees(duplicate, canonical, reason, dinas, despite_differences=True)
    assert digest() == before


def test_a_merge_across_kabupaten_needs_both(two, dinas, make, digest):
    elsewhere = make.trainee(desa="63.03.01.2001")
    before = digest()
    for duplicate, canonical in ((elsewhere, two[0]), (two[0], elsewhere)):
        with pytest.raises(RuleViolation, match="di luar wilayah Anda"):
            services.merge_trainees(duplicate, canonical, "Satu orang", dinas, despite_differences=True)
    assert digest() == before
    make.grant(dinas, Role.KABUPATEN_DINAS, make.region("63.03"))
    dinas.granted = None
    services.merge_trainees(elsewhere, two[0], "Satu orang", dinas, despite_differences=True)


def test_two_who_sit_in_one_batch_are_two_people(two, dinas, make, digest):
    batch = make.batch()
    for person in two:
        make.enrollment(batch, person, status=EnrollmentStatus.ACCEPTED)
    before = digest()
    with pytest.raises(RuleViolation, match="Keduanya mempunyai tempat pada angkatan"):
        services.merge_trainees(*two, "Satu orang", dinas, despite_differences=True)
    assert digest() == before


def test_a_merge_is_undone_once_and_by_those_who_reach_both(two, dinas, make, counts_hold):
    merge = services.merge_trainees(*two, "Satu orang", dinas, despite_differences=True)
    with pytest.raises(RuleViolation):
        services.undo_merge(merge, make.user(Role.KABUPATEN_DINAS, "63.03"))
    services.undo_merge(merge, dinas)
    with pytest.raises(Conflict):
        services.undo_merge(merge, dinas)
    counts_hold()
    again = services.merge_trainees(*two, "Memang satu orang", dinas, despite_differences=True)
    assert again.id != merge.id


def test_a_duplicate_is_neither_appointed_nor_given_an_account(make, dinas, candidate):
    first, second = candidate(by=dinas), candidate(by=dinas, nik="6305064101859001")
    services.merge_trainees(second, first, "Satu orang", dinas, despite_differences=True)
    with pytest.raises(Conflict, match="data ganda"):
        services.appoint(make.organiser(), "1", date(2020, 1, 1), "Bupati", [second], dinas)
    with pytest.raises(Conflict, match="digabungkan"):
        services.hand_out_account(second, by=dinas)


def test_two_records_that_contradict_each_other_are_two_people_until_it_is_said_why(
    make, dinas, digest, db, browser
):
    kept = make.trainee(sex=Sex.FEMALE, birth_date=date(1985, 1, 1))
    other = make.trainee(sex=Sex.MALE, birth_date=date(1958, 1, 1))
    before = digest()
    with pytest.raises(RuleViolation) as refused:
        services.merge_trainees(other, kept, "Satu orang", dinas)
    assert refused.value.field == "despite_differences"
    assert "Kedua data berbeda: NIK, tanggal lahir, jenis kelamin." in str(refused.value.reason)
    assert digest() == before
    browser.sign_in(dinas)
    page = browser.get("trainees.merge_trainees", duplicate=other.id, canonical=kept.id)
    assert "Tampak seperti dua orang" in page.text
    pair = {"duplicate_id": other.id, "canonical_id": kept.id, "reason": "Salah ketik di Excel"}
    assert (
        "tampaknya dua orang" in browser.post("trainees.merge_trainees", data=pair, expect=422).text.lower()
    )
    browser.post("trainees.merge_trainees", data={**pair, "despite_differences": "y"})
    noted = db.session.scalars(select(Event).where(Event.action == "trainee.merged")).one()
    assert details_of([noted])[noted.id]["details"]["despite"] == ["NIK", "tanggal lahir", "jenis kelamin"]


@pytest.mark.parametrize("values", [{"nik": None}, {"birth_date": None}, {"sex": None}])
def test_what_one_record_lacks_contradicts_nobody(make, dinas, values):
    kept, other = (
        make.trainee(name="Siti Aminah"),
        make.trainee(name="Siti Aminah", **{"nik": None, **values}),
    )
    assert services.merge_trainees(other, kept, "Satu orang", dinas).canonical_id == kept.id


def test_the_page_lists_pairs_that_may_be_one_person_and_keeps_what_was_typed(make, dinas, browser):
    one = make.trainee(name="Drs. H. Abdul Ghani, M.Si.")
    other = make.trainee(name="ABDUL GHANI", nik=None)
    stranger = make.trainee(name="Zulkifli", desa="63.05.01.1001", birth_date=None, nik=None, sex=None)
    browser.sign_in(dinas)
    page = browser.get("trainees.merge_trainees")
    links = [link["href"] for link in page.soup.select("main li a") if "duplicate=" in link["href"]]
    assert len(links) == 1
    assert f"canonical={other.id}" in links[0]
    assert f"duplicate={one.id}" in links[0]
    page = browser.get("trainees.merge_trainees", canonical=one.id, duplicate=999_999, expect=404)
    assert page.soup.select_one("#canonical")["value"] == str(one.id)
    assert (
        "Kedua nomor sama"
        in browser.get("trainees.merge_trainees", canonical=one.id, duplicate=one.id, expect=404).text
    )
    told = "Tampak seperti dua orang"
    assert told in browser.get("trainees.merge_trainees", canonical=one.id, duplicate=stranger.id).text
    assert told not in browser.get("trainees.merge_trainees", canonical=one.id, duplicate=other.id).text


@pytest.mark.parametrize(
    ("kept", "other", "what"),
    [
        ({"name": "Siti Aminah"}, {"name": "Rahmah"}, "nama"),
        ({"name": "Siti Aminah", "desa": "63.05.01.1001"}, {"name": "Rahmah"}, "nama"),
        (
            {"phone": "+6281200001111", "desa": "63.05.01.1001", "birth_date": None},
            {"phone": "+6281200002222"},
            "desa tugas dan nomor HP",
        ),
        (
            {"birth_date": date(1985, 1, 1), "nik": None},
            {"birth_date": None, "nik": "6305060202709001", "sex": None},
            "tanggal lahir, jenis kelamin",
        ),
        (
            {"birth_date": None, "sex": None, "nik": "6305060202709002"},
            {"nik": None},
            "tanggal lahir, jenis kelamin",
        ),
    ],
)
def test_strangers_are_not_merged_without_a_word(make, dinas, browser, digest, kept, other, what):
    base = {"name": "Siti Aminah", "nik": None, "birth_date": date(1985, 1, 1), "sex": Sex.FEMALE}
    one, two_ = make.trainee(**{**base, **kept}), make.trainee(**{**base, **other})
    before = digest()
    with pytest.raises(RuleViolation) as refused:
        services.merge_trainees(two_, one, "Satu orang", dinas)
    assert f"Kedua data berbeda: {what}." in str(refused.value.reason)
    assert digest() == before
    browser.sign_in(dinas)
    page = browser.get("trainees.merge_trainees", duplicate=two_.id, canonical=one.id)
    assert f"Berbeda: {what}." in page.text
    assert page.soup.find(id="despite_differences")
    services.merge_trainees(two_, one, "Satu orang", dinas, despite_differences=True)


@pytest.mark.parametrize(
    ("kept", "other"),
    [
        ({"name": "Hj. Siti Aminah, S.Pd."}, {"name": "siti aminah", "birth_date": None}),
        ({"phone": "+6281200001111", "desa": "63.05.01.1001"}, {"phone": "+6281200002222"}),
        ({"nik": "6305064101859001", "birth_date": None, "sex": None}, {"nik": None}),
    ],
)
def test_one_person_written_twice_needs_no_tick(make, dinas, kept, other):
    base = {"name": "Siti Aminah", "nik": None, "birth_date": date(1985, 1, 1), "sex": Sex.FEMALE}
    one, two_ = make.trainee(**{**base, **kept}), make.trainee(**{**base, **other})
    assert services.merge_trainees(two_, one, "Satu orang", dinas).canonical_id == one.id


@pytest.mark.parametrize("typed", ["{}", " nomor {}", "Data nomor {}", "no. {}"])
def test_a_number_is_read_as_people_write_it(make, dinas, browser, typed):
    one, other = make.trainee(), make.trainee()
    browser.sign_in(dinas)
    page = browser.get(
        "trainees.merge_trainees", canonical=typed.format(one.id), duplicate=typed.format(other.id)
    )
    assert "Kedua data berdampingan" in page.text
