"""Duty, standing and SK; what a certificate tells; the counts stay equal to a recount whatever happens."""

import random
from datetime import date, timedelta

import pytest
from sqlalchemy import select

from app.auth.rules import Permission, Role
from app.core import clock
from app.core.errors import Conflict, DomainError, NotFound, RuleViolation
from app.trainees import queries, services
from app.trainees.models import Appointment, Standing, Trainee, WorkforceCount
from app.trainees.rules import EndedAs, Source, TraineeStatus
from tests.trainees.conftest import KELADAN

S = TraineeStatus
TODAY = clock.today("Asia/Makassar")
YESTERDAY, TOMORROW = TODAY - timedelta(days=1), TODAY + timedelta(days=1)


@pytest.fixture
def dinas(make):
    return make.user(Role.KABUPATEN_DINAS)


def appoint(make, people, by, **values):
    facts = {
        "organiser": make.organiser(),
        "number": f"188.45/{next(make.numbers)}",
        "dated_on": TODAY,
        "signer_name": "Bupati Tapin",
    }
    return services.appoint(**{**facts, **values}, trainees=people, by=by)


def test_one_sk_makes_many_active_from_its_date(make, dinas, candidate, actions, counts_hold):
    people = [candidate(by=dinas) for _number in range(3)]
    made = appoint(make, people, dinas, number=" 188.45/012/KUM/2026  ")
    assert made.number == "188.45/012/KUM/2026"
    assert all(person.status is S.ACTIVE for person in people)
    assert [person.id for person in queries.list_appointed(made)] == [person.id for person in people]
    assert queries.count_appointed([made]) == {made.id: 3}
    assert actions()[-4:] == ["appointment.made"] + ["trainee.appointed"] * 3
    assert queries.stored_counts() == {(people[0].duty_region_id, S.ACTIVE, 0): 3}
    counts_hold()


def test_an_sk_counts_from_its_own_date_even_when_entered_years_later(make, dinas, candidate):
    dated_on = date(2011, 1, 4)
    person = candidate(by=dinas)
    appoint(make, [person], dinas, dated_on=dated_on)
    assert queries.standing_on(person, dated_on - timedelta(days=1)) is None
    assert queries.standing_on(person, dated_on) is S.ACTIVE
    assert queries.standing_on(person, TODAY) is S.ACTIVE
    assert queries.duty_on(person, dated_on).code == KELADAN
    assert queries.duty_on(person, dated_on - timedelta(days=1)) is None


def test_an_sk_of_today_counts_today_and_not_yesterday(make, dinas, candidate):
    person = candidate(by=dinas, duty_since=YESTERDAY)
    appoint(make, [person], dinas, dated_on=TODAY)
    assert queries.standing_on(person, YESTERDAY) is S.CANDIDATE
    assert queries.standing_on(person, TODAY) is S.ACTIVE


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"number": "  "}, "number"),
        ({"signer_name": ""}, "signer_name"),
        ({"dated_on": TOMORROW}, "dated_on"),
        ({"trainees": []}, "trainees"),
    ],
)
def test_an_incomplete_sk_is_refused_at_its_field(make, dinas, candidate, digest, values, field):
    person, office = candidate(by=dinas), make.organiser()
    before = digest()
    facts = {
        "organiser": office,
        "number": "1",
        "dated_on": TODAY,
        "signer_name": "Bupati",
        "trainees": [person],
    }
    with pytest.raises(RuleViolation) as refused:
        services.appoint(**{**facts, **values}, by=dinas)
    assert refused.value.field == field
    assert digest() == before


@pytest.mark.parametrize("other", [{"dated_on": TODAY}, {"signer_name": "Sekretaris Daerah"}])
def test_a_number_is_of_one_sk_of_an_office(make, dinas, candidate, other):
    first, second = candidate(by=dinas), candidate(by=dinas)
    facts = {"number": "188.45/1", "dated_on": YESTERDAY, "signer_name": "Bupati"}
    made = appoint(make, [first], dinas, **facts)
    with pytest.raises(Conflict, match=r"sudah tercatat: .* mencakup 1 orang") as refused:
        appoint(make, [second], dinas, **{**facts, **other})
    assert refused.value.field == "number"
    assert second.status is S.CANDIDATE
    assert (made.dated_on, made.signer_name) == (YESTERDAY, "Bupati")


def test_whom_an_sk_left_out_is_added_to_it_and_who_was_taken_back_again(make, dinas, candidate, counts_hold):
    first, second, third = (candidate(by=dinas) for _number in range(3))
    facts = {"number": "188.45/1", "dated_on": YESTERDAY, "signer_name": "Bupati Tapin"}
    made = appoint(make, [first, second], dinas, **facts)
    assert appoint(make, [third], dinas, **{**facts, "signer_name": "BUPATI  TAPIN"}) is made
    assert made.signer_name == "Bupati Tapin"
    assert (
        str(services.describe_appointment(made, [third.id]))
        == "SK 188.45/1 sudah mencakup 2 orang; 1 orang ditambahkan."
    )
    with pytest.raises(Conflict, match=f"Sudah tercakup SK ini: {third.name}"):
        appoint(make, [third], dinas, **facts)
    services.take_back_standing(first, "Salah orang", dinas)
    assert first.status is S.CANDIDATE
    assert appoint(make, [first], dinas, **facts) is made
    assert queries.count_appointed([made]) == {made.id: 3}
    counts_hold()


def test_an_sk_that_cannot_hold_for_one_holds_for_nobody_and_names_her(make, dinas, candidate, digest):
    people = [candidate(by=dinas), make.trainee(name="Sudah Aktif"), candidate(by=dinas)]
    make.organiser()
    before = digest()
    with pytest.raises(RuleViolation, match="Sudah Aktif"):
        appoint(make, people, dinas)
    assert digest() == before


def test_an_sk_reaches_nobody_in_another_kabupaten_and_tells_no_name(make, dinas, candidate, digest):
    stranger = candidate(
        by=make.user(Role.KABUPATEN_DINAS, "63.03"), desa="63.03.01.2001", name="Rahasia Tetangga"
    )
    people = [candidate(by=dinas), stranger]
    make.organiser()
    neighbour = make.user(Role.KABUPATEN_DINAS, "63.03")
    before = digest()
    with pytest.raises(RuleViolation, match="tidak berwenang mengangkat") as refused:
        appoint(make, people, dinas)
    assert "Rahasia" not in str(refused.value.reason)
    with pytest.raises(RuleViolation, match="di luar wewenang"):
        appoint(make, people[:1], neighbour)
    assert digest() == before


def test_an_sk_is_not_dated_before_what_was_recorded_last(make, dinas, candidate):
    person = candidate(by=dinas, duty_since=date(2011, 1, 4))
    appoint(make, [person], dinas, dated_on=date(2012, 1, 4))
    services.change_standing(person, S.INACTIVE, date(2015, 1, 4), "Tidak lagi menjabat", dinas)
    with pytest.raises(RuleViolation, match=person.name) as refused:
        appoint(make, [person], dinas, dated_on=date(2014, 1, 4))
    assert refused.value.field == "dated_on"
    appoint(make, [person], dinas, dated_on=date(2016, 1, 4))
    days = {
        date(2011, 6, 1): S.CANDIDATE,
        date(2012, 1, 4): S.ACTIVE,
        date(2015, 1, 4): S.INACTIVE,
        date(2016, 1, 4): S.ACTIVE,
    }
    assert {day: queries.standing_on(person, day) for day in days} == days


def test_a_standing_changes_from_a_day_on(make, dinas, actions, counts_hold):
    person = make.trainee()
    services.change_standing(person, S.RESIGNED, TODAY, "Pindah kerja", dinas)
    assert person.status is S.RESIGNED
    assert queries.standing_on(person, YESTERDAY) is S.ACTIVE
    assert queries.standing_on(person, TODAY) is S.RESIGNED
    assert actions() == ["trainee.standing_changed"]
    counts_hold()


@pytest.mark.parametrize(
    ("status", "starts_on", "reason", "field"),
    [
        (S.ACTIVE, TODAY, "x", "status"),
        (S.CANDIDATE, TODAY, "x", "status"),
        (S.INACTIVE, TOMORROW, "x", "starts_on"),
        (
            S.INACTIVE,
            date(2010, 1, 4),
            "x",
            "starts_on",
        ),  # the very day of the SK: what an SK made is not overwritten
        (S.INACTIVE, date(2009, 1, 1), "x", "starts_on"),
        (S.INACTIVE, TODAY, "  ", "reason"),
        (S.INACTIVE, TODAY, "x", "reason"),
        (S.INACTIVE, TODAY, ".....", "reason"),
    ],
)
def test_a_standing_that_does_not_follow_is_refused(make, dinas, digest, status, starts_on, reason, field):
    person = make.trainee()
    before = digest()
    with pytest.raises(DomainError) as refused:
        services.change_standing(person, status, starts_on, reason, dinas)
    assert refused.value.field == field
    assert digest() == before


def test_a_mistake_of_today_is_put_right_today(make, dinas, db, counts_hold):
    person = make.trainee()
    services.change_standing(person, S.DECEASED, TODAY, "Salah orang", dinas)
    services.take_back_standing(person, "Masih hidup", dinas)
    assert queries.standing_on(person, TODAY) is S.ACTIVE
    assert len(db.session.scalars(select(Standing).where(Standing.trainee_id == person.id)).all()) == 1
    counts_hold()


@pytest.mark.parametrize("before", [S.ACTIVE, S.CANDIDATE, S.RESIGNED])
@pytest.mark.parametrize("since", [TODAY, date(2020, 1, 6)])
def test_a_mistaken_standing_taken_back_leaves_every_row_as_it_was(
    before, since, make, dinas, dump, counts_hold
):
    person = make.trainee(status=before, since=date(2020, 1, 6))
    told = ("events", "person_keys")
    rows = dump(*told)
    wrongs = [S.DECEASED] if before is S.RESIGNED else [S.RESIGNED, S.MOVED, S.DECEASED]
    for wrong in wrongs:
        day = since if before is not S.ACTIVE else max(since, date(2020, 1, 7))
        services.change_standing(person, wrong, day, "Salah orang", dinas)
        assert dump(*told) != rows
        with pytest.raises(DomainError):
            services.take_back_standing(person, "x", dinas)
        services.take_back_standing(person, "Keliru orang", dinas)
        assert dump(*told) == rows
        counts_hold()
    if before is not S.RESIGNED:  # a request is no mistake of this kind
        with pytest.raises(DomainError, match="tidak dapat dibatalkan"):
            services.take_back_standing(make.trainee(status=S.CANDIDATE), "Keliru orang", dinas)


@pytest.mark.parametrize("before", [S.CANDIDATE, S.INACTIVE])
@pytest.mark.parametrize("dated_on", [TODAY, date(2011, 6, 1)])
def test_an_sk_of_the_wrong_person_is_taken_back_and_leaves_every_row_as_it_was(
    before, dated_on, make, dinas, candidate, dump, counts_hold
):
    person = (
        make.trainee(status=before, since=date(2011, 5, 1)) if before is S.INACTIVE else candidate(by=dinas)
    )
    make.organiser()
    told = ("events", "person_keys")
    rows = dump(*told)
    made = appoint(make, [person], dinas, dated_on=dated_on, number="188/2")
    assert person.status is S.ACTIVE
    services.take_back_standing(person, "Salah orang", dinas)
    assert person.status is before
    counts_hold()
    left = dump(*told, "appointments")
    del rows["appointments"]
    assert left == rows
    assert queries.list_appointed(made) == []


def test_a_number_of_which_nobody_is_left_is_used_again(make, dinas, candidate):
    wrong, right = candidate(by=dinas), candidate(by=dinas)
    made = appoint(make, [wrong], dinas, number="188/3")
    services.take_back_standing(wrong, "Salah orang", dinas)
    again = appoint(make, [right], dinas, number="188/3", dated_on=YESTERDAY)
    assert (again.id, again.dated_on, queries.list_appointed(again)) == (made.id, YESTERDAY, [right])
    with pytest.raises(Conflict, match="sudah tercatat"):
        appoint(make, [wrong], dinas, number="188/3")


def test_only_who_may_make_an_sk_takes_it_back(make, dinas, candidate, monkeypatch):
    person = candidate(by=dinas)
    appoint(make, [person], dinas)
    held = dinas.can
    monkeypatch.setattr(
        type(dinas),
        "can",
        lambda _self, right, *on: right != Permission.APPOINTMENT_MAKE and held(right, *on),
    )
    with pytest.raises(RuleViolation, match="berwenang mencatat SK"):
        services.take_back_standing(person, "Salah orang", dinas)


def test_nothing_follows_an_sk_on_its_very_day_and_the_first_day_is_named(make, dinas, candidate):
    person = candidate(by=dinas)
    appoint(make, [person], dinas, dated_on=date(2026, 5, 4), number="188/4")
    words = "SK nomor 188/4 berlaku sejak 4 Mei 2026; status berikutnya paling awal 5 Mei 2026"
    with pytest.raises(RuleViolation, match=words):
        services.change_standing(person, S.DECEASED, date(2026, 5, 4), "Surat kematian", dinas)


def test_nothing_begins_before_somebody_was_born_or_the_country_was_there(make, dinas, digest):
    young = make.trainee(status=S.CANDIDATE, since=date(2020, 1, 6), birth_date=date(1990, 5, 17))
    unknown = make.trainee(status=S.CANDIDATE, since=date(2020, 1, 6), birth_date=None)
    desa, office = make.region("63.05.01.1001"), make.organiser()
    before = digest()
    for person, day in ((young, date(1990, 5, 16)), (unknown, date(1945, 8, 16)), (unknown, date(1, 1, 1))):
        data = services.TraineeData(
            name="Baru", duty_region=desa, duty_since=day, birth_date=person.birth_date
        )
        for act in (
            lambda p=person, d=day: services.appoint(office, "1", d, "Bupati", [p], dinas),
            lambda p=person, d=day: services.change_standing(p, S.RESIGNED, d, "Pindah kerja", dinas),
            lambda p=person, d=day: services.move_duty(p, desa, d, dinas),
            lambda data=data: services.register_trainee(data, by=dinas),
        ):
            with pytest.raises(DomainError):
                act()
    assert digest() == before
    services.appoint(office, "1", date(1990, 5, 17), "Bupati", [young], dinas)


def test_a_move_closes_one_post_and_opens_the_next(make, dinas, desa, actions, counts_hold):
    person, there = make.trainee(), desa(3)
    services.move_duty(person, there, TODAY, dinas)
    assert person.duty_region_id == there.id
    assert queries.duty_on(person, YESTERDAY).code == KELADAN
    assert queries.duty_on(person, TODAY).id == there.id
    assert actions() == ["trainee.moved"]
    counts_hold()
    services.move_duty(person, desa(4), TODAY, dinas)  # the same day again: the first entry was a mistake
    assert [post.region_id for post in queries.duty_posts_of(person)] == [make.region(KELADAN).id, desa(4).id]
    counts_hold()


def test_a_move_neither_crosses_the_kabupaten_nor_lies_ahead(make, dinas, desa, digest):
    person = make.trainee()
    before = digest()
    for there, day, words in (
        (make.region("63.03.01.2001"), TODAY, "tidak berwenang mencatat"),
        (make.region("63.05.06"), TODAY, "Pilih sampai desa"),
        (make.region(KELADAN), TODAY, "sudah bertugas di Desa Keladan"),
        (desa(3), TOMORROW, "masa depan"),
        (desa(3), date(2009, 1, 1), "catatan terakhir"),
    ):
        with pytest.raises(DomainError, match=words):
            services.move_duty(person, there, day, dinas)
    assert digest() == before


def test_a_certificate_raises_the_rank_and_its_end_lowers_it(make, dinas, actions, counts_hold):
    person, place = make.trainee(), make.region(KELADAN).id
    services.grant_qualification(
        person, make.tier("dasar"), date(2011, 5, 27), Source.CERTIFICATE, 1, "001", dinas
    )
    services.grant_qualification(
        person, make.tier("madya"), date(2013, 5, 27), Source.RECOGNISED, 1, "M-1", dinas
    )
    assert queries.stored_counts() == {(place, S.ACTIVE, 2): 1}
    assert queries.held_ranks(person, date(2012, 1, 1)) == {1}
    assert queries.top_tiers([person])[person.id].code == "madya"
    ended = services.end_qualification(Source.RECOGNISED, 1, TODAY, EndedAs.REVOKED, dinas)
    assert ended.held_to == YESTERDAY  # said today, so it holds today no more
    assert queries.stored_counts() == {(place, S.ACTIVE, 1): 1}
    assert queries.held_ranks(person, TODAY) == {1}
    assert actions() == ["qualification.granted", "qualification.granted", "qualification.ended"]
    counts_hold()


def test_a_certificate_earns_once_ends_once_and_never_ahead_of_time(make, dinas, digest):
    person, tier = make.trainee(), make.tier("dasar")
    with pytest.raises(RuleViolation, match="masa depan"):
        services.grant_qualification(person, tier, TOMORROW, Source.CERTIFICATE, 1, "001", dinas)
    services.grant_qualification(person, tier, TODAY, Source.CERTIFICATE, 1, "001", dinas)
    with pytest.raises(Conflict):
        services.grant_qualification(person, tier, TODAY, Source.CERTIFICATE, 1, "001", dinas)
    services.end_qualification(Source.CERTIFICATE, 1, YESTERDAY, EndedAs.REPLACED, dinas)
    before = digest()
    with pytest.raises(Conflict):
        services.end_qualification(Source.CERTIFICATE, 1, YESTERDAY, EndedAs.REVOKED, dinas)
    with pytest.raises(NotFound):
        services.end_qualification(Source.CERTIFICATE, 2, YESTERDAY, EndedAs.REVOKED, dinas)
    assert digest() == before


def test_rebuilding_finds_and_mends_what_differs(make, dinas, db, counts_hold):
    person = make.trainee()
    assert services.rebuild_counts() == {}
    row = db.session.scalars(select(WorkforceCount)).one()
    row.people = 7
    db.session.commit()
    assert services.rebuild_counts() == {(person.duty_region_id, S.ACTIVE, 0): (7, 1)}
    counts_hold()
    assert services.rebuild_counts() == {}


def _walk(make, dinas, candidate, desa, db, chance, steps):
    """Do whatever comes to mind; refusals belong to it. Returns how often each act was done."""
    tiers = [make.tier(code) for code in ("dasar", "madya", "pratama")]
    done: dict[str, int] = {}
    merges, granted = [], 0

    def people():
        return db.session.scalars(select(Trainee).order_by(Trainee.id)).all()

    for step in range(steps):
        act = chance.choice(
            ["register", "register", "appoint", "move", "standing", "grant", "grant", "end", "merge", "undo"]
        )
        everybody = people()
        if act != "register" and len(everybody) < 2:
            continue
        try:
            if act == "register":
                candidate(by=dinas, desa=desa(chance.randrange(4)).code)
            elif act == "appoint":
                appoint(make, chance.sample(everybody, chance.randint(1, 2)), dinas)
            elif act == "move":
                services.move_duty(chance.choice(everybody), desa(chance.randrange(4)), TODAY, dinas)
            elif act == "standing":
                services.change_standing(
                    chance.choice(everybody), chance.choice(list(S)), TODAY, "acak saja", dinas
                )
            elif act == "grant":
                granted += 1
                kept = (
                    chance.choice(everybody),
                    chance.choice(tiers),
                    YESTERDAY,
                    Source.CERTIFICATE,
                    granted,
                    str(granted),
                )
                services.grant_qualification(*kept, by=dinas)
            elif act == "end" and granted:
                services.end_qualification(
                    Source.CERTIFICATE, chance.randint(1, granted), TODAY, EndedAs.REVOKED, dinas
                )
            elif act == "merge":
                merges.append(
                    services.merge_trainees(
                        *chance.sample(everybody, 2), "acak saja", dinas, despite_differences=True
                    )
                )
            elif act == "undo" and merges:
                services.undo_merge(chance.choice(merges), dinas)
        except DomainError:
            continue
        done[act] = done.get(act, 0) + 1
        assert queries.stored_counts() == queries.recount(), f"after step {step}: {act}"
    return done


@pytest.mark.parametrize("seed", [1, 2, 3, 4])
def test_after_any_walk_the_counts_equal_a_recount(make, dinas, candidate, desa, db, seed):
    done = _walk(make, dinas, candidate, desa, db, random.Random(seed), 60)
    assert len(done) >= 6, done
    assert not db.session.scalars(select(WorkforceCount).where(WorkforceCount.people <= 0)).all()


def test_an_appointment_belongs_to_its_office(make, dinas, candidate, db):
    appoint(make, [candidate(by=dinas)], dinas)
    made = db.session.scalars(select(Appointment)).one()
    assert dinas.can("appointment:make", made)
    assert [row.id for row in queries.page_of_appointments(dinas.reach("trainee:see"))] == [made.id]
    assert (
        len(queries.page_of_appointments(make.user(Role.KABUPATEN_DINAS, "63.03").reach("trainee:see"))) == 0
    )
