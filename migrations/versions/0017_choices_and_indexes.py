"""The database refuses a word that is not in the list of its column; what is searched by has an index.

SQLite adds a check only by rebuilding the table. `migrations/env.py` lets it do so while foreign keys are not
enforced; after the last table they are compared.
"""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

LEVELS = "nation provinsi kabupaten kecamatan desa"
STANDINGS = "candidate active inactive resigned moved deceased"
OUTCOMES = "passed attended deferred failed"

# By table and column: the words that may stand in it.
CHOICES = {
    "attendances": {"status": "present late excused sick absent"},
    "attendees": {"kind": "trainee facilitator guest"},
    "batches": {
        "status": "draft open closed running finished cancelled",
        "admission": "manual automatic",
        "graduation_stage": "none proposed approved certified",
    },
    "certificates": {"kind": "completion participation"},
    "courses": {"kind": "diklat bimtek orientation meeting"},
    "enrollments": {
        "status": (
            "draft submitted returned verified accepted waitlisted rejected offered lapsed called confirmed"
            " withdrawn"
        ),
        "ended_as": "cancelled over failed deferred attended revoked merged absent not_serving",
    },
    "graduation_results": {"outcome": OUTCOMES, "suggested": OUTCOMES},
    "graduations": {"status": "proposed approved returned withdrawn replaced taken_back"},
    "grants": {
        "role": (
            "volunteer tksk trainer mentor committee kabupaten_dinas provinsi_dinas pusat signer host_contact"
            " ipsm_officer auditor administrator"
        ),
        "scope_kind": "region organiser batch session host",
    },
    "host_visits": {
        "status": "requested awaiting_permission accepted partly_accepted other_date declined cancelled"
    },
    "hosts": {"kind": "panti upt sentra lks other"},
    "marks": {"kind": "pretest posttest final"},
    "notices": {"person_kind": "trainee facilitator host officer"},
    "one_time_links": {"purpose": "invitation reset"},
    "organisers": {
        "level": LEVELS,
        "sheet_orientation": "landscape portrait",
        "sheet_second_signer": "back front none",
    },
    "petitions": {
        "kind": "claim code name report correction",
        "answer": "opened known new_person done corrected linked settled overtaken withdrawn told",
    },
    "qualifications": {"ended_as": "revoked replaced expired", "source": "certificate recognised"},
    "regions": {"level": LEVELS},
    "sign_in_names": {"kind": "email phone nik"},
    "standings": {"status": STANDINGS},
    "subjects": {"kind": "theory practice field_practice"},
    "tiers": {"level": LEVELS},
    "trainees": {"sex": "female male", "status": STANDINGS},
    "training_sessions": {"kind": "ceremony material field_practice discussion"},
    "workforce_counts": {"status": STANDINGS},
}

INDEXES = (
    ("certificates", ["attendee_id"]),
    ("certificates", ["superseded_by_id"]),
    ("courses", ["curriculum_id"]),
    ("enrollments", ["recorded_by_id", "recorded_at"]),
    ("grants", ["region_id"]),
    ("hosts", ["region_id"]),
    ("merges", ["canonical_id"]),
    ("notices", ["person_kind", "person_id"]),
    ("notices", ["message_id"]),
    ("petitions", ["asked_by_id"]),
    ("surveys", ["region_id"]),
    ("targets", ["region_id"]),
    ("trainees", ["home_region_id"]),
    ("trainees", ["recorded_by_id", "recorded_at"]),
)


def upgrade() -> None:
    refuse_unknown_words()
    for table, columns in CHOICES.items():
        with op.batch_alter_table(table) as batch:
            for column, words in columns.items():
                batch.create_check_constraint(op.f(check_of(table, column)), f"{column} IN ({listed(words)})")
    for table, columns in INDEXES:
        op.create_index(index_of(table, columns), table, columns)
    refuse_broken_references()


def downgrade() -> None:
    for table, columns in reversed(INDEXES):
        op.drop_index(index_of(table, columns), table)
    for table, columns in CHOICES.items():
        with op.batch_alter_table(table) as batch:
            for column in columns:
                batch.drop_constraint(op.f(check_of(table, column)), type_="check")
    refuse_broken_references()


def check_of(table: str, column: str) -> str:
    """Return the name of the check of a column."""
    return f"ck_{table}_{column}_listed"


def index_of(table: str, columns: list[str]) -> str:
    """Return the name of the index over these columns."""
    return f"ix_{table}_{'_'.join(columns)}"


def listed(words: str) -> str:
    """Return the words as a list of SQL."""
    return ", ".join(f"'{word}'" for word in words.split())


def refuse_unknown_words() -> None:
    """Raise with every row whose word is in no list, before anything is changed."""
    connection, found = op.get_bind(), []
    for table, columns in CHOICES.items():
        key = sa.inspect(connection).get_pk_constraint(table)["constrained_columns"][0]
        for column, words in columns.items():
            unknown = f"SELECT {key}, {column} FROM {table} WHERE {column} NOT IN ({listed(words)}) ORDER BY {key}"
            for number, word in connection.execute(sa.text(unknown)):
                found.append(f"{table}.{column} = {word!r} ({key} {number})")
    if found:
        raise RuntimeError("These rows hold a word that is in no list; correct them first: " + ", ".join(found))


def refuse_broken_references() -> None:
    """Raise where a rebuilt table of SQLite lost a row that another one refers to."""
    connection = op.get_bind()
    if connection.dialect.name == "sqlite":
        broken = connection.exec_driver_sql("PRAGMA foreign_key_check").all()
        if broken:
            raise RuntimeError(f"These rows refer to rows that are not there: {broken}")
