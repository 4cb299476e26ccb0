"""What was put right on the record that counts while another one was part of it, and which of the two it
belongs to once they part.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import delete

from app.audit import services as audit
from app.audit.queries import details_of, history_of
from app.core.actor import Actor
from app.core.errors import RuleViolation
from app.core.names import fold_name
from app.core.text import _
from app.extensions import db
from app.trainees.models import Merge, Trainee, TraineeWord
from app.trainees.queries import nik_index
from app.trainees.rules import Sex, mask_nik, words_of


@dataclass(frozen=True)
class Change:
    """A field of the record that counts that was put right since the merge: from what, to what, when, by
    whom, at whose wish.
    """

    field: str
    before: Any  # as the row holds it; of a NIK only that there was none
    after: Any
    at: datetime
    by: str
    is_wish: bool
    is_hers: bool  # the person of the absorbed record asked for it


def changes_since(merge: Merge) -> list[Change]:
    """Return what was put right on the record that counts since this merge and still stands,
    each field once.
    """
    events = history_of(merge.canonical)
    details = {key: text["details"] for key, text in details_of(events).items() if text}
    merged = [
        event.id
        for event in events
        if event.action == "trainee.merged"
        and details.get(event.id, {}).get("duplicate_id") == merge.duplicate_id
    ]
    taken = set((merge.taken or "").split(","))
    account = merge.canonical.user_id if taken & {"user_id", "accounts"} else merge.duplicate.user_id
    found: dict[str, Change] = {}
    for event in events:
        if (
            event.action != "trainee.corrected"
            or event.id < max(merged, default=0)
            or event.at < merge.merged_at
        ):
            continue
        text = details.get(event.id) or {"before": {}}
        asked = text.get("asked") or {}
        is_hers = asked.get("of") == merge.duplicate_id or (
            asked.get("by") is not None and asked.get("by") == account
        )
        for field in text["before"]:
            first = (
                found[field].before
                if field in found
                else None
                if field in taken
                else _read(field, text["before"][field])
            )
            after = getattr(merge.canonical, field, None)
            found[field] = Change(field, first, after, event.at, event.actor_label, bool(asked), is_hers)
    return [
        each
        for each in found.values()
        if each.before != each.after and (each.field != "nik" or each.before is None)
    ]


def hand_over(merge: Merge, back: Collection[str] | None, by: Actor) -> list[str]:
    """Let the absorbed record have the changes named, before the two part; what was asked by its own person
    where none are named.

    Returns the fields. Raises RuleViolation for a field that was not changed.
    """
    changes = {each.field: each for each in changes_since(merge)}
    wanted = [each.field for each in changes.values() if each.is_hers] if back is None else list(back)
    if not set(wanted) <= set(changes):
        raise RuleViolation(_("Isian ini tidak diubah selama kedua data digabungkan."), field="back")
    for field in wanted:
        change = changes[field]
        for record, value in ((merge.canonical, change.before), (merge.duplicate, change.after)):
            before = getattr(record, field)
            _set(merge, record, field, value)
            details = {"before": {field: _kept(field, before)}, "after": {field: _kept(field, value)}}
            audit.record("trainee.corrected", record, by=by, details=details, person_id=record.id)
    return wanted


def _set(merge: Merge, record: Trainee, field: str, value: Any) -> None:
    if field == "nik":
        record.nik, record.nik_masked = value, mask_nik(value) if value else None
        record.nik_index = nik_index(value) if value else None
    else:
        setattr(record, field, value)
    if field == "name":
        record.folded_name = fold_name(value)
        db.session.execute(delete(TraineeWord).where(TraineeWord.trainee_id == record.id))
        db.session.add_all(TraineeWord(trainee_id=record.id, word=word) for word in words_of(value))
        if (
            record is merge.duplicate
        ):  # the canonical was renamed for her: replace what prints her former name
            record.renamed_at, merge.canonical.renamed_at = merge.canonical.renamed_at, None
    db.session.flush()


def _read(field: str, kept: Any) -> Any:
    """Return a value of an event as the row holds it."""
    if kept is None:
        return None
    if field == "birth_date":
        return date.fromisoformat(kept)
    return Sex(kept) if field == "sex" else kept


def _kept(field: str, value: Any) -> Any:
    return mask_nik(value) if field == "nik" and value else value
