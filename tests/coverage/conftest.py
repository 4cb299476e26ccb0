"""People with a past, and the ten of Tapin whose figures are worked out by hand."""

from collections.abc import Callable, Sequence
from datetime import date, datetime
from typing import Any

import pytest
from sqlalchemy import select

from app.core import clock
from app.core.names import fold_name
from app.coverage import services
from app.regions.models import Region
from app.trainees.models import DutyPost, Merge, Qualification, Standing, Trainee
from app.trainees.rules import EndedAs, Source, TraineeStatus

ACTIVE, CANDIDATE = TraineeStatus.ACTIVE, TraineeStatus.CANDIDATE
Period = tuple[Any, date, date | None]

KELADAN, SUNGAI_SALAI = "63.05.06.2001", "63.05.06.2002"  # Candi Laras Utara
MARGASARI_HULU = "63.05.05.2001"  # Candi Laras Selatan
MIAWA = "63.05.08.2002"  # Piani
BEGINNING = date(2010, 1, 4)
FIRST_COURSE = date(2011, 5, 27)


@pytest.fixture
def record(db: Any, make: Any) -> Callable[..., Trainee]:
    """Write a person with all periods; the last ones are today's.

    `same_as` makes it a duplicate of another.
    """
    make.tier("pratama")
    tiers = {code: make.tier(code) for code in ("dasar", "madya", "pratama")}
    appointment = make.appointment()
    places = {
        region.code: region for region in db.session.scalars(select(Region).where(Region.valid_to.is_(None)))
    }

    def write(
        name: str,
        posts: Sequence[Period],
        standings: Sequence[Period],
        held: Sequence[Period] = (),
        same_as: Trainee | None = None,
        keep: bool = True,
        merged_at: datetime | None = None,
    ) -> Trainee:
        serving = [
            (place if isinstance(place, Region) else places[place], first, last)
            for place, first, last in posts
        ]
        trainee = Trainee(
            name=name, folded_name=fold_name(name), duty_region=serving[-1][0], status=standings[-1][0]
        )
        trainee.canonical_id = same_as and same_as.id
        db.session.add(trainee)
        db.session.flush()
        if same_as:
            db.session.add(Merge(duplicate=trainee, canonical=same_as, merged_at=merged_at or clock.now()))
        for place, first, last in serving:
            db.session.add(DutyPost(trainee=trainee, region=place, starts_on=first, ends_on=last))
        for status, first, last in standings:
            by = appointment if status is ACTIVE else None
            db.session.add(
                Standing(trainee=trainee, status=status, starts_on=first, ends_on=last, appointment=by)
            )
        for tier, first, last in held:
            number = next(make.numbers)
            ended = EndedAs.REVOKED if last else None
            db.session.add(
                Qualification(
                    trainee=trainee,
                    tier=tiers[tier],
                    held_from=first,
                    held_to=last,
                    ended_as=ended,
                    source=Source.RECOGNISED,
                    source_id=number,
                    number=str(number),
                )
            )
        db.session.commit() if keep else db.session.flush()
        return trainee

    return write


@pytest.fixture
def tapin(record: Any, make: Any) -> dict[str, Trainee]:
    """Ten people of Tapin: who moved, died, lost a certificate, was entered twice, holds two tiers, waits for
    an SK.
    """
    since, dasar = BEGINNING, ("dasar", FIRST_COURSE, None)
    active = [(ACTIVE, since, None)]
    banjarbaru = next(code for code in codes(make) if code.startswith("63.72."))
    people = {
        "plain": record("Aminah", [(KELADAN, since, None)], active, [dasar]),
        "moved, two tiers": record(
            "Budi",
            [(KELADAN, since, date(2014, 12, 31)), (MARGASARI_HULU, date(2015, 1, 1), None)],
            active,
            [dasar, ("madya", date(2018, 9, 1), None)],
        ),
        "deceased": record(
            "Citra",
            [(SUNGAI_SALAI, since, None)],
            [(ACTIVE, since, date(2020, 3, 15)), (TraineeStatus.DECEASED, date(2020, 3, 16), None)],
            [dasar],
        ),
        "revoked": record(
            "Dedi", [(SUNGAI_SALAI, since, None)], active, [("dasar", FIRST_COURSE, date(2023, 8, 31))]
        ),
        "merged": record("Eka", [(MIAWA, date(2012, 2, 1), None)], [(ACTIVE, date(2012, 2, 1), None)]),
        "graduate, SK later": record(
            "Farida",
            [(KELADAN, date(2024, 1, 10), None)],
            [(CANDIDATE, date(2024, 1, 10), date(2025, 2, 28)), (ACTIVE, date(2025, 3, 1), None)],
            [("dasar", date(2024, 5, 20), None)],
        ),
        "no SK": record(
            "Gani",
            [(MARGASARI_HULU, date(2023, 1, 1), None)],
            [(CANDIDATE, date(2023, 1, 1), None)],
            [("dasar", date(2024, 5, 20), None)],
        ),
        "replaced": record(
            "Hasan",
            [(MIAWA, date(2016, 1, 1), None)],
            [(ACTIVE, date(2016, 1, 1), None)],
            [("dasar", date(2016, 6, 1), date(2022, 4, 30)), ("dasar", date(2022, 5, 1), None)],
        ),
        "moved out, three tiers": record(
            "Indah",
            [(KELADAN, since, date(2022, 12, 31)), (banjarbaru, date(2023, 1, 1), None)],
            active,
            [dasar, ("madya", date(2015, 3, 1), None), ("pratama", date(2021, 10, 10), None)],
        ),
        "resigned": record(
            "Joko",
            [(MARGASARI_HULU, since, None)],
            [(ACTIVE, since, date(2013, 6, 30)), (TraineeStatus.RESIGNED, date(2013, 7, 1), None)],
            [dasar],
        ),
    }
    people["duplicate"] = record(
        "Ekaa",
        [(MIAWA, date(2012, 2, 1), None)],
        [(ACTIVE, date(2012, 2, 1), None)],
        [("dasar", date(2019, 7, 1), None)],
        same_as=people["merged"],
    )
    make.survey(complete_on=BEGINNING)
    make.target(per_desa=1, starts_on=date(2012, 1, 1))
    make.target(per_desa=2, starts_on=date(2024, 1, 1))
    services.rebuild_counts()
    return people


def codes(make: Any) -> list[str]:
    """Return the codes of all desa of the small Indonesia."""
    from app.extensions import db

    return list(db.session.scalars(select(Region.code).where(Region.level == "desa").order_by(Region.code)))
