"""The states of a batch, one after the other; every move asks the table in rules."""

from app.audit import services as audit
from app.core import clock
from app.core.actor import Actor
from app.core.errors import Conflict, RuleViolation
from app.core.text import Text, _
from app.core.unit_of_work import atomic
from app.courses.models import Batch
from app.courses.queries import lock_batch
from app.courses.rules import ALREADY, BatchStatus, missing_to_open, refusal_to_finish, refusal_to_move, refusal_to_start


@atomic()
def open_batch(batch: Batch, *, by: Actor) -> None:
    """Let people apply; raise naming each of the five facts that is missing. Everything else only warns."""
    batch = _hold(batch, BatchStatus.OPEN)
    missing = missing_of(batch)
    if missing:
        raise RuleViolation(_("Pendaftaran belum dapat dibuka. Lengkapi dahulu: %(facts)s.", facts=", ".join(map(str, missing))))
    _move(batch, BatchStatus.OPEN, by=by)


@atomic()
def close_batch(batch: Batch, *, by: Actor) -> None:
    """Take no more applications."""
    _move(_hold(batch, BatchStatus.CLOSED), BatchStatus.CLOSED, by=by)


@atomic()
def start_batch(batch: Batch, *, by: Actor) -> None:
    """Begin; raise before the first day at the venue."""
    batch = _hold(batch, BatchStatus.RUNNING)
    refusal = refusal_to_start(clock.today(batch.zone), batch.starts_on)
    if refusal:
        raise RuleViolation(refusal)
    _move(batch, BatchStatus.RUNNING, by=by)


@atomic()
def finish_batch(batch: Batch, *, by: Actor) -> None:
    """End; raise before the last day at the venue. Nothing of the plan changes any more."""
    batch = _hold(batch, BatchStatus.FINISHED)
    refusal = refusal_to_finish(clock.today(batch.zone), batch.ends_on)
    if refusal:
        raise RuleViolation(refusal)
    _move(batch, BatchStatus.FINISHED, by=by)


@atomic()
def cancel_batch(batch: Batch, *, reason: str, by: Actor) -> None:
    """Call the batch off; raise without a reason, or when it has ended."""
    batch = _hold(batch, BatchStatus.CANCELLED)
    if not reason.strip():
        raise RuleViolation(_("Tuliskan alasan pembatalan."), field="reason")
    _move(batch, BatchStatus.CANCELLED, by=by, reason=reason.strip())


def missing_of(batch: Batch) -> list[Text]:
    """Return which of the five facts the batch lacks."""
    return missing_to_open(
        starts_on=batch.starts_on,
        ends_on=batch.ends_on,
        venue=batch.venue,
        quota=batch.quota,
        audience=batch.audience,
        contact_name=batch.contact_name,
        contact_phone=batch.contact_phone,
    )


def _hold(batch: Batch, to: BatchStatus) -> Batch:
    batch = lock_batch(batch.id)
    if batch.status is to:
        raise Conflict(ALREADY[to])
    refusal = refusal_to_move(batch.status, to)
    if refusal:
        raise RuleViolation(refusal)
    return batch


def _move(batch: Batch, to: BatchStatus, *, by: Actor, reason: str | None = None) -> None:
    before = batch.status
    batch.status, batch.status_changed_at, batch.status_reason = to, clock.now(), reason
    audit.record(f"batch.{to.value}", batch, by=by, note=reason or "", details={"from": before.value})
