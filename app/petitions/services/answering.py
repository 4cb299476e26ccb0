"""Answer what was asked: what the answer does is done in the same transaction."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from sqlalchemy import or_, update

from app.audit import services as audit
from app.audit.queries import history_of
from app.auth.queries import find_by_name
from app.auth.rules import NameKind, Permission
from app.core import clock
from app.core.actor import Actor
from app.core.errors import Conflict, RuleViolation
from app.core.names import fold_name
from app.core.scopes import owner
from app.core.text import Text, _
from app.core.unit_of_work import atomic
from app.extensions import db
from app.petitions import messages, ports, queries, rules
from app.petitions.models import Petition
from app.petitions.rules import Answer, Line, PetitionKind, Told, Way
from app.petitions.services.asking import end_of_same_phone, pass_on
from app.regions.models import Region
from app.regions.queries import find_region
from app.regions.rules import Level
from app.trainees import services as trainees
from app.trainees.models import Trainee
from app.trainees.phones import list_by_phone
from app.trainees.queries import account_of, get_trainee, lock_trainee, recipient_of
from app.trainees.rules import Sex, TraineeStatus
from app.trainees.services import TraineeData

PUTS_RIGHT = frozenset(
    {
        "trainee.corrected",
        "trainee.moved",
        "trainee.standing_changed",
        "trainee.standing_taken_back",
        "trainee.appointed",
        "trainee.merged",
        "trainee.merge_undone",
    }
)
UNCHANGED = _(
    "Data orang ini belum diubah sejak usul dikirim. Betulkan dahulu datanya, atau jawab dengan kalimat."
)
OUTSIDE = _("Permintaan ini di luar wewenang Anda.")


def answers_for(petition: Petition, by: Actor) -> list[Answer]:
    """Return how this officer can answer: what lies outside the own region, or could not be used by her, is
    not offered.

    Nobody decides blindly: of a record that she may not see she leaves it to the office that sees both. An
    account in use is never given to another code, and nobody's who is recorded as deceased is opened before
    that is put right.
    """
    person = petition.person
    if not petition.can_be_answered or not may_judge(petition, by):
        return []
    opens = (
        person is not None
        and person.status is not TraineeStatus.DECEASED
        and by.can(Permission.ACCOUNT_OPEN, person)
    )
    in_use = person is not None and queries.has_account_in_use(person)
    offered = {
        Answer.OPENED: opens and not in_use,
        Answer.KNOWN: opens and in_use,
        Answer.NEW_PERSON: may_record_anew(petition, by),
        Answer.CORRECTED: person is not None and by.can(Permission.TRAINEE_EDIT, person),
        Answer.DONE: (
            person is not None and by.can(Permission.TRAINEE_EDIT, person) and is_changed_since(petition)
        ),
        Answer.LINKED: (
            queries.has_link(petition) and (may_hand_out(petition, by) or petition.kind is PetitionKind.CODE)
        ),
    }
    return [answer for answer in rules.ANSWERS[petition.kind] if offered.get(answer, True)]


def is_changed_since(petition: Petition) -> bool:
    """Return whether anything of the record was put right since this was asked."""
    events = history_of(petition.person) if petition.person else []
    return any(event.action in PUTS_RIGHT and event.at >= petition.asked_at for event in events)


def may_hand_out(petition: Petition, by: Actor) -> bool:
    """Return whether this officer can give a new way in as the answer.

    It goes to who asked for one, or registered again although her account is in use (she may have lost
    the code).
    """
    person = petition.person
    if (
        person is None
        or not petition.can_be_answered
        or not may_judge(petition, by)
        or not by.can(Permission.ACCOUNT_OPEN, person)
    ):
        return False
    if petition.kind is PetitionKind.CLAIM:
        return person.status is not TraineeStatus.DECEASED and queries.has_account_in_use(person)
    return petition.kind is PetitionKind.CODE


def may_judge(petition: Petition, by: Actor) -> bool:
    """Return whether this officer may decide about a claim.

    She sees the record, or no office of the kabupaten of the place typed does and she is that office.
    """
    person, region = petition.person, petition.region
    if petition.kind is not PetitionKind.CLAIM or person is None or by.can(Permission.TRAINEE_SEE, person):
        return True
    is_foreign = region is not None and owner(region.scope_code) != owner(person.duty_region.scope_code)
    return is_foreign and by.can(Permission.TRAINEE_EDIT, region)


def may_record_anew(petition: Petition, by: Actor) -> bool:
    """Return whether this officer can record a claimant as a new person.

    The person is recorded in the place she typed and signs in by a telephone of her own.
    """
    return not phone_is_taken(petition) and _registers_at(petition.region, by)


def phone_is_taken(petition: Petition) -> bool:
    """Return whether a claimant could not sign in by the telephone she typed.

    There is none, another account has it, or it is recorded of somebody else.
    """
    phone = petition.said.phone
    return not phone or find_by_name(NameKind.PHONE, phone) is not None or bool(list_by_phone(phone))


def _registers_at(region: Region | None, by: Actor) -> bool:
    return (
        region is not None
        and by.can(Permission.TRAINEE_REGISTER, region)
        and by.can(Permission.ACCOUNT_OPEN, region)
    )


def compared_with(petition: Petition) -> Trainee | None:
    """Return whose record it is compared with: once it is answered, whose it was then."""
    if petition.can_be_answered or petition.said.recorded_id is None:
        return petition.person
    return get_trainee(petition.said.recorded_id)


def lines_of(petition: Petition, by: Actor) -> list[Line]:
    """Return what a claimant typed beside what this officer may see of the record; once it is answered, as it
    was recorded then.
    """
    person, kept = compared_with(petition), None if petition.can_be_answered else petition.said.recorded
    may_see = person is not None and by.can(Permission.TRAINEE_SEE, person)
    recorded = (
        (kept if kept is not None else queries.facts_of(person)) if person is not None and may_see else {}
    )
    return rules.side_by_side(petition.said, petition.region.place_name if petition.region else "", recorded)


def way_for(petition: Petition) -> Way:
    """Return how a sentence reaches whoever asked this."""
    recipient = recipient_of(petition.person) if petition.person else None
    has_mail = bool(recipient and recipient.address)
    return rules.way_of(
        petition.kind,
        has_mail=has_mail,
        has_phone=bool(petition.said.phone),
        is_signed_in=petition.asked_by_id is not None,
    )


def news_for(petition: Petition, by: Actor) -> list[Line]:
    """Return what a claimant typed that is not recorded so, as far as this officer may put it right."""
    person = petition.person
    if (
        petition.kind is not PetitionKind.CLAIM
        or person is None
        or not by.can(Permission.TRAINEE_EDIT, person)
    ):
        return []
    return [
        line
        for line in _news(petition, by)
        if line.key != "desa" or by.can(Permission.TRAINEE_EDIT, petition.region)
    ]


def _news(petition: Petition, by: Actor) -> list[Line]:
    return [line for line in lines_of(petition, by) if line.is_news]


@atomic()
def answer_petition(
    petition: Petition,
    answer: Answer,
    *,
    words: str,
    by: Actor,
    reason: str = "",
    informed: bool = False,
    take: Iterable[str] = (),
) -> tuple[Petition, Text | None]:
    """Do what the answer says and keep it; returns it with why the course asked for along cannot be had.

    `informed`: the officer has told whoever asked, where nothing else does; `take`: what a claimant typed
    that is recorded from now on.

    Raises Conflict when it was answered before, RuleViolation for an answer that is not this officer's to
    give, for one without words where only words answer, without a reason where it goes against what both
    sides say, for one that nobody would read, and what the act itself raises.
    """
    held = _held(petition, by)
    if answer is Answer.DONE and held.kind is PetitionKind.CORRECTION and not is_changed_since(held):
        raise RuleViolation(UNCHANGED, field="answer")
    rivals = queries.list_rivals_of(held)
    if answer not in answers_for(held, by):
        raise RuleViolation(OUTSIDE, field="answer")
    words = " ".join(words.split())
    if answer is Answer.TOLD and not words:
        raise RuleViolation(_("Tulis jawabannya: kalimat ini yang dibacanya."), field="words")
    if rules.is_to_be_notified(held.kind, answer) and way_for(held) is Way.HAND and not informed:
        raise RuleViolation(
            _("Kirim dahulu kalimatnya, lalu centang bahwa ia sudah dikabari."), field="informed"
        )
    if held.kind is PetitionKind.CLAIM:
        refusal = rules.refusal_of_answer_reason(answer, lines_of(held, by), reason, rivals=len(rivals))
        if refusal:
            raise RuleViolation(refusal, field="reason")
    person, text, account = held.person, held.said, None
    held.told = _frozen(held, by, reason).as_text()
    if answer is Answer.TOLD and is_for_others(held, by):
        held.words = words
        audit.record(
            "petition.answered",
            held,
            by=by,
            note=words,
            details=_details(held, answer),
            person_id=held.trainee_id,
        )
        return held, None
    if answer is Answer.OPENED and person is not None:
        if held.secret_hash is None:
            raise RuleViolation(OUTSIDE, field="answer")
        account = trainees.accept_code(person, held.secret_hash, by=by)
    elif answer in (Answer.LINKED, Answer.KNOWN) and person is not None:
        account = account_of(person)
    elif answer is Answer.NEW_PERSON:
        held.trainee = person = _record_anew(held, by)
        account = person.user
    elif answer is Answer.CORRECTED and person is not None:
        wish = {"of": held.trainee_id, "by": held.asked_by_id}
        trainees.correct_facts(person, {"name": text.name}, by=by, asked=wish)
    if (
        held.kind is PetitionKind.CLAIM
        and answer in (Answer.OPENED, Answer.LINKED, Answer.KNOWN)
        and person is not None
    ):
        _take_over(held, person, set(take), by)
    unmet = None
    if held.batch_id is not None and person is not None and account is not None:
        unmet = ports.make_wish(held.batch_id, person, account, held.asked_at)
    _close(held, answer, words, by, reason=reason)
    if answer is not Answer.TOLD:
        for rival in rivals:
            _end_rival(rival, held, by)
    if answer is Answer.LINKED:
        end_of_same_phone(held)
    return held, unmet


def is_for_others(petition: Petition, by: Actor) -> bool:
    """Return whether a claim waits for another office whatever this officer answers.

    It does when she cannot open the account of that record.
    """
    person = petition.person
    is_decided = person is None or petition.answered_at is not None
    return (
        petition.kind is PetitionKind.CLAIM and not is_decided and not by.can(Permission.ACCOUNT_OPEN, person)
    )


def signature_of(petition: Petition, by: Actor) -> str:
    """Return who answers, as those read it who asked: a TKSK by name and kecamatan; nothing where it is the
    office that answers.
    """
    place = petition.region or (petition.person.duty_region if petition.person else None)
    kecamatan = place and find_region(".".join(place.scope_code.split(".")[:3]))
    if kecamatan is None or kecamatan.level is not Level.KECAMATAN or by.can(Permission.TRAINEE_EDIT, place):
        return ""
    return str(_("%(name)s, TKSK %(place)s", name=by.label, place=kecamatan.full_name))


def _frozen(petition: Petition, by: Actor, reason: str = "") -> Told:
    """Return what was typed with what it was compared with, whose record that was, how the officer knew and
    who it was.
    """
    person = petition.person
    return replace(
        petition.said,
        recorded=queries.facts_of(person) if person is not None else None,
        recorded_id=person and person.id,
        known_by=" ".join(reason.split()),
        signed=signature_of(petition, by),
    )


@atomic()
def hand_out_code(petition: Petition, *, by: Actor) -> tuple[Trainee, str]:
    """Return the person who lost her way in, with a link to hand over; shown once, and made again as often as
    it takes. It is an answer when somebody says that it was handed over, or she who asked for one has used
    it. Raises as answer_petition and hand_out_account.
    """
    held = _held(petition, by)
    person = held.person
    if person is None or not may_hand_out(held, by):
        raise RuleViolation(OUTSIDE)
    return person, trainees.hand_out_account(person, by=by)


def hold(petition: Petition) -> Petition:
    """Hold the batch and the person it is about, then itself."""
    ports.hold_wish(petition.batch_id)
    if petition.person is not None:
        lock_trainee(petition.person.id)
    return queries.lock_petition(petition.id)


def _held(petition: Petition, by: Actor) -> Petition:
    """Hold the person and what was asked about her; raise where it is answered, or not this officer's."""
    held = hold(petition)
    if not by.can(rules.ANSWERED_BY[held.kind], held):
        raise RuleViolation(OUTSIDE)
    if not held.can_be_answered:
        raise Conflict(describe_when_answered(held))
    return held


def describe_when_answered(petition: Petition) -> Text:
    """Return what whoever answers second is told."""
    return rules.describe_when_answered(
        petition.answer or Answer.TOLD, petition.words or "", petition.answered_label or ""
    )


def _take_over(petition: Petition, person: Trainee, take: set[str], by: Actor) -> None:
    """Record what a claimant typed as far as the officer says so; what the officer may not record is passed
    on to whoever corrects records.
    """
    allowed, news = {line.key for line in news_for(petition, by)}, _news(petition, by)
    if take - allowed:
        raise RuleViolation(OUTSIDE, field="take")
    text = petition.said
    values = {
        "name": text.name,
        "birth_date": text.born,
        "sex": Sex(text.sex) if text.sex else None,
        "phone": text.phone,
        "address": text.address,
    }
    if facts := {key: value for key, value in values.items() if key in take}:
        trainees.correct_facts(person, facts, by=by)
    if "desa" in take and petition.region is not None:
        trainees.move_duty(person, petition.region, clock.today(petition.region.zone), by)
    if news and not by.can(Permission.TRAINEE_EDIT, person):
        what = "; ".join(f"{line.label}: {line.typed}" for line in news)
        pass_on(person, str(_("Diketik saat mendaftar: %(what)s", what=what)), by=by)


def _record_anew(petition: Petition, by: Actor) -> Trainee:
    """Enter a claimant as a person of her own, without the NIK that belongs to somebody else, and let her
    code open it.
    """
    text = petition.said
    data = TraineeData(
        name=text.name,
        duty_region=petition.region,
        birth_date=text.born,
        sex=Sex(text.sex) if text.sex else None,
        phone=text.phone,
        address=text.address or None,
    )
    trainee = trainees.register_trainee(data, by=by, another_person=True)
    if petition.secret_hash is not None:
        trainees.accept_code(trainee, petition.secret_hash, by=by)
    return trainee


def _close(petition: Petition, answer: Answer, words: str, by: Actor, *, reason: str = "") -> None:
    """Keep the answer. A claimant who was only told something is still to come: her code is kept as long as
    that.
    """
    is_expected = petition.kind is PetitionKind.CLAIM and answer is Answer.TOLD
    petition.answered_at, petition.answer, petition.words = clock.now(), answer, words or None
    petition.answered_by_id, petition.answered_label = by.id, by.label[:200]
    petition.open_key = None
    if not is_expected:
        petition.secret_hash = None
    if answer is Answer.OPENED:
        petition.follow_index = None  # the code itself opens the account now
    db.session.flush()
    note = " ".join(part for part in (reason, words) if part)
    audit.record(
        "petition.answered",
        petition,
        by=by,
        note=note,
        details=_details(petition, answer),
        person_id=petition.trainee_id,
    )
    messages.answered(petition)


def _end_rival(rival: Petition, answered: Petition, by: Actor) -> None:
    """Answer another sending for the same NIK along with the one that was decided: of the same name its code
    says that another one opens, of another name its sender reads that she has to come, as long as she is
    expected.
    """
    is_same = fold_name(rival.said.name) == fold_name(answered.said.name)
    if not is_same and (answered.answer is Answer.NEW_PERSON or rival.answered_at is not None):
        return  # whose NIK it is, nobody has said yet; or she was told already
    held = queries.lock_petition(rival.id)
    held.told = _frozen(held, by).as_text()
    held.answered_at, held.answered_by_id, held.answered_label, held.open_key = (
        clock.now(),
        by.id,
        by.label[:200],
        None,
    )
    of_same = Answer.LINKED if answered.answer is Answer.LINKED else Answer.KNOWN
    held.answer, held.words = (of_same, None) if is_same else (Answer.TOLD, str(rules.NOTICE_TO_RIVAL))
    if is_same:
        held.secret_hash = None
    db.session.flush()
    audit.record(
        "petition.answered", held, by=by, details=_details(held, held.answer), person_id=held.trainee_id
    )


def _details(petition: Petition, answer: Answer) -> dict[str, Any]:
    return {"kind": petition.kind.value, "answer": answer.value}


@atomic()
def forget_old() -> None:
    """Let go of what was typed with what was answered so long ago that nobody follows it any more, and of the
    codes of claimants who were told something and never came.
    """
    kept = or_(
        Petition.told.is_not(None), Petition.secret_hash.is_not(None), Petition.follow_index.is_not(None)
    )
    old = update(Petition).where(Petition.answered_at <= clock.now() - rules.FOLLOWED_FOR, kept)
    db.session.execute(old.values(told=None, secret_hash=None, follow_index=None))
