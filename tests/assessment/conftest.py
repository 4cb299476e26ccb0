"""A batch as it stands when the meeting sits: 25 JP over four days, five of them field practice
on the third.
"""

from dataclasses import dataclass
from datetime import date, time
from typing import Any

import pytest

from app.attendance.rules import Presence
from app.auth.rules import Role
from app.courses.rules import BatchStatus, SessionKind

FIRST = date(2011, 5, 24)
BLOCKS = (  # (day of May 2011, start, end, JP, kind)
    (24, time(8), time(12), 4, SessionKind.MATERIAL),
    (24, time(13), time(16), 4, SessionKind.MATERIAL),
    (25, time(8), time(12), 5, SessionKind.MATERIAL),
    (25, time(13), time(16), 4, SessionKind.MATERIAL),
    (26, time(9), time(12, 45), 5, SessionKind.FIELD_PRACTICE),
    (27, time(8), time(10, 30), 3, SessionKind.DISCUSSION),
)


@dataclass
class Scene:
    """The batch, its sessions, and the people: everybody was there, Siti not on the day of field practice."""

    batch: Any
    sessions: list[Any]
    siti: Any
    others: list[Any]
    proposer: Any
    signer: Any

    @property
    def practice(self) -> Any:
        return self.sessions[4]


@pytest.fixture
def build(make):
    """build(others=2, pass_mark=…): the scene with that many people besides Siti."""

    def made(others: int = 2, **course: Any) -> Scene:
        curriculum = make.curriculum(hours=25)
        batch = make.batch(
            make.course(curriculum=curriculum, year=2011, fieldwork_required=True, **course),
            starts_on=FIRST,
            ends_on=date(2011, 5, 27),
            status=BatchStatus.RUNNING,
        )
        make.session(batch, kind=SessionKind.CEREMONY, lesson_hours=0, starts_at=time(7, 30), ends_at=time(8))
        sessions = [
            make.session(
                batch, held_on=date(2011, 5, day), starts_at=start, ends_at=end, lesson_hours=hours, kind=kind
            )
            for day, start, end, hours, kind in BLOCKS
        ]
        siti = make.attendee(batch, make.trainee(name="Siti Aminah"))
        rest = [
            make.attendee(batch, make.trainee(name=f"Peserta {number:02}")) for number in range(1, others + 1)
        ]
        for session in sessions:
            absent = session.kind is SessionKind.FIELD_PRACTICE
            make.attendance(session, siti, Presence.SICK if absent else Presence.PRESENT)
            for attendee in rest:
                make.attendance(session, attendee)
        return Scene(batch, sessions, siti, rest, make.user(Role.KABUPATEN_DINAS), make.user(Role.SIGNER))

    return made


@pytest.fixture
def scene(build):
    """The scene with two people besides Siti."""
    return build()
