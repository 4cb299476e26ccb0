"""Column types and mixins that every package uses."""

from datetime import UTC, datetime
from typing import Any, TypeVar

from sqlalchemy import (
    JSON,
    CheckConstraint,
    Column,
    DateTime,
    String,
    Table,
    Text,
    TypeDecorator,
    event,
)
from sqlalchemy.orm import Mapped, mapped_column

from app.core import clock, crypto
from app.core.choices import Choice

C = TypeVar("C", bound=Choice)

# Codes compare byte by byte on both engines; a language's own order would skip the dots of a Kemendagri code.
Code = String(64).with_variant(String(64, collation="C"), "postgresql")


class UTCDateTime(TypeDecorator[datetime]):
    """A moment in UTC; naive values are refused."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Any) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment needs a zone")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Any) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class ChoiceType(TypeDecorator[Any]):
    """A Choice stored as its short word."""

    impl = String(32)
    cache_ok = True

    def __init__(self, choices: type[Choice]) -> None:
        super().__init__()
        self.choices = choices

    def process_bind_param(self, value: Any, dialect: Any) -> str | None:
        return None if value is None else self.choices(value).value

    def process_result_value(self, value: Any, dialect: Any) -> Any:
        return None if value is None else self.choices(value)


class EncryptedText(TypeDecorator[str]):
    """Text that is unreadable without NIK_KEY; bound to its column, so a value cannot be moved to another."""

    impl: Any = String(512)
    cache_ok = True

    def __init__(self, column: str) -> None:
        super().__init__()
        self.column = column

    def process_bind_param(self, value: str | None, dialect: Any) -> str | None:
        return None if value is None else crypto.encrypt(value, context=self.column)

    def process_result_value(self, value: str | None, dialect: Any) -> str | None:
        return None if value is None else crypto.decrypt(value, context=self.column)


class EncryptedLongText(EncryptedText):
    """The same for texts of any length."""

    impl: Any = Text
    cache_ok = True


class Recorded:
    """When the row was recorded (moment of the server) and by whose account; the business date is a column of
    its own.
    """

    recorded_at: Mapped[datetime] = mapped_column(UTCDateTime, default=clock.now)
    recorded_by_id: Mapped[int | None] = mapped_column()


def choice(choices: type[C], **options: Any) -> Mapped[C]:
    """Declare a column that holds one of the choices; the database refuses every other word.

    A member that is added to the choices, renamed or taken away needs a migration that renews the check.
    """
    words = ", ".join(f"'{member.value}'" for member in choices)

    def check(column: Column[Any], table: Table) -> None:
        name = f"{column.name}_listed"
        table.append_constraint(CheckConstraint(f"{column.name} IN ({words})", name=name))

    declared = mapped_column(ChoiceType(choices), **options)
    event.listen(declared.column, "after_parent_attach", check)  # its name is known once it is in a table
    return declared


JSONValue = JSON()
