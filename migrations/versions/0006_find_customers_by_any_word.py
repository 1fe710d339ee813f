"""Let staff find customers by any word."""

import sqlalchemy as sa
from alembic import op

from portal.rules.customer_words import shelf_of, words_of

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    op.create_table(
        "client_word",
        sa.Column("client_id", sa.Integer(), nullable=False),
        sa.Column("word", sa.String().with_variant(sa.String(collation="C"), "postgresql"), nullable=False),
        sa.Column("shelf", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["client_id"], ["client.id"], name="fk_client_word_client_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("client_id", "word", name="pk_client_word"),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("client_word", schema=None) as batch_op:
        batch_op.create_index("ix_client_word_by_shelf", ["shelf", "word", "client_id"], unique=False)
    fill(op.get_bind())


def fill(connection: sa.Connection) -> None:
    """The words are always those of today's rules, so they come from there."""
    pets: dict[int, list[str]] = {}
    for client_id, name in connection.execute(sa.text("SELECT client_id, name FROM pet")):
        pets.setdefault(client_id, []).append(name)
    insert = sa.text("INSERT INTO client_word (client_id, word, shelf) VALUES (:client_id, :word, :shelf)")
    facts = "deactivated_at, prospect, first_name, last_name, email, phone, account_number"
    clients = connection.execute(sa.text(f"SELECT id, {facts} FROM client")).all()
    for id, deactivated, prospect, *known in clients:
        shelf, words = shelf_of(deactivated, bool(prospect)), words_of(*known, pets.get(id, []))
        connection.execute(insert, [{"client_id": id, "word": word, "shelf": shelf} for word in words])


def downgrade() -> None:
    with op.batch_alter_table("client_word", schema=None) as batch_op:
        batch_op.drop_index("ix_client_word_by_shelf")

    op.drop_table("client_word")
