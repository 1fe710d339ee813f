"""Let places be held on all dates of a series."""

import sqlalchemy as sa
from alembic import op
from alembic.operations import BatchOperations

revision = "0028"
down_revision = "0027"
ALL, FIRST = sa.text("ended_at IS NULL"), sa.text("ended_at IS NULL AND with_id IS NULL")


def one_open_offer(batch: BatchOperations, where: sa.TextClause) -> None:
    batch.create_index("uq_offer_open", ["waitlist_entry_id"], unique=True, sqlite_where=where, postgresql_where=where)


def upgrade() -> None:
    # Written out, for so both databases add it without making the table anew.
    op.execute("ALTER TABLE offer ADD COLUMN with_id INTEGER CONSTRAINT fk_offer_with_id_offer REFERENCES offer (id)")
    with op.batch_alter_table("offer", schema=None) as batch_op:
        batch_op.drop_index("uq_offer_open", sqlite_where=ALL, postgresql_where=ALL)
        batch_op.create_index("ix_offer_with_id", ["with_id"], unique=False)
        one_open_offer(batch_op, FIRST)


def downgrade() -> None:
    op.execute(
        "UPDATE offer SET ended_at = until, outcome = 'withdrawn' WHERE with_id IS NOT NULL AND ended_at IS NULL"
    )
    with op.batch_alter_table("offer", schema=None) as batch_op:
        batch_op.drop_index("uq_offer_open", sqlite_where=FIRST, postgresql_where=FIRST)
        batch_op.drop_index("ix_offer_with_id")
    with op.batch_alter_table("offer", schema=None, table_kwargs={"sqlite_autoincrement": True}) as batch_op:
        batch_op.drop_column("with_id")
    with op.batch_alter_table("offer", schema=None) as batch_op:
        one_open_offer(batch_op, ALL)
