"""The pass mark that a version of a curriculum asks for; none: no mark is asked for. Courses keep the copy that they took."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("curricula", sa.Column("pass_mark", sa.Numeric(5, 2), nullable=True))


def downgrade() -> None:
    op.drop_column("curricula", "pass_mark")
