"""For a long history: the desk's lists in order of their indexes, and numbers of tickets that need no counting.

Those are kept by triggers, see `store/tallies.py`. Whoever copies the table of tickets later, as SQLite does to change
a column, has to make them again: they go with the old one.
"""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
ADDED = "ON CONFLICT (service, status, part) DO UPDATE SET change = tallies.change + excluded.change"

# what happens to tickets -> the rows that come and go by it
COME = "SELECT service, status, 1 AS change FROM come"
GONE = "SELECT service, status, -1 AS change FROM gone"
POSTGRESQL = {
    "INSERT": ("NEW TABLE AS come", COME),
    "UPDATE": ("OLD TABLE AS gone NEW TABLE AS come", f"{COME} UNION ALL {GONE}"),
    "DELETE": ("OLD TABLE AS gone", GONE),
}
MORE = f"INSERT INTO tallies VALUES (NEW.service, NEW.status, 0, 1) {ADDED};"  # noqa: S608 - our own words
FEWER = f"INSERT INTO tallies VALUES (OLD.service, OLD.status, 0, -1) {ADDED};"  # noqa: S608 - as above
SQLITE = {
    "INSERT": ("", MORE),
    "UPDATE": ("WHEN (OLD.service, OLD.status) <> (NEW.service, NEW.status)", f"{FEWER} {MORE}"),
    "DELETE": ("", FEWER),
}


def upgrade() -> None:
    op.drop_index("ix_tickets_status", "tickets")  # on PostgreSQL nobody files from here on until we have counted
    op.create_index("ix_tickets_status", "tickets", ["status", "rank", "due_at", "number"])
    op.create_index("ix_tickets_service", "tickets", ["service", "status", "rank", "due_at", "number"])
    op.create_table(
        "tallies",
        sa.Column("service", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("part", ID, nullable=False),
        sa.Column("change", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("service", "status", "part", name=op.f("pk_tallies")),
    )
    op.execute("INSERT INTO tallies SELECT service, status, 0, count(*) FROM tickets GROUP BY service, status")
    if op.get_bind().dialect.name == "sqlite":
        _on_sqlite()
    else:
        _on_postgresql()


def _on_sqlite() -> None:
    """One transaction writes at a time: one row of each kind is enough."""
    for event, (condition, change) in SQLITE.items():
        op.execute(f"CREATE TRIGGER tally_{event.lower()} AFTER {event} ON tickets {condition} BEGIN {change} END")


def _on_postgresql() -> None:
    """Each transaction has rows of its own, so that none waits for another."""
    for event, (rows, change) in POSTGRESQL.items():
        name = f"tally_{event.lower()}"
        op.execute(
            f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"  # noqa: S608 - our own words
            f" INSERT INTO tallies SELECT service, status, txid_current(), sum(change) FROM ({change}) AS changed"
            f" GROUP BY service, status HAVING sum(change) <> 0 {ADDED}; RETURN NULL; END $$"
        )
        op.execute(
            f"CREATE TRIGGER {name} AFTER {event} ON tickets REFERENCING {rows}"
            f" FOR EACH STATEMENT EXECUTE FUNCTION {name}()"
        )
