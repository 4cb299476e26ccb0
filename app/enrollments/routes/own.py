"""What a volunteer does: may I join, enrol, see where I stand, answer, withdraw."""

from typing import Any

from flask import abort, redirect, render_template, request, url_for
from flask_login import current_user

from app.core import clock
from app.core.dates import date_range
from app.core.phones import shown_phone
from app.core.text import Text, _
from app.courses.acts import Act
from app.courses.models import Batch
from app.courses.queries import get_batch, lock_batch, refusal_to_act
from app.courses.rules import BatchStatus
from app.enrollments import eligibility, queries, rules, services
from app.enrollments.forms import OwnAnswerForm, OwnContactForm, OwnCorrectionForm, OwnWithdrawForm
from app.enrollments.models import Enrollment
from app.enrollments.ports import practice_of
from app.enrollments.routes.blueprint import bp
from app.enrollments.rules import EnrollmentStatus
from app.enrollments.wording import Story, story_of
from app.petitions.queries import list_wishes_of
from app.trainees.models import Trainee
from app.trainees.queries import office_at, qualifications_of, same_person_ids, trainee_of
from app.web.access import ask_to_sign_in, public, signed_in
from app.web.forms import SeenForm

S = EnrollmentStatus


@bp.route("/batches/<int:batch_id>/enroll", methods=["GET", "POST"])
@public
def enroll_self(batch_id: int) -> Any:
    """May I join, what is missing; known: Periksa data Anda and the button; signed out, and it can be joined:
    the first question.
    """
    batch = get_batch(batch_id)
    if batch is None or batch.status is BatchStatus.DRAFT:
        abort(404)
    if not current_user.is_authenticated:
        if request.method == "POST":
            return ask_to_sign_in()
        if rules.refusal_by_batch(eligibility.facts_of_newcomer(batch)) is None:
            return redirect(url_for("enrollments.register_self", batch=batch.id), 303)
    person = trainee_of(current_user.id) if current_user.is_authenticated else None
    form = OwnContactForm(
        phone=person and person.phone and shown_phone(person.phone), address=person and person.address
    )
    if person is not None:
        answer = form.carry_out(
            lambda: services.enroll_oneself(
                batch, person, phone=form.phone.checked, address=form.address.checked, by=current_user
            ),
            to=url_for("enrollments.list_own_enrollments"),
            saying=_what_became,
        )
        if answer:
            return answer
    elif form.is_submitted():
        form.status = 422
    facts = (
        eligibility.facts_of_asking(batch, [person])[person.id]
        if person
        else eligibility.facts_of_newcomer(batch)
    )
    page = render_template(
        "enrollments/enroll_self.html",
        batch=batch,
        form=form,
        person=person,
        conflict=rules.already_so(facts),
        reasons=(
            rules.reasons_not_to_enroll(facts)
            if person
            else [each for each in [rules.refusal_by_batch(facts)] if each]
        ),
        taken=queries.count_seats(batch.id),
        waiting=len(queries.queue_of(batch.id)),
    )
    return page, form.status


def _what_became(enrollment: Enrollment) -> Text:
    if enrollment.status is S.ACCEPTED:
        return _("Anda diterima. Sampai bertemu di %(venue)s.", venue=enrollment.batch.venue)
    if enrollment.status is S.WAITLISTED:
        return _(
            "Semua tempat (%(quota)d) sudah terisi. Anda cadangan ke-%(position)d. "
            "Bila ada yang batal, kami menawarkan tempatnya kepada Anda.",
            quota=enrollment.batch.quota,
            position=queries.position_in_queue(enrollment),
        )
    return _("Pendaftaran Anda terkirim. Panitia akan memeriksanya.")


@bp.route("/me/enrollments")
@signed_in
def list_own_enrollments() -> Any:
    """My applications, where each stands, what ended it and the way on; the one that asks for an answer in
    front.
    """
    person = _own_record()
    ids = same_person_ids(person) if person else []
    mine = queries.enrollments_of(ids)
    facts = {each.id: eligibility.own_facts(each) for each in mine}
    stories = {key: story_of(value) for key, value in facts.items()}
    return render_template(
        "enrollments/list_own_enrollments.html",
        mine=mine,
        stories=stories,
        next_one=next((each for each in mine if stories[each.id].ask), None)
        or next((each for each in mine if stories[each.id].is_up_to_her), None),
        positions=queries.positions(
            {each.batch_id for each in mine if each.status is S.WAITLISTED and not stories[each.id].is_over}
        ),
        labels={each.id: queries.label_of(each) for each in mine},
        tones={each.id: "stop" if stories[each.id].is_over else rules.tone_of(each.status) for each in mine},
        practice=practice_of(ids) if ids else {},
        results=queries.own_results(mine),
        recorded_later={each.id for each in mine if _was_recorded_later(each)},
        next_batches=_next_batches(person, mine, stories) if person else {},
        refusals={each.id: _refusal_to_withdraw(each) for each in mine if not stories[each.id].is_over},
        has_record=bool(mine) or person is not None,
        unmet=_unmet_wishes(person, ids, {each.batch_id for each in mine}) if person else [],
    )


def _was_recorded_later(held: Enrollment) -> bool:
    """Say whether an enrollment was entered after the last day of its diklat: nobody applied then."""
    return clock.local_day(held.submitted_at or held.recorded_at, held.batch.zone) > held.batch.ends_on


def _unmet_wishes(person: Trainee, ids: list[int], enrolled_in: set[int]) -> list[tuple[Batch, Text | None]]:
    """Return the courses that she asked for with a registration that waited and has not applied to, with what
    stands in the way now.
    """
    wished = [get_batch(batch_id) for batch_id in list_wishes_of(ids) if batch_id not in enrolled_in]
    return [(batch, services.foretell_wish(batch.id, person)) for batch in wished if batch is not None]


def _next_batches(person: Trainee, mine: list[Enrollment], stories: dict[int, Story]) -> dict[int, Batch]:
    """Return, by enrollment, the next open batch for whoever may go on there: nothing of the tier is running
    or held.
    """
    running = {each.tier_id for each in mine if not stories[each.id].is_over}
    if person.status in rules.NOT_SERVING or not any(stories[each.id].leads_on for each in mine):
        return {}
    held = {each.tier_id for each in qualifications_of(person) if each.ended_as is None}
    nearest = eligibility.next_batches(person)
    return {
        each.id: nearest[each.tier_id]
        for each in mine
        if stories[each.id].leads_on and each.tier_id in nearest and each.tier_id not in running | held
    }


def _refusal_to_withdraw(enrollment: Enrollment) -> Text | None:
    """Say why she cannot take back the own enrollment on the page any more, or None: what the table of acts
    or the first day forbids.
    """
    batch = enrollment.batch
    if refusal := refusal_to_act(Act.WITHDRAW, batch):
        return refusal
    if enrollment.status not in rules.HOLDING:
        return None
    return eligibility.refusal_of_withdrawing_alone(batch)


@bp.route("/me/enrollments/answer", methods=["GET", "POST"])
@signed_in
def answer_own_enrollment() -> Any:
    """Take an offered seat, say that I will come, or send a completed enrollment again; what cannot be
    answered any more says why.
    """
    enrollment = _own(request.form.get("batch") or request.args.get("batch", ""))
    is_correcting = S.SUBMITTED in (rules.OWN_ANSWERS.get(enrollment.status), request.form.get("answer"))
    form = (
        OwnCorrectionForm(data=_correction_data(enrollment))
        if is_correcting
        else OwnAnswerForm(data={"batch": enrollment.batch.code})
    )
    _over_days(form, enrollment)

    def decide() -> Enrollment:
        told = (
            {"corrections": form.corrections, "words": form.words.data or ""}
            if isinstance(form, OwnCorrectionForm)
            else {}
        )
        return services.answer_own(enrollment, form.chosen, by=current_user, **told)

    answer = form.carry_out(
        decide,
        to=url_for("enrollments.list_own_enrollments"),
        saying=_("Terima kasih. Jawaban Anda tersimpan."),
        otherwise=lambda: _stands_otherwise(
            enrollment, S.SUBMITTED if form.chosen is S.SUBMITTED else S.CONFIRMED
        ),
    )
    if answer:
        return answer
    story = story_of(eligibility.own_facts(enrollment))
    person = enrollment.trainee.counting or enrollment.trainee
    page = render_template(
        "enrollments/answer_own_enrollment.html",
        enrollment=enrollment,
        person=person,
        office=office_at(person.duty_region),
        form=form,
        story=story,
        answer=rules.OWN_ANSWERS.get(enrollment.status) if story.ask else None,
        refusal_to_withdraw=story.sentence if story.is_over else _refusal_to_withdraw(enrollment),
    )
    return page, form.status


@bp.route("/me/enrollments/withdraw", methods=["GET", "POST"])
@signed_in
def withdraw_own_enrollment() -> Any:
    """Say that I cannot come; the seat becomes free for somebody else.

    From the first day on: whom to call.
    """
    form = OwnWithdrawForm()
    enrollment = _own(form.batch.data or request.args.get("batch", ""))
    form.batch.data = enrollment.batch.code
    _over_days(form, enrollment)
    answer = form.carry_out(
        lambda: services.withdraw(enrollment, reason=form.reason.data, by=current_user),
        to=url_for("enrollments.list_own_enrollments"),
        saying=_("Terima kasih sudah memberi tahu. Pendaftaran Anda dibatalkan."),
        otherwise=lambda: _stands_otherwise(enrollment, S.WITHDRAWN),
    )
    if answer:
        return answer
    story = story_of(eligibility.own_facts(enrollment))
    page = render_template(
        "enrollments/withdraw_own_enrollment.html",
        enrollment=enrollment,
        form=form,
        refusal=story.sentence if story.is_over else _refusal_to_withdraw(enrollment),
    )
    return page, form.status


def _correction_data(enrollment: Enrollment) -> dict[str, Any]:
    """Return what the form of a returned enrollment shows before anything is typed."""
    person = enrollment.trainee.counting or enrollment.trainee
    known = {
        "phone": person.phone and shown_phone(person.phone),
        "address": person.address,
        "birth_place": person.birth_place,
    }
    return {**known, "batch": enrollment.batch.code, "answer": S.SUBMITTED.value}


def _over_days(form: SeenForm, enrollment: Enrollment) -> None:
    """Let an answer be about the days and the place that were read."""
    batch = enrollment.batch
    form.over(
        lambda: [batch.starts_on.isoformat(), batch.ends_on.isoformat(), batch.venue],
        hold=lambda: lock_batch(batch.id),
        changed=lambda: _moved(batch),
    )


def _moved(batch: Batch) -> Text:
    return _(
        "Waktu atau tempat diklat ini berubah sejak halaman ini dibuka. Sekarang: %(when)s, %(venue)s. Mohon"
        " dibaca, lalu dijawab lagi.",
        when=date_range(batch.starts_on, batch.ends_on),
        venue=batch.venue,
    )


def _stands_otherwise(enrollment: Enrollment, answered: EnrollmentStatus) -> Text | None:
    """Say how the own enrollment stands where it is not, any more, what was answered; None where it is."""
    if enrollment.status is answered and enrollment.ended_as is None:
        return None
    return _(
        "Jawaban itu tidak berlaku lagi. Pendaftaran Anda sekarang: %(label)s.",
        label=str(queries.label_of(enrollment)).lower(),
    )


def _own_record() -> Trainee | None:
    return trainee_of(current_user.id)


def _own(code: str) -> Enrollment:
    """Return the own enrollment in the batch of this code that counts; all else is unknown."""
    person = _own_record()
    mine = (
        [each for each in queries.enrollments_of(same_person_ids(person)) if each.batch.code == code]
        if person
        else []
    )
    return next(iter(eligibility.counting_enrollments(mine).values()), None) or abort(404)
