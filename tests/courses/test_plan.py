"""Reference data, courses, batches and their changes through the services."""

import threading
from datetime import date, time

import pytest
from sqlalchemy import select

from app.audit.models import Event
from app.core.actor import SYSTEM
from app.core.errors import RuleViolation
from app.courses import ports, queries, services
from app.courses.models import Batch, Course
from app.courses.rules import BatchStatus, CourseKind
from app.extensions import db as database
from app.organisers import queries as organisers
from app.regions.queries import find_region
from tests.factories import Factories


def test_the_reference_is_loaded_once(db):
    assert services.load_reference(by=SYSTEM) == {"tiers": 3, "curricula": 3, "subjects": 41}
    tier = queries.get_tier_by_code("madya")
    tier.label = "Lanjutan"
    db.session.commit()

    assert services.load_reference(by=SYSTEM) == {"tiers": 0, "curricula": 0, "subjects": 0}
    assert queries.get_tier_by_code("madya").label == "Lanjutan"
    assert [(each.code, each.rank, each.letter, each.psks_code) for each in queries.list_tiers()] == [
        ("dasar", 1, "D", 1),
        ("madya", 2, "M", 2),
        ("pratama", 3, "P", 3),
    ]
    assert queries.get_tier_by_code("pratama").prerequisite == tier


def test_three_facts_make_a_batch_and_the_model_gives_the_rest(plan, db):
    batch = plan()

    assert batch.code == "TAPIN-D-2011-01"
    assert (batch.status, batch.ends_on, batch.quota, batch.zone) == (
        BatchStatus.DRAFT,
        date(2011, 5, 27),
        30,
        "Asia/Makassar",
    )
    assert batch.course.title == "Diklat Dasar PSM"
    assert (
        batch.course.attendance_threshold,
        batch.course.lesson_minutes,
        batch.course.fieldwork_required,
    ) == (85, 45, True)
    assert queries.curriculum_hours(batch.course.curriculum_id) == 25
    assert batch.course.curriculum.frozen_at is not None
    assert "Kabupaten Tapin" in batch.audience
    assert set(db.session.scalars(select(Event.action))) >= {"course.drafted", "batch.drafted"}


def test_a_second_batch_of_the_year_belongs_to_the_same_course_and_counts_on(plan):
    first, second, next_year = plan(), plan(starts_on=date(2011, 10, 3)), plan(starts_on=date(2012, 3, 5))

    assert second.course_id == first.course_id
    assert [batch.code for batch in (first, second, next_year)] == [
        "TAPIN-D-2011-01",
        "TAPIN-D-2011-02",
        "TAPIN-D-2012-01",
    ]


def test_numbers_run_through_all_courses_of_organiser_tier_and_year(plan, make, tiers):
    plan()
    organiser, tier = make.organiser(), tiers["dasar"]
    bimtek = services.draft_course(
        organiser,
        tier,
        queries.newest_curriculum(tier),
        year=2011,
        kind=CourseKind.BIMTEK,
        title="Bimtek",
        by=SYSTEM,
    )
    batch = services.draft_batch(
        bimtek,
        starts_on=date(2011, 6, 1),
        ends_on=date(2011, 6, 2),
        quota=10,
        venue="Aula",
        venue_region=make.region(),
        by=SYSTEM,
    )
    assert batch.code == "TAPIN-D-2011-02"


def test_the_zone_is_that_of_the_venue(plan, make):
    assert plan(venue_region=make.region("33.74")).zone == "Asia/Jakarta"


def test_a_kabupaten_that_tries_madya_is_refused_and_nothing_is_kept(plan, db):
    with pytest.raises(RuleViolation) as refused:
        plan("madya")

    assert refused.value.field == "tier"
    assert "Kabupaten/kota hanya dapat menyelenggarakan diklat dasar" in str(refused.value.reason)
    assert db.session.scalars(select(Course)).all() == []


def test_a_provinsi_needs_a_reason_for_dasar_and_none_for_madya(plan, db):
    with pytest.raises(RuleViolation) as refused:
        plan("dasar", "63")
    assert refused.value.field == "lower_tier_reason"

    lower = plan("dasar", "63", lower_tier_reason="Kabupaten belum mempunyai anggaran")
    own = plan("madya", "63", lower_tier_reason="tidak perlu")
    assert lower.course.lower_tier_reason == "Kabupaten belum mempunyai anggaran"
    assert own.course.lower_tier_reason is None
    assert own.code == "KALSEL-M-2011-01"
    with pytest.raises(RuleViolation):
        plan("pratama", "63", lower_tier_reason="tetap tidak boleh")


def test_a_course_takes_its_own_copy_of_the_thresholds(plan, tiers, db):
    first = plan()
    tiers["dasar"].attendance_threshold = 80
    db.session.commit()

    assert first.course.attendance_threshold == 85
    assert plan(starts_on=date(2012, 5, 1)).course.attendance_threshold == 80


def test_a_course_does_not_teach_the_curriculum_of_another_tier(make, tiers):
    with pytest.raises(RuleViolation) as refused:
        services.draft_course(
            make.organiser(), tiers["dasar"], queries.newest_curriculum(tiers["madya"]), year=2026, by=SYSTEM
        )
    assert refused.value.field == "curriculum"


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"ends_on": date(2011, 5, 23)}, "ends_on"),
        ({"quota": 0}, "quota"),
        ({"starts_on": date(2012, 1, 2), "ends_on": date(2012, 1, 3)}, "starts_on"),
        ({"registration_closes_on": date(2011, 6, 1)}, "registration_closes_on"),
    ],
)
def test_a_batch_with_impossible_facts_is_not_drafted(plan, make, values, field):
    facts = {
        "starts_on": date(2011, 5, 24),
        "ends_on": date(2011, 5, 27),
        "quota": 30,
        "venue": "Aula",
        "venue_region": make.region(),
    }
    with pytest.raises(RuleViolation) as refused:
        services.draft_batch(plan().course, by=SYSTEM, **facts | values)
    assert refused.value.field == field


def test_the_quota_does_not_fall_below_the_seats_given(plan, monkeypatch):
    batch = plan()
    monkeypatch.setattr(ports, "seat_counters", [lambda ids: dict.fromkeys(ids, 12)])

    services.change_batch(batch, quota=12, by=SYSTEM)
    with pytest.raises(RuleViolation) as refused:
        services.change_batch(batch, quota=11, by=SYSTEM)
    assert refused.value.field == "quota"
    assert batch.quota == 12


def test_the_schedule_moves_along_with_the_days(tapin):
    services.change_batch(tapin, starts_on=date(2011, 5, 31), ends_on=date(2011, 6, 3), by=SYSTEM)

    days = [session.held_on for session in queries.list_sessions(tapin)]
    assert (min(days), max(days)) == (date(2011, 5, 31), date(2011, 6, 3))
    assert tapin.code == "TAPIN-D-2011-01"


def test_days_are_not_cut_off_under_their_sessions(tapin):
    with pytest.raises(RuleViolation, match="5 sesi berada di luar tanggal itu") as refused:
        services.change_batch(tapin, ends_on=date(2011, 5, 26), by=SYSTEM)
    assert refused.value.field == "ends_on"
    assert tapin.ends_on == date(2011, 5, 27)


def test_days_that_have_begun_do_not_move_the_schedule(tapin, db, at):
    at(2011, 5, 24, 3)
    tapin.status = BatchStatus.RUNNING
    db.session.commit()
    for days in (
        {"starts_on": date(2011, 5, 31), "ends_on": date(2011, 6, 3)},
        {"starts_on": date(2011, 5, 17), "ends_on": date(2011, 5, 20)},
    ):
        with pytest.raises(RuleViolation):
            services.change_batch(tapin, by=SYSTEM, **days)


@pytest.mark.parametrize("status", [BatchStatus.FINISHED, BatchStatus.CANCELLED])
def test_a_batch_that_has_ended_does_not_change(tapin, db, status):
    tapin.status = status
    db.session.commit()
    session = queries.list_sessions(tapin)[0]
    for change in (
        lambda: services.change_batch(tapin, venue="Lain", by=SYSTEM),
        lambda: services.change_session(session, title="Lain", by=SYSTEM),
        lambda: services.cancel_session(session, reason="Pengajar sakit", by=SYSTEM),
        lambda: services.copy_rundown(tapin, by=SYSTEM),
    ):
        with pytest.raises(RuleViolation):
            change()


def test_another_venue_brings_its_zone(tapin, make):
    services.change_batch(tapin, venue="Balai", venue_region=make.region("33.74"), by=SYSTEM)
    assert (tapin.zone, tapin.venue_region.code) == ("Asia/Jakarta", "33.74")


def test_moving_a_batch_does_not_book_a_facilitator_twice(plan, make, tapin):
    teacher = make.facilitator(make.organiser())
    other = plan(starts_on=date(2011, 6, 7))
    services.schedule_session(
        other,
        kind="ceremony",
        title="Pembukaan",
        held_on=date(2011, 6, 7),
        starts_at=time(9, 0),
        ends_at=time(10, 0),
        facilitator_id=teacher.id,
        by=SYSTEM,
    )
    lesson = next(each for each in queries.list_sessions(tapin) if each.lesson_hours)
    services.change_session(lesson, facilitator_id=teacher.id, by=SYSTEM)

    with pytest.raises(RuleViolation, match="TAPIN-D-2011-02"):
        services.change_batch(tapin, starts_on=date(2011, 6, 7), ends_on=date(2011, 6, 10), by=SYSTEM)


def test_two_batches_planned_at_the_same_moment_get_two_codes(file_app):
    with file_app.app_context():
        services.load_reference(by=SYSTEM)
        organiser_id = Factories().organiser().id
        database.session.remove()
    barrier, failed = threading.Barrier(4), []

    def draft():
        with file_app.app_context():
            organiser, tier = organisers.get_organiser(organiser_id), queries.get_tier_by_code("dasar")
            barrier.wait()
            try:
                services.plan_batch(
                    organiser,
                    tier,
                    starts_on=date(2026, 10, 12),
                    venue="Aula",
                    venue_region=find_region("63.05"),
                    by=SYSTEM,
                )
            except Exception as error:
                failed.append(error)
            database.session.remove()

    threads = [threading.Thread(target=draft) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with file_app.app_context():
        assert failed == []
        assert sorted(database.session.scalars(select(Batch.code))) == [
            f"TAPIN-D-2026-{number:02}" for number in (1, 2, 3, 4)
        ]
        assert len(database.session.scalars(select(Course)).all()) == 1
