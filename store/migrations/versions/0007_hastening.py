"""From when on a message may be tried again once its provider is back, and whose place in its lane it takes; and when a
citizen wrote."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TIME = sa.TIMESTAMP(timezone=True).with_variant(sa.BigInteger(), "sqlite")
WAITING = sa.text("done_at IS NULL AND earliest IS NOT NULL")


def upgrade() -> None:
    op.add_column("outbox", sa.Column("place", ID, nullable=True))
    op.add_column("outbox", sa.Column("earliest", TIME, nullable=True))
    op.create_index("ix_inbox_heard", "inbox", ["lane", "queued_at"])
    op.create_index("ix_outbox_earliest", "outbox", ["channel"], sqlite_where=WAITING, postgresql_where=WAITING)
