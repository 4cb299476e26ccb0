"""What waits to be told, in the words that hold today."""

from collections.abc import Iterable

from app.courses.models import Batch
from app.enrollments.eligibility import list_earners, next_batches
from app.enrollments.mails import when_and_where
from app.enrollments.queries import family_of
from app.enrollments.wording import speaks_of_further_meeting, with_further
from app.notifications.models import Notice
from app.notifications.rules import PersonKind
from app.trainees.queries import canonical, list_trainees_by_id


def texts_of_today(batch: Batch, notices: Iterable[Notice]) -> dict[int, str]:
    """Return, by the number of the notice, what is to be told now where its text says something about other
    batches: these open, end and are called off, and she may have passed another one since.
    """
    untold = {
        each.id: (each, each.person_id)
        for each in notices
        if each.person_id
        and each.person_kind is PersonKind.TRAINEE
        and each.told_at is None
        and speaks_of_further_meeting(each.text)
    }
    if not untold:
        return {}
    people = {
        each.id: each for each in list_trainees_by_id(person_id for _notice, person_id in untold.values())
    }
    family = family_of(people)
    earning = list_earners(batch, family)
    texts = {}
    for notice, person_id in untold.values():
        may_ask = family[person_id] not in earning
        following = next_batches(canonical(people[person_id])).get(batch.course.tier_id) if may_ask else None
        when = when_and_where(following) if following is not None and following.id != batch.id else None
        texts[notice.id] = with_further(notice.text, may_ask, when)
    return texts
