"""The worker: follows the calendar, sends mail, chains events, forgets what nobody asks for any more."""

import logging
import signal
import threading
from collections.abc import Callable
from dataclasses import asdict, dataclass
from types import FrameType
from typing import Any

import click
from flask import Flask, current_app
from flask.cli import with_appcontext

from app.audit.services import chain_pending
from app.cli.answers import answer, json_option, refusing
from app.config import Settings
from app.core import heartbeat, idempotency, throttle
from app.core.actor import SYSTEM
from app.courses import queries as course_queries
from app.courses import services as courses
from app.enrollments import queries as enrollment_queries
from app.enrollments import services as enrollments
from app.extensions import db
from app.notifications import delivery
from app.notifications.services import Sending, send_pending
from app.petitions import services as petitions
from app.trainees import services as trainees

log = logging.getLogger(__name__)

WAKES_EVERY = 1.0  # seconds
FORGETS_EVERY = 600  # rounds
CATCHES_UP_EVERY = 30  # rounds: the calendar decides in the rules, here it is only written down
MAILS_AT_ONCE = 20
FAREWELL = 8.0  # seconds for a mail under way after SIGTERM; one cut off is sent again by its lease


@click.command("worker")
@click.option(
    "--once", is_flag=True, help="Kerjakan semua yang menunggu satu kali, lalu berhenti (untuk cron)."
)
@json_option
@with_appcontext
@refusing
def command(once: bool, as_json: bool) -> None:
    """Ikuti kalender angkatan, kirim surat elektronik, rangkai catatan audit, bersihkan yang kedaluwarsa;
    berhenti dengan SIGTERM.
    """
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]
    settings: Settings = app.config["SETTINGS"]
    if once:
        calendar = follow_calendar()
        sending = send_mail(settings)
        chained = chain_all()
        forget()
        mails = {"sent": sending.sent, "postponed": sending.postponed, "failed": sending.failed}
        answer({**mails, "chained": chained, **asdict(calendar)}, as_json)
        return
    stop = threading.Event()

    def on_signal(_number: int, _frame: FrameType | None) -> None:
        stop.set()

    signal.signal(signal.SIGTERM, on_signal)
    signal.signal(signal.SIGINT, on_signal)
    run(app, settings, stop)


def run(app: Flask, settings: Settings, stop: threading.Event) -> None:
    """Work until told to stop.

    Mail has a thread of its own: a mail server that hangs must not hold up the chain.
    """
    mailing = threading.Thread(
        target=repeat, args=(app, stop, lambda: send_mail(settings, stop).touched), name="mail", daemon=True
    )
    mailing.start()
    log.info("worker started, mail goes to %s", settings.mail_server or settings.data_dir / "outbox")
    rounds = 0

    def one_round() -> int:
        nonlocal rounds
        if mailing.is_alive():
            heartbeat.beat(settings.data_dir)
        if rounds % FORGETS_EVERY == 0:
            forget()
        if rounds % CATCHES_UP_EVERY == 0:
            follow_calendar()
        rounds += 1
        return chain_all()

    repeat(app, stop, one_round)
    mailing.join(FAREWELL)
    heartbeat.rest(settings.data_dir)
    log.info("worker stopped")


def repeat(app: Flask, stop: threading.Event, work: Callable[[], Any]) -> None:
    """Do the work each second until told to stop; a failure (a database that restarts) is logged and tried
    again.
    """
    while not stop.is_set():
        with app.app_context():
            try:
                work()
            except Exception:
                log.exception("a round of the worker failed")
            finally:
                db.session.remove()
        stop.wait(WAKES_EVERY)


def send_mail(settings: Settings, stop: threading.Event | None = None) -> Sending:
    """Send all that is due, until told to stop."""
    send = delivery.sender(settings.mail_server, settings.data_dir)
    total = Sending()
    while stop is None or not stop.is_set():
        done = send_pending(send, at_most=MAILS_AT_ONCE)
        total = total + done
        if done.touched < MAILS_AT_ONCE:
            break
    return total


@dataclass(frozen=True)
class Followed:
    """What one round wrote down of what the calendar has decided."""

    batches_moved: int = 0
    enrollments_ended: int = 0
    people_reminded: int = 0
    news_renewed: int = 0


def follow_calendar() -> Followed:
    """Close, begin and end what is due, lapse offers, serve queues, remind, put right what was not told
    before the first day.
    """
    return Followed(
        for_each_batch(course_queries.list_behind_calendar, courses.follow),
        for_each_batch(
            enrollment_queries.list_batches_due, lambda batch_id: enrollments.catch_up(batch_id, by=SYSTEM)
        ),
        for_each_batch(
            enrollments.list_batches_to_remind, lambda batch_id: enrollments.remind(batch_id, by=SYSTEM)
        ),
        for_each_batch(
            enrollments.list_batches_begun, lambda batch_id: enrollments.renew_news(batch_id, by=SYSTEM)
        ),
    )


def for_each_batch(find: Callable[[], list[int]], work: Callable[[int], int]) -> int:
    """Do the work for each batch in a transaction of its own.

    What fails is logged and stops neither the other batches nor mail and chain.
    """
    try:
        found = find()
    except Exception:
        db.session.rollback()
        log.exception("the batches that are due could not be found")
        return 0
    return sum(attempt(batch_id, work) for batch_id in found)


def attempt(batch_id: int, work: Callable[[int], int]) -> int:
    """Return what the work did for one batch; nothing when it failed."""
    try:
        return work(batch_id)
    except Exception:
        db.session.rollback()
        log.exception("the calendar of batch %d could not be followed", batch_id)
        return 0


def chain_all() -> int:
    """Chain all that is committed; returns how many events."""
    total = 0
    while chained := chain_pending():
        total += chained
    return total


def forget() -> None:
    """Delete tries, kept answers and what was told with petitions, once nobody asks for them any more; before
    that let people be found by numbers that were recorded before they could be.
    """
    while trainees.index_phones():
        pass
    throttle.forget_old()
    idempotency.forget_old()
    petitions.forget_old()
