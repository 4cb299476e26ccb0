"""How an office lays out its certificates; offices from before keep the sheet they had: landscape, second signer on the back, no photo."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # No table is rebuilt: rows of other tables refer to this one.
    op.add_column("organisers", sa.Column("sheet_orientation", sa.String(32), nullable=False, server_default="landscape"))
    op.add_column("organisers", sa.Column("sheet_second_signer", sa.String(32), nullable=False, server_default="back"))
    op.add_column("organisers", sa.Column("sheet_photo", sa.Boolean(), nullable=False, server_default=sa.false()))


def downgrade() -> None:
    op.drop_column("organisers", "sheet_photo")
    op.drop_column("organisers", "sheet_second_signer")
    op.drop_column("organisers", "sheet_orientation")
