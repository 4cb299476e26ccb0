"""Which request is being answered: set at the door, written into events and logs by whoever needs it."""

from contextvars import ContextVar

request_id: ContextVar[str | None] = ContextVar("request_id", default=None)
