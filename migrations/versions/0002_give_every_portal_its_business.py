"""Give every portal its business and the two animals most of them look after."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

BUSINESS = {
    "id": 1,
    "name": "Your Business",
    "tagline": "",
    "hide_name": False,
    "colour": "#2f6f6b",
    "email": "",
    "phone": "",
    "time_zone": "America/New_York",
    "currency": "USD",
    "country": "US",
    "header_label": "",
    "header_link": "",
    "registration_open": True,
    "neutral_answers": False,
    "uploads_open": True,
    "vaccine_days": 30,
}


def upgrade() -> None:
    business = sa.table("business", *(sa.column(name) for name in BUSINESS))
    animal = sa.table("animal", sa.column("name"), sa.column("drawing"))
    if op.get_bind().scalar(sa.select(sa.func.count()).select_from(business)) == 0:
        op.bulk_insert(business, [BUSINESS])
        op.bulk_insert(animal, [{"name": "Dog", "drawing": "dog"}, {"name": "Cat", "drawing": "cat"}])


def downgrade() -> None:
    """The rows stay, with all that people have built on them; going up again finds them there."""
