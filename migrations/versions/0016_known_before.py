"""What somebody knew before a change that she is still to be told of, so that several changes are told as one difference."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("notices", sa.Column("known", sa.Text(), nullable=True))


def downgrade() -> None:
    op.drop_column("notices", "known")
