"""The register within reach: every number with its facts, what became of it, and the decisions about one
certificate.
"""

from collections.abc import Callable
from functools import partial, wraps
from typing import Any

from flask import abort, redirect, render_template, request, url_for
from flask_login import current_user

from app.auth.rules import Permission
from app.certificates import checking, lines, planning, queries, services
from app.certificates.document import prints_the_same
from app.certificates.forms import RegisterFilter, ReinstateForm, ReplaceForm, RevokeForm
from app.certificates.models import Certificate
from app.certificates.routes.blueprint import bp
from app.certificates.routes.sheets import address_of, pdf_of
from app.certificates.routes.wording import differences, rows_of
from app.certificates.rules import REGISTER_TONES, TONES, in_words, plain_number
from app.core import clock
from app.core.text import _
from app.courses.queries import lock_batch
from app.regions.rules import WIB
from app.sheets.document import asked_format, every_page, sheet_answer
from app.trainees.queries import canonical
from app.trainees.rules import TraineeStatus
from app.web.access import requires, signed_in

CHANGED_SINCE = _(
    "Data orangnya atau penanda tangannya berubah sejak halaman ini dibuka. Bandingkan lagi, lalu terbitkan."
)
OWN_DAY = ("issued_on", "number")  # what follows from the date that is typed: no change by others


@bp.get("/certificates")
@requires(Permission.CERTIFICATE_SEE)
def list_register() -> Any:
    """Show the numbers within reach, the last entered first; as a file all of them."""
    form = RegisterFilter(request.args)
    number = (form.number.data or "") if form.validate() else ""
    turn = partial(
        queries.page_of_certificates, current_user.reach(Permission.CERTIFICATE_SEE), number=number
    )
    if kind := asked_format():
        sheet = lines.register_sheet(each for page in every_page(turn) for each in page)
        return sheet_answer(
            sheet,
            kind,
            f"register-sertifikat-{f'{plain_number(number)}-' if number else ''}{clock.today(WIB)}",
        )
    page = turn(after=request.args.get("after"))
    next_url = (
        url_for("certificates.list_register", number=number or None, after=page.next_cursor)
        if page.next_cursor
        else None
    )
    shown = {"form": form, "page": page, "next_url": next_url, "number": number, "tones": REGISTER_TONES}
    return render_template("certificates/list_register.html", **shown, taken_back=lines.taken_back(page.rows))


def for_readers(own: str) -> Callable[[Callable[[Certificate], Any]], Callable[[int], Any]]:
    """Hand the certificate to the view for those who may read it; lead its holder to `own`, the page of hers;
    unknown to all others.
    """

    def declare(view: Callable[[Certificate], Any]) -> Callable[[int], Any]:
        @signed_in
        @wraps(view)
        def checked(certificate_id: int) -> Any:
            readable = queries.get_readable(certificate_id)
            if readable is not None and current_user.can(Permission.CERTIFICATE_SEE, readable):
                return view(readable.certificate)
            if queries.find_own(certificate_id, current_user.id) is None:
                abort(404)
            return redirect(url_for(own, certificate_id=certificate_id), 303)

        return checked

    return declare


@bp.get("/certificates/<int:certificate_id>")
@for_readers("certificates.show_own_certificate")
def show_certificate(certificate: Certificate) -> Any:
    """Show what was issued, what it is worth today, and what stands before and after it."""
    may_revoke = current_user.can(Permission.CERTIFICATE_REVOKE, certificate)
    verdict, _sealed = checking.verdict_today(certificate)
    return render_template(
        "certificates/show_certificate.html",
        last=queries.last_of_chain(certificate),
        certificate=certificate,
        verdict=verdict,
        tone=TONES[verdict],
        rows=rows_of(certificate.facts),
        replaced=queries.find_replaced(certificate),
        taken_back=lines.taken_back([certificate]).get(certificate.id, []),
        why=queries.reason_of_replacement(certificate) if certificate.superseded_by_id else "",
        address=address_of(certificate),
        may_revoke=may_revoke,
        may_replace=may_revoke and services.refusal_to_replace(certificate) is None,
        is_misnamed=queries.is_misjoined(certificate),
        is_renamed=queries.is_renamed(certificate),
        different=in_words(queries.differences_of(certificate)) if certificate.is_in_force else [],
    )


@bp.get("/certificates/<int:certificate_id>/pdf")
@for_readers("certificates.save_own_pdf")
def save_pdf(certificate: Certificate) -> Any:
    """Hand out both pages for printing."""
    return pdf_of(certificate)


@bp.route("/certificates/<int:certificate_id>/revoke", methods=["GET", "POST"])
@requires(Permission.CERTIFICATE_REVOKE, on=queries.get_certificate)
def revoke_certificate(certificate: Certificate) -> Any:
    """Take it out of force, with the day and the reason."""
    form = RevokeForm(revoked_on=clock.today(certificate.batch.zone))
    day: Any = form.revoked_on.data
    answer = form.carry_out(
        lambda: services.revoke_certificate(
            certificate, reason=form.reason.data, revoked_on=day, by=current_user
        ),
        to=url_for("certificates.show_certificate", certificate_id=certificate.id),
        saying=_("Sertifikat %(number)s dicabut.", number=certificate.number),
    )
    return answer or (
        render_template("certificates/revoke_certificate.html", certificate=certificate, form=form),
        form.status,
    )


@bp.route("/certificates/<int:certificate_id>/reinstate", methods=["GET", "POST"])
@requires(Permission.CERTIFICATE_REVOKE, on=queries.get_certificate)
def reinstate_certificate(certificate: Certificate) -> Any:
    """Take back a revocation that was a mistake, with the reason."""
    form = ReinstateForm()
    answer = form.carry_out(
        lambda: services.reinstate_certificate(certificate, reason=form.reason.data, by=current_user),
        to=url_for("certificates.show_certificate", certificate_id=certificate.id),
        saying=_(
            "Pencabutan ditarik kembali. Sertifikat %(number)s berlaku lagi.", number=certificate.number
        ),
    )
    page = {"certificate": certificate, "form": form, "refusal": services.refusal_to_reinstate(certificate)}
    return answer or (render_template("certificates/reinstate_certificate.html", **page), form.status)


@bp.route("/certificates/<int:certificate_id>/replace", methods=["GET", "POST"])
@requires(Permission.CERTIFICATE_REVOKE, on=queries.get_certificate)
def replace_certificate(certificate: Certificate) -> Any:
    """Show old and new side by side and what will happen; then issue it anew.

    The old number stays in the register.
    """
    form = ReplaceForm(issued_on=clock.today(certificate.batch.zone))
    day: Any = form.issued_on.data
    form.over(
        lambda: _compared(certificate),
        hold=lambda: lock_batch(certificate.batch_id),
        changed=lambda: CHANGED_SINCE,
    )
    if form.is_submitted() and day:
        services.rehearse_replacement(certificate, day)
    answer = form.carry_out(
        lambda: services.replace_certificate(
            certificate, reason=form.reason.data, issued_on=day, by=current_user, confirm=form.confirm.data
        ),
        to=lambda new: url_for("certificates.show_certificate", certificate_id=new.id),
        saying=lambda new: _("Sertifikat baru terbit dengan nomor %(number)s.", number=new.number),
    )
    if answer:
        return answer
    refusal = services.refusal_to_replace(certificate)
    facts, missing = (
        (None, [])
        if refusal
        else planning.facts_anew(certificate, day or clock.today(certificate.batch.zone))
    )
    if facts and (unprintable := services.refusal_to_print(facts)):
        missing = [unprintable]  # said before anybody presses
    page = {"certificate": certificate, "form": form, "refusal": refusal, "missing": missing}
    page |= {"is_dead": canonical(certificate.trainee).status is TraineeStatus.DECEASED}
    is_same = facts is not None and prints_the_same(certificate.facts, facts)
    form.ask_to_confirm(is_same=is_same)
    page |= {"same": services.NOTHING_DIFFERS if is_same else None}
    page |= {"changes": differences(certificate.facts, facts) if facts else []}
    return render_template("certificates/replace_certificate.html", **page), form.status


def _compared(certificate: Certificate) -> dict[str, Any] | None:
    """Return what others may change of the sheet that the page compares, as it would be today: not the date,
    which is typed by whoever replaces, nor what follows from it.
    """
    facts, _missing = planning.facts_anew(certificate, clock.today(certificate.batch.zone))
    return facts and {name: value for name, value in facts.items() if name not in OWN_DAY}
