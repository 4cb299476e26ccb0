"""The application with its lock taken out, for the control: what proves that the test of the last seat can
fail.
"""

import time
from typing import Any

from sqlalchemy import event

from app import create_app as locked_app
from app.courses import queries as courses_queries
from app.courses.models import Batch
from app.enrollments import queries
from app.enrollments.services import asking, joining
from app.extensions import db


def create_app() -> Any:
    """Read the batch without holding it, let time pass between counting and giving, and on SQLite decide
    outside a transaction.
    """
    application = locked_app()
    count = queries.count_seats

    def counted(batch_id: int) -> int:
        seats = count(batch_id)
        time.sleep(0.3)
        return seats

    queries.count_seats = counted
    for decisions in (asking, joining, courses_queries):
        decisions.lock_batch = lambda batch_id: db.session.get(Batch, batch_id)
    with application.app_context():
        if db.engine.dialect.name == "sqlite":
            event.listen(db.engine, "begin", lambda connection: connection.exec_driver_sql("COMMIT"))
    return application
