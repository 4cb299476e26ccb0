"""Two records found to be one person: the duplicate points to the record that counts, which takes what it
lacks; undoing clears it.
"""

from collections.abc import Collection

from app.audit import services as audit
from app.auth.queries import get_user
from app.auth.rules import Permission
from app.core import clock
from app.core.actor import Actor
from app.core.errors import Conflict, RuleViolation
from app.core.reasons import refusal_of_reason
from app.core.text import _
from app.core.unit_of_work import atomic
from app.extensions import db
from app.trainees import ports
from app.trainees.alike import KEPT_APART, kept_apart
from app.trainees.models import Merge, Trainee
from app.trainees.queries import has_duplicates, lock_merge, lock_trainees, same_person_ids
from app.trainees.rules import REASON_MOST, differences_of, refusal_of_differences
from app.trainees.services.accounts import is_locked_out
from app.trainees.services.counting import counted
from app.trainees.services.joining import part, take
from app.trainees.services.parting import hand_over


@atomic()
def merge_trainees(
    duplicate: Trainee, canonical: Trainee, reason: str, by: Actor, *, despite_differences: bool = False
) -> Merge:
    """Let `canonical` count for both; raise when one is not within reach, is part of another merge, or both
    hold a seat or earn a certificate in one batch.

    Two records that contradict each other (see differences_of) are two people, unless the actor says that the
    reason tells of that.
    """
    if duplicate.id == canonical.id:
        raise RuleViolation(_("Pilih dua data yang berbeda."), field="canonical_id")
    ports.hold([duplicate.id, canonical.id])
    held = lock_trainees([duplicate.id, canonical.id])
    duplicate, canonical = held[duplicate.id], held[canonical.id]
    _refuse_outside(duplicate, canonical, by)
    if duplicate.canonical_id is not None:
        raise Conflict(_("Data %(name)s sudah digabungkan.", name=duplicate.name), field="duplicate_id")
    if canonical.canonical_id is not None:
        raise RuleViolation(
            _(
                "Data yang dipertahankan sendiri sudah digabungkan dengan data lain. Pilih data itu sebagai"
                " yang dipertahankan."
            ),
            field="canonical_id",
        )
    if has_duplicates(duplicate):
        raise RuleViolation(
            _(
                "Data lain sudah digabungkan ke data ganda ini. Pertahankan data ini, atau batalkan"
                " penggabungan sebelumnya."
            ),
            field="duplicate_id",
        )
    refusal = refusal_of_reason(reason, most=REASON_MOST)
    if refusal:
        raise RuleViolation(refusal, field="reason")
    differences = differences_of(duplicate, canonical)
    if differences and not despite_differences:
        raise RuleViolation(refusal_of_differences(differences), field="despite_differences")
    if refusal := ports.refusal_to_merge(duplicate.id, canonical.id):
        raise RuleViolation(refusal)
    merge = Merge(
        duplicate=duplicate,
        canonical=canonical,
        merged_at=clock.now(),
        merged_by_id=by.id,
        reason=reason.strip(),
    )
    with counted([duplicate.id, canonical.id]):
        duplicate.canonical_id = canonical.id
        db.session.add(merge)
        take(merge)
    details = {
        "duplicate_id": duplicate.id,
        "canonical_id": canonical.id,
        "despite": [str(each) for each in differences],
    }
    audit.record("trainee.merged", canonical, by=by, note=reason, details=details, person_id=canonical.id)
    for follower in ports.followers:
        follower.merge(duplicate.id, canonical.id, by)
    if any(
        is_locked_out(user)
        for user_id in merge.accounts or {}
        if (user := get_user(int(user_id))) is not None
    ):
        for lost in ports.losers:
            lost(duplicate.id, canonical.id)
    return merge


@atomic()
def undo_merge(merge: Merge, by: Actor, back: Collection[str] | None = None) -> None:
    """Let both records count for themselves again, exactly as before; raise when that was done already.

    `back` names what was put right meanwhile that the absorbed record takes along; what its own person asked
    for, where none is said. What was decided of the duplicate meanwhile was told by the other record: now its
    own person is told.
    """
    ports.hold([merge.duplicate_id, merge.canonical_id])
    merge = lock_merge(merge.id)
    if merge.undone_at is not None:
        raise Conflict(_("Penggabungan ini sudah dibatalkan."))
    held = lock_trainees(same_person_ids(merge.canonical))
    duplicate, canonical = held[merge.duplicate_id], held[merge.canonical_id]
    _refuse_outside(duplicate, canonical, by)
    with counted([duplicate.id, canonical.id]):
        moved = hand_over(merge, back, by)
        part(merge)
        duplicate.canonical_id = None
        db.session.flush()
        db.session.expire(duplicate, ["counting"])
        merge.undone_at, merge.undone_by_id = clock.now(), by.id
    details = {"duplicate_id": duplicate.id, "canonical_id": canonical.id, "back": moved}
    audit.record("trainee.merge_undone", canonical, by=by, details=details, person_id=canonical.id)
    for follower in ports.followers:
        follower.undo_merge(duplicate.id, canonical.id, merge.merged_at, by)
    for parted in ports.parters:
        parted(duplicate.id, canonical.id, merge.merged_at)
    ports.retell([duplicate.id], merge.merged_at)


@atomic()
def keep_apart(one: Trainee, other: Trainee, by: Actor) -> None:
    """Record that two records that look alike are two people; raise when one is not within reach.

    Safe to repeat.
    """
    held = lock_trainees([one.id, other.id])
    _refuse_outside(held[one.id], held[other.id], by)
    pair = frozenset((one.id, other.id))
    is_said = pair in kept_apart(pair)
    for person, stranger in ((held[one.id], held[other.id]), (held[other.id], held[one.id])):
        if person.maybe_same_id in same_person_ids(stranger):
            person.maybe_same_id = None
        if not is_said:
            audit.record(KEPT_APART, person, by=by, details={"other_id": stranger.id}, person_id=person.id)


def _refuse_outside(duplicate: Trainee, canonical: Trainee, by: Actor) -> None:
    if not (by.can(Permission.TRAINEE_MERGE, duplicate) and by.can(Permission.TRAINEE_MERGE, canonical)):
        raise RuleViolation(
            _(
                "Salah satu data di luar wilayah Anda. Penggabungan lintas wilayah diminta kepada dinas"
                " sosial provinsi."
            )
        )
