"""First pages by role, each beginning with the next thing to do; the event log; the two pages that machines ask."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from flask import Blueprint, current_app, render_template, request, url_for
from flask_login import current_user
from sqlalchemy import text

from app.attendance import queries as attendance
from app.audit import queries as audit
from app.auth.rules import RIGHTS, Permission, Role
from app.certificates.models import Certificate
from app.certificates.queries import find_replaced
from app.certificates.rules import CertificateKind
from app.core import clock, heartbeat
from app.core.dates import date_range, long_date
from app.core.scopes import ScopeKind
from app.core.text import Text, _
from app.courses import queries as courses
from app.courses.acts import Act, BatchState
from app.courses.models import Batch, TrainingSession
from app.coverage import queries as coverage
from app.coverage.rules import CoverageRow
from app.dashboard import queries, rules
from app.dashboard.acts import said_of, subject_of
from app.dashboard.rules import Waiting
from app.enrollments.eligibility import next_batches, own_facts
from app.enrollments.models import Enrollment
from app.enrollments.ports import OwnResult
from app.enrollments.queries import end_of, enrollments_of, had_seat, is_over, label_of, own_results
from app.enrollments.rules import NOT_SERVING, EnrollmentStatus, SeatEnd
from app.enrollments.services import may_bring
from app.enrollments.wording import Story, story_of
from app.extensions import db
from app.fieldwork.models import HostVisit
from app.fieldwork.queries import count_placed_at
from app.fieldwork.wording import said_coming
from app.petitions.models import Petition
from app.petitions.queries import list_expected, list_waiting
from app.regions.models import Region
from app.regions.queries import find_region
from app.regions.rules import WIB, Level, level_of
from app.trainees.models import Trainee
from app.trainees.queries import office_at, qualifications_of, same_person_ids, trainee_of
from app.trainees.rules import EndedAs, Held
from app.web.access import public, requires
from app.workspace import queries as workspace
from app.workspace import rules as life
from app.workspace.routes import address_of, may_do

bp = Blueprint("dashboard", __name__)

SHOWN_ON_HOME = 5
OF_KECAMATAN = frozenset({Role.TKSK, Role.IPSM_OFFICER})  # who look after a kecamatan see its desa on their first page


@bp.get("/")
@public
def home() -> Any:
    """Lead each reader to the own first page."""
    if not current_user.is_authenticated:
        return render_template("dashboard/public_home.html", batches=courses.list_open_batches()[:SHOWN_ON_HOME])
    trainee = trainee_of(current_user.id)
    if current_user.is_staff or trainee is None:
        return staff_home()
    return volunteer_home(trainee)


def staff_home() -> Any:
    """Tugas saya: one list of what waits for this person by the day it is due, then the batches, sessions and visits behind it."""
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
    sessions = queries.list_named_sessions(current_user.reach(Permission.ATTENDANCE_RECORD).ids.get(ScopeKind.SESSION, frozenset()))
    hosts = current_user.reach(Permission.VISIT_ANSWER).ids.get(ScopeKind.HOST, frozenset())
    waiting += [waiting_visit(visit) for visit in queries.list_open_visits(hosts) if is_answerable(visit)]
    waiting += waiting_sessions(sessions)
    served = [(role, str(code)) for role, kind, code in current_user.grants_in_force() if kind is ScopeKind.REGION]
    kecamatan = sorted({code for role, code in served if role in OF_KECAMATAN and level_of(code) is Level.KECAMATAN})
    today = clock.today(WIB)
    told_by = [code for role, code in served if role is Role.TKSK]
    to_tell = queries.people_to_tell(told_by) if told_by else []
    waiting += [waiting_people(to_tell, today)] if to_tell else []
    petitions = list_waiting(current_user.reach)
    waiting += [waiting_petitions(petitions)] if petitions else []
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
        to_tell=to_tell,
        petitions=petitions,
        expected=list_expected(current_user.reach),
        work=queries.work_of(current_user.id, told_by) if told_by else None,
        label_of=label_of,
        joinable=[each for each in courses.list_open_batches() if may_bring(each, current_user)][:SHOWN_ON_HOME] if kecamatan else [],
        may_register=current_user.can(Permission.TRAINEE_REGISTER),
        plans=current_user.can(Permission.COURSE_SEE),
        looked_after=[region for role, code in served if role is Role.IPSM_OFFICER and (region := find_region(code))],
        visits=visits,
        coming={visit.id: said_coming(placed.get(visit.id, 0), visit.granted_places) for visit in visits},
        kecamatan=[(each, queries.desa_with_people(each, clock.today(each.zone))) for each in queries.list_kecamatan(kecamatan)],
    )


@dataclass(frozen=True)
class OwnSessions:
    """The sessions of somebody who teaches: what is coming, what is past, and what belongs to batches that are done with."""

    coming: list[TrainingSession]
    past: list[TrainingSession]
    closed: list[TrainingSession]

    def __bool__(self) -> bool:
        return bool(self.coming or self.past or self.closed)


def sorted_sessions(sessions: list[TrainingSession]) -> OwnSessions:
    """Return what is coming with the next day first, and what is past with the last day first."""
    coming = [each for each in sessions if each.held_on >= clock.today(each.batch.zone)]
    past = [each for each in reversed(sessions) if each.held_on < clock.today(each.batch.zone)]
    may_record = {each.batch_id: courses.refusal_to_act(Act.RECORD_ATTENDANCE, each.batch) is None for each in past}
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
        if kind is ScopeKind.REGION and Permission.COVERAGE_SEE in RIGHTS[role] and level_of(str(code)) is Level.KABUPATEN:
            region = find_region(str(code))
            if region and region not in [place for place, _row in places]:
                places.append((region, coverage.coverage_of(region, None, reach).total))
    return places


def waiting_duty(duty: life.Duty, batch: Batch, progress: life.Progress) -> Waiting:
    """Return a duty of a batch as one thing of this person's list."""
    note = _("%(title)s, %(code)s. %(when)s.", title=batch.course.title, code=batch.code, when=life.said_when(duty.due, progress.today))
    return Waiting(
        duty.sentence, duty.button, address_of_duty(duty, batch), duty.blocked or note, duty.due, progress.is_record, duty.is_first
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
    return visit.visits_on >= clock.today(batch.zone) and courses.refusal_to_act(Act.ANSWER_VISIT, batch) is None


def waiting_visit(visit: HostVisit) -> Waiting:
    """Return the request that a host has to answer."""
    sentence = _("%(title)s memohon tempat PKL untuk %(n)d peserta.", title=visit.batch.course.title, n=visit.requested_places)
    url = url_for("fieldwork.answer_visit", visit_id=visit.id)
    return Waiting(sentence, _("Jawab permohonan"), url, _("%(host)s", host=visit.host.name), clock.today(visit.batch.zone))


def waiting_people(people: list[queries.ToTell], today: date) -> Waiting:
    """Return what a TKSK can do for people of her kecamatan whom no mail reaches."""
    offers = sum(each.offer is not None for each in people)
    note = _("%(count)d di antaranya ditawari tempat.", count=offers) if offers else None
    sentence = _(
        "%(count)d orang di kecamatan Anda perlu dikabari, atau ditunggu jawabannya.", count=len({each.trainee.id for each in people})
    )
    return Waiting(sentence, _("Lihat siapa"), url_for("dashboard.home", _anchor="to-tell"), note, today, is_first=bool(offers))


def waiting_petitions(petitions: list[Petition]) -> Waiting:
    """Return what people have asked of this person's office and nobody has answered; due since the day it was asked."""
    first, zone = petitions[0], petitions[0].zone
    sentence = _("%(count)d permintaan dari warga menunggu jawaban Anda.", count=len(petitions))
    note = _("Yang pertama: %(kind)s, sejak %(day)s.", kind=str(first.kind.label), day=long_date(clock.local_day(first.asked_at, zone)))
    one = url_for("petitions.answer_petition", petition_id=first.id)
    url = one if len(petitions) == 1 else url_for("dashboard.home", _anchor="petitions")
    return Waiting(sentence, _("Jawab permintaan"), url, note, clock.local_day(first.asked_at, zone))


def waiting_sessions(sessions: list[tuple[TrainingSession, int]]) -> list[Waiting]:
    """Return the sessions that have begun and have no presence yet, as far as it can still be entered."""
    found, people = [], queries.batches_with_people({session.batch_id for session, _recorded in sessions})
    for session, recorded in sessions:
        if recorded or not session.lesson_hours or session.begins > clock.now() or session.batch_id not in people:
            continue
        if courses.refusal_to_act(Act.RECORD_ATTENDANCE, session.batch) is None:
            sentence = _("Kehadiran sesi “%(title)s” belum dicatat.", title=session.title)
            url = url_for("attendance.show_session", session_id=session.id)
            title = _("%(title)s", title=session.batch.course.title)
            found.append(Waiting(sentence, _("Catat kehadiran"), url, title, session.held_on))
    return found


@dataclass(frozen=True)
class OwnEnrollment:
    """An enrollment of a volunteer with what is said of it."""

    enrollment: Enrollment
    story: Story
    certificate: Certificate | None
    result: OwnResult | None
    next_batch: Batch | None

    @property
    def is_earned(self) -> bool:
        return self.certificate is not None

    @property
    def has_seat(self) -> bool:
        return had_seat(self.enrollment)

    @property
    def moment(self) -> datetime:
        """Return when the last thing happened to it: issued, ended, decided, asked."""
        held = self.enrollment
        if self.certificate is not None:
            return self.certificate.recorded_at
        over = datetime.combine(held.batch.ends_on + timedelta(days=1), time.min, ZoneInfo(held.batch.zone))
        if end_of(held) is SeatEnd.OVER and held.ended_at is None:
            return over
        return held.ended_at or held.decided_at or held.submitted_at or held.recorded_at


def volunteer_home(trainee: Trainee) -> Any:
    """Beranda saya: what waits for an answer, where the running application stands, and what was earned."""
    ids = same_person_ids(trainee)
    certificates = queries.own_certificates(ids)
    enrollments = enrollments_of(ids)
    own = own_stories(trainee, enrollments, certificates)
    return render_template(
        "dashboard/volunteer_home.html",
        trainee=trainee,
        office=office_at(trainee.duty_region) if trainee.status in NOT_SERVING else None,
        waiting=own_next_thing(rules.first_to_tell(own), certificates),
        journey=[journey_step(each) for each in own[:SHOWN_ON_HOME]],
        certificates=certificates,
        rungs=[(each, *rung_link(each)) for each in own_ladder(trainee, enrollments, ids, certificates)],
    )


def own_stories(trainee: Trainee, enrollments: list[Enrollment], certificates: list[Certificate]) -> list[OwnEnrollment]:
    """Return each enrollment, newest first, with its story, certificate, result, and the batch that leads on."""
    earned, results, nearest = {each.batch_id: each for each in certificates}, own_results(enrollments), next_batches(trainee)
    running = {each.tier_id for each in enrollments if not is_over(each)} | {each.tier_id for each in certificates}
    found = []
    for each in enrollments:
        story = story_of(own_facts(each))
        leads_on = story.leads_on and each.tier_id not in running and trainee.status not in NOT_SERVING
        certificate = earned.get(each.batch_id) if had_seat(each) else None
        found.append(OwnEnrollment(each, story, certificate, results.get(each.id), nearest.get(each.tier_id) if leads_on else None))
    return found


def own_next_thing(told: OwnEnrollment | None, certificates: list[Certificate]) -> Waiting:
    """Return what the first page of a volunteer begins with."""
    if told is None:
        if certificates:
            newest = max(certificates, key=lambda each: each.id)
            replaced = find_replaced(newest)
            said = rules.said_of_newest(
                newest.number, is_attended=newest.kind is CertificateKind.PARTICIPATION, replaced=replaced and replaced.number,
                issued_on=clock.local_day(newest.recorded_at, newest.batch.zone), today=clock.today(newest.batch.zone),
            )  # fmt: skip
            url = url_for("certificates.show_own_certificate", certificate_id=newest.id)
            return Waiting(said, _("Buka sertifikat saya"), url)
        return Waiting(rules.JOIN_SENTENCE, _("Lihat diklat yang dibuka"), url_for("courses.list_open_batches"))
    batch, story = told.enrollment.batch, told.story
    note = f"{batch.course.title}, {date_range(batch.starts_on, batch.ends_on)}, {batch.venue}"
    if story.reason:
        note = f"{story.reason.rstrip('.')}. {note}"
    if story.ask:
        url = url_for("enrollments.answer_own_enrollment", batch=batch.code)
        return Waiting(story.sentence, story.ask.label, url, note)
    if told.next_batch is not None:
        return Waiting(story.sentence, _("Lihat diklat berikutnya"), url_for("courses.show_sheet", batch_id=told.next_batch.id), note)
    return Waiting(story.sentence, _("Lihat pendaftaran saya"), url_for("enrollments.list_own_enrollments"), note)


def journey_step(own: OwnEnrollment) -> dict[str, Any]:
    """Return one diklat of a volunteer as the time line shows it: earned, over, or where it stands, with the result and its reasons."""
    batch = own.enrollment.batch
    parts = [str(own.result.outcome)] if own.result else []
    if own.is_earned:
        parts.append(str(_("Sertifikat sudah terbit")))
    elif not own.result or own.story.is_over:
        parts.append(str(label_of(own.enrollment)))
    reasons = "; ".join(reason.rstrip(".") for reason in own.result.reasons) if own.result else ""
    note = ". ".join([*dict.fromkeys(parts), *([reasons or own.story.reason] if reasons or own.story.reason else [])])
    return {
        "title": batch.course.title,
        "when": date_range(batch.starts_on, batch.ends_on),
        "note": note,
        "state": "done" if own.is_earned or own.story.is_over or courses.is_over(batch) else "now",
    }


def own_ladder(trainee: Trainee, enrollments: list[Enrollment], ids: list[int], own_certificates: list[Certificate]) -> list[rules.Rung]:
    """Return the rungs as this volunteer stands on them; what was revoked is not held, from the moment on."""
    today = clock.today(trainee.duty_region.zone)
    qualifications = [each for each in qualifications_of(trainee) if each.ended_as is not EndedAs.REVOKED]
    held = [Held(each.tier.rank, each.held_from, each.held_to) for each in qualifications]
    numbers = {each.tier_id: each.number for each, facts in zip(qualifications, held, strict=True) if facts.holds_on(today)}
    running = {each.tier_id: each for each in reversed(enrollments) if not is_over(each)}
    nearest, revoked = next_batches(trainee, again=True), queries.revoked_certificates(ids)
    attended = {each.tier_id: each.number for each in own_certificates if each.kind is CertificateKind.PARTICIPATION}
    refused = {each.batch_id: each.note for each in enrollments if each.status is EnrollmentStatus.REJECTED}
    facts = []
    for tier in courses.list_tiers():
        asked, batch = running.get(tier.id), nearest.get(tier.id)
        facts.append(
            rules.RungFacts(
                tier.rank,
                tier.label,
                below=tier.prerequisite.rank if tier.prerequisite else None,
                number=numbers.get(tier.id),
                enrolled=asked and label_of(asked),
                enrolled_in=asked.batch.course.title if asked else "",
                course=batch and rules.NextCourse(batch.id, batch.course.title, batch.starts_on, batch.venue, refused.get(batch.id)),
                revoked=said_of_revoked(revoked[tier.id]) if tier.id in revoked else None,
                attended=attended.get(tier.id),
            )
        )
    not_serving = trainee.status in NOT_SERVING
    hindrance = _("Tercatat: %(status)s. Keliru? Hubungi %(dinas)s.", status=trainee.status.label, dinas=office_at(trainee.duty_region))
    return rules.ladder(facts, held, today=today, hindrance=hindrance if not_serving else None)


def said_of_revoked(certificate: Certificate) -> Text:
    """Return that a certificate was revoked, why, and that the tier is to be earned anew."""
    return _(
        "Sertifikat nomor %(number)s dicabut: %(reason)s. Jenjang ini dapat diraih lagi lewat diklat berikutnya.",
        number=certificate.number,
        reason=str(certificate.revoked_reason).rstrip("."),
    )


def rung_link(rung: rules.Rung) -> tuple[str | None, Text | None]:
    """Return where one tap on a rung leads, and its words."""
    state = rules.RungState
    if rung.state is state.HELD:
        return url_for("certificates.list_own_certificates"), _("Buka sertifikat saya")
    if rung.state is state.RUNNING:
        return url_for("enrollments.list_own_enrollments"), _("Lihat pendaftaran saya")
    if rung.batch_id is not None:
        words = _("Lihat diklat ini") if rung.state is state.OPEN else _("Lihat diklat yang membantu")
        return url_for("courses.show_sheet", batch_id=rung.batch_id), words
    return None, None


@bp.get("/events")
@requires(Permission.AUDIT_SEE)
def list_events() -> Any:
    """Riwayat perubahan: what was done within one's own region."""
    page = audit.page_of_events(current_user.reach(Permission.AUDIT_SEE), after=request.args.get("after"))
    return render_template(
        "dashboard/list_events.html", page=page, said_of=said_of, subject_of=subject_of, called=queries.names_of_subjects(page.rows)
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
