"""Daftarkan diri: one question a page for somebody who is new; what was told waits sealed on her own device
until she sends it.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any

from flask import Response, abort, current_app, redirect, render_template, request, url_for
from flask_login import current_user

from app.core import clock
from app.core.errors import DomainError, TooManyTries
from app.core.phones import shown_phone
from app.core.scopes import NATION, contains
from app.core.text import Text, _
from app.courses.models import Batch
from app.courses.queries import get_batch
from app.courses.rules import UNSEEN
from app.enrollments import eligibility, rules, services
from app.enrollments.forms import (
    AskBirthForm,
    AskContactForm,
    AskDesaForm,
    AskNameForm,
    AskNikForm,
    QuestionForm,
)
from app.enrollments.routes.blueprint import bp
from app.enrollments.rules import QUESTIONS, Question
from app.enrollments.services import RegistrationDraft
from app.regions.models import Region
from app.regions.queries import (
    ancestors,
    current_region,
    find_region,
    list_children,
    list_desa,
    region_name_path,
)
from app.regions.rules import WIB, Level
from app.trainees import services as trainees
from app.trainees.queries import office_at, trainee_of
from app.trainees.rules import refusal_of_age, what_nik_suggests
from app.web.access import public
from app.web.forms import ActionForm, BaseForm
from app.web.headers import LARGEST_ID

PAGES = {
    Question.NIK: "enrollments.ask_nik",
    Question.BIRTH: "enrollments.ask_birth",
    Question.NAME: "enrollments.ask_name",
    Question.DESA: "enrollments.ask_desa",
    Question.CONTACT: "enrollments.ask_contact",
    Question.CHECK: "enrollments.check_own_data",
}
WAYS_IN_AND_OUT = frozenset({"auth.sign_in", "auth.sign_out", "auth.accept_invitation"})
WITHOUT_RECORD = _(
    "Akun ini belum terhubung dengan data PSM. Mendaftarkan diri hanya dengan akun PSM atau calon PSM."
)


@dataclass(frozen=True)
class Joining:
    """What the sheet of a course says about applying: may this reader, why not, what was asked already."""

    may: bool = False
    is_sure: bool = True  # False: it depends on a certificate that nobody has looked up yet
    conflict: Text | None = None
    reasons: tuple[Text, ...] = ()
    may_bring: bool = False  # others, as an office or a TKSK


def joining_of(batch: Batch) -> Joining:
    """Say whether this reader may apply to the batch: known people by their record, newcomers by what is
    asked of everybody.
    """
    if not current_user.is_authenticated:
        asking = eligibility.facts_of_newcomer(batch)
        if refusal := rules.refusal_by_batch(asking):
            return Joining(reasons=(refusal,))
        doubt = rules.refusal_to_newcomer(asking)
        return Joining(may=True, is_sure=doubt is None, reasons=(doubt,) if doubt else ())
    may_bring = services.may_bring(batch, current_user)
    person = trainee_of(current_user.id)
    if person is None:
        return Joining(may_bring=may_bring, reasons=() if may_bring else (WITHOUT_RECORD,))
    asking = eligibility.facts_of_asking(batch, [person])[person.id]
    conflict, reasons = rules.already_so(asking), tuple(rules.reasons_not_to_enroll(asking))
    return Joining(
        may=not conflict and not reasons,
        conflict=conflict,
        reasons=() if conflict else reasons,
        may_bring=may_bring,
    )


@bp.app_context_processor
def explain_on_sheets() -> dict[str, Any]:
    """Let the sheet of a course, which lies in a package below, ask before the press what would be refused
    after it.
    """
    return {"joining_of": joining_of}


def after_nik(view: Callable[[RegistrationDraft], Any]) -> Callable[[], Any]:
    """Hand the running draft to a page that builds on the NIK; lead somebody who comes without one to what is
    open.
    """

    @wraps(view)
    def asked_in_order() -> Any:
        draft = _running()
        return view(draft) if draft is not None and draft.nik else _too_early(draft)

    return asked_in_order


@bp.route("/register")
@public
def register_self() -> Any:
    """Begin; or, where something was begun or sent from this device, ask whether it goes on or
    begins anew.
    """
    batch, draft = _batch(), _draft()
    if batch is not None and current_user.is_authenticated and trainee_of(current_user.id) is not None:
        return redirect(url_for("enrollments.enroll_self", batch_id=batch.id), 303)
    if draft is None or not draft.known & {"nik", "sent"}:
        return redirect(_address(Question.NIK, batch), 303)
    onward = (
        url_for("enrollments.show_registered", batch=batch and batch.id)
        if draft.sent
        else _address(_next(draft), batch)
    )
    refusal = _refusal(batch)
    return render_template(
        "enrollments/resume_registration.html",
        batch=batch,
        draft=draft,
        onward=onward,
        refusal=refusal,
        form=ActionForm(),
    )


@bp.post("/register/again")
@public
def start_again() -> Any:
    """Mulai dari awal: nothing of what was told stays on this device."""
    form = ActionForm()
    batch = _batch()
    if not form.validate():
        abort(400)
    return _forgotten(redirect(_address(Question.NIK, batch), 303))


@bp.route("/register/nik", methods=["GET", "POST"])
@public
def ask_nik() -> Any:
    """The first question; what the application would fail by at the end is said here, before anything is
    typed.
    """
    draft = _running() or services.new_draft()
    form = AskNikForm(nik=draft.nik)

    def admit() -> None:
        trainees.admit_registration(request.remote_addr or "")

    return _asked("enrollments/ask_nik.html", Question.NIK, draft, form, admit, refusal=_refusal(_batch()))


@bp.route("/register/birth", methods=["GET", "POST"])
@public
@after_nik
def ask_birth(draft: RegistrationDraft) -> Any:
    """What the NIK says about birth date and sex, to be confirmed; with ?change=1, or where it cannot be
    right, to be put right.
    """
    today = clock.today(WIB)
    suggested = what_nik_suggests(draft.nik, today)
    impossible = refusal_of_age(suggested.birth_date, None, today) is not None
    form = AskBirthForm(
        today,
        birth_date=draft.born or suggested.birth_date,
        sex=draft.sex or suggested.sex.value,
        nik_reason=draft.nik_reason,
    )
    return _asked(
        "enrollments/ask_birth.html",
        Question.BIRTH,
        draft,
        form,
        lambda: form.explain(draft.nik),
        changing=impossible or draft.differs or "change" in request.args or form.is_submitted(),
    )


@bp.route("/register/name", methods=["GET", "POST"])
@public
@after_nik
def ask_name(draft: RegistrationDraft) -> Any:
    """The name as on the KTP."""
    form = AskNameForm(name=draft.name)
    return _asked("enrollments/ask_name.html", Question.NAME, draft, form)


@bp.route("/register/desa", methods=["GET", "POST"])
@public
@after_nik
def ask_desa(draft: RegistrationDraft) -> Any:
    """The desa, inside the region of the organiser; where that is larger than a kabupaten, the way down is
    taken first.
    """
    batch = _batch()
    place = _place(batch, draft)
    if place.level in (Level.NATION, Level.PROVINSI):
        ways = [
            (each.full_name, _address(Question.DESA, batch, within=each.code))
            for each in list_children(place)
        ]
        return _page(
            "enrollments/choose_region.html",
            Question.DESA,
            draft,
            batch,
            ActionForm(),
            ways=ways,
            place=place,
        )
    desa = list_desa(place)
    form = AskDesaForm({each.code: each for each in _kecamatan(place)}, desa, desa=draft.desa)
    return _asked(
        "enrollments/ask_desa.html",
        Question.DESA,
        draft,
        form,
        place=place,
        elsewhere=batch and _address(Question.DESA, None, within=NATION),
    )


@bp.route("/register/contact", methods=["GET", "POST"])
@public
@after_nik
def ask_contact(draft: RegistrationDraft) -> Any:
    """Phone and address."""
    form = AskContactForm(phone=draft.phone and shown_phone(draft.phone), address=draft.address)
    return _asked("enrollments/ask_contact.html", Question.CONTACT, draft, form)


@bp.route("/register/check", methods=["GET", "POST"])
@public
def check_own_data() -> Any:
    """Everything that was told, each line with its way back; one press keeps person, account and application
    at once.
    """
    batch, draft, retry_after = _batch(), _draft(), None
    done = redirect(url_for("enrollments.show_registered", batch=batch and batch.id), 303)
    if draft is not None and draft.sent:
        return done  # pressed twice: the first one did it
    if draft is None or _next(draft) is not Question.CHECK:
        return _too_early(draft)
    form = ActionForm()
    refusal = _refusal(batch)
    if form.is_submitted() and form.validate():
        try:
            services.join(draft, None if refusal else batch, base_url=current_app.config["SETTINGS"].base_url)
        except DomainError as refused:
            form.show(refused)
            retry_after = refused.retry_after if isinstance(refused, TooManyTries) else None
        else:
            return _kept(done, services.after_sending(draft, applied=batch is not None and refusal is None))
    elif form.is_submitted():
        form.status = 422
    desa = find_region(draft.desa)
    page = _page(
        "enrollments/check_own_data.html",
        Question.CHECK,
        draft,
        batch,
        form,
        refusal=refusal,
        phone=shown_phone(draft.phone),
        desa=desa and region_name_path(desa),
        ways={
            each.value: _address(each, batch, change=1 if each is Question.BIRTH else None)
            for each in QUESTIONS
        },
    )
    return (*page, {"Retry-After": str(retry_after)}) if retry_after else page


@bp.route("/register/done")
@public
def show_registered() -> Any:
    """The same thanks to everybody, whether the NIK was known or not, and how to go on."""
    draft, batch = _draft(), _batch()
    sent = draft if draft is not None and draft.sent else None
    refusal = _refusal(batch)
    return render_template(
        "enrollments/show_registered.html",
        batch=batch,
        applied=batch is not None and sent is not None and sent.applied,
        refusal=refusal,
        code=sent and sent.code,
        unsent=(
            _address(_next(draft), batch)
            if draft is not None and not draft.sent and draft.known - {"code", "kept_at"}
            else None
        ),
        office=office_at(place) if sent and (place := find_region(sent.desa)) else None,
        form=ActionForm(),
    )


@bp.post("/register/forget")
@public
def forget_registration() -> Any:
    """Take the thanks with the sign-in code off this device, and go on to sign in."""
    form = ActionForm()
    batch = _batch()
    if not form.validate():
        abort(400)
    after = url_for("enrollments.list_own_enrollments") if batch else url_for("dashboard.home")
    return _forgotten(redirect(url_for("auth.sign_in", next=after), 303))


@bp.after_app_request
def forget_code_in_use(answer: Response) -> Response:
    """Let a code that was shown on a shared phone not be shown again once somebody went in there, or out."""
    if (
        request.endpoint in WAYS_IN_AND_OUT
        and answer.status_code == 303
        and (draft := _draft()) is not None
        and draft.sent
    ):
        return _forgotten(answer)
    return answer


def _asked(
    template: str,
    question: Question,
    draft: RegistrationDraft,
    form: QuestionForm,
    admit: Callable[[], None] | None = None,
    **shown: Any,
) -> Any:
    """Show a question, or keep its answer and go on to the next one that is open; a wrong answer stays where
    it was typed.

    `admit` is asked before an answer is taken; where it refuses, nothing of what was typed is lost.
    """
    batch, retry_after = _batch(), None
    if form.is_submitted() and form.validate():
        try:
            (admit or (lambda: None))()
        except DomainError as refused:
            form.show(refused)
            retry_after = refused.retry_after if isinstance(refused, TooManyTries) else None
        else:
            after = services.answered(draft, **form.told)
            return _kept(redirect(_address(_next(after), batch), 303), after)
    elif form.is_submitted():
        form.status = 422
    form.leave_out_unasked()
    page = _page(template, question, draft, batch, form, **shown)
    return (*page, {"Retry-After": str(retry_after)}) if retry_after else page


def _page(
    template: str,
    question: Question,
    draft: RegistrationDraft,
    batch: Batch | None,
    form: BaseForm,
    **shown: Any,
) -> Any:
    before = rules.question_before(question)
    first = url_for("courses.show_sheet", batch_id=batch.id) if batch else url_for("dashboard.home")
    page = render_template(
        template,
        form=form,
        batch=batch,
        draft=draft,
        question=question.label,
        step=QUESTIONS.index(question) + 1,
        of=len(QUESTIONS),
        back=_address(before, batch) if before else first,
        again=url_for("enrollments.start_again", batch=batch and batch.id) if "nik" in draft.known else None,
        **shown,
    )
    return page, form.status


def _too_early(draft: RegistrationDraft | None) -> Any:
    """Lead somebody who comes without what was asked before to what is open."""
    return redirect(_address(_next(draft) if draft and not draft.sent else Question.NIK, _batch()), 303)


def _next(draft: RegistrationDraft) -> Question:
    return rules.next_question(draft.known)


def _address(question: Question, batch: Batch | None, **more: Any) -> str:
    return url_for(PAGES[question], batch=batch and batch.id, **more)


def _batch() -> Batch | None:
    batch_id = request.args.get("batch", type=int)
    batch = get_batch(batch_id) if batch_id and 0 < batch_id <= LARGEST_ID else None
    return batch if batch is not None and batch.status not in UNSEEN else None


def _refusal(batch: Batch | None) -> Text | None:
    """Say why the registration goes without an application to this batch."""
    return None if batch is None else rules.refusal_to_newcomer(eligibility.facts_of_newcomer(batch))


def _place(batch: Batch | None, draft: RegistrationDraft) -> Region:
    """Return the region whose parts are shown: as far down as ?within= or the desa told before leads, inside
    the organiser's.
    """
    widest = current_region(batch.course.organiser.region) if batch else None
    widest = widest or find_region(NATION)
    assert widest is not None  # the nation is always there
    wanted = find_region(request.args.get("within", ""))
    if wanted is None and draft.desa and "within" not in request.args:
        told = find_region(draft.desa)
        wanted = (
            next((each for each in ancestors(told) if each.level is Level.KABUPATEN), None) if told else None
        )
    if wanted is None or wanted.level not in (Level.PROVINSI, Level.KABUPATEN):
        return widest
    return wanted if contains(widest.scope_code, wanted.scope_code) else widest


def _kecamatan(place: Region) -> list[Region]:
    """Return the kecamatan whose desa are listed: those of a kabupaten, or the one itself."""
    return list_children(place) if place.level is Level.KABUPATEN else [place]


def _draft() -> RegistrationDraft | None:
    return services.unseal(request.cookies.get(_cookie(), ""))


def _running() -> RegistrationDraft | None:
    """Return the draft that is not sent yet: another person on the same phone begins anew."""
    draft = _draft()
    return None if draft is None or draft.sent else draft


def _kept(answer: Any, draft: RegistrationDraft) -> Response:
    life = rules.SENT_LASTS if draft.sent else rules.DRAFT_LASTS
    answer.set_cookie(
        _cookie(),
        services.seal(draft),
        max_age=life,
        secure=current_app.config["SESSION_COOKIE_SECURE"],
        httponly=True,
        samesite="Lax",
        path="/",
    )
    return answer


def _forgotten(answer: Any) -> Response:
    answer.delete_cookie(
        _cookie(), secure=current_app.config["SESSION_COOKIE_SECURE"], httponly=True, samesite="Lax", path="/"
    )
    return answer


def _cookie() -> str:
    return current_app.config["SESSION_COOKIE_NAME"] + "-registration"
