"""notices: what each is about, and when a later one has overtaken it before anybody told it"""

import sqlalchemy as sa
from alembic import op

revision = '0005'
down_revision = '0004'
branch_labels = None
depends_on = None


def upgrade():
    op.add_column('notices', sa.Column('about', sa.String(length=60), nullable=True))
    op.add_column('notices', sa.Column('overtaken_at', sa.DateTime(timezone=True), nullable=True))
    op.create_index('ix_notices_about', 'notices', ['about'], unique=False)


def downgrade():
    op.drop_index('ix_notices_about', table_name='notices')
    op.drop_column('notices', 'overtaken_at')
    op.drop_column('notices', 'about')
