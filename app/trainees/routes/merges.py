"""Data ganda: two records side by side, found to be one person; and taking that back."""

import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from flask import render_template, request, url_for
from flask_login import current_user

from app.auth.rules import Permission
from app.core.dates import local_moment, long_date
from app.core.phones import shown_phone
from app.core.text import Text, _
from app.regions.queries import get_region
from app.trainees import ports, queries, services
from app.trainees.alike import list_suspects, pairs_alike
from app.trainees.forms import MergeTraineesForm, UndoMergeForm
from app.trainees.models import Merge, Trainee
from app.trainees.routes.blueprint import bp
from app.trainees.routes.people import link_to
from app.trainees.rules import Source, differences_of, mask_nik
from app.web.access import requires
from app.web.forms import ActionForm
from app.web.headers import LARGEST_ID

TAKEN_WORDS = {
    "nik": _("NIK"),
    "birth_place": _("tempat lahir"),
    "birth_date": _("tanggal lahir"),
    "sex": _("jenis kelamin"),
    "phone": _("nomor HP"),
    "email": _("email"),
    "address": _("alamat rumah"),
    "home_region_id": _("desa/kelurahan domisili"),
    "member_number": _("nomor anggota IPSM"),
    "user_id": _("akun"),
}


@bp.route("/trainees/merge", methods=["GET", "POST"])
@requires(Permission.TRAINEE_MERGE)
def merge_trainees() -> Any:
    """Gabungkan data ganda: which two, side by side, why."""
    form = MergeTraineesForm(
        data={"duplicate_id": _number_typed("duplicate"), "canonical_id": _number_typed("canonical")}
    )
    duplicate, canonical = _reached(form.duplicate_id.data), _reached(form.canonical_id.data)
    if duplicate is None or canonical is None:
        wrong = {name: words for name in ("canonical", "duplicate") if (words := _refusal_of_box(name))}
        if wrong and not form.is_submitted():
            return _ask_again(None, wrong)
        asked = form.duplicate_id.data or form.canonical_id.data or form.is_submitted()
        return _ask_again(
            _("Salah satu nomor data tidak ada di wilayah Anda. Periksa nomornya di daftar PSM.")
            if asked
            else None
        )
    if duplicate.id == canonical.id:
        return _ask_again(_("Kedua nomor sama. Isi nomor dua data yang berbeda."))
    apart = ActionForm()
    if "apart" in request.form:
        answer = apart.carry_out(
            lambda: services.keep_apart(duplicate, canonical, current_user),
            to=url_for("trainees.merge_trainees"),
            saying=_(
                "Dicatat: %(one)s dan %(other)s bukan orang yang sama.",
                one=duplicate.name,
                other=canonical.name,
            ),
        )
        return answer or _ask_again(None)
    answer = form.carry_out(
        lambda: services.merge_trainees(
            duplicate,
            canonical,
            form.reason.data,
            current_user,
            despite_differences=form.despite_differences.data,
        ),
        to=lambda merge: link_to(merge.canonical),
        saying=_(
            "Data %(name)s (nomor %(id)d) digabungkan ke data ini. Pendaftaran yang rangkap, bila ada,"
            " berakhir dan dikabarkan kepada orangnya. Bila keliru, penggabungan dapat dibatalkan di bawah"
            " atau di halaman Data ganda.",
            name=duplicate.name,
            id=duplicate.id,
        ),
    )
    if answer:
        return answer
    taken, differences = services.what_is_taken(duplicate, canonical), differences_of(duplicate, canonical)
    if not differences:
        del form.despite_differences
    page = render_template(
        "trainees/merge_trainees.html",
        form=form,
        records=[_told(canonical), _told(duplicate)],
        duplicate=duplicate,
        canonical=canonical,
        taken=[str(TAKEN_WORDS[name]) for name in taken if name in TAKEN_WORDS],
        takes_service="service" in taken,
        differences=differences,
        apart=apart if pairs_alike((duplicate, canonical)) or _is_marked(duplicate, canonical) else None,
        account=services.account_after_merge(duplicate, canonical),
        closes=services.account_closed_by(duplicate, canonical),
        born=[each.birth_date and long_date(each.birth_date) for each in (canonical, duplicate)],
        phones=[each.phone and shown_phone(each.phone) for each in (canonical, duplicate)],
        refusal=ports.refusal_to_merge(duplicate.id, canonical.id),
    )
    return page, form.status


def _is_marked(one: Trainee, other: Trainee) -> bool:
    return bool({one.maybe_same_id, other.maybe_same_id} & {one.id, other.id})


def _number_typed(name: str) -> int | None:
    """Return the number of a record as people write it: 53, nomor 53, data nomor 53."""
    found = re.fullmatch(
        r"(?:data\s*)?(?:(?:nomor|no)\.?\s*)?(\d{1,40})", request.args.get(name, "").strip(), re.IGNORECASE
    )
    return int(found[1]) if found else None


def _refusal_of_box(name: str) -> Text | None:
    """Say what a box needs where nothing or words were typed into it, once the other one or this one was
    used.
    """
    if not ({"canonical", "duplicate"} & set(request.args)) or _number_typed(name) is not None:
        return None
    if request.args.get(name, "").strip():
        return _("Isi dengan nomor data, bukan nama. Nomornya tertulis pada daftar PSM.")
    return _("Isi juga nomor data ini. Nomornya tertulis pada daftar PSM.")


def _reached(trainee_id: int | None) -> Trainee | None:
    """Return the record when the reader may merge it; a stranger's is as good as unknown."""
    known = queries.get_trainee(trainee_id) if trainee_id and 0 < trainee_id <= LARGEST_ID else None
    return known if known is not None and current_user.can(Permission.TRAINEE_MERGE, known) else None


def _ask_again(asked: Text | None, wrong: Mapping[str, Text] = MappingProxyType({})) -> Any:
    page = queries.page_of_merges(
        current_user.reach(Permission.TRAINEE_MERGE), after=request.args.get("after")
    )
    next_url = page.next_cursor and url_for("trainees.merge_trainees", after=page.next_cursor)
    suspects = (
        [] if request.args.get("after") else list_suspects(current_user.reach(Permission.TRAINEE_MERGE))
    )
    answer = render_template(
        "trainees/choose_duplicates.html",
        page=page,
        asked=asked,
        wrong=wrong,
        form=ActionForm(),
        next_url=next_url,
        suspects=suspects,
    )
    return answer, (404 if asked else 422 if wrong else 200)


def _describe_change(change: services.Change, zone: str) -> str:
    """Return a change as the page says it: what, from what, to what, when, by whom."""
    parts = [_value(change.field, value) for value in (change.before, change.after)]
    sentence = _(
        "%(what)s: dari %(before)s menjadi %(after)s, %(when)s oleh %(who)s",
        what=str(TAKEN_WORDS.get(change.field, _("nama"))).capitalize().replace("Nik", "NIK"),
        before=parts[0],
        after=parts[1],
        when=local_moment(change.at, zone),
        who=change.by,
    )
    if change.is_hers:
        return str(_("%(change)s, atas permintaannya", change=str(sentence)))
    return str(
        _("%(change)s, atas permintaan lewat data yang dipertahankan", change=str(sentence))
        if change.is_wish
        else sentence
    )


def _value(field: str, value: Any) -> str:
    if value is None:
        return str(_("belum tercatat"))
    if field == "home_region_id":
        place = get_region(value)
        return place.full_name if place else str(value)
    if field in ("phone", "nik"):
        return shown_phone(value) if field == "phone" else mask_nik(value)
    if field == "birth_date":
        return long_date(value)
    return str(value.label) if field == "sex" else str(value)


def _told(trainee: Trainee) -> dict[str, Any]:
    return {
        "trainee": trainee,
        "posts": queries.duty_posts_of(trainee),
        "standings": queries.standings_of(trainee),
        "certificates": ports.certificates_of(trainee.id),
        "recognised": [
            each for each in queries.qualifications_of(trainee) if each.source is Source.RECOGNISED
        ],
    }


@bp.route("/trainees/merges/<int:merge_id>/undo", methods=["GET", "POST"])
@requires(Permission.TRAINEE_MERGE, on=queries.get_merge)
def undo_merge(merge: Merge) -> Any:
    """Let both records count for themselves again; what that means is read first."""
    changes = services.changes_since(merge) if merge.undone_at is None else []
    form = UndoMergeForm(
        f"{merge.duplicate.name} ({merge.duplicate_id})",
        [(each.field, _describe_change(each, merge.canonical.duty_region.zone)) for each in changes],
        data={"back": [each.field for each in changes if each.is_hers]},
    )
    means = ports.effects_of_undoing_merge(merge.id)
    undone = _("Penggabungan dibatalkan. Kedua data berdiri sendiri lagi.")
    answer = form.carry_out(
        lambda: services.undo_merge(merge, current_user, form.back.data if changes else None),
        to=url_for("trainees.merge_trainees"),
        saying=(
            _("%(undone)s %(means)s", undone=str(undone), means=" ".join(str(each) for each in means))
            if means
            else undone
        ),
    )
    if answer:
        return answer
    taken = [str(TAKEN_WORDS[name]) for name in (merge.taken or "").split(",") if name in TAKEN_WORDS]
    page = render_template(
        "trainees/undo_merge.html",
        form=form,
        merge=merge,
        means=means,
        taken=taken,
        gives_service="service" in (merge.taken or ""),
    )
    return page, form.status
