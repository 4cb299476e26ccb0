"""Set and withdraw targets; state that all are recorded; write the kept counts anew; say who took the names
out of the house.
"""

from datetime import date, timedelta

from app.audit import services as audit
from app.core import clock
from app.core.actor import Actor
from app.core.errors import Conflict, RuleViolation
from app.core.reasons import refusal_of_reason
from app.core.text import _
from app.core.unit_of_work import atomic
from app.courses.models import Tier
from app.courses.queries import list_tiers
from app.coverage import rules
from app.coverage.models import Survey, Target
from app.coverage.queries import (
    count_unknown,
    had_target,
    has_people,
    list_targets,
    lock_counts,
    survey_of,
    target_for,
)
from app.coverage.rules import Goal, Who
from app.extensions import db
from app.regions.models import Region
from app.regions.queries import lock_region
from app.trainees.queries import Position
from app.trainees.services import rebuild_counts as rebuild_kept_counts


@atomic()
def set_target(
    region: Region, per_desa: int, *, starts_on: date, by: Actor, tier_rank: int = rules.TRAINED
) -> Target:
    """Let every desa of a region want so many people of a tier or higher (0: any active PSM) from a day on.

    Raises RuleViolation where a target held on past days that this one would reach, since what was reported
    never changes, and for a tier that there is not; Conflict when the same target holds already. One that
    begins today or later may be set again: the row that it replaces is kept as withdrawn.
    """
    today = _today_in(region)
    history = [target for target in list_targets(region) if target.withdrawn_at is None]
    until = min([today, *(target.starts_on for target in history if target.starts_on > starts_on)])
    had_one = had_target(region, starts_on, until - timedelta(days=1))
    refusal = rules.refusal_to_set(per_desa, starts_on, today=today, had_one=had_one)
    if refusal:
        raise RuleViolation(refusal, field="starts_on" if starts_on < today and had_one else "per_desa")
    if tier_rank != 0 and tier_rank not in {tier.rank for tier in list_tiers()}:
        raise RuleViolation(_("Pilih salah satu jenjang."), field="tier_rank")
    own = next((target for target in history if target.starts_on <= starts_on), None)
    if own is not None and (own.per_desa, own.tier_rank) == (per_desa, tier_rank):
        raise Conflict(_("Target ini sudah berlaku pada tanggal itu."), field="per_desa")
    present = target_for(region, starts_on)
    if own is not None and own.starts_on == starts_on:
        own.withdrawn_at = clock.now()
        db.session.flush()
    target = Target(
        region=region,
        starts_on=starts_on,
        per_desa=per_desa,
        tier_rank=tier_rank,
        recorded_by_id=by.id,
        recorded_at=clock.now(),
    )
    db.session.add(target)
    before = None if present is None else {"per_desa": present.per_desa, "tier_rank": present.rank}
    after = {"per_desa": per_desa, "tier_rank": tier_rank, "starts_on": starts_on.isoformat()}
    audit.record(
        "target.set", target, by=by, details={"region": region.code, "before": before, "after": after}
    )
    return target


@atomic()
def withdraw_target(region: Region, target_id: int, *, by: Actor) -> Goal | None:
    """Take a region's own target back, and return what holds there today: one that has not begun before today
    never held; of one that did, the days until today keep it, and from today on the region above decides.

    Raises Conflict for one that is withdrawn already, RuleViolation for one that another has replaced.
    """
    today = _today_in(region)
    history = [target for target in list_targets(region) if target.withdrawn_at is None]
    target = next((each for each in history if each.id == target_id), None)
    if target is None:
        raise Conflict(_("Target ini sudah dicabut atau diganti."))
    in_force = next((each for each in history if each.starts_on <= today), None)
    details = {
        "region": region.code,
        "per_desa": target.per_desa,
        "tier_rank": target.tier_rank,
        "starts_on": target.starts_on.isoformat(),
    }
    if target.starts_on >= today:
        target.withdrawn_at = clock.now()
    elif target is in_force and target.per_desa is not None:
        db.session.add(
            Target(
                region=region,
                starts_on=today,
                per_desa=None,
                tier_rank=target.tier_rank,
                recorded_by_id=by.id,
            )
        )
        details["ended_on"] = today.isoformat()
    else:
        raise RuleViolation(
            _("Target ini sudah digantikan target lain. Angka yang sudah dilaporkan tidak berubah.")
        )
    audit.record("target.withdrawn", target, by=by, details=details)
    db.session.flush()
    return target_for(region, today)


@atomic()
def state_complete(region: Region, *, complete_on: date, by: Actor) -> Survey:
    """State that everybody who serves in a region is recorded since a day: from then on, who has nobody is
    empty and not unknown.

    A statement says nothing of desa that came into the list later: it is made again, and the earlier one ends
    today. Raises RuleViolation above the kabupaten, for a day that has not come and where nobody is recorded;
    Conflict when it is stated of all desa.
    """
    today = _today_in(region)
    earlier = survey_of(region)
    if earlier is not None and not count_unknown(region, today):
        raise Conflict(_("Pendataan wilayah ini sudah dinyatakan lengkap."))
    has_data = has_people(region)
    refusal = rules.refusal_to_state(region.level, complete_on, today=today, has_data=has_data)
    if refusal:
        raise RuleViolation(refusal, field="complete_on")
    if earlier is not None:
        earlier.taken_back_at, earlier.ended_on, earlier.end_reason = (
            clock.now(),
            today,
            str(_("Dinyatakan lagi.")),
        )
        db.session.flush()
    survey = Survey(region=region, complete_on=complete_on, recorded_by_id=by.id, recorded_at=clock.now())
    db.session.add(survey)
    audit.record(
        "survey.stated",
        survey,
        by=by,
        details={"region": region.code, "complete_on": complete_on.isoformat()},
    )
    return survey


@atomic()
def take_back_survey(region: Region, reason: str, *, by: Actor) -> None:
    """Take the statement back from today on: what has nobody recorded is unknown again.

    The days until now keep it, since what was reported does not change; one of this very day was reported
    nowhere and never held.

    Raises RuleViolation for a reason without words, Conflict where there is no statement.
    """
    lock_region(region.id)
    survey = survey_of(region)
    if survey is None:
        raise Conflict(_("Pendataan wilayah ini belum dinyatakan lengkap."))
    if refusal := refusal_of_reason(reason, most=rules.REASON_MOST):
        raise RuleViolation(refusal, field="reason")
    today = clock.today(region.zone)
    is_of_today = clock.local_day(survey.recorded_at, region.zone) == today
    survey.taken_back_at, survey.end_reason = clock.now(), reason.strip()
    survey.ended_on = survey.complete_on if is_of_today else today
    details = {
        "region": region.code,
        "complete_on": survey.complete_on.isoformat(),
        "ended_on": survey.ended_on.isoformat(),
    }
    audit.record("survey.taken_back", survey, by=by, note=reason.strip(), details=details)


@atomic()
def record_export(region: Region, as_of: date, who: Who | Tier, people: int, *, by: Actor) -> None:
    """Keep that the names behind a number were taken out as a file."""
    what = who.code if isinstance(who, Tier) else who.value
    audit.record(
        "coverage.exported",
        region,
        by=by,
        details={"as_of": as_of.isoformat(), "who": what, "people": people},
    )


@atomic()
def rebuild_counts() -> dict[Position, tuple[int, int]]:
    """Write the kept counts anew from the periods of people; returns what differed, (kept, counted), which
    should be nothing.

    No count changes meanwhile: an act that is under way is either in the rows that are counted or adds itself
    afterwards.
    """
    lock_counts()
    return rebuild_kept_counts()


def _today_in(region: Region) -> date:
    """Hold a region to decide about it, and return the day there; raise RuleViolation for one that is no
    more.
    """
    lock_region(region.id)
    db.session.refresh(region)
    if region.valid_to is not None:
        raise RuleViolation(_("Wilayah ini sudah tidak berlaku."))
    return clock.today(region.zone)
