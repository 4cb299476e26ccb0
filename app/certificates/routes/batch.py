"""The certificates of a batch: who has one, who may have one, who not and why; a look at it
first; the issue.
"""

from datetime import date
from typing import Any

from flask import Response, abort, render_template, request, url_for
from flask_login import current_user

from app.assessment.queries import approved_graduation
from app.auth.rules import Permission
from app.certificates import lines, planning, queries, services
from app.certificates.document import certificate_png
from app.certificates.eligibility import first_day, list_due, meetings_of
from app.certificates.forms import IssueForm
from app.certificates.routes.blueprint import bp
from app.certificates.rules import REGISTER_TONES, refusal_of_day
from app.certificates.services import IssueReport
from app.core import clock
from app.core.text import Text, _
from app.courses.models import Batch
from app.courses.queries import get_batch, lock_batch
from app.enrollments.eligibility import remarks_on
from app.printing.services import PrintingError
from app.sheets.document import asked_format, sheet_answer
from app.web.access import requires

PREVIEW_SHARPNESS = 96
CHECK_FIRST = _(
    "Isi lembarnya tidak sama dengan yang tampil sebelum ini: tanggal, nomor, penanda tangan, atau data"
    " peserta berubah. Periksa yang sekarang, lalu terbitkan."
)


@bp.get("/batches/<int:batch_id>/certificates")
@requires(Permission.CERTIFICATE_SEE, on=get_batch)
def list_certificates(batch: Batch) -> Any:
    """Show the numbers given, who is ready, and who is held back; sheets are only drawn for those whom an
    issue left over.
    """
    certificates, today = queries.certificates_of_batch(batch), clock.today(batch.zone)
    misnamed = {each.id for each in queries.list_misnamed(batch)}
    if kind := asked_format():
        return sheet_answer(
            lines.batch_sheet(certificates, misnamed), kind, f"sertifikat-{batch.code}-{today}"
        )
    plan = (
        services.plan_issue(batch, today)
        if certificates
        else planning.plan_issue(batch, today, lambda _facts: None)
    )
    return render_template(
        "certificates/list_certificates.html",
        batch=batch,
        plan=plan,
        certificates=certificates,
        misnamed=misnamed,
        to_replace=lines.TO_REPLACE,
        tones=REGISTER_TONES,
        graduation=approved_graduation(batch),
        may_issue=current_user.can(Permission.CERTIFICATE_ISSUE, batch),
    )


@bp.route("/batches/<int:batch_id>/certificates/issue", methods=["GET", "POST"])
@requires(Permission.CERTIFICATE_ISSUE, on=get_batch)
def issue_certificates(batch: Batch) -> Any:
    """Check first: numbers from and to, who is held back and why, one sheet to look at.

    Then issue all of them.
    """
    first = first_day(batch)
    form = IssueForm(issued_on=clock.today(batch.zone))
    day: Any = form.issued_on.data
    answer = None
    form.over(
        lambda: _planned(batch, day),
        hold=lambda: lock_batch(batch.id),
        changed=lambda: CHECK_FIRST,
        anew=bool(form.check.data),
    )
    if form.check.data:
        form.validate()
        refusal = day and first and refusal_of_day(day, held_on=first, today=clock.today(batch.zone))
        if refusal:
            form.issued_on.errors = [*form.issued_on.errors, str(refusal)]
        form.status = 422 if form.errors else 200
    else:
        if form.is_submitted() and day:
            services.plan_issue(batch, day)  # draws every sheet before the decision begins
        answer = form.carry_out(
            lambda: services.issue_for_batch(batch, issued_on=day, by=current_user),
            to=url_for("certificates.list_certificates", batch_id=batch.id),
            saying=_what_was_issued,
        )
    if answer:
        return answer
    plan = services.plan_issue(batch, day) if day and (form.status == 409 or not form.errors) else None
    page = render_template(
        "certificates/issue_certificates.html",
        batch=batch,
        form=form,
        is_approved=first is not None,
        plan=plan,
        meetings=meetings_of(list_due(batch)),
        numbers=_numbers(batch, plan),
        remarks=_remarks(batch, plan),
    )
    return page, form.status


@bp.get("/batches/<int:batch_id>/certificates/preview.png")
@requires(Permission.CERTIFICATE_ISSUE, on=get_batch)
def preview_certificate(batch: Batch) -> Any:
    """Draw the first sheet that would be issued, past those that are held back; it has no number and no code
    yet.
    """
    try:
        day = date.fromisoformat(request.args.get("issued_on", ""))
    except ValueError:
        day = clock.today(batch.zone)
    plan = planning.plan_issue(batch, day, lambda _facts: None)
    first = next((draft for draft in plan.ready if services.refusal_to_print(draft.facts) is None), None)
    if first is None:
        abort(404)
    facts = planning.numbered(
        first.facts, number=str(_("(pratinjau, belum bernomor)")), code=planning.PLACEHOLDER_CODE
    )
    try:
        picture = certificate_png(
            facts,
            address=services.TRIAL_ADDRESS,
            page=2 if request.args.get("page") == "2" else 1,
            ppi=PREVIEW_SHARPNESS,
            specimen=True,
        )
    except PrintingError:
        abort(404)
    return Response(picture, content_type="image/png")


def _planned(batch: Batch, day: date | None) -> list[Any]:
    """Return what the page shows of the sheets that an issue would write; nothing is drawn for it."""
    plan = planning.plan_issue(batch, day, lambda _facts: None) if day else None
    return [[draft.facts for draft in plan.ready], _numbers(batch, plan)] if plan else []


def _remarks(batch: Batch, plan: planning.Plan | None) -> list[tuple[str, Text]]:
    """Return what whoever issues is to know of the people who get a certificate: somebody has
    died meanwhile.
    """
    people = [draft.attendee for draft in plan.ready] if plan else []
    remarks = remarks_on(batch, people)
    return [(person.name, remarks[person.id]) for person in people if person.id in remarks]


def _numbers(batch: Batch, plan: planning.Plan | None) -> tuple[str, str] | None:
    """Return the first and the last number that an issue would give now."""
    if not plan or not plan.ready:
        return None
    last = queries.last_number(batch.course.organiser_id, batch.course.tier_id, plan.issued_on.year)
    return planning.number_of(batch, last + 1, plan.issued_on), planning.number_of(
        batch, last + len(plan.ready), plan.issued_on
    )


def _what_was_issued(report: IssueReport) -> Text:
    if not report.issued:
        return _(
            "Tidak ada sertifikat baru: %(count)d sudah terbit sebelumnya, %(parked)d tertahan.",
            **_counts(report),
        )
    numbers = {"first": report.issued[0].number, "last": report.issued[-1].number, "new": len(report.issued)}
    text = _("%(new)d sertifikat terbit, nomor %(first)s sampai %(last)s.", **numbers)
    if len(report.issued) == 1:
        text = _("1 sertifikat terbit, nomor %(number)s.", number=report.issued[0].number)
    if report.parked:
        return _("%(said)s %(parked)d tertahan.", said=str(text), parked=len(report.parked))
    return text


def _counts(report: IssueReport) -> dict[str, int]:
    return {"count": len(report.already), "parked": len(report.parked)}
