"""The event log speaks Indonesian about everything that is ever recorded."""

import re
from datetime import timedelta
from pathlib import Path

import pytest

from app.audit.models import Event
from app.audit.services import record
from app.auth.rules import Role
from app.core import clock
from app.core.actor import SYSTEM
from app.core.dates import long_date
from app.core.unit_of_work import atomic
from app.courses.rules import BatchStatus
from app.coverage.services import set_target
from app.dashboard.acts import ACTS, SUBJECTS, describe_action, subject_of
from app.dashboard.changes import FIELDS, describe_event
from app.enrollments.rules import EnrollmentStatus
from app.extensions import db
from app.organisers import services as services_of_organisers

APP = Path(__file__).resolve().parents[2] / "app"


def recorded() -> set[str]:
    """Return every act that the packages record: the literal ones, and those named after a state."""
    literal = re.compile(r'["\']((?:[a-z]+)\.(?:[a-z_]+))["\']')
    known = {action.split(".")[0] for action in ACTS}
    found = set()
    for path in APP.rglob("*.py"):
        if path.parent.name in ("dashboard", "cli", "gallery") or path.name in ("routes.py",):
            continue
        for line in path.read_text().splitlines():
            if "record(" in line or line.strip().startswith(('"', "'")):
                found |= {
                    action
                    for action in literal.findall(line)
                    if action.split(".")[0] in known and not action.endswith(".models")
                }
    states = {f"enrollment.{status.value}" for status in EnrollmentStatus} | {
        f"batch.{status.value}" for status in BatchStatus
    }
    return found | (states - {"batch.draft"})


def test_every_recorded_act_has_its_words():
    assert len(recorded()) > 60
    assert recorded() - set(ACTS) == set()


def test_every_row_that_something_is_done_to_has_its_word(app):
    tables = {mapper.class_.__name__ for mapper in db.Model.registry.mappers}
    assert set(SUBJECTS) <= tables, "a word for a table that is gone"
    assert subject_of("Unbekannt") != ""
    assert subject_of("") == ""


def test_the_log_is_read_in_words(make, browser):
    batch = make.batch()
    with atomic():
        record("batch.open", batch, by=SYSTEM)
        record("zukunft.getan", batch, by=SYSTEM)
        record("enrollment.accepted", make.enrollment(batch, make.trainee(name="Siti Aminah")), by=SYSTEM)
    browser.sign_in(make.user(Role.AUDITOR))
    page = browser.get("dashboard.list_events")
    assert "membuka pendaftaran" in page.text
    assert f"angkatan {batch.code}" in page.text
    assert "pendaftaran Siti Aminah" in page.text  # a person by name, not by a number that no page shows
    assert str(describe_action("zukunft.getan")) in page.text
    assert "batch.open" not in page.text
    assert db.session.query(Event).count() >= 2


TIERS = {1: "Dasar", 2: "Madya"}


@pytest.mark.parametrize(
    ("action", "note", "details", "said"),
    [
        (
            "target.set",
            "Keputusan rapat",
            {
                "region": "63.05",
                "before": {"per_desa": 1, "tier_rank": 1},
                "after": {"per_desa": 3, "tier_rank": 1, "starts_on": "2027-01-01"},
            },
            "Target dari 1 menjadi 3 orang per desa, mulai 1 Januari 2027, alasan: Keputusan rapat.",
        ),
        (
            "target.set",
            "",
            {
                "region": "63.05",
                "before": None,
                "after": {"per_desa": 2, "tier_rank": 0, "starts_on": "2027-01-01"},
            },
            "Target 2 orang per desa, jenjang apa pun, mulai 1 Januari 2027.",
        ),
        (
            "target.withdrawn",
            "",
            {
                "region": "63.05",
                "per_desa": 2,
                "tier_rank": 2,
                "starts_on": "2026-01-01",
                "ended_on": "2026-12-07",
            },
            "Target 2 orang per desa, jenjang Madya, mulai 1 Januari 2026, berakhir 7 Desember 2026.",
        ),
        (
            "survey.taken_back",
            "Baru sebagian",
            {"complete_on": "2026-11-30"},
            "Pendataan lengkap per 30 November 2026, alasan: Baru sebagian.",
        ),
        (
            "course.pass_mark_set",
            "Sesuai juknis",
            {"before": "", "after": "70"},
            "Nilai lulus dari – menjadi 70, alasan: Sesuai juknis.",
        ),
        (
            "signer.corrected",
            "",
            {
                "before": {"name": "Rusmni", "nip": None},
                "after": {"name": "Rusmini", "nip": None},
                "starts_on": "2011-01-01",
            },
            "Nama dari Rusmni menjadi Rusmini, mulai 1 Januari 2011.",
        ),
        (
            "organiser.sheet_set",
            "",
            {
                "before": {"orientation": "landscape", "photo": False},
                "after": {"orientation": "portrait", "photo": True},
            },
            "Arah kertas dari Mendatar menjadi Tegak, tempat pas foto dari tidak ada menjadi ada.",
        ),
        (
            "batch.changed",
            "",
            {"quota": ["30", "40"], "contact_name": ["", "Ratna"]},
            "Kuota dari 30 menjadi 40 orang, narahubung dari – menjadi Ratna.",
        ),
        (
            "session.changed",
            "",
            {"starts_at": ["08:00:00", "09:30:00"], "subject_id": ["1", "2"]},
            "Mulai pukul dari 08.00 menjadi 09.30.",
        ),
        ("graduation.taken_back", "Nilai tertukar", {}, "Alasan: Nilai tertukar."),
        (
            "certificate.reinstated",
            "Salah nomor",
            {"number": "1", "revoked_on": "2015-03-02", "revoked_reason": "Palsu"},
            "Dicabut sejak 2 Maret 2015, alasan pencabutan Palsu, alasan: Salah nomor.",
        ),
        ("trainee.corrected", "Pribadi", {"phone": ["1", "2"]}, ""),
        ("target.set", "", None, ""),
    ],
)
def test_the_log_says_what_was_changed_from_what_to_what_and_why(action, note, details, said):
    told = None if details is None else {"note": note, "details": details}
    assert describe_event(action, told, TIERS) == said


def test_a_kabid_reads_the_change_of_a_target(make, browser):
    make.tier()
    region, officer = make.region("63.05"), make.user(Role.KABUPATEN_DINAS)
    today = clock.today(region.zone)
    set_target(region, per_desa=1, tier_rank=1, starts_on=today, by=officer)
    set_target(region, per_desa=3, tier_rank=1, starts_on=today + timedelta(days=30), by=officer)
    browser.sign_in(make.user(Role.AUDITOR))
    text = browser.get("dashboard.list_events").text
    assert f"Target dari 1 menjadi 3 orang per desa, mulai {long_date(today + timedelta(days=30))}." in text
    assert f"target {region.name}" in text


def test_every_field_that_an_office_can_correct_has_words_in_the_log():
    assert {*services_of_organisers.NAME, *services_of_organisers.SIGNER} <= set(FIELDS)
