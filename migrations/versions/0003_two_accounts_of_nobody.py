"""The two accounts that are nobody's.

Before: an event could not say that the system, or somebody at the public door, caused it.
After: account 1 is the system, account 2 the public door; neither can sign in. People begin at 100.
Safe while the previous release runs: yes, it adds rows.
"""

from datetime import datetime

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

person = sa.table(
    "person",
    sa.column("id", sa.BigInteger),
    sa.column("email", sa.String),
    sa.column("name", sa.String),
    sa.column("active", sa.Boolean),
    sa.column("fs_uniquifier", sa.String),
    sa.column("created_at", sa.DateTime),
)


def upgrade() -> None:
    nobody = {"active": False, "created_at": datetime(2026, 1, 1)}  # noqa: DTZ001 - columns are UTC
    op.bulk_insert(
        person,
        [
            {"id": 1, "email": "system", "name": "Plumbline", "fs_uniquifier": "system", **nobody},
            {"id": 2, "email": "public", "name": "Public door", "fs_uniquifier": "public", **nobody},
        ],
    )
    if op.get_bind().dialect.name == "postgresql":
        op.execute("SELECT setval(pg_get_serial_sequence('person', 'id'), 100, false)")


def downgrade() -> None:
    # Only ever run on a database without people: the rows go with their table.
    pass
