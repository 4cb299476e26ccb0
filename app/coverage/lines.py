"""The targets of a region as they are shown: which holds, which can be withdrawn, what changed since somebody
read them.
"""

from collections.abc import Sequence
from datetime import date
from operator import attrgetter
from typing import Any

from app.core import clock
from app.core.dates import long_date
from app.core.text import Text, _
from app.courses.queries import list_tiers
from app.coverage.models import Target
from app.coverage.queries import list_targets, target_for
from app.coverage.rules import TargetState
from app.regions.models import Region


def own_in_force(history: Sequence[Target], today: date) -> Target | None:
    """Return the region's own target that holds today, of all it ever had, the latest first."""
    return next(
        (target for target in history if target.withdrawn_at is None and target.starts_on <= today), None
    )


def state_of(target: Target, own: Target | None, today: date) -> TargetState:
    """Say what one of a region's own targets is today; `own` is the one that holds."""
    if target.withdrawn_at is not None:
        return TargetState.WITHDRAWN
    if target.starts_on > today:
        return TargetState.COMING
    return TargetState.IN_FORCE if target is own else TargetState.PAST


def may_withdraw(target: Target, own: Target | None, today: date) -> bool:
    """Say whether one of a region's own targets can be taken back: one to come, or the one that holds."""
    return target.withdrawn_at is None and (
        target.starts_on >= today or (target is own and target.per_desa is not None)
    )


def targets_shown(region: Region) -> list[Any]:
    """Return what the page of a target says of those in force here and above."""
    present = target_for(region, clock.today(region.zone))
    return [
        present and [present.per_desa, present.rank],
        *([each.id, each.withdrawn_at is None] for each in list_targets(region)),
    ]


def describe_boundary_change(region: Region) -> Text:
    """Return what is said to whoever saves a target over one that somebody else set meanwhile."""
    latest = max(list_targets(region), key=attrgetter("id"), default=None)
    if latest is None or latest.per_desa is None or latest.withdrawn_at is not None:
        return _(
            "Target ini berubah sejak halaman dibuka. Baca yang berlaku kini; simpan lagi untuk memakai isian"
            " Anda."
        )
    what = labels_of().get(latest.tier_rank)
    return _(
        "Sejak halaman ini dibuka tersimpan target lain: %(count)d %(what)s mulai %(day)s. Simpan lagi untuk"
        " memakai isian Anda.",
        count=latest.per_desa,
        what=_("orang berjenjang %(tier)s", tier=what.lower()) if what else _("PSM aktif"),
        day=long_date(latest.starts_on),
    )


def labels_of() -> dict[int, str]:
    return {tier.rank: tier.label for tier in list_tiers()}
