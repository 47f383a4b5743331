"""A question "is it fixed?" for each resolution; waits among the updates that digests look for; digests that were sent
are noted by the keyed hash of their reader's contact, which outlives an erasure."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

KEY = ["number", "citizen", "resolved_at"]
# Where a later question took the place of one that was answered no, the history still has the no, and the resolution
# before it. Whether they were asked or said so unasked is not known any more: most were asked.
REPLACED = """
    INSERT INTO closures (number, citizen, resolved_at, asked_at, answer)
    SELECT number, citizen, resolved_at, resolved_at, 'no' FROM (
        SELECT DISTINCT updates.number, closures.citizen, (
            SELECT max(earlier.at) FROM updates AS earlier
            WHERE earlier.number = updates.number AND earlier.new = 'resolved' AND earlier.version < updates.version
        ) AS resolved_at
        FROM updates
        JOIN tickets ON tickets.number = updates.number
        JOIN closures ON closures.number = updates.number
            AND closures.citizen = coalesce(updates.citizen, tickets.reporter)
        WHERE updates.event = 'reopened' AND closures.resolved_at > updates.at
    ) AS replaced
    WHERE resolved_at IS NOT NULL
    ON CONFLICT DO NOTHING
"""
TURNS = (
    "(event IN ('reopened', 'postponed', 'followed', 'left')"
    " OR old IN ('resolved', 'declined', 'duplicate', 'waiting') OR new = 'waiting')"
)


def upgrade() -> None:
    with op.batch_alter_table("closures") as batch:  # on SQLite the table is copied, its indexes too
        batch.drop_constraint("pk_closures", type_="primary")
        batch.create_primary_key("pk_closures", KEY)
    op.execute(REPLACED)
    op.drop_index("ix_updates_turns", "updates")
    where = sa.text(TURNS)
    op.create_index("ix_updates_turns", "updates", ["at"], sqlite_where=where, postgresql_where=where)
    _name_by_contact()


def _name_by_contact() -> None:
    """Of `digest:2026-W47:city:7` the last part, which is a citizen's id."""
    people = sa.table("citizens", sa.column("id", sa.BigInteger), sa.column("contact_hash", sa.LargeBinary))
    cursors = sa.table("cursors", sa.column("name", sa.Text))
    connection = op.get_bind()
    for name in connection.scalars(sa.select(cursors.c.name).where(cursors.c.name.like("digest:%"))).all():
        start, _, citizen = name.rpartition(":")
        if not citizen.isdecimal():
            continue
        key = connection.scalar(sa.select(people.c.contact_hash).where(people.c.id == int(citizen)))
        if key is not None:
            renamed = sa.update(cursors).where(cursors.c.name == name).values(name=f"{start}:{bytes(key).hex()}")
            connection.execute(renamed)
