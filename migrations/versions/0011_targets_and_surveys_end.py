"""A target of a place can be withdrawn and its history keeps every row; a statement that everybody is recorded ends on a day, with a
reason, and stays true of the days before."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

IN_FORCE = sa.text("withdrawn_at IS NULL")


def upgrade() -> None:
    with op.batch_alter_table("targets") as table:
        table.add_column(sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True))
        table.alter_column("per_desa", existing_type=sa.Integer(), nullable=True)  # none: from that day on the region above decides
        table.drop_constraint("uq_targets_region_id_starts_on", type_="unique")
    places = ["region_id", "starts_on"]
    op.create_index("uq_targets_in_force", "targets", places, unique=True, sqlite_where=IN_FORCE, postgresql_where=IN_FORCE)
    op.add_column("surveys", sa.Column("ended_on", sa.Date(), nullable=True))
    op.add_column("surveys", sa.Column("end_reason", sa.String(300), nullable=True))
    # What was taken back until now held on no day.
    op.execute(sa.text("UPDATE surveys SET ended_on = complete_on WHERE taken_back_at IS NOT NULL"))


def downgrade() -> None:
    op.drop_column("surveys", "end_reason")
    op.drop_column("surveys", "ended_on")
    op.drop_index("uq_targets_in_force", "targets")
    op.execute(sa.text("DELETE FROM targets WHERE withdrawn_at IS NOT NULL OR per_desa IS NULL"))
    with op.batch_alter_table("targets") as table:
        table.create_unique_constraint("uq_targets_region_id_starts_on", ["region_id", "starts_on"])
        table.alter_column("per_desa", existing_type=sa.Integer(), nullable=False)
        table.drop_column("withdrawn_at")
