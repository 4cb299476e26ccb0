"""Permintaan: what waits for the office and its answer; the own name; a report about a certificate."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, abort, render_template, request, url_for
from flask_login import current_user

from app.auth import services as auth
from app.auth.rules import Permission, address_class
from app.core import clock
from app.core.actor import PUBLIC
from app.core.phones import shown_phone
from app.core.scopes import owner
from app.core.text import Text, _
from app.notifications.rules import chat_url
from app.petitions import ports, queries, rules, services
from app.petitions.forms import AnswerForm, CorrectionForm, FollowForm, OwnNameForm, ReportForm, WhereForm
from app.petitions.models import Petition
from app.petitions.rules import Answer, PetitionKind, Way
from app.regions.models import Region
from app.regions.queries import find_region
from app.regions.rules import Level
from app.trainees import services as trainees
from app.trainees.fields import ask_spelling
from app.trainees.models import Trainee
from app.trainees.queries import account_of, get_trainee, office_at, trainee_of
from app.web.access import public, requires, signed_in
from app.web.forms import ActionForm

bp = Blueprint("petitions", __name__)

SENT_AGAIN = _(
    "NIK ini didaftarkan lagi sejak halaman ini dibuka, atau pendaftaran lainnya sudah dijawab. Bandingkan"
    " semuanya di bawah ini, lalu kirim lagi."
)
CHANGED_SINCE = _(
    "Yang meminta memperbaiki permintaannya sejak halaman ini dibuka. Periksa lagi, lalu kirim."
)


def asked_of_reader(petition_id: int) -> Petition:
    """Return what was asked where the reader is one of those who answer it; foreign and unknown
    look alike.
    """
    petition = queries.get_petition(petition_id)
    if petition is None or not current_user.can(rules.ANSWERED_BY[petition.kind], petition):
        abort(404)
    return petition


@bp.route("/report", methods=["GET", "POST"])
@public
def report_certificate() -> Any:
    """Laporkan: an old certificate that is not in the register, or one that does not agree with its paper;
    `region` is whose it is.
    """
    person = trainee_of(current_user.id) if current_user.is_authenticated else None
    region = find_region(request.args.get("region", "")) or (person and kabupaten_of(person))
    receiver = queries.receiver_of(region) if region else None
    form = ReportForm(region, about=request.args.get("about", "")[:120], name=person.name if person else None)
    answer = form.carry_out(
        lambda: services.report_certificate(
            form.about.data,
            region or form.region.data,
            form.words.data,
            name=form.name.data or "",
            phone=form.phone.data or "",
            address=address_class(request.remote_addr or ""),
            by=current_user if current_user.is_authenticated else PUBLIC,
        ),
        to=lambda kept: url_for(
            "petitions.report_certificate",
            about=request.args.get("about"),
            region=request.args.get("region"),
            followed=_grouped(kept),
            sent=1,
        ),
        saying=_describe_report,
    )
    if answer:
        return answer
    follow = FollowForm(request.args if request.method == "GET" else None)
    page = render_template(
        "petitions/report_certificate.html",
        form=form,
        sent="sent" in request.args,
        follow=follow,
        followed=(
            services.describe_report(follow.followed.data)
            if follow.followed.data and follow.validate()
            else None
        ),
        office=office_at(receiver) if receiver else None,
        elsewhere=(
            rules.describe_receiver(kabupaten_name(region), receiver and office_at(receiver))
            if region and (receiver is None or receiver.scope_code != owner(region.scope_code))
            else None
        ),
    )
    return page, form.status


def _grouped(kept: Petition) -> str:
    """Return the number of a report as it is read."""
    return "-".join((kept.said.code[:5], kept.said.code[5:]))


def _describe_report(kept: Petition) -> Text:
    office, text = office_at(kept.region), []
    if kept.said.place:
        text.append(str(rules.describe_receiver(kept.said.place, office)))
    text.append(str(_("Terima kasih. Laporan Anda dikirim kepada %(office)s.", office=office)))
    if kept.asked_by_id is not None:
        text.append(str(_("Jawabannya juga tampil di halaman pertama Anda setelah masuk.")))
    return _("%(said)s", said=" ".join(text))


def kabupaten_name(region: Region) -> str:
    """Return the name of the kabupaten or kota in which a region lies; of a larger one its own."""
    kabupaten = find_region(owner(region.scope_code))
    return (kabupaten or region).full_name


def kabupaten_of(person: Trainee) -> Region | None:
    """Return the kabupaten or kota where somebody serves."""
    return find_region(owner(person.duty_region.scope_code))


@bp.route("/reset-password/requested")
@public
def show_code_asked() -> Any:
    """Say what happens now to whoever asked for a new way in, to everybody alike; the office named is that of
    the place chosen here, or of the figures of the NIK typed, never of a record.
    """
    told = find_region(request.args.get("region", ""))
    form = WhereForm(request.args if "region-provinsi" in request.args else None, region=told)
    place = form.region.data
    return render_template(
        "petitions/show_code_asked.html",
        form=form,
        office=office_at(place) if place is not None and place.level is Level.KABUPATEN else None,
        place=place,
    )


@bp.app_context_processor
def show_own_requests() -> dict[str, Any]:
    """Let the pages of an account, which lie in packages below, say what its owner has asked for and what was
    answered.
    """
    return {"own_petitions": lambda: queries.list_own(current_user.id, trainee_of(current_user.id))}


@bp.route("/petitions/<int:petition_id>", methods=["GET", "POST"])
@signed_in
def answer_petition(petition_id: int) -> Any:
    """What was asked, what is recorded beside it, and the answer."""
    petition = asked_of_reader(petition_id)
    way, news = services.way_for(petition), services.news_for(petition, current_user)
    offered = (
        services.answers_for(petition, current_user)
        if petition.can_be_answered
        else list(rules.ANSWERS[petition.kind])
    )
    form = AnswerForm(offered, way, news, asks_reason=petition.kind is PetitionKind.CLAIM)
    form.over(
        lambda: (
            petition.told,
            petition.answer,
            petition.words,
            [each.id for each in queries.list_rivals_of(petition)],
        ),
        hold=lambda: services.hold(petition),
        changed=lambda: _describe_change(petition),
    )
    answer = form.carry_out(
        lambda: services.answer_petition(
            petition,
            form.chosen,
            words=form.words.data or "",
            reason=form.known_by,
            by=current_user,
            informed=form.is_notified,
            take=form.taken,
        ),
        to=url_for("dashboard.home"),
        saying=_describe_answer,
    )
    return answer or _page(petition, form, way)


def _describe_change(petition: Petition) -> Text:
    if petition.answer:
        return services.describe_when_answered(petition)
    return SENT_AGAIN if queries.list_rivals_of(petition) else CHANGED_SINCE


def _describe_answer(answered: tuple[Petition, Text | None]) -> Text:
    petition, unmet = answered
    if petition.answer is None:
        return _(
            "Kalimat Anda disimpan. Permintaannya tetap menunggu %(office)s.", office=office_of(petition)
        )
    label = str(petition.answer.label)
    text = _(
        "Jawaban disimpan. %(answer)s.",
        answer=f"{label}: {petition.words.rstrip('.')}" if petition.words else label,
    )
    if unmet is not None:
        return _(
            "%(said)s Pendaftarannya pada diklat yang ia minta belum dapat dibuat: %(why)s",
            said=text,
            why=unmet,
        )
    return text


@bp.post("/petitions/<int:petition_id>/link")
@signed_in
def hand_out_code(petition_id: int) -> Any:
    """A link for somebody who lost her way in; shown this once, and made again as long as nobody says that it
    was handed over.
    """
    petition = asked_of_reader(petition_id)
    person, link = services.hand_out_code(petition, by=current_user)
    ways = trainees.ways_in(person)
    return render_template(
        "trainees/hand_out_account.html",
        trainee=person,
        link=link,
        ways=ways,
        form=ActionForm(),
        petition=petition,
    )


def _page(petition: Petition, form: AnswerForm, way: Way) -> Any:
    person, text, compared = petition.person, petition.said, services.compared_with(petition)
    seen, seen_compared = (
        each if each is not None and current_user.can(Permission.TRAINEE_SEE, each) else None
        for each in (person, compared)
    )
    lines = (
        services.lines_of(petition, current_user)
        if petition.kind is PetitionKind.CLAIM and petition.told
        else []
    )
    waits = petition.kind is PetitionKind.CLAIM and petition.can_be_answered
    asker = queries.asker_of(petition, current_user)
    phone = asker.phone if asker and petition.kind is PetitionKind.REPORT and not text.phone else text.phone
    phone = seen.phone if seen and petition.kind in (PetitionKind.CODE, PetitionKind.NAME) else phone
    message = _message(petition, form.words.data or "") if way is Way.HAND else None
    page = render_template(
        "petitions/answer_petition.html",
        petition=petition,
        form=form,
        said=text,
        phone=shown_phone(phone) if phone else None,
        number=_grouped(petition) if petition.kind is PetitionKind.REPORT and text.code else None,
        asker=asker,
        asker_phone=shown_phone(asker.phone) if asker and asker.phone else None,
        asked_by_phone=shown_phone(text.phone) if text.phone and petition.kind is PetitionKind.CODE else None,
        message=message,
        chat_url=chat_url(phone, str(message)) if message else None,
        person=seen,
        compared=seen_compared if seen_compared and seen and seen_compared.id != seen.id else None,
        rivals=(
            [(each, services.lines_of(each, current_user)) for each in queries.list_rivals_of(petition)]
            if waits
            else []
        ),
        sharing=queries.list_sharing(petition, current_user),
        ways=[str(kind.label) for kind in trainees.ways_in(seen)] if seen else [],
        recorded_phone=shown_phone(seen.phone) if seen and seen.phone else None,
        account=account_of(seen) if seen else None,
        is_in_use=seen is not None and queries.has_account_in_use(seen),
        is_changed=services.is_changed_since(petition),
        differs=bool(rules.what_differs(lines)),
        may_open=seen is not None and current_user.can(Permission.ACCOUNT_OPEN, seen),
        may_edit=seen is not None and current_user.can(Permission.TRAINEE_EDIT, seen),
        elsewhere=office_at(person.duty_region) if person and not seen else None,
        may_judge=services.may_judge(petition, current_user),
        office=office_at(seen.duty_region) if seen else None,
        lines=lines,
        phone_is_taken=waits and services.phone_is_taken(petition),
        unmet=ports.foretell_wish(petition.batch_id, seen) if waits and petition.batch_id and seen else None,
        may_hand_out=services.may_hand_out(petition, current_user),
    )
    return page, form.status


def _message(petition: Petition, typed: str) -> Text | None:
    """Return the text by which whoever asked is told by hand; nothing before there is anything to tell."""
    words = petition.words or typed
    if petition.kind is PetitionKind.NAME and not words:
        words = str(rules.describe_name(petition.answer, petition.said.name))
    if petition.kind is PetitionKind.CODE and not words:
        words = petition.said.words  # of whoever was locked out by a merge
    signed = petition.said.signed or services.signature_of(petition, current_user) or office_of(petition)
    return rules.message_of(petition.kind, petition.about_whom, signed, words) if words else None


def office_of(petition: Petition) -> Text | str:
    """Return, in words, the office that answers."""
    place = petition.person.duty_region if petition.person else petition.region
    return office_at(place) if place else _("Dinas sosial")


@bp.route("/trainees/<int:trainee_id>/correction", methods=["GET", "POST"])
@requires(Permission.TRAINEE_REGISTER, on=get_trainee)
def suggest_correction(trainee: Trainee) -> Any:
    """Usulkan perbaikan: what is recorded wrongly, or that somebody serves no longer, told to the dinas by
    whoever cannot change it.
    """
    form = CorrectionForm()
    office = office_at(trainee.duty_region)
    answer = form.carry_out(
        lambda: services.suggest_correction(trainee, form.words.data or "", by=current_user),
        to=url_for("dashboard.home"),
        saying=_("Usul Anda dikirim kepada %(office)s. Jawabannya tampil di Tugas saya.", office=office),
    )
    return answer or (
        render_template("petitions/suggest_correction.html", form=form, trainee=trainee, office=office),
        form.status,
    )


@bp.route("/me/account/name", methods=["GET", "POST"])
@signed_in
def change_name() -> Any:
    """Ganti nama: of an account at once; of somebody who is recorded, by her office, so that her certificates
    follow.
    """
    person = trainee_of(current_user.id)
    waiting = next(iter(queries.list_open_of(person, PetitionKind.NAME)), None) if person else None
    shown = (
        {"name": waiting.said.name, "reason": waiting.said.words}
        if waiting
        else {"name": person.name if person else current_user.name}
    )
    form = OwnNameForm(**shown)
    form.spelling.settled = [person.name] if person else []  # sent by the button that takes a wish back
    if person is None:
        del form.reason
    answer = form.carry_out(
        lambda: _rename(person, form),
        to=url_for("petitions.change_name" if person else "auth.show_account"),
        saying=_describe_name(person),
    )
    if answer:
        return answer
    ask_spelling(form)
    since = clock.now() - rules.FOLLOWED_FOR
    page = render_template(
        "petitions/change_name.html",
        form=form,
        person=person,
        office=office_at(person.duty_region) if person else None,
        waiting=waiting,
        answered=queries.last_answered_of(person, PetitionKind.NAME, since) if person else None,
    )
    return page, form.status


def _rename(person: Trainee | None, form: OwnNameForm) -> Any:
    if person is None:
        return auth.rename_account(current_user, form.name.data, by=current_user)
    return services.ask_for_name(person, form.name.data, reason=form.reason.data or "", by=current_user)


def _describe_name(person: Trainee | None) -> Callable[[Any], Text]:
    return lambda kept: _wording_of_name(person, kept)


def _wording_of_name(person: Trainee | None, kept: Any) -> Text:
    if person is None:
        return _("Nama sudah diganti.")
    if kept.answer is Answer.WITHDRAWN:
        return _("Permintaan Anda ditarik kembali. Nama Anda tetap %(name)s.", name=person.name)
    return _("Permintaan Anda dikirim kepada %(office)s.", office=office_at(person.duty_region))
