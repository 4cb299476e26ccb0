"""How often something may be tried, counted in the database so that every process counts the same."""

from datetime import datetime, timedelta

from sqlalchemy import String, delete, func, select
from sqlalchemy.orm import Mapped, mapped_column

from app.core import clock, crypto
from app.core.dates import wait_words
from app.core.errors import TooManyTries
from app.core.models import UTCDateTime
from app.core.text import _
from app.core.unit_of_work import atomic
from app.extensions import db


class Try(db.Model):
    """One try of one kind; `what` is a keyed digest, so the table does not reveal who tried."""

    __tablename__ = "tries"

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(40))
    what: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime] = mapped_column(UTCDateTime, default=clock.now)

    __table_args__ = (db.Index("ix_tries_kind_what_at", "kind", "what", "at"),)


def take_turns(kind: str, what: str) -> None:
    """Let tries of the same thing take turns until the transaction ends, so that its limit is exact; SQLite's
    writers do anyway.
    """
    if db.session.get_bind().dialect.name == "postgresql":
        db.session.execute(
            select(func.pg_advisory_xact_lock(int(crypto.blind_index(what, context=kind)[:15], 16)))
        )


def check(kind: str, what: str, *, at_most: int, within: timedelta) -> None:
    """Raise TooManyTries when this was tried `at_most` times already in the last `within`; counts nothing
    itself.
    """
    since = clock.now() - within
    same = Try.kind == kind, Try.what == crypto.blind_index(what, context=kind), Try.at > since
    tries, oldest = db.session.execute(select(func.count(Try.id), func.min(Try.at)).where(*same)).one()
    if tries >= at_most:
        wait = max(1, int((oldest + within - clock.now()).total_seconds()) + 1)
        sentence = _("Terlalu banyak percobaan. Coba lagi dalam %(wait)s.", wait=wait_words(wait))
        raise TooManyTries(sentence, retry_after=wait)


@atomic()
def count(kind: str, *whats: str) -> None:
    """Record one try for each of these."""
    db.session.add_all(Try(kind=kind, what=crypto.blind_index(what, context=kind)) for what in whats)


@atomic()
def reset_attempts(kind: str, what: str) -> None:
    """Forget the tries of somebody who has proven to be the owner."""
    db.session.execute(
        delete(Try).where(Try.kind == kind, Try.what == crypto.blind_index(what, context=kind))
    )


@atomic()
def forget_old(older_than: timedelta = timedelta(days=2)) -> None:
    """Delete tries that no limit looks at any more."""
    db.session.execute(delete(Try).where(Try.at < clock.now() - older_than))
