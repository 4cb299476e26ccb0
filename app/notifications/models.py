"""Messages to people outside."""

from datetime import datetime

from sqlalchemy import Index, String
from sqlalchemy.orm import Mapped, mapped_column

from app.core import clock
from app.core.models import EncryptedLongText, EncryptedText, UTCDateTime, choice
from app.extensions import db
from app.notifications.rules import PersonKind


class Message(db.Model):
    """One mail to one person.

    A row without `sent_at` and `failed_at` is the queue; `leased_until` is set while one worker sends it.
    """

    __tablename__ = "messages"

    id: Mapped[int] = mapped_column(primary_key=True)
    recipient: Mapped[str] = mapped_column(EncryptedText("messages.recipient"))
    subject: Mapped[str] = mapped_column(String(200))
    body: Mapped[str] = mapped_column(EncryptedLongText("messages.body"))  # links for one use stand in it
    html: Mapped[str | None] = mapped_column(
        EncryptedLongText("messages.html")
    )  # the same mail for programs that show HTML
    message_id: Mapped[str] = mapped_column(String(120), unique=True)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime, default=clock.now)
    due_at: Mapped[datetime] = mapped_column(UTCDateTime, default=clock.now, index=True)
    leased_until: Mapped[datetime | None] = mapped_column(UTCDateTime)
    attempts: Mapped[int] = mapped_column(default=0)
    last_error: Mapped[str | None] = mapped_column(String(300))
    sent_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    failed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)


class Notice(db.Model):
    """A decision about a batch that one person is to know: sent by mail, or passed on by somebody who ticks
    it.

    Batch and person lie above, so they are numbers without a foreign key.
    """

    __tablename__ = "notices"
    __table_args__ = (
        Index("ix_notices_batch_id_told_at", "batch_id", "told_at"),
        Index("ix_notices_person_kind_person_id", "person_kind", "person_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    batch_id: Mapped[int] = mapped_column()
    person_kind: Mapped[PersonKind] = choice(PersonKind)
    person_id: Mapped[int | None] = mapped_column()
    name: Mapped[str] = mapped_column(String(200))
    subject: Mapped[str] = mapped_column(String(200))
    text: Mapped[str] = mapped_column(EncryptedLongText("notices.text"))  # to be copied into a message
    created_at: Mapped[datetime] = mapped_column(UTCDateTime, default=clock.now)
    message_id: Mapped[int | None] = mapped_column(
        index=True
    )  # the mail, when there is an address; none once it was given up
    told_at: Mapped[datetime | None] = mapped_column(
        UTCDateTime
    )  # when the mail had left, or somebody ticked it
    told_by_id: Mapped[int | None] = mapped_column()
    told_label: Mapped[str | None] = mapped_column(String(200))
    about: Mapped[str | None] = mapped_column(
        String(60), index=True
    )  # what later news overtakes it: "enrollment:45"
    overtaken_at: Mapped[datetime | None] = mapped_column(
        UTCDateTime
    )  # it was never passed on, and need not be any more; LAPSED as its label
    known: Mapped[str | None] = mapped_column(
        EncryptedLongText("notices.known")
    )  # before the change it is about: see rules.Known
