"""The telephone number of somebody who teaches, sealed as those of other people are."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("facilitators", sa.Column("phone", sa.String(512), nullable=True))


def downgrade() -> None:
    op.drop_column("facilitators", "phone")
