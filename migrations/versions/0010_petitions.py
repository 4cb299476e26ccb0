"""What is asked of the office waits in one queue; a person whose name was put right says when; a returned request comes
back with words; an office may open its figures to everybody."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("trainees", sa.Column("renamed_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("enrollments", sa.Column("reply", sa.String(500), nullable=True))
    op.add_column("organisers", sa.Column("publishes_coverage", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.create_table(
        "petitions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("trainee_id", sa.Integer(), nullable=True),
        sa.Column("region_id", sa.Integer(), nullable=True),
        sa.Column("batch_id", sa.Integer(), nullable=True),
        sa.Column("told", sa.Text(), nullable=True),
        sa.Column("secret_hash", sa.String(200), nullable=True),
        sa.Column("follow_index", sa.String(64), nullable=True),
        sa.Column("open_key", sa.String(120), nullable=True),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("asked_by_id", sa.Integer(), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answered_by_id", sa.Integer(), nullable=True),
        sa.Column("answered_label", sa.String(200), nullable=True),
        sa.Column("answer", sa.String(32), nullable=True),
        sa.Column("words", sa.String(512), nullable=True),
        sa.CheckConstraint("(answered_at IS NULL) = (answer IS NULL)", name=op.f("ck_petitions_answered_with_an_answer")),
        sa.ForeignKeyConstraint(["trainee_id"], ["trainees.id"], name=op.f("fk_petitions_trainee_id")),
        sa.ForeignKeyConstraint(["region_id"], ["regions.id"], name=op.f("fk_petitions_region_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_petitions")),
        sa.UniqueConstraint("open_key", name=op.f("uq_petitions_open_key")),
    )
    op.create_index("ix_petitions_answered_at_kind", "petitions", ["answered_at", "kind"])
    op.create_index(op.f("ix_petitions_trainee_id"), "petitions", ["trainee_id"])
    op.create_index(op.f("ix_petitions_region_id"), "petitions", ["region_id"])
    op.create_index(op.f("ix_petitions_follow_index"), "petitions", ["follow_index"])


def downgrade() -> None:
    op.drop_table("petitions")
    op.drop_column("organisers", "publishes_coverage")
    op.drop_column("enrollments", "reply")
    op.drop_column("trainees", "renamed_at")
