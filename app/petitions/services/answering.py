"""Answer what was asked: what the answer does is done in the same transaction."""

from app.audit import services as audit
from app.auth.queries import find_by_name
from app.auth.rules import NameKind, Permission
from app.core import clock
from app.core.actor import Actor
from app.core.errors import Conflict, RuleViolation
from app.core.text import _
from app.core.unit_of_work import atomic
from app.extensions import db
from app.petitions import messages, queries, rules
from app.petitions.models import Petition
from app.petitions.rules import Answer, PetitionKind
from app.trainees import services as trainees
from app.trainees.models import Trainee
from app.trainees.queries import lock_trainee
from app.trainees.rules import Sex
from app.trainees.services import TraineeData

OUTSIDE = _("Permintaan ini di luar wewenang Anda.")


def answers_for(petition: Petition, by: Actor) -> list[Answer]:
    """Return how this officer can answer: what lies outside the own region, or could not be used by her, is not offered."""
    offered = []
    for answer in rules.ANSWERS[petition.kind]:
        if answer is Answer.OPENED and not (petition.person and by.can(Permission.ACCOUNT_OPEN, petition.person)):
            continue
        if answer is Answer.NEW_PERSON and not may_record_anew(petition, by):
            continue
        if answer is Answer.CORRECTED and not (petition.person and by.can(Permission.TRAINEE_EDIT, petition.person)):
            continue
        offered.append(answer)
    return offered


def may_record_anew(petition: Petition, by: Actor) -> bool:
    """Say whether this officer can record a claimant as a new person: in the place she typed, signing in by a telephone of her own."""
    region, phone = petition.region, petition.said.phone
    if region is None or not phone or find_by_name(NameKind.PHONE, phone) is not None:
        return False
    return by.can(Permission.TRAINEE_REGISTER, region) and by.can(Permission.ACCOUNT_OPEN, region)


@atomic()
def answer_petition(petition: Petition, answer: Answer, *, words: str, by: Actor) -> Petition:
    """Do what the answer says and keep it; what was typed is let go.

    Raises Conflict when it was answered before, RuleViolation for an answer that is not this officer's to give, for one without
    words where only words answer, and what the act itself raises.
    """
    held = _held(petition, by)
    if answer not in answers_for(held, by):
        raise RuleViolation(OUTSIDE, field="answer")
    words = " ".join(words.split())
    if answer is Answer.TOLD and not words:
        raise RuleViolation(_("Tulis jawabannya: kalimat ini yang dibacanya."), field="words")
    person, said = held.person, held.said
    if answer is Answer.OPENED and person is not None:
        if held.secret_hash is None:
            raise RuleViolation(OUTSIDE, field="answer")
        trainees.accept_code(person, held.secret_hash, by=by)
    elif answer is Answer.NEW_PERSON:
        _record_anew(held, by)
    elif answer is Answer.CORRECTED and person is not None:
        trainees.put_name_right(person, said.name, by=by)
    _close(held, answer, words, by)
    return held


@atomic()
def hand_out_code(petition: Petition, *, by: Actor) -> tuple[Trainee, str]:
    """Return the person who lost her way in, with a link to hand over; shown once. Raises as answer_petition and hand_out_account."""
    held = _held(petition, by)
    person = held.person
    if held.kind is not PetitionKind.CODE or person is None:
        raise RuleViolation(OUTSIDE)
    link = trainees.hand_out_account(person, by=by)
    _close(held, Answer.LINKED, "", by)
    return person, link


def _held(petition: Petition, by: Actor) -> Petition:
    """Hold the person and what was asked about her; raise where it is answered, or not this officer's."""
    if petition.person is not None:
        lock_trainee(petition.person.id)
    held = queries.lock_petition(petition.id)
    if not by.can(rules.ANSWERED_BY[held.kind], held):
        raise RuleViolation(OUTSIDE)
    if held.answered_at is not None:
        raise Conflict(_("Permintaan ini sudah dijawab: %(answer)s.", answer=str(held.answer.label if held.answer else "")))
    return held


def _record_anew(petition: Petition, by: Actor) -> None:
    """Enter a claimant as a person of her own, without the NIK that belongs to somebody else, and let her code open it."""
    said = petition.said
    data = TraineeData(
        name=said.name, duty_region=petition.region, birth_date=said.born, sex=Sex(said.sex) if said.sex else None, phone=said.phone,
        address=said.address or None,
    )  # fmt: skip
    trainee = trainees.register_trainee(data, by=by, another_person=True)
    if petition.secret_hash is not None:
        trainees.accept_code(trainee, petition.secret_hash, by=by)


def _close(petition: Petition, answer: Answer, words: str, by: Actor) -> None:
    petition.answered_at, petition.answer, petition.words = clock.now(), answer, words or None
    petition.answered_by_id, petition.answered_label = by.id, by.label[:200]
    petition.told = petition.secret_hash = petition.open_key = None
    if answer is Answer.OPENED:
        petition.follow_index = None  # the code itself opens the account now
    db.session.flush()
    details = {"kind": petition.kind.value, "answer": answer.value}
    audit.record("petition.answered", petition, by=by, note=words, details=details, person_id=petition.trainee_id)
    messages.answered(petition)
