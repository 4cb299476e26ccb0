"""Who may be recorded twice: the records like one that is entered, and the pairs that are alike already."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from difflib import SequenceMatcher
from itertools import combinations, islice
from typing import Any

from sqlalchemy import and_, case, or_, select, true
from sqlalchemy.orm import joinedload

from app.audit.models import Event
from app.audit.queries import details_of
from app.auth.rules import Permission
from app.core.actor import Actor
from app.core.names import bare_name
from app.core.scopes import Reach
from app.core.text import Text, _
from app.extensions import db
from app.regions.models import Region
from app.trainees.models import Trainee, TraineeWord
from app.trainees.queries import canonical, get_trainee, list_trainees_by_id
from app.trainees.rules import doubts_about_nik, words_of

KEPT_APART = "trainee.kept_apart"  # the act that says: two people
LEAST_SIMILAR = 0.85  # of two names, as difflib measures it
NEAR_FIGURES = 2  # in which two NIK of one person may differ: mistyped, or two of them exchanged
MOST_ALIKE, MOST_COMPARED, MOST_SUSPECTS = 200, 5000, 20


@dataclass(frozen=True)
class Likeness:
    """By what two records of one person are found."""

    name: str  # as `core.names.bare_name` returns it
    desa_id: int
    birth_date: date | None
    phone: str | None
    nik: str | None


def may_be_one(one: Likeness, other: Likeness) -> bool:
    """Say whether two records may be one person's: the same name beside the same desa, birth date or phone; a
    very similar one beside the same desa and birth date; any name beside the same birth date and phone.

    Two NIK are two people, unless they differ in two figures at most; so are two birth dates, unless such NIK
    tell why.
    """
    is_near = bool(one.nik and other.nik) and _are_near(one.nik or "", other.nik or "")
    if one.nik and other.nik and not is_near:
        return False
    if one.birth_date and other.birth_date and one.birth_date != other.birth_date and not is_near:
        return False
    born, called = (
        one.birth_date is not None and one.birth_date == other.birth_date,
        bool(one.phone) and one.phone == other.phone,
    )
    here = one.desa_id == other.desa_id
    if one.name == other.name:
        return here or born or called
    is_similar = born and here and SequenceMatcher(None, one.name, other.name).ratio() >= LEAST_SIMILAR
    return is_similar or (born and called)


def _are_near(nik: str, other: str) -> bool:
    return (
        len(nik) == len(other)
        and sum(mine != theirs for mine, theirs in zip(nik, other, strict=True)) <= NEAR_FIGURES
    )


def list_maybe_alike(name: str, birth_date: date | None, around: str) -> list[Trainee]:
    """Return the records that may be alike: with all words of this name and this birth date or none, or in
    the region around with that name or born that day; those of the region first.
    """
    is_near = Region.scope_code.startswith(f"{around}.", autoescape=True)
    named = [
        Trainee.id.in_(select(TraineeWord.trainee_id).where(TraineeWord.word == word))
        for word in words_of(name)
    ]
    wanted = and_(true(), *named)
    if birth_date is not None:
        born = Trainee.birth_date == birth_date
        wanted = or_(and_(wanted, or_(born, Trainee.birth_date.is_(None), is_near)), and_(born, is_near))
    query = (
        select(Trainee)
        .join(Trainee.duty_region)
        .where(wanted)
        .options(joinedload(Trainee.duty_region).joinedload(Region.parent))
    )
    return list(db.session.scalars(query.order_by(case((is_near, 0), else_=1), Trainee.id).limit(MOST_ALIKE)))


def list_suspects(within: Reach) -> list[tuple[Trainee, Trainee]]:
    """Return the first pairs of records within reach that may be one person's: of one name, or born on one
    day in one desa.
    """
    people = select(Trainee.id, Trainee.name, Trainee.birth_date, Trainee.duty_region_id).join(
        Trainee.duty_region
    )
    people = people.where(Trainee.canonical_id.is_(None), within.clause(region_code=Region.scope_code))
    groups: dict[Any, list[int]] = {}
    for trainee_id, name, birth_date, desa_id in db.session.execute(
        people.order_by(Trainee.folded_name, Trainee.id).limit(MOST_COMPARED)
    ):
        groups.setdefault(bare_name(name), []).append(trainee_id)
        if birth_date is not None:
            groups.setdefault((birth_date, desa_id), []).append(trainee_id)
    ids = dict.fromkeys(trainee_id for alike in groups.values() if len(alike) > 1 for trainee_id in alike)
    return pairs_alike(list_trainees_by_id(list(ids)[:MOST_ALIKE]))


def list_marked(within: Reach) -> list[tuple[Trainee, Trainee]]:
    """Return who registered herself within reach and may be somebody known then, beside that person; the
    first to come first.
    """
    query = (
        select(Trainee)
        .join(Trainee.duty_region)
        .where(Trainee.maybe_same_id.is_not(None), Trainee.canonical_id.is_(None))
    )
    query = (
        query.where(within.clause(region_code=Region.scope_code)).order_by(Trainee.id).limit(MOST_SUSPECTS)
    )
    return [(each, known) for each in db.session.scalars(query) if (known := maybe_same_of(each)) is not None]


def maybe_same_of(trainee: Trainee) -> Trainee | None:
    """Return the person who was known already and may be this one, who registered herself; None where they
    are one by now.
    """
    person = canonical(trainee)
    known = get_trainee(person.maybe_same_id) if person.maybe_same_id else None
    known = known and canonical(known)
    return known if known is not None and known.id != person.id else None


def pairs_alike(people: Iterable[Trainee]) -> list[tuple[Trainee, Trainee]]:
    """Return the first pairs among these people that may be one person's, without those that an office said
    are two.
    """
    pairs = list(islice(_pairs(people), MOST_ALIKE))
    apart = kept_apart(person.id for pair in pairs for person in pair)
    return [(one, other) for one, other in pairs if frozenset((one.id, other.id)) not in apart][
        :MOST_SUSPECTS
    ]


def _pairs(people: Iterable[Trainee]) -> Iterator[tuple[Trainee, Trainee]]:
    """Go through the pairs that share what `may_be_one` asks about first, each once: comparing all with all
    takes too long for a batch.
    """
    groups: dict[tuple[Any, ...], list[tuple[Trainee, Likeness]]] = {}
    for person in people:
        like = likeness_of(person)
        groups.setdefault(("name", like.name), []).append((person, like))
        if like.birth_date is not None:
            groups.setdefault(("here", like.birth_date, like.desa_id), []).append((person, like))
            groups.setdefault(("called", like.birth_date, like.phone or person.id), []).append((person, like))
    seen: set[tuple[int, int]] = set()
    for group in groups.values():
        for (one, mine), (other, theirs) in combinations(group, 2):
            if (one.id, other.id) not in seen and may_be_one(mine, theirs):
                seen.add((one.id, other.id))
                yield one, other


def kept_apart(ids: Iterable[int]) -> set[frozenset[int]]:
    """Return the pairs with one of these records that an office said are two people, as the history of acts
    remembers it.
    """
    wanted = set(ids)
    if not wanted:
        return set()
    query = select(Event).where(
        Event.action == KEPT_APART, Event.subject_type == "Trainee", Event.subject_id.in_(wanted)
    )
    events = list(db.session.scalars(query))
    details_by_id = details_of(events)
    return {
        frozenset((event.subject_id or 0, told["details"]["other_id"]))
        for event in events
        if (told := details_by_id[event.id])
    }


def likeness_of(person: Trainee) -> Likeness:
    """Return by what a person is found a second time."""
    return Likeness(
        bare_name(person.name), person.duty_region_id, person.birth_date, person.phone, person.nik
    )


def doubted_of(trainee: Trainee, by: Actor) -> dict[str, Any]:
    """Return who may be the same person, as far as the reader may see that one, and where birth date or sex
    contradict the NIK.
    """
    person, known = canonical(trainee), maybe_same_of(trainee)
    if known is not None and not by.can(Permission.TRAINEE_SEE, known):
        known = None
    may_merge = (
        known is not None
        and by.can(Permission.TRAINEE_MERGE, known)
        and by.can(Permission.TRAINEE_MERGE, person)
    )
    is_own_word = person.recorded_by_id is None and person.nik is not None
    nik = doubts_about_nik(person.nik or "", person.birth_date, person.sex) if is_own_word else []
    return {"known": known, "may_merge": may_merge, "nik": nik}


def marks_of(people: Iterable[Trainee], by: Actor) -> dict[int, list[Text]]:
    """Return, by record, in a few words what doubted_of says in full: what a list says beside a name before
    somebody decides.
    """
    marks = {}
    for person in people:
        doubted = doubted_of(person, by)
        parts = [(doubted["known"], _("mungkin orang yang sama")), (doubted["nik"], _("berbeda dengan NIK"))]
        marks[person.id] = [words for is_so, words in parts if is_so]
    return marks
