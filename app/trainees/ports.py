"""What trainees must tell upwards; upper packages follow when the application is made."""

from collections.abc import Collection
from typing import Protocol

from app.core.actor import Actor


class PersonFollower(Protocol):
    """Somebody above who does what a decision about a person means for seats, in the same transaction."""

    def hold(self, trainee_ids: Collection[int]) -> None:
        """Hold what lies above the people in the order of locks, before the people are held."""

    def follow(self, trainee_id: int, by: Actor) -> None:
        """Do what a changed standing, place, tier or identity means."""

    def refuse_to_merge(self, duplicate_id: int, canonical_id: int) -> None:
        """Raise RuleViolation when two records cannot be one person's."""

    def merge(self, duplicate_id: int, canonical_id: int, by: Actor) -> None:
        """Do what it means that two records are one person's."""

    def undo_merge(self, duplicate_id: int, canonical_id: int, by: Actor) -> None:
        """Do what it means that they are not."""


followers: list[PersonFollower] = []


def hold(trainee_ids: Collection[int]) -> None:
    """Let everybody above hold what comes before these people in the order of locks."""
    for follower in followers:
        follower.hold(trainee_ids)


def follow(trainee_id: int, by: Actor) -> None:
    """Let everybody above do what the decision about this person means."""
    for follower in followers:
        follower.follow(trainee_id, by)
