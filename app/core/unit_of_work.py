"""One decision, one transaction: the only `session.commit()` in the project.

Reads run in a plain transaction. The outermost `atomic()` ends it and opens a writing one, so that everything
the decision reads is protected by the lock it takes: `BEGIN IMMEDIATE` on SQLite, row locks (`lock_x`
queries) on PostgreSQL.
"""

import random
import time
from collections.abc import Callable
from contextvars import ContextVar
from functools import wraps
from types import TracebackType
from typing import Any, ParamSpec, TypeVar

from sqlalchemy.exc import DBAPIError

from app.extensions import db

P = ParamSpec("P")
R = TypeVar("R")

TRIES = 5
TRANSIENT_STATES = {"40001", "40P01", "55P03"}  # serialization failure, deadlock, lock not available

_depth: ContextVar[int] = ContextVar("depth", default=0)
_callbacks: ContextVar[list[Callable[[], object]] | None] = ContextVar("callbacks", default=None)
writing: ContextVar[bool] = ContextVar("writing", default=False)


class atomic:
    """All or nothing, as `with atomic():` or `@atomic()`; inner ones join the outermost.

    As a decorator it starts over, a bounded number of times, when the database reports busy, serialization
    failure or deadlock.
    """

    def __enter__(self) -> None:
        if _depth.get() == 0:
            if db.session.new or db.session.dirty or db.session.deleted:
                raise RuntimeError("rows were changed outside atomic()")
            db.session.rollback()  # ends the reading transaction: what was read is read again under the lock
            writing.set(True)
            _callbacks.set([])
            try:
                db.session.connection()
            except BaseException:
                writing.set(False)
                db.session.rollback()
                raise
        _depth.set(_depth.get() + 1)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        _depth.set(_depth.get() - 1)
        if _depth.get():
            return
        callbacks = _callbacks.get() or []
        _callbacks.set(None)
        try:
            if kind is None:
                db.session.commit()
            else:
                db.session.rollback()
        except BaseException:
            db.session.rollback()
            raise
        finally:
            writing.set(False)
        if kind is None:
            for callback in callbacks:
                callback()

    def __call__(self, decided: Callable[P, R]) -> Callable[P, R]:
        @wraps(decided)
        def run(*args: P.args, **kwargs: P.kwargs) -> R:
            return start_over(lambda: decided(*args, **kwargs))

        return run


def start_over(decided: Callable[[], R]) -> R:
    """Run one decision atomically; begin again when the database asks for it, at most TRIES times."""
    if _depth.get():
        return decided()
    for attempt in range(1, TRIES + 1):
        try:
            with atomic():
                return decided()
        except DBAPIError as error:
            if attempt == TRIES or not is_transient(error):
                raise
            spread = random.uniform(0.01, 0.05)  # noqa: S311 - it spreads competitors out, it is no secret
            time.sleep(spread * 2**attempt)
    raise AssertionError("unreachable")


def is_transient(error: DBAPIError) -> bool:
    """Return whether the same transaction may succeed when it is simply tried again."""
    state = getattr(error.orig, "sqlstate", None)
    if state:
        return state in TRANSIENT_STATES
    return any(
        word in str(error.orig)
        for word in ("database is locked", "database table is locked", "database is busy")
    )


def on_commit(callback: Callable[[], object]) -> None:
    """Run this after the outermost transaction has been committed; never when it was rolled back."""
    waiting = _callbacks.get()
    if waiting is None:
        raise RuntimeError("on_commit() outside atomic()")
    waiting.append(callback)


def in_transaction() -> bool:
    """Return whether a decision is under way."""
    return _depth.get() > 0


def constraint_of(error: Any) -> str:
    """Return the words by which the engine names the broken constraint (name on PostgreSQL, columns on
    SQLite).
    """
    diagnostics = getattr(getattr(error, "orig", None), "diag", None)
    return getattr(diagnostics, "constraint_name", None) or str(getattr(error, "orig", error))
