"""Every address that writes, and what it does to a batch: a route without a line here fails the walk."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from app.courses.acts import Act, BatchState
from tests.security.submissions import OWN, PROGRAMS
from tests.security.world import World

Facts = Callable[[World], dict[str, Any]]
_KNOWN = {each.name: each.facts for each in (*OWN, *PROGRAMS)}


@dataclass(frozen=True)
class Door:
    """One thing that can be sent to an address, and the act it is.

    `at` fills parts of the address otherwise than the world does.
    """

    act: Act
    body: Facts = lambda _w: {}
    by: str | None = "dinas"
    at: Mapping[str, str] = field(default_factory=dict)
    said: str = ""  # tells apart what can be sent to one address
    query: Mapping[str, str] = field(default_factory=dict)
    unseen: frozenset[BatchState] = frozenset()  # answered 404: this person is not to know the batch
    as_shown: bool = (
        False  # it is read first; the hidden fields of the page, or the version of the answer, are sent along
    )
    about_deferred: bool = False  # only about people who were put off
    goes_on: bool = False  # refused as far as the batch goes, and the rest is kept: a registration
    never_done: str = ""  # why the walk sees it done in no state


@dataclass(frozen=True)
class Elsewhere:
    """An address that writes, but nothing about a batch; the reason is for whoever reads the table."""

    reason: str
    names_a_batch: bool = False  # its address names one all the same


@dataclass(frozen=True)
class Reading:
    """An address about a batch that takes a body and writes nothing; it is walked like the others."""

    door: Door


def known(name: str, **more: Any) -> Facts:
    """Return what the submissions of the other walks send, with some of it said otherwise."""
    return lambda w: {**_KNOWN[name](w), **more}


def reason(text: str = "Alasan yang cukup panjang") -> Facts:
    return lambda _w: {"reason": text}


def _ceremony(*, empty: Any) -> Facts:
    """Return a session without JP, which fits any schedule."""
    return known("schedule session", kind="ceremony", title="Upacara", lesson_hours=0, subject_id=empty)


def _of_session(w: World) -> dict[str, Any]:
    last = w.own.more["starts_on"] + timedelta(days=3)
    return {
        "held_on": last.isoformat(),
        "starts_at": "15:00",
        "ends_at": "16:00",
        "kind": "ceremony",
        "title": "Penutupan",
        "lesson_hours": "0",
        "place": "Aula Kecil",
    }


def _another_day(name: str) -> Facts:
    """Return a request for the last day, for which nothing was asked yet."""
    return lambda w: {
        **_KNOWN[name](w),
        "visits_on": (w.own.more["starts_on"] + timedelta(days=3)).isoformat(),
    }


def _presence(who: str, status: str = "sick") -> Facts:
    return lambda w: {f"status_{w.own.more[who]}": status, f"note_{w.own.more[who]}": "Demam"}


def _entries(who: str) -> Facts:
    return lambda w: {"entries": [{"attendee": w.own.more[who], "status": "sick"}]}


def _declined(_w: World) -> dict[str, Any]:
    return {"answer": "declined", "note": "Aula sedang diperbaiki", "confirm": "y"}


def _called_off(_w: World) -> dict[str, Any]:
    return {"status": "cancelled", "note": "Bus tidak tersedia", "confirm": True}


def _kept(w: World) -> dict[str, Any]:
    return {"enrollment": str(w.own.more["enrollment retired"]), "reason": "Tetap diikutkan sampai selesai"}


def _phone(_w: World) -> dict[str, Any]:
    return {"phone": "0812-0000-0001"}


def _marks(who: str) -> Facts:
    return lambda w: {"kind": "final", "marks": [{"attendee": w.own.more[who], "value": "77"}]}


def _own(**told: str) -> Facts:
    return lambda w: {"batch": w.own.ids["batch_code"], **told}


def _meeting(w: World) -> dict[str, Any]:
    return {"held_on": w.own.more["today"].isoformat()}


def _issued(w: World) -> dict[str, Any]:
    return {"issued_on": w.own.more["today"].isoformat()}


def _anew(w: World) -> dict[str, Any]:
    return {"issued_on": w.own.more["today"].isoformat(), "reason": "Ejaan nama diperbaiki"}


def _revoked(w: World) -> dict[str, Any]:
    return {"revoked_on": w.own.more["today"].isoformat(), "reason": "Salah orang"}


def _noted(body: Facts) -> Facts:
    """Return the same as a page names it: a reason is also a note."""
    return lambda w: {**(told := body(w)), "note": told.get("reason", "")}


def _of(status: str) -> dict[str, str]:
    return {"enrollment_id": f"enrollment {status}"}


def named(blueprint: str, names: str, entry: Elsewhere) -> dict[str, Elsewhere]:
    """Return one entry for several addresses of a blueprint."""
    return {f"POST {blueprint}.{name}": entry for name in names.split()}


def _by_page(act: Act, body: Facts, who: str, _page: str) -> tuple[Door, ...]:
    return (Door(act, _noted(body), at=_of(who)),)


def _by_api(act: Act, body: Facts, who: str, _page: str) -> tuple[Door, ...]:
    return (Door(act, body, at=_of(who)),)


BATCH = {"batch": "batch_id"}
CLOSING = {"session_id": "closing"}
PROPOSED = {"visit_id": "proposed_visit"}
ASKED = {"visit_id": "asked_visit"}
DRAFT = frozenset({BatchState.DRAFT})
NO_SCHEDULE = "wants an empty schedule and the model curriculum; tests/courses/test_schedule.py does it"
CERTIFIED = (
    "somebody of every scene has a certificate; tests/assessment/test_approval_taken_back.py takes an"
    " approval back"
)
NOT_REVOKED = "wants a certificate that was revoked by mistake; tests/certificates/test_changes.py does it"
WAS_THERE = "whose seat it is was there; tests/attendance/test_joining.py does it for somebody who was not"
PERSON = Elsewhere(
    "about a person; what it ends in a batch is written down by enrollments, whatever the state",
)
OFFICE = Elsewhere("about an office")
CONDITION = Elsewhere(
    "about a course: a batch whose graduation is approved keeps what it asked;"
    " tests/courses/test_pass_mark.py shows it"
)
ACCOUNT = Elsewhere("about an account and its rights")
HOST = Elsewhere("about the directory of hosts; visits are asked and answered elsewhere")
DRAFTED = Elsewhere("makes a new draft; there is no batch before it")
TARGET = Elsewhere("about how many PSM a region should have")
SURVEY = Elsewhere("about whom a region has recorded")
ANSWER = Elsewhere("keeps an answer on the device; the registration is sent by check_own_data")

# What is sent by page and by API alike: the act, the body, whose enrollment, the name of the page.
ENROLLMENTS: dict[str, tuple[Act, Facts, str, str]] = {
    "submit": (Act.ENROLL, lambda _w: {}, "returned", "submit_enrollment"),
    "return": (Act.SORT, reason(), "asking", "return_enrollment"),
    "verify": (Act.SORT, lambda _w: {}, "asking", "verify_enrollment"),
    "reject": (Act.SORT, reason(), "asking", "reject_enrollment"),
    "waitlist": (Act.SORT, lambda _w: {}, "asking", "waitlist_enrollment"),
    "accept": (Act.SEAT, lambda _w: {"reason": "Hadir sejak awal"}, "asking", "accept_enrollment"),
    "offer": (Act.SEAT, lambda _w: {}, "waiting", "offer_seat"),
    "call": (Act.CALL, lambda _w: {}, "seated", "call_enrollment"),
    "confirm": (Act.ANSWER, lambda _w: {}, "seated", "confirm_enrollment"),
    "withdraw": (Act.WITHDRAW, reason(), "seated", "withdraw_enrollment"),
    "absent": (Act.WITHDRAW, reason(), "seated", "end_absent"),
    "restore": (Act.SEAT, reason(), "withdrawn", "restore_enrollment"),
}
LIFE = {"open": Act.OPEN, "close": Act.CLOSE, "start": Act.START, "finish": Act.FINISH}

DOORS: dict[str, tuple[Door, ...] | Elsewhere | Reading] = {
    # The plan and the life of a batch.
    "POST courses.plan_batch": DRAFTED,
    "POST api.draft_batch": DRAFTED,
    "POST api.draft_course": DRAFTED,
    "POST courses.change_batch": (Door(Act.CHANGE_PLAN, known("change batch")),),
    "PATCH api.change_batch": (Door(Act.CHANGE_PLAN, known("API change batch")),),
    **{f"POST courses.{name}_batch": (Door(act),) for name, act in LIFE.items()},
    **{f"POST api.{name}_batch": (Door(act),) for name, act in LIFE.items()},
    "POST courses.cancel_batch": (Door(Act.CANCEL, reason()),),
    "POST api.cancel_batch": (Door(Act.CANCEL, reason()),),
    # The schedule.
    "POST courses.schedule_session": (Door(Act.CHANGE_SCHEDULE, _ceremony(empty="")),),
    "POST api.schedule_session": (Door(Act.CHANGE_SCHEDULE, _ceremony(empty=None)),),
    "POST courses.change_session": (Door(Act.CHANGE_SCHEDULE, _of_session, at=CLOSING),),
    "PATCH api.change_session": (Door(Act.CHANGE_SCHEDULE, known("API change session"), at=CLOSING),),
    "POST courses.cancel_session": (Door(Act.CHANGE_SCHEDULE, reason(), at=CLOSING),),
    "POST api.cancel_session": (
        Door(Act.CHANGE_SCHEDULE, lambda w: {**reason()(w), "confirm": True}, at=CLOSING),
    ),
    "POST courses.copy_rundown": (Door(Act.CHANGE_SCHEDULE, never_done=NO_SCHEDULE),),
    "POST api.copy_rundown": (Door(Act.CHANGE_SCHEDULE, never_done=NO_SCHEDULE),),
    "POST courses.change_curriculum_pass_mark": OFFICE,
    "POST courses.change_pass_mark": CONDITION,
    "PUT api.change_pass_mark": CONDITION,
    "PUT api.change_curriculum_pass_mark": OFFICE,
    "POST courses.add_facilitator": OFFICE,
    "POST courses.change_facilitator": OFFICE,
    # Asking for seats and deciding about them.
    "POST enrollments.enroll_self": (Door(Act.ENROLL, _phone, by="newcomer", unseen=DRAFT),),
    "POST enrollments.enroll_others": (
        Door(Act.ENROLL, known("enroll")),
        Door(Act.ENROLL, known("enroll", override_reason="Hadir sejak hari pertama"), said="with a reason"),
    ),
    "POST api.enroll": (
        Door(Act.ENROLL, known("API enroll")),
        Door(Act.ENROLL, by="newcomer", said="oneself", unseen=DRAFT),
    ),
    "POST enrollments.check_own_data": (Door(Act.ENROLL, by=None, query=BATCH, unseen=DRAFT, goes_on=True),),
    "POST enrollments.decide_enrollments": (
        Door(Act.SEAT, known("decide", note="Hadir sejak awal"), said="accept"),
        Door(Act.SORT, known("decide", decision="waitlist"), said="waitlist"),
        Door(Act.SEAT, known("decide", note="Hadir sejak awal", decision="accept_and_waitlist"), said="both"),
    ),
    **{f"POST enrollments.{each[-1]}": _by_page(*each) for each in ENROLLMENTS.values()},
    **{f"POST api.{name}_enrollment": _by_api(*each) for name, each in ENROLLMENTS.items()},
    "POST enrollments.end_absent": (Door(Act.WITHDRAW, reason(), at=_of("seated"), never_done=WAS_THERE),),
    "POST api.absent_enrollment": (Door(Act.WITHDRAW, reason(), at=_of("seated"), never_done=WAS_THERE),),
    "POST enrollments.answer_own_enrollment": (
        Door(Act.ANSWER, _own(answer="accepted"), by="offered", said="takes the seat"),
        Door(Act.ANSWER, _own(answer="confirmed"), by="seated", said="will come"),
        Door(Act.ENROLL, _own(answer="submitted"), by="returned", said="sends it again"),
    ),
    "POST api.answer_own_enrollment": (
        Door(
            Act.ANSWER,
            lambda _w: {"answer": "accepted"},
            by="offered",
            at=_of("offered"),
            said="takes the seat",
        ),
        Door(Act.ANSWER, lambda _w: {"answer": "confirmed"}, by="seated", at=_of("seated"), said="will come"),
        Door(
            Act.ENROLL,
            lambda _w: {"answer": "submitted"},
            by="returned",
            at=_of("returned"),
            said="sends it again",
        ),
    ),
    "POST api.withdraw_own_enrollment": (Door(Act.WITHDRAW, reason(), by="seated", at=_of("seated")),),
    "POST api.keep_enrollment": (Door(Act.SEAT, reason(), at=_of("retired")),),
    "POST enrollments.withdraw_own_enrollment": (Door(Act.WITHDRAW, _own(reason="Saya sakit"), by="seated"),),
    **named(
        "enrollments",
        "ask_nik ask_birth ask_name ask_desa ask_contact start_again forget_registration",
        ANSWER,
    ),
    "POST workspace.list_notices": (Door(Act.NOTIFY, lambda w: {"notices": [w.own.ids["notice_id"]]}),),
    "POST api.mark_told": (Door(Act.NOTIFY),),
    "POST workspace.list_unfit": (Door(Act.SEAT, _kept),),
    # Presence.
    "POST attendance.record_block": (
        Door(Act.RECORD_ATTENDANCE, _presence("learner"), as_shown=True),
        Door(Act.RECORD_ATTENDANCE, _presence("put_off"), as_shown=True, about_deferred=True, said="put off"),
    ),
    "POST attendance.record_session": (
        Door(Act.RECORD_ATTENDANCE, _presence("learner"), as_shown=True),
        Door(Act.RECORD_ATTENDANCE, _presence("put_off"), as_shown=True, about_deferred=True, said="put off"),
    ),
    "POST api.record_attendance": (
        Door(Act.RECORD_ATTENDANCE, _entries("learner"), as_shown=True),
        Door(Act.RECORD_ATTENDANCE, _entries("put_off"), as_shown=True, about_deferred=True, said="put off"),
    ),
    # Places of practice.
    "POST fieldwork.request_visit": (Door(Act.PLAN_VISIT, _another_day("request visit")),),
    "POST api.request_visit": (Door(Act.PLAN_VISIT, _another_day("API visit")),),
    "POST fieldwork.ask_again": (Door(Act.PLAN_VISIT, at=PROPOSED),),
    "POST api.ask_again": (Door(Act.PLAN_VISIT, at=PROPOSED),),
    "POST fieldwork.cancel_visit": (Door(Act.PLAN_VISIT, reason(), at=ASKED),),
    "POST fieldwork.answer_visit": (
        Door(Act.ANSWER_VISIT, known("answer visit"), by="host_contact", at=ASKED),
        Door(
            Act.ANSWER_VISIT,
            _declined,
            by="host_contact",
            said="people are placed",
        ),
    ),
    "POST api.answer_visit": (
        Door(Act.ANSWER_VISIT, lambda _w: {"status": "accepted"}, by="host_contact", at=ASKED),
        Door(Act.PLAN_VISIT, _called_off, said="cancels"),
    ),
    "POST fieldwork.spread_evenly": (Door(Act.PLACE),),
    "POST api.plan_placements": (Door(Act.PLACE),),
    "POST fieldwork.divide_anew": (Door(Act.PLACE, lambda _w: {"moving": "1"}),),
    "POST api.divide_anew": (Door(Act.PLACE, lambda _w: {"moving": 1}),),
    "POST fieldwork.place_attendee": (Door(Act.PLACE, known("place")),),
    "POST fieldwork.name_mentor": (Door(Act.PLACE, lambda _w: {"mentor_name": "Ibu Ana"}),),
    **named("fieldwork", "draft_host change_host name_contact remove_contact", HOST),
    "POST api.draft_host": HOST,
    "PATCH api.change_host": HOST,
    # Marks and the meeting.
    "POST assessment.record_marks": (
        Door(Act.RECORD_MARK, lambda w: {f"mark_{w.own.more['learner']}": "77"}, as_shown=True),
        Door(
            Act.RECORD_MARK,
            lambda w: {f"mark_{w.own.more['put_off']}": "77"},
            as_shown=True,
            about_deferred=True,
            said="put off",
        ),
    ),
    "POST api.record_assessments": (
        Door(Act.RECORD_MARK, _marks("learner"), as_shown=True),
        Door(Act.RECORD_MARK, _marks("put_off"), as_shown=True, about_deferred=True, said="put off"),
    ),
    "POST assessment.check_marks": Reading(
        Door(Act.RECORD_MARK, lambda _w: {"kind": "final", "text": "1\t80\n2\t81\n3\t82"}),
    ),
    "POST assessment.propose_graduation": (Door(Act.PROPOSE, _meeting, about_deferred=True),),
    "POST api.propose_graduation": (Door(Act.PROPOSE, _meeting, about_deferred=True),),
    "POST assessment.approve_graduation": (Door(Act.DECIDE_GRADUATION, by="signer"),),
    "POST api.approve_graduation": (Door(Act.DECIDE_GRADUATION, by="signer"),),
    "POST assessment.return_graduation": (Door(Act.DECIDE_GRADUATION, reason(), by="signer"),),
    "POST api.return_graduation": (Door(Act.DECIDE_GRADUATION, reason(), by="signer"),),
    "POST assessment.withdraw_graduation": (Door(Act.DECIDE_GRADUATION, reason()),),
    "POST api.withdraw_graduation": (Door(Act.DECIDE_GRADUATION, reason()),),
    "POST assessment.take_back_approval": (
        Door(Act.TAKE_BACK_APPROVAL, reason(), by="signer", never_done=CERTIFIED),
    ),
    "POST api.take_back_approval": (
        Door(Act.TAKE_BACK_APPROVAL, reason(), by="signer", never_done=CERTIFIED),
    ),
    # Certificates.
    "POST certificates.issue_certificates": (Door(Act.ISSUE, _issued),),
    "POST api.issue_certificates": (Door(Act.ISSUE, _issued),),
    "POST certificates.revoke_certificate": (Door(Act.REVOKE, _revoked, by="signer"),),
    "POST api.revoke_certificate": (Door(Act.REVOKE, _revoked, by="signer"),),
    "POST certificates.reinstate_certificate": (
        Door(Act.REVOKE, reason(), by="signer", never_done=NOT_REVOKED),
    ),
    "POST api.reinstate_certificate": (Door(Act.REVOKE, reason(), by="signer", never_done=NOT_REVOKED),),
    "POST certificates.replace_certificate": (Door(Act.REPLACE, _anew, by="signer"),),
    "POST api.replace_certificate": (Door(Act.REPLACE, _anew, by="signer"),),
    # People, offices, accounts.
    "POST workspace.appoint_graduates": Elsewhere(
        "one SK for people who have passed: their standing changes, nothing of the batch", names_a_batch=True
    ),
    **named(
        "trainees",
        "change_standing correct_appointment correct_trainee find_trainee hand_out_account make_appointment"
        " take_back_standing",
        PERSON,
    ),
    **named("trainees", "merge_trainees move_duty register_trainee show_nik undo_merge", PERSON),
    **named(
        "api",
        "change_standing make_appointment merge_trainees move_duty register_trainee take_back_standing"
        " undo_merge",
        PERSON,
    ),
    "PATCH api.correct_trainee": PERSON,
    "PUT api.put_trainee": PERSON,
    "PATCH api.correct_appointment": PERSON,
    "POST api.make_token": ACCOUNT,
    **named(
        "auth",
        "accept_invitation change_email change_password disable_user enable_user",
        ACCOUNT,
    ),
    **named(
        "auth",
        "end_access_token end_other_sign_ins end_sign_in grant_role invite_again invite_user"
        " issue_reset_link",
        ACCOUNT,
    ),
    **named("auth", "request_reset reset_password revoke_role sign_in sign_out", ACCOUNT),
    "POST api.answer_petition": PERSON,
    **named(
        "petitions", "answer_petition change_name hand_out_code report_certificate suggest_correction", PERSON
    ),
    **named(
        "organisers",
        "appoint_signer correct_name correct_signer end_signer register_organiser rename_organiser",
        OFFICE,
    ),
    **named("organisers", "publish_coverage set_numbering set_sheet", OFFICE),
    "POST coverage.export_names": Elsewhere("reads names, and records that they were read"),
    **named("coverage", "set_target withdraw_target", TARGET),
    **named("api", "set_target withdraw_target", TARGET),
    **named("coverage", "state_complete take_back_survey", SURVEY),
    **named("api", "state_complete take_back_survey", SURVEY),
}

# Addresses that do not ask the table yet, and why. A line that is not needed any more fails the walk.
PENDING: dict[str, str] = {}
