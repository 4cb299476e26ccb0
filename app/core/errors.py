"""What can go wrong for a reason that a person should read."""

from app.core.text import Text


class DomainError(Exception):
    """A refusal with its sentence; `field` names the form field it belongs to, if one does."""

    status = 422

    def __init__(self, reason: Text, *, field: str | None = None) -> None:
        super().__init__(str(reason))
        self.reason = reason
        self.field = field


class RuleViolation(DomainError):
    """Not allowed by a rule: 422."""


class Conflict(DomainError):
    """Already so: 409 (already enrolled, already decided)."""

    status = 409


class NotFound(DomainError):
    """Unknown, or not for this reader: the two look alike."""

    status = 404


class TooManyTries(DomainError):
    """Asked too often: 429; `retry_after` in seconds."""

    status = 429

    def __init__(self, reason: Text, *, retry_after: int) -> None:
        super().__init__(reason)
        self.retry_after = retry_after
