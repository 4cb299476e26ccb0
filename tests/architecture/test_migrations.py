"""One line of numbered migrations, up and down, equal to the models, importing nothing of the application."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask_migrate import downgrade, upgrade
from sqlalchemy import Engine, create_engine, inspect, text
from sqlalchemy.exc import IntegrityError

from app.assessment.rules import ResultOutcome
from app.core import clock
from app.core.models import ChoiceType
from app.enrollments.rules import EnrollmentStatus
from app.extensions import db
from app.extensions import db as database
from tests import databases
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


@pytest.fixture
def modelled(tmp_path) -> Iterator[Engine]:
    """An empty database with the tables that the models describe, made without a migration."""
    address = databases.new_database(tmp_path, "modelled")
    engine = create_engine(address)
    database.metadata.create_all(engine)
    yield engine
    engine.dispose()
    databases.drop_database(address)


def test_they_build_what_the_models_say(app, db, modelled):
    """Types with their lengths, what may be empty, defaults of the server, checks, keys and indexes alike."""
    built, said = tables_of(db.session.connection()), tables_of(modelled)
    assert set(built) - {"alembic_version"} == set(said)
    for table, described in said.items():
        for part, expected in described.items():
            assert built[table][part] == expected, f"{table}: {part}"


def test_every_list_of_words_is_checked_by_the_database(app, db):
    """A column of a `Choice` takes no other word, whoever writes it."""
    checks = {table: part["checks"] for table, part in tables_of(db.session.connection()).items()}
    lists = [
        (table.name, column)
        for table in db.metadata.tables.values()
        for column in table.columns
        if isinstance(column.type, ChoiceType)
    ]
    assert len(lists) >= 35
    for table, column in lists:
        words = set(re.findall(r"'(\w+)'", checks[table][f"ck_{table}_{column.name}_listed"]))
        assert words == {member.value for member in column.type.choices}, f"{table}.{column.name}"


# Nothing is searched by these references, and what they point at is never deleted.
NOT_SEARCHED = {
    ("attendees", "facilitator_id"): "read from the attendee",
    ("batches", "venue_region_id"): "read from the batch",
    ("certificates", "tier_id"): "three or four tiers: asked only beside the person or the batch",
    ("counters", "tier_id"): "found by the office first",
    ("courses", "tier_id"): "three or four tiers: asked only beside the office or the region",
    ("enrollments", "tier_id"): "three or four tiers: asked only beside the person or the batch",
    ("qualifications", "tier_id"): "three or four tiers: read from the person",
    ("tiers", "prerequisite_id"): "a table of three or four rows",
    ("training_sessions", "subject_id"): "read from the session",
}


def test_every_reference_has_an_index_or_a_reason(app, db):
    """A reference without an index makes the database read the whole table when it is searched by it."""
    without = set()
    for name, part in tables_of(db.session.connection()).items():
        led = {columns[0] for columns, _unique, condition in part["indexes"].values() if condition is None}
        led |= {columns[0] for columns in part["unique"].values()} | set(part["primary key"][:1])
        for columns, *_rest in part["foreign keys"].values():
            without |= {(name, columns[0])} if columns[0] not in led else set()
    assert without == set(NOT_SEARCHED)


def tables_of(bind):
    """Return what the database itself knows of each table, by part and name, in one form."""
    seen = inspect(bind)
    return {
        table: {
            "columns": {
                each["name"]: (
                    each["type"].compile(bind.dialect),
                    "may be empty" if each["nullable"] else "never empty",
                    plain(each["default"]),
                )
                for each in seen.get_columns(table)
            },
            "checks": {each["name"]: plain(each["sqltext"]) for each in seen.get_check_constraints(table)},
            "indexes": {
                each["name"]: (each["column_names"], bool(each["unique"]), condition_of(each))
                for each in seen.get_indexes(table)
                if not each.get("duplicates_constraint")
            },
            "unique": {each["name"]: each["column_names"] for each in seen.get_unique_constraints(table)},
            "primary key": seen.get_pk_constraint(table)["constrained_columns"],
            "foreign keys": {
                each["name"]: (
                    each["constrained_columns"],
                    each["referred_table"],
                    each["referred_columns"],
                    each["options"],
                )
                for each in seen.get_foreign_keys(table)
            },
        }
        for table in seen.get_table_names()
    }


def plain(words):
    """Return an expression of SQL without differences of layout."""
    return None if words is None else " ".join(str(words).split())


def condition_of(index):
    """Return the condition of a partial index, or None."""
    options = index.get("dialect_options", {})
    return plain(options.get("sqlite_where", options.get("postgresql_where")))


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


def test_checks_and_indexes_come_and_go_without_a_row_changing(file_app):
    """0017 rebuilds 23 tables on SQLite: what they hold and what refers to them stays as it was."""
    with file_app.app_context():
        make = Factories()
        make.certificate()
        make.placement(make.visit(), make.attendee())
        db.session.commit()
        downgrade(revision="0017")  # without the columns of later ones
        before = contents()
        downgrade(revision="0016")
        assert contents() == before
        upgrade(revision="0017")
        assert contents() == before
        with pytest.raises(IntegrityError, match="ck_trainees_status_listed"):
            db.session.execute(text("UPDATE trainees SET status = 'famous'"))
        db.session.rollback()
        with pytest.raises(IntegrityError):  # references are enforced again on the connection that rebuilt
            db.session.execute(text("DELETE FROM trainees"))
        db.session.rollback()


def test_words_in_no_list_are_named_before_anything_changes(file_app, caplog):
    """0017 stops at rows that it could not hold, says which, and goes on once they are corrected."""
    with file_app.app_context():
        trainee_id, batch_id = (make := Factories()).trainee().id, make.batch().id
        db.session.commit()
        downgrade(revision="0016")
        db.session.execute(text("UPDATE trainees SET status = 'famous' WHERE id = :id"), {"id": trainee_id})
        db.session.execute(text("UPDATE batches SET admission = 'lots' WHERE id = :id"), {"id": batch_id})
        db.session.commit()
        with pytest.raises(SystemExit):
            upgrade()
        assert f"trainees.status = 'famous' (id {trainee_id})" in caplog.text
        assert f"batches.admission = 'lots' (id {batch_id})" in caplog.text
        assert db.session.scalar(text("SELECT version_num FROM alembic_version")) == "0016"
        db.session.execute(text("UPDATE trainees SET status = 'active' WHERE id = :id"), {"id": trainee_id})
        db.session.execute(text("UPDATE batches SET admission = 'manual' WHERE id = :id"), {"id": batch_id})
        db.session.commit()
        upgrade(revision="0017")
        assert db.session.scalar(text("SELECT version_num FROM alembic_version")) == "0017"


def contents():
    """Return all rows of all tables but the version."""
    db.session.commit()
    tables = sorted(set(inspect(db.engine).get_table_names()) - {"alembic_version"})
    rows = {
        table: sorted(map(repr, db.session.execute(text(f'SELECT * FROM "{table}"')))) for table in tables
    }
    db.session.remove()
    return rows


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
