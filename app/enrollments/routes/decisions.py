"""One enrollment and the moves an officer can make with it."""

from collections.abc import Callable
from typing import Any

from flask import abort, render_template, url_for
from flask_login import current_user

from app.auth.rules import Permission
from app.core import clock
from app.core.phones import shown_phone
from app.core.text import Text, _
from app.courses.acts import Act, BatchState
from app.courses.queries import is_record, refusal_to_act, state_of
from app.enrollments import eligibility, lines, queries, rules, services
from app.enrollments.acts import may_be_restored
from app.enrollments.forms import NoteForm, ReasonForm
from app.enrollments.models import Enrollment
from app.enrollments.routes.blueprint import bp
from app.enrollments.rules import EnrollmentStatus
from app.trainees.alike import doubted_of
from app.web.access import requires, signed_in
from app.web.forms import ActionForm, BaseForm

S = EnrollmentStatus
ACTS = {  # which act each move is, as the table of acts knows it
    S.SUBMITTED: Act.ENROLL,
    S.RETURNED: Act.SORT,
    S.VERIFIED: Act.SORT,
    S.REJECTED: Act.SORT,
    S.WAITLISTED: Act.SORT,
    S.ACCEPTED: Act.SEAT,
    S.OFFERED: Act.SEAT,
    S.CALLED: Act.CALL,
    S.CONFIRMED: Act.ANSWER,
    S.WITHDRAWN: Act.WITHDRAW,
}


@bp.route("/enrollments/<int:enrollment_id>")
@requires(Permission.ENROLLMENT_SEE, on=queries.get_enrollment)
def show_enrollment(enrollment: Enrollment) -> Any:
    """Everything needed to decide, and the moves that are possible from here."""
    person = enrollment.trainee.counting or enrollment.trainee
    batch, over, status = enrollment.batch, queries.is_over(enrollment), queries.status_of(enrollment)
    waived = enrollment.override_reason is not None
    facts = eligibility.facts_of_asking(batch, [enrollment.trainee], waived=waived)[enrollment.trainee_id]
    hindrance = None
    if facts.state in eligibility.UNDECIDED_IN | {
        BatchState.DRAFT
    }:  # what the meeting decided speaks for itself afterwards
        hindrance = rules.already_seated(facts) or rules.refusal_of_seat(facts)
    decidable = not over or (enrollment.ended_as is None and status is S.LAPSED)
    moves = (
        {}
        if not decidable
        else {to: refusal_to_act(ACTS[to], batch) for to in rules.TRANSITIONS[status] if to in ACTS}
    )
    if queries.refusal_to_offer(batch):
        moves.pop(S.OFFERED, None)
    absent = enrollment.status in rules.SEATED and not over and clock.today(batch.zone) >= batch.starts_on
    return render_template(
        "enrollments/show_enrollment.html",
        enrollment=enrollment,
        label=queries.label_of(enrollment),
        returned_because=lines.returned_because(enrollment),
        earlier=lines.describe_earlier(enrollment, current_user),
        is_record=is_record(batch),
        phone=shown_phone(person.phone) if person.phone else None,
        may_see_person=current_user.can(Permission.TRAINEE_SEE, person),
        doubted=doubted_of(enrollment.trainee, current_user),
        result=queries.own_results([enrollment]).get(enrollment.id),
        moves={to.value for to, refusal in moves.items() if refusal is None},
        closed=next((refusal for refusal in moves.values() if refusal is not None), None),
        may_be_restored=refusal_to_act(Act.SEAT, batch) is None
        and may_be_restored(
            enrollment.status, enrollment.ended_as, state=state_of(batch), serves=queries.serves(enrollment)
        ),
        may_be_absent=absent
        and refusal_to_act(Act.WITHDRAW, batch) is None
        and services.refusal_of_absence(enrollment) is None,
        tone="stop" if over else rules.tone_of(enrollment.status),
        position=queries.position_in_queue(enrollment) if not over else None,
        hindrance=hindrance if not over and enrollment.status in rules.BEFORE_SEAT | rules.HOLDING else None,
        is_seated=enrollment.status in rules.SEATED,
        seats_left=max(0, batch.quota - queries.count_seats(batch.id)),
        may_decide=current_user.can(Permission.ENROLLMENT_DECIDE, enrollment),
    )


@bp.route("/enrollments/<int:enrollment_id>/accept", methods=["GET", "POST"])
@requires(Permission.ENROLLMENT_DECIDE, on=queries.get_enrollment)
def accept_enrollment(enrollment: Enrollment) -> Any:
    """Give a seat."""
    form = NoteForm()
    return _decision(
        enrollment,
        form,
        lambda: services.accept_enrollment(enrollment, note=form.note.data or "", by=current_user),
        title=_("Terima %(name)s", name=enrollment.name),
        submit=_("Terima pendaftaran"),
        saying=_("%(name)s diterima.", name=enrollment.name),
    )


@bp.route("/enrollments/<int:enrollment_id>/submit", methods=["GET", "POST"])
@requires(Permission.ENROLLMENT_DECIDE, on=queries.get_enrollment)
def submit_enrollment(enrollment: Enrollment) -> Any:
    """Send a returned enrollment again for somebody who cannot."""
    return _button(
        enrollment,
        services.submit_enrollment,
        _("Ajukan kembali pendaftaran %(name)s", name=enrollment.name),
        _("Ajukan kembali"),
        _("Pendaftaran %(name)s diajukan kembali.", name=enrollment.name),
    )


@bp.route("/enrollments/<int:enrollment_id>/verify", methods=["GET", "POST"])
@requires(Permission.ENROLLMENT_DECIDE, on=queries.get_enrollment)
def verify_enrollment(enrollment: Enrollment) -> Any:
    """Say that the papers are in order."""
    return _button(
        enrollment,
        services.verify_enrollment,
        _("Verifikasi pendaftaran %(name)s", name=enrollment.name),
        _("Tandai terverifikasi"),
        _("Berkas %(name)s lengkap.", name=enrollment.name),
    )


@bp.route("/enrollments/<int:enrollment_id>/waitlist", methods=["GET", "POST"])
@requires(Permission.ENROLLMENT_DECIDE, on=queries.get_enrollment)
def waitlist_enrollment(enrollment: Enrollment) -> Any:
    """Put at the end of the queue."""
    return _button(
        enrollment,
        services.waitlist_enrollment,
        _("Jadikan %(name)s cadangan", name=enrollment.name),
        _("Jadikan cadangan"),
        _("%(name)s menjadi cadangan.", name=enrollment.name),
    )


@bp.route("/enrollments/<int:enrollment_id>/offer", methods=["GET", "POST"])
@requires(Permission.ENROLLMENT_DECIDE, on=queries.get_enrollment)
def offer_seat(enrollment: Enrollment) -> Any:
    """Keep a free seat until the answer."""
    form = NoteForm()
    return _decision(
        enrollment,
        form,
        lambda: services.offer_seat(enrollment, note=form.note.data or "", by=current_user),
        title=_("Tawarkan tempat kepada %(name)s", name=enrollment.name),
        submit=_("Tawarkan tempat"),
        saying=_("Satu tempat disimpan untuk %(name)s.", name=enrollment.name),
    )


@bp.route("/enrollments/<int:enrollment_id>/call", methods=["GET", "POST"])
@requires(Permission.ENROLLMENT_DECIDE, on=queries.get_enrollment)
def call_enrollment(enrollment: Enrollment) -> Any:
    """Invite."""
    return _button(
        enrollment,
        services.call_enrollment,
        _("Undangan untuk %(name)s", name=enrollment.name),
        _("Kirim undangan"),
        _("%(name)s sudah diundang.", name=enrollment.name),
    )


@bp.route("/enrollments/<int:enrollment_id>/confirm", methods=["GET", "POST"])
@requires(Permission.ENROLLMENT_DECIDE, on=queries.get_enrollment)
def confirm_enrollment(enrollment: Enrollment) -> Any:
    """Keep that the person will come."""
    return _button(
        enrollment,
        services.confirm_enrollment,
        _("Kesediaan %(name)s", name=enrollment.name),
        _("Menyatakan hadir"),
        _("%(name)s menyatakan hadir.", name=enrollment.name),
    )


@bp.route("/enrollments/<int:enrollment_id>/return", methods=["GET", "POST"])
@requires(Permission.ENROLLMENT_DECIDE, on=queries.get_enrollment)
def return_enrollment(enrollment: Enrollment) -> Any:
    """Send back with what has to be corrected."""
    return _with_reason(
        enrollment,
        services.return_enrollment,
        _("Kembalikan pendaftaran %(name)s", name=enrollment.name),
        _("Kembalikan"),
        _("Pendaftaran %(name)s dikembalikan.", name=enrollment.name),
    )


@bp.route("/enrollments/<int:enrollment_id>/reject", methods=["GET", "POST"])
@requires(Permission.ENROLLMENT_DECIDE, on=queries.get_enrollment)
def reject_enrollment(enrollment: Enrollment) -> Any:
    """Decide against."""
    return _with_reason(
        enrollment,
        services.reject_enrollment,
        _("Tolak pendaftaran %(name)s", name=enrollment.name),
        _("Tolak pendaftaran"),
        _("Pendaftaran %(name)s ditolak.", name=enrollment.name),
    )


@bp.route("/enrollments/<int:enrollment_id>/withdraw", methods=["GET", "POST"])
@signed_in
def withdraw_enrollment(enrollment_id: int) -> Any:
    """End at the person's wish, or take back what one has made for another person: once it is decided, whom
    to ask.
    """
    enrollment = queries.get_enrollment(enrollment_id)
    if enrollment is None or not services.may_withdraw(enrollment, current_user):
        abort(404)
    if current_user.can(Permission.ENROLLMENT_DECIDE, enrollment):
        return _with_reason(
            enrollment,
            services.withdraw,
            _("Batalkan keikutsertaan %(name)s", name=enrollment.name),
            _("Batalkan keikutsertaan"),
            _("Keikutsertaan %(name)s dibatalkan.", name=enrollment.name),
        )
    form = ReasonForm()
    saying = _("Pendaftaran %(name)s ditarik kembali.", name=enrollment.name)
    answer = form.carry_out(
        lambda: services.withdraw(enrollment, reason=form.reason.data, by=current_user),
        to=url_for("dashboard.home"),
        saying=saying,
    )
    page = render_template(
        "enrollments/decide_enrollment.html",
        enrollment=enrollment,
        label=queries.label_of(enrollment),
        form=form,
        title=_("Tarik kembali pendaftaran %(name)s", name=enrollment.name),
        submit=_("Tarik kembali"),
        back=(_("Tugas saya"), url_for("dashboard.home")),
        refusal=refusal_to_act(Act.WITHDRAW, enrollment.batch)
        or services.refusal_of_withdrawal(enrollment, current_user),
    )
    return answer or (page, form.status)


@bp.route("/enrollments/<int:enrollment_id>/absent", methods=["GET", "POST"])
@requires(Permission.ENROLLMENT_DECIDE, on=queries.get_enrollment)
def end_absent(enrollment: Enrollment) -> Any:
    """Record that somebody never came: the seat ends."""
    return _with_reason(
        enrollment,
        services.end_absent,
        _("%(name)s tidak pernah hadir", name=enrollment.name),
        _("Catat tidak hadir"),
        _("%(name)s dicatat tidak pernah hadir.", name=enrollment.name),
    )


@bp.route("/enrollments/<int:enrollment_id>/restore", methods=["GET", "POST"])
@requires(Permission.ENROLLMENT_DECIDE, on=queries.get_enrollment)
def restore_enrollment(enrollment: Enrollment) -> Any:
    """Put an enrollment in force again that was ended by mistake, or by what is not so any more."""
    return _with_reason(
        enrollment,
        services.restore_enrollment,
        _("Kembalikan pendaftaran %(name)s", name=enrollment.name),
        _("Kembalikan pendaftaran"),
        lambda held: _(
            "Pendaftaran %(name)s berlaku lagi: %(label)s.",
            name=held.name,
            label=str(queries.label_of(held)).lower(),
        ),
    )


def _button(
    enrollment: Enrollment, decide: Callable[..., Any], title: Text, submit: Text, saying: Text
) -> Any:
    form = ActionForm()
    return _decision(
        enrollment,
        form,
        lambda: decide(enrollment, by=current_user),
        title=title,
        submit=submit,
        saying=saying,
    )


Saying = Text | Callable[[Any], Text]


def _with_reason(
    enrollment: Enrollment, decide: Callable[..., Any], title: Text, submit: Text, saying: Saying
) -> Any:
    form = ReasonForm()
    return _decision(
        enrollment,
        form,
        lambda: decide(enrollment, reason=form.reason.data, by=current_user),
        title=title,
        submit=submit,
        saying=saying,
    )


def _decision(
    enrollment: Enrollment,
    form: BaseForm,
    decide: Callable[[], Any],
    *,
    title: Text,
    submit: Text,
    saying: Saying,
) -> Any:
    """Carry the decision out and return to the list, or show its page with the reason why not."""
    answer = form.carry_out(
        decide, to=url_for("enrollments.list_enrollments", batch_id=enrollment.batch_id), saying=saying
    )
    page = "enrollments/decide_enrollment.html"
    label = queries.label_of(enrollment)
    return answer or (
        render_template(page, enrollment=enrollment, label=label, form=form, title=title, submit=submit),
        form.status,
    )
