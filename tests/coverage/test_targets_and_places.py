"""Targets have a history and are inherited; regions that are divided keep their past."""

from datetime import date, timedelta

import pytest

from app.audit.models import Event
from app.auth.rules import Role
from app.core import clock
from app.core.errors import Conflict, NotFound, RuleViolation
from app.core.scopes import EVERYWHERE, NOWHERE, Reach, Reaching
from app.coverage import queries, services
from app.coverage.models import Target
from app.coverage.rules import Gap, Goal, Who
from app.extensions import db
from app.regions.models import Region, RegionSuccession
from app.regions.rules import WITA, Level
from app.trainees.rules import TraineeStatus

TAPIN, CLU, KELADAN, SUNGAI_SALAI = "63.05", "63.05.06", "63.05.06.2001", "63.05.06.2002"
ACTIVE = TraineeStatus.ACTIVE


def today() -> date:
    return clock.today(WITA)


def total(code: str, day: date | None = None):
    return queries.coverage_of(queries.find_latest(code), day, EVERYWHERE).total


# targets


def test_a_target_is_inherited_until_a_nearer_region_sets_its_own(make):
    make.target("63", per_desa=1, starts_on=date(2020, 1, 1))
    make.target(TAPIN, per_desa=3, starts_on=date(2022, 1, 1))
    make.target(TAPIN, per_desa=5, starts_on=date(2024, 1, 1), tier_rank=0)
    make.target("63.05.06", per_desa=2, starts_on=date(2023, 1, 1), tier_rank=2)
    found = {
        day.year: queries.target_for(queries.find_latest(KELADAN), day)
        for day in (date(year, 6, 1) for year in range(2019, 2026))
    }
    assert found[2019] is None
    assert found[2020] == Goal(1)
    assert found[2022] == Goal(3)
    assert found[2023] == found[2025] == Goal(2, 2)
    assert queries.target_for(queries.find_latest("63.05.05"), date(2025, 6, 1)) == Goal(5, 0)
    assert queries.target_for(queries.find_latest("63.72"), date(2025, 6, 1)) == Goal(1)
    assert queries.target_for(queries.find_latest("33.74"), date(2025, 6, 1)) is None


def test_the_total_adds_up_what_different_targets_ask(make, tapin):
    make.target(CLU, per_desa=5, starts_on=today(), tier_rank=0)
    make.target(KELADAN, per_desa=1, tier_rank=0, starts_on=today())
    rows = {row.code: row for row in queries.coverage_of(queries.find_latest(TAPIN), None, EVERYWHERE).rows}
    assert (rows[CLU].target, rows[CLU].targets_differ) == (None, True)
    assert (rows["63.05.05"].target, rows["63.05.05"].rank, rows["63.05.05"].targets_differ) == (2, 1, False)
    assert rows[CLU].gap == 0 + 4 + 11 * 5  # Keladan wants one and has two, Sungai Salai has one active PSM
    assert total(TAPIN).gap == 265 - 24 + rows[CLU].gap
    assert total(TAPIN).to_train == 265 - 24
    assert total(KELADAN).target == 1


def test_setting_a_target_keeps_its_history_and_an_event(make):
    make.tier()
    by = make.user(Role.KABUPATEN_DINAS)
    region = queries.find_latest(TAPIN)
    first = services.set_target(region, 1, starts_on=today(), by=by)
    services.set_target(region, 3, starts_on=today() + timedelta(days=30), tier_rank=0, by=by)
    assert [(each.per_desa, each.tier_rank) for each in queries.list_targets(region)] == [(3, 0), (1, 1)]
    assert queries.target_for(region, today()) == Goal(1)
    assert queries.target_for(region, today() + timedelta(days=30)) == Goal(3, 0)
    event = db.session.query(Event).filter_by(action="target.set").order_by(Event.id).first()
    assert (event.subject_id, event.actor_id, event.scope_code) == (first.id, by.id, TAPIN)


def test_a_target_that_begins_today_can_be_put_right(make):
    make.tier()
    region, by = queries.find_latest(TAPIN), make.user(Role.KABUPATEN_DINAS)
    services.set_target(region, 11, starts_on=today(), by=by)
    services.set_target(region, 1, starts_on=today(), by=by)
    assert [(each.per_desa, each.withdrawn_at is None) for each in queries.list_targets(region)] == [
        (1, True),
        (11, False),
    ]
    assert queries.target_for(region, today()) == Goal(1)


def test_a_target_that_has_not_begun_is_withdrawn_as_if_it_had_never_been(make):
    make.target(TAPIN, per_desa=1, starts_on=date(2024, 1, 1))
    make.tier()
    region, by = queries.find_latest(TAPIN), make.user(Role.KABUPATEN_DINAS)
    for day in (today(), today() + timedelta(days=30)):
        target = services.set_target(region, 3, starts_on=day, by=by)
        assert services.withdraw_target(region, target.id, by=by) == Goal(1)
        assert queries.target_for(region, today() + timedelta(days=40)) == Goal(1)
        with pytest.raises(Conflict):
            services.withdraw_target(region, target.id, by=by)
    assert len(queries.list_targets(region)) == 3  # the history keeps all


def test_a_place_gives_up_its_own_target_from_today_on(make):
    make.target(TAPIN, per_desa=1, starts_on=date(2023, 1, 1))
    old = make.target(CLU, per_desa=4, starts_on=date(2024, 1, 1))
    own = make.target(CLU, per_desa=2, starts_on=date(2025, 1, 1))
    make.tier()
    region, by = queries.find_latest(CLU), make.user(Role.KABUPATEN_DINAS)
    with pytest.raises(RuleViolation, match="digantikan"):
        services.withdraw_target(region, old.id, by=by)
    assert services.withdraw_target(region, own.id, by=by) == Goal(1)
    assert queries.target_for(region, today() - timedelta(days=1)) == Goal(2)
    assert queries.target_for(queries.find_latest(KELADAN), today()) == Goal(1)
    with pytest.raises(RuleViolation, match="tidak berubah"):
        services.set_target(region, 9, starts_on=date(2025, 6, 1), by=by)
    services.set_target(region, 9, starts_on=today(), by=by)
    assert queries.target_for(region, today()) == Goal(9)


def test_days_that_had_a_target_keep_it_after_that_one_ended(make):
    """A later year without a target does not open the reported years before it."""
    make.target("63", per_desa=1, starts_on=date(2022, 1, 1))
    make.target("63", per_desa=None, starts_on=date(2024, 1, 1))
    make.tier()
    with pytest.raises(RuleViolation, match="tidak berubah"):
        services.set_target(
            queries.find_latest(TAPIN),
            3,
            starts_on=date(2023, 1, 1),
            by=make.user(Role.KABUPATEN_DINAS),
        )


def test_what_was_reported_under_a_target_never_changes(make):
    make.target(TAPIN, per_desa=1, starts_on=date(2024, 1, 1))
    region, by = queries.find_latest(TAPIN), make.user(Role.KABUPATEN_DINAS)
    for day in (date(2024, 1, 1), date(2025, 1, 1), today() - timedelta(days=1)):
        with pytest.raises(RuleViolation) as refused:
            services.set_target(region, 5, starts_on=day, by=by)
        assert refused.value.field == "starts_on"
    assert [each.per_desa for each in queries.list_targets(region)] == [1]


def test_years_entered_late_may_have_a_target_as_far_as_they_had_none(make):
    make.tier()
    make.target(TAPIN, per_desa=1, starts_on=date(2024, 1, 1))
    services.set_target(
        queries.find_latest(TAPIN),
        3,
        starts_on=date(2011, 1, 1),
        by=make.user(Role.KABUPATEN_DINAS),
    )
    assert queries.target_for(queries.find_latest(TAPIN), date(2023, 12, 31)) == Goal(3)
    assert queries.target_for(queries.find_latest(TAPIN), today()) == Goal(1)


def test_a_late_target_never_covers_days_that_had_one_from_above(make):
    make.tier()
    make.target("63", per_desa=1, starts_on=date(2024, 1, 1))
    with pytest.raises(RuleViolation) as refused:
        services.set_target(
            queries.find_latest(TAPIN),
            3,
            starts_on=date(2011, 1, 1),
            by=make.user(Role.KABUPATEN_DINAS),
        )
    assert refused.value.field == "starts_on"


def test_the_same_target_twice_is_already_so(make):
    make.tier()
    region, by = queries.find_latest(TAPIN), make.user(Role.KABUPATEN_DINAS)
    services.set_target(region, 1, starts_on=today(), by=by)
    with pytest.raises(Conflict):
        services.set_target(region, 1, starts_on=today() + timedelta(days=7), by=by)


def test_a_tier_that_there_is_not_is_refused(make):
    with pytest.raises(RuleViolation) as refused:
        services.set_target(
            queries.find_latest(TAPIN),
            1,
            starts_on=today(),
            tier_rank=7,
            by=make.user(Role.KABUPATEN_DINAS),
        )
    assert refused.value.field == "tier_rank"


# who may ask


def test_a_region_out_of_reach_is_as_unknown(tapin):
    banjar = Reach(regions=frozenset({("63.03", Reaching.BELOW)}))
    region = queries.find_latest(TAPIN)
    for ask in (
        lambda: queries.coverage_of(region, None, banjar),
        lambda: queries.coverage_of(region, None, NOWHERE),
        lambda: queries.names(region, today(), banjar, Who.ACTIVE),
        lambda: queries.list_desa(region, today(), banjar),
    ):
        with pytest.raises(NotFound):
            ask()


def test_a_day_that_has_not_come_is_refused(tapin):
    with pytest.raises(RuleViolation):
        queries.coverage_of(queries.find_latest(TAPIN), today() + timedelta(days=1), EVERYWHERE)


def test_who_moved_away_is_counted_then_but_not_named_to_the_former_office(tapin):
    own = Reach(regions=frozenset({(TAPIN, Reaching.BELOW)}))
    then = date(2021, 12, 31)
    provinsi = queries.names(queries.find_latest(TAPIN), then, EVERYWHERE, Who.ACTIVE)
    kabupaten = queries.names(queries.find_latest(TAPIN), then, own, Who.ACTIVE)
    assert {each.trainee.name for each in provinsi.people} - {
        each.trainee.name for each in kabupaten.people
    } == {"Indah"}
    assert (provinsi.hidden, kabupaten.hidden) == (0, 1)
    assert len(kabupaten.people) + kabupaten.hidden == total(TAPIN, then).active


@pytest.mark.parametrize("code", ["63.5", "63.05.", "abc", "63.05.06.2001.1", "63.99", "६३", "", "00.63"])
def test_a_code_that_is_none_finds_nothing(db, code):
    assert queries.find_place(code) is None


# regions that change


@pytest.fixture
def divided(tapin, make):
    """Candi Laras Utara was divided on 1 January 2022: Sungai Salai went to a new kecamatan, and Sungai Salai
    Hilir with it.
    """
    day = date(2022, 1, 1)
    kabupaten, old = make.region(TAPIN), make.region(CLU)
    desa = {each.code: each for each in db.session.query(Region).filter_by(parent_id=old.id)}
    old.valid_to, old.scope_code = day, TAPIN
    db.session.flush()

    def enter(code, name, level, parent, before):
        fresh = Region(
            code=code, scope_code=code, name=name, level=level, parent_id=parent.id, zone=WITA, valid_from=day
        )
        db.session.add(fresh)
        db.session.flush()
        db.session.add(RegionSuccession(old_id=before.id, new_id=fresh.id, starts_on=day))
        return fresh

    stays = enter(CLU, "Candi Laras Utara", Level.KECAMATAN, kabupaten, old)
    new = enter("63.05.13", "Sungai Salai", Level.KECAMATAN, kabupaten, old)
    for code, each in desa.items():
        if code not in (SUNGAI_SALAI, "63.05.06.2011"):
            each.parent_id = stays.id
            continue
        moved = code.replace(CLU, "63.05.13")
        each.valid_to, each.scope_code = day, moved
        db.session.flush()
        enter(moved, each.name, Level.DESA, new, each)
    db.session.commit()
    return desa


def test_past_totals_stay_when_a_kecamatan_is_divided(divided):
    before = total(TAPIN, date(2021, 12, 31))
    assert (before.villages, before.active, before.trained, before.empty, before.gap) == (135, 6, 6, 131, 131)
    rows = {
        row.code: row
        for row in queries.coverage_of(queries.find_latest(TAPIN), date(2021, 12, 31), EVERYWHERE).rows
    }
    assert "63.05.13" not in rows
    assert (rows[CLU].villages, rows[CLU].active, rows[CLU].trained) == (13, 3, 3)


@pytest.mark.parametrize("day", [date(2022, 1, 1), date(2022, 12, 31), None])
def test_people_of_a_desa_that_was_recoded_count_under_its_successor(divided, day):
    report = queries.coverage_of(queries.find_latest(TAPIN), day, EVERYWHERE)
    rows = {row.code: row for row in report.rows}
    assert len(rows) == 13
    assert (report.total.villages, rows[CLU].villages, rows["63.05.13"].villages) == (135, 11, 2)
    assert rows["63.05.13"].active == 1  # Dedi, whose post still names the old desa
    assert total("63.05.13.2002", day).active == 1
    empty = queries.list_desa(queries.find_latest(TAPIN), day or today(), EVERYWHERE, Gap.EMPTY)
    assert "63.05.13.2002" not in {village.code for village in empty}
    on = day or today()
    assert [
        each.trainee.name
        for each in queries.names(queries.find_latest("63.05.13"), on, EVERYWHERE, Who.ACTIVE).people
    ] == ["Dedi"]
    assert report.total.active == 6


def test_the_trend_goes_on_through_a_division(divided, record):
    """Dedi's post names a desa that was recoded, Kiki's one that was not there yet: each counts where the
    desa of the day is.
    """
    record(
        "Kiki",
        [(queries.find_latest("63.05.13.2002"), date(2020, 1, 1), None)],
        [(ACTIVE, date(2020, 1, 1), None)],
        [("dasar", date(2020, 2, 1), None)],
    )
    days = [date(2021, 12, 31), date(2022, 1, 1), date(2022, 12, 31)]
    for code, expected in (
        (TAPIN, [(7, 4), (7, 4), (7, 4)]),
        (CLU, [(4, 2), (2, 1), (2, 1)]),
        ("63.05.13", [(2, 1), (2, 1)]),
    ):
        found = queries.trend(queries.find_latest(code), days, EVERYWHERE)
        assert [(each.trained, each.villages) for each in found] == expected, code
        assert [(each.trained, each.villages) for each in found] == [
            (total(code, each.day).trained, total(code, each.day).covered_by_trained) for each in found
        ]


def test_a_new_post_counts_in_the_old_desa_before_the_division(divided, record):
    new = queries.find_latest("63.05.13.2002")
    record("Kiki", [(new, date(2020, 1, 1), None)], [(ACTIVE, date(2020, 1, 1), None)])
    services.rebuild_counts()
    assert total(CLU, date(2021, 12, 31)).active == 4
    assert total("63.05.13").active == 2


def test_a_region_was_not_there_before_it_began(divided):
    with pytest.raises(
        NotFound, match=r"\(63.05.13\) baru tercatat dalam daftar wilayah sejak 1 Januari 2022"
    ):
        queries.coverage_of(queries.find_latest("63.05.13"), date(2021, 12, 31), EVERYWHERE)


def test_the_target_of_a_divided_kecamatan_goes_on_in_its_parts(divided):
    db.session.add(Target(region_id=divided[KELADAN].parent.id, per_desa=7, starts_on=date(2023, 1, 1)))
    old = db.session.query(Region).filter(Region.code == CLU, Region.valid_to.is_not(None)).one()
    db.session.add(Target(region_id=old.id, per_desa=4, starts_on=date(2021, 1, 1)))
    db.session.commit()
    asked = {
        code: queries.target_for(queries.find_latest(code), date(2022, 6, 1))
        for code in (CLU, "63.05.13", TAPIN)
    }
    assert asked == {CLU: Goal(4), "63.05.13": Goal(4), TAPIN: Goal(1)}
    assert queries.target_for(queries.find_latest(CLU), date(2023, 6, 1)) == Goal(7)


def test_a_desa_that_was_divided_counts_where_the_code_stayed(tapin, make):
    day = date(2022, 1, 1)
    old = make.region(KELADAN)
    old.valid_to, old.scope_code = day, CLU
    db.session.flush()
    for code in ("63.05.06.2099", KELADAN):
        fresh = Region(
            code=code,
            scope_code=code,
            name=code,
            level=Level.DESA,
            parent_id=old.parent_id,
            zone=WITA,
            valid_from=day,
        )
        db.session.add(fresh)
        db.session.flush()
        db.session.add(RegionSuccession(old_id=old.id, new_id=fresh.id, starts_on=day))
    db.session.commit()
    assert (total(KELADAN).active, total("63.05.06.2099").active) == (2, 0)
    assert (total(CLU).villages, total(CLU).active) == (14, 3)
    assert (total(CLU, date(2021, 12, 31)).villages, total(CLU, date(2021, 12, 31)).active) == (13, 3)
