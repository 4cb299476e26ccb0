"""Notes of a visit: what the committee wrote with its request, what was answered and by whom, and what became of the request."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

# Until now each of the three took the place of the one before.
OUTCOMES = (
    "UPDATE host_visits SET remark = note, note = '' WHERE note LIKE 'Semula tanggal %'",
    "UPDATE host_visits SET remark = note, note = '' WHERE status = 'cancelled' AND note NOT LIKE 'Diusulkan %'",
    "UPDATE host_visits SET answer_note = note, note = '' WHERE note <> '' AND (answered_at IS NOT NULL OR status = 'partly_accepted')",
)


def upgrade() -> None:
    for name, length in (("answer_note", 500), ("answer_note_by", 200), ("remark", 500)):
        op.add_column("host_visits", sa.Column(name, sa.String(length), nullable=False, server_default=""))
    for statement in OUTCOMES:
        op.execute(sa.text(statement))


def downgrade() -> None:
    op.execute(sa.text("UPDATE host_visits SET note = answer_note WHERE answer_note <> ''"))
    op.execute(sa.text("UPDATE host_visits SET note = remark WHERE remark <> '' AND note = ''"))
    for name in ("remark", "answer_note_by", "answer_note"):
        op.drop_column("host_visits", name)
