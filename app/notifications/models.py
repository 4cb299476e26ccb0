"""Messages to people outside."""

from datetime import datetime

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from app.core import clock
from app.core.models import EncryptedLongText, EncryptedText, UTCDateTime
from app.extensions import db


class Message(db.Model):
    """One mail to one person. A row without `sent_at` and `failed_at` is the queue; `leased_until` keeps workers apart."""

    __tablename__ = "messages"

    id: Mapped[int] = mapped_column(primary_key=True)
    recipient: Mapped[str] = mapped_column(EncryptedText("messages.recipient"))
    subject: Mapped[str] = mapped_column(String(200))
    body: Mapped[str] = mapped_column(EncryptedLongText("messages.body"))  # links for one use stand in it
    html: Mapped[str | None] = mapped_column(EncryptedLongText("messages.html"))  # the same mail for programs that show HTML
    message_id: Mapped[str] = mapped_column(String(120), unique=True)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime, default=clock.now)
    due_at: Mapped[datetime] = mapped_column(UTCDateTime, default=clock.now, index=True)
    leased_until: Mapped[datetime | None] = mapped_column(UTCDateTime)
    attempts: Mapped[int] = mapped_column(default=0)
    last_error: Mapped[str | None] = mapped_column(String(300))
    sent_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    failed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
