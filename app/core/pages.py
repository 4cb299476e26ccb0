"""One slice of a list by key: the cost of a page does not grow with the pages before it."""

import base64
import json
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from sqlalchemy import Select, tuple_

from app.core.versions import digest_of
from app.extensions import db

T = TypeVar("T")
PER_PAGE = 50
MOST_PER_PAGE = 200


@dataclass(frozen=True)
class Page(Generic[T]):
    """Rows of one page and the cursor after which the next begins, or None on the last."""

    rows: list[T]
    next_cursor: str | None
    started_over: bool = False  # a cursor was given that cannot be read

    def __iter__(self) -> Any:
        return iter(self.rows)

    def __len__(self) -> int:
        return len(self.rows)


def page_of(
    query: Select[Any],
    *,
    keys: list[Any],
    after: str | None,
    per_page: int | None = None,
    newest_first: bool = False,
) -> Page[Any]:
    """Return the rows behind the cursor, ordered by the keys; the last key must be unique.

    A bad cursor starts at the top.
    """
    size = max(1, min(per_page or PER_PAGE, MOST_PER_PAGE))
    mark = digest_of([*map(str, keys), newest_first])  # a cursor is good for the list it was written for
    position = _read_cursor(after, mark, [key.type.python_type for key in keys])
    if position is not None:
        query = query.where(
            tuple_(*keys) < tuple_(*position) if newest_first else tuple_(*keys) > tuple_(*position)
        )
    labelled = query.add_columns(*[key.label(f"_key{n}") for n, key in enumerate(keys)])
    order = [key.desc() for key in keys] if newest_first else keys
    rows = list(db.session.execute(labelled.order_by(*order).limit(size + 1)))
    more = len(rows) > size
    rows = rows[:size]
    cursor = _write_cursor([mark, *rows[-1][-len(keys) :]]) if more else None
    return Page([row[0] for row in rows], cursor, started_over=bool(after) and position is None)


def _write_cursor(values: list[Any]) -> str:
    return base64.urlsafe_b64encode(json.dumps(values, default=str).encode()).decode().rstrip("=")


def _read_cursor(cursor: str | None, mark: str, types: list[type]) -> list[Any] | None:
    """Return the position a cursor stands for; keys are texts or whole numbers, anything else is no cursor of
    this list.
    """
    if not cursor or len(cursor) > 500:
        return None
    try:
        values = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    except ValueError:
        return None
    if (
        not isinstance(values, list)
        or not values
        or values.pop(0) != mark
        or [type(value) for value in values] != types
    ):
        return None
    usable = all(abs(value) < 2**63 if isinstance(value, int) else "\0" not in value for value in values)
    return values if usable else None
