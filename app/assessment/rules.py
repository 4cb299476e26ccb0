"""Kinds of marks, outcomes, states of a graduation; who passes and why not; what the meeting may say; who may
approve.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from app.attendance.rules import Practice, has_passed
from app.core.choices import Choice
from app.core.dates import day_date
from app.core.reasons import refusal_of_reason
from app.core.scores import write_score
from app.core.text import Text, _, lower_first
from app.courses.rules import MARK_IS_NO_CONDITION, MARK_RULE
from app.enrollments.rules import SeatEnd


class MarkKind(Choice):
    """What was marked; scores from 0 to 100."""

    PRETEST = "pretest", _("Pre-test")
    POSTTEST = "posttest", _("Post-test")
    FINAL = "final", _("Nilai akhir")


class ResultOutcome(Choice):
    """What the meeting says of a person."""

    PASSED = "passed", _("Lulus")
    ATTENDED = "attended", _("Telah mengikuti")
    DEFERRED = "deferred", _("Ditunda")
    FAILED = "failed", _("Tidak lulus")


class GraduationStatus(Choice):
    """Proposed by one person, approved by another."""

    PROPOSED = "proposed", _("Diusulkan")
    APPROVED = "approved", _("Disetujui")
    RETURNED = "returned", _("Dikembalikan")
    WITHDRAWN = "withdrawn", _("Ditarik")
    REPLACED = "replaced", _("Diganti")
    TAKEN_BACK = "taken_back", _("Persetujuan ditarik")


class RuleName(Choice):
    """What is asked of everybody who is to pass."""

    ATTENDANCE = "attendance", _("Kehadiran")
    FIELDWORK = "fieldwork", _("PKL")
    MARK = "mark", _("Nilai akhir")


class Predikat(NamedTuple):
    """A step of the scale: scores above `above`; some steps contradict a pass and are not
    written beside one.
    """

    above: Decimal
    label: Text
    is_pass: bool


SCALE = (  # of Latsar 2025; the local scale is data, kept here in one place
    Predikat(Decimal(90), _("Sangat Memuaskan"), True),
    Predikat(Decimal(80), _("Memuaskan"), True),
    Predikat(Decimal(70), _("Cukup Memuaskan"), True),
    Predikat(Decimal(60), _("Ditunda"), False),
    Predikat(Decimal(-1), _("Tidak Memuaskan"), False),
)
TONES = {
    ResultOutcome.PASSED: "ok",
    ResultOutcome.ATTENDED: "neutral",
    ResultOutcome.DEFERRED: "attention",
    ResultOutcome.FAILED: "stop",
}
# What a result makes of the seat: who passed keeps it, everybody else may ask again.
SEAT_ENDS = {
    ResultOutcome.FAILED: SeatEnd.FAILED,
    ResultOutcome.DEFERRED: SeatEnd.DEFERRED,
    ResultOutcome.ATTENDED: SeatEnd.ATTENDED,
}
GIVEN_BACK = frozenset(GraduationStatus) - {
    GraduationStatus.PROPOSED,
    GraduationStatus.APPROVED,
}  # decide nothing, or no more
RESULT = "result"  # what a notice of a result is about
EARNING = (ResultOutcome.PASSED, ResultOutcome.ATTENDED)  # give a certificate
ALREADY_PROPOSED = _("Kelulusan angkatan ini sudah diusulkan dan menunggu persetujuan.")


@dataclass(frozen=True)
class Asked:
    """What a course asks of everybody who is to pass."""

    threshold: int  # percent of planned JP
    fieldwork_required: bool
    pass_mark: Decimal | None = None  # none: no mark is asked for

    @property
    def names(self) -> list[RuleName]:
        """Return the rules that are asked, in the order of the columns."""
        asked = {
            RuleName.ATTENDANCE: True,
            RuleName.FIELDWORK: self.fieldwork_required,
            RuleName.MARK: self.pass_mark is not None,
        }
        return [name for name in RuleName if asked[name]]

    @property
    def sentences(self) -> list[Text]:
        """Return what is asked in words, one phrase a rule."""
        words = {
            RuleName.ATTENDANCE: _("hadir sekurangnya %(percent)s %% dari JP", percent=self.threshold),
            RuleName.FIELDWORK: _("hadir di semua sesi PKL"),
            RuleName.MARK: _("nilai akhir sekurangnya %(least)s", least=write_score(self.pass_mark)),
        }
        return [words[name] for name in self.names]

    @property
    def remarks(self) -> list[Text]:
        """Return, in sentences, what the mark means: nothing, or what is suggested without enough of it."""
        return [MARK_IS_NO_CONDITION] if self.pass_mark is None else [MARK_RULE]

    def heading(self, name: RuleName) -> Text:
        """Return the head of the column of one rule: its name, and what it asks where that is a number."""
        if name is RuleName.ATTENDANCE:
            return _("%(rule)s, syarat %(percent)s %%", rule=name.label, percent=self.threshold)
        return (
            _("%(rule)s, syarat %(least)s", rule=name.label, least=write_score(self.pass_mark))
            if name is RuleName.MARK
            else name.label
        )

    @property
    def frozen(self) -> dict[str, Any]:
        """Return it as approved minutes keep it."""
        mark = None if self.pass_mark is None else str(self.pass_mark)
        return {
            "attendance_threshold": self.threshold,
            "fieldwork_required": self.fieldwork_required,
            "pass_mark": mark,
        }

    @classmethod
    def read(cls, frozen: Mapping[str, Any]) -> "Asked":
        """Return what approved minutes keep."""
        mark = frozen["pass_mark"]
        return cls(
            frozen["attendance_threshold"],
            frozen["fieldwork_required"],
            None if mark is None else Decimal(mark),
        )


@dataclass(frozen=True)
class Facts:
    """What is known of one person when the meeting sits, in plain values."""

    attended_hours: int
    planned_hours: int
    practice: Practice
    asked: Asked
    score: Decimal | None = None
    open_hours: int = 0  # of the planned ones, whose presence is not recorded yet


@dataclass(frozen=True)
class RuleVerdict:
    """What one rule says of one person, in a sentence that the person may read."""

    name: RuleName
    passed: bool
    sentence: Text
    figure: str = ""  # the number it was judged by: 20/25 JP (80 %), 5/5 JP, 72,5
    is_open: bool = (
        False  # not met yet, and what is not recorded may still meet it: nothing is known against her
    )

    @property
    def label(self) -> Text:
        return _("memenuhi") if self.passed else _("belum tercatat") if self.is_open else _("belum memenuhi")


def verdicts(facts: Facts) -> list[RuleVerdict]:
    """Return what each rule that this course has says of one person."""
    found = [attendance_verdict(facts)]
    if facts.asked.fieldwork_required:
        found.append(fieldwork_verdict(facts.practice))
    if facts.asked.pass_mark is not None:
        found.append(mark_verdict(facts.score, facts.asked.pass_mark))
    return found


def attendance_verdict(facts: Facts) -> RuleVerdict:
    """Compare JP attended with the threshold, in whole numbers: 21 of 25 is not 85 %, whatever it rounds to.

    While recording the rest may still be enough, nothing is said against her.
    """
    attended, planned, threshold = facts.attended_hours, facts.planned_hours, facts.asked.threshold
    passed, share = has_passed(attended, planned, threshold), percent(attended, planned)
    figure = f"{attended}/{planned} JP ({share} %)"
    if not passed and facts.open_hours and has_passed(attended + facts.open_hours, planned, threshold):
        text = _("Belum tercatat: %(open)s dari %(planned)s JP", open=facts.open_hours, planned=planned)
        return RuleVerdict(RuleName.ATTENDANCE, False, text, figure, is_open=True)
    sentence = _(
        "Hadir %(attended)s dari %(planned)s JP (%(percent)s %%), syarat %(threshold)s %%.",
        attended=attended,
        planned=planned,
        percent=share,
        threshold=threshold,
    )
    return RuleVerdict(RuleName.ATTENDANCE, passed, sentence, figure)


def fieldwork_verdict(practice: Practice) -> RuleVerdict:
    """Say whether somebody took part in the field practice; whoever did in part reads in how much of it."""
    figure = f"{practice.attended}/{practice.planned} JP"
    if practice.may_be_done:
        return RuleVerdict(RuleName.FIELDWORK, False, _("PKL belum tercatat"), figure, is_open=True)
    sentence = _("Mengikuti PKL") if practice.is_done else _("Tidak mengikuti PKL")
    if practice.there and (not practice.is_done or practice.attended < practice.planned):
        figures = {
            "there": practice.there,
            "sessions": practice.sessions,
            "got": practice.attended,
            "all": practice.planned,
        }
        sentence = _("Mengikuti PKL, %(got)s dari %(all)s JP", **figures)
        if not practice.attended:
            sentence = _("Terlambat pada sesi PKL, 0 dari %(all)s JP", **figures)
        elif not practice.is_done:
            sentence = _(
                "PKL diikuti %(there)s dari %(sessions)s sesi (%(got)s dari %(all)s JP), syarat semua"
                " sesi PKL",
                **figures,
            )
    return RuleVerdict(RuleName.FIELDWORK, practice.is_done, sentence, figure)


def mark_verdict(score: Decimal | None, pass_mark: Decimal) -> RuleVerdict:
    """Compare the final mark with the pass mark; no mark is no pass."""
    least = write_score(pass_mark)
    if score is None:
        return RuleVerdict(RuleName.MARK, False, _("Nilai akhir belum diisi, syarat %(least)s.", least=least))
    sentence = _("Nilai akhir %(score)s, syarat %(least)s", score=write_score(score), least=least)
    return RuleVerdict(RuleName.MARK, score >= pass_mark, sentence, write_score(score))


def suggest_outcome(
    found: list[RuleVerdict], score: Decimal | None = None, *, has_died: bool = False
) -> ResultOutcome:
    """Return what the rules suggest: passed when all are met, put off where only the mark is not entered,
    failed otherwise.

    Of somebody who has died it is never suggested to pass, nor to be put off: the meeting says so where it
    means it.
    """
    suggested = _suggested(found, score)
    return (
        ResultOutcome.ATTENDED
        if has_died and suggested in {ResultOutcome.PASSED, ResultOutcome.DEFERRED}
        else suggested
    )


def _suggested(found: list[RuleVerdict], score: Decimal | None) -> ResultOutcome:
    failed = {verdict.name for verdict in found if not verdict.passed}
    if not failed:
        return ResultOutcome.PASSED
    put_off = failed == {RuleName.MARK} and score is None
    return ResultOutcome.DEFERRED if put_off else ResultOutcome.FAILED


def possible_outcomes(found: list[RuleVerdict]) -> list[ResultOutcome]:
    """Return what the meeting may say: nobody passes against a rule, nobody has attended against presence or
    field practice.
    """
    failed = {verdict.name for verdict in found if not verdict.passed}
    if not failed:
        return list(ResultOutcome)
    never = (
        {ResultOutcome.PASSED}
        if failed == {RuleName.MARK}
        else {ResultOutcome.PASSED, ResultOutcome.ATTENDED}
    )
    return [outcome for outcome in ResultOutcome if outcome not in never]


def refusal_to_decide(
    outcome: ResultOutcome, found: list[RuleVerdict], *, suggested: ResultOutcome, name: str
) -> Text | None:
    """Say why the meeting cannot decide this of one person, or None when it can."""
    if outcome is suggested:
        return None
    if outcome not in possible_outcomes(found):
        reasons = "; ".join(reasons_of(found))
        return _(
            "%(name)s tidak dapat dinyatakan %(outcome)s: %(reasons)s.",
            name=name,
            outcome=outcome.label,
            reasons=reasons,
        )
    return None


def lacks_reason(outcome: ResultOutcome, *, suggested: ResultOutcome, note: str) -> bool:
    """Say whether the meeting decides otherwise than the rules suggest and does not say why, in words."""
    return outcome is not suggested and refusal_of_reason(note) is not None


def carried_over(
    outcome: ResultOutcome,
    note: str,
    *,
    was_suggested: ResultOutcome,
    found: list[RuleVerdict],
    suggested: ResultOutcome,
) -> tuple[ResultOutcome, str] | None:
    """Return what an earlier proposal decided otherwise than the rules of its day, and its reason, as far as
    it can still be decided; None where the rules of today speak again.
    """
    if outcome is was_suggested and not (note and outcome is suggested):
        return None
    refused = refusal_to_decide(outcome, found, suggested=suggested, name="") or lacks_reason(
        outcome, suggested=suggested, note=note
    )
    return None if refused else (outcome, note)


def reasons_of(found: list[RuleVerdict]) -> list[str]:
    """Return the sentences of the rules that are not met."""
    return [str(verdict.sentence) for verdict in found if not verdict.passed]


def describe_outcomes(outcomes: Iterable[ResultOutcome]) -> str:
    """Return how many of each outcome: '28 lulus, 2 tidak lulus'."""
    counted = Counter(outcomes)
    return ", ".join(
        f"{counted[each]} {lower_first(str(each.label))}" for each in ResultOutcome if counted[each]
    )


def grade_of(outcome: ResultOutcome, score: Decimal | None) -> str | None:
    """Return the predikat that is written beside an outcome: only beside a pass, and none that contradicts
    it.
    """
    if outcome is not ResultOutcome.PASSED or score is None:
        return None
    step = step_of(score)
    return str(step.label) if step.is_pass else None


def step_of(score: Decimal) -> Predikat:
    """Return the step of the scale that a score stands on."""
    return next(step for step in SCALE if score > step.above)


def describe_scale() -> Text:
    """Say beside whom a word of the scale is written."""
    steps = [step for step in reversed(SCALE) if step.is_pass]
    words = ", ".join(
        str(_("di atas %(above)s %(label)s", above=write_score(step.above), label=str(step.label)))
        for step in steps
    )
    return _("Predikat hanya ditulis bagi yang lulus: %(words)s.", words=words)


def percent(part: int, whole: int) -> str:
    """Return a share in percent, cut (never rounded up) to one decimal: '84,6'; '0' of nothing."""
    tenths = part * 1000 // whole if whole else 0
    return f"{tenths // 10},{tenths % 10}" if tenths % 10 else str(tenths // 10)


def block_name(day: date, is_morning: bool) -> str:
    """Return 'Selasa, 24 Mei 2011 (pagi)'."""
    return f"{day_date(day)} ({_('pagi') if is_morning else _('siang')})"


def meeting_name(*, is_supplementary: bool) -> Text:
    """Return what a meeting is called on pages, in mails and on its paper: the first one decides about all, a
    later one about who was put off.
    """
    return _("Rapat susulan") if is_supplementary else _("Rapat kelulusan")
