"""One line of numbered migrations, up and down, equal to the models, importing nothing of the application."""

import ast
import re
from pathlib import Path

from flask_migrate import downgrade, upgrade
from sqlalchemy import inspect, text

from app.assessment.rules import ResultOutcome
from app.core import clock
from app.enrollments.rules import EnrollmentStatus
from app.extensions import db
from tests.factories import Factories

VERSIONS = sorted((Path(__file__).resolve().parents[2] / "migrations" / "versions").glob("*.py"))


def test_they_form_one_numbered_line():
    for number, path in enumerate(VERSIONS, start=1):
        text = path.read_text()
        assert path.name.startswith(f"{number:04}_"), path.name
        assert re.search(rf"^revision = ['\"]{number:04}['\"]", text, re.M)
        below = f"['\"]{number - 1:04}['\"]" if number > 1 else "None"
        assert re.search(rf"^down_revision = {below}", text, re.M)


def test_they_do_not_import_the_application():
    for path in VERSIONS:
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.ImportFrom):
                assert not (node.module or "").startswith("app"), path.name
            elif isinstance(node, ast.Import):
                assert not [alias.name for alias in node.names if alias.name.split(".")[0] == "app"], (
                    path.name
                )


def test_they_build_what_the_models_say(app, db):
    from alembic.autogenerate import compare_metadata
    from alembic.migration import MigrationContext

    context = MigrationContext.configure(db.session.connection(), opts={"compare_type": True})
    assert compare_metadata(context, db.metadata) == []


def test_they_go_back_to_nothing_and_forward_again(file_app):
    with file_app.app_context():
        downgrade(revision="base")
        assert set(inspect(db.engine).get_table_names()) <= {"alembic_version"}
        upgrade()
        assert set(db.metadata.tables) <= set(inspect(db.engine).get_table_names())


def test_they_go_back_and_forward_over_a_whole_course(file_app):
    """Every later migration meets rows that refer to each other; nothing but its own columns may be lost."""
    with file_app.app_context():
        make = Factories()
        make.certificate()
        make.placement(make.visit(), make.attendee())
        before = {table: count for table in inspect(db.engine).get_table_names() if (count := rows_of(table))}
        db.session.remove()
        downgrade(revision="0001")
        assert {table: rows_of(table) for table in before} == before | {"alembic_version": 1}
        db.session.remove()
        upgrade()
        assert {table: rows_of(table) for table in before} == before


def rows_of(table):
    return db.session.execute(text(f'SELECT count(*) FROM "{table}"')).scalar_one()


def test_the_life_of_a_batch_is_read_from_what_was_decided_before(file_app):
    """0004 says of rows of the earlier version what ended their seats, and how far each batch is."""
    with file_app.app_context():
        make = Factories()
        cancelled, certified, passed, failed = make.batch(), make.batch(), make.batch(), make.batch()
        offered = make.enrollment(
            cancelled, status=EnrollmentStatus.OFFERED, decided_at=clock.now(), decided_label="Panitia"
        )
        asking = make.enrollment(cancelled)
        revoked = make.attendee(certified)
        make.certificate(
            revoked,
            revoked_at=clock.now(),
            revoked_on=clock.today("Asia/Makassar"),
            revoked_reason="Salah orang",
        )
        make.certificate(make.attendee(certified))
        make.graduation(passed, make.attendee(passed))
        make.graduation(failed, make.attendee(failed), outcome=ResultOutcome.FAILED)
        ids = [each.id for each in (cancelled, certified, passed, failed)]
        keys = [offered.id, asking.id]
        db.session.execute(
            text("UPDATE batches SET status = 'cancelled', status_reason = 'Anggaran' WHERE id = :id"),
            {"id": ids[0]},
        )
        db.session.commit()
        db.session.remove()
        downgrade(revision="0003")
        upgrade()
        stages = dict(db.session.execute(text("SELECT id, graduation_stage FROM batches")).all())
        assert [stages[key] for key in ids] == ["none", "certified", "approved", "approved"]
        ended = dict(db.session.execute(text("SELECT id, ended_as FROM enrollments")).all())
        assert [ended[key] for key in keys] == ["cancelled", "cancelled"]
        by_batch = db.session.execute(text("SELECT batch_id, ended_as FROM enrollments ORDER BY id")).all()
        assert [end for batch, end in by_batch if batch == ids[1]] == ["revoked", None]
        assert [end for batch, end in by_batch if batch in ids[2:]] == [None, "failed"]
        assert (
            db.session.scalar(text("SELECT offer_ends_at FROM enrollments WHERE id = :id"), {"id": keys[0]})
            is not None
        )
