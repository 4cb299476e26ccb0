"""What is shown of a NIK is its first four figures alone: the last four are the same for most people, and rebuilt it from what stands
beside it. What was hidden is not shown again on the way back: the number itself is sealed, and a migration holds no key."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute(sa.text("UPDATE trainees SET nik_masked = substr(nik_masked, 1, 4) || '************' WHERE nik_masked IS NOT NULL"))


def downgrade() -> None:
    pass
