"""That an office has stated of a region that everybody there is recorded."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "surveys",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("region_id", sa.Integer(), nullable=False),
        sa.Column("complete_on", sa.Date(), nullable=False),
        sa.Column("taken_back_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("recorded_by_id", sa.Integer(), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["region_id"], ["regions.id"], name="fk_surveys_region_id"),
        sa.PrimaryKeyConstraint("id", name="pk_surveys"),
    )
    in_force = sa.text("taken_back_at IS NULL")
    op.create_index("uq_surveys_in_force", "surveys", ["region_id"], unique=True, sqlite_where=in_force, postgresql_where=in_force)


def downgrade() -> None:
    op.drop_index("uq_surveys_in_force", "surveys")
    op.drop_table("surveys")
