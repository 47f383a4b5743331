"""On SQLite an id is never given out twice, also when the row with the highest one was deleted: keys of answers are
made of ids, and a known key is not sent again. PostgreSQL's sequences have always counted so."""

from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    if op.get_bind().dialect.name != "sqlite":
        return
    for table in ("citizens", "inbox", "outbox", "photos"):
        # the table is copied; store/migrate.py checks afterwards that every reference still holds
        with op.batch_alter_table(table, recreate="always", table_kwargs={"sqlite_autoincrement": True}):
            pass
