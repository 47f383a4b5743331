"""What a message is for and how often it was tried, until now parts of its key; and who decides on what is parked."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

KINDS = ("stop", "notice", "news")  # that keys began with, before a colon; all others were replies
OUTBOX = sa.table("outbox", sa.column("key"), sa.column("kind"), sa.column("tries"))


def upgrade() -> None:
    op.add_column("outbox", sa.Column("kind", sa.Text(), server_default="reply", nullable=False))
    op.add_column("outbox", sa.Column("tries", sa.Integer(), server_default="1", nullable=False))
    for kind in KINDS:
        op.execute(OUTBOX.update().where(OUTBOX.c.key.startswith(f"{kind}:")).values(kind=kind))
    again = OUTBOX.update().where(OUTBOX.c.key.contains("+"))  # queued once more, and nobody knows who wished it
    op.execute(again.values(tries=2))
    op.add_column("parked", sa.Column("token", sa.Text(), nullable=True))
    op.add_column("parked", sa.Column("attempts", sa.Integer(), server_default="0", nullable=False))
