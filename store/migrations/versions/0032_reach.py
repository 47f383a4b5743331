"""Where a clerk is told of changes to their account."""

import sqlalchemy as sa
from alembic import op

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("clerks", sa.Column("reach", sa.LargeBinary(), nullable=True))
