"""Every writing act about a batch begins here: hold the batch, then ask the table of acts."""

from app.core.errors import Conflict, RuleViolation
from app.courses import acts, queries
from app.courses.acts import Act
from app.courses.models import Batch


def lock_for(act: Act, batch: Batch | int, *, about_deferred: bool = False) -> Batch:
    """Hold the batch until the decision is kept and return it as it is now.

    Raises Conflict when it is already so, RuleViolation when its state does not allow the act.
    `about_deferred`: the act is only about people whose result was put off.
    """
    held = queries.lock_batch(batch if isinstance(batch, int) else queries.id_of(batch))
    refuse_to_act(act, held, about_deferred=about_deferred)
    return held


def refuse_to_act(act: Act, batch: Batch, *, about_deferred: bool = False) -> None:
    """Raise the sentence of the table for a batch that is held already."""
    standing = queries.standing_of(batch)
    refusal = acts.refusal_to_act(act, standing, about_deferred=about_deferred)
    if refusal:
        raise (Conflict if acts.is_already(act, standing) else RuleViolation)(refusal)
