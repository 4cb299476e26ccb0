"""Lengkap means one thing on every page; half days invent nothing; who left stays where they were; presence
is cleared aloud.
"""

from datetime import date, time, timedelta
from itertools import product

import pytest
from sqlalchemy import func, select

from app.assessment import queries as assessment
from app.attendance import lines, queries, rules, services
from app.attendance.joining import left_on
from app.attendance.models import Attendance
from app.attendance.rules import Entry, Presence
from app.audit import queries as audit
from app.audit.models import Event
from app.auth.rules import Role
from app.core import clock
from app.core.errors import RuleViolation
from app.courses.rules import BatchStatus
from app.extensions import db as database
from app.workspace import queries as workspace
from tests.pdf import needs, text_of, tools

P = Presence
DAY = date(2026, 10, 12)
MORNING = "2026-10-12-1"


@pytest.fixture
def batch(make, at):
    at(2026, 10, 12, 3)
    return make.batch(starts_on=DAY - timedelta(days=1), ends_on=DAY, status=BatchStatus.RUNNING)


@pytest.fixture
def policy(make, batch):
    return make.session(batch, held_on=DAY, title="Kebijakan")


@pytest.fixture
def ethics(make, batch):
    return make.session(batch, held_on=DAY, title="Etika", starts_at=time(10, 45), ends_at=time(12, 15))


@pytest.fixture
def officer(make, browser):
    user = make.user(Role.KABUPATEN_DINAS)
    browser.sign_in(user)
    return user


def leave(person, moment):
    person.left_at = moment
    database.session.commit()


def answers(batch):
    """Return what each page says of the first half day: complete or not."""
    block = queries.find_block(batch, MORNING)
    progress = workspace.progress_of(batch)
    return {
        "block": block.is_complete,
        "next": queries.next_block(queries.blocks_of(batch), DAY) is None,
        "rail": progress.presence_complete,
        "first missing": progress.first_missing is None,
        "list": not queries.list_sessions_without_presence(batch),
        "proposal": not assessment.list_sessions_without_presence(batch),
        "numbers": block.entered == block.people,
    }


def all_say(batch):
    said = set(answers(batch).values())
    assert len(said) == 1, answers(batch)
    return said.pop()


def test_a_half_day_is_complete_when_every_session_has_an_entry_for_everybody_of_its_group(
    make, batch, policy, ethics
):
    own = make.session(
        batch, held_on=DAY, title="Kelompok 1", starts_at=time(7), ends_at=time(8), group=1, lesson_hours=1
    )
    one, two = make.attendee(batch), make.attendee(batch)
    one.group, two.group = 1, 2
    database.session.commit()
    assert not all_say(batch)
    for session, person in ((policy, one), (policy, two), (ethics, one), (own, one)):
        make.attendance(session, person)
        assert not all_say(batch)
    assert queries.find_block(batch, MORNING).missing == [ethics]

    make.attendance(ethics, two, P.SICK)

    assert all_say(batch)


def test_an_empty_session_in_a_half_day_is_said_by_name_and_not_hidden_behind_thirty_of_thirty(
    make, batch, policy, browser, officer
):
    person = make.attendee(batch)
    make.attendance(policy, person)
    assert "1 dari 1 hadir" in browser.get("attendance.show_attendance", batch_id=batch.id).text
    make.session(batch, held_on=DAY, title="Etika", starts_at=time(10, 45), ends_at=time(12, 15))

    page = browser.get("attendance.show_attendance", batch_id=batch.id)

    assert "1 belum lengkap" in page.text
    assert "1 hadir" not in page.text
    assert "Belum lengkap: Etika" in page.text
    assert "1 dari 1 hadir" not in page.text
    assert (
        "Etika, 2 JP · belum lengkap"
        in browser.get("attendance.record_block", batch_id=batch.id, block=MORNING).text
    )


def test_who_was_there_in_a_part_of_the_half_day_is_not_counted_as_there(
    make, batch, policy, browser, officer
):
    ethics = make.session(batch, held_on=DAY, title="Etika", starts_at=time(10, 45), ends_at=time(12, 15))
    one, two = make.attendee(batch), make.attendee(batch)
    for session, person, status in (
        (policy, one, P.PRESENT),
        (ethics, one, P.PRESENT),
        (policy, two, P.PRESENT),
        (ethics, two, P.ABSENT),
    ):
        make.attendance(session, person, status)

    page = browser.get("attendance.show_attendance", batch_id=batch.id)

    assert "1 dari 2 hadir" in page.text
    assert "1 hadir sebagian" in page.text


def test_a_half_day_counts_everybody_once_and_names_every_kind(make, batch, policy, browser, officer):
    ethics = make.session(batch, held_on=DAY, title="Etika", starts_at=time(10, 45), ends_at=time(12, 15))
    people = [make.attendee(batch) for _number in range(7)]
    first = (P.PRESENT, P.PRESENT, P.ABSENT, P.SICK, P.LATE, P.PRESENT)  # nothing is entered of the seventh
    second = (P.PRESENT, P.ABSENT, P.ABSENT, P.EXCUSED, P.PRESENT)  # nor of the sixth here
    for session, statuses in ((policy, first), (ethics, second)):
        for person, status in zip(people, statuses, strict=False):
            make.attendance(session, person, status)

    page = browser.get("attendance.show_attendance", batch_id=batch.id)

    said = "2 hadir, 1 hadir sebagian, 1 tanpa keterangan, 1 tidak hadir, 1 belum lengkap, 1 belum diisi"
    assert said in " ".join(page.text.split())
    assert sum(number for _label, number in queries.find_block(batch, MORNING).counts) == 7


def test_a_batch_without_participants_has_no_presence_to_be_complete(batch, policy):
    assert not workspace.progress_of(batch).presence_complete
    assert workspace.progress_of(batch).first_missing is None


def test_a_cancelled_session_or_one_without_jp_wants_no_presence(make, batch, policy, ethics):
    make.attendance(policy, make.attendee(batch))
    assert not all_say(batch)
    ethics.cancelled_at = clock.now()
    make.session(batch, held_on=DAY, lesson_hours=0, starts_at=time(8), ends_at=time(9))
    database.session.commit()
    assert all_say(batch)


def rows_of(person):
    kept = select(Attendance).where(Attendance.attendee_id == person.id).order_by(Attendance.session_id)
    return {row.session.title: row.status for row in database.session.scalars(kept)}


def sent_by(page):
    form = page.soup.select_one("form[data-presence]")
    return {"version": form.select_one("[name=version]")["value"]} | {
        field["name"]: field["value"] for field in form.select("input[type=radio][checked]")
    }


def test_a_session_that_was_moved_into_a_half_day_does_not_fill_it(make, batch, policy, browser, officer):
    afternoon = make.session(batch, held_on=DAY, title="Etika", starts_at=time(13, 15), ends_at=time(14, 45))
    ill, here = make.attendee(batch), make.attendee(batch)
    services.record_presences(afternoon, {ill.id: Entry(P.SICK), here.id: Entry(P.PRESENT)}, by=officer)
    afternoon.starts_at, afternoon.ends_at = time(10, 45), time(12, 15)
    database.session.commit()

    page = browser.get("attendance.record_block", batch_id=batch.id, block=MORNING)

    assert "Biarkan (belum diisi: Kebijakan)" in page.text
    assert "Sudah diisi: Etika: Sakit." in page.text
    sent = sent_by(page)
    assert (sent[f"status_{ill.id}"], sent[f"status_{here.id}"]) == ("keep", "present")
    browser.post("attendance.record_block", batch_id=batch.id, block=MORNING, data=sent)
    assert rows_of(ill) == {"Etika": P.SICK}
    assert rows_of(here) == {"Etika": P.PRESENT, "Kebijakan": P.PRESENT}

    page = browser.get("attendance.record_block", batch_id=batch.id, block=MORNING)
    assert "Berbeda per sesi" not in page.text
    sent = sent_by(page) | {f"status_{ill.id}": "late", f"minutes_{ill.id}": "20"}
    browser.post("attendance.record_block", batch_id=batch.id, block=MORNING, data=sent)
    assert rows_of(ill) == {"Etika": P.SICK, "Kebijakan": P.LATE}  # only what was empty
    page = browser.get("attendance.record_block", batch_id=batch.id, block=MORNING)
    assert "Berbeda per sesi (biarkan)" in page.text
    assert sent_by(page)[f"status_{ill.id}"] == "keep"


def test_minutes_late_of_a_half_day_filled_in_part_count_from_the_first_empty_session(
    make, batch, policy, ethics, officer, browser
):
    person = make.attendee(batch)
    services.record_presences(policy, {person.id: Entry(P.EXCUSED)}, by=officer)

    page = browser.get("attendance.record_block", batch_id=batch.id, block=MORNING)
    assert "Menit terlambat dihitung dari pukul 10.45." in page.text
    services.record_block(batch, MORNING, {person.id: Entry(P.LATE, 20)}, by=officer)
    make.attendance(policy, other := make.attendee(batch))
    with pytest.raises(RuleViolation, match="dari 1 sampai 89"):
        services.record_block(batch, MORNING, {other.id: Entry(P.LATE, 91)}, by=officer)

    assert rows_of(person) == {"Kebijakan": P.EXCUSED, "Etika": P.LATE}


def test_everybody_except_does_not_overwrite_what_is_entered(make, batch, policy, ethics, officer):
    ill, late = make.attendee(batch), make.attendee(batch)
    services.record_block(batch, MORNING, {ill.id: Entry(P.SICK)}, by=officer)

    services.record_block(batch, MORNING, {late.id: Entry(P.LATE, 5)}, by=officer)

    assert set(rows_of(ill).values()) == {P.SICK}


def test_a_half_day_that_was_changed_is_read_as_it_is_stored_or_not_at_all():
    """Whatever the sessions say now, one entry is shown only where it means exactly that for each of them."""
    entries = [
        Entry(P.PRESENT),
        Entry(P.SICK),
        Entry(P.PRESENT, 0, "x"),
        *(Entry(P.LATE, minutes) for minutes in (1, 45, 90)),
    ]
    times = [
        (time(8), time(8, 45)),
        (time(9, 15), time(10, 45)),
        (time(10, 45), time(12, 15)),
        (time(11), time(11, 20)),
    ]
    shown = 0
    for chosen, said in product([times[:2], times[1:3], times[1:], times[:1]], product(entries, repeat=3)):
        lines = [(*each, entry) for each, entry in zip(chosen, said, strict=False)]
        whole = rules.half_day_of(lines, first_start=chosen[0][0])
        if whole is not None:
            shown += 1
            shares = [
                rules.share_of(whole, starts, ends, first_start=chosen[0][0])
                for starts, ends, _entry in lines
            ]
            assert shares == [entry for _starts, _ends, entry in lines]
            longest = rules.minutes_between(chosen[0][0], max(ends for _starts, ends, _entry in lines))
            assert rules.refusal_of_entry(whole.status, whole.minutes_late, longest=longest + 1) is None
    assert shown > 20


@pytest.mark.parametrize("minutes", range(1, 196))
def test_minutes_late_of_a_half_day_come_back_with_the_same_shares(minutes):
    times = [
        (time(9, 15), time(10, 45)),
        (time(11), time(12, 30)),
    ]  # with a break, whose minutes belong to no session
    entry = Entry(P.LATE, minutes)
    shares = [rules.share_of(entry, *each, first_start=time(9, 15)) for each in times]
    back = rules.half_day_of(
        [(*each, share) for each, share in zip(times, shares, strict=True)], first_start=time(9, 15)
    )
    assert back is not None
    assert [rules.share_of(back, *each, first_start=time(9, 15)) for each in times] == shares
    assert back.minutes_late == (90 if 90 <= minutes <= 105 else minutes)


def test_the_shares_of_a_changed_half_day_stay_as_they_were_entered(make, batch, policy, ethics, officer):
    person = make.attendee(batch)
    services.record_block(batch, MORNING, {person.id: Entry(P.LATE, 100)}, by=officer)
    policy.starts_at, policy.ends_at = time(7, 15), time(8, 45)
    database.session.commit()
    line = lines.lines_of([policy, ethics], [person])[person.id]
    assert line.shown == Entry(P.LATE, 220)  # an hour more of nobody's time between them: the same shares
    services.record_block(batch, MORNING, {person.id: line.shown}, by=officer)
    assert [(row.status, row.minutes_late) for row in queries.list_attendances(batch)] == [
        (P.LATE, 90),
        (P.LATE, 10),
    ]

    policy.starts_at, policy.ends_at = time(12, 15), time(13, 45)
    database.session.commit()
    line = lines.lines_of([ethics, policy], [person])[person.id]
    assert line.shown is None  # ten minutes of the first and all of the second is no one arrival
    assert line.wording == "Etika: Terlambat 10 menit; Kebijakan: Terlambat 90 menit"


@pytest.fixture
def gone(make, batch, policy, ethics):
    """Somebody who was there on the first day and left on the second at 11.00."""
    person = make.attendee(batch, make.trainee(name="Rahmah"))
    make.attendance(make.session(batch, held_on=DAY - timedelta(days=1), title="Pembukaan kelas"), person)
    leave(person, clock.now())
    return person


def test_who_left_keeps_the_presence_and_makes_no_half_day_incomplete(
    make, batch, policy, ethics, gone, browser, officer
):
    person = make.attendee(batch)
    for session in queries.list_counted_sessions(batch):
        make.attendance(session, person)

    assert all_say(batch)
    first = queries.blocks_of(batch)[0]
    assert (first.present, first.people, first.entered) == (2, 2, 2)
    page = browser.get("attendance.show_attendance", batch_id=batch.id)
    row = next(
        tr.get_text(" ", strip=True) for tr in page.soup.select("tbody tr") if "Rahmah" in tr.get_text()
    )
    assert "2 dari 6" in row
    assert "Keluar pada 12 Oktober 2026" in row


def test_who_left_without_any_presence_is_not_in_the_rekap(make, batch, policy, browser, officer):
    person = make.attendee(batch, make.trainee(name="Rahmah"))
    leave(person, clock.now())
    assert "Rahmah" not in browser.get("attendance.show_attendance", batch_id=batch.id).text


def test_who_left_stands_in_the_form_of_that_day_as_left_alone_and_in_none_after_it(
    make, batch, policy, gone, browser, officer, at
):
    make.attendee(batch)
    page = browser.get("attendance.record_block", batch_id=batch.id, block=MORNING)
    assert "Keluar pada 12 Oktober 2026." in page.text
    assert sent_by(page)[f"status_{gone.id}"] == "keep"
    browser.post("attendance.record_block", batch_id=batch.id, block=MORNING, data=sent_by(page))
    services.record_block(batch, MORNING, {}, by=officer)
    assert rows_of(gone) == {"Pembukaan kelas": P.PRESENT}
    services.record_presences(policy, {gone.id: Entry(P.PRESENT)}, by=officer)
    assert rows_of(gone) == {"Pembukaan kelas": P.PRESENT, "Kebijakan": P.PRESENT}

    at(2026, 10, 13, 3)
    later = make.session(batch, held_on=DAY + timedelta(days=1))
    assert (
        "Rahmah" not in browser.get("attendance.record_block", batch_id=batch.id, block="2026-10-13-1").text
    )
    assert "Rahmah" not in browser.get("attendance.record_session", session_id=later.id).text
    for act in (
        lambda: services.record_presences(later, {gone.id: Entry(P.PRESENT)}, by=officer),
        lambda: services.record_block(batch, "2026-10-13-1", {gone.id: Entry(P.PRESENT)}, by=officer),
    ):
        with pytest.raises(RuleViolation, match="bukan peserta"):
            act()
    services.record_block(batch, "2026-10-13-1", {}, by=officer)
    assert len(rows_of(gone)) == 2


@tools
@needs["pdftotext"]
def test_the_printed_list_names_who_left_on_the_days_they_were_there(
    make, batch, policy, gone, browser, officer
):
    make.attendee(batch)

    def printed(day):
        return text_of(browser.get("attendance.print_sign_sheet", batch_id=batch.id, day=day).response.data)

    there = printed("2026-10-11")
    assert "Rahmah" in there
    assert "keluar pada 12 Oktober 2026" in there
    assert "Rahmah" not in printed("2026-10-12")


@pytest.mark.parametrize("day", [3, 17])  # late in the evening UTC it is the next day in Rantau
def test_the_day_somebody_left_is_that_of_the_place(make, batch, day):
    person = make.attendee(batch)
    leave(person, clock.now().replace(hour=day))
    assert left_on(person) == (DAY if day == 3 else DAY + timedelta(days=1))


def test_presence_is_cleared_with_a_reason_and_the_old_values_stay_in_the_events(
    make, batch, policy, ethics, officer
):
    ill, here = make.attendee(batch), make.attendee(batch)
    writer = make.user(Role.COMMITTEE, name="Ratna Dewi")
    services.record_block(batch, MORNING, {ill.id: Entry(P.SICK, 0, "demam")}, by=writer)
    assert set(queries.count_entered([policy.id, ethics.id, 999])) == {policy.id, ethics.id}

    with pytest.raises(RuleViolation, match="Tulis mengapa") as refusal:
        services.clear_presence(policy, "  ", by=officer)
    assert refusal.value.field == "reason"
    assert services.clear_presence(policy, "Sesi dipindah ke hari Rabu", by=officer) == 2
    assert services.clear_presence(policy, "Sesi dipindah ke hari Rabu", by=officer) == 0

    assert set(queries.count_entered([policy.id, ethics.id])) == {ethics.id}
    events = database.session.scalars(
        select(Event).where(Event.action == "attendance.cleared").order_by(Event.id)
    ).all()
    assert {event.person_id for event in events} == {ill.trainee_id, here.trainee_id}
    said = audit.details_of(events)[next(event.id for event in events if event.person_id == ill.trainee_id)]
    assert said["note"] == "Sesi dipindah ke hari Rabu"
    assert said["details"] == {
        "old": {"status": "sick", "minutes_late": 0, "note": "demam"},
        "old_by": "Ratna Dewi",
        "session": policy.id,
    }


def test_what_closes_the_schedule_closes_clearing_its_presence_too(make, batch, policy, officer):
    person = make.attendee(batch)
    make.attendance(policy, person)
    make.graduation(batch, person)

    with pytest.raises(RuleViolation, match="sudah disetujui"):
        services.clear_presence(policy, "pindah", by=officer)
    assert database.session.scalar(select(func.count(Attendance.id))) == 1
