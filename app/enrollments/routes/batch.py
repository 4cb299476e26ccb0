"""The participants of a batch: who asks, who has a seat, who waits; deciding about many; enrolling others."""

from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask_login import current_user

from app.auth.rules import Permission
from app.core import clock
from app.core.scopes import Reach
from app.core.text import Text, _, shortlist
from app.core.typed import clean_text
from app.courses.acts import Act
from app.courses.models import Batch
from app.courses.queries import get_batch, refusal_to_act
from app.enrollments import candidates, eligibility, lines, queries, rules, services
from app.enrollments.document import enrollments_sheet
from app.enrollments.forms import DecideManyForm, EnrollOthersForm
from app.enrollments.models import Enrollment
from app.enrollments.routes.blueprint import bp
from app.enrollments.rules import TO_DECIDE, EnrollmentStatus
from app.regions.queries import find_region
from app.sheets.document import asked_format, sheet_answer
from app.trainees.alike import marks_of, pairs_alike
from app.trainees.fields import UNKNOWN_NIK, FindByNikForm, where_to_search
from app.trainees.queries import canonical, find_by_nik, list_trainees_by_id
from app.trainees.rules import check_nik
from app.web.access import requires, signed_in

S = EnrollmentStatus


@bp.route("/batches/<int:batch_id>/enrollments")
@requires(Permission.ENROLLMENT_SEE, on=get_batch)
def list_enrollments(batch: Batch) -> Any:
    """Who asks, who has a seat, who waits; places by kecamatan."""
    everybody = queries.list_enrollments(batch)
    over = {each.id for each in everybody if queries.is_over(each)}
    asking = [each for each in everybody if each.id not in over and each.status in TO_DECIDE | {S.WAITLISTED}]
    kecamatan = find_region(request.args.get("kecamatan", ""))
    shown = [each for each in everybody if kecamatan is None or lines.kecamatan_of(each).id == kecamatan.id]
    taken = queries.count_seats(batch.id)
    seats = queries.refusal_to_seat(batch)
    positions = queries.positions([batch.id])
    groups = [(group, [each for each in shown if lines.group_of(each) is group]) for group in lines.Group]
    if kind := asked_format():
        return sheet_answer(
            enrollments_sheet(batch, [(group.label, rows) for group, rows in groups], positions),
            kind,
            f"peserta-{batch.code}-{clock.today(batch.zone)}",
        )
    return render_template(
        "enrollments/list_enrollments.html",
        batch=batch,
        groups=groups,
        group=request.args.get("group"),
        kecamatan=kecamatan,
        label_of=queries.label_of,
        over=over,
        closed=seats,
        everybody=everybody,
        taken=taken,
        to_decide=sum(each.status in TO_DECIDE for each in everybody if each.id not in over),
        places=lines.count_by_kecamatan(everybody),
        marks=marks_of((each.trainee for each in asking), current_user),
        positions=positions,
        tone_of=rules.tone_of,
        next_offer=(
            next(iter(services.eligible_queue(batch)), None)
            if taken < batch.quota and queries.refusal_to_offer(batch) is None
            else None
        ),
        may_decide=current_user.can(Permission.ENROLLMENT_DECIDE, batch) and seats is None,
        waits=bool(asking),
        may_add=current_user.can(Permission.ENROLLMENT_MAKE),
        twins=pairs_alike(
            each.trainee for each in everybody if each.id not in over and each.trainee.canonical_id is None
        ),
        may_merge=bool(current_user.reach(Permission.TRAINEE_MERGE).areas),
    )


@bp.route("/batches/<int:batch_id>/enrollments/decide", methods=["GET", "POST"])
@requires(Permission.ENROLLMENT_DECIDE, on=get_batch)
def decide_enrollments(batch: Batch) -> Any:
    """Those who wait for a decision in their order; nobody is ticked before the office has looked."""
    form = DecideManyForm()
    answer = form.carry_out(
        lambda: _decide(batch, form),
        to=url_for("enrollments.list_enrollments", batch_id=batch.id),
        saying=lambda sentence: sentence,
    )
    if answer:
        return answer
    waiting = [
        each
        for each in queries.list_enrollments(batch, TO_DECIDE | {S.WAITLISTED})
        if not queries.is_over(each)
    ]
    seats_left = max(0, batch.quota - queries.count_seats(batch.id))
    reasons = candidates.reasons_against(batch, waiting)
    ticked = set(form.enrollments.data or [])
    page = render_template(
        "enrollments/decide_enrollments.html",
        batch=batch,
        form=form,
        waiting=waiting,
        seats_left=seats_left,
        ticked=ticked,
        reasons=reasons,
        marks=marks_of((each.trainee for each in waiting), current_user),
    )
    return page, form.status


def _decide(batch: Batch, form: DecideManyForm) -> Text:
    ids, note = form.enrollments.data, form.note.data or ""
    if form.decision.data == form.WAITLIST:
        return _(
            "%(count)d orang menjadi cadangan.",
            count=len(services.waitlist_many(batch, ids, by=current_user)),
        )
    if form.decision.data == form.ACCEPT:
        return _(
            "%(count)d orang diterima.",
            count=len(services.accept_many(batch, ids, note=note, by=current_user)),
        )
    accepted, waiting = services.accept_and_waitlist(batch, ids, note=note, by=current_user)
    return _(
        "%(accepted)d orang diterima, %(waiting)d menjadi cadangan.",
        accepted=len(accepted),
        waiting=len(waiting),
    )


@bp.route("/batches/<int:batch_id>/enrollments/add", methods=["GET", "POST"])
@signed_in
def enroll_others(batch_id: int) -> Any:
    """Choose people of the own region, or for the own batch people in sight, and enrol them together.

    The right is about the people, not about the batch: a TKSK enrols hers at the dinas, a dinas its own at
    the provinsi.
    """
    batch = get_batch(batch_id)
    if (
        batch is None
        or not current_user.can(Permission.ENROLLMENT_MAKE)
        or not services.may_see(batch, current_user)
    ):
        abort(404)
    if "nik" in request.form:
        return _found_by_nik(batch)
    form = EnrollOthersForm()
    may_override = batch.course.tier.prerequisite is not None and current_user.can(
        Permission.ENROLLMENT_DECIDE, batch
    )
    sees_list = current_user.can(Permission.ENROLLMENT_SEE, batch)
    back = (
        url_for("enrollments.list_enrollments", batch_id=batch.id)
        if sees_list
        else url_for("courses.show_sheet", batch_id=batch.id)
    )
    answer = form.carry_out(lambda: _enroll_ticked(batch, form), to=back, saying=_how_it_went)
    if answer:
        return answer
    if says_where := where_to_search(request.args.get("q", "")):
        flash(str(says_where), "info")
        return redirect(
            url_for("enrollments.enroll_others", batch_id=batch.id), 303
        )  # the number leaves the address
    search, after = clean_text(request.args.get("q", "")[:100], one_line=True), request.args.get("after")
    page = candidates.page_of_candidates(
        batch, _whom(batch), search=search, after=after, ticked=form.trainees.data
    )
    ticked = set(form.trainees.data or [])
    facts = eligibility.facts_of_asking(
        batch, page.rows, by_office=current_user.can(Permission.ENROLLMENT_DECIDE, batch)
    )
    rendered = render_template(
        "enrollments/enroll_others.html",
        batch=batch,
        form=form,
        page=page,
        search=search,
        find_form=FindByNikForm(formdata=None),
        ticked=ticked,
        batch_refusal=refusal_to_act(Act.ENROLL, batch),
        refusals={
            person_id: rules.already_so(each) or rules.refusal_to_enroll(each)
            for person_id, each in facts.items()
        },
        waivable={person_id for person_id, each in facts.items() if may_override and rules.is_waivable(each)},
        may_override=may_override,
        back=back,
        seats_left=max(0, batch.quota - queries.count_seats(batch.id)),
        next_url=page.next_cursor
        and url_for("enrollments.enroll_others", batch_id=batch.id, q=search or None, after=page.next_cursor),
    )
    return rendered, form.status


def _found_by_nik(batch: Batch) -> Any:
    """Search for the name of the person with this NIK, which travels in the body alone; a stranger is as good
    as nobody.
    """
    form = FindByNikForm()
    nik = check_nik(form.nik.data or "") if form.validate() else UNKNOWN_NIK
    known = None if isinstance(nik, Text) else find_by_nik(nik)
    person = known and canonical(known)
    if person is None or not (
        current_user.can(Permission.TRAINEE_SEE, person)
        or current_user.can(Permission.ENROLLMENT_MAKE, person)
    ):
        flash(str(nik if isinstance(nik, Text) else UNKNOWN_NIK), "warning")
        return redirect(url_for("enrollments.enroll_others", batch_id=batch.id), 303)
    return redirect(url_for("enrollments.enroll_others", batch_id=batch.id, q=person.name), 303)


def _whom(batch: Batch) -> Reach:
    organises = current_user.can(Permission.ENROLLMENT_MAKE, batch)
    return current_user.reach(Permission.TRAINEE_SEE if organises else Permission.ENROLLMENT_MAKE)


def _enroll_ticked(batch: Batch, form: EnrollOthersForm) -> list[Enrollment]:
    people = list_trainees_by_id(form.trainees.data)
    return services.enroll_many(
        batch, people, by=current_user, override_reason=form.override_reason.data or None
    )


def _how_it_went(made: list[Enrollment]) -> str:
    """Say who got a seat, who waits at which place, and who is still to be decided about: whoever enrolled
    them has to tell them.
    """
    places = queries.positions({each.batch_id for each in made})
    seated = [each.trainee.name for each in made if each.status in rules.SEATED]
    waiting = [
        _("%(name)s (ke-%(place)d)", name=each.trainee.name, place=places[each.id])
        for each in made
        if each.id in places
    ]
    asked = len(made) - len(seated) - len(waiting)
    parts = [
        _("%(count)d diterima: %(names)s.", count=len(seated), names=shortlist(seated)) if seated else None,
        (
            _("%(count)d menjadi cadangan: %(names)s.", count=len(waiting), names=shortlist(waiting))
            if waiting
            else None
        ),
        _("%(count)d orang didaftarkan, menunggu keputusan.", count=asked) if asked else None,
    ]
    return " ".join(str(each) for each in parts if each is not None)
