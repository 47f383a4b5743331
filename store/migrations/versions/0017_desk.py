"""The desk: who works on a ticket, what it has to do with others, accounts with roles, and who did what."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

TIME = sa.TIMESTAMP(timezone=True).with_variant(sa.BigInteger(), "sqlite")
ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    for name in ("assignee", "outside", "merged_into"):
        op.add_column("tickets", sa.Column(name, sa.Text(), nullable=True))
    _accounts()
    _cases()
    _desk()


def _accounts() -> None:
    op.add_column("clerks", sa.Column("role", sa.Text(), nullable=False, server_default="clerk"))
    op.add_column("clerks", sa.Column("department", sa.Text(), nullable=True))
    op.add_column("clerks", sa.Column("contacts", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("clerks", sa.Column("second", sa.LargeBinary(), nullable=True))
    op.add_column("clerks", sa.Column("second_used", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("clerks", sa.Column("subject", sa.Text(), nullable=True))
    op.add_column("clerks", sa.Column("made_at", TIME, nullable=True))
    op.add_column("clerks", sa.Column("ended_at", TIME, nullable=True))
    # whoever could log in could do everything: nothing is taken away from them
    op.execute(sa.text("UPDATE clerks SET role = 'admin', contacts = :yes").bindparams(yes=True))
    op.add_column("sessions", sa.Column("opened_at", TIME, nullable=True))
    op.add_column("sessions", sa.Column("seen_at", TIME, nullable=True))
    op.add_column("sessions", sa.Column("agent", sa.Text(), nullable=False, server_default=""))
    op.add_column("sessions", sa.Column("passed_at", TIME, nullable=True))
    op.create_index("ix_clerks_subject", "clerks", ["subject"], unique=True)
    op.create_index("ix_sessions_login", "sessions", ["login"])


def _cases() -> None:
    op.create_table(
        "links",
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("other", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("at", TIME, nullable=False),
        sa.Column("login", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["number"], ["tickets.number"], name=op.f("fk_links_number")),
        sa.ForeignKeyConstraint(["other"], ["tickets.number"], name=op.f("fk_links_other")),
        sa.PrimaryKeyConstraint("number", "other", name=op.f("pk_links")),
    )
    op.create_table(
        "referrals",
        sa.Column("id", ID, nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("token_hash", sa.LargeBinary(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("address", sa.LargeBinary(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("note", sa.LargeBinary(), nullable=False),
        sa.Column("at", TIME, nullable=False),
        sa.Column("login", sa.Text(), nullable=False),
        sa.Column("ended_at", TIME, nullable=True),
        sa.ForeignKeyConstraint(["number"], ["tickets.number"], name=op.f("fk_referrals_number")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_referrals")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_referrals_token_hash")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_links_other", "links", ["other"])
    op.create_index("ix_referrals_number", "referrals", ["number"])


def _desk() -> None:
    op.create_table(
        "audit",
        sa.Column("id", ID, nullable=False),
        sa.Column("at", TIME, nullable=False),
        sa.Column("login", sa.Text(), nullable=False),
        sa.Column("act", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("detail", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "saved",
        sa.Column("login", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("query", sa.Text(), nullable=False),
        sa.Column("at", TIME, nullable=False),
        sa.ForeignKeyConstraint(["login"], ["clerks.login"], name=op.f("fk_saved_login")),
        sa.PrimaryKeyConstraint("login", "name", name=op.f("pk_saved")),
    )
    op.create_table(
        "amendments",
        sa.Column("id", ID, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("value", sa.Text(), nullable=True),
        sa.Column("at", TIME, nullable=False),
        sa.Column("login", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_amendments")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "batches",
        sa.Column("id", ID, nullable=False),
        sa.Column("at", TIME, nullable=False),
        sa.Column("login", sa.Text(), nullable=False),
        sa.Column("act", sa.Text(), nullable=False),
        sa.Column("steps", sa.LargeBinary(), nullable=False),
        sa.Column("undone_at", TIME, nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_batches")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_audit_at", "audit", ["at"])
    op.create_index("ix_audit_subject", "audit", ["subject", "at"])
    op.create_index("ix_amendments_key", "amendments", ["kind", "key", "id"])
