"""Set targets; write the kept counts anew; say who took the names out of the house."""

from datetime import date, timedelta

from app.audit import services as audit
from app.core import clock
from app.core.actor import Actor
from app.core.errors import Conflict, RuleViolation
from app.core.text import _
from app.core.unit_of_work import atomic
from app.courses.models import Tier
from app.coverage import rules
from app.coverage.models import Survey, Target
from app.coverage.queries import has_people, list_targets, list_tiers, lock_counts, lock_target, survey_of, target_for
from app.coverage.rules import Who
from app.extensions import db
from app.regions.models import Region
from app.regions.queries import lock_region
from app.trainees.queries import Position
from app.trainees.services import rebuild_counts as rebuild_kept_counts


@atomic()
def set_target(region: Region, per_desa: int, *, starts_on: date, by: Actor, tier_rank: int = rules.TRAINED) -> Target:
    """Let every desa of a region want so many people of a tier or higher (0: any active PSM) from a day on.

    Raises RuleViolation where a target held on past days that this one would reach, since what was reported never changes, and for
    a tier that there is not; Conflict when the same target holds already. One that begins today or later may be set again.
    """
    lock_region(region.id)
    db.session.refresh(region)
    if region.valid_to is not None:
        raise RuleViolation(_("Wilayah ini sudah tidak berlaku."))
    today = clock.today(region.zone)
    history = list_targets(region)
    until = min([today, *(target.starts_on for target in history if target.starts_on > starts_on)])
    had_one = target_for(region, until - timedelta(days=1)) is not None  # targets do not end: the last of those days tells of all
    refusal = rules.refusal_to_set(per_desa, starts_on, today=today, had_one=had_one)
    if refusal:
        raise RuleViolation(refusal, field="starts_on" if starts_on < today and had_one else "per_desa")
    if tier_rank != 0 and tier_rank not in {tier.rank for tier in list_tiers()}:
        raise RuleViolation(_("Pilih salah satu jenjang."), field="tier_rank")
    own = next((target for target in history if target.starts_on <= starts_on), None)
    if own is not None and (own.per_desa, own.tier_rank) == (per_desa, tier_rank):
        raise Conflict(_("Target ini sudah berlaku pada tanggal itu."), field="per_desa")
    present = target_for(region, starts_on)
    told = {"per_desa": per_desa, "tier_rank": tier_rank, "recorded_by_id": by.id, "recorded_at": clock.now()}
    target = lock_target(region, starts_on)
    if target is None:
        target = Target(region=region, starts_on=starts_on, **told)
        db.session.add(target)
    else:
        for name, value in told.items():
            setattr(target, name, value)
    before = None if present is None else {"per_desa": present.per_desa, "tier_rank": present.rank}
    after = {"per_desa": per_desa, "tier_rank": tier_rank, "starts_on": starts_on.isoformat()}
    audit.record("target.set", target, by=by, details={"region": region.code, "before": before, "after": after})
    return target


@atomic()
def state_complete(region: Region, *, complete_on: date, by: Actor) -> Survey:
    """State that everybody who serves in a region is recorded since a day: from then on, who has nobody is empty and not unknown.

    Raises RuleViolation above the kabupaten, for a day that has not come and where nobody is recorded; Conflict when it is stated.
    """
    lock_region(region.id)
    db.session.refresh(region)
    if region.valid_to is not None:
        raise RuleViolation(_("Wilayah ini sudah tidak berlaku."))
    if survey_of(region) is not None:
        raise Conflict(_("Pendataan wilayah ini sudah dinyatakan lengkap."))
    has_data = has_people(region)
    refusal = rules.refusal_to_state(region.level, complete_on, today=clock.today(region.zone), has_data=has_data)
    if refusal:
        raise RuleViolation(refusal, field="complete_on")
    survey = Survey(region=region, complete_on=complete_on, recorded_by_id=by.id, recorded_at=clock.now())
    db.session.add(survey)
    audit.record("survey.stated", survey, by=by, details={"region": region.code, "complete_on": complete_on.isoformat()})
    return survey


@atomic()
def take_back_survey(region: Region, *, by: Actor) -> None:
    """Take the statement back: what has nobody recorded is unknown again. Raises Conflict where there is none."""
    lock_region(region.id)
    survey = survey_of(region)
    if survey is None:
        raise Conflict(_("Pendataan wilayah ini belum dinyatakan lengkap."))
    survey.taken_back_at = clock.now()
    audit.record("survey.taken_back", survey, by=by, details={"region": region.code, "complete_on": survey.complete_on.isoformat()})


@atomic()
def record_export(region: Region, as_of: date, who: Who | Tier, people: int, *, by: Actor) -> None:
    """Keep that the names behind a number were taken out as a file."""
    what = who.code if isinstance(who, Tier) else who.value
    audit.record("coverage.exported", region, by=by, details={"as_of": as_of.isoformat(), "who": what, "people": people})


@atomic()
def rebuild_counts() -> dict[Position, tuple[int, int]]:
    """Write the kept counts anew from the periods of people; returns what differed, (kept, counted), which should be nothing.

    No count changes meanwhile: an act that is under way is either in the rows that are counted or adds itself afterwards.
    """
    lock_counts()
    return rebuild_kept_counts()
