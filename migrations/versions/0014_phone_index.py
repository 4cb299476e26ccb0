"""People are found by their telephone number too: a blind index beside the sealed number. Rows of before are filled by the worker."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("trainees", sa.Column("phone_index", sa.String(64), nullable=True))
    op.create_index("ix_trainees_phone_index", "trainees", ["phone_index"])


def downgrade() -> None:
    op.drop_index("ix_trainees_phone_index", "trainees")
    op.drop_column("trainees", "phone_index")
