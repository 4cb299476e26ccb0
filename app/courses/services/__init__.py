"""Plan courses and batches, place their sessions, move a batch through its life."""

from app.courses.services.facilitators import add_facilitator, change_facilitator
from app.courses.services.guarding import lock_for, refuse_to_act
from app.courses.services.life import (
    cancel_batch,
    close_batch,
    enter_stage,
    finish_batch,
    follow,
    follow_calendar,
    open_batch,
    refusal_to_finish_now,
    refusal_to_open_now,
    start_batch,
)
from app.courses.services.passing import set_pass_mark, set_pass_mark_of_curriculum
from app.courses.services.plan import (
    change_batch,
    draft_batch,
    draft_course,
    load_reference,
    model_of,
    plan_batch,
)
from app.courses.services.rundown import copy_rundown
from app.courses.services.schedule import about_of, cancel_session, change_session, schedule_session

__all__ = [
    "about_of",
    "add_facilitator",
    "cancel_batch",
    "cancel_session",
    "change_batch",
    "change_facilitator",
    "change_session",
    "close_batch",
    "copy_rundown",
    "draft_batch",
    "draft_course",
    "enter_stage",
    "finish_batch",
    "follow",
    "follow_calendar",
    "load_reference",
    "lock_for",
    "model_of",
    "open_batch",
    "plan_batch",
    "refusal_to_finish_now",
    "refusal_to_open_now",
    "refuse_to_act",
    "schedule_session",
    "set_pass_mark",
    "set_pass_mark_of_curriculum",
    "start_batch",
]
