"""Who fetches a photo, until when, and how many died of it: claimed as messages are."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("photos", sa.Column("owner", sa.Text(), nullable=True))
    op.add_column("photos", sa.Column("token", sa.Text(), nullable=True))
    op.add_column("photos", sa.Column("attempts", sa.Integer(), server_default="0", nullable=False))
