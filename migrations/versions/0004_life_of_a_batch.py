"""life of a batch: its stage, what ended a seat, until when an offer holds, who has to be told"""

from datetime import timedelta

import sqlalchemy as sa
from alembic import op

revision = '0004'
down_revision = '0003'
branch_labels = None
depends_on = None

ENDED = "status NOT IN ('lapsed', 'rejected', 'withdrawn')"
SEATED = "status IN ('accepted', 'called', 'confirmed')"
BEFORE_SEAT = "status IN ('draft', 'submitted', 'returned', 'verified', 'waitlisted', 'offered')"

# Columns are added and taken away in place: rebuilding these tables would touch rows that others refer to.


def upgrade():
    op.add_column('batches', sa.Column('graduation_stage', sa.String(length=32), nullable=False, server_default='none'))
    op.add_column('batches', sa.Column('approved_label', sa.String(length=200), nullable=True))
    op.add_column('enrollments', sa.Column('ended_as', sa.String(length=32), nullable=True))
    op.add_column('enrollments', sa.Column('ended_at', sa.DateTime(timezone=True), nullable=True))
    op.add_column('enrollments', sa.Column('ended_reason', sa.String(length=500), nullable=True))
    op.add_column('enrollments', sa.Column('offer_ends_at', sa.DateTime(timezone=True), nullable=True))
    op.add_column('enrollments', sa.Column('passed_over_reason', sa.String(length=500), nullable=True))
    op.add_column('graduations', sa.Column('record', sa.JSON(), nullable=True))
    op.add_column('graduations', sa.Column('is_supplementary', sa.Boolean(), nullable=False, server_default=sa.false()))

    op.drop_index('uq_enrollments_active', table_name='enrollments')
    op.drop_index('uq_enrollments_seat', table_name='enrollments')
    op.drop_index('uq_graduations_standing', table_name='graduations')

    _set_stages()
    _end_seats()
    _end_offers()

    _partial('uq_enrollments_active', 'enrollments', ['batch_id', 'trainee_id'], f"{ENDED} AND ended_as IS NULL")
    _partial('uq_enrollments_seat', 'enrollments', ['trainee_id', 'tier_id'], f"{SEATED} AND ended_as IS NULL")
    _partial('uq_graduations_proposed', 'graduations', ['batch_id'], "status = 'proposed'")
    op.create_index('ix_enrollments_status_offer_ends_at', 'enrollments', ['status', 'offer_ends_at'], unique=False)

    op.create_table('notices',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('batch_id', sa.Integer(), nullable=False),
    sa.Column('person_kind', sa.String(length=32), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=True),
    sa.Column('name', sa.String(length=200), nullable=False),
    sa.Column('subject', sa.String(length=200), nullable=False),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('message_id', sa.Integer(), nullable=True),
    sa.Column('told_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('told_by_id', sa.Integer(), nullable=True),
    sa.Column('told_label', sa.String(length=200), nullable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_notices'))
    )
    op.create_index('ix_notices_batch_id_told_at', 'notices', ['batch_id', 'told_at'], unique=False)


def downgrade():
    op.drop_index('ix_notices_batch_id_told_at', table_name='notices')
    op.drop_table('notices')
    op.drop_index('ix_enrollments_status_offer_ends_at', table_name='enrollments')
    for name in ('uq_enrollments_active', 'uq_enrollments_seat'):
        op.drop_index(name, table_name='enrollments')
    op.drop_index('uq_graduations_proposed', table_name='graduations')
    # What the earlier version knows no word for becomes the nearest word it has: withdrawn; of two meetings the newest stands.
    op.execute(f"UPDATE enrollments SET status = 'withdrawn' WHERE ended_as IS NOT NULL AND {BEFORE_SEAT}")
    op.execute(
        f"UPDATE enrollments SET status = 'withdrawn' WHERE ended_as IS NOT NULL AND {SEATED} AND EXISTS (SELECT 1 FROM enrollments AS o"
        " WHERE o.trainee_id = enrollments.trainee_id AND o.tier_id = enrollments.tier_id AND o.id > enrollments.id"
        " AND o.status IN ('accepted', 'called', 'confirmed'))"
    )
    op.execute(
        "UPDATE graduations SET status = 'returned' WHERE status <> 'returned' AND EXISTS (SELECT 1 FROM graduations AS o"
        " WHERE o.batch_id = graduations.batch_id AND o.id > graduations.id AND o.status <> 'returned')"
    )
    _partial('uq_graduations_standing', 'graduations', ['batch_id'], "status <> 'returned'")
    _partial('uq_enrollments_active', 'enrollments', ['batch_id', 'trainee_id'], ENDED)
    _partial('uq_enrollments_seat', 'enrollments', ['trainee_id', 'tier_id'], SEATED)
    for table, columns in (
        ('graduations', ('is_supplementary', 'record')),
        ('enrollments', ('passed_over_reason', 'offer_ends_at', 'ended_reason', 'ended_at', 'ended_as')),
        ('batches', ('approved_label', 'graduation_stage')),
    ):
        for column in columns:
            op.drop_column(table, column)


def _partial(name, table, columns, where):
    op.create_index(name, table, columns, unique=True, sqlite_where=sa.text(where), postgresql_where=sa.text(where))


def _set_stages():
    for stage, found in (
        ('proposed', "SELECT 1 FROM graduations g WHERE g.batch_id = batches.id AND g.status = 'proposed'"),
        ('approved', "SELECT 1 FROM graduations g WHERE g.batch_id = batches.id AND g.status = 'approved'"),
        ('certified', "SELECT 1 FROM certificates c WHERE c.batch_id = batches.id"),
    ):
        op.execute(f"UPDATE batches SET graduation_stage = '{stage}' WHERE EXISTS ({found})")
    op.execute(
        "UPDATE batches SET approved_label = (SELECT max(g.approved_label) FROM graduations g"
        " WHERE g.batch_id = batches.id AND g.status = 'approved')"
    )


def _end_offers():
    """An offer that was made holds for a day from then on; one that is older lapses with the first look at it."""
    connection = op.get_bind()
    offers = sa.table(
        'enrollments', sa.column('id', sa.Integer), sa.column('status', sa.String), sa.column('decided_at', sa.DateTime(timezone=True)),
        sa.column('offer_ends_at', sa.DateTime(timezone=True)),
    )
    for key, decided_at in connection.execute(sa.select(offers.c.id, offers.c.decided_at).where(offers.c.status == 'offered')).all():
        if decided_at is not None:
            connection.execute(offers.update().where(offers.c.id == key).values(offer_ends_at=decided_at + timedelta(days=1)))


def _end_seats():
    """Say of each seat that holds no longer what ended it, as the decisions that ended it would have said."""
    open_ones = f"ended_as IS NULL AND {ENDED}"
    op.execute(
        "UPDATE enrollments SET ended_as = 'cancelled', ended_at = (SELECT b.status_changed_at FROM batches b WHERE b.id = batch_id),"
        " ended_reason = (SELECT b.status_reason FROM batches b WHERE b.id = batch_id)"
        f" WHERE {open_ones} AND EXISTS (SELECT 1 FROM batches b WHERE b.id = batch_id AND b.status = 'cancelled')"
    )
    of_person = "a.batch_id = enrollments.batch_id AND a.trainee_id = enrollments.trainee_id"
    for outcome in ('failed', 'deferred', 'attended'):
        decided = (
            f"FROM attendees a JOIN graduation_results r ON r.attendee_id = a.id JOIN graduations g ON g.id = r.graduation_id"
            f" WHERE {of_person} AND g.status = 'approved' AND r.outcome = '{outcome}'"
        )
        op.execute(
            f"UPDATE enrollments SET ended_as = '{outcome}', ended_at = (SELECT max(g.approved_at) {decided})"
            f" WHERE {open_ones} AND {SEATED} AND EXISTS (SELECT 1 {decided})"
        )
    revoked = (
        f"FROM attendees a JOIN certificates c ON c.attendee_id = a.id WHERE {of_person}"
        " AND c.revoked_at IS NOT NULL AND c.superseded_by_id IS NULL"
    )
    standing = (
        f"FROM attendees a JOIN certificates c ON c.attendee_id = a.id WHERE {of_person}"
        " AND c.revoked_at IS NULL AND c.superseded_by_id IS NULL"
    )
    op.execute(
        f"UPDATE enrollments SET ended_as = 'revoked', ended_at = (SELECT max(c.revoked_at) {revoked})"
        f" WHERE {open_ones} AND {SEATED} AND EXISTS (SELECT 1 {revoked}) AND NOT EXISTS (SELECT 1 {standing})"
    )
