"""One valid submission of each main decision, and the same with a row of another kabupaten where a row of
one's own belongs.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from tests.security.world import World

Facts = Callable[[World], dict[str, Any]]


@dataclass(frozen=True)
class Submission:
    """What somebody sends; `crossed` gives the variants with foreign rows."""

    name: str
    person: str
    path: Callable[[World], str]
    facts: Facts
    method: str = "POST"
    crossed: tuple[Facts, ...] = ()

    @property
    def is_api(self) -> bool:
        return self.name.startswith("API ")

    def __str__(self) -> str:
        return self.name


def _desa(code: str) -> dict[str, str]:
    return {
        "duty_region-kecamatan": code[:8],
        "duty_region-desa": code,
        "duty_region-kabupaten": code[:5],
        "duty_region-provinsi": code[:2],
    }


def _place(code: str) -> dict[str, str]:
    return {"venue_region-provinsi": code[:2], "venue_region-kabupaten": code}


def _batch_facts(w: World) -> dict[str, Any]:
    first = w.own.more["starts_on"]
    return {
        "starts_on": first.isoformat(),
        "ends_on": (first + timedelta(days=3)).isoformat(),
        "venue": "Aula Baru",
        "quota": "29",
        "audience": "Calon PSM",
        "contact_name": "Ibu Ratna",
        "contact_phone": "0812-0000-0001",
        "admission": "manual",
        **_place("63.05"),
    }


def _visit_facts(w: World, host: int | None = None) -> dict[str, Any]:
    return {
        "host_id": host or w.own.ids["host_id"],
        "visits_on": (w.own.more["starts_on"] + timedelta(days=1)).isoformat(),
        "requested_places": "5",
        "note": "Mohon izin",
    }


def _appointment(w: World, *extra: int, organiser: int | None = None) -> dict[str, Any]:
    return {
        "organiser_id": organiser or w.own.ids["organiser_id"],
        "number": "SK-7/2026",
        "dated_on": w.own.more["today"].isoformat(),
        "signer_name": "Bupati Tapin",
        "trainees": [w.own.more["candidate"], *extra],
    }


def _named(facts: dict[str, Any]) -> dict[str, Any]:
    """Return the same as programs name it."""
    return {("organiser" if name == "organiser_id" else name): value for name, value in facts.items()}


def _session(w: World, **more: Any) -> dict[str, Any]:
    day = w.own.more["starts_on"].isoformat()
    return {
        "held_on": day,
        "starts_at": "13:30",
        "ends_at": "15:00",
        "kind": "material",
        "title": "Etika",
        "lesson_hours": 2,
        "subject_id": w.own.more["subject"],
        **more,
    }


def _enrollment(number: str) -> Callable[[World], str]:
    return lambda w: f"/enrollments/{w.own.ids['enrollment_id']}/{number}"


OWN = [
    Submission(
        "enroll",
        "dinas",
        lambda w: f"/batches/{w.own.ids['batch_id']}/enrollments/add",
        lambda w: {"trainees": [w.own.more["free"]]},
        crossed=(
            lambda w: {"trainees": [w.own.more["free"], w.foreign.more["free"]]},
            lambda w: {"trainees": [w.foreign.more["free"]]},
        ),
    ),
    Submission("accept", "dinas", _enrollment("accept"), lambda w: {"note": "Selamat"}),
    Submission("reject", "dinas", _enrollment("reject"), lambda w: {"reason": "Belum memenuhi syarat"}),
    Submission(
        "decide",
        "dinas",
        lambda w: f"/batches/{w.own.ids['batch_id']}/enrollments/decide",
        lambda w: {
            "enrollments": [w.own.ids["enrollment_id"], w.own.more["second_enrollment"]],
            "decision": "accept",
        },
        crossed=(
            lambda w: {
                "enrollments": [w.own.ids["enrollment_id"], w.foreign.ids["enrollment_id"]],
                "decision": "accept",
            },
        ),
    ),
    Submission(
        "register trainee",
        "dinas",
        lambda w: "/trainees/register",
        lambda w: {"name": "Orang Baru", **_desa(w.own.desa)},
        crossed=(lambda w: {"name": "Orang Baru", **_desa(w.foreign.desa)},),
    ),
    Submission(
        "correct trainee",
        "dinas",
        lambda w: f"/trainees/{w.own.ids['trainee_id']}/edit",
        lambda w: {
            "name": "Siti Diperbaiki",
            "birth_place": "Rantau",
            "birth_date": "1985-01-01",
            "sex": "female",
        },
    ),
    Submission(
        "move duty",
        "dinas",
        lambda w: f"/trainees/{w.own.ids['trainee_id']}/move",
        lambda w: {"starts_on": w.own.more["today"].isoformat(), **_desa("63.05.06.2002")},
    ),
    Submission(
        "appoint",
        "dinas",
        lambda w: "/appointments/new",
        _appointment,
        crossed=(
            lambda w: _appointment(w, w.foreign.more["candidate"]),
            lambda w: _appointment(w, organiser=w.foreign.ids["organiser_id"]),
        ),
    ),
    Submission(
        "correct appointment",
        "dinas",
        lambda w: f"/appointments/{w.own.ids['appointment_id']}/edit",
        lambda w: {"number": "188/9 benar", "signer_name": "Bupati Tapin"},
    ),
    Submission(
        "record block",
        "dinas",
        lambda w: f"/batches/{w.own.more['running']}/attendance/{w.own.more['running_block']}",
        lambda w: {f"status_{w.own.more['learner']}": "sick", f"note_{w.own.more['learner']}": "Demam"},
        crossed=(lambda w: {f"status_{w.foreign.more['learner']}": "sick"},),
    ),
    Submission(
        "request visit",
        "dinas",
        lambda w: f"/batches/{w.own.ids['batch_id']}/visits/new",
        _visit_facts,
        crossed=(lambda w: _visit_facts(w, w.foreign.ids["host_id"]),),
    ),
    Submission(
        "answer visit",
        "host_contact",
        lambda w: f"/visits/{w.own.ids['visit_id']}/answer",
        lambda w: {"answer": "partly_accepted", "granted_places": "5"},
    ),
    Submission(
        "spread", "dinas", lambda w: f"/batches/{w.own.ids['batch_id']}/placements/spread", lambda w: {}
    ),
    Submission(
        "place",
        "dinas",
        lambda w: f"/attendees/{w.own.ids['attendee_id']}/placement",
        lambda w: {"visit_id": w.own.more["accepted_visit"], "group": "3"},
        crossed=(lambda w: {"visit_id": w.foreign.more["accepted_visit"], "group": "3"},),
    ),
    Submission(
        "mark",
        "dinas",
        lambda w: f"/batches/{w.own.more['running']}/marks",
        lambda w: {f"mark_{w.own.more['learner']}": "77"},
        crossed=(lambda w: {f"mark_{w.foreign.more['learner']}": "77"},),
    ),
    Submission(
        "propose",
        "dinas",
        lambda w: f"/batches/{w.own.more['done']}/graduation/propose",
        lambda w: {
            "held_on": w.own.more["today"].isoformat(),
            f"outcome_{w.own.more['done_attendee']}": "passed",
        },
        crossed=(
            lambda w: {
                "held_on": w.own.more["today"].isoformat(),
                f"outcome_{w.foreign.more['done_attendee']}": "passed",
            },
        ),
    ),
    Submission("approve", "signer", lambda w: f"/graduations/{w.own.more['proposed']}/approve", lambda w: {}),
    Submission(
        "issue",
        "dinas",
        lambda w: f"/batches/{w.own.more['passed']}/certificates/issue",
        lambda w: {"issued_on": w.own.more["today"].isoformat()},
    ),
    Submission(
        "revoke",
        "signer",
        lambda w: f"/certificates/{w.own.ids['certificate_id']}/revoke",
        lambda w: {"revoked_on": w.own.more["today"].isoformat(), "reason": "Salah orang"},
    ),
    Submission(
        "plan batch",
        "dinas",
        lambda w: "/courses/new-batch",
        lambda w: {
            "tier": "dasar",
            "starts_on": w.own.more["starts_on"].isoformat(),
            "venue": "Aula",
            **_place("63.05"),
        },
    ),
    Submission("change batch", "dinas", lambda w: f"/batches/{w.own.ids['batch_id']}/edit", _batch_facts),
    Submission("open batch", "dinas", lambda w: f"/batches/{w.own.more['draft_batch']}/open", lambda w: {}),
    Submission(
        "schedule session",
        "dinas",
        lambda w: f"/batches/{w.own.ids['batch_id']}/sessions/new",
        _session,
        crossed=(lambda w: _session(w, facilitator_id=w.foreign.more["facilitator"]),),
    ),
    Submission(
        "grant role",
        "dinas",
        lambda w: f"/users/{w.own.more['account']}/grants",
        lambda w: {"role": "committee", "place": f"region:{w.own.more['region_id']}"},
        crossed=(
            lambda w: {"role": "committee", "place": f"region:{w.foreign.more['region_id']}"},
            lambda w: {"role": "committee", "place": f"organiser:{w.foreign.ids['organiser_id']}"},
            lambda w: {
                "role": "tksk",
                "place": "inside",
                "region-kecamatan": "33.74.01",
                "region-provinsi": "33",
                "region-kabupaten": "33.74",
            },
        ),
    ),
    Submission(
        "merge",
        "dinas",
        lambda w: "/trainees/merge",
        lambda w: {
            "duplicate_id": w.own.more["free"],
            "canonical_id": w.own.ids["trainee_id"],
            "reason": "Satu orang",
            "despite_differences": "y",
        },
        crossed=(
            lambda w: {
                "duplicate_id": w.foreign.more["free"],
                "canonical_id": w.own.ids["trainee_id"],
                "reason": "Satu orang",
                "despite_differences": "y",
            },
            lambda w: {
                "duplicate_id": w.own.more["free"],
                "canonical_id": w.foreign.ids["trainee_id"],
                "reason": "Satu orang",
                "despite_differences": "y",
            },
        ),
    ),
    Submission(
        "draft host",
        "dinas",
        lambda w: "/hosts/new",
        lambda w: {
            "organiser": w.own.ids["organiser_id"],
            "name": "Panti Baru",
            "kind": "panti",
            "visitors_per_day": "20",
            "region-provinsi": "63",
            "region-kabupaten": "63.05",
        },
        crossed=(
            lambda w: {
                "organiser": w.foreign.ids["organiser_id"],
                "name": "Panti Baru",
                "kind": "panti",
                "visitors_per_day": "20",
                "region-provinsi": "63",
                "region-kabupaten": "63.05",
            },
        ),
    ),
    Submission("rename account", "dinas", lambda w: "/me/account/name", lambda w: {"name": "Nama Baru"}),
]

PROGRAMS = [
    Submission(
        "API enroll",
        "dinas",
        lambda w: f"/api/v1/batches/{w.own.ids['batch_id']}/enrollments",
        lambda w: {"trainee": w.own.more["free"]},
        crossed=(lambda w: {"trainee": w.foreign.more["free"]},),
    ),
    Submission(
        "API accept",
        "dinas",
        lambda w: f"/api/v1/enrollments/{w.own.ids['enrollment_id']}/accept",
        lambda w: {"reason": "Selamat"},
    ),
    Submission(
        "API register",
        "dinas",
        lambda w: "/api/v1/trainees",
        lambda w: {"name": "Orang Baru", "duty_region": w.own.desa},
        crossed=(lambda w: {"name": "Orang Baru", "duty_region": w.foreign.desa},),
    ),
    Submission(
        "API correct",
        "dinas",
        lambda w: f"/api/v1/trainees/{w.own.ids['trainee_id']}",
        lambda w: {"name": "Siti Diperbaiki", "duty_region": w.own.desa},
        method="PUT",
    ),
    Submission(
        "API appoint",
        "dinas",
        lambda w: "/api/v1/appointments",
        lambda w: _named(_appointment(w)),
        crossed=(
            lambda w: _named(_appointment(w, w.foreign.more["candidate"])),
            lambda w: _named(_appointment(w, organiser=w.foreign.ids["organiser_id"])),
        ),
    ),
    Submission(
        "API correct appointment",
        "dinas",
        lambda w: f"/api/v1/appointments/{w.own.ids['appointment_id']}",
        lambda w: {"number": "188/9 benar", "signer_name": "Bupati Tapin"},
        method="PATCH",
    ),
    Submission(
        "API merge",
        "dinas",
        lambda w: f"/api/v1/trainees/{w.own.more['free']}/merge",
        lambda w: {"canonical": w.own.ids["trainee_id"], "reason": "Satu orang", "despite_differences": True},
        crossed=(
            lambda w: {
                "canonical": w.foreign.ids["trainee_id"],
                "reason": "Satu orang",
                "despite_differences": True,
            },
        ),
    ),
    Submission(
        "API attendance",
        "dinas",
        lambda w: f"/api/v1/sessions/{w.own.more['half_day']}/attendance",
        lambda w: {"entries": [{"attendee": w.own.more["learner"], "status": "present"}]},
        crossed=(
            lambda w: {
                "entries": [
                    {"attendee": each, "status": "present"}
                    for each in (w.own.more["learner"], w.foreign.more["learner"])
                ]
            },
        ),
    ),
    Submission(
        "API marks",
        "dinas",
        lambda w: f"/api/v1/batches/{w.own.more['running']}/assessments",
        lambda w: {"kind": "final", "marks": [{"attendee": w.own.more["learner"], "value": "77"}]},
        crossed=(
            lambda w: {
                "kind": "final",
                "marks": [
                    {"attendee": each, "value": "77"}
                    for each in (w.own.more["learner"], w.foreign.more["learner"])
                ],
            },
        ),
    ),
    Submission(
        "API propose",
        "dinas",
        lambda w: f"/api/v1/batches/{w.own.more['done']}/graduation",
        lambda w: {
            "held_on": w.own.more["today"].isoformat(),
            "outcomes": [{"attendee": w.own.more["done_attendee"], "outcome": "passed"}],
        },
        crossed=(
            lambda w: {
                "held_on": w.own.more["today"].isoformat(),
                "outcomes": [
                    {"attendee": each.more["done_attendee"], "outcome": "passed"}
                    for each in (w.own, w.foreign)
                ],
            },
        ),
    ),
    Submission(
        "API visit",
        "dinas",
        lambda w: f"/api/v1/batches/{w.own.ids['batch_id']}/visits",
        lambda w: {
            "host": w.own.ids["host_id"],
            "visits_on": (w.own.more["starts_on"] + timedelta(days=1)).isoformat(),
            "requested_places": 5,
        },
        crossed=(
            lambda w: {
                "host": w.foreign.ids["host_id"],
                "visits_on": w.own.more["starts_on"].isoformat(),
                "requested_places": 5,
            },
        ),
    ),
    Submission(
        "API host",
        "dinas",
        lambda w: "/api/v1/hosts",
        lambda w: {
            "organiser": w.own.ids["organiser_id"],
            "region": "63.05",
            "name": "Panti",
            "kind": "panti",
            "visitors_per_day": 20,
        },
        crossed=(
            lambda w: {
                "organiser": w.foreign.ids["organiser_id"],
                "region": "63.05",
                "name": "Panti",
                "kind": "panti",
                "visitors_per_day": 20,
            },
        ),
    ),
    Submission(
        "API course",
        "dinas",
        lambda w: "/api/v1/courses",
        lambda w: {
            "organiser": w.own.ids["organiser_id"],
            "tier": "dasar",
            "year": 2026,
            "title": "Diklat kedua tahun ini",
        },
        crossed=(
            lambda w: {
                "organiser": w.foreign.ids["organiser_id"],
                "tier": "dasar",
                "year": 2026,
                "title": "Diklat kedua",
            },
        ),
    ),
    Submission(
        "API batch",
        "dinas",
        lambda w: "/api/v1/batches",
        lambda w: {
            "course": w.own.ids["course_id"],
            "starts_on": w.own.more["starts_on"].isoformat(),
            "quota": 30,
            "venue": "Aula",
            "ends_on": (w.own.more["starts_on"] + timedelta(days=3)).isoformat(),
            "venue_region": "63.05",
        },
        crossed=(
            lambda w: {
                "course": w.foreign.ids["course_id"],
                "starts_on": w.own.more["starts_on"].isoformat(),
                "quota": 30,
                "venue": "Aula",
                "ends_on": (w.own.more["starts_on"] + timedelta(days=3)).isoformat(),
                "venue_region": "63.05",
            },
        ),
    ),
    Submission(
        "API change batch",
        "dinas",
        lambda w: f"/api/v1/batches/{w.own.ids['batch_id']}",
        lambda w: {"venue": "Aula Baru"},
        method="PATCH",
    ),
    Submission(
        "API session",
        "dinas",
        lambda w: f"/api/v1/batches/{w.own.ids['batch_id']}/sessions",
        _session,
        crossed=(lambda w: _session(w, facilitator_id=w.foreign.more["facilitator"]),),
    ),
    Submission(
        "API change session",
        "dinas",
        lambda w: f"/api/v1/batches/{w.own.ids['batch_id']}/sessions/{w.own.ids['session_id']}",
        lambda w: {"facilitator_id": w.own.more["facilitator"], "place": "Aula Kecil"},
        method="PATCH",
        crossed=(lambda w: {"facilitator_id": w.foreign.more["facilitator"]},),
    ),
    Submission(
        "API issue",
        "dinas",
        lambda w: f"/api/v1/batches/{w.own.more['passed']}/certificates",
        lambda w: {"issued_on": w.own.more["today"].isoformat()},
    ),
]
