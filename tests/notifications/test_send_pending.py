"""The queue: what was decided is told, once it is true, however often that takes."""

import smtplib
import threading
from datetime import timedelta

import pytest
from sqlalchemy import select

from app.core import clock
from app.core.errors import RuleViolation
from app.core.text import _
from app.core.unit_of_work import atomic
from app.extensions import db as database
from app.notifications import queries, rules, services
from app.notifications.models import Message
from app.notifications.services import Sending, enqueue, send_pending

LATER, NEVER = (
    smtplib.SMTPDataError(451, b"later"),
    smtplib.SMTPRecipientsRefused({"a@b": (550, b"no such user")}),
)


def queue(recipient="siti@contoh.id", subject="Undangan", body="Halo"):
    with atomic():
        message = enqueue(recipient, subject, body)
    return message  # noqa: RET504 - after the commit


class Sender:
    """Remembers what it was given; answers with the errors in turn."""

    def __init__(self, *errors):
        self.errors = list(errors)
        self.given = []

    def __call__(self, message):
        self.given.append(message)
        error = self.errors.pop(0) if self.errors else None
        if error:
            raise error


@pytest.fixture
def wait(at):
    """Let time pass."""
    at(2026, 5, 1, 1)
    return lambda **span: clock.start_at(clock.now() + timedelta(**span))


def test_a_message_is_written_as_it_is_read(db):
    message = queue(" siti@CONTOH.id", _("Undangan %(name)s", name="Siti"), "a\r\nb")
    assert (message.recipient, message.subject, message.body) == ("siti@contoh.id", "Undangan Siti", "a\nb")
    assert queries.list_unsent() == [message]
    assert queries.count_unsent() == 1


def test_the_address_cannot_be_read_in_the_database(db):
    queue()
    stored = db.session.execute(select(Message.__table__.c.recipient)).scalar_one()
    assert stored == "siti@contoh.id"  # through the column's type
    raw = db.session.connection().exec_driver_sql("SELECT recipient FROM messages").scalar_one()
    assert "siti" not in raw


def test_a_message_outside_a_decision_is_a_fault(db):
    with pytest.raises(RuntimeError):
        enqueue("siti@contoh.id", "Undangan", "Halo")


@pytest.mark.parametrize(
    ("recipient", "subject"), [("siti@contoh.id,b@c.id", "Undangan"), ("siti@contoh.id", "a\r\nBcc: b@c.id")]
)
def test_a_message_that_would_become_another_is_refused(db, recipient, subject):
    with pytest.raises(RuleViolation):
        queue(recipient, subject)
    assert queries.list_unsent() == []


def test_an_undone_decision_sends_nothing(db):
    def decide():
        with atomic():
            enqueue("siti@contoh.id", "Undangan", "Halo")
            raise LookupError

    with pytest.raises(LookupError):
        decide()
    sender = Sender()
    assert send_pending(sender) == Sending()
    assert sender.given == []


def test_what_is_due_is_sent_once_in_order(db):
    messages = [queue(subject=f"Surat {n}") for n in range(3)]
    sender = Sender()
    assert send_pending(sender) == Sending(sent=3)
    assert send_pending(sender) == Sending()
    assert [given.subject for given in sender.given] == ["Surat 0", "Surat 1", "Surat 2"]
    assert all(
        message.sent_at and message.leased_until is None and message.attempts == 1 for message in messages
    )


def test_no_transaction_is_open_while_the_network_is_used(db):
    queue()
    open_then = []
    send_pending(lambda message: open_then.append((message.recipient, db.session().in_transaction())))
    assert open_then == [("siti@contoh.id", False)]


def test_a_no_for_now_is_tried_again_later_with_the_same_message_id(db, wait):
    message = queue()
    sender = Sender(LATER)
    assert send_pending(sender) == Sending(postponed=1)
    assert message.last_error == "451 later"
    assert send_pending(sender) == Sending()
    wait(minutes=1, seconds=1)
    assert send_pending(sender) == Sending(sent=1)
    assert sender.given[0].message_id == sender.given[1].message_id == message.message_id
    assert message.last_error is None


def test_a_final_no_ends_it_at_once_and_undoes_nothing(db, make):
    batch = make.batch(quota=17)
    message, other = queue(), queue()
    assert send_pending(Sender(NEVER)) == Sending(sent=1, failed=1)
    assert message.failed_at is not None
    assert message.sent_at is None
    assert message.last_error == "550 no such user"
    assert other.sent_at is not None
    assert batch.quota == 17
    assert queries.list_failed(clock.now() - timedelta(hours=1)) == [message]


def test_after_eight_tries_it_is_given_up(db, wait):
    message = queue()
    rounds = 0
    while message.failed_at is None:
        assert send_pending(Sender(LATER)).touched == 1
        rounds += 1
        wait(hours=5)
    assert rounds == message.attempts == rules.MOST_TRIES
    assert send_pending(Sender()) == Sending()


def test_a_server_that_is_away_costs_no_message_a_try(db, wait):
    messages = [queue() for _each in range(3)]
    sender = Sender(*[rules.ServerUnreachable("refused")] * 40)
    for _round in range(20):
        assert send_pending(sender) == Sending(
            postponed=1
        )  # the round ends: the next would not be reached either
        wait(seconds=30)
    assert {message.attempts for message in messages} == {0}
    sender.errors.clear()
    wait(minutes=2)
    assert send_pending(sender) == Sending(sent=3)


def test_a_server_that_stays_away_for_days_ends_it(db, wait):
    message = queue()
    wait(days=4)
    send_pending(Sender(rules.ServerUnreachable("refused")))
    assert message.failed_at is not None
    assert send_pending(Sender()) == Sending()


def test_a_message_that_breaks_the_sender_does_not_hold_up_the_others(db):
    bad, good = queue(), queue()
    assert send_pending(Sender(ValueError("broken"))) == Sending(sent=1, failed=1)
    assert bad.last_error == "ValueError: broken"
    assert good.sent_at is not None


def test_what_a_killed_worker_held_is_sent_when_its_lease_is_over(db, wait):
    message = queue()
    with pytest.raises(KeyboardInterrupt):
        send_pending(Sender(KeyboardInterrupt()))  # as a kill: nothing is recorded
    assert message.attempts == 1
    sender = Sender()
    assert send_pending(sender) == Sending()
    wait(minutes=6)
    assert send_pending(sender) == Sending(sent=1)


def test_a_message_that_kills_every_worker_is_given_up(db, wait):
    message = queue()
    for _try in range(rules.MOST_TRIES):
        with pytest.raises(KeyboardInterrupt):
            send_pending(Sender(KeyboardInterrupt()))
        wait(minutes=6)
    assert send_pending(Sender()) == Sending()
    assert message.failed_at is not None


def test_what_a_slow_worker_learns_after_its_lease_changes_nothing(db, wait):
    message = queue()
    second = Sender()

    def slow(_given):
        wait(minutes=6)
        assert send_pending(second) == Sending(sent=1)
        raise NEVER

    send_pending(slow, at_most=1)
    assert message.sent_at is not None
    assert message.failed_at is None


def test_a_round_has_an_end(db):
    for _each in range(5):
        queue()
    assert send_pending(Sender(), at_most=2) == Sending(sent=2)
    assert queries.count_unsent() == 3


def test_two_workers_at_once_send_each_message_once(file_app):
    with file_app.app_context():
        for _each in range(20):
            queue()
        database.session.remove()
    sender, barrier = Sender(), threading.Barrier(3)

    def work():
        with file_app.app_context():
            barrier.wait()
            services.send_pending(sender)
            database.session.remove()

    threads = [threading.Thread(target=work) for _each in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(sender.given) == len({message.id for message in sender.given}) == 20
