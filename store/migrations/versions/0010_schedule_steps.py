"""Where a scheduled job of several parts goes on; whatever ran before this was one part and is done."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.add_column("schedule_runs", sa.Column("after", ID, nullable=True))
