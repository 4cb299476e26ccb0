"""Plan courses and batches, place their sessions, move a batch through its life."""

from app.courses.services.life import cancel_batch, close_batch, finish_batch, open_batch, start_batch
from app.courses.services.plan import change_batch, draft_batch, draft_course, load_reference, plan_batch
from app.courses.services.schedule import add_facilitator, cancel_session, change_session, connect_ports, copy_rundown, schedule_session

__all__ = [
    "add_facilitator",
    "cancel_batch",
    "cancel_session",
    "change_batch",
    "change_session",
    "close_batch",
    "connect_ports",
    "copy_rundown",
    "draft_batch",
    "draft_course",
    "finish_batch",
    "load_reference",
    "open_batch",
    "plan_batch",
    "schedule_session",
    "start_batch",
]
