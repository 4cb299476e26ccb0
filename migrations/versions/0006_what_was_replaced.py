"""merges: what the record that counts took over, so that undoing gives it back; standings: what each was written over"""

import sqlalchemy as sa
from alembic import op

revision = '0006'
down_revision = '0005'
branch_labels = None
depends_on = None


def upgrade():
    op.add_column('merges', sa.Column('taken', sa.String(length=300), nullable=True))
    op.add_column('standings', sa.Column('replaced', sa.JSON(), nullable=True))


def downgrade():
    op.drop_column('standings', 'replaced')
    op.drop_column('merges', 'taken')
