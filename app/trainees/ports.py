"""What trainees must tell upwards; upper packages follow when the application is made."""

from collections.abc import Callable, Collection
from datetime import datetime
from typing import Protocol

from app.core.actor import Actor
from app.core.ports import Port
from app.core.text import Text
from app.trainees.rules import TraineeStatus


class PersonFollower(Protocol):
    """Somebody above who does what a decision about a person means for seats, in the same transaction."""

    def hold(self, trainee_ids: Collection[int]) -> None:
        """Hold what lies above the people in the order of locks, before the people are held."""

    def follow(self, trainee_id: int, by: Actor) -> None:
        """Do what a changed standing, place, tier or identity means."""

    def take_back(self, trainee_id: int, status: TraineeStatus, since: datetime, by: Actor) -> None:
        """Do what it means that a standing recorded at that moment was a mistake."""

    def merge(self, duplicate_id: int, canonical_id: int, by: Actor) -> None:
        """Do what it means that two records are one person's."""

    def undo_merge(self, duplicate_id: int, canonical_id: int, since: datetime, by: Actor) -> None:
        """Do what it means that they are not, and were not since that moment."""


followers: Port[PersonFollower] = Port("trainees.followers")

# Given the ids of two records, why they cannot be one person's; None where nothing speaks against it.
MergeRefuser = Callable[[int, int], Text | None]
merge_refusers: Port[MergeRefuser] = Port("trainees.merge_refusers")


def refusal_to_merge(duplicate_id: int, canonical_id: int) -> Text | None:
    """Return the first thing that keeps two records from being one person's, or None."""
    return next(
        (refusal for refuse in merge_refusers if (refusal := refuse(duplicate_id, canonical_id))), None
    )


# Given the id of a record, the certificates of its person, each as the page that compares two records shows
# it.
CertificateReader = Callable[[int], list[Text]]
certificate_readers: Port[CertificateReader] = Port("trainees.certificate_readers")


def certificates_of(trainee_id: int) -> list[Text]:
    """Return the certificates of the person of a record, those of all records that are hers."""
    return [paper for tell in certificate_readers for paper in tell(trainee_id)]


# Given the ids of one person's records and a moment: since then nothing reached her, for she was taken for
# dead or for another person, and she is told now how it stands.
Retelling = Callable[[Collection[int], datetime], None]
retellers: Port[Retelling] = Port("trainees.retellers")


# Given the id of a merge that may be undone, what that would mean, in sentences.
Foreteller = Callable[[int], list[Text]]
foretellers: Port[Foreteller] = Port("trainees.foretellers")


def effects_of_undoing_merge(merge_id: int) -> list[Text]:
    """Return what it would mean to undo a merge, as the page says it before anybody presses."""
    return [text for foretell in foretellers for text in foretell(merge_id)]


# Given the absorbed record, the one that counted and the moment they were joined: what its own person asked
# for since follows her.
Parter = Callable[[int, int, datetime], None]
parters: Port[Parter] = Port("trainees.parters")


# Given the absorbed record and the one that counts: an account that was in use opens by nothing any more, and
# its person needs a way in.
Loser = Callable[[int, int], None]
losers: Port[Loser] = Port("trainees.losers")


def hold(trainee_ids: Collection[int]) -> None:
    """Let everybody above hold what comes before these people in the order of locks."""
    for follower in followers:
        follower.hold(trainee_ids)


def retell(trainee_ids: Collection[int], since: datetime) -> None:
    """Let everybody above tell what was decided of this person while nothing reached her."""
    for tell in retellers:
        tell(trainee_ids, since)


def follow(trainee_id: int, by: Actor) -> None:
    """Let everybody above do what the decision about this person means."""
    for follower in followers:
        follower.follow(trainee_id, by)
