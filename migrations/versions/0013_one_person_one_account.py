"""A merge keeps by what the accounts of the two records signed in before it; who registered herself may be marked as somebody known."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("merges", sa.Column("accounts", sa.JSON(), nullable=True))
    # No foreign key: SQLite adds and drops one only by rebuilding a table that half of all tables refer to.
    op.add_column("trainees", sa.Column("maybe_same_id", sa.Integer(), nullable=True))
    op.create_index("ix_trainees_maybe_same_id", "trainees", ["maybe_same_id"])


def downgrade() -> None:
    op.drop_index("ix_trainees_maybe_same_id", "trainees")
    op.drop_column("trainees", "maybe_same_id")
    op.drop_column("merges", "accounts")
