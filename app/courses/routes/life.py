"""The moves of a batch through its life: each a page that says what it means, in numbers, with one button; or
why it cannot be.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from flask import render_template, url_for
from flask_login import current_user

from app.auth.rules import Permission
from app.core import clock
from app.core.text import Text, _
from app.courses import ports, queries, services
from app.courses.acts import Act
from app.courses.forms import ReasonForm
from app.courses.models import Batch
from app.courses.routes.blueprint import bp
from app.courses.rules import ALREADY, BatchStatus, refusal_to_move, refusal_to_start
from app.notifications.queries import count_untold
from app.web.access import requires
from app.web.forms import ActionForm, BaseForm

STATUSES = {
    Act.OPEN: BatchStatus.OPEN,
    Act.CLOSE: BatchStatus.CLOSED,
    Act.START: BatchStatus.RUNNING,
    Act.FINISH: BatchStatus.FINISHED,
    Act.CANCEL: BatchStatus.CANCELLED,
}


def refusal_now(act: Act, batch: Batch) -> Text | None:
    """Say why a move of the life of a batch would be refused if it were tried now, or None: asked before any
    button is shown.
    """
    to, today = STATUSES[act], clock.today(batch.zone)
    if batch.status is to:
        return ALREADY[to]
    if refusal := queries.refusal_to_act(act, batch) or refusal_to_move(batch.status, to):
        return refusal
    if act is Act.OPEN:
        return services.refusal_to_open_now(batch)
    if act is Act.START:
        return refusal_to_start(today, batch.starts_on)
    return services.refusal_to_finish_now(batch) if act is Act.FINISH else None


def concerned_by(batch: Batch) -> list[tuple[int, Text]]:
    """Return who would be told of a decision about a batch, in numbers: participants, those who wait, those
    who teach.
    """
    told = [(count, words) for words, count in ports.concerned(batch.id)]
    today = clock.today(batch.zone)
    teaching = {
        each.facilitator_id
        for each in queries.list_sessions(batch)
        if each.facilitator_id and each.held_on >= today
    }
    return [*told, *([(len(teaching), _("pengajar"))] if teaching else [])]


def describe_after(batch_id: int, words: Text, hints: Iterable[Text] = ()) -> Text:
    """Return what was done, what deserves a second look and, when people could not be told by mail, where
    they are listed.
    """
    for hint in hints:
        words = _("%(words)s %(hint)s", words=words, hint=hint)
    untold = count_untold(batch_id)
    if not untold:
        return words
    return _(
        "%(words)s Ada %(n)d orang yang belum dikabari: tekan “Buka daftar dan kabari” pada Ringkasan.",
        words=words,
        n=untold,
    )


@dataclass(frozen=True)
class Move:
    """One move of a batch as its page shows it."""

    act: Act
    decide: Callable[[], None]
    title: Text
    lead: Text
    saying: Text
    button: Text
    told: Sequence[tuple[int, Text]] = ()


def _move(batch: Batch, form: BaseForm, move: Move) -> Any:
    batch_id = batch.id
    answer = form.carry_out(
        move.decide,
        to=url_for("workspace.show_batch", batch_id=batch_id),
        saying=lambda _none: describe_after(batch_id, move.saying),
    )
    if answer:
        return answer
    page = render_template(
        "courses/move_batch.html",
        batch=batch,
        form=form,
        move=move,
        refusal=refusal_now(move.act, batch),
        may_complete=move.act is Act.OPEN and queries.refusal_to_act(Act.CHANGE_PLAN, batch) is None,
        warnings=queries.readiness(batch) if move.act in (Act.OPEN, Act.START) else [],
    )
    return page, form.status


@bp.route("/batches/<int:batch_id>/open", methods=["GET", "POST"])
@requires(Permission.COURSE_EDIT, on=queries.get_batch)
def open_batch(batch: Batch) -> Any:
    """Let people apply."""
    return _move(
        batch,
        ActionForm(),
        Move(
            Act.OPEN,
            lambda: services.open_batch(batch, by=current_user),
            title=_("Buka pendaftaran"),
            lead=_("Angkatan ini akan tampil untuk umum di “Diklat yang dibuka”."),
            button=_("Buka pendaftaran"),
            saying=_("Pendaftaran dibuka."),
        ),
    )


@bp.route("/batches/<int:batch_id>/close", methods=["GET", "POST"])
@requires(Permission.COURSE_EDIT, on=queries.get_batch)
def close_batch(batch: Batch) -> Any:
    """Take no more applications."""
    return _move(
        batch,
        ActionForm(),
        Move(
            Act.CLOSE,
            lambda: services.close_batch(batch, by=current_user),
            title=_("Tutup pendaftaran"),
            lead=_(
                "Pendaftaran baru tidak lagi diterima. Pendaftaran dapat dibuka kembali sebelum angkatan"
                " dimulai."
            ),
            button=_("Tutup pendaftaran"),
            saying=_("Pendaftaran ditutup."),
        ),
    )


@bp.route("/batches/<int:batch_id>/start", methods=["GET", "POST"])
@requires(Permission.COURSE_EDIT, on=queries.get_batch)
def start_batch(batch: Batch) -> Any:
    """Begin."""
    return _move(
        batch,
        ActionForm(),
        Move(
            Act.START,
            lambda: services.start_batch(batch, by=current_user),
            title=_("Mulai angkatan"),
            lead=_("%(taken)d peserta memegang tempat.", taken=ports.seats_taken([batch.id])[batch.id]),
            button=_("Mulai angkatan"),
            saying=_("Angkatan dimulai."),
        ),
    )


@bp.route("/batches/<int:batch_id>/finish", methods=["GET", "POST"])
@requires(Permission.COURSE_EDIT, on=queries.get_batch)
def finish_batch(batch: Batch) -> Any:
    """End."""
    return _move(
        batch,
        ActionForm(),
        Move(
            Act.FINISH,
            lambda: services.finish_batch(batch, by=current_user),
            title=_("Nyatakan selesai"),
            lead=_("Angkatan dicatat selesai. Yang sudah disetujui rapat kelulusan tidak berubah."),
            button=_("Nyatakan selesai"),
            saying=_("Angkatan selesai."),
        ),
    )


@bp.route("/batches/<int:batch_id>/cancel", methods=["GET", "POST"])
@requires(Permission.COURSE_EDIT, on=queries.get_batch)
def cancel_batch(batch: Batch) -> Any:
    """Call it off, with the reason."""
    form = ReasonForm()
    return _move(
        batch,
        form,
        Move(
            Act.CANCEL,
            lambda: services.cancel_batch(batch, reason=form.reason.data, by=current_user),
            title=_("Batalkan angkatan"),
            lead=_what_cancelling_means(batch),
            button=_("Batalkan angkatan"),
            saying=_("Angkatan dibatalkan."),
            told=concerned_by(batch),
        ),
    )


def _what_cancelling_means(batch: Batch) -> Text:
    """Say what calling a batch off ends, presence that was entered included."""
    lead = _(
        "Semua pendaftaran berakhir dan tempatnya dilepas; setiap orang boleh mendaftar di angkatan lain. "
        "Angkatan yang sudah dibatalkan tidak dapat dibuka lagi."
    )
    entered = sum(ports.presence_of(session.id) for session in queries.list_sessions(batch))
    if not entered:
        return lead
    return _(
        "Angkatan ini sudah berlangsung: %(n)d catatan kehadiran tidak dihitung lagi. %(lead)s",
        n=entered,
        lead=str(lead),
    )
