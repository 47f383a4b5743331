"""A row for each rating: to rate again leaves what was counted before."""

from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

KEY = ["number", "citizen", "at"]


def upgrade() -> None:
    with op.batch_alter_table("ratings") as batch:  # on SQLite the table is copied, its indexes too
        batch.drop_constraint("pk_ratings", type_="primary")
        batch.create_primary_key("pk_ratings", KEY)
