"""Beranda saya: the first page of a volunteer, beginning with the next thing to do."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from flask import render_template, url_for

from app.certificates.lines import WILL_BE_REPLACED, ids_to_replace
from app.certificates.models import Certificate
from app.certificates.queries import find_replaced
from app.certificates.rules import CertificateKind
from app.core import clock
from app.core.dates import date_range
from app.core.text import Text, _
from app.courses import queries as courses
from app.courses.models import Batch
from app.dashboard import queries, rules
from app.dashboard.rules import Waiting
from app.enrollments.eligibility import next_batches, own_facts
from app.enrollments.models import Enrollment
from app.enrollments.ports import OwnResult
from app.enrollments.queries import end_of, enrollments_of, had_seat, is_over, label_of, own_results
from app.enrollments.rules import NOT_SERVING, EnrollmentStatus, SeatEnd
from app.enrollments.wording import Story, story_of
from app.trainees.models import Trainee
from app.trainees.queries import office_at, qualifications_of, same_person_ids
from app.trainees.rules import EndedAs, Held

SHOWN_ON_HOME = 5


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
        waiting=own_next_thing(rules.newest_to_show(own, clock.now()), certificates),
        journey=[journey_step(each) for each in own[:SHOWN_ON_HOME]],
        certificates=certificates,
        to_replace=ids_to_replace(certificates),
        will_be_replaced=WILL_BE_REPLACED,
        rungs=[(each, *rung_link(each)) for each in own_ladder(trainee, enrollments, ids, certificates)],
    )


def own_stories(
    trainee: Trainee, enrollments: list[Enrollment], certificates: list[Certificate]
) -> list[OwnEnrollment]:
    """Return each enrollment, newest first, with its story, certificate, result, and the batch
    that leads on.
    """
    earned, results, nearest = (
        {each.batch_id: each for each in certificates},
        own_results(enrollments),
        next_batches(trainee),
    )
    running = {each.tier_id for each in enrollments if not is_over(each)} | {
        each.tier_id for each in certificates
    }
    found = []
    for each in enrollments:
        story = story_of(own_facts(each))
        leads_on = story.leads_on and each.tier_id not in running and trainee.status not in NOT_SERVING
        certificate = earned.get(each.batch_id) if had_seat(each) else None
        further = nearest.get(each.tier_id) if leads_on else None
        is_other = (
            further is not None and further.id != each.batch_id
        )  # the batch that she has just left is no next one
        found.append(
            OwnEnrollment(each, story, certificate, results.get(each.id), further if is_other else None)
        )
    return found


def own_next_thing(told: OwnEnrollment | None, certificates: list[Certificate]) -> Waiting:
    """Return what the first page of a volunteer begins with."""
    if told is None:
        if certificates:
            newest = max(certificates, key=lambda each: each.id)
            replaced = find_replaced(newest)
            text = rules.describe_newest(
                newest.number,
                is_attended=newest.kind is CertificateKind.PARTICIPATION,
                replaced=replaced and replaced.number,
                issued_on=clock.local_day(newest.recorded_at, newest.batch.zone),
                today=clock.today(newest.batch.zone),
            )
            url = url_for("certificates.show_own_certificate", certificate_id=newest.id)
            return Waiting(text, _("Buka sertifikat saya"), url)
        return Waiting(
            rules.JOIN_SENTENCE, _("Lihat diklat yang dibuka"), url_for("courses.list_open_batches")
        )
    batch, story = told.enrollment.batch, told.story
    note = f"{batch.course.title}, {date_range(batch.starts_on, batch.ends_on)}, {batch.venue}"
    if story.reason:
        note = str(_("Alasan: %(reason)s. %(batch)s", reason=story.reason.rstrip(". "), batch=note))
    if story.ask:
        url = url_for("enrollments.answer_own_enrollment", batch=batch.code)
        return Waiting(story.sentence, story.ask.label, url, note)
    if told.next_batch is not None:
        return Waiting(
            story.sentence,
            _("Lihat diklat berikutnya"),
            url_for("courses.show_sheet", batch_id=told.next_batch.id),
            note,
        )
    return Waiting(
        story.sentence, _("Lihat pendaftaran saya"), url_for("enrollments.list_own_enrollments"), note
    )


def journey_step(own: OwnEnrollment) -> dict[str, Any]:
    """Return one diklat of a volunteer as the time line shows it: earned, over, or where it stands, with the
    result and its reasons.
    """
    batch = own.enrollment.batch
    parts = [str(own.result.outcome)] if own.result else []
    if own.is_earned:
        parts.append(str(_("Sertifikat sudah terbit")))
    elif not own.result or own.story.is_over:
        parts.append(str(label_of(own.enrollment)))
    reasons = "; ".join(reason.rstrip(".") for reason in own.result.reasons) if own.result else ""
    note = ". ".join(
        [*dict.fromkeys(parts), *([reasons or own.story.reason] if reasons or own.story.reason else [])]
    )
    return {
        "title": batch.course.title,
        "when": date_range(batch.starts_on, batch.ends_on),
        "note": note,
        "state": "done" if own.is_earned or own.story.is_over or courses.is_over(batch) else "now",
    }


def own_ladder(
    trainee: Trainee, enrollments: list[Enrollment], ids: list[int], own_certificates: list[Certificate]
) -> list[rules.Rung]:
    """Return the rungs as this volunteer stands on them; what was revoked is not held, from the moment on."""
    today = clock.today(trainee.duty_region.zone)
    qualifications = [each for each in qualifications_of(trainee) if each.ended_as is not EndedAs.REVOKED]
    held = [Held(each.tier.rank, each.held_from, each.held_to) for each in qualifications]
    numbers = {
        each.tier_id: each.number
        for each, facts in zip(qualifications, held, strict=True)
        if facts.holds_on(today)
    }
    running = {each.tier_id: each for each in reversed(enrollments) if not is_over(each)}
    nearest, revoked = next_batches(trainee, again=True), queries.revoked_certificates(ids)
    attended = {
        each.tier_id: each.number for each in own_certificates if each.kind is CertificateKind.PARTICIPATION
    }
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
                course=batch
                and rules.NextCourse(
                    batch.id, batch.course.title, batch.starts_on, batch.venue, refused.get(batch.id)
                ),
                revoked=describe_revoked(revoked[tier.id]) if tier.id in revoked else None,
                attended=attended.get(tier.id),
            )
        )
    not_serving = trainee.status in NOT_SERVING
    hindrance = _(
        "Tercatat: %(status)s. Keliru? Hubungi %(dinas)s.",
        status=trainee.status.label,
        dinas=office_at(trainee.duty_region),
    )
    return rules.ladder(facts, held, today=today, hindrance=hindrance if not_serving else None)


def describe_revoked(certificate: Certificate) -> Text:
    """Return that a certificate was revoked, why, and that the tier is to be earned anew."""
    return _(
        "Sertifikat nomor %(number)s dicabut: %(reason)s. Jenjang ini dapat diraih lagi lewat diklat"
        " berikutnya.",
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
