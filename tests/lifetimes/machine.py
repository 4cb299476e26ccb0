"""A machine that lives through random histories of the world, by the services alone, and looks after each act
whether all is well.

An act may be refused with a sentence; then nothing may have changed. Anything else that is raised is a fault.
"""

from collections.abc import Callable, Collection
from contextlib import ExitStack
from datetime import timedelta
from typing import Any

from hypothesis import strategies as st
from hypothesis.internal.conjecture.providers import AVAILABLE_PROVIDERS, HypothesisProvider
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule
from sqlalchemy import select

from app.assessment import queries as assessed
from app.assessment import services as assessment
from app.assessment.models import Graduation
from app.assessment.rules import ResultOutcome
from app.attendance import services as attendance
from app.attendance.queries import list_counted_sessions
from app.attendance.rules import Entry, Presence
from app.auth.models import User
from app.certificates import services as certificates
from app.certificates.models import Certificate
from app.core import clock
from app.core.actor import SYSTEM
from app.core.errors import DomainError
from app.courses import services as courses
from app.courses.rules import Admission
from app.enrollments import eligibility, queries, rules
from app.enrollments import services as enrollments
from app.enrollments.models import Enrollment
from app.enrollments.rules import SEATED, TO_DECIDE, WAITS_FOR_PERSON, EnrollmentStatus, SeatEnd
from app.extensions import db
from app.organisers.models import Organiser
from app.trainees import services as trainees
from app.trainees.models import Merge
from app.trainees.queries import canonical
from app.trainees.rules import TraineeStatus
from tests.lifetimes import invariants
from tests.lifetimes.world import BATCHES, DESA, PEOPLE, World, kept_apart

S = EnrollmentStatus
REASON = "Alasan yang cukup"
BATCH, PERSON, PICK = st.integers(0, BATCHES - 1), st.integers(0, PEOPLE - 1), st.integers(0, 5)
DECISIONS: dict[str, tuple[Callable[..., Any], frozenset[EnrollmentStatus], dict[str, Any]]] = {
    "verify": (enrollments.verify_enrollment, frozenset({S.SUBMITTED}), {}),
    "send back": (enrollments.return_enrollment, TO_DECIDE, {"reason": REASON}),
    "reject": (enrollments.reject_enrollment, TO_DECIDE | {S.WAITLISTED}, {"reason": REASON}),
    "accept": (enrollments.accept_enrollment, TO_DECIDE | {S.WAITLISTED, S.OFFERED}, {}),
    "put before others": (enrollments.accept_enrollment, TO_DECIDE | {S.WAITLISTED}, {"note": REASON}),
    "let wait": (enrollments.waitlist_enrollment, TO_DECIDE, {}),
    "offer": (enrollments.offer_seat, frozenset({S.WAITLISTED}), {"note": REASON}),
    "call": (enrollments.call_enrollment, frozenset({S.ACCEPTED}), {}),
    "confirm": (enrollments.confirm_enrollment, frozenset({S.ACCEPTED, S.CALLED}), {}),
    "submit again": (enrollments.submit_enrollment, frozenset({S.RETURNED}), {}),
    "withdraw": (
        enrollments.withdraw,
        frozenset(S) - {S.REJECTED, S.LAPSED, S.WITHDRAWN},
        {"reason": REASON},
    ),
    "never came": (enrollments.end_absent, SEATED, {"reason": REASON}),
}
OWN = {S.OFFERED: S.ACCEPTED, S.ACCEPTED: S.CONFIRMED, S.CALLED: S.CONFIRMED, S.RETURNED: S.SUBMITTED}
OUTCOMES = st.lists(st.sampled_from([None, ResultOutcome.DEFERRED, *ResultOutcome]), min_size=3, max_size=3)
STANDINGS = st.sampled_from([each for each in TraineeStatus if each is not TraineeStatus.ACTIVE])
HOURS = st.sampled_from([1, 5, 12, 23, 25, 49, 24 * 5, 24 * 9, 24 * 14])
LEADS = st.sampled_from(["close", "close", "open", "open", "start", "finish", "cancel"])
DAYS_BEFORE = st.sampled_from([None, -9, -5, 0])
SOME_PEOPLE = st.lists(PERSON, min_size=1, max_size=4, unique=True)
# What can be done: how often among the others, and with what. The names are those of the methods of the
# machine.
ACTS: dict[str, tuple[int, tuple[Any, ...]]] = {
    "work": (3, ()),
    "ask": (16, (PERSON, BATCH, st.sampled_from([True, True, True, False]))),
    "decide": (20, (st.sampled_from(sorted(DECISIONS)), PICK)),
    "answer": (6, (PICK,)),
    "withdraw_oneself": (4, (PICK,)),
    "enroll_people": (4, (SOME_PEOPLE, BATCH, st.booleans())),
    "accept_many": (3, (BATCH, st.integers(1, 3), st.booleans(), st.sampled_from(["", REASON]))),
    "change_quota": (4, (BATCH, st.integers(1, 3))),
    "change_admission": (2, (BATCH, st.sampled_from(Admission))),
    "move_days": (4, (BATCH, st.integers(-21, 21), st.sampled_from([0, 0, 0, -1, 2]))),
    "change_last_day_to_apply": (1, (BATCH, DAYS_BEFORE)),
    "lead": (4, (BATCH, LEADS)),
    "record_presence": (1, (BATCH, st.sets(PICK, max_size=2))),
    "propose": (1, (BATCH, OUTCOMES)),
    "decide_graduation": (2, (BATCH, st.sampled_from([True, True, True, False]))),
    "issue": (1, (BATCH,)),
    "change_certificate": (4, (st.sampled_from(["revoke", "replace"]), PICK)),
    "hold_the_course": (4, (BATCH, OUTCOMES)),
    "meet_again": (3, (OUTCOMES,)),
    "change_standing": (4, (PERSON, STANDINGS)),
    "appoint": (1, (PERSON,)),
    "move_duty": (4, (PERSON, st.integers(0, len(DESA) - 1))),
    "merge": (4, (PERSON, PERSON)),
    "undo_merge": (3, (PICK,)),
    "forward": (6, (HOURS,)),
}
STEP = st.one_of(
    [st.tuples(st.just(name), *drawn) for name, (times, drawn) in ACTS.items() for _ in range(times)]
)


class Anew(HypothesisProvider):
    """Draws every history anew from the seed; the usual one mostly varies the one before, which repeats the
    same acts.
    """


AVAILABLE_PROVIDERS["anew"] = Anew


class Histories(RuleBasedStateMachine):
    """What happens to twelve people and three batches in some weeks."""

    def __init__(self, world: World) -> None:
        super().__init__()
        self.world = world
        self.stack = ExitStack()
        self.stack.enter_context(kept_apart())
        # A seat became free by the clock alone: it is served by the next decision about an enrollment or the
        # plan of this batch, or by the worker; opening, closing and beginning are no such decisions, nor are
        # presence and meeting. What a certificate makes of somebody who waits elsewhere, the worker serves as
        # well.
        self.excused: set[int] = set()
        self.steps = 0
        self.seen = invariants.look()
        self.told = set(invariants.ends_of(self.seen))
        self.before = invariants.digest()

    def teardown(self) -> None:
        self.stack.close()

    @initialize(asked=st.lists(st.tuples(PERSON, BATCH), min_size=2, max_size=9))
    def begin(self, asked: list[tuple[int, int]]) -> None:
        for person, batch in asked:
            self.ask(person, batch, fitting=True)

    @rule(step=STEP)
    def do(self, step: tuple[Any, ...]) -> None:
        name, *drawn = step
        getattr(self, name)(*drawn)

    # acts of people

    def ask(self, person: int, batch: int, fitting: bool = False) -> None:
        """Ask for a seat; `fitting`: the first from this number on who may, so that more than refusals
        happens.
        """
        if fitting:
            people = [self.world.person((person + more) % PEOPLE) for more in range(PEOPLE)]
            facts = eligibility.facts_of_asking(self.world.batch(batch), people)
            may = [
                each
                for each in people
                if not rules.already_so(facts[each.id]) and not rules.refusal_to_enroll(facts[each.id])
            ]
            person = self.world.people.index(may[0].id) if may else person
        who = self.world.person(person)
        by = canonical(who).user or self.world.office(batch)
        self.act(lambda: enrollments.enroll(self.world.batch(batch), who, by=by), batch)

    def answer(self, pick: int) -> None:
        held = self.pick(pick, WAITS_FOR_PERSON)
        if held is not None:
            by = canonical(held.trainee).user or self.office_of(held)
            self.act(lambda: enrollments.answer_own(held, OWN[held.status], by=by), self.number_of(held))

    def withdraw_oneself(self, pick: int) -> None:
        held = self.pick(pick, frozenset(S))
        if held is not None and held.trainee.user is not None:
            by = held.trainee.user
            self.act(lambda: enrollments.withdraw(held, reason=REASON, by=by), self.number_of(held))

    # acts of the office about people who ask

    def enroll_people(self, people: list[int], batch: int, waived: bool) -> None:
        chosen = [self.world.person(number) for number in people]
        reason = REASON if waived else None
        by = self.world.office(batch)
        self.act(
            lambda: enrollments.enroll_many(self.world.batch(batch), chosen, by=by, override_reason=reason),
            batch,
        )

    def decide(self, what: str, pick: int) -> None:
        service, fitting, more = DECISIONS[what]
        held = self.pick(
            pick, fitting if pick else frozenset(S)
        )  # the first pick tries what does not fit, too
        if held is not None:
            self.act(lambda: service(held, by=self.office_of(held), **more), self.number_of(held))

    def accept_many(self, batch: int, many: int, rest: bool, note: str) -> None:
        asking = [each.id for each in self.held(batch, TO_DECIDE | {S.WAITLISTED})][:many]
        service = enrollments.accept_and_waitlist if rest else enrollments.accept_many
        self.act(
            lambda: service(self.world.batch(batch), asking, by=self.world.office(batch), note=note), batch
        )

    # acts of the office about the batch

    def change_quota(self, batch: int, quota: int) -> None:
        self.change(batch, quota=quota)

    def change_admission(self, batch: int, admission: Admission) -> None:
        self.change(batch, admission=admission)

    def move_days(self, batch: int, days: int, longer: int) -> None:
        row = self.world.batch(batch)
        first, last = row.starts_on + timedelta(days), row.ends_on + timedelta(days + longer)
        self.change(batch, starts_on=first, ends_on=last)

    def change_last_day_to_apply(self, batch: int, days: int | None) -> None:
        closes_on = None if days is None else self.world.batch(batch).starts_on + timedelta(days)
        self.change(batch, registration_closes_on=closes_on)

    def lead(self, batch: int, what: str) -> None:
        row, by = self.world.batch(batch), self.world.office(batch)
        services = {
            "close": courses.close_batch,
            "open": courses.open_batch,
            "start": courses.start_batch,
            "finish": courses.finish_batch,
        }
        if what == "cancel":
            self.act(lambda: courses.cancel_batch(row, reason=REASON, by=by))
        else:
            self.act(lambda: services[what](row, by=by))

    # what happens in the batch, and its result

    def record_presence(self, batch: int, absent: Collection[int]) -> None:
        row = self.world.batch(batch)
        people = queries.list_attendees(row)
        away = {people[number].id: Entry(Presence.ABSENT) for number in absent if number < len(people)}
        for block in sorted({session.block for session in list_counted_sessions(row)}):
            self.act(
                lambda block=block: attendance.record_block(row, block, away, by=self.world.office(batch))
            )

    def propose(self, batch: int, outcomes: list[ResultOutcome | None]) -> None:
        row = self.world.batch(batch)
        people = [each.attendee.id for each in assessed.sheet_to_decide(row)]
        said = {key: outcome for key, outcome in zip(people, outcomes, strict=False) if outcome is not None}
        notes = dict.fromkeys(said, REASON)
        day, by = clock.today(row.zone), self.world.office(batch)
        self.act(lambda: assessment.propose_graduation(row, held_on=day, by=by, outcomes=said, notes=notes))

    def decide_graduation(self, batch: int, approved: bool) -> None:
        newest = (
            select(Graduation)
            .where(Graduation.batch_id == self.world.batches[batch])
            .order_by(Graduation.id.desc())
        )
        meeting = db.session.scalars(newest).first()
        if meeting is None:
            return
        by = self.world.user(self.world.signer)
        if approved:
            self.act(lambda: assessment.approve_graduation(meeting, by=by))
        else:
            self.act(lambda: assessment.return_graduation(meeting, REASON, by=by))

    def issue(self, batch: int) -> None:
        row = self.world.batch(batch)
        day = clock.today(row.zone)
        self.act(
            lambda: certificates.issue_for_batch(row, issued_on=day, by=self.world.office(batch)),
            changes_tiers=True,
        )

    def change_certificate(self, what: str, pick: int) -> None:
        rows = list(
            db.session.scalars(
                select(Certificate).order_by(Certificate.revoked_at.is_not(None), Certificate.id)
            )
        )
        if not rows:
            return
        row, by = rows[pick % len(rows)], self.world.user(self.world.signer)
        day = clock.today("Asia/Makassar")
        if what == "revoke":
            self.act(
                lambda: certificates.revoke_certificate(row, reason=REASON, revoked_on=day, by=by),
                changes_tiers=True,
            )
        else:
            self.act(
                lambda: certificates.replace_certificate(row, reason=REASON, issued_on=day, by=by),
                changes_tiers=True,
            )

    def hold_the_course(self, batch: int, outcomes: list[ResultOutcome | None]) -> None:
        """Go through the days of a batch to its certificates, as far as it lets itself be held."""
        self.accept_many(batch, 3, False, REASON)
        days = (self.world.batch(batch).ends_on - clock.today("Asia/Makassar")).days
        if days > 0:
            self.forward(24 * days)
        self.work()
        self.record_presence(batch, ())
        self.propose(batch, outcomes)
        self.decide_graduation(batch, True)
        self.issue(batch)

    def meet_again(self, outcomes: list[ResultOutcome | None]) -> None:
        """Hold the supplementary meeting of the first batch that has put somebody off."""
        put_off = (
            select(Enrollment.batch_id)
            .where(Enrollment.ended_as == SeatEnd.DEFERRED)
            .order_by(Enrollment.batch_id)
        )
        batch_id = db.session.scalars(put_off).first()
        if batch_id is not None:
            batch = self.world.batches.index(batch_id)
            self.propose(batch, outcomes)
            self.decide_graduation(batch, True)
            self.issue(batch)

    # what happens to people

    def change_standing(self, person: int, status: TraineeStatus) -> None:
        who, day = self.world.person(person), clock.today("Asia/Makassar")
        self.act(lambda: trainees.change_standing(who, status, day, REASON, SYSTEM), *self.asked_by(person))

    def appoint(self, person: int) -> None:
        office = db.session.get_one(Organiser, self.world.tapin)
        who, day, number = (
            self.world.person(person),
            clock.today("Asia/Makassar"),
            f"SK {clock.now():%m%d%H%M%S%f}",
        )
        self.act(
            lambda: trainees.appoint(office, number, day, "Bupati", [who], SYSTEM), *self.asked_by(person)
        )

    def move_duty(self, person: int, desa: int) -> None:
        who, place, day = self.world.person(person), self.world.region(desa), clock.today("Asia/Jakarta")
        self.act(lambda: trainees.move_duty(who, place, day, SYSTEM), *self.asked_by(person))

    def merge(self, duplicate: int, counting: int) -> None:
        one, other = self.world.person(duplicate), self.world.person(counting)
        concerned = self.asked_by(duplicate) | self.asked_by(counting)
        self.act(
            lambda: trainees.merge_trainees(one, other, REASON, SYSTEM, despite_differences=True), *concerned
        )

    def undo_merge(self, pick: int) -> None:
        merges = list(db.session.scalars(select(Merge).order_by(Merge.id)))
        if merges:
            held = merges[pick % len(merges)]
            self.act(lambda: trainees.undo_merge(held, SYSTEM))

    # time

    def forward(self, hours: int) -> None:
        """Let time pass; the worker sleeps."""
        clock.start_at(clock.now() + timedelta(hours=hours))
        self.seen = invariants.look()
        self.excused |= invariants.waiting_beside_a_free_seat(self.seen)
        self.check()

    def work(self) -> None:
        """The worker's round: it writes down what the calendar decided, and serves what has become free."""
        courses.follow_calendar()
        enrollments.catch_up_all(by=SYSTEM)
        self.excused.clear()
        self.look()
        self.check()
        invariants.calendar_is_written_down(self.seen)
        assert enrollments.catch_up_all(by=SYSTEM) == courses.follow_calendar() == 0, (
            "the worker's round leaves something to do"
        )

    # how it is done

    def act(self, call: Callable[[], Any], *touched: int, changes_tiers: bool = False) -> None:
        """Do something, or be refused with nothing changed; then look whether all is well."""
        refusal = refused(call)
        if refusal is not None:
            assert str(refusal.reason).strip(), "refused without a sentence"
            db.session.expire_all()
            assert invariants.digest() == self.before, "refused, and yet something changed"
            return
        self.excused -= {self.world.batches[number] for number in touched}
        self.look()
        if changes_tiers:
            self.excused |= invariants.waiting_beside_a_free_seat(self.seen)
        self.check()

    def look(self) -> None:
        self.seen = invariants.look()
        self.before = invariants.digest()

    def check(self) -> None:
        for holds in invariants.ALWAYS:
            holds(self.seen)
        self.steps += 1
        invariants.nobody_is_without_a_way(
            self.seen, self.world.batches[self.steps % BATCHES]
        )  # one in turn: it is the slowest
        waiting = invariants.waiting_beside_a_free_seat(self.seen)
        self.excused &= waiting
        codes = [self.seen.batches[key].code for key in waiting - self.excused]
        assert not codes, f"somebody waits beside a free seat: {codes}"
        for key, each in invariants.ends_of(self.seen).items():
            if key not in self.told:
                assert invariants.was_notified(self.seen, each, key[1]), (
                    f"not told that {each.id} ended: {each.status}, {each.ended_as}"
                )
                self.told.add(key)

    def change(self, batch: int, **changes: Any) -> None:
        self.act(
            lambda: courses.change_batch(self.world.batch(batch), by=self.world.office(batch), **changes),
            batch,
        )

    def held(self, batch: int, statuses: Collection[EnrollmentStatus]) -> list[Enrollment]:
        held = select(Enrollment).where(
            Enrollment.batch_id == self.world.batches[batch], Enrollment.status.in_(statuses)
        )
        return list(db.session.scalars(held.order_by(Enrollment.ended_as.is_not(None), Enrollment.id)))

    def pick(self, number: int, statuses: Collection[EnrollmentStatus]) -> Enrollment | None:
        rows = [each for batch in range(BATCHES) for each in self.held(batch, statuses)]
        return rows[number % len(rows)] if rows else None

    def number_of(self, held: Enrollment) -> int:
        return self.world.batches.index(held.batch_id)

    def office_of(self, held: Enrollment) -> User:
        return self.world.office(self.number_of(held))

    def asked_by(self, person: int) -> set[int]:
        known = queries.batches_asked_by([self.world.people[person]])
        return {number for number, key in enumerate(self.world.batches) if key in known}


def refused(call: Callable[[], Any]) -> DomainError | None:
    """Do it; return the refusal, or None when it was done."""
    try:
        call()
    except DomainError as refusal:
        return refusal
    return None
