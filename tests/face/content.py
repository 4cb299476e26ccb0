"""What the pages are looked at with: the demo of Tapin, one row of every kind in Semarang, an office in
Banjar that has nothing yet.
"""

import json
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from flask import Flask
from sqlalchemy import select

from app.auth import services as auth
from app.auth.models import SignIn, User
from app.auth.queries import find_by_sign_in_name
from app.auth.rules import Role
from app.certificates.models import Certificate
from app.core import crypto
from app.core.actor import SYSTEM
from app.core.scopes import ScopeKind
from app.courses.models import Curriculum, Tier
from app.courses.rules import BatchStatus
from app.demo import fill
from app.enrollments.rules import EnrollmentStatus
from app.extensions import db
from app.fieldwork.models import Placement
from app.notifications.models import Message
from app.regions.models import Region
from tests.conftest import migrated
from tests.factories import Factories
from tests.security import world as worlds
from tests.security.world import Home

GUEST = "tamu"
SEMARANG, SEMARANG_DESA, BANJAR, BANJAR_DESA = "33.74", "33.74.01.1001", "63.03", "63.03.01.2001"


@dataclass
class Content:
    """Who can sign in (a session for the cookie, a password where there is one), and what addresses are made
    of.
    """

    sessions: dict[str, str] = field(default_factory=dict)
    passwords: dict[str, tuple[str, str]] = field(default_factory=dict)
    ids: dict[str, Any] = field(default_factory=dict)
    more: dict[str, Any] = field(default_factory=dict)
    paths: dict[str, list[str]] = field(
        default_factory=dict
    )  # addresses that no link leads to, by who opens them


def build(app: Flask, folder: Path) -> Content:
    """Fill the empty database of an application; the demo's accounts keep the passwords that it drew."""
    content = Content()
    with app.app_context():
        migrated(app)
        fill.fill_tapin(data_dir=folder)
        for account in json.loads((folder / fill.ACCOUNTS).read_text()):
            name = f"{account['role']} (Tapin)"
            content.passwords[name] = account["sign_in"], account["password"]
            content.sessions[name] = sign_in(find_by_sign_in_name(account["sign_in"]))
        semarang(content)
        banjar(content)
        db.session.remove()
        db.engine.dispose()
    return content


def semarang(content: Content) -> None:
    """Make one row of every kind, its people, and somebody who may apply."""
    make = Factories()
    curriculum = db.session.scalars(select(Curriculum).join(Tier).where(Tier.code == "dasar")).first()
    home = Home(SEMARANG, SEMARANG_DESA)
    worlds.furnish(make, home, curriculum, batch_status=BatchStatus.OPEN, officer_name="Sri Wahyuni")
    content.ids, content.more = home.ids, {name: str(value) for name, value in home.more.items()}
    batch = db.session.get_one(Placement, home.more["placement"]).visit.batch
    waiting = EnrollmentStatus.WAITLISTED, EnrollmentStatus.OFFERED
    for status in (*waiting, EnrollmentStatus.CONFIRMED, EnrollmentStatus.DRAFT, EnrollmentStatus.REJECTED):
        person = make.trainee(SEMARANG_DESA, user=make.user(None, SEMARANG))
        make.enrollment(batch, person, status=status)
        content.sessions[f"PSM, {status.label}"] = sign_in(person.user)
    applicant = make.trainee(
        SEMARANG_DESA, user=make.user(None, SEMARANG, name="Siti Marlina"), name="Siti Marlina"
    )
    content.sessions["PSM tanpa pendaftaran"] = sign_in(applicant.user)
    for name, role, scope in (
        ("dinas", Role.KABUPATEN_DINAS, None),
        ("panitia", Role.COMMITTEE, None),
        ("penandatangan", Role.SIGNER, None),
        ("pengajar", Role.TRAINER, (ScopeKind.SESSION, home.ids["session_id"])),
        ("pengajar hari ini", Role.TRAINER, (ScopeKind.SESSION, home.more["half_day"])),
        ("pembimbing", Role.MENTOR, (ScopeKind.BATCH, home.ids["batch_id"])),
        ("lokasi PKL", Role.HOST_CONTACT, (ScopeKind.HOST, home.ids["host_id"])),
    ):
        content.sessions[f"{name} (Semarang)"] = sign_in(make.user(role, SEMARANG, scope=scope))
    for name, account in (("volunteer", "account"), ("graduate", "graduate_user")):
        content.sessions[f"PSM {name} (Semarang)"] = sign_in(db.session.get_one(User, home.more[account]))
    before = make.user(
        Role.TRAINER, SEMARANG, scope=(ScopeKind.SESSION, home.ids["session_id"]), ends_on=date(2011, 5, 27)
    )
    content.sessions["pengajar yang diganti (Semarang)"] = sign_in(before)
    content.paths["pengajar yang diganti (Semarang)"] = [f"/sessions/{home.ids['session_id']}/attendance"]
    twice = make.user(Role.KABUPATEN_DINAS, SEMARANG)
    make.grant(twice, Role.KABUPATEN_DINAS, make.region(BANJAR))
    content.sessions["dinas dua wilayah"] = sign_in(twice)
    link = auth.issue_reset_link(make.user(None, SEMARANG), SYSTEM)
    auth.invite_person("Nur Aini", "nur.aini@contoh.id", region=make.region(SEMARANG), by=SYSTEM)
    invitation = db.session.scalars(select(Message).order_by(Message.id.desc())).first()
    assert invitation is not None
    invited = next(word for word in invitation.body.split() if word.startswith("http"))
    two = f"canonical={home.more['other']}&duplicate={home.more['free']}"
    content.paths["dinas (Semarang)"] = [
        f"/trainees/merge?{two}",
        f"/trainees/{home.more['duplicate']}",
        f"/coverage/{gone_desa(make)}",
    ]
    revoked = db.session.scalars(select(Certificate).where(Certificate.revoked_at.is_not(None))).first()
    assert revoked is not None
    content.paths[GUEST] = [
        "/gallery",
        "/v/AAAAAAAAAAAAA",
        "/v/?code=salah",
        f"/v/{revoked.code}",
        "/d/ZZZ-D-2026-99",
    ]
    content.paths[GUEST] += [urlsplit(link).path, urlsplit(invited).path]
    db.session.commit()


def gone_desa(make: Factories) -> str:
    """Return the code of a desa that has left the list of regions."""
    known = make.region(SEMARANG_DESA)
    code = f"{known.code[:-4]}1099"
    gone = Region(
        code=code, scope_code=code, name="Lama", level=known.level, parent_id=known.parent_id, zone=known.zone
    )
    gone.valid_to = date(2012, 1, 1)
    db.session.add(gone)
    return code


def banjar(content: Content) -> None:
    """Make people before whom every list is empty."""
    make = Factories()
    make.numbers = iter(range(5000, 9000))  # type: ignore[assignment]
    make.organiser(BANJAR)
    content.sessions["dinas tanpa isi (Banjar)"] = sign_in(make.user(Role.KABUPATEN_DINAS, BANJAR))
    content.sessions["penandatangan tanpa isi (Banjar)"] = sign_in(make.user(Role.SIGNER, BANJAR))
    content.sessions["akun tanpa peran (Banjar)"] = sign_in(make.user(None, BANJAR))
    content.sessions["PSM tanpa isi (Banjar)"] = sign_in(
        make.trainee(BANJAR_DESA, user=make.user(None, BANJAR)).user
    )


def sign_in(user: User | None) -> str:
    """Return what the cookie of a signed-in browser holds."""
    assert user is not None
    token = crypto.new_token()
    db.session.add(SignIn(token_digest=crypto.token_digest(token), user_id=user.id, device="Chromium"))
    db.session.commit()
    return token
