"""First pages by role, each beginning with the next thing to do; the event log; the two pages that machines
ask.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import Blueprint, current_app, render_template, request, url_for
from flask_login import current_user
from sqlalchemy import text

from app.attendance import queries as attendance
from app.audit import queries as audit
from app.auth.rules import RIGHTS, Permission, Role
from app.core import clock, heartbeat
from app.core.dates import long_date
from app.core.scopes import ScopeKind
from app.core.text import _
from app.courses import queries as courses
from app.courses.acts import Act, BatchState
from app.courses.models import Batch, TrainingSession
from app.coverage import queries as coverage
from app.coverage.rows import CoverageRow
from app.dashboard import queries, rules
from app.dashboard.acts import describe_action, subject_of
from app.dashboard.changes import describe_event
from app.dashboard.rules import Waiting
from app.dashboard.volunteer import SHOWN_ON_HOME, volunteer_home
from app.enrollments.queries import label_of
from app.enrollments.services import may_bring
from app.extensions import db
from app.fieldwork.models import HostVisit
from app.fieldwork.queries import count_placed_at
from app.fieldwork.wording import describe_coming
from app.organisers.queries import list_publishing
from app.petitions.models import Petition
from app.petitions.queries import count_waiting, list_answered, list_expected, list_waiting
from app.petitions.services import is_for_others, may_judge
from app.regions.models import Region
from app.regions.queries import find_region
from app.regions.rules import WIB, Level, level_of
from app.trainees.alike import list_marked
from app.trainees.models import Trainee
from app.trainees.queries import trainee_of
from app.web.access import public, requires
from app.workspace import queries as workspace
from app.workspace import rules as life
from app.workspace.routes import address_of, may_do

bp = Blueprint("dashboard", __name__)

OF_KECAMATAN = frozenset(
    {Role.TKSK, Role.IPSM_OFFICER}
)  # who look after a kecamatan see its desa on their first page


@bp.get("/")
@public
def home() -> Any:
    """Lead each reader to the own first page."""
    if not current_user.is_authenticated:
        batches = courses.list_open_batches()[:SHOWN_ON_HOME]
        return render_template("dashboard/public_home.html", batches=batches, publishing=list_publishing())
    trainee = trainee_of(current_user.id)
    if current_user.is_staff or trainee is None:
        return staff_home()
    return volunteer_home(trainee)


def staff_home() -> Any:
    """Tugas saya: one list of what waits for this person by the day it is due, then the batches, sessions and
    visits behind it.
    """
    waiting: list[Waiting] = []
    rows = []
    reach = current_user.reach(Permission.COURSE_SEE)
    current = workspace.list_current_batches(reach)
    for batch in current:
        progress = workspace.progress_of(batch)
        duties = life.duties(progress)
        first = next((duty for duty in duties if may_do(duty, batch)), next(iter(duties), None))
        rows.append((batch, first.sentence_for(may_do(first, batch)) if first else None))
        waiting += [waiting_duty(duty, batch, progress) for duty in duties if may_do(duty, batch)]
    sessions = queries.list_named_sessions(
        current_user.reach(Permission.ATTENDANCE_RECORD).ids.get(ScopeKind.SESSION, frozenset())
    )
    hosts = current_user.reach(Permission.VISIT_ANSWER).ids.get(ScopeKind.HOST, frozenset())
    waiting += [waiting_visit(visit) for visit in queries.list_open_visits(hosts) if is_answerable(visit)]
    waiting += waiting_sessions(sessions)
    served = [
        (role, str(code)) for role, kind, code in current_user.grants_in_force() if kind is ScopeKind.REGION
    ]
    kecamatan = sorted(
        {code for role, code in served if role in OF_KECAMATAN and level_of(code) is Level.KECAMATAN}
    )
    today = clock.today(WIB)
    told_by = [code for role, code in served if role is Role.TKSK]
    with_news = queries.people_with_news(told_by) if told_by else []
    waiting += [waiting_people(with_news, today)] if with_news else []
    petitions = list_waiting(current_user.reach)
    mine = [
        each
        for each in petitions
        if may_judge(each, current_user) and not (each.words and is_for_others(each, current_user))
    ]
    waiting += [waiting_petitions(mine)] if mine else []
    merging = current_user.reach(Permission.TRAINEE_MERGE)
    marked = list_marked(merging) if merging.areas else []
    waiting += [waiting_marked(marked)] if marked else []
    visits = queries.list_coming_visits(hosts, today)
    placed = count_placed_at([visit.id for visit in visits])
    soon, later = rules.now_and_later(rules.in_order(waiting), today)
    return render_template(
        "dashboard/staff_home.html",
        waiting=soon,
        later=later,
        untrained=untrained_places(),
        rows=rows,
        further=workspace.count_further_waiting(reach, current),
        sessions=sorted_sessions([session for session, _recorded in sessions]),
        tiers={tier.rank: tier.label for tier in courses.list_tiers()} if kecamatan else {},
        with_news=with_news,
        marked=(
            list_marked(current_user.reach(Permission.TRAINEE_REGISTER)) if kecamatan and not marked else []
        ),
        petitions=petitions,
        answerable={each.id for each in mine},
        asked_of_office=count_asked_of_office() if not petitions else 0,
        expected=list_expected(current_user.reach),
        answered=list_answered(current_user.reach),
        work=queries.work_of(current_user.id, told_by) if told_by else None,
        label_of=label_of,
        joinable=(
            [each for each in courses.list_open_batches() if may_bring(each, current_user)][:SHOWN_ON_HOME]
            if kecamatan
            else []
        ),
        may_register=current_user.can(Permission.TRAINEE_REGISTER),
        plans=current_user.can(Permission.COURSE_SEE),
        looked_after=[
            region for role, code in served if role is Role.IPSM_OFFICER and (region := find_region(code))
        ],
        visits=visits,
        coming={visit.id: describe_coming(placed.get(visit.id, 0), visit.granted_places) for visit in visits},
        kecamatan=[
            (each, queries.desa_with_people(each, clock.today(each.zone)))
            for each in queries.list_kecamatan(kecamatan)
        ],
    )


@dataclass(frozen=True)
class OwnSessions:
    """The sessions of somebody who teaches: what is coming, what is past, and what belongs to batches that
    are done with.
    """

    coming: list[TrainingSession]
    past: list[TrainingSession]
    closed: list[TrainingSession]

    def __bool__(self) -> bool:
        return bool(self.coming or self.past or self.closed)


def sorted_sessions(sessions: list[TrainingSession]) -> OwnSessions:
    """Return what is coming with the next day first, and what is past with the last day first."""
    coming = [each for each in sessions if each.held_on >= clock.today(each.batch.zone)]
    past = [each for each in reversed(sessions) if each.held_on < clock.today(each.batch.zone)]
    may_record = {
        each.batch_id: courses.refusal_to_act(Act.RECORD_ATTENDANCE, each.batch) is None for each in past
    }
    return OwnSessions(
        [each for each in coming if courses.state_of(each.batch) is not BatchState.CANCELLED],
        [each for each in past if may_record[each.batch_id]],
        [each for each in past if not may_record[each.batch_id]],
    )


def untrained_places() -> list[tuple[Region, CoverageRow]]:
    """Return each kabupaten/kota that this person looks after, with the figures of its desa."""
    reach = current_user.reach(Permission.COVERAGE_SEE)
    places: list[tuple[Region, CoverageRow]] = []
    for role, kind, code in sorted(current_user.grants_in_force()):
        if (
            kind is ScopeKind.REGION
            and Permission.COVERAGE_SEE in RIGHTS[role]
            and level_of(str(code)) is Level.KABUPATEN
        ):
            region = find_region(str(code))
            if region and region not in [place for place, _row in places]:
                places.append((region, coverage.coverage_of(region, None, reach).total))
    return places


def waiting_duty(duty: life.Duty, batch: Batch, progress: life.Progress) -> Waiting:
    """Return a duty of a batch as one thing of this person's list."""
    when, note = (
        life.describe_when(duty.due, progress.today, progress.recorded_on),
        f"{batch.course.title}, {batch.code}.",
    )
    note = f"{note} {when}." if when else note
    return Waiting(
        duty.sentence,
        duty.button,
        address_of_duty(duty, batch),
        duty.blocked or note,
        duty.due,
        progress.is_record,
        duty.is_first,
    )


def address_of_duty(duty: life.Duty, batch: Batch) -> str:
    """Return where a duty is done: of presence the half day itself, of all else the page of the batch."""
    if duty.endpoint == life.PAGES[life.Stop.PRESENCE]:
        block = attendance.next_block(attendance.blocks_of(batch), clock.today(batch.zone))
        if block:
            return url_for("attendance.show_block", batch_id=batch.id, block=block.name)
    return address_of(duty, batch)


def is_answerable(visit: HostVisit) -> bool:
    """Say whether a host can still answer: the day of the visit has not passed and the batch allows it."""
    batch = visit.batch
    return (
        visit.visits_on >= clock.today(batch.zone) and courses.refusal_to_act(Act.ANSWER_VISIT, batch) is None
    )


def waiting_visit(visit: HostVisit) -> Waiting:
    """Return the request that a host has to answer."""
    sentence = _(
        "%(title)s memohon tempat PKL untuk %(n)d peserta.",
        title=visit.batch.course.title,
        n=visit.requested_places,
    )
    url = url_for("fieldwork.answer_visit", visit_id=visit.id)
    return Waiting(
        sentence,
        _("Jawab permohonan"),
        url,
        _("%(host)s", host=visit.host.name),
        clock.today(visit.batch.zone),
    )


def waiting_people(people: list[queries.PendingNews], today: date) -> Waiting:
    """Return what a TKSK can do for people of her kecamatan whom no mail reaches."""
    offers = sum(each.offer is not None for each in people)
    note = _("%(count)d di antaranya ditawari tempat.", count=offers) if offers else None
    sentence = _(
        "%(count)d orang di kecamatan Anda perlu dikabari, atau ditunggu jawabannya.",
        count=len({each.trainee.id for each in people}),
    )
    return Waiting(
        sentence,
        _("Lihat siapa"),
        url_for("dashboard.home", _anchor="to-tell"),
        note,
        today,
        is_first=bool(offers),
    )


def count_asked_of_office() -> int:
    """Return how many requests wait for an office where this person plans diklat but answers none of them."""
    if not current_user.can(Permission.ENROLLMENT_DECIDE) or current_user.can(Permission.ACCOUNT_OPEN):
        return 0
    return count_waiting(lambda _permission: current_user.reach(Permission.TRAINEE_SEE))


def waiting_petitions(petitions: list[Petition]) -> Waiting:
    """Return what people have asked of this person's office and nobody has answered; due since the day it was
    asked.
    """
    first, zone = petitions[0], petitions[0].zone
    sentence = _("%(count)d permintaan menunggu jawaban Anda.", count=len(petitions))
    note = _(
        "Yang pertama: %(kind)s, sejak %(day)s.",
        kind=str(first.kind.label),
        day=long_date(clock.local_day(first.asked_at, zone)),
    )
    one = url_for("petitions.answer_petition", petition_id=first.id)
    url = one if len(petitions) == 1 else url_for("dashboard.home", _anchor="petitions")
    return Waiting(sentence, _("Jawab permintaan"), url, note, clock.local_day(first.asked_at, zone))


def waiting_marked(marked: list[tuple[Trainee, Trainee]]) -> Waiting:
    """Return the registrations of people who may be recorded already; due since they came."""
    newcomer, known = marked[0]
    sentence = _("%(count)d pendaftar sendiri mungkin orang yang sudah tercatat.", count=len(marked))
    note = _(
        "%(name)s (%(id)d) dan %(known)s (%(known_id)d).",
        name=newcomer.name,
        id=newcomer.id,
        known=known.name,
        known_id=known.id,
    )
    url = url_for("trainees.merge_trainees", canonical=known.id, duplicate=newcomer.id)
    return Waiting(
        sentence,
        _("Bandingkan datanya"),
        url,
        note,
        clock.local_day(newcomer.recorded_at, newcomer.duty_region.zone),
    )


def waiting_sessions(sessions: list[tuple[TrainingSession, int]]) -> list[Waiting]:
    """Return the sessions that have begun and lack the presence of somebody, as far as it can still be
    entered.
    """
    found, people = [], queries.batches_with_people({session.batch_id for session, _recorded in sessions})
    begun = [
        each
        for each in sessions
        if each[0].lesson_hours and each[0].begins <= clock.now() and each[0].batch_id in people
    ]
    batches = {session.batch_id: session.batch for session, _recorded in begun}
    lacking = {
        session.id
        for batch in batches.values()
        if courses.refusal_to_act(Act.RECORD_ATTENDANCE, batch) is None
        for session in attendance.list_sessions_without_presence(batch)
    }
    for session, recorded in begun:
        if session.id in lacking:
            sentence = _("Kehadiran sesi “%(title)s” belum dicatat.", title=session.title)
            if recorded:
                sentence = _("Kehadiran sesi “%(title)s” belum lengkap.", title=session.title)
            url = url_for("attendance.show_session", session_id=session.id)
            title = _("%(title)s", title=session.batch.course.title)
            found.append(Waiting(sentence, _("Catat kehadiran"), url, title, session.held_on))
    return found


@bp.get("/events")
@requires(Permission.AUDIT_SEE)
def list_events() -> Any:
    """Riwayat perubahan: what was done within one's own region."""
    page = audit.page_of_events(current_user.reach(Permission.AUDIT_SEE), after=request.args.get("after"))
    told, tiers = audit.details_of(page.rows), {tier.rank: tier.label for tier in courses.list_tiers()}
    return render_template(
        "dashboard/list_events.html",
        page=page,
        describe_action=describe_action,
        changes={event.id: describe_event(event.action, told[event.id], tiers) for event in page.rows},
        subject_of=subject_of,
        called=queries.names_of_subjects(page.rows),
    )


@bp.get("/healthz")
@public
def show_health() -> Any:
    """The process answers."""
    return {"status": "ok"}


@bp.get("/readyz")
@public
def show_readiness() -> Any:
    """The database answers and the worker is alive: 200, else 503 naming what is not."""
    db.session.execute(text("SELECT 1"))
    alive = heartbeat.worker_is_alive(current_app.config["SETTINGS"].data_dir)
    body = {"database": "ok", "worker": "ok" if alive else "silent"}
    return (body, 200) if alive else (body, 503, {"Retry-After": "5"})
